"""One order in hand: what the acts read it with, and how they answer."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from gateway.model.act import Deadline, Order
from gateway.model.directory import Party, Role
from gateway.model.docket import Answer, Assignment, Docket, DocumentState, Request, ShareState
from gateway.model.timer import Timer, TimerKind
from gateway.model.wording import moment, one_line
from gateway.policy.acts.records import (
    NO_FACTS,
    Asker,
    Choice,
    CorrectionFacts,
    Decision,
    ForwardOrder,
    Refusal,
    Surroundings,
)
from gateway.policy.acts.table import ActRow
from gateway.policy.acts.telling import Telling
from gateway.policy.calendar import NoWorkingTime, clocks_of, remind_at
from gateway.policy.orders.names import Match, Named, match_name

CLOCKS = (TimerKind.REMIND_TRANSFER, TimerKind.TRANSFER_DUE)
DEADLINES = (TimerKind.REMIND_DEADLINE, TimerKind.DEADLINE_DUE)
HAND_OVER = (TimerKind.HAND_OVER_DUE,)
ACKNOWLEDGEMENT = (TimerKind.ACKNOWLEDGEMENT_DUE,)
LIVE = frozenset({ShareState.ASSIGNED, ShareState.TRANSFERRED, ShareState.ACCEPTED, ShareState.IN_PROGRESS})
AT_WORK = LIVE - {ShareState.ASSIGNED}
_FURTHEST = timedelta(days=3660)
_WORDS_SHOWN = 300
_CHOICES = 12
_VIETNAM = ZoneInfo("Asia/Ho_Chi_Minh")


@dataclass(frozen=True, slots=True)
class Unclear:
    """A name that means nobody for certain: the code and text of a refusal, and who may be meant."""

    code: str
    text: str
    parties: tuple[Party, ...]


@dataclass(frozen=True, slots=True)
class Matter:
    """An order with the row of the table that allows it.

    `part` is the part of the asker's unit where the row names parts, `request` the question that an answer is about.
    """

    order: Order
    docket: Docket
    asker: Asker
    around: Surroundings
    row: ActRow
    part: Assignment | None = None
    request: Request | None = None
    subject: str = ""
    answered_by: Answer | None = None
    facts: CorrectionFacts = NO_FACTS

    @property
    def own_part(self) -> Assignment:
        """The part of the asker's unit; only for rows that name parts."""
        if self.part is None:
            raise ValueError(f"{self.row.name} is not about a part")
        return self.part

    def telling(self) -> Telling:
        """Notices about this act."""
        return Telling(self.around, self.docket, self.asker)

    def decided(
        self,
        docket: Docket,
        result: str,
        *,
        public: str = "",
        told: Telling | None = None,
        journal: Mapping[str, object] | None = None,
        set_timers: Iterable[Timer] = (),
        cancel: Iterable[tuple[tuple[TimerKind, ...], str | None]] = (),
        forward: ForwardOrder | None = None,
    ) -> Decision:
        """The order stands; who acts in another's place is recorded so."""
        for_whom = self.for_whom()
        in_place = f"Thay mặt {self.name_of(for_whom)}: {result[:1].lower()}{result[1:]}" if for_whom else result
        facts = {"row": self.row.name, "from": self.docket.state.value, "to": docket.state.value}
        return Decision(
            act=self.row.act,
            docket=docket,
            result=in_place,
            journal={**facts, **({"for": for_whom} if for_whom else {}), **(journal or {})},
            public=public,
            told=told.all() if told else (),
            set_timers=tuple(set_timers),
            cancel=tuple(cancel),
            forward=forward,
            irreversible=self.row.irreversible,
        )

    def refused(self, code: str, text: str, *choices: Choice) -> Refusal:
        """The order does not stand, by the clause of its row."""
        return Refusal(code, text, self.row.clause, choices)

    def needs_reason(self) -> Refusal:
        """A reason is missing."""
        example = f"{self.row.keyword}: lý do"
        return self.refused(
            "needs_reason", f"Chưa nêu lý do; hãy ghi “{example}”.", Choice(self.row.label, f"{self.row.keyword}: ")
        )

    def for_whom(self) -> str | None:
        """The code of the absent person in whose place the asker acts, None where he acts for himself."""
        if self.asker.actor is None:
            return None
        roles = frozenset(role for who in self.row.who for role in ROLES.get(who.value, ()))
        unit = self.part.unit if self.part else None
        fitting = {
            standing.for_whom
            for standing in self.asker.actor.standings
            if standing.role in roles and (unit is None or standing.unit in {None, unit})
        }
        if self.docket.presented_to in fitting and Role.LEADER in roles:
            return self.docket.presented_to
        return None if None in fitting else min((each for each in fitting if each), default=None)

    def name_of(self, code: str | None) -> str:
        """How people call the entry of that code."""
        return name_of(code, self.around)

    def named(self, written: str, among: Sequence[Party], what: str) -> Party | Unclear:
        """The entry that is meant, or what there is to ask."""
        return self.matched(written, match_name(written, as_named(among)), among, what)

    def matched(self, written: str, match: Match, among: Sequence[Party], what: str) -> Party | Unclear:
        """The same for a name that has been looked up."""
        by_code = {party.code: party for party in among}
        if match.found is not None:
            return by_code[match.found.code]
        choices = tuple(by_code[each.code] for each in match.choices)
        names = ", ".join(each.name for each in choices)
        if choices and not match.near:
            return Unclear("ambiguous_name", f"“{shown(written)}” có thể là: {names}. Hãy ghi rõ {what}.", choices)
        near = f" Gần giống: {names}." if choices else ""
        return Unclear("unknown_name", f"Không có {what} nào tên “{shown(written)}” trong danh bạ.{near}", choices)

    def due(self, deadline: Deadline | None) -> datetime | Refusal | None:
        """A deadline as it will stand: still ahead, within ten years, in working time."""
        if deadline is None:
            return None
        if deadline.at <= self.around.now:
            return self.refused(
                "past_deadline", f"Thời hạn {moment(deadline.at)} đã qua; hãy ghi một thời hạn còn ở phía trước."
            )
        if deadline.at > self.around.now + _FURTHEST:
            return self.refused("far_deadline", f"Thời hạn {moment(deadline.at)} quá xa; hãy ghi lại thời hạn.")
        try:
            return in_working_time(deadline.at, self.around)
        except NoWorkingTime:
            return self.refused("far_deadline", "Lịch làm việc chưa có đến thời hạn ấy; hãy ghi một thời hạn gần hơn.")


