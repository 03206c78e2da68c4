"""Names of files that mislead."""

from __future__ import annotations

from collections.abc import Iterator

from gateway.model.finding import Finding, Outcome
from gateway.policy.answers import Answer
from gateway.policy.case import Case
from gateway.policy.file_names import NameTrick, trick

CLAUSE = "Điều 8 khoản 1 điểm a"
_RENAME = "Đề nghị đặt lại tên tệp bằng chữ cái, chữ số thông dụng, đúng đuôi của định dạng, rồi gửi lại."
_NOTE = "Tên tệp kiểu này thường dùng để che giấu mã độc; không mở tệp khi chưa hỏi lại nơi gửi."


def _answer(name: str, found: str, outcome: Outcome = Outcome.HOLD, **example: str) -> Answer:
    return Answer("file_name", name, CLAUSE, outcome, found, _RENAME, _NOTE, example)


SENT_NAME = _answer(
    "sent_name",
    "Tên tệp khi gửi {trick}.",
    trick="có ký tự đảo chiều chữ, làm đuôi tên tệp hiện ra khác đi",
)
FOREIGN_LETTERS = _answer(
    "foreign_letters", "Đuôi tên tệp có chữ không phải chữ La-tinh, nhìn giống đuôi của định dạng khác."
)
CLASS_ID = _answer("class_id", "Tên tệp có mã lớp chương trình của Windows thay cho đuôi tên tệp.")
DEVICE = _answer("device", "Tên tệp trùng tên thiết bị của Windows nên không lưu được trên máy tính.")
STREAM = _answer("stream", "Tên tệp chỉ tới một phần ẩn của tệp khác.")
INNER_PROGRAM = _answer("inner_program", "Tên tệp có hai đuôi, đuôi đứng trước là đuôi của chương trình.", Outcome.WARN)
ANSWERS = (SENT_NAME, FOREIGN_LETTERS, CLASS_ID, DEVICE, STREAM, INNER_PROGRAM)

_BY_TRICK = {
    NameTrick.FOREIGN_LETTERS: FOREIGN_LETTERS,
    NameTrick.CLASS_ID: CLASS_ID,
    NameTrick.DEVICE: DEVICE,
    NameTrick.STREAM: STREAM,
    NameTrick.INNER_PROGRAM: INNER_PROGRAM,
}


def file_name(case: Case) -> Iterator[Finding]:
    """A name that shows people another kind of file than the computer will open holds the mail."""
    for file in case.files:
        if sent := case.parsed.name_tricks.get(file.part.path):
            yield SENT_NAME.finding(file.label, trick=sent)
        if found := trick(file.part.name, case.content.formats.runs):
            yield _BY_TRICK[found].finding(file.label)
