"""What a unit and its specialist do with their part: receive, delegate, report, finish, give back (Điều 11 khoản 4)."""

from __future__ import annotations

from dataclasses import replace

from gateway.model.directory import Party
from gateway.model.docket import Answer, Assignment, Docket, DocumentState, RequestKind, ShareState
from gateway.model.document import Status
from gateway.model.notice import NoticeKind
from gateway.model.timer import Timer, TimerKind
from gateway.model.wording import moment
from gateway.policy.acts.matter import (
    ACKNOWLEDGEMENT,
    AT_WORK,
    CLOCKS,
    DEADLINES,
    HAND_OVER,
    LIVE,
    Matter,
    Unclear,
    by_lead,
    choices_of,
    deadline_timers,
    ended,
    shown,
    transfer_timers,
)
from gateway.policy.acts.records import Decision, Refusal


def accept(matter: Matter) -> Decision | Refusal:
    """The unit has it."""
    part = matter.own_part
    after = by_lead(matter.docket.with_part(replace(part, state=ShareState.ACCEPTED)))
    due = f" Thời hạn: {moment(part.deadline)}." if part.deadline else ""
    return matter.decided(after, f"{matter.name_of(part.unit)} đã nhận văn bản.{due}", journal={"unit": part.unit})


def delegate(matter: Matter) -> Decision | Refusal:
    """To one of the unit's own people; a deadline is the unit's where it has none, else within it."""
    part, around, order = matter.own_part, matter.around, matter.order
    found = _person(matter)
    if isinstance(found, Refusal):
        return found
    due = matter.due(order.deadline)
    if isinstance(due, Refusal):
        return due
    if due and part.deadline and due > part.deadline:
        text = (
            f"Thời hạn giao sau thời hạn của đơn vị ({moment(part.deadline)}); hãy ghi sớm hơn, hoặc đề nghị gia hạn."
        )
        return matter.refused("late_deadline", text)
    if part.specialist == found.code and due in {None, part.deadline} and part.state is not ShareState.TRANSFERRED:
        return matter.refused("already", f"Văn bản đã được giao {found.name}.")
    state = ShareState.ACCEPTED if part.state is ShareState.TRANSFERRED else part.state
    handed = replace(part, specialist=found.code, state=state, deadline=part.deadline or due)
    after = by_lead(matter.docket.with_part(handed))
    told = matter.telling()
    until = due or part.deadline
    facts = {"deadline": moment(until)} if until else {}
    told.person(found.code, NoticeKind.TASK, "handle", text=order.text or matter.docket.opinion, **facts)
    if part.specialist and part.specialist != found.code:
        told.person(part.specialist, NoticeKind.NEWS, "released", text=f"Văn bản được giao lại {found.name}.")
    result = f"Đã giao {found.name}{f', hạn {moment(until)}' if until else ''}."
    if around.staff.person(found.code, around.today) is None:
        result += " Danh bạ chưa có địa chỉ thư của người này: hãy báo bằng cách khác."
    timers = deadline_timers(handed, around) if handed.deadline != part.deadline else ()
    return matter.decided(
        after,
        result,
        told=told,
        journal={"unit": part.unit, "specialist": found.code},
        set_timers=timers,
        cancel=[(HAND_OVER, None)] if part.lead else [],
    )


def _person(matter: Matter) -> Party | Refusal:
    """Who of the unit's own people is meant."""
    unit, written = matter.own_part.unit, matter.order.person
    people = matter.around.staff.people(unit)
    if not people:
        text = f"Danh bạ chưa ghi chuyên viên nào của {matter.name_of(unit)}; hãy bổ sung danh bạ."
        return matter.refused("no_specialist", text)
    offered = choices_of((f"Giao {each.name}", f"Giao: {each.name}") for each in people)
    if not written or not written.strip():
        return matter.refused("needs_person", "Chưa ghi tên người được giao; hãy ghi “Giao: họ và tên”.", *offered)
    found = matter.named(written, people, f"người của {matter.name_of(unit)}")
    if isinstance(found, Unclear):
        near = choices_of((f"Giao {each.name}", f"Giao: {each.name}") for each in found.parties)
        return matter.refused(found.code, found.text, *(near or offered))
    return found


