"""Content that runs, fetches or overwhelms when somebody opens it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from gateway.model.facts import ActiveContent, ActiveKind
from gateway.model.finding import Finding, Outcome
from gateway.policy.answers import Answer
from gateway.policy.case import Case

CLAUSE = "Điều 8 khoản 1 điểm a"
PLACES_TOLD = 3
DETAILS_TOLD = 3
_NOWHERE = "nội dung tệp"
_NOTHING = "không rõ chi tiết"

ACTIVE_CONTENT = Answer(
    "active_content",
    "active_content",
    CLAUSE,
    Outcome.HOLD,
    "{found}",
    "{mend}",
    "Không mở tệp và không bấm “Enable Content”, “Bật nội dung” khi chưa hỏi lại nơi gửi.",
    example={
        "found": "Tệp có macro (đoạn mã lập trình trong tài liệu): mã VBA: Module1; tại word/vbaProject.bin.",
        "mend": "Đề nghị bỏ macro, lưu thành .docx, .xlsx hoặc .pdf rồi gửi lại.",
    },
)


def active_content(case: Case) -> Iterator[Finding]:
    """Each kind of content that could run is told once a file, and answered by the table."""
    for file in case.files:
        by_kind: dict[ActiveKind, list[ActiveContent]] = {}
        for content in file.facts.active:
            by_kind.setdefault(content.kind, []).append(content)
        for kind, contents in by_kind.items():
            row = case.content.active.row_for(kind)
            if row.outcome is Outcome.OK:
                continue
            place = _joined((content.place for content in contents), PLACES_TOLD) or _NOWHERE
            detail = _joined((content.detail for content in contents), DETAILS_TOLD) or _NOTHING
            found = row.found.format(place=place, detail=detail)
            yield ACTIVE_CONTENT.finding(file.label, outcome=row.outcome, found=found, mend=row.mend)


def _joined(texts: Iterable[str], most: int) -> str:
    """The first few different texts; addresses in them are written so that no program makes links of them."""
    different = [text.replace("://", "[:]//") for text in dict.fromkeys(texts) if text]
    more = f" và {len(different) - most} chỗ khác" if len(different) > most else ""
    return ", ".join(different[:most]) + more
