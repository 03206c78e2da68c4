"""Questions put to who decides, and their answers: extensions, recalls, submissions (Điều 11 khoản 3)."""

from __future__ import annotations

from dataclasses import replace

from gateway.model.act import Act
from gateway.model.docket import Approval, Assignment, Docket, DocumentState, Request, RequestKind, ShareState
from gateway.model.document import Status
from gateway.model.notice import NoticeKind
from gateway.model.wording import moment
from gateway.policy.acts.matter import (
    ACKNOWLEDGEMENT,
    AT_WORK,
    CLOCKS,
    DEADLINES,
    HAND_OVER,
    LIVE,
    Matter,
    choices_of,
    deadline_timers,
    ended,
    name_of,
    shown,
)
from gateway.policy.acts.records import Choice, Decision, Refusal, Surroundings
from gateway.policy.header.text import fold

_NO_DEADLINE = "Chưa ghi thời hạn mới; hãy ghi “Gia hạn: ngày/tháng”."
_HAVE_COPIES = frozenset({*AT_WORK, ShareState.FINISHED, ShareState.RETURNED})


def request_words(request: Request, around: Surroundings) -> str:
    """How a question is called: `gia hạn Văn phòng`."""
    match request.kind:
        case RequestKind.EXTENSION:
            return f"gia hạn {name_of(request.unit, around)}"
        case RequestKind.RECALL:
            return "thu hồi"
        case RequestKind.FORWARD:
            return "trình UBND"


def open_requests(docket: Docket) -> tuple[Request, ...]:
    """The questions that wait; a submission whose approval is pending is one, however it came to be."""
    submission, subject = docket.submission, RequestKind.FORWARD.value
    if submission and submission.approval is Approval.PENDING and docket.open_request(subject) is None:
        asked = Request(RequestKind.FORWARD, docket.document.sender, docket.document.registered_at)
        return (*docket.requests, asked)
    return docket.requests


def changeable(docket: Docket, act: Act) -> Request | None:
    """A submission that was let go or stopped, which its Director may still judge otherwise."""
    before = {Act.APPROVE: {Approval.DECLINED}, Act.DECLINE: {Approval.GIVEN, Approval.NOT_REQUIRED}}[act]
    if docket.submission and docket.submission.approval in before:
        return Request(RequestKind.FORWARD, docket.document.sender, docket.document.registered_at)
    return None


def named_in(text: str, requests: tuple[Request, ...], around: Surroundings) -> tuple[Request, str] | None:
    """The one question that people's words begin with, and what stands after it."""
    for request in requests:
        words = request_words(request, around)
        if fold(text.strip()).startswith(fold(words)) and len(fold(words)) == len(words):
            return request, text.strip()[len(words) :].lstrip(" :;,.–-")
    return None


def answers_to(act: Act, requests: tuple[Request, ...], around: Surroundings) -> tuple[Choice, ...]:
    """A button for each question."""
    word = "Đồng ý" if act is Act.APPROVE else "Không đồng ý"
    end = "" if act is Act.APPROVE else ": "
    named = [request_words(request, around) for request in requests]
    return choices_of((f"{word} {each}", f"{word}: {each}{end}") for each in named)


def extend(matter: Matter) -> Decision | Refusal:
    """The leader's new deadline, for the unit that asked, else for the lead."""
    docket, around = matter.docket, matter.around
    asked = [each for each in docket.requests if each.kind is RequestKind.EXTENSION]
    kind, _, unit = matter.subject.partition(":")
    part = docket.part_of(unit) if kind == RequestKind.EXTENSION.value else None
    if part is None and len(asked) > 1:
        text = "Nhiều đơn vị đang đề nghị gia hạn; hãy trả lời thư đề nghị của từng đơn vị."
        return matter.refused("ambiguous_request", text, *answers_to(Act.APPROVE, tuple(asked), around))
    part = part or (docket.part_of(asked[0].unit) if asked else docket.lead)
    if part is None or part.state not in LIVE:
        return matter.refused("nothing_to_extend", "Không có phần việc nào đang chờ để gia hạn.")
    due = matter.due(matter.order.deadline)
    if isinstance(due, Refusal):
        return due
    if due is None:
        return matter.refused("needs_deadline", _NO_DEADLINE)
    request = docket.open_request(f"{RequestKind.EXTENSION.value}:{part.unit}")
    if due == part.deadline and request is None:
        return matter.refused("already", f"Thời hạn của {matter.name_of(part.unit)} đã là {moment(due)}.")
    return _extended(matter, replace(part, deadline=due))