def progress(matter: Matter) -> Decision | Refusal:
    """Work goes on; the first word of the lead unit is news for the sender."""
    part = matter.own_part
    if part.state is ShareState.IN_PROGRESS and matter.order.text in {"", part.note}:
        return matter.refused("already", "Văn bản đã được báo là đang xử lý.")
    note = matter.order.text or part.note
    after = by_lead(matter.docket.with_part(replace(part, state=ShareState.IN_PROGRESS, note=note)))
    told, public = matter.telling(), ""
    if part.lead and part.state is not ShareState.IN_PROGRESS:
        public = f"{matter.name_of(part.unit)} đang xử lý văn bản."
        told.sender("in_progress", Status.IN_PROGRESS, public)
    result = f"Đã ghi: {matter.name_of(part.unit)} đang xử lý."
    return matter.decided(
        after,
        f"{result} {shown(note)}" if matter.order.text else result,
        public=public,
        told=told,
        journal={"unit": part.unit, "note": matter.order.text},
        cancel=[(HAND_OVER, None)] if part.lead else [],
    )


def finish_part(matter: Matter) -> Decision | Refusal:
    """The part is done; that of the lead unit is the document."""
    part, docket = matter.own_part, matter.docket
    if not _has_outcome(matter):
        return _needs_note(matter)
    if part.lead and docket.open_request(RequestKind.RECALL.value):
        return recall_open(matter)
    done = replace(part, state=ShareState.FINISHED, note=matter.order.text or _answered(matter) or part.note)
    after = _with_answer(docket.with_part(done), matter)
    after = replace(after, requests=tuple(each for each in after.requests if each.unit != part.unit))
    unit, told = matter.name_of(part.unit), matter.telling()
    outcome = done.note
    if not part.lead:
        told.clerks(NoticeKind.NEWS, "part_finished", unit=unit, text=outcome)
        if docket.lead and docket.lead.state in AT_WORK:
            told.person(docket.lead.specialist, NoticeKind.NEWS, "part_finished", unit=unit, text=outcome)
            told.unit(docket.lead.unit, NoticeKind.NEWS, "part_finished", unit=unit, text=outcome)
        told.heads(part.unit, NoticeKind.NEWS, "part_finished", unit=unit, text=outcome)
        return matter.decided(
            after,
            f"Đã ghi: {unit} hoàn thành phần phối hợp. {shown(outcome)}",
            told=told,
            journal=_finished(matter, part),
            cancel=[(DEADLINES, part.unit)],
        )
    return _finish(matter, ended(after, DocumentState.FINISHED), unit, outcome, _finished(matter, part))


def finish_forwarded(matter: Matter) -> Decision | Refusal:
    """The clerk closes a submission that went to the province."""
    if not _has_outcome(matter):
        return _needs_note(matter)
    if matter.docket.open_request(RequestKind.RECALL.value):
        return recall_open(matter)
    after = ended(_with_answer(matter.docket, matter), DocumentState.FINISHED)
    outcome = matter.order.text or _answered(matter)
    return _finish(matter, after, "Văn thư", outcome, {"note": outcome, "answer": _answered(matter)})


def _finish(matter: Matter, after: Docket, who: str, outcome: str, journal: dict[str, object]) -> Decision:
    told, answer = matter.telling(), _answered(matter)
    public = f"Văn bản đã được giải quyết xong.{f' Văn bản trả lời: {shown(answer)}.' if answer else ''}"
    told.sender("finished", Status.FINISHED, public, answer=answer)
    told.clerks(NoticeKind.NEWS, "finished", unit=who, text=outcome)
    told.leader(NoticeKind.NEWS, "finished", unit=who, text=outcome)
    for part in matter.docket.assignments:
        if part.lead:
            told.heads(part.unit, NoticeKind.NEWS, "finished", unit=who, text=outcome)
        elif part.state in LIVE:
            told.person(part.specialist, NoticeKind.NEWS, "finished", unit=who, text=outcome)
            told.unit(part.unit, NoticeKind.NEWS, "finished", unit=who, text=outcome)
    return matter.decided(
        after,
        f"Đã ghi: văn bản hoàn thành. {shown(outcome)}",
        public=public,
        told=told,
        journal=journal,
        cancel=[((*CLOCKS, *HAND_OVER, *DEADLINES, *ACKNOWLEDGEMENT), None)],
    )


