"""What people are told beside answers, each matter once: of forgers, of notices that do not arrive, of viruses."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import datetime, timedelta

from gateway.clock import local
from gateway.model import wording
from gateway.model.alarm import Alarm, AlarmCause
from gateway.model.authentication import Authentication
from gateway.model.document import Document
from gateway.model.facts import Scan
from gateway.model.mail import Mail
from gateway.model.notice import DeliveryOutcome, DeliveryResult, Notice, NoticeKind, OwedNotice
from gateway.model.report import DeliveryState
from gateway.policy.delivery import BAD_SCORE, failed_state, score_after, status_in
from gateway.ports import Unit
from handlers.desk import Desk

_AN_HOUR = timedelta(hours=1)
_STATES = {DeliveryState.FAILED_HARD: "hard", DeliveryState.FAILED_SOFT: "soft"}


async def owe_alarm(
    alarm: Alarm,
    occasion: str,
    recipients: Sequence[str],
    unit: Unit,
    desk: Desk,
    mail: Mail | None = None,
    *,
    due: datetime | None = None,
) -> bool:
    """Tell people once for each occasion, at `due`; true where somebody had not been told of it yet."""
    now, new = desk.clock.now(), False
    for recipient in recipients:
        message_id = message_id_of("alarm", (alarm.cause.value, occasion, recipient), desk)
        notice = OwedNotice(NoticeKind.ALARM, recipient, message_id, mail.id if mail else None, alarm=alarm)
        new |= await unit.owe(notice, now, due)
    return new


def message_id_of(prefix: str, identity: Sequence[str], desk: Desk) -> str:
    """The Message-ID that the same matter always has, so that owing it twice owes it once."""
    digest = hashlib.sha256("\n".join(identity).encode("utf-8", "surrogatepass")).hexdigest()[:24]
    return f"<{prefix}.{digest}@{desk.correspondence.message_domain}>"


def hour(at: datetime) -> str:
    """One occasion for each hour by the clock on the wall."""
    return f"{local(at):%Y-%m-%d %H}"


def day(at: datetime) -> str:
    """One occasion for each day."""
    return f"{local(at):%Y-%m-%d}"


async def tell_of_impersonation(mail: Mail, name: str, found: Authentication, unit: Unit, desk: Desk) -> None:
    """Tell the IT staff of a mail in a known sender's `name`, once an hour for each."""
    facts = {
        "mail": mail.label,
        "author": found.author,
        "reverse_path": found.reverse_path or "",
        "peer": mail.envelope.peer,
        "findings": wording.authentication(found, None),
    }
    alarm = Alarm(AlarmCause.IMPERSONATION, {key: fact for key, fact in facts.items() if fact})
    await owe_alarm(alarm, f"{name} {hour(desk.clock.now())}", desk.correspondence.it, unit, desk, mail)


async def tell_of_misuse(mail: Mail, author: str, cause: str, unit: Unit, desk: Desk) -> None:
    """Tell the IT staff of a token that its bearer has no right to, once an hour for each proved `author`.

    All whose address was not proved are one, and are told of with no name; `cause` may be empty.
    """
    facts = {"mail": mail.label, "author": author, "peer": mail.envelope.peer, "cause": cause}
    alarm = Alarm(AlarmCause.MISUSED_TOKEN, {key: fact for key, fact in facts.items() if fact})
    await owe_alarm(alarm, f"{author} {hour(desk.clock.now())}", desk.correspondence.it, unit, desk, mail)


async def tell_of_more_held(mail: Mail, series: str, unit: Unit, desk: Desk) -> None:
    """When the hour is over, tell the clerks that the mail they were told of was not the last one."""
    now = desk.clock.now()
    alarm = Alarm(AlarmCause.MORE_HELD, {"mail": mail.label})
    due = now.replace(minute=0, second=0, microsecond=0) + _AN_HOUR
    await owe_alarm(alarm, f"{series} {hour(now)}", desk.correspondence.clerks, unit, desk, mail, due=due)


async def tell_of_answers_stopped(mail: Mail, recipient: str, had: int, unit: Unit, desk: Desk) -> None:
    """Tell the clerks, once a day for each correspondent, that he gets no more answers."""
    facts = {"correspondent": recipient, "answers": str(had), "mail": mail.label}
    occasion = f"{recipient.lower()} {day(desk.clock.now())}"
    alarm = Alarm(AlarmCause.ANSWERS_STOPPED, facts)
    await owe_alarm(alarm, occasion, desk.correspondence.clerks, unit, desk, mail)


