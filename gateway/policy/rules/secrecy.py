"""State secrets have no place on this system."""

from __future__ import annotations

from collections.abc import Iterator

from gateway.model.finding import Finding, Outcome
from gateway.policy.answers import Answer
from gateway.policy.case import Case
from gateway.policy.secrecy.mail import sightings

_CLAUSE = "Điều 8 khoản 2 điểm a"

STATE_SECRET = Answer(
    "state_secret",
    "state_secret",
    _CLAUSE,
    Outcome.SEAL,
    "Văn bản có dấu chỉ độ mật; hệ thống không được gửi, nhận văn bản có nội dung bí mật nhà nước.",
    "Đề nghị không gửi lại qua thư điện tử; thực hiện chuyển giao theo pháp luật về bảo vệ bí mật nhà nước.",
)

PERHAPS_SECRET = Answer(
    "state_secret",
    "perhaps_secret",
    _CLAUSE,
    Outcome.HOLD,
    "Thư có chỗ giống dấu chỉ độ mật; văn thư phải xem trước khi tiếp nhận.",
    "Nếu là văn bản mật, đề nghị không gửi lại qua thư điện tử và báo ngay cho văn thư.",
    "Chỗ cần xem: {where}. Không chuyển tiếp, không tiêu hủy thư; nếu đúng là văn bản mật, báo người phụ trách bảo vệ "
    "bí mật nhà nước để niêm phong thư (vanthu quarantine seal).",
    example={"where": "tiêu đề thư, tên tệp"},
)
ANSWERS = (STATE_SECRET, PERHAPS_SECRET)


def state_secret(case: Case) -> Iterator[Finding]:
    """A mail with a secrecy mark is sealed, and quoted to nobody; where it may have one, a person looks."""
    found = list(sightings(case.parsed, [file.facts for file in (*case.files, *case.returned)]))
    if any(sighting.sign.certain for sighting in found):
        yield STATE_SECRET.finding()
    elif found:
        where = dict.fromkeys(sighting.where.value for sighting in found)
        yield PERHAPS_SECRET.finding(where=", ".join(where))
