"""To present, to assign, to transfer: from the register to the units (Điều 11 khoản 2)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from gateway.model.act import Share
from gateway.model.directory import Party, Role
from gateway.model.docket import Assignment, Docket, DocumentState, RequestKind, ShareState
from gateway.model.document import Status
from gateway.model.notice import NoticeKind
from gateway.model.timer import Timer, TimerKind
from gateway.model.wording import moment
from gateway.policy.acts.matter import (
    AT_WORK,
    CLOCKS,
    DEADLINES,
    HAND_OVER,
    LIVE,
    Matter,
    Unclear,
    as_named,
    by_lead,
    choices_of,
    deadline_timers,
    shown,
    transfer_timers,
)
from gateway.policy.acts.records import Decision, Refusal
from gateway.policy.acts.telling import Telling
from gateway.policy.calendar import clocks_of
from gateway.policy.orders.names import Match, match_name, match_shares


def leaders(people: Sequence[Party]) -> list[Party]:
    """Those of the people who decide for the agency."""
    return [party for party in people if Role.LEADER in party.roles]


def present(matter: Matter) -> Decision | Refusal:
    """To the named leader, else to the only one."""
    among, docket = leaders(matter.around.staff.people()), matter.docket
    if not among:
        return matter.refused("no_leader", "Danh bạ chưa ghi người có thẩm quyền; hãy bổ sung danh bạ rồi trình lại.")
    if matter.order.person:
        found = matter.named(matter.order.person, among, "người có thẩm quyền")
        if isinstance(found, Unclear):
            return matter.refused(found.code, found.text, *choices_of(_to_present(found.parties or among)))
        leader = found
    elif len(among) == 1:
        leader = among[0]
    else:
        text = "Có nhiều người có thẩm quyền; hãy ghi tên người được trình."
        return matter.refused("ambiguous_name", text, *choices_of(_to_present(among)))
    if docket.state is DocumentState.PRESENTED and docket.presented_to == leader.code:
        return matter.refused("already", f"Văn bản đã được trình {leader.name} và đang chờ ý kiến.")
    after = replace(docket, state=DocumentState.PRESENTED, presented_to=leader.code)
    told = Telling(matter.around, after, matter.asker)
    told.leader(NoticeKind.TASK, "assign", text=matter.order.text)
    result = f"Đã trình {leader.name}."
    deputy = matter.around.staff.person(leader.code, matter.around.today)
    if deputy is None:
        result += " Danh bạ chưa có địa chỉ thư của người này: hãy báo bằng cách khác."
    elif deputy.for_whom:
        result += f" {leader.name} đang vắng mặt, {deputy.name} nhận thay."
    return matter.decided(after, result, told=told, journal={"presented_to": leader.code})


def _to_present(among: Sequence[Party]) -> list[tuple[str, str]]:
    return [(f"Trình {party.name}", f"Trình: {party.name}") for party in among]


@dataclass(frozen=True, slots=True)
class _Wanted:
    unit: Party
    lead: bool
    deadline: datetime | None


def assign(matter: Matter) -> Decision | Refusal:
    """Lead, supporting units, deadlines, opinion; units that are at work and stay keep their part."""
    wanted = _wanted(matter)
    if isinstance(wanted, Refusal):
        return wanted
    docket, kept = matter.docket, {each.unit.code for each in wanted}
    parts = tuple(_part(docket.part_of(each.unit.code), each) for each in wanted)
    dropped = tuple(part for part in docket.assignments if part.unit not in kept)
    after = by_lead(
        replace(
            docket,
            assignments=parts,
            opinion=matter.order.text or docket.opinion,
            requests=tuple(each for each in docket.requests if each.unit is None or each.unit in kept),
        )
    )
    if after == docket:
        return matter.refused("already", "Văn bản đã được phân công đúng như vậy.")
    told = Telling(matter.around, after, matter.asker)
    text = _assigned(matter, parts)
    waiting = any(part.state is ShareState.ASSIGNED for part in parts)
    told.clerks(NoticeKind.TASK if waiting else NoticeKind.NEWS, "transfer" if waiting else "reassigned", text=text)
    changed = [part for part in parts if part.state in AT_WORK and part != docket.part_of(part.unit)]
    for part in dropped:
        if part.state in AT_WORK:
            _tell_unit(told, part, "released", "Đơn vị thôi xử lý văn bản này do phân công lại.")
    for part in changed:
        _tell_unit(told, part, "reassigned", text)
    timers: list[Timer] = [timer for part in changed for timer in deadline_timers(part, matter.around)]
    if waiting and matter.row.name == "reassign":
        timers += transfer_timers(matter.around.now, matter.around)
    journal = {
        "units": [_fact(part) for part in parts],
        "dropped": [part.unit for part in dropped],
        "opinion": matter.order.text,
    }
    cancel = [(DEADLINES, part.unit) for part in (*dropped, *changed)]
    result = f"{text}{_warnings(matter, parts)}"
    return matter.decided(after, result, told=told, journal=journal, set_timers=timers, cancel=cancel)


def _wanted(matter: Matter) -> list[_Wanted] | Refusal:
    """The units as ordered, the lead first, each with the deadline it will have."""
    order, units = matter.order, matter.around.staff.units()
    if order.lead is None or not order.lead.unit.strip():
        choices = choices_of((f"Chủ trì: {unit.name}", _written(matter, lead=unit)) for unit in units)
        return matter.refused("needs_lead", "Chưa ghi đơn vị chủ trì; hãy ghi “Chủ trì: tên đơn vị”.", *choices)
    overall = matter.due(order.deadline)
    if isinstance(overall, Refusal):
        return overall
    lead = (order.lead, match_name(order.lead.unit, as_named(units)))
    wanted: dict[str, _Wanted] = {}
    for place, (share, match) in enumerate((lead, *match_shares(order.supporting, as_named(units)))):
        unit = _unit(matter, share, match, is_lead=place == 0)
        if isinstance(unit, Refusal):
            return unit
        own = matter.due(share.deadline)
        if isinstance(own, Refusal):
            return own
        known = wanted.get(unit.code)
        if known and known.lead:
            return matter.refused(
                "same_unit", f"{unit.name} không thể vừa chủ trì vừa phối hợp; hãy ghi đơn vị ấy một lần."
            )
        if known is None:
            wanted[unit.code] = _Wanted(unit, lead=place == 0, deadline=own or overall)
    return list(wanted.values())


def _unit(matter: Matter, share: Share, match: Match, *, is_lead: bool) -> Party | Refusal:
    found = matter.matched(share.unit, match, matter.around.staff.units(), "đơn vị")
    if isinstance(found, Party):
        return found
    place = None if is_lead else share.unit
    choices = choices_of(
        (unit.name, _written(matter, lead=unit if is_lead else None, instead=place, unit=unit))
        for unit in found.parties
    )
    return matter.refused(found.code, found.text, *choices)


def _written(
    matter: Matter, *, lead: Party | None = None, instead: str | None = None, unit: Party | None = None
) -> str:
    """The order as a reply again, with the lead or one supporting unit named as the directory does."""
    order = matter.order
    lines = []
    if lead is not None or order.lead is not None:
        deadline = order.lead.deadline if order.lead else None
        name = lead.name if lead else (order.lead.unit if order.lead else "")
        lines.append(f"Chủ trì: {name}{f' ({deadline.written})' if deadline else ''}")
    if order.supporting:
        named = [
            f"{unit.name if unit and share.unit == instead else share.unit}"
            f"{f' ({share.deadline.written})' if share.deadline else ''}"
            for share in order.supporting
        ]
        lines.append(f"Phối hợp: {', '.join(named)}")
    if order.deadline:
        lines.append(f"Hạn: {order.deadline.written}")
    if order.text:
        lines.append(f"Ý kiến: {order.text}")
    return "\n".join(lines)


def _part(before: Assignment | None, wanted: _Wanted) -> Assignment:
    """The unit's part: one that is live goes on; a returned one begins anew, and a finished one that has to lead."""
    if before is not None and before.state is ShareState.FINISHED and not wanted.lead:
        return replace(before, lead=False)
    if before is None or before.state not in LIVE:
        return Assignment(wanted.unit.code, wanted.lead, ShareState.ASSIGNED, wanted.deadline)
    return replace(before, lead=wanted.lead, deadline=wanted.deadline or before.deadline)


