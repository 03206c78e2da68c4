"""Number and notation (Nghị định 30/2020/NĐ-CP, Phụ lục I phần I mục II khoản 3)."""

from __future__ import annotations

import re
from dataclasses import dataclass

from gateway.policy.header.text import clean, fold, plain_punctuation

MAX_LENGTH = 300

_SEGMENT = r"[^\W_]{1,24}(?:[.&+,][^\W_]{1,24}){0,3}"
_NOTATION = rf"{_SEGMENT}(?: {{0,4}}[-/] {{0,4}}{_SEGMENT}){{0,11}}"
# A capital after the figures, or one of the small letters that look like a figure, is a figure misread.
_FIGURES = r"\d{1,5}(?:\.\d{1,3}){0,3}(?: ?(?:bis|[a-hj-kmnp-zđ]))?"
_LABEL = r"(?P<type>(?:[^\W\d_]{2,10} ){1,4})?(?P<label>[Ss5][^\W_])(?: (?:hiệu|ký hiệu)|, ?ký hiệu)? ?[:;.]? ?"
_LABELLED = re.compile(rf"{_LABEL}(?P<number>{_FIGURES}|[._…\s]{{0,60}}) ?/ ?(?P<notation>{_NOTATION})")
_PARTY = re.compile(rf"{_LABEL}(?P<number>{_FIGURES}|[._…\s]{{0,60}}) ?- ?(?P<notation>{_SEGMENT} ?/ ?{_SEGMENT})")
_BARE = re.compile(rf"(?P<number>{_FIGURES}) ?/ ?(?P<notation>{_NOTATION})")
# A number written by hand that OCR could not make out; what is read is the notation.
_ILLEGIBLE = re.compile(
    rf"{_LABEL}(?P<ink>[^ ].{{0,13}}?) ?/ ?(?P<notation>(?:(?:19|20)\d\d ?[-/] ?)?(?=[^\W\d_]){_NOTATION})"
)
_WORDS = re.compile(r"(?:^| )[^\W\d_]{2,} [^\W\d_]{2,}(?!\S)")
_PIECE = re.compile(rf"( *)([-/]?)( *)({_SEGMENT})")
_YEAR = re.compile(r"(?:19|20)\d\d")
_LABELS = {"so", "s0", "s6", "5o"}
_CAPITALS_NEEDED = 2


@dataclass(frozen=True, slots=True)
class NumberRead:
    """A number line. `number` is None where it is left blank; `rest` is what follows on the line.

    `labelled` says that there was a label, `exact` that it was spelt out and nothing follows. `type_name` is
    what stands before the label (`Luật` số: …), empty as a rule.
    """

    number: str | None
    notation: str
    rest: str
    labelled: bool
    exact: bool
    type_name: str = ""


def number_in(text: str) -> NumberRead | None:
    """The number line that `text` begins with, or None. Only the first `MAX_LENGTH` characters are read."""
    line = plain_punctuation(text[:MAX_LENGTH]).strip(" *[")
    for pattern in (_LABELLED, _PARTY):
        found = pattern.match(line)
        if found and fold(found["label"]) in _LABELS and _begins_line(found):
            return _read(line, found, labelled=True)
    found = _ILLEGIBLE.match(line)
    if (
        found
        and fold(found["label"]) in _LABELS
        and not found["type"]
        and _begins_line(found)
        and _is_ink(found["ink"])
    ):
        return _read(line, found, labelled=True)
    found = _BARE.fullmatch(line)
    return _read(line, found, labelled=False) if found else None


def _begins_line(found: re.Match[str]) -> bool:
    """A small `số` without a colon is the middle of a wrapped sentence."""
    first = found.group()[0]
    return not first.islower() or ":" in found.group()


def _is_ink(read: str) -> bool:
    """Whether `read` may be what a recogniser made of handwriting, and is not words in small letters."""
    return not (read.islower() and _WORDS.search(read))


def normal_notation(notation: str) -> str:
    """Without blanks and with plain dashes, as it is compared: `2017/QĐ - UBND` is `2017/QĐ-UBND`."""
    return re.sub(r"\s+", "", plain_punctuation(clean(notation)))


def _read(line: str, found: re.Match[str], *, labelled: bool) -> NumberRead | None:
    notation, used = _trim(found["notation"])
    if notation is None:
        return None
    rest = line[found.start("notation") + used :].strip(" .,;]")
    figures = (found.groupdict().get("number") or "").strip(" ._…")
    label_exact = labelled and fold(found["label"]) == "so" and found["label"][1:] in {"ố", "Ố"}
    return NumberRead(
        number=re.sub(r"\s+", "", figures) or None,
        notation=notation,
        rest=rest,
        labelled=labelled,
        exact=label_exact and not rest and found.re is not _ILLEGIBLE,
        type_name=(found["type"] or "").strip() if labelled else "",
    )


def _trim(raw: str) -> tuple[str | None, int]:
    """The notation without blanks, and how much of `raw` it took.

    A piece after a spaced dash belongs to it only when it is an abbreviation: `QĐ - UBND`, not `QĐ-UBND - Hà Nội`.
    """
    kept, used = "", 0
    for piece in _PIECE.finditer(raw):
        before, separator, after, segment = piece.groups()
        spaced = bool(before or after)
        if kept and (not separator or (spaced and separator == "-" and not _abbreviation(segment))):
            break
        kept += (separator if kept else "") + segment
        used = piece.end()
    capitals = sum(letter.isupper() for letter in kept)
    return (kept, used) if capitals >= _CAPITALS_NEEDED else (None, 0)


def _abbreviation(segment: str) -> bool:
    letters = [letter for letter in segment if letter.isalpha()]
    return bool(letters) and 2 * sum(letter.isupper() for letter in letters) > len(letters)


def notation_year(notation: str) -> int | None:
    """The year a legal document's notation begins with (`2014/QĐ-UBND`), else None."""
    found = _YEAR.match(normal_notation(notation))
    return int(found.group()) if found else None
