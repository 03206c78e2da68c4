"""Checks that came to no end: what is not known is not passed."""

from __future__ import annotations

from collections.abc import Iterator

from gateway.model.facts import INSPECTION, ScanVerdict
from gateway.model.finding import Finding, Outcome
from gateway.model.wording import sentence
from gateway.policy.answers import Answer
from gateway.policy.case import Case, Examined
from gateway.policy.formats import FormatAnswer, FormatVerdict
from gateway.policy.header.sign import CHECK as OF_SECRECY
from gateway.policy.rules.scanned import NOT_SCANNED

CLAUSE = "Điều 11 khoản 1 điểm a"

INCOMPLETE = Answer(
    "opened_whole",
    "incomplete",
    CLAUSE,
    Outcome.HOLD,
    "Thư bị cắt trên đường truyền, hoặc quá lớn nên chưa mở được hết để kiểm tra số lượng văn bản.",
    "Đề nghị gửi lại thư; nếu thư có rất nhiều tệp, đề nghị chia ra nhiều thư.",
    "{problems}",
    example={"problems": "Thư kết thúc giữa chừng, thiếu phần cuối."},
)
PASSWORD = Answer(
    "readable",
    "password",
    CLAUSE,
    Outcome.HOLD,
    "Tệp được đặt mật khẩu nên không kiểm tra được số trang, nội dung và mã độc.",
    "Đề nghị gửi lại tệp không đặt mật khẩu.",
)
LOCKED = Answer(
    "readable",
    "locked",
    CLAUSE,
    Outcome.HOLD,
    "Tệp không mở được ({kind}); không kiểm tra được nội dung và mã độc bên trong.",
    "{remedy}",
    "Không mở tệp này trên máy tính của cơ quan khi chưa hỏi lại nơi gửi.",
    {
        "kind": "tệp nén đặt mật khẩu",
        "remedy": "Đề nghị giải nén, đính kèm từng văn bản riêng, không đặt mật khẩu, rồi gửi lại.",
    },
)
UNOPENED = Answer(
    "readable",
    "unopened",
    CLAUSE,
    Outcome.HOLD,
    "{told}",
    "{remedy}",
    "Chưa kiểm tra hết bên trong; không mở tệp này khi chưa hỏi lại nơi gửi.",
    {
        "told": "Tệp nén không mở được hết: có quá 200 tệp bên trong.",
        "remedy": "Đề nghị giải nén, đính kèm từng văn bản riêng rồi gửi lại.",
    },
)
NOT_KNOWN = Answer(
    "readable",
    "not_known",
    CLAUSE,
    Outcome.HOLD,
    "Chưa kiểm tra được {check}: {cause}.",
    "Đề nghị mở thử tệp, xuất lại tệp nguyên vẹn và gửi lại; văn thư xem xét trường hợp này.",
    example={"check": "nội dung và số trang", "cause": "tệp hỏng hoặc có cấu trúc không đọc được"},
)

CHECK_NAMES = {
    "type": "định dạng thật",
    "text": "nội dung và số trang",
    "active": "nội dung có thể tự chạy",
    "header": "thể thức trang đầu",
    "signatures": "chữ ký số",
    "inspection": "tệp",
}


def opened_whole(case: Case) -> Iterator[Finding]:
    """A mail with more in it than may be opened is not registered on the strength of a part of it."""
    if case.parsed.incomplete:
        yield INCOMPLETE.finding(problems=" ".join(case.parsed.problems))


def readable(case: Case) -> Iterator[Finding]:
    """A check that did not come to an end holds the document; so does what nobody here can open."""
    for file in case.files:
        told = case.content.formats.verdict_for(file.facts.type, file.part.name)
        if told.answer is FormatAnswer.HELD:
            yield _closed(file, told)
        elif file.facts.encrypted:
            yield PASSWORD.finding(file.label)
        for check, cause in sorted(file.facts.unknown.items()):
            if check == OF_SECRECY or (check == INSPECTION and _told_by_scan(file, case)):
                continue
            yield NOT_KNOWN.finding(file.label, check=CHECK_NAMES.get(check, check), cause=cause)
    for carrier in case.carriers:
        for check, cause in sorted(carrier.facts.unknown.items()):
            if not (check == INSPECTION and _told_by_scan(carrier, case)):
                yield NOT_KNOWN.finding(carrier.label, check=CHECK_NAMES.get(check, check), cause=cause)


def _closed(file: Examined, told: FormatVerdict) -> Finding:
    if "unopened=" not in file.facts.type:
        return LOCKED.finding(file.label, kind=told.text, remedy=told.remedy)
    return UNOPENED.finding(file.label, told=sentence(f"{told.text}: {file.part.reason}"), remedy=told.remedy)


def _told_by_scan(file: Examined, case: Case) -> bool:
    """Whether the file stays closed for its scan, of which another rule speaks."""
    unscanned = file.scan.verdict is ScanVerdict.NOT_SCANNED and NOT_SCANNED.rule not in case.waived
    return unscanned or file.scan.verdict is ScanVerdict.INFECTED
