"""From the new text of a reply to its orders: what belongs together is put together, what does not fit is dropped."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING

from gateway.model.act import Act, Order
from gateway.model.wording import one_line
from gateway.policy.header.text import fold
from gateway.policy.orders.drafts import Draft, Fault, Said
from gateway.policy.orders.keywords import OPPOSED, KeywordRow, Slot, Takes
from gateway.policy.orders.lines import Kind, ReadLine, lines_of
from gateway.policy.orders.values import REASON_HOSTS, with_value

if TYPE_CHECKING:
    from gateway.policy.calendar import Calendar

MAX_COMMANDS = 40
_MAX_CONTINUED = 60
_MAX_MET = 200
_LONGEST_SHOWN = 300
_LONGEST_CAUSE = 80
_WRAPPED_FROM = 60
_DEADLINE_HOSTS = frozenset({Act.ASSIGN, Act.TRANSFER, Act.DELEGATE})
_NO_OPINION = frozenset({Act.CORRECT, Act.STATUS, Act.HELP, Act.CONFIRM, Act.RETURN, Act.RECALL, Act.VOID, Act.DECLINE})


@dataclass(frozen=True, slots=True)
class Reading:
    """What a reply orders. `faults` are lines seemingly meant as orders; `stopped` says that a line `Hết` ended it."""

    orders: tuple[Order, ...]
    faults: tuple[Fault, ...]
    stopped: bool


def read_orders(text: str, *, now: datetime, calendar: Calendar) -> Reading:
    """The orders in the new text of a reply (quoted lines are passed over), and the faults of those that are none.

    An order is given whole or not at all: where one of its lines has a fault or is contradicted, each of its lines is
    among the faults. `now` is when the reply was received, from which days without a year and spans are counted.
    """
    said, stopped = _said(text, now, calendar)
    if len(said) > MAX_COMMANDS:
        line = said[MAX_COMMANDS].written[0]
        return Reading(
            (), (Fault(_shown(line), f"Thư có quá {MAX_COMMANDS} dòng lệnh nên không thực hiện dòng nào."),), stopped
        )
    drafts, loose = _drafts(said)
    for draft in drafts:
        draft.check()
    _oppose(drafts)
    faults = {**loose, **{place: fault for draft in drafts for place, fault in _faults_of(draft).items()}}
    lines = {one.place: one.written[0] for one in said}
    return Reading(
        tuple(draft.order() for draft in drafts if not draft.faults),
        tuple(Fault(_shown(lines[place]), faults[place]) for place in sorted(faults)),
        stopped,
    )


def _said(text: str, now: datetime, calendar: Calendar) -> tuple[list[Said], bool]:
    """Each command once, up to one more than `MAX_COMMANDS`, or to the line `Hết`, of which the second value tells."""
    said: list[Said] = []
    seen: set[tuple[str, str, str]] = set()
    signed, met = False, 0
    for line, following in _with_continuations(lines_of(text)):
        signed = signed or line.kind is Kind.CLOSING
        if line.row is None or (signed and line.kind is Kind.ATTEMPT):
            continue
        if line.row.slot is Slot.STOP and line.kind is Kind.COMMAND:
            return said, True
        met += 1
        same = (line.kind.value, line.row.keyword, fold("\n".join([line.value, *(one.text for one in following)])))
        if same not in seen or met > _MAX_MET:
            seen.add(same)
            said.append(_value(len(said), line, line.row, following, now, calendar))
        if len(said) > MAX_COMMANDS:
            break
    return said, False


def _with_continuations(lines: Iterator[ReadLine]) -> Iterator[tuple[ReadLine, list[ReadLine]]]:
    line = next(lines, None)
    while line is not None:
        following: list[ReadLine] = []
        upcoming = next(lines, None)
        while upcoming is not None and _continues(line, upcoming, following):
            following.append(upcoming)
            upcoming = next(lines, None)
        yield line, following
        line = upcoming


def _continues(line: ReadLine, upcoming: ReadLine, following: Sequence[ReadLine]) -> bool:
    """Whether a line without a keyword goes on with the order before it."""
    row = line.row
    if row is None or line.kind is not Kind.COMMAND or upcoming.kind is not Kind.PROSE:
        return False
    last = following[-1].text if following else line.value
    if len(following) >= _MAX_CONTINUED or row.takes is Takes.NOTHING:
        return False
    if row.takes.prose or not last:
        return row.takes.required or (not line.alone and bool(last))
    listed = row.takes is Takes.UNITS and (upcoming.bulleted or fold(last).endswith((",", " va")))
    fields = row.takes is Takes.FIELDS and "=" in upcoming.text
    return listed or fields or last.endswith(";") or _wrapped(following or [line], upcoming)


def _wrapped(before: Sequence[ReadLine], upcoming: ReadLine) -> bool:
    """Whether a mail program broke the line: it was long, and goes on in small letters."""
    return len(before[-1].written) >= _WRAPPED_FROM and upcoming.text[:1].islower()


def _value(
    place: int, line: ReadLine, row: KeywordRow, following: Sequence[ReadLine], now: datetime, calendar: Calendar
) -> Said:
    said = Said(place, row, (line.written, *(one.written for one in following)), line.fault)
    return said if said.fault else with_value(said, _joined(line, following), now=now, calendar=calendar)


def _joined(line: ReadLine, following: Sequence[ReadLine]) -> str:
    """The value over all its lines; a line that a mail program broke is whole again."""
    value, before = line.value, [line]
    for one in following:
        value += (" " if _wrapped(before, one) else "\n") + one.text
        before.append(one)
    return value.strip()


def _drafts(said: Sequence[Said]) -> tuple[list[Draft], dict[int, str]]:
    """The orders in the making, and what is said of no order, by its place."""
    drafts: list[Draft] = []
    for one in said:
        if one.row.act is not None and one.row.slot in {Slot.ORDER, Slot.LEAD, Slot.SUPPORTING}:
            _draft(drafts, one.row.act, again=one.row.again).said.append(one)
    loose: dict[int, str] = {}
    for one in said:
        if one.row.slot in {Slot.DEADLINE, Slot.OPINION, Slot.REASON, Slot.ANSWER}:
            host = _host(drafts, one)
            if host is not None:
                host.said.append(one)
            elif one.row.slot is not Slot.REASON:
                loose[one.place] = one.fault or _alone(one)
    for draft in drafts:
        draft.said.sort(key=lambda one: one.place)
    return sorted(drafts, key=lambda draft: draft.place), loose


def _draft(drafts: list[Draft], act: Act, *, again: bool) -> Draft:
    for draft in drafts:
        if draft.act is act and draft.again is again:
            return draft
    drafts.append(Draft(act, again))
    return drafts[-1]


def _host(drafts: list[Draft], said: Said) -> Draft | None:
    """The order that a deadline, opinion, reason or answer stands with: the last one before it, else the next."""
    assigning = [draft for draft in drafts if draft.act is Act.ASSIGN]
    if said.row.slot is Slot.OPINION:
        fitting = assigning or [draft for draft in drafts if draft.act not in _NO_OPINION]
        return _nearest(fitting, said.place) or _draft(drafts, Act.ASSIGN, again=False)
    if said.row.slot is Slot.DEADLINE:
        return _nearest([draft for draft in drafts if draft.act in _DEADLINE_HOSTS], said.place)
    if said.row.slot is Slot.ANSWER:
        return _nearest([draft for draft in drafts if draft.act is Act.FINISH], said.place)
    hosts = [draft for draft in drafts if draft.act in REASON_HOSTS and draft.place < said.place]
    return max(hosts, key=lambda draft: draft.place, default=None)


def _nearest(drafts: Sequence[Draft], place: int) -> Draft | None:
    before = [one for one in drafts if any(said.place < place for said in one.said)]
    if before:
        return max(before, key=lambda draft: max(said.place for said in draft.said if said.place < place))
    return min(drafts, key=lambda draft: draft.place, default=None)


def _alone(said: Said) -> str:
    if said.row.slot is Slot.ANSWER:
        return "Văn bản trả lời phải ghi cùng lệnh “Hoàn thành”."
    return "Thời hạn phải ghi cùng “Chủ trì”, “Chuyển” hoặc “Giao”; để đổi thời hạn, hãy viết “Gia hạn: ngày”."


def _oppose(drafts: Sequence[Draft]) -> None:
    """Blame orders that say the opposite of each other, and an order given twice with different words."""
    acts = {draft.act for draft in drafts}
    for pair in OPPOSED:
        if pair <= acts:
            names = " và ".join(sorted(draft.said[0].row.keyword for draft in drafts if draft.act in pair))
            for draft in drafts:
                if draft.act in pair:
                    draft.blame(draft.said, f"Thư có cả “{names}”, trái ngược nhau, nên không thực hiện; hãy ghi một.")
    for draft in drafts:
        whole = [said for said in draft.said if said.row.slot is Slot.ORDER]
        if draft.act is not Act.CORRECT and any(_content(said) != _content(whole[0]) for said in whole):
            keyword = whole[0].row.keyword
            draft.blame(whole, f"Lệnh “{keyword}” ghi hai lần khác nhau nên không thực hiện; hãy ghi một.")


def _content(said: Said) -> Said:
    """What is said, wherever and however it is written."""
    return replace(said, place=0, written=())


def _faults_of(draft: Draft) -> dict[int, str]:
    """The faults of an order; its other lines are not followed either."""
    if not draft.faults:
        return {}
    first = min(draft.faults)
    cause = one_line(next(said.written[0] for said in draft.said if said.place == first), _LONGEST_CAUSE)
    others = {said.place: f"Chưa thực hiện, vì dòng “{cause}” của cùng lệnh này có lỗi." for said in draft.said}
    return others | draft.faults


def _shown(line: str) -> str:
    return one_line(line, _LONGEST_SHOWN)
