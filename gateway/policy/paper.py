"""Whether paper goes with a document: the lists of Điều 5 khoản 1, 2 and 3, and the Director's word on one of them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from gateway.model.header import HeaderFields
from gateway.model.paper import Paper, PaperDuty
from gateway.model.signature import SignatureVerdict
from gateway.policy.header.text import squeeze
from gateway.policy.phrases import comparable, lowered, one_of_phrases
from gateway.policy.signing import Signed, SigningRole

ELECTRONIC_CLAUSE, PAPER_CLAUSE, SIGNED_CLAUSE = (f"Điều 5 khoản {number}" for number in (1, 2, 3))
DIRECTOR_CLAUSE = ELECTRONIC_CLAUSE
"""Where the Director's word on directives stands."""

_BY_DIRECTOR = "Giám đốc "
_REMAINDER = "Văn bản ngoài các loại ở khoản 1"
_LONGEST_ABSTRACT = 2000
_YEAR = re.compile(r"(?:19|20)\d\d/")
_ROW_KEYS = frozenset({"list", "item", "types", "except_types", "with_year", "words"})
_MOST_DAYS = 366
_VALID = frozenset({SignatureVerdict.VALID, SignatureVerdict.VALID_WEAK})
_SEALS = frozenset({SigningRole.SEAL, SigningRole.SEAL_ON_NUMBER, SigningRole.SEAL_ON_DATE})
_OF_ISSUER = _SEALS | {SigningRole.APPROVAL}


class PaperList(StrEnum):
    """A list of the regulation: khoản 1, khoản 2, or both at once."""

    ELECTRONIC = "electronic"
    PAPER = "paper"
    DIRECTIVE = "directive"


@dataclass(frozen=True, slots=True)
class PaperRow:
    """Documents of these types whose type or abstract has one of `words`; what is empty is not asked for.

    `with_year` True wants a year in the notation, as legal documents have it, False wants none there.
    """

    item: str
    types: frozenset[str] = frozenset()
    except_types: frozenset[str] = frozenset()
    words: re.Pattern[str] | None = None
    with_year: bool | None = None

    def fits(self, header: HeaderFields) -> bool:
        """Whether a document with this header is one of them."""
        kind = comparable(header.document_type or "")
        if (self.types and kind not in self.types) or kind in self.except_types:
            return False
        if self.with_year is not None and self.with_year is not bool(_YEAR.match(header.notation or "")):
            return False
        text = lowered(f"{header.document_type or ''} {(header.abstract or '')[:_LONGEST_ABSTRACT]}")
        return self.words is None or self.words.search(text) is not None


@dataclass(frozen=True, slots=True)
class PaperTable:
    """config/policy/paper.toml: `rows` in the order of precedence, `archived` the exceptions of khoản 3.

    `directives` is the list that directives go by, `remind_after` when the clerks are reminded of paper, None for
    never.
    """

    rows: tuple[tuple[PaperList, PaperRow], ...]
    archived: tuple[PaperRow, ...]
    directives: PaperList
    remind_after: timedelta | None

    @staticmethod
    def from_table(table: Mapping[str, Any]) -> PaperTable:
        """Raises ValueError, in Vietnamese, for what is missing, unknown or of the wrong kind."""
        unknown = table.keys() - {"directives", "remind_after_days", "row", "archived"}
        if unknown:
            raise ValueError(f"không có khóa {', '.join(sorted(unknown))}")
        directives = table.get("directives")
        if directives not in {PaperList.ELECTRONIC, PaperList.PAPER}:
            raise ValueError('directives: phải là "electronic" hoặc "paper"')
        days = table.get("remind_after_days")
        if type(days) is not int or not 0 <= days <= _MOST_DAYS:
            raise ValueError(f"remind_after_days: phải là số nguyên từ 0 đến {_MOST_DAYS}")
        rows = tuple((_list_of(row), _row_of(row)) for row in _rows(table, "row"))
        if {kind for kind, _ in rows} != set(PaperList):
            raise ValueError("row: phải có đủ dòng của electronic, paper và directive")
        return PaperTable(
            rows=rows,
            archived=tuple(_row_of(row) for row in _rows(table, "archived")),
            directives=PaperList(directives),
            remind_after=timedelta(days=days) if days else None,
        )


def paper_duty(header: HeaderFields, signed: Sequence[Signed], table: PaperTable, since: datetime) -> Paper:
    """The duty of a document that came at `since`; `signed` are the signatures of its main file."""
    if not (header.document_type or "").strip():
        reason = "Chưa đọc được tên loại văn bản, văn thư bổ sung để xác định có phải gửi bản giấy hay không."
        return Paper(PaperDuty.UNKNOWN, PAPER_CLAUSE, reason)
    kind, row = _first_fitting(header, table)
    item = row.item if row else _REMAINDER
    if kind is PaperList.DIRECTIVE:
        return _of_directive(item, signed, header, table, since)
    if kind is PaperList.ELECTRONIC:
        return Paper(PaperDuty.NONE, ELECTRONIC_CLAUSE, f"{item}: chỉ gửi qua mạng, không kèm bản giấy.")
    return _on_paper(item, signed, header, table, since)


def _first_fitting(header: HeaderFields, table: PaperTable) -> tuple[PaperList, PaperRow | None]:
    return next(((kind, row) for kind, row in table.rows if row.fits(header)), (PaperList.PAPER, None))


