"""The mails that were set aside as one reader of a notice sees them: how they stand, what he may decide, where."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from gateway.clock import local
from gateway.model.directory import Role
from gateway.model.mail import MailStage
from gateway.model.notice import Notice, NoticeKind
from gateway.model.token import Purpose, ThreadToken
from gateway.policy.quarantine import OPEN, held, holding_rules, offers, title_of
from gateway.policy.staff import Staff
from gateway.ports import Offer, Pending
from handlers.conversation import reference_of, reply_address
from handlers.desk import Desk

_ASK = frozenset({NoticeKind.CLERK_ATTENTION, NoticeKind.QUARANTINE_DIGEST, NoticeKind.TRANSCRIPT, NoticeKind.CONFIRM})


async def pendings_of(notice: Notice, staff: Staff, desk: Desk) -> tuple[Pending, ...]:
    """Those that the notice is about, in its order; none for kinds that are about no mail set aside."""
    if notice.owed.kind not in _ASK:
        return ()
    tokens = {token.mail_id: token for token in await desk.store.tokens_with(notice.owed.message_id) if token.mail_id}
    ids = dict.fromkeys((*_told_of(notice.owed.facts), *tokens))
    # Where the mail server takes no plus part, only the thread tells which mail is meant: of several, none would be.
    may_reply = "*" in desk.correspondence.reply_to or len(ids) == 1
    return tuple([await _pending(mail_id, tokens.get(mail_id) if may_reply else None, staff, desk) for mail_id in ids])


def _told_of(facts: Mapping[str, Any]) -> tuple[int, ...]:
    """The mails that a digest lists."""
    return tuple(each for each in facts.get("mails") or () if isinstance(each, int))


async def _pending(mail_id: int, token: ThreadToken | None, staff: Staff, desk: Desk) -> Pending:
    now, work, to = desk.clock.now(), desk.work, desk.correspondence
    mail, verdict = await desk.store.mail(mail_id), await desk.store.verdict(mail_id)
    rules = holding_rules(verdict.findings) if verdict and mail.stage is MailStage.HELD else ()
    waits = mail.stage in OPEN or (not mail.stage.is_end and mail.waiting_for)
    clock = held(mail.received_at, now, work.calendar, work.rules.handle_within) if waits else None
    actor = staff.actor(token.address, local(now).date()) if token else None
    if actor is None or not actor.holds(Role.CLERK):
        token = None
    offered = offers(mail.stage, rules) if token and token.purpose is Purpose.QUARANTINE else ()
    return Pending(
        mail=mail,
        parsed=await desk.store.parsed(mail_id),
        verdict=verdict,
        standing=clock.words if clock else "",
        rules=tuple(map(title_of, rules)),
        offers=tuple(Offer(label, reply) for label, reply in offered),
        reply_to=reply_address(token.token, to) if token else None,
        references=(reference_of(token.token, to),) if token else (),
    )