async def tell_of_infected(document: Document, content: str, scan: Scan, unit: Unit, desk: Desk) -> None:
    """Newer signatures find a virus in a registered document: clerks and IT hear of each file once by each engine."""
    names = [file.name or f"van-ban-{file.part_path}" for file in document.files if file.sha256 == content]
    facts = {
        "document": document.label,
        "file": names[0] if names else "thư gốc",
        "virus": scan.name or "",
        "engine": scan.engine,
        "mail": f"M{document.mail_id}" if document.mail_id is not None else "",
    }
    alarm = Alarm(AlarmCause.INFECTED_LATER, {key: fact for key, fact in facts.items() if fact})
    occasion = f"{document.label} {content} {scan.engine}"
    await owe_alarm(alarm, occasion, desk.correspondence.office, unit, desk)


async def tell_of_refusal(notice: Notice, result: DeliveryResult, unit: Unit, desk: Desk) -> None:
    """The relay refused a notice, or put it off until its time was over."""
    if result.outcome is DeliveryOutcome.PERMANENT:
        await tell_of_failure(notice, failed_state(status_in(result.response)), result.response, unit, desk)
    elif result.outcome is DeliveryOutcome.UNREACHABLE:
        await _relay_away(notice, result, unit, desk)
    elif notice.owed.kind is not NoticeKind.SUBMISSION:
        await _failed(notice, {"state": "gave_up", "response": result.response}, unit, desk)


async def tell_of_failure(notice: Notice, state: DeliveryState, words: str, unit: Unit, desk: Desk) -> None:
    """A notice did not arrive: score its address, and tell of it; of a submission handlers/forward.py tells better."""
    score = await score_address(notice, state, unit, desk)
    if notice.owed.kind is NoticeKind.SUBMISSION:
        return
    facts = {"state": _STATES[state], "response": words}
    if score >= BAD_SCORE:
        facts["often"] = "nhiều lần không nhận được thư"
    await _failed(notice, facts, unit, desk)


async def tell_not_made(notice: Notice, error: str, unit: Unit, desk: Desk) -> None:
    """A notice could not be made or handed over, by a fault of ours."""
    await _failed(notice, {"state": "not_made", "error": error}, unit, desk)


async def _failed(notice: Notice, facts: dict[str, str], unit: Unit, desk: Desk) -> None:
    """One alarm an address and day to the clerks; of mail to the office to the others there, of an alarm to nobody."""
    to = desk.correspondence
    if notice.owed.kind is NoticeKind.ALARM:
        return
    told = to.clerks
    if notice.owed.recipient in to.office:
        told = tuple(address for address in to.office if address != notice.owed.recipient)
    alarm = Alarm(AlarmCause.DELIVERY_FAILED, _about(notice) | facts)
    occasion = f"{notice.owed.recipient.lower()} {day(desk.clock.now())}"
    await owe_alarm(alarm, occasion, told, unit, desk)


async def score_address(notice: Notice, state: DeliveryState, unit: Unit, desk: Desk) -> float:
    """How badly mail to this address fares, now that this is known too."""
    now, address = desk.clock.now(), notice.owed.recipient.lower()
    before, noted_at = await unit.address_score(address) or (0.0, None)
    score = score_after(before, noted_at, state, now)
    if score != before:
        await unit.score_address(address, score, now)
    return score


async def warn_of_delay(notice: Notice, result: DeliveryResult, unit: Unit, desk: Desk) -> None:
    """A notice waits for long: told once for all that a domain was owed in one day; of a relay away, once a day."""
    if result.outcome is DeliveryOutcome.UNREACHABLE:
        await _relay_away(notice, result, unit, desk)
        return
    if notice.owed.recipient in desk.correspondence.office:
        return
    facts = _about(notice) | {"response": result.response, "since": wording.moment(notice.tried_since)}
    domain = notice.owed.recipient.rpartition("@")[2].lower()
    occasion = f"{domain} {day(notice.tried_since)}"
    await owe_alarm(Alarm(AlarmCause.DELIVERY_DELAYED, facts), occasion, desk.correspondence.clerks, unit, desk)


async def _relay_away(notice: Notice, result: DeliveryResult, unit: Unit, desk: Desk) -> None:
    facts = {"response": result.response, "since": wording.moment(notice.tried_since)}
    occasion = day(desk.clock.now())
    await owe_alarm(Alarm(AlarmCause.RELAY_AWAY, facts), occasion, desk.correspondence.office, unit, desk)


def _about(notice: Notice) -> dict[str, str]:
    owed = notice.owed
    facts = {"notice": notice.label, "kind": owed.kind.value, "recipient": owed.recipient}
    return facts if owed.mail_id is None else facts | {"mail": f"M{owed.mail_id}"}
