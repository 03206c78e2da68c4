"""The work on a document as `vanthu explain` tells it: state, parts, clocks, steps, a submission's way."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from gateway.cli.output import print_table, say, when
from gateway.model.docket import Assignment, Forwarding
from gateway.model.document import Direction, LinkKind
from gateway.model.timer import TimerKind
from gateway.model.wording import SHARE_WORDS, STATE_WORDS, STATUS_WORDS, one_line
from gateway.policy.calendar import Calendar, clocks_of
from gateway.store.story import Work

_TIMER_WORDS = {
    TimerKind.REMIND_TRANSFER: "nhắc chuyển giao",
    TimerKind.TRANSFER_DUE: "hạn vào sổ, chuyển giao",
    TimerKind.HAND_OVER_DUE: "hạn chuyển chuyên viên",
    TimerKind.REMIND_DEADLINE: "nhắc hạn xử lý",
    TimerKind.DEADLINE_DUE: "hạn xử lý",
    TimerKind.ACKNOWLEDGEMENT_DUE: "hạn nơi nhận xác nhận",
}


LINK_WORDS = {
    LinkKind.SAME_NUMBER: "cùng số, ký hiệu, khác nội dung với",
    LinkKind.SAME_FILE: "cùng tệp chính với",
    LinkKind.REPLACES: "thay thế",
}


def tell_work(work: Work, calendar: Calendar, handle_within: timedelta) -> None:
    """Print it below the document."""
    docket = work.docket
    label = docket.document.label
    say(f"{label}: {STATE_WORDS[docket.state]}; trạng thái {docket.status.value} {STATUS_WORDS[docket.status]}")
    if docket.document.direction is Direction.IN:
        for line in clocks_of(docket.document.received_at, calendar, handle_within).sums:
            say(f"  {line}")
    for link in work.links:
        say(f"  Liên quan: D{link.document_id} {LINK_WORDS[link.kind]} D{link.other_id}")
    for answer in docket.answers:
        place = f" (D{answer.document_id})" if answer.document_id is not None else ""
        say(f"  Văn bản trả lời: {one_line(answer.identifier)}{place}")
    if docket.opinion:
        say(f"  Ý kiến chỉ đạo: {one_line(docket.opinion)}")
    if docket.assignments:
        rows = [_part(part) for part in docket.assignments]
        print_table(f"Phân công {label}", ("Đơn vị", "Vai trò", "Tình trạng", "Hạn", "Chuyên viên", "Ghi chú"), rows)
    for request in docket.requests:
        say(f"  Đang chờ quyết định: {request.subject}, {request.asked_by} đề nghị lúc {when(request.asked_at)}")
    for sent in docket.submission.forwardings if docket.submission else ():
        _tell_forwarding(sent)
    if work.steps:
        rows = [(when(step.at), step.status.value, step.text, step.who) for step in work.steps]
        print_table(f"Quá trình xử lý {label}", ("Lúc", "Trạng thái", "Việc", "Ai"), rows)
    if work.corrections:
        rows = [(when(each.at), each.field, each.old or "", each.new or "", each.actor) for each in work.corrections]
        print_table(f"Sửa thông tin {label}", ("Lúc", "Mục", "Trước", "Sau", "Ai"), rows)
    waiting = [
        (_TIMER_WORDS[each.timer.kind], each.timer.subject, when(each.timer.due))
        for each in work.timers
        if each.fired_at is None
    ]
    if waiting:
        print_table(f"Hẹn giờ {label}", ("Việc", "Của", "Lúc"), waiting)


def _part(part: Assignment) -> tuple[object, ...]:
    return (
        part.unit,
        "chủ trì" if part.lead else "phối hợp",
        SHARE_WORDS[part.state],
        when(part.deadline) if part.deadline else "",
        part.specialist or "",
        one_line(part.note),
    )


def _tell_forwarding(sent: Forwarding) -> None:
    say(f"  Chuyển lần {sent.number} đến {sent.recipient} lúc {when(sent.ordered_at)}, theo lệnh {sent.ordered_by}")
    for words, at in (
        ("máy chủ đã nhận", sent.relayed_at),
        ("đã đến hộp thư", sent.delivered_at),
        ("không đến", sent.failed_at),
        ("máy tự động mở trang", sent.fetched_at),
        ("có người mở trang", sent.opened_at),
        (f"xác nhận đã nhận ({sent.acknowledged_by})", sent.acknowledged_at),
        ("có văn bản trả lời", sent.answered_at),
    ):
        if at is not None:
            say(f"    {words}: {when(at)}")


def work_json(work: Work) -> dict[str, Any]:
    """The work as one object; codes of the directory, moments in UTC."""
    docket = work.docket
    submission = docket.submission
    return {
        "document": docket.document.label,
        "state": docket.state.value,
        "status": docket.status.value,
        "opinion": docket.opinion,
        "presented_to": docket.presented_to,
        "assignments": [
            {
                "unit": part.unit,
                "lead": part.lead,
                "state": part.state.value,
                "deadline": _moment(part.deadline),
                "specialist": part.specialist,
                "note": part.note,
            }
            for part in docket.assignments
        ],
        "requests": [{"subject": each.subject, "by": each.asked_by} for each in docket.requests],
        "submission": {
            "declared": submission.declared.value,
            "approval": submission.approval.value,
            "forwardings": [_forwarding_json(sent) for sent in submission.forwardings],
        }
        if submission
        else None,
        "answers": [answer.identifier for answer in docket.answers],
        "links": [
            {"document": f"D{each.document_id}", "kind": each.kind.value, "other": f"D{each.other_id}"}
            for each in work.links
        ],
        "steps": [
            {"at": _moment(step.at), "status": step.status.value, "text": step.text, "by": step.who}
            for step in work.steps
        ],
        "timers": [
            {
                "kind": each.timer.kind.value,
                "subject": each.timer.subject,
                "due": _moment(each.timer.due),
                "fired_at": _moment(each.fired_at),
            }
            for each in work.timers
        ],
        "corrections": [
            {"at": _moment(each.at), "by": each.actor, "field": each.field, "old": each.old, "new": each.new}
            for each in work.corrections
        ],
    }


def _forwarding_json(sent: Forwarding) -> dict[str, Any]:
    moments = (
        "ordered_at",
        "relayed_at",
        "delivered_at",
        "failed_at",
        "fetched_at",
        "opened_at",
        "acknowledged_at",
        "answered_at",
    )
    told = {name: _moment(getattr(sent, name)) for name in moments}
    return {"number": sent.number, "to": sent.recipient, "by": sent.ordered_by, **told}


def _moment(at: datetime | None) -> str | None:
    return at.isoformat() if at else None