def _of_directive(
    item: str, signed: Sequence[Signed], header: HeaderFields, table: PaperTable, since: datetime
) -> Paper:
    """Listed in khoản 1 and in khoản 2: by the table, and by the Director's word on the one document."""
    if table.directives is PaperList.PAPER:
        return _on_paper(f"{item}, theo ý kiến chung của Giám đốc", signed, header, table, since)
    reason = f"{item}: chỉ gửi qua mạng, không kèm bản giấy, trừ khi Giám đốc có ý kiến chỉ đạo."
    return Paper(PaperDuty.NONE, ELECTRONIC_CLAUSE, reason)


def _on_paper(item: str, signed: Sequence[Signed], header: HeaderFields, table: PaperTable, since: datetime) -> Paper:
    due = since + table.remind_after if table.remind_after else None
    doubt = _doubt(signed)
    if doubt:
        return Paper(PaperDuty.ALSO, PAPER_CLAUSE, f"{item}: gửi qua mạng và kèm bản giấy; {doubt}.", due)
    archived = next((row.item for row in table.archived if row.fits(header)), None)
    if archived is None:
        reason = f"{item}: đã ký số hợp lệ nên không phải gửi kèm bản giấy."
        return Paper(PaperDuty.WAIVED, SIGNED_CLAUSE, reason)
    reason = f"{archived}: phải lưu bản giấy tại cơ quan nhận, dù đã ký số."
    return Paper(PaperDuty.DESPITE, SIGNED_CLAUSE, reason, due)


def _doubt(signed: Sequence[Signed]) -> str:
    """Why the signatures do not stand for the paper, empty where they do: every one of the issuer's has to be valid.

    The agency's has to be among them (Điều 6 khoản 4): whose a person's is, any citizen's for all we know, nobody says.
    """
    own = [each.signature for each in signed if each.role in _OF_ISSUER]
    if not own:
        return "văn bản không có chữ ký số của cơ quan ban hành" if signed else "văn bản không ký số"
    if not any(each.role in _SEALS for each in signed):
        return "văn bản không có chữ ký số của cơ quan (con dấu)"
    if all(signature.verdict in _VALID for signature in own):
        return ""
    return "chữ ký số của cơ quan ban hành chưa được xác nhận là hợp lệ"


def required(paper: Paper, reason: str, now: datetime, table: PaperTable) -> Paper:
    """The Director wants the paper (Điều 5 khoản 1), whatever the lists say. Raises ValueError without a reason."""
    due = paper.due_at or (now + table.remind_after if table.remind_after else None)
    told = f"{_BY_DIRECTOR}yêu cầu gửi bản giấy: {_reason(reason)}."
    return replace(paper, duty=PaperDuty.ALSO, clause=DIRECTOR_CLAUSE, reason=told, due_at=due)


def waived(paper: Paper, reason: str) -> Paper:
    """The Director does without the paper, whatever the lists say. Raises ValueError without a reason."""
    told = f"{_BY_DIRECTOR}cho phép không gửi bản giấy: {_reason(reason)}."
    return replace(paper, duty=PaperDuty.NONE, clause=DIRECTOR_CLAUSE, reason=told, due_at=None)


def read_anew(before: Paper, after: Paper) -> Paper:
    """What the lists say of a document whose header was corrected; the Director's word stands, and so does receipt."""
    return before if before.reason.startswith(_BY_DIRECTOR) else replace(after, received_at=before.received_at)


def received(paper: Paper, at: datetime, arrived: datetime, now: datetime) -> Paper:
    """The paper came. Raises ValueError for paper that came before, and for a moment that cannot be."""
    if paper.received_at is not None:
        raise ValueError("bản giấy đã được ghi nhận từ trước")
    if at > now:
        raise ValueError("ngày nhận bản giấy chưa tới")
    if at < arrived - timedelta(days=_MOST_DAYS):
        raise ValueError("ngày nhận bản giấy trước ngày nhận văn bản quá một năm")
    return replace(paper, received_at=at)


def _reason(text: str) -> str:
    reason = squeeze(text).rstrip(" .")
    if not reason:
        raise ValueError("chưa nêu lý do")
    return reason


def _rows(table: Mapping[str, Any], key: str) -> Iterator[Mapping[str, Any]]:
    rows = table.get(key, [])
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        raise ValueError(f"{key}: phải là danh sách các mục [[{key}]]")
    for number, row in enumerate(rows, 1):
        unknown = row.keys() - _ROW_KEYS
        if unknown:
            raise ValueError(f"{key} {number}: không có khóa {', '.join(sorted(unknown))}")
        yield row


def _list_of(row: Mapping[str, Any]) -> PaperList:
    try:
        return PaperList(row["list"])
    except (KeyError, ValueError):
        raise ValueError(f'{row.get("item", "row")}: list phải là "electronic", "paper" hoặc "directive"') from None


def _row_of(row: Mapping[str, Any]) -> PaperRow:
    item, with_year = row.get("item"), row.get("with_year")
    if not isinstance(item, str) or not item.strip():
        raise ValueError("mỗi mục phải có item")
    if with_year is not None and not isinstance(with_year, bool):
        raise ValueError(f"{item}: with_year phải là true hoặc false")
    types, excepted, words = (_texts(row, key) for key in ("types", "except_types", "words"))
    if not types and not words:
        raise ValueError(f"{item}: phải có types hoặc words")
    return PaperRow(
        item=item.strip(),
        types=frozenset(map(comparable, types)),
        except_types=frozenset(map(comparable, excepted)),
        words=one_of_phrases(words) if words else None,
        with_year=with_year,
    )


def _texts(row: Mapping[str, Any], key: str) -> tuple[str, ...]:
    texts = row.get(key, [])
    if not isinstance(texts, list) or not all(isinstance(text, str) and comparable(text) for text in texts):
        raise ValueError(f"{row.get('item')}: {key} phải là danh sách các chuỗi có chữ")
    return tuple(texts)
