"""Which book a document is entered in: config/policy/books.toml (Nghị định 30/2020/NĐ-CP Điều 15, 22, Phụ lục IV).

A book's numbers are one series per calendar year. The follow-up register (sổ theo dõi giải quyết văn bản đến) is no
book of this kind: it is printed from the incoming documents and has no numbers of its own.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Self

from gateway.model.directory import Party
from gateway.model.document import Direction
from gateway.model.header import HeaderFields
from gateway.policy.header.types import DocumentTypes
from gateway.policy.phrases import comparable, lowered, one_of_phrases

_CODE = re.compile(r"[a-z0-9-]{1,20}")
_ABBREVIATION = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)*")
_FIRST_YEARS = range(2000, 3000)
_LARGEST_NUMBER = 10**9
_LONGEST_TEXT = 2000
_KEYS = frozenset({"code", "name", "first_year", "first_number", "types"})
_RULE_KEYS = frozenset({"except_types", "words", "senders", "sender_domains"})


@dataclass(frozen=True, slots=True)
class Book:
    """A book with its `name` as printed; in `first_year` its numbers go on from `first_number`, in others from 1."""

    code: str
    name: str
    direction: Direction
    first_year: int | None = None
    first_number: int = 1


@dataclass(frozen=True, slots=True)
class BookRule:
    """What goes into a book of its own: everything that is named has to fit; of a list, one of it."""

    book: Book
    types: frozenset[str] = frozenset()
    except_types: frozenset[str] = frozenset()
    words: re.Pattern[str] | None = None
    senders: frozenset[str] = frozenset()
    sender_domains: tuple[str, ...] = ()

    def fits(self, header: HeaderFields, sender: Party | None, address: str, subject: str) -> bool:
        """Whether a document that `sender` brought from `address` belongs into the book.

        The mail's `subject` is looked at only where page one gave neither type nor abstract, as in people's letters.
        """
        kind = comparable(header.document_type or "")
        if (self.types and kind not in self.types) or kind in self.except_types:
            return False
        if self.senders and (sender is None or sender.code not in self.senders):
            return False
        if self.sender_domains and not self._is_of_domain(address):
            return False
        said = f"{header.document_type or ''} {header.abstract or ''}".strip() or subject
        return self.words is None or self.words.search(lowered(said[:_LONGEST_TEXT])) is not None

    def _is_of_domain(self, address: str) -> bool:
        domain = address.lower().rpartition("@")[2]
        return any(
            domain == each or (each.startswith(".") and domain.endswith(each)) for each in self.sender_domains if domain
        )


@dataclass(frozen=True, slots=True)
class Books:
    """All books. `main` takes what no rule of `incoming` claims, `issued` what no rule of `outgoing` does.

    `abbreviation` is that of the agency in the notation of what it issues (`SGTVT`).
    """

    main: Book
    issued: Book
    abbreviation: str
    types: DocumentTypes
    incoming: tuple[BookRule, ...] = ()
    outgoing: tuple[BookRule, ...] = ()

    @classmethod
    def from_table(cls, table: Mapping[str, Any], main: Book, types: DocumentTypes) -> Self:
        """Build from config/policy/books.toml; raises ValueError with the key, its value and what it should be."""
        unknown = set(table) - {"abbreviation", "incoming", "outgoing"}
        if unknown:
            named = ", ".join(sorted(unknown))
            raise ValueError(f"không có khóa {named}; chỉ có abbreviation, [[incoming]], [[outgoing]]")
        abbreviation = table.get("abbreviation")
        if not isinstance(abbreviation, str) or not _ABBREVIATION.fullmatch(abbreviation):
            raise ValueError(
                f"abbreviation = {abbreviation!r}: phải là chữ viết tắt tên cơ quan, không có dấu cách, như SGTVT"
            )
        incoming = [_rule(row, Direction.IN, types) for row in _rows(table, "incoming")]
        outgoing = [_rule(row, Direction.OUT, types) for row in _rows(table, "outgoing")]
        for rule in incoming:
            if not (rule.types or rule.words or rule.senders or rule.sender_domains):
                raise ValueError(
                    f"[[incoming]] {rule.book.code}: phải có types, words, senders hoặc sender_domains; "
                    "văn bản không hợp dòng nào vào sổ ở phần [book] của gateway.toml"
                )
        general = [rule for rule in outgoing if not rule.types]
        if len(general) != 1:
            codes = ", ".join(rule.book.code for rule in general) or "không dòng nào"
            raise ValueError(f"[[outgoing]]: phải có đúng một sổ không ghi types, cho mọi loại còn lại; nay là {codes}")
        books = [main, *(rule.book for rule in (*incoming, *outgoing))]
        for place, book in enumerate(books):
            if any(book.code == other.code for other in books[:place]):
                raise ValueError(f'code = "{book.code}": hai sổ không được cùng tên ngắn')
        special = tuple(rule for rule in outgoing if rule.types)
        for place, rule in enumerate(special):
            twice = [f"{other.book.code}, {rule.book.code}" for other in special[:place] if other.types & rule.types]
            if twice:
                raise ValueError(f"[[outgoing]]: một tên loại không được ở hai sổ: {twice[0]}")
        return cls(main, general[0].book, abbreviation, types, tuple(incoming), special)

    @property
    def all(self) -> tuple[Book, ...]:
        """Every book, the main ones first."""
        return (self.main, self.issued, *(rule.book for rule in (*self.incoming, *self.outgoing)))

    def names(self) -> dict[str, str]:
        """The name of each book by its code."""
        return {book.code: book.name for book in self.all}

    def first_numbers(self) -> dict[tuple[str, int], int]:
        """Where numbering of (book, year) does not begin at 1."""
        return {(book.code, book.first_year): book.first_number for book in self.all if book.first_year is not None}

    def book_of(self, header: HeaderFields, sender: Party | None = None, address: str = "", subject: str = "") -> str:
        """The code of the incoming book of a document: that of the first rule that fits, else the main one."""
        fitting = (rule.book for rule in self.incoming if rule.fits(header, sender, address, subject))
        return next(fitting, self.main).code

    def outgoing_book_of(self, document_type: str) -> str:
        """The code of the book that numbers what the agency issues of that type."""
        kind = comparable(document_type)
        return next((rule.book for rule in self.outgoing if kind in rule.types), self.issued).code

    def notation_of(self, document_type: str) -> str:
        """The notation of what the agency issues: `QĐ-SGTVT`, of a công văn `SGTVT` (Phụ lục I phần I mục II.3)."""
        known = self.types.named(document_type)
        short = known.abbreviations[0] if known and known.abbreviations else ""
        return f"{short}-{self.abbreviation}" if short else self.abbreviation


def printed_number(ordinal: int) -> str:
    """A number as documents print it: below 10 with a leading zero (Phụ lục I phần I mục II.3)."""
    return f"{ordinal:02}"


def _rows(table: Mapping[str, Any], key: str) -> Sequence[Mapping[str, Any]]:
    rows = table.get(key, [])
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        raise ValueError(f"{key}: phải là các dòng [[{key}]]")
    return rows


def _rule(row: Mapping[str, Any], direction: Direction, types: DocumentTypes) -> BookRule:
    known = _KEYS | _RULE_KEYS if direction is Direction.IN else _KEYS
    code, name = row.get("code"), row.get("name")
    if not isinstance(code, str) or not _CODE.fullmatch(code):
        raise ValueError(f"code = {code!r}: phải là 1 đến 20 chữ thường không dấu, chữ số hoặc dấu -")
    unknown = set(row) - known
    if unknown:
        raise ValueError(f"{code}: không có khóa {', '.join(sorted(unknown))}; chỉ có {', '.join(sorted(known))}")
    if not isinstance(name, str) or not name.strip():
        raise ValueError(f"{code}: name = {name!r}: phải là tên sổ khi in")
    words = _texts(row, "words")
    domains = tuple(text.lower() for text in _texts(row, "sender_domains"))
    if any("@" in domain for domain in domains):
        raise ValueError(f'{code}: sender_domains = {list(domains)!r}: ghi tên miền như "gmail.com", không có @')
    return BookRule(
        book=Book(code, name.strip(), direction, *_first(row)),
        types=_type_names(row, "types", types),
        except_types=_type_names(row, "except_types", types),
        words=one_of_phrases(words) if words else None,
        senders=frozenset(_texts(row, "senders")),
        sender_domains=domains,
    )


def _first(row: Mapping[str, Any]) -> tuple[int | None, int]:
    year, number = row.get("first_year"), row.get("first_number")
    if year is None and number is None:
        return None, 1
    if not isinstance(year, int) or year not in _FIRST_YEARS:
        raise ValueError(f"{row['code']}: first_year = {year!r}: phải là một năm, đi cùng first_number")
    if isinstance(number, bool) or not isinstance(number, int) or not 0 < number < _LARGEST_NUMBER:
        raise ValueError(f"{row['code']}: first_number = {number!r}: phải là số nguyên dương, đi cùng first_year")
    return year, number


def _type_names(row: Mapping[str, Any], key: str, types: DocumentTypes) -> frozenset[str]:
    named = _texts(row, key)
    for text in named:
        if types.named(text) is None:
            raise ValueError(f'{row["code"]}: {key} = "{text}": không có tên loại này trong document_types.toml')
    return frozenset(map(comparable, named))


def _texts(row: Mapping[str, Any], key: str) -> tuple[str, ...]:
    texts = row.get(key, [])
    if not isinstance(texts, list) or not all(isinstance(text, str) and comparable(text) for text in texts):
        raise ValueError(f"{row['code']}: {key} = {texts!r}: phải là danh sách các chuỗi có chữ")
    return tuple(text.strip() for text in texts)
