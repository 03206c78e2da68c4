"""The types of documents and their abbreviations (Nghị định 30/2020/NĐ-CP, Điều 7 and Phụ lục III)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Self

from gateway.policy.header.text import clean, fold, plain_punctuation, squeeze

_LETTERS_ONLY = re.compile(r"[^\w]+")
_SEPARATORS = re.compile(r"[-/]")
_YEAR = re.compile(r"(?:19|20)\d\d")
_QUALIFIED = re.compile(
    r"(?:lientich|liennganh|lienbo|lienso|phoihop|thanhtra|kiemtra|thamtra|thamdinh|giamsat|hanhdong|congtac|kinhte"
    r"|tonghop|chuyende)$"
)
_TOGETHER_SHORT = re.compile(r"(?<=\w\w)(?:LT|LN|LB|LS|PH)$")


class TypeGroup(StrEnum):
    """Where a type comes from; copies carry the number of the copying agency beside the document's own."""

    ADMINISTRATIVE = "administrative"
    LEGAL = "legal"
    CONSOLIDATED = "consolidated"
    COPY = "copy"


@dataclass(frozen=True, slots=True)
class DocumentType:
    """One type: the printed `name`, its `abbreviations` in a notation (first the one in force), its group."""

    name: str
    abbreviations: tuple[str, ...]
    group: TypeGroup


@dataclass(frozen=True, slots=True)
class DocumentTypes:
    """All known types with look-up by heading and by notation."""

    types: tuple[DocumentType, ...]
    _by_name: Mapping[str, DocumentType] = field(default_factory=dict, repr=False)
    _by_abbreviation: Mapping[str, DocumentType] = field(default_factory=dict, repr=False)
    _by_plain_abbreviation: Mapping[str, DocumentType | None] = field(default_factory=dict, repr=False)

    @classmethod
    def from_rows(cls, rows: Iterable[Mapping[str, object]]) -> Self:
        """Build from the `[[type]]` rows of config/policy/document_types.toml.

        A row has `name` (text), `abbreviations` (list of text, may be empty) and `group`. Raises ValueError,
        naming the row, for a wrong kind of value, an unknown group, or a name or abbreviation given twice.
        """
        types = tuple(_row(row) for row in rows)
        by_name: dict[str, DocumentType] = {}
        by_abbreviation: dict[str, DocumentType] = {}
        plain: dict[str, DocumentType | None] = {}
        for one in types:
            if by_name.setdefault(_key(one.name), one) is not one:
                raise ValueError(f"document type {one.name!r} is given twice")
            for abbreviation in one.abbreviations:
                if by_abbreviation.setdefault(abbreviation.casefold(), one) is not one:
                    raise ValueError(f"abbreviation {abbreviation!r} stands for two document types")
                folded = fold(abbreviation)
                plain[folded] = one if plain.get(folded, one) is one else None
        return cls(types, by_name, by_abbreviation, plain)

    def by_heading(self, text: str) -> DocumentType | None:
        """The type whose name is all of `text`; case, blanks (`Q U Y Ế T`) and placing of accents do not count.

        What says that several issue it (`HƯỚNG DẪN LIÊN NGÀNH`), or of what sort it is (`KẾT LUẬN THANH TRA`), does not
        count.
        """
        key = _key(text)
        return self._by_name.get(key) or self._by_name.get(_QUALIFIED.sub("", key))

    def by_notation(self, notation: str) -> DocumentType | None:
        """The type abbreviated at the start of a notation (`2014/QĐ-UBND`), or None as for a công văn."""
        segments = [part.strip() for part in _SEPARATORS.split(plain_punctuation(clean(notation)))]
        named = [part for part in segments if part and not _YEAR.fullmatch(part)]
        if not named:
            return None
        first = named[0].split(".")[0]
        return self._abbreviated(first) or self._abbreviated(_TOGETHER_SHORT.sub("", first))

    def _abbreviated(self, text: str) -> DocumentType | None:
        return self._by_abbreviation.get(text.casefold()) or self._by_plain_abbreviation.get(fold(text))

    def named(self, name: str) -> DocumentType | None:
        """The type of that name, accents as in the table not required."""
        return self._by_name.get(_key(name))

    def prefix_of(self, text: str) -> tuple[DocumentType, str] | None:
        """The longest type name that `text` begins with, and what follows it; None where nothing follows."""
        squeezed = squeeze(clean(text))
        folded = fold(squeezed)
        best: tuple[DocumentType, str] | None = None
        longest = 0
        for one in self.types:
            name = fold(one.name)
            if folded.startswith(name + " ") and len(name) > longest:
                best, longest = (one, squeezed[len(name) :].strip()), len(name)
        return best


def _key(text: str) -> str:
    return _LETTERS_ONLY.sub("", fold(clean(text)))


def _row(row: Mapping[str, object]) -> DocumentType:
    name, abbreviations = row.get("name"), row.get("abbreviations", [])
    if not isinstance(name, str) or not name.strip():
        raise ValueError(f"document type without a name: {dict(row)!r}")
    if not isinstance(abbreviations, list) or not all(isinstance(one, str) and one for one in abbreviations):
        raise ValueError(f"document type {name!r}: abbreviations must be a list of texts")
    try:
        group = TypeGroup(str(row.get("group")))
    except ValueError:
        raise ValueError(f"document type {name!r}: unknown group {row.get('group')!r}") from None
    return DocumentType(squeeze(clean(name)), tuple(clean(one) for one in abbreviations), group)
