"""The one answer to a mail by which somebody acts: what became of each line."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from gateway.model.directory import Role
from gateway.model.docket import Docket
from gateway.model.journal import NewEvent
from gateway.model.mail import Mail
from gateway.model.notice import NoticeKind
from gateway.model.part import ParsedMail
from gateway.model.wording import STATUS_WORDS
from gateway.policy.quarantine import OPEN
from gateway.ports import Unit
from handlers.alarm import tell_of_answers_stopped
from handlers.bearer import Bearer
from handlers.conversation import owe_about, owe_about_mail
from handlers.desk import Desk
from handlers.owe import owe

TO_CONFIRM = (
    "Việc này không thu hồi được và thư trả lời không đến từ thông báo mới nhận, nên chưa thực hiện. Hệ thống đã gửi "
    "một thư riêng để xác nhận; trả lời thư ấy bằng một dòng “Xác nhận”."
)
NOTHING_TO_CONFIRM = (
    "Không có việc nào đang chờ xác nhận trong thư được trả lời. Đề nghị trả lời đúng thư yêu cầu xác nhận."
)
CONFIRMED_BEFORE = "Việc này đã được xác nhận và thực hiện trước đó; không thực hiện lần nữa."
LONGEST_QUOTED = 2000
_A_DAY = timedelta(days=1)
_EARNED = 10
"""So many times the answers of a day may go to the staff, and to who gets something done by his mails."""


@dataclass(frozen=True, slots=True)
class Written:
    """A mail with orders before they are read."""

    mail: Mail
    parsed: ParsedMail
    bearer: Bearer


def line(
    written: Sequence[str],
    text: str,
    *,
    ok: bool | None,
    clause: str = "",
    choices: Sequence[Mapping[str, str]] = (),
) -> dict[str, Any]:
    """One line of the transcript; `ok` is None where the matter waits."""
    return {"written": list(written), "ok": ok, "text": text, "clause": clause, "choices": list(choices)}


async def answer_with_transcript(
    written: Written,
    about: Docket | Mail | None,
    facts: Mapping[str, Any],
    unit: Unit,
    desk: Desk,
    *,
    subject: str = "",
    suspect: bool = False,
) -> None:
    """The one answer to a mail with orders, in the conversation of its document, or about a mail that was set aside.

    Who has had a day's answers gets no more: a machine that answers in a person's name would draw them for ever. Who of
    the staff gives orders, and who gets something done, has more: he must still hear of an order that failed, but
    not of one token tried after the other (`suspect`). Who is outside reads the national status alone.
    """
    mail, author, outside = written.mail, written.bearer.author, written.bearer.actor is None
    tried = bool(facts["lines"]) and not (outside or suspect)
    earned = tried or any(line["ok"] for line in facts["lines"])
    limit = desk.correspondence.answers_per_day * (_EARNED if earned else 1)
    had, _ = await unit.count_notices(author, (NoticeKind.TRANSCRIPT,), desk.clock.now() - _A_DAY)
    if had >= limit:
        await tell_of_answers_stopped(mail, author, had, unit, desk)
        data = {"notice": NoticeKind.TRANSCRIPT.value, "to": author}
        await unit.record(NewEvent("answer.withheld", "gateway", "pipeline", mail.id, data=data), desk.clock.now())
        return
    kind, told = NoticeKind.TRANSCRIPT, {**facts, "subject": subject}
    match about:
        case None:
            await owe(kind, mail, (author,), unit, desk, facts=told)
        case Mail():
            actor = written.bearer.actor
            may_decide = actor is not None and actor.holds(Role.CLERK) and about.stage in OPEN
            await owe_about_mail(
                kind, about, author, mail.label, unit, desk, facts=told, mail_id=mail.id, may_decide=may_decide
            )
        case Docket():
            state = {"state": STATUS_WORDS[about.status]} if outside else {}
            await owe_about(kind, about.document, author, mail.label, unit, desk, facts=told | state, mail_id=mail.id)