def _assigned(matter: Matter, parts: Sequence[Assignment]) -> str:
    """`Chủ trì: Văn phòng (hạn …). Phối hợp: ….`"""
    lead = ", ".join(_named(matter, part) for part in parts if part.lead)
    supporting = ", ".join(_named(matter, part) for part in parts if not part.lead)
    words = [f"Chủ trì: {lead}."]
    if supporting:
        words.append(f"Phối hợp: {supporting}.")
    if matter.order.text:
        words.append(f"Ý kiến: {shown(matter.order.text)}")
    return " ".join(words)


def _named(matter: Matter, part: Assignment) -> str:
    due = f" (hạn {moment(part.deadline)})" if part.deadline else ""
    return f"{matter.name_of(part.unit)}{due}"


def _warnings(matter: Matter, parts: Sequence[Assignment]) -> str:
    lead = next((part for part in parts if part.lead), None)
    found = []
    for part in parts:
        name = matter.name_of(part.unit)
        if lead and lead.deadline and part.deadline and part.deadline > lead.deadline:
            found.append(f"Lưu ý: thời hạn của {name} sau thời hạn của đơn vị chủ trì.")
        if not matter.around.staff.of_unit(part.unit, matter.around.today):
            found.append(f"Lưu ý: danh bạ chưa có địa chỉ thư của {name}.")
    return "".join(f" {each}" for each in found)


