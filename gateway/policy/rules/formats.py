"""What a mail must bring, and in which formats."""

from __future__ import annotations

from collections.abc import Iterator

from gateway.model.finding import Finding, Outcome
from gateway.model.mail import MailKind
from gateway.model.part import CARRIES_DOCUMENT, PartDecision
from gateway.model.wording import sentence
from gateway.policy.answers import Answer
from gateway.policy.case import Case, Examined
from gateway.policy.formats import FormatAnswer

_ATTACHED = "Điều 5 khoản 5 điểm b"
_FORMATS = "Điều 5 khoản 5 điểm c"

NO_FILE = Answer(
    "attachment_required",
    "no_file",
    _ATTACHED,
    Outcome.REFUSE,
    "Thư không có tệp văn bản đính kèm; nội dung chỉ viết trong thư chưa phải là văn bản điện tử.",
    "Đề nghị đính kèm tệp có nội dung như bản giấy (nên dùng PDF đã ký số) và gửi lại.",
)
EMPTY_FILES = Answer(
    "attachment_required",
    "empty_files",
    _ATTACHED,
    Outcome.REFUSE,
    "Tệp đính kèm {files} rỗng (0 byte); thư không có tệp văn bản nào có nội dung.",
    NO_FILE.mend,
    example={"files": "“QD 12.pdf”"},
)
NOT_ALLOWED = Answer(
    "allowed_format",
    "not_allowed",
    _FORMATS,
    Outcome.REFUSE,
    "{told}",
    "{remedy}",
    example={
        "told": "Không nhận tệp nén.",
        "remedy": "Đề nghị giải nén, đính kèm từng văn bản riêng rồi gửi lại.",
    },
)
NAME_DIFFERS = Answer(
    "allowed_format",
    "name_differs",
    _FORMATS,
    Outcome.WARN,
    "{told}",
    "{remedy}",
    example={
        "told": "Tên tệp có đuôi .doc nhưng nội dung là tài liệu PDF.",
        "remedy": "Đề nghị đặt lại đuôi tên tệp là .pdf rồi gửi lại.",
    },
)


def attachment_required(case: Case) -> Iterator[Finding]:
    """A document mail carries at least one file with the content of the paper original."""
    if any(not message.brings_document for message in case.parsed.exchanges):
        return  # a recall, or a status: whoever sends one is not asked for a document
    if case.parsed.incomplete and case.parsed.exchanges:
        return  # its files are there and could not be had
    if case.parsed.kind in {MailKind.DOCUMENT, MailKind.REPLY} and not case.files:
        empty = [f"“{part.name}”" for part in case.parsed.parts if part.name and part.size == 0]
        yield EMPTY_FILES.finding(files=", ".join(empty)) if empty else NO_FILE.finding()


def allowed_format(case: Case) -> Iterator[Finding]:
    """Only the formats of the table are taken, told by content; a name that claims another one is told to the clerk.

    A program is refused in whatever part of the mail it hides. Of what a recall brings along nothing else is refused:
    it is no document to be entered.
    """
    names = [file.part.name for file in case.files]
    for file in case.files:
        if _is_of_a_recall(file, case) and not case.content.formats.runs_hidden(file.facts.type, file.part.name):
            continue
        told = case.content.formats.verdict_for(file.facts.type, file.part.name, names)
        if answer := _ANSWERS.get(told.answer):
            yield answer.finding(file.label, told=sentence(told.text), remedy=told.remedy)
    yield from _hidden_programs(case)


def _is_of_a_recall(file: Examined, case: Case) -> bool:
    around = [message for message in case.parsed.exchanges if file.part.path.startswith(f"{message.path}.")]
    return bool(around) and not any(message.brings_document for message in around)


def _hidden_programs(case: Case) -> Iterator[Finding]:
    """What a report returns is our own; a text without a name is shown, never run; folder settings parse has read."""
    for part in case.parsed.parts if case.parsed.kind is not MailKind.REPORT else ():
        shown = part.decision is PartDecision.BODY and not part.name and part.type.startswith("text/")
        settings = part.decision is PartDecision.IGNORED and part.name.lower() == "desktop.ini"
        if part.decision in CARRIES_DOCUMENT or not part.size or shown or settings:
            continue
        if told := case.content.formats.runs_hidden(part.type, part.name):
            where = part.name or f"phần {part.path} của thư"
            yield NOT_ALLOWED.finding(where, told=sentence(told.text), remedy=told.remedy)


_ANSWERS = {FormatAnswer.NOT_ALLOWED: NOT_ALLOWED, FormatAnswer.NAME_DIFFERS: NAME_DIFFERS}
