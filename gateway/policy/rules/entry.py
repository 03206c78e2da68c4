"""What goes into the register, or is there already."""

from __future__ import annotations

from collections.abc import Iterator

from gateway.model.exchange import ExchangeBusiness
from gateway.model.facts import FileFacts
from gateway.model.finding import Finding, Outcome
from gateway.model.wording import sentence
from gateway.policy.answers import Answer
from gateway.policy.case import Case

_COUNTED = "Điều 11 khoản 1 điểm a"
_ENTERED = "Điều 11 khoản 1 điểm b"
_KNOWN = "Đã vào sổ: D17, số đến 12/2026, ngày 04/03/2026."

COUNTED = Answer(
    "counted",
    "counted",
    _COUNTED,
    Outcome.OK,
    "Đã kiểm tra số lượng: {documents} văn bản, {files} tệp, {pages}.",
    example={"documents": "1", "files": "2", "pages": "7 trang"},
)
PAGES_UNKNOWN = Answer(
    "counted",
    "pages_unknown",
    _COUNTED,
    Outcome.WARN,
    "Không xác định được số trang của tệp.",
    "Đề nghị nơi gửi cho biết số trang; văn thư đối chiếu khi mở tệp.",
)
PROBLEM = Answer(
    "counted",
    "problem",
    _COUNTED,
    Outcome.WARN,
    "{problem}",
    example={"problem": "Không đọc được tên của một tệp đính kèm."},
)
COUNT_DIFFERS = Answer(
    "counted",
    "count_differs",
    _COUNTED,
    Outcome.WARN,
    "Số lượng không khớp: {called} ghi {declared}; nhận được {found}.",
    "Đề nghị nơi gửi kiểm tra lại; nếu thiếu, gửi bổ sung và nói rõ là bổ sung cho thư này.",
    example={"called": "lời thư", "declared": "2 văn bản", "found": "1 văn bản (1 tệp)"},
)
NOT_COMPARABLE = Answer(
    "counted",
    "not_comparable",
    _COUNTED,
    Outcome.WARN,
    "Chưa đối chiếu được: {called} ghi {declared}, nhưng {unclear}.",
    note="Văn thư đối chiếu khi mở tệp.",
    example={"called": "lời thư", "declared": "15 trang", "unclear": "không xác định được số trang của mọi tệp"},
)
SOURCES_DISAGREE = Answer(
    "sources_agree",
    "sources_disagree",
    _ENTERED,
    Outcome.WARN,
    "{fields} đọc từ văn bản là “{read}”, {called} ghi “{other}”.",
    "Đề nghị nơi gửi kiểm tra lại, nếu có nhầm lẫn thì báo cho văn thư.",
    "Đã vào sổ theo văn bản; văn thư đối chiếu và sửa nếu cần.",
    {"fields": "Số, ký hiệu", "read": "955/QĐ-SGTVT", "called": "thông điệp edXML", "other": "956/QĐ-SGTVT"},
)
FIELDS_MISSING = Answer(
    "fields_read",
    "fields_missing",
    _ENTERED,
    Outcome.WARN,
    "Chưa đọc được từ trang đầu: {fields}.",
    "Văn thư bổ sung khi vào sổ.",
    example={"fields": "trích yếu, cơ quan ban hành"},
)
REPEAT = Answer(
    "duplicate",
    "repeat",
    _ENTERED,
    Outcome.WARN,
    "Văn bản này với đủ các tệp đã có trong sổ; không vào sổ lần nữa.",
    note="{known}",
    example={"known": _KNOWN},
)
CLASH = Answer(
    "duplicate",
    "clash",
    _ENTERED,
    Outcome.HOLD,
    "{clash}",
    "Văn thư đối chiếu hai văn bản; nếu là bản thay thế hoặc bổ sung, đề nghị nơi gửi nói rõ trong thư.",
    "{known}",
    {"clash": "Văn bản này đã có trong sổ, nhưng lần này thư có thêm tệp chưa có.", "known": _KNOWN},
)
REPLACES = Answer(
    "duplicate",
    "replaces",
    _ENTERED,
    Outcome.WARN,
    "Thông điệp edXML cho biết văn bản này {does} văn bản đã gửi trước đây.",
    note="{known}",
    example={"does": "thay thế", "known": _KNOWN},
)
REPLACES_UNKNOWN = Answer(
    "duplicate",
    "replaces_unknown",
    _ENTERED,
    Outcome.WARN,
    "Thông điệp edXML cho biết văn bản này {does} văn bản đã gửi trước đây, nhưng trong sổ không tìm thấy văn bản ấy.",
    "Đề nghị nơi gửi cho biết số, ký hiệu của văn bản trước.",
    example={"does": "cập nhật"},
)