ROLES: Mapping[str, frozenset[Role]] = {
    "clerk": frozenset({Role.CLERK}),
    "leader": frozenset({Role.LEADER}),
    "unit": frozenset({Role.UNIT_HEAD, Role.UNIT_CLERK}),
    "specialist": frozenset({Role.SPECIALIST}),
}
"""The roles of the directory by which somebody is one of the table's `Who`."""


def as_named(parties: Iterable[Party]) -> list[Named]:
    """Entries as names are looked up among."""
    return [Named(party.code, party.name, party.short_name) for party in parties]


def name_of(code: str | None, around: Surroundings) -> str:
    """The name of an entry; its code where it has gone from the directory."""
    party = around.staff.party(code) if code else None
    return party.name if party else code or ""


def shown(text: str) -> str:
    """People's words on one line of a transcript."""
    return one_line(text, _WORDS_SHOWN)


def choices_of(options: Iterable[tuple[str, str]]) -> tuple[Choice, ...]:
    """The first dozen of (label, reply), which is as many buttons as a person will read."""
    return tuple(Choice(label, reply) for label, reply in list(options)[:_CHOICES])


def in_working_time(at: datetime, around: Surroundings) -> datetime:
    """`at` within or at the end of a shift, else the start of the next one."""
    ends = {end for _, end in around.calendar.shifts(local_day(at))}
    return at if at in ends else around.calendar.next_open(at)


def local_day(at: datetime) -> date:
    """The local day of a moment."""
    return at.astimezone(_VIETNAM).date()


def by_lead(docket: Docket) -> Docket:
    """The state that the lead unit's part gives; a submission on its way stays so."""
    if docket.state is DocumentState.FORWARDED or docket.lead is None:
        return docket
    return replace(docket, state=_STATE_BY_LEAD[docket.lead.state])


_STATE_BY_LEAD: Mapping[ShareState, DocumentState] = {
    ShareState.ASSIGNED: DocumentState.ASSIGNED,
    ShareState.TRANSFERRED: DocumentState.TRANSFERRED,
    ShareState.ACCEPTED: DocumentState.ACCEPTED,
    ShareState.IN_PROGRESS: DocumentState.IN_PROGRESS,
    ShareState.FINISHED: DocumentState.FINISHED,
    ShareState.RETURNED: DocumentState.PRESENTED,
}


def ended(docket: Docket, state: DocumentState) -> Docket:
    """The document at one of its ends, with nothing left to be answered."""
    return replace(docket, state=state, requests=())


def deadline_timers(part: Assignment, around: Surroundings) -> tuple[Timer, ...]:
    """The reminder and the deadline of a unit's part; none where it has no deadline."""
    if part.deadline is None:
        return ()
    return (
        *_reminder(TimerKind.REMIND_DEADLINE, part.deadline, part.unit, around),
        Timer(TimerKind.DEADLINE_DUE, part.deadline, part.unit),
    )


def transfer_timers(since: datetime, around: Surroundings) -> tuple[Timer, ...]:
    """The clock of registering and transferring that runs from `since` (Điều 3 khoản 4)."""
    due = clocks_of(since, around.calendar, around.rules.handle_within).register_and_transfer_by
    return (*_reminder(TimerKind.REMIND_TRANSFER, due, "", around, since), Timer(TimerKind.TRANSFER_DUE, due))


def _reminder(
    kind: TimerKind, due: datetime, subject: str, around: Surroundings, since: datetime | None = None
) -> tuple[Timer, ...]:
    if around.rules.remind_before <= timedelta():
        return ()
    at = remind_at(due, around.rules.remind_before, around.calendar)
    return (Timer(kind, at, subject),) if at > (since or around.now) else ()
