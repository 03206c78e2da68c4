"""From the words of a person to the terms that are looked for."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

from gateway.model.search import Term
from gateway.model.searchable import folded, words_of
from gateway.policy.search.identifiers import identifier_in

MOST_WORDS = 100

_QUOTES = str.maketrans(dict.fromkeys("“”„«»＂", '"'))
_SLASH = re.compile(r"(?<=\w)\s*/\s*(?=\w)")
_DASH_OF_NOTATION = re.compile(r"(?<=/)([^\W\d_]+)\s*[-–]\s*(?=[^\W\d_])")
_DAY_IN_WORDS = re.compile(
    r"(?<!\S)((?:ng[àa]y\s+)?\d{1,2}\s+th[áa]ng\s+\d{1,2}\s+n[ăa]m\s+\d{4})(?!\w)", re.IGNORECASE
)
_LABEL = re.compile(
    r"(?<!\S)s[ốo](?:\s*(?:,?\s*(?:k[ýíyi]\s*)?hi[ệe]u|đến|den))?\s*[:.]?\s*(?=\d)"
    r"|(?<!\S)ng[àa]y\s*:?\s*(?=\d{1,2}\s*[/.-]\s*\d{1,2}\s*[/.-]\s*\d{4}(?!\d))",
    re.IGNORECASE,
)


def terms_of(written: str) -> tuple[Term, ...]:
    """The terms, each of which has to be found; raises ValueError with a sentence for people.

    What stands in quotes is a phrase: its words side by side. So are the pieces of `QĐ-SGTVT` and of a day in words. A
    phrase with a mark anywhere is taken to be written with all its marks.
    """
    text = unicodedata.normalize("NFC", written).translate(_QUOTES)
    if text.count('"') % 2:
        raise ValueError('thiếu một dấu ngoặc kép: cụm từ phải nằm giữa hai dấu, như "quy chế quản lý"')
    pieces = [piece for place, part in enumerate(text.split('"')) for piece in _pieces(part, quoted=bool(place % 2))]
    terms = tuple(dict.fromkeys(term for piece in pieces for term in _terms(piece)))
    if not terms:
        raise ValueError("chưa có từ nào để tìm: hãy ghi một từ, một số văn bản hoặc một cụm từ trong ngoặc kép")
    if sum(len(term.words) for term in terms) > MOST_WORDS:
        raise ValueError(f"quá nhiều từ: tìm được nhiều nhất {MOST_WORDS} từ một lần")
    return terms


def _pieces(part: str, *, quoted: bool) -> Iterator[str]:
    if quoted:
        yield part
        return
    for place, piece in enumerate(_DAY_IN_WORDS.split(part)):
        if place % 2:
            yield piece
        else:
            yield from _DASH_OF_NOTATION.sub(r"\1-", _SLASH.sub("/", _LABEL.sub("", piece))).split()


def _terms(piece: str) -> Iterator[Term]:
    words = tuple(words_of(piece))
    if words:
        plain = tuple(folded(word) for word in words)
        yield Term(words, words == plain, identifier_in(piece.strip(".,;:()[]")))
