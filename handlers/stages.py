"""The pipeline as a table: what is done to a mail or a notice that stands at a stage.

accepted ─parse─► parsed ─inspect─► inspected ─judge─► judged ─register─► an end state
                     └─────inspect, where a mail will be sealed─────┘
owed ─notify─► ready ─deliver─► sent
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping

from gateway.model.mail import Mail, MailStage
from gateway.model.notice import Notice, NoticeStage
from handlers.deliver import deliver
from handlers.desk import Desk
from handlers.dossier import Dossier
from handlers.inspect import inspect
from handlers.judge import judge
from handlers.notify import notify
from handlers.parse import parse
from handlers.register import register

MAIL_STAGES: Mapping[MailStage, Callable[[Mail, Desk, Dossier], Awaitable[Mail]]] = {
    MailStage.ACCEPTED: parse,
    MailStage.PARSED: inspect,
    MailStage.INSPECTED: judge,
    MailStage.JUDGED: register,
}

NOTICE_STAGES: Mapping[NoticeStage, Callable[[Notice, Desk, Dossier | None], Awaitable[Notice]]] = {
    NoticeStage.OWED: notify,
    NoticeStage.READY: deliver,
}
