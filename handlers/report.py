"""What other machines report of our notices: found by its token, applied to the right one, kept as evidence."""

from __future__ import annotations

from gateway.model.journal import NewEvent
from gateway.model.mail import Mail, MailKind
from gateway.model.notice import Notice
from gateway.model.part import ParsedMail
from gateway.model.report import RecipientReport
from gateway.policy.delivery import state_after, token_in
from gateway.ports import Unit
from handlers.alarm import score_address, tell_of_failure
from handlers.desk import Correspondence, Desk
from handlers.forward import followed


def report_tokens(mail: Mail, parsed: ParsedMail, to: Correspondence) -> list[str]:
    """The tokens of our notices in the addresses that this mail came to."""
    addresses = (*mail.envelope.recipients, *parsed.addressed)
    found = (token_in(address, to.return_path) for address in addresses)
    return list(dict.fromkeys(token for token in found if token))


async def notices_meant(mail: Mail, parsed: ParsedMail, desk: Desk) -> list[Notice]:
    """Of which notices this mail speaks: by the address it came to, else by ENVID, else by the Message-ID it returns.

    The first two hold a token that only who got the notice can know; the last needs the recipient to be named as well.
    """
    tokens = report_tokens(mail, parsed, desk.correspondence)
    if tokens:
        return await desk.store.notices_with((), tokens)
    report = parsed.report
    if parsed.kind is not MailKind.REPORT or report is None:
        return []
    if report.envelope_id and (by_envelope := await desk.store.notices_with((), [report.envelope_id.lower()])):
        return by_envelope
    named = {
        address.lower()
        for reported in report.recipients
        for address in (reported.final_recipient, reported.original_recipient)
    }
    returned = [report.message_id] if report.message_id else []
    return [notice for notice in await desk.store.notices_with(returned) if notice.owed.recipient.lower() in named]


async def apply_report(mail: Mail, parsed: ParsedMail, notices: tuple[Notice, ...], unit: Unit, desk: Desk) -> None:
    """Move the delivery of each notice, score its address, and tell the clerk once of one that does not arrive."""
    if parsed.kind is not MailKind.REPORT or parsed.report is None:
        return
    now = desk.clock.now()
    for meant in notices:
        for reported in _of_recipient(parsed, meant):
            # Reports come in pairs: each goes on from what the other has left.
            notice = await unit.notice(meant.id)
            state = state_after(notice.delivery, reported)
            await unit.notice_reported(notice, mail.id, reported, now, to=state)
            data = {
                "notice": notice.label,
                "to": notice.owed.recipient,
                "action": reported.action.value,
                "status": reported.status,
            }
            await unit.record(NewEvent("notice.reported", "gateway", "report", mail.id, data=data), now)
            if state is notice.delivery:
                continue
            words = f"{reported.status} {reported.diagnostic}".strip()
            await followed(notice, state, words, unit, desk)
            if state.has_failed:
                await tell_of_failure(notice, state, words, unit, desk)
            else:
                await score_address(notice, state, unit, desk)


def _of_recipient(parsed: ParsedMail, notice: Notice) -> list[RecipientReport]:
    """Each notice has one recipient: what is reported is of him, or of whom his server forwards to."""
    recipients = parsed.report.recipients if parsed.report else ()
    ours = notice.owed.recipient.lower()
    named = [r for r in recipients if ours in {r.final_recipient.lower(), r.original_recipient.lower()}]
    return named or list(recipients[:1])