def ask_extension(matter: Matter) -> Decision | Refusal:
    """A unit asks its leader for more time."""
    part, order, around = matter.own_part, matter.order, matter.around
    if part.deadline is None:
        return matter.refused("no_deadline", f"{matter.name_of(part.unit)} chưa có thời hạn nào để gia hạn.")
    due = matter.due(order.deadline)
    if isinstance(due, Refusal):
        return due
    if due is None:
        return matter.refused("needs_deadline", _NO_DEADLINE)
    if due <= part.deadline:
        text = f"Thời hạn đề nghị không sau thời hạn hiện nay ({moment(part.deadline)}); không cần gia hạn."
        return matter.refused("not_later", text)
    request = Request(RequestKind.EXTENSION, matter.asker.address, around.now, order.text, part.unit, due)
    known = matter.docket.open_request(request.subject)
    if known and (known.deadline, known.text) == (due, order.text):
        return matter.refused("already", "Đề nghị gia hạn này đang chờ lãnh đạo trả lời.")
    after = replace(matter.docket, requests=(*matter.docket.without_request(request.subject).requests, request))
    told, unit = matter.telling(), matter.name_of(part.unit)
    told.leader(NoticeKind.TASK, "approve", request.subject, unit=unit, deadline=moment(due), reason=order.text)
    return matter.decided(
        after,
        f"Đã đề nghị lãnh đạo gia hạn cho {unit} đến {moment(due)}.",
        told=told,
        journal={"unit": part.unit, "deadline": due.isoformat(), "reason": order.text},
    )


def _extended(matter: Matter, part: Assignment) -> Decision:
    subject = f"{RequestKind.EXTENSION.value}:{part.unit}"
    after = matter.docket.with_part(part).without_request(subject)
    until = moment(part.deadline) if part.deadline else ""
    told, text = matter.telling(), f"Thời hạn mới của {matter.name_of(part.unit)}: {until}."
    told.person(part.specialist, NoticeKind.NEWS, "extended", deadline=until, text=text)
    told.unit(part.unit, NoticeKind.NEWS, "extended", deadline=until, text=text)
    told.clerks(NoticeKind.NEWS, "extended", deadline=until, text=text)
    timers = deadline_timers(part, matter.around) if part.state in AT_WORK else ()
    return matter.decided(
        after,
        text,
        told=told,
        journal={"unit": part.unit, "deadline": part.deadline.isoformat() if part.deadline else None},
        set_timers=timers,
        cancel=[(DEADLINES, part.unit)],
    )


def approve_extension(matter: Matter) -> Decision | Refusal:
    """The deadline that was asked for."""
    request = _request(matter)
    part = matter.docket.part_of(request.unit)
    if part is None or part.state not in LIVE:
        return matter.refused("nothing_to_extend", "Đơn vị đã đề nghị không còn phần việc nào đang chờ.")
    if request.deadline is None or request.deadline <= matter.around.now:
        text = "Thời hạn đề nghị đã qua; hãy ghi thời hạn khác: “Gia hạn: ngày/tháng”."
        return matter.refused("past_deadline", text, Choice("Đặt thời hạn mới", "Gia hạn: "))
    return _extended(matter, replace(part, deadline=request.deadline))


def decline_extension(matter: Matter) -> Decision | Refusal:
    """The deadline stays."""
    request, reason = _request(matter), matter.order.text
    if not reason.strip():
        return matter.needs_reason()
    after = matter.docket.without_request(request.subject)
    told, unit = matter.telling(), matter.name_of(request.unit)
    part = matter.docket.part_of(request.unit)
    if part:
        told.person(part.specialist, NoticeKind.NEWS, "extension_declined", reason=reason)
        told.unit(part.unit, NoticeKind.NEWS, "extension_declined", reason=reason)
    return matter.decided(
        after,
        f"Không gia hạn cho {unit}: {shown(reason)}",
        told=told,
        journal={"unit": request.unit, "reason": reason},
    )