def counted(case: Case) -> Iterator[Finding]:
    """The numbers of documents, files and pages are checked and recorded on receipt."""
    if not case.files:
        return
    known = [file.facts.pages for file in case.files if file.facts.pages is not None]
    pages = f"{sum(known)} trang" if len(known) == len(case.files) else f"{sum(known)} trang đếm được"
    yield COUNTED.finding(documents=len(case.candidates), files=len(case.files), pages=pages)
    for file in case.files:
        if file.facts.pages is None and _has_pages(file.facts):
            yield PAGES_UNKNOWN.finding(file.label)
    for problem in case.parsed.problems:
        yield PROBLEM.finding(problem=problem)
    for each in case.differences:
        called = f"{each.called} về “{each.document}”" if each.document else each.called
        if each.found:
            yield COUNT_DIFFERS.finding(called=called, declared=each.declared, found=each.found)
        else:
            label = each.document or case.files[0].label
            yield NOT_COMPARABLE.finding(label, called=each.called, declared=each.declared, unclear=each.unclear)


_PAGED = frozenset(
    {
        "application/pdf",
        "application/msword",
        "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    }
)


def _has_pages(facts: FileFacts) -> bool:
    return facts.type in _PAGED and not facts.encrypted and not facts.unknown


def fields_read(case: Case) -> Iterator[Finding]:
    """The register wants number, notation, date, type, abstract and issuer; what is missing is said."""
    for candidate in case.candidates:
        header = candidate.entry.header
        missing = [name for name, field in _REGISTER_FIELDS.items() if getattr(header, field) is None]
        if missing:
            yield FIELDS_MISSING.finding(candidate.entry.files[0].name or None, fields=", ".join(missing))


_REGISTER_FIELDS = {
    "số": "number",
    "ký hiệu": "notation",
    "ngày ban hành": "issued_on",
    "tên loại": "document_type",
    "trích yếu": "abstract",
    "cơ quan ban hành": "issuer",
}


def sources_agree(case: Case) -> Iterator[Finding]:
    """What another source says otherwise than page 1 is never chosen in silence: the sender and the clerk are told."""
    for candidate in case.candidates:
        for each in candidate.disagreements if candidate.repeats is None else ():
            yield SOURCES_DISAGREE.finding(
                candidate.entry.files[0].name or None,
                fields=sentence(each.fields).rstrip("."),
                read=each.read,
                called=each.called,
                other=each.other,
            )


def duplicate(case: Case) -> Iterator[Finding]:
    """A document already in the register is not numbered twice (also Nghị định 30/2020 Phụ lục VI)."""
    for candidate in case.candidates:
        name = candidate.entry.files[0].name or None
        if candidate.repeats is not None:
            yield REPEAT.finding(name, known=candidate.known)
        elif candidate.clash is not None:
            yield CLASH.finding(name, clash=candidate.clash, known=candidate.known)
        if candidate.repeats is None and (does := _SUPERSEDES.get(candidate.business or ExchangeBusiness.NEW)):
            known = bool(candidate.known)
            yield (
                REPLACES.finding(name, does=does, known=candidate.known)
                if known
                else REPLACES_UNKNOWN.finding(name, does=does)
            )


_SUPERSEDES = {ExchangeBusiness.UPDATE: "cập nhật", ExchangeBusiness.REPLACE: "thay thế"}
