"""The moments that a document waits for: what is set at its entry, and who hears when one has come."""

from __future__ import annotations

from datetime import datetime, timedelta

from gateway.model.docket import Assignment, Docket, DocumentState, ShareState
from gateway.model.notice import NoticeKind
from gateway.model.timer import Timer, TimerKind
from gateway.model.wording import moment
from gateway.policy.acts.matter import AT_WORK, LIVE, name_of, transfer_timers
from gateway.policy.acts.records import Surroundings, TimerDecision, Told
from gateway.policy.acts.submissions import tell_directors
from gateway.policy.acts.telling import Telling
from gateway.policy.calendar import clocks_of, standing

_AHEAD = frozenset({TimerKind.REMIND_TRANSFER, TimerKind.REMIND_DEADLINE})
_OVERDUE = frozenset({TimerKind.TRANSFER_DUE, TimerKind.HAND_OVER_DUE, TimerKind.DEADLINE_DUE})
_INSTANT = timedelta(microseconds=1)


def timers_at_entry(docket: Docket, around: Surroundings) -> tuple[Timer, ...]:
    """The two clocks of an incoming document (Điều 3 khoản 4), from its durable receipt on."""
    received_at = docket.document.received_at
    clocks = clocks_of(received_at, around.calendar, around.rules.handle_within)
    return (*transfer_timers(received_at, around), Timer(TimerKind.HAND_OVER_DUE, clocks.hand_over_by))


def told_at_entry(docket: Docket, around: Surroundings) -> tuple[Told, ...]:
    """Who hears of a new document beside the clerks: the Director, of a submission (Điều 5 khoản 4)."""
    told = Telling(around, docket)
    tell_directors(told, docket)
    return told.all()


def on_timer(timer: Timer, docket: Docket, around: Surroundings) -> TimerDecision:
    """Remind who has to act; of what is overdue the clerks and the leader hear as well. Nothing where it is settled.

    A reminder that comes too late is left to the timer of what it was to remind of.
    """
    if docket.state.is_end or (timer.kind in _AHEAD and _due(timer, docket, around) <= around.now):
        return TimerDecision()
    told = Telling(around, docket)
    match timer.kind:
        case TimerKind.REMIND_TRANSFER | TimerKind.TRANSFER_DUE:
            concerns = _waits_in_the_office(told, timer, docket, around)
        case TimerKind.HAND_OVER_DUE:
            concerns = _waits_for_a_specialist(told, timer, docket, around)
        case TimerKind.REMIND_DEADLINE | TimerKind.DEADLINE_DUE:
            concerns = _deadline_of(told, timer, docket, around)
        case TimerKind.ACKNOWLEDGEMENT_DUE:
            concerns = _waits_for_the_province(told, timer, docket, around)
    if concerns and timer.kind in _OVERDUE:
        facts = _facts(timer, docket, around)
        told.clerks(NoticeKind.REMINDER, timer.kind.value, **facts)
        told.leader(NoticeKind.REMINDER, timer.kind.value, **facts)
    return TimerDecision(told.all())


def _due(timer: Timer, docket: Docket, around: Surroundings) -> datetime:
    """The moment that the timer is about: a reminder comes before it; what falls on a close is looked at later."""
    part = docket.part_of(timer.subject)
    if part and part.deadline:
        return part.deadline
    if timer.kind is TimerKind.REMIND_TRANSFER:
        return around.calendar.add(timer.due, around.rules.remind_before)
    return around.calendar.before(timer.due, _INSTANT) + _INSTANT


def _facts(timer: Timer, docket: Docket, around: Surroundings) -> dict[str, str]:
    unit = {"unit": name_of(timer.subject, around)} if timer.subject and around.staff.party(timer.subject) else {}
    due = _due(timer, docket, around)
    return {"deadline": moment(due), "standing": standing(due, around.now, around.calendar), **unit}


def _waits_in_the_office(told: Telling, timer: Timer, docket: Docket, around: Surroundings) -> bool:
    """Whether clerk or leader has not yet done his part; he is reminded."""
    facts = _facts(timer, docket, around)
    if docket.state is DocumentState.PRESENTED:
        told.leader(NoticeKind.REMINDER, timer.kind.value, **facts)
        return True
    if docket.state is DocumentState.REGISTERED or any(
        part.state is ShareState.ASSIGNED for part in docket.assignments
    ):
        told.clerks(NoticeKind.REMINDER, timer.kind.value, **facts)
        return True
    return False


def _waits_for_a_specialist(told: Telling, timer: Timer, docket: Docket, around: Surroundings) -> bool:
    """Whether nobody in the lead unit has the document in hand."""
    if docket.state is DocumentState.FORWARDED:
        return False
    lead = docket.lead
    if lead is None or lead.state not in AT_WORK:
        return _waits_in_the_office(told, timer, docket, around)
    if lead.specialist or lead.state is ShareState.IN_PROGRESS:
        return False
    told.unit(lead.unit, NoticeKind.REMINDER, timer.kind.value, **_facts(timer, docket, around))
    return True


def _deadline_of(told: Telling, timer: Timer, docket: Docket, around: Surroundings) -> bool:
    """Whether the unit's part is still due at that deadline, not at a later one."""
    part = docket.part_of(timer.subject)
    if part is None or not _is_due(part, timer):
        return False
    facts = _facts(timer, docket, around)
    told.person(part.specialist, NoticeKind.REMINDER, timer.kind.value, **facts)
    told.unit(part.unit, NoticeKind.REMINDER, timer.kind.value, **facts)
    return True


def _is_due(part: Assignment, timer: Timer) -> bool:
    if part.state not in LIVE or part.deadline is None:
        return False
    return timer.kind is TimerKind.REMIND_DEADLINE or part.deadline <= timer.due


def _waits_for_the_province(told: Telling, timer: Timer, docket: Docket, around: Surroundings) -> bool:
    """Whether that forwarding has neither been acknowledged nor answered, nor come back."""
    sent = next(
        (each for each in docket.submission.forwardings if str(each.number) == timer.subject)
        if docket.submission
        else iter(()),
        None,
    )
    if sent is None or sent.acknowledged_at or sent.answered_at or sent.failed_at:
        return False
    facts = {"deadline": moment(_due(timer, docket, around)), "recipient": sent.recipient, "number": timer.subject}
    told.clerks(NoticeKind.REMINDER, timer.kind.value, **facts)
    told.directors(NoticeKind.REMINDER, timer.kind.value, **facts)
    return True
