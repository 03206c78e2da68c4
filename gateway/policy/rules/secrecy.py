"""State secrets have no place on this system."""

from __future__ import annotations

from collections.abc import Iterator

from gateway.model.finding import Finding, Outcome
from gateway.policy.answers import Answer
from gateway.policy.case import Case

STATE_SECRET = Answer(
    "state_secret",
    "state_secret",
    "Điều 8 khoản 2 điểm a",
    Outcome.HOLD,
    "Văn bản có dấu chỉ độ mật; hệ thống không được gửi, nhận văn bản có nội dung bí mật nhà nước.",
    "Đề nghị không gửi lại qua thư điện tử; thực hiện chuyển giao theo pháp luật về bảo vệ bí mật nhà nước.",
)


def state_secret(case: Case) -> Iterator[Finding]:
    """A mail with a secrecy mark is sealed, and quoted to nobody."""
    if any(file.facts.marks.secrecy for file in case.files):
        yield STATE_SECRET.finding()
