"""Mail of machines."""

from __future__ import annotations

from collections.abc import Iterator

from gateway.model.finding import Finding, Outcome
from gateway.policy.answers import Answer
from gateway.policy.case import Case

AUTOMATIC_MAIL = Answer(
    "automatic_mail",
    "automatic_mail",
    "Điều 11 khoản 1 điểm a",
    Outcome.HOLD,
    "{reason}; thư tự động không được tự vào sổ.",
    note="Xem có phải văn bản gửi chính thức không; thư này không được trả lời.",
    example={"reason": "Thư do máy tự động gửi (Auto-Submitted: auto-generated)"},
)


def automatic_mail(case: Case) -> Iterator[Finding]:
    """A machine registers nothing: what it sends with documents waits for the clerk, and is not answered."""
    reason = by_machine(case)
    if reason and case.files:
        yield AUTOMATIC_MAIL.finding(reason=reason.rstrip("."))


def by_machine(case: Case) -> str | None:
    """Why nobody is behind a mail, in Vietnamese; None where a person may be."""
    if case.parsed.automatic:
        return case.parsed.automatic
    if case.to_report_address:
        return "Thư gửi tới địa chỉ chỉ nhận báo cáo chuyển phát"
    return "Thư có địa chỉ trả lại rỗng, chỉ máy mới gửi như vậy" if case.null_path else None