def _tell_unit(told: Telling, part: Assignment, step: str, text: str) -> None:
    told.person(part.specialist, NoticeKind.NEWS, step, text=text)
    told.unit(part.unit, NoticeKind.NEWS, step, text=text)


def _fact(part: Assignment) -> dict[str, object]:
    return {
        "unit": part.unit,
        "lead": part.lead,
        "deadline": part.deadline.isoformat() if part.deadline else None,
    }


def transfer(matter: Matter) -> Decision | Refusal:
    """To the units that wait; deadlines of the clerk count where the leader gave none."""
    docket, around = matter.docket, matter.around
    waiting = [part for part in docket.assignments if part.state is ShareState.ASSIGNED]
    if not waiting:
        return matter.refused("already", "Văn bản đã được chuyển giao cho mọi đơn vị được phân công.")
    given = _given(matter)
    if isinstance(given, Refusal):
        return given
    ignored = [part for part in waiting if part.deadline and given.get(part.unit, part.deadline) != part.deadline]
    moved = [
        replace(part, state=ShareState.TRANSFERRED, deadline=part.deadline or given.get(part.unit)) for part in waiting
    ]
    after = docket
    for part in moved:
        after = after.with_part(part)
    after = replace(by_lead(after), transferred_at=around.now)
    told = Telling(around, after, matter.asker)
    for part in moved:
        due = {"deadline": moment(part.deadline)} if part.deadline else {}
        role = "chủ trì" if part.lead else "phối hợp"
        told.unit(part.unit, NoticeKind.TASK, "accept", role=role, text=docket.opinion, **due)
    lead = next((part for part in moved if part.lead), None)
    public = f"Đã phân công, chuyển giao {matter.name_of(lead.unit)} chủ trì giải quyết." if lead else ""
    if public:
        told.sender("assigned", Status.ASSIGNED, public)
    timers = [timer for part in moved for timer in deadline_timers(part, around)]
    if lead:
        by = clocks_of(docket.document.received_at, around.calendar, around.rules.handle_within).hand_over_by
        late = by <= around.now
        timers.append(Timer(TimerKind.HAND_OVER_DUE, around.calendar.end_of_day(around.now) if late else by))
    result = f"Đã chuyển giao: {', '.join(_named(matter, part) for part in moved)}."
    if ignored:
        names = ", ".join(matter.name_of(part.unit) for part in ignored)
        result += f" Giữ nguyên thời hạn lãnh đạo đã ghi cho {names}."
    return matter.decided(
        after,
        f"{result}{_warnings(matter, after.assignments)}",
        public=public,
        told=told,
        journal={"units": [_fact(part) for part in moved]},
        set_timers=timers,
        cancel=[(CLOCKS, None)],
    )


