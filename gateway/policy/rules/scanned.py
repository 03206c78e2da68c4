"""What the virus scanner said."""

from __future__ import annotations

from collections.abc import Iterator

from gateway.model.facts import Scan, ScanVerdict
from gateway.model.finding import Finding, Outcome
from gateway.policy.answers import Answer
from gateway.policy.case import Case

CLAUSE = "Điều 8 khoản 1 điểm a"

INFECTED = Answer(
    "infected",
    "infected",
    CLAUSE,
    Outcome.REFUSE,
    "Phần mềm diệt vi-rút phát hiện mã độc “{virus}”.",
    "Đề nghị quét, diệt mã độc trên máy tính đã lập tệp, tạo lại tệp sạch và gửi lại văn bản.",
    example={"virus": "Eicar-Test-Signature"},
)
NOT_SCANNED = Answer(
    "not_scanned",
    "not_scanned",
    CLAUSE,
    Outcome.HOLD,
    "Chưa quét được mã độc: {cause}.",
    "Nếu tệp quá lớn hoặc có mật khẩu, đề nghị chia nhỏ hoặc bỏ mật khẩu rồi gửi lại.",
    "Xem xét trước khi quyết định; không mở tệp chưa quét.",
    example={"cause": "tệp 114 MB vượt giới hạn quét 100 MB"},
)


def infected(case: Case) -> Iterator[Finding]:
    """Nothing with a virus passes; every part and the whole mail are scanned."""
    for name, scan in _all_scans(case):
        if scan.verdict is ScanVerdict.INFECTED:
            yield INFECTED.finding(name, virus=scan.name)


def not_scanned(case: Case) -> Iterator[Finding]:
    """What the scanner could not read is neither clean nor infected: a person decides."""
    for name, scan in _all_scans(case):
        if scan.verdict is ScanVerdict.NOT_SCANNED:
            yield NOT_SCANNED.finding(name, cause=scan.name or "không rõ nguyên nhân")


def _all_scans(case: Case) -> Iterator[tuple[str, Scan]]:
    for file in case.files:
        yield file.label, file.scan
    yield from case.scans