def return_part(matter: Matter) -> Decision | Refusal:
    """The unit gives its part back; the lead's makes the leader assign anew."""
    part, reason = matter.own_part, matter.order.text
    if not reason.strip():
        return matter.needs_reason()
    given_back = replace(part, state=ShareState.RETURNED, note=reason, specialist=None)
    after = matter.docket.with_part(given_back)
    after = replace(after, requests=tuple(each for each in after.requests if each.unit != part.unit))
    after = by_lead(after) if part.lead else after
    unit, told = matter.name_of(part.unit), matter.telling()
    told.leader(NoticeKind.TASK, "reassign", unit=unit, reason=reason)
    told.clerks(NoticeKind.TASK, "reassign", unit=unit, reason=reason)
    told.person(part.specialist, NoticeKind.NEWS, "released", text=f"{unit} đã trả lại văn bản.")
    return matter.decided(
        after,
        f"Đã ghi: {unit} trả lại văn bản: {shown(reason)}",
        told=told,
        journal={"unit": part.unit, "reason": reason},
        set_timers=transfer_timers(matter.around.now, matter.around) if part.lead else (),
        cancel=[(DEADLINES, part.unit), *([(HAND_OVER, None)] if part.lead else [])],
    )


def return_to_head(matter: Matter) -> Decision | Refusal:
    """The specialist gives his work back to who heads the unit."""
    part, reason, around = matter.own_part, matter.order.text, matter.around
    if not reason.strip():
        return matter.needs_reason()
    after = matter.docket.with_part(replace(part, specialist=None))
    told = matter.telling()
    who = matter.name_of(part.specialist)
    told.heads(part.unit, NoticeKind.TASK, "delegate", reason=reason, who=who)
    due = Timer(TimerKind.HAND_OVER_DUE, around.calendar.end_of_day(around.now))
    return matter.decided(
        after,
        f"Đã trả lại lãnh đạo {matter.name_of(part.unit)}: {shown(reason)}",
        told=told,
        journal={"unit": part.unit, "specialist": part.specialist, "reason": reason},
        set_timers=(due,) if part.lead else (),
    )


def recall_open(matter: Matter) -> Refusal:
    """The sender has asked for the document back: that is answered first."""
    text = "Nơi gửi đang đề nghị thu hồi văn bản này; văn thư hoặc lãnh đạo trả lời đề nghị ấy trước."
    return matter.refused("recall_open", text)


def _has_outcome(matter: Matter) -> bool:
    return bool(matter.order.text.strip() or _answered(matter))


def _needs_note(matter: Matter) -> Refusal:
    text = "Chưa nêu kết quả; hãy ghi “Hoàn thành: kết quả”, hoặc “Văn bản trả lời: số, ký hiệu”."
    return matter.refused("needs_note", text)


def _answered(matter: Matter) -> str:
    """The number of the answering document, or the name of its file."""
    return matter.order.answer or (matter.answered_by.identifier if matter.answered_by else "")


def _with_answer(docket: Docket, matter: Matter) -> Docket:
    given = [Answer(matter.order.answer)] if matter.order.answer else []
    given += [matter.answered_by] if matter.answered_by else []
    new = tuple(answer for answer in dict.fromkeys(given) if answer not in docket.answers)
    return replace(docket, answers=(*docket.answers, *new))


def _finished(matter: Matter, part: Assignment) -> dict[str, object]:
    return {"unit": part.unit, "lead": part.lead, "note": matter.order.text, "answer": _answered(matter)}
