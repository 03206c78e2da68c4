"""The code of the letters that a document is written in."""

from __future__ import annotations

from collections.abc import Iterator

from gateway.model.facts import FileFacts
from gateway.model.finding import Finding, Outcome
from gateway.model.page import TextEncoding
from gateway.policy.answers import Answer
from gateway.policy.case import Case

CLAUSE = "Điều 5 khoản 5 điểm a"
NAMES = {TextEncoding.TCVN3: "TCVN3 (ABC)", TextEncoding.VNI: "VNI Windows", TextEncoding.VPS: "VPS"}

_FOUND = "Chữ Việt trong tệp viết theo bảng mã cũ {code}, không phải Unicode (TCVN 6909:2001)."
_CONVERT = (
    "sao chép toàn bộ nội dung, bấm Ctrl+Shift+F6 để mở công cụ chuyển mã của Unikey, chọn bảng mã nguồn {code}, "
    "bảng mã đích Unicode, chuyển mã rồi dán lại và đặt phông Times New Roman; tệp PDF thì làm ở tệp gốc rồi xuất lại."
)
_EXAMPLE = {"code": NAMES[TextEncoding.TCVN3]}

CONVERTED = Answer(
    "unicode_letters",
    "converted",
    CLAUSE,
    Outcome.WARN,
    _FOUND,
    f"Đề nghị lần sau chuyển sang Unicode trước khi gửi: {_CONVERT}",
    "Nội dung trong sổ do máy chuyển sang Unicode, đề nghị đối chiếu số, ký hiệu, trích yếu với tệp gốc{doubts}.",
    example=_EXAMPLE | {"doubts": " (khi chuyển từ bảng mã TCVN3 (ABC) sang Unicode có 2 từ không chắc đúng)"},
)
REFUSED = Answer(
    "unicode_letters",
    "refused",
    CLAUSE,
    Outcome.REFUSE,
    _FOUND,
    f"Đề nghị chuyển sang Unicode rồi gửi lại: {_CONVERT}",
    example=_EXAMPLE,
)


def unicode_letters(case: Case) -> Iterator[Finding]:
    """Documents are written in Unicode; others are taken with a warning, or refused where the office has decided so."""
    for file in case.files:
        code = NAMES.get(file.facts.encoding)
        if code and case.content.refuse_legacy:
            yield REFUSED.finding(file.label, code=code)
        elif code:
            yield CONVERTED.finding(file.label, code=code, doubts=_doubts(file.facts))


def _doubts(facts: FileFacts) -> str:
    return f" ({'; '.join(facts.notes)})" if facts.notes else ""
