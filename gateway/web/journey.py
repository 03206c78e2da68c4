"""The way of a submission to the province, as the page tells it: what happened when, and what has not yet."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from gateway.model.agency import Agency
from gateway.model.docket import Approval, Docket, Forwarding, RequestKind, Submission

_APPROVAL_NOTES = {
    Approval.PENDING: "Đang chờ ý kiến.",
    Approval.GIVEN: "Đã có ý kiến đồng ý chuyển.",
    Approval.DECLINED: "Chưa được đồng ý chuyển.",
}


@dataclass(frozen=True, slots=True)
class Leg:
    """One stretch of the way. `at` is None where it is not done, or nobody told us when; `failed` is a dead end."""

    words: str
    at: datetime | None = None
    done: bool = False
    note: str = ""
    failed: bool = False


def journey(docket: Docket, agency: Agency) -> tuple[Leg, ...]:
    """The legs in their order (Điều 5 khoản 4), by the last forwarding; empty for what is no submission."""
    submission = docket.submission
    if submission is None:
        return ()
    last = submission.forwardings[-1] if submission.forwardings else None
    received = _reached("Văn thư tiếp nhận", docket.document.registered_at)
    return (received, _report(docket, submission), *_travel(last, submission, agency), *_arrival(last, docket))


def _report(docket: Docket, submission: Submission) -> Leg:
    asked = docket.open_request(RequestKind.FORWARD.value)
    decided = submission.approval in {Approval.GIVEN, Approval.DECLINED}
    leg = Leg("Báo cáo Giám đốc", done=asked is not None or decided or bool(submission.forwardings))
    if not leg.done:
        return leg
    return replace(leg, at=asked.asked_at if asked else None, note=_APPROVAL_NOTES.get(submission.approval, ""))


def _travel(last: Forwarding | None, submission: Submission, agency: Agency) -> tuple[Leg, ...]:
    sent = _reached(f"Chuyển {agency.superior}", last.ordered_at if last else None)
    if last and len(submission.forwardings) > 1:
        sent = replace(sent, note=f"Lần chuyển thứ {last.number}.")
    relayed = _reached("Máy chủ thư đã nhận", last.relayed_at if last else None)
    arrived = _reached("Đã đến hộp thư", last.delivered_at if last else None)
    if last and last.failed_at and not _got_through(last):
        note = "Thư chuyển không tới được hộp thư; văn thư đang xem xét để chuyển lại."
        return sent, relayed, Leg("Chưa đến hộp thư", last.failed_at, done=True, note=note, failed=True)
    return sent, relayed, arrived


def _got_through(forwarding: Forwarding) -> bool:
    """Whether something later than the failure shows that it came all the same."""
    return any((forwarding.delivered_at, forwarding.opened_at, forwarding.acknowledged_at, forwarding.answered_at))


def _arrival(last: Forwarding | None, docket: Docket) -> tuple[Leg, ...]:
    opened = Leg("Đã mở trang theo dõi")
    if last and last.opened_at:
        opened = replace(opened, at=last.opened_at, done=True, note="Có vẻ do người mở.")
    elif last and last.fetched_at:
        opened = replace(opened, at=last.fetched_at, done=True, note="Máy tự động truy cập; chưa thấy người mở.")
    acknowledged = _reached("Đã xác nhận nhận đủ", last.acknowledged_at if last else None)
    if last and acknowledged.done:
        acknowledged = replace(acknowledged, note=last.acknowledged_by)
    answered = _reached("Đã có văn bản trả lời", last.answered_at if last else None)
    if answered.done:
        answered = replace(answered, note="; ".join(answer.identifier for answer in docket.answers))
    return opened, acknowledged, answered


def _reached(words: str, at: datetime | None) -> Leg:
    return Leg(words, at, done=at is not None)