def _given(matter: Matter) -> dict[str, datetime] | Refusal:
    """The deadlines that the clerk wrote, by unit; units that were not assigned are refused."""
    order, assigned = matter.order, matter.docket.assignments
    overall = matter.due(order.deadline)
    if isinstance(overall, Refusal):
        return overall
    given = {part.unit: overall for part in assigned} if overall else {}
    shares = (*((order.lead,) if order.lead else ()), *order.supporting)
    units = matter.around.staff.units()
    for share, match in match_shares(shares, as_named(units)):
        unit = matter.matched(share.unit, match, units, "đơn vị")
        if isinstance(unit, Unclear):
            return matter.refused(unit.code, unit.text)
        if matter.docket.part_of(unit.code) is None:
            text = f"{unit.name} chưa được người có thẩm quyền phân công; văn thư không phân công thay."
            return matter.refused("not_assigned", text)
        own = matter.due(share.deadline)
        if isinstance(own, Refusal):
            return own
        if own:
            given[unit.code] = own
    return given


def return_to_clerk(matter: Matter) -> Decision | Refusal:
    """The leader gives the document back; what he or another assigned before is void."""
    if not matter.order.text.strip():
        return matter.needs_reason()
    docket = matter.docket
    requests = tuple(each for each in docket.requests if each.kind is not RequestKind.EXTENSION)
    after = replace(docket, state=DocumentState.REGISTERED, presented_to=None, assignments=(), requests=requests)
    told = matter.telling()
    told.clerks(NoticeKind.TASK, "present", reason=matter.order.text)
    _release(told, docket)
    result = f"Đã trả lại văn thư: {shown(matter.order.text)}"
    return matter.decided(after, result, told=told, journal={"reason": matter.order.text}, cancel=[(DEADLINES, None)])


def return_to_sender(matter: Matter) -> Decision | Refusal:
    """The clerk gives the document back to where it came from."""
    if not matter.order.text.strip():
        return matter.needs_reason()
    docket, reason = matter.docket, shown(matter.order.text)
    after = replace(docket, state=DocumentState.RETURNED, requests=())
    public = f"Văn bản được trả lại nơi gửi: {reason}"
    told = matter.telling()
    told.sender("returned", Status.REFUSED, public, reason=matter.order.text)
    if docket.presented_to:
        told.leader(NoticeKind.NEWS, "returned_to_sender", reason=matter.order.text)
    _release(told, docket)
    return matter.decided(
        after,
        f"Đã trả lại nơi gửi: {reason}"
        + ("" if docket.answer_to else " Nơi gửi chưa có địa chỉ đã xác thực nên không được báo qua thư."),
        public=public,
        told=told,
        journal={"reason": matter.order.text},
        cancel=[((*CLOCKS, *HAND_OVER, *DEADLINES), None)],
    )


def _release(told: Telling, docket: Docket) -> None:
    for part in docket.assignments:
        if part.state in AT_WORK:
            _tell_unit(told, part, "released", "Đơn vị thôi xử lý văn bản này.")