def recall(matter: Matter) -> Decision | Refusal:
    """The sender asks for his document back; clerk or leader answers."""
    docket, order = matter.docket, matter.order
    if docket.open_request(RequestKind.RECALL.value):
        return matter.refused("already", "Đề nghị thu hồi văn bản này đang chờ trả lời.")
    request = Request(RequestKind.RECALL, matter.asker.address, matter.around.now, order.text)
    after = replace(docket, requests=(*docket.requests, request))
    told = matter.telling()
    told.clerks(NoticeKind.TASK, "approve", request.subject, reason=order.text)
    told.leader(NoticeKind.TASK, "approve", request.subject, reason=order.text)
    public = "Đã nhận đề nghị thu hồi văn bản; cơ quan sẽ trả lời."
    told.sender("recall_asked", Status.RECALLED, public, himself=True)
    return matter.decided(after, public, public=public, told=told, journal={"reason": order.text})


def approve_recall(matter: Matter) -> Decision | Refusal:
    """The document goes back; who works on it stops."""
    docket = matter.docket
    after, told = ended(docket, DocumentState.RECALLED), matter.telling()
    public = (
        "Cơ quan đồng ý để nơi gửi thu hồi văn bản. Tệp và nội dung văn bản được hủy khỏi hệ thống; "
        "sổ chỉ giữ số đến, số và ký hiệu, ngày, loại và cơ quan ban hành."
    )
    told.sender("recalled", Status.AGREED, public)
    stop = "Nơi gửi đã thu hồi văn bản: dừng xử lý và hủy các bản sao."
    for part in docket.assignments:
        if part.state in _HAVE_COPIES:
            told.person(part.specialist, NoticeKind.NEWS, "recalled", text=stop)
            told.unit(part.unit, NoticeKind.NEWS, "recalled", text=stop)
    if docket.submission and any(each.failed_at is None for each in docket.submission.forwardings):
        told.province("recalled", "Nơi gửi đã thu hồi văn bản; kính đề nghị Quý cơ quan dừng xử lý và hủy các bản sao.")
    told.clerks(NoticeKind.NEWS, "recalled", text=public)
    told.leader(NoticeKind.NEWS, "recalled", text=public)
    return matter.decided(
        after,
        "Đã đồng ý thu hồi; các đơn vị được báo dừng xử lý và hủy bản sao.",
        public=public,
        told=told,
        cancel=[((*CLOCKS, *HAND_OVER, *DEADLINES, *ACKNOWLEDGEMENT), None)],
    )


def decline_recall(matter: Matter) -> Decision | Refusal:
    """The document stays."""
    reason = matter.order.text
    if not reason.strip():
        return matter.needs_reason()
    after, told = matter.docket.without_request(RequestKind.RECALL.value), matter.telling()
    public = f"Cơ quan không đồng ý việc thu hồi văn bản: {shown(reason)}"
    told.sender("recall_declined", Status.DISAGREED, public, reason=reason)
    told.clerks(NoticeKind.NEWS, "recall_declined", reason=reason)
    told.leader(NoticeKind.NEWS, "recall_declined", reason=reason)
    return matter.decided(
        after, f"Không đồng ý thu hồi: {shown(reason)}", public=public, told=told, journal={"reason": reason}
    )


def approve_forward(matter: Matter) -> Decision | Refusal:
    """The Director lets a submission go; the clerk sends it."""
    after, told = _judged(matter, Approval.GIVEN), matter.telling()
    told.clerks(NoticeKind.TASK, "forward")
    return matter.decided(after, "Đã đồng ý chuyển UBND tỉnh; văn thư được báo để gửi.", told=told)


def decline_forward(matter: Matter) -> Decision | Refusal:
    """The Director keeps a submission back."""
    reason = matter.order.text
    if not reason.strip():
        return matter.needs_reason()
    after, told = _judged(matter, Approval.DECLINED), matter.telling()
    told.clerks(NoticeKind.TASK, "forward_declined", reason=reason)
    return matter.decided(
        after, f"Không đồng ý chuyển UBND tỉnh: {shown(reason)}", told=told, journal={"reason": reason}
    )


def _judged(matter: Matter, approval: Approval) -> Docket:
    docket = matter.docket.without_request(RequestKind.FORWARD.value)
    submission = docket.submission
    return replace(docket, submission=replace(submission, approval=approval) if submission else None)


def _request(matter: Matter) -> Request:
    if matter.request is None:
        raise ValueError(f"{matter.row.name} answers a request")
    return matter.request
