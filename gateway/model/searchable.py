"""What of a document is found by search: its words in one form, and the keys that stand for them in the index.

A word is a run of letters and digits in small letters. Its tone mark stands at its end, so that `hoà` and `hòa` are one
word; `đ` and the marks that make other letters (ă â ê ô ơ ư) stay. Figures lose leading zeros. The folded form of a
word has no marks at all. A key is a word behind the sign of where it was found, or a fact about the document; both
forms of a word have keys, so a word asked for without marks finds all, and one with marks only its like.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import lru_cache

MOST_CHARACTERS = 100_000
"""How much of the text of a document's files is searched."""
SMALL_BLOCK, LARGE_BLOCK = 13, 16
"""Documents are in blocks of 2¹³ and of 2¹⁶ by id: by their keys the newest are looked through first."""

_LONGEST_WORD = 40
_MOST_FIGURES = 6
_WORD = re.compile(r"(?:[^\W_]|[\u0300-\u036f])+")
_TONES = "\u0300\u0301\u0303\u0309\u0323"
_SHAPES = "\u0302\u0306\u031b"
_PLAIN: Mapping[str, str] = dict(zip("ăâđêôơư", "aadeoou", strict=True)) | dict.fromkeys(_TONES, "")
_MARKED = {plain: plain + "".join(marked for marked in _PLAIN if _PLAIN[marked] == plain) for plain in "adeou"}
_FOLDED = str.maketrans(dict(_PLAIN))
_D_BAR = str.maketrans({"Ð": "đ", "ð": "đ"})
_NOT_IN_KEYS = re.compile("[^a-z0-9]")
_YEAR = re.compile(r"(?:19|20)\d\d")


class Place(StrEnum):
    """Where a word stands, as the sign of its keys. TITLE is number, notation, type, day and abstract; PARTIES those
    and who sent, issued, signed and got it, with remarks; ANYWHERE all that and the text of its files.
    """

    TITLE = "t:"
    PARTIES = "p:"
    ANYWHERE = ":"


@dataclass(frozen=True, slots=True)
class Searched:
    """What the index is made of, of one document: facts that never change, and texts as they were read.

    `title`, `parties` and `body` are texts for those places, each beside the others.
    """

    id: int
    book: str
    year: int
    direction: str
    sender: str
    number: str | None
    notation: str | None
    issued_on: date | None
    title: tuple[str, ...]
    parties: tuple[str, ...]
    body: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SearchEntry:
    """A document's row in the index: `number_key`, `notation_key` and `number_year` as in `identifier_keys`, the
    sender's address in small letters with its domain beside it, the words of each place behind a blank each, all keys.
    """

    document_id: int
    number_key: str | None
    notation_key: str | None
    number_year: int | None
    sender: str
    sender_domain: str
    title: str
    parties: str
    body: str
    keys: tuple[str, ...]


def words_of(text: str) -> list[str]:
    """The words of a text, in order."""
    found = (_normal(word) for word in _WORD.findall(unicodedata.normalize("NFC", text).translate(_D_BAR).lower()))
    return [word for word in found if word]


@lru_cache(maxsize=65_536)
def _normal(word: str) -> str:
    letters: list[str] = []
    tones = ""
    for mark in unicodedata.normalize("NFKD", word).lower().translate(_D_BAR):
        if mark in _TONES:
            tones = mark
        elif mark in _SHAPES or mark.isalnum():
            letters.append(mark)
    plain = unicodedata.normalize("NFC", "".join(letters))[:_LONGEST_WORD]
    if plain.isascii() and plain.isdigit() and len(plain) <= _MOST_FIGURES:
        return plain.lstrip("0") or "0"
    return plain + tones if plain else ""


def folded(words: str) -> str:
    """Words without any mark."""
    return words.translate(_FOLDED)


def phrase(words: Iterable[str]) -> str:
    """Words as they stand side by side in an entry: each behind a blank, and one at the end."""
    return "".join(f" {word}" for word in words) + " "


def side_by_side(words: Iterable[str], *, folded: bool) -> re.Pattern[str]:
    """What finds the words one after the other among the words of an entry; whatever their marks where `folded`."""
    return re.compile(phrase(map(_with_any_marks, words) if folded else words))


def _with_any_marks(word: str) -> str:
    return "".join(f"[{_MARKED[letter]}]" if letter in _MARKED else letter for letter in word) + f"[{_TONES}]?"


def key_of(place: Place, word: str) -> str:
    """The key by which a word is found at a place."""
    return f"{place.value}{word}"


def book_key(book: str) -> str:
    """The key of all documents in a book; what keys must not hold is written by its code."""
    return "#b" + _NOT_IN_KEYS.sub(lambda found: f".{ord(found[0]):x}.", book)


def year_key(year: int) -> str:
    """The key of all documents in the books of a year."""
    return f"#y{year}"


def direction_key(direction: str) -> str:
    """The key of all documents that go one way."""
    return f"#d{direction}"


def block_key(size: int, block: int) -> str:
    """The key of the documents in a block of 2^`size`, the `block`-th."""
    return f"#{size}.{block}"


def number_key(number: str) -> str:
    """A number in the form in which it is looked up: `07` is `7`, `12A` is `12a`."""
    return folded("".join(words_of(number)))


def identifier_keys(number: str | None, notation: str | None) -> tuple[str | None, str | None, int | None]:
    """Number, notation without its year (`qd-sgtvt`) and that year, each in the form in which it is looked up."""
    words = [folded(word) for word in words_of(notation or "")]
    year = int(words.pop(0)) if words and _YEAR.fullmatch(words[0]) else None
    return number_key(number or "") or None, "-".join(words) or None, year


def entry_of(document: Searched) -> SearchEntry:
    """The row of the index."""
    number, notation, year = identifier_keys(document.number, document.notation)
    title = [word for text in document.title for word in words_of(text)]
    parties = [word for text in document.parties for word in words_of(text)]
    body = _clipped(document.body)
    in_title = _forms(title)
    by_parties = in_title | _forms(parties)
    anywhere = by_parties | _forms(body)
    keys = {
        f"{place}{word}"
        for place, found in zip(_SIGNS, (in_title, by_parties, anywhere), strict=True)
        for word in found
    }
    keys |= {book_key(document.book), year_key(document.year), direction_key(document.direction)}
    keys |= {block_key(size, document.id >> size) for size in (SMALL_BLOCK, LARGE_BLOCK)}
    if year is None and document.issued_on is not None:
        year = document.issued_on.year
    sender = document.sender.lower()
    return SearchEntry(
        document_id=document.id,
        number_key=number,
        notation_key=notation,
        number_year=year,
        sender=sender,
        sender_domain=sender.rpartition("@")[2],
        title=phrase(title),
        parties=phrase(parties),
        body=phrase(body),
        keys=tuple(sorted(keys)),
    )


def _clipped(texts: Iterable[str]) -> list[str]:
    words: list[str] = []
    left = MOST_CHARACTERS
    for text in texts:
        words += words_of(text[:left])
        left -= min(left, len(text))
    return words


def _forms(words: Iterable[str]) -> set[str]:
    known = set(words)
    return known.union(map(_folded, known))


_folded = lru_cache(maxsize=65_536)(folded)
_SIGNS = tuple(place.value for place in Place)
