"""Submissions to the province: declared, sent, acknowledged (Điều 5 khoản 4)."""

from __future__ import annotations

from dataclasses import replace

from gateway.model.docket import Approval, Declared, Docket, DocumentState, Request, RequestKind, Submission
from gateway.model.document import Status
from gateway.model.notice import NoticeKind
from gateway.model.timer import Timer, TimerKind
from gateway.model.wording import moment
from gateway.policy.acts.handling import recall_open
from gateway.policy.acts.matter import ACKNOWLEDGEMENT, CLOCKS, HAND_OVER, Matter, shown
from gateway.policy.acts.records import Choice, Decision, ForwardOrder, Refusal
from gateway.policy.acts.telling import Telling

_BEFORE_UNITS = frozenset({DocumentState.REGISTERED, DocumentState.PRESENTED})


def submit(matter: Matter) -> Decision | Refusal:
    """The document is meant for the province; the Director hears of it, or is asked."""
    docket, around = matter.docket, matter.around
    submission = docket.submission
    if submission and submission.approval is not Approval.DECLINED:
        return matter.refused("already", "Văn bản đã được xác định là văn bản trình UBND tỉnh.")
    required = around.rules.approval_required
    declared = Declared.BY_RULE if matter.asker.machine else Declared.BY_CLERK
    approval = Approval.PENDING if required else Approval.NOT_REQUIRED
    submission = replace(submission, approval=approval) if submission else Submission(declared, approval)
    requests = docket.without_request(RequestKind.FORWARD.value).requests
    if required:
        requests = (*requests, Request(RequestKind.FORWARD, matter.asker.address, around.now, matter.order.text))
    after, told = replace(docket, submission=submission, requests=requests), matter.telling()
    tell_directors(told, after)
    result = "Đã ghi là văn bản trình UBND tỉnh; Giám đốc được báo cáo"
    result += " và cho ý kiến trước khi chuyển." if required else ", văn thư chuyển được ngay."
    return matter.decided(after, result, told=told, journal={"approval": approval.value})


def tell_directors(told: Telling, docket: Docket) -> None:
    """The report to the Director: a question where his approval is wanted, else news."""
    if docket.submission and docket.submission.approval is Approval.PENDING:
        told.directors(NoticeKind.TASK, "approve", RequestKind.FORWARD.value)
        if not told.all():
            text = (
                "Danh bạ chưa có người có thẩm quyền nên chưa xin được ý kiến về văn bản trình này. Đề nghị bộ phận "
                "phụ trách công nghệ thông tin bổ sung vai trò leader vào danh bạ, rồi ghi “Trình UBND”."
            )
            told.clerks(NoticeKind.NEWS, "nobody_decides", text=text)
    elif docket.submission:
        told.directors(NoticeKind.NEWS, "submission")


def forward(matter: Matter) -> Decision | Refusal:
    """The submission goes to the province, once; again only with a reason, or where the last one failed."""
    docket, order, around = matter.docket, matter.order, matter.around
    submission = docket.submission
    if submission is None:
        text = "Văn bản chưa được xác định là văn bản trình UBND tỉnh; hãy ghi “Trình UBND” trước."
        return matter.refused("not_a_submission", text, Choice("Trình UBND", "Trình UBND"))
    if submission.approval not in {Approval.GIVEN, Approval.NOT_REQUIRED}:
        asked = submission.approval is Approval.PENDING
        text = "Giám đốc chưa cho ý kiến" if asked else "Giám đốc không đồng ý"
        ask = () if asked else (Choice("Trình lại Giám đốc", "Trình UBND"),)
        return matter.refused("approval_missing", f"{text} về việc chuyển văn bản này đến UBND tỉnh.", *ask)
    if docket.open_request(RequestKind.RECALL.value):
        return recall_open(matter)
    last = submission.forwardings[-1] if submission.forwardings else None
    reason = order.text.strip()
    if last and last.failed_at is None:
        again = Choice("Chuyển lại UBND", "Chuyển lại UBND: ")
        if not order.again:
            text = (
                f"Văn bản đã được chuyển UBND tỉnh {moment(last.ordered_at)}; gửi lại thì ghi “Chuyển lại UBND: lý do”."
            )
            return matter.refused("already_forwarded", text, again)
        if not reason:
            return matter.refused("needs_reason", "Chưa nêu lý do gửi lại; hãy ghi “Chuyển lại UBND: lý do”.", again)
    number = last.number + 1 if last else 1
    to = around.rules.submissions_to
    after = replace(docket, state=DocumentState.FORWARDED)
    told = matter.telling()
    public = "Văn bản đã được chuyển đến UBND tỉnh."
    told.directors(NoticeKind.NEWS, "forwarded", text=public)
    told.sender("forwarded", Status.IN_PROGRESS, public)
    due = around.calendar.add(around.now, around.rules.acknowledge_within)
    cancel: list[tuple[tuple[TimerKind, ...], str | None]] = [(ACKNOWLEDGEMENT, str(last.number))] if last else []
    if docket.state in _BEFORE_UNITS:
        cancel.append(((*CLOCKS, *HAND_OVER), None))
    why = f" Lý do: {shown(reason)}" if reason else ""
    repeat = f" lần thứ {number}" if number > 1 else ""
    return matter.decided(
        after,
        f"Chuyển UBND tỉnh{repeat} đến {to}; chờ xác nhận đến {moment(due)}.{why}",
        public=public,
        told=told,
        journal={"number": number, "recipient": to, "reason": reason},
        set_timers=(Timer(TimerKind.ACKNOWLEDGEMENT_DUE, due, str(number)),),
        cancel=cancel,
        forward=ForwardOrder(number, reason),
    )


def acknowledge(matter: Matter) -> Decision | Refusal:
    """The province says that it has the submission."""
    docket, submission = matter.docket, matter.docket.submission
    number = matter.asker.is_receiver_of
    sent = next((each for each in submission.forwardings if each.number == number), None) if submission else None
    if submission is None or sent is None:
        return matter.refused("unknown_forwarding", "Không tìm thấy lần chuyển văn bản mà thư này xác nhận.")
    if sent.acknowledged_at is not None:
        return matter.refused("already", f"Đã có xác nhận {moment(sent.acknowledged_at)}.")
    who = matter.order.text or matter.asker.address
    confirmed = replace(sent, acknowledged_at=matter.around.now, acknowledged_by=who)
    forwardings = tuple(confirmed if each.number == number else each for each in submission.forwardings)
    after = replace(docket, submission=replace(submission, forwardings=forwardings))
    told, public = matter.telling(), "UBND tỉnh đã xác nhận nhận được văn bản."
    told.clerks(NoticeKind.NEWS, "acknowledged", text=public, who=shown(who))
    told.directors(NoticeKind.NEWS, "acknowledged", text=public, who=shown(who))
    told.sender("acknowledged", after.status, public)
    return matter.decided(
        after,
        f"Đã ghi nhận: {public}",
        public=public,
        told=told,
        journal={"number": number, "by": who},
        cancel=[(ACKNOWLEDGEMENT, str(number))],
    )
