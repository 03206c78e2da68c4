"""Urgency and secrecy marks (Nghị định 30/2020/NĐ-CP, Phụ lục I phần I mục III khoản 2; Luật 29/2018/QH14)."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from difflib import get_close_matches

from gateway.model.facts import Marks, Secrecy, Urgency
from gateway.model.page import Page, TextSource
from gateway.policy.header import words
from gateway.policy.header.layout import Cell, cells_of
from gateway.policy.header.text import fold, is_upper, plain_punctuation

MAX_CELLS = 60
LIKENESS = 0.87

_TOP = 0.45
_FRAME = re.compile(r"^[^\w]+|[^\w]+$")
_EDGES = re.compile(r"^[\W_]+|[\W_]+$")
_LABEL = re.compile(r"(?:mức )?độ (?P<kind>mật|khẩn) ?[:\-] ?")
_TONES = {"\u0300", "\u0301", "\u0303", "\u0309", "\u0323"}
_BLANKS = re.compile(r"[\s\-]+")
# Words that "MẬT" ends in the middle of a wrapped heading: bí mật, bảo mật, cơ mật.
_BEFORE_SECRET = ("bi", "bao", "co", "than", "va", "do", "muc")

_SECRECY = {"mật": Secrecy.MAT, "tối mật": Secrecy.TOI_MAT, "tuyệt mật": Secrecy.TUYET_MAT}
_URGENCY = {
    "khẩn": Urgency.KHAN,
    "thượng khẩn": Urgency.THUONG_KHAN,
    "hỏa tốc": Urgency.HOA_TOC,
    "hỏa tốc hẹn giờ": Urgency.HOA_TOC,
}
# What recognition makes of short marks by losing accents; MẶT and MẤT are other words.
_RECOGNISED: dict[str, Secrecy | Urgency] = {
    **dict.fromkeys(("mat", "mạt", "mât"), Secrecy.MAT),
    **dict.fromkeys(("khan", "khân", "khản"), Urgency.KHAN),
}
_LONG_MARKS: dict[str, Secrecy | Urgency] = {
    **{fold(name): secrecy for name, secrecy in _SECRECY.items() if " " in name},
    **{fold(name): urgency for name, urgency in _URGENCY.items() if " " in name},
}


def read_marks(pages: Sequence[Page]) -> Marks:
    """The highest marks standing by themselves in the head of page 1; words within a text are never marks.

    Where page 1 was recognised, a mark may lack its accents or have a letter too many.
    """
    if not pages:
        return Marks()
    cells = cells_of(pages[0])
    secrecy: list[Secrecy] = []
    urgency: list[Urgency] = []
    for place in _head_places(cells):
        if part_of_a_sentence(cells, place):
            continue
        mark = _split_mark(cells, place) or mark_in(cells[place].text)
        if mark is None and pages[0].source is TextSource.OCR:
            mark = _recognised_mark(cells[place].text)
        if isinstance(mark, Secrecy):
            secrecy.append(mark)
        elif mark is not None:
            urgency.append(mark)
    order_s, order_u = list(Secrecy), list(Urgency)
    return Marks(max(secrecy, key=order_s.index, default=None), max(urgency, key=order_u.index, default=None))


def mark_in(text: str) -> Secrecy | Urgency | None:
    """The mark that is all of `text` (a frame and a label `Độ mật:` allowed), or None."""
    bare = _FRAME.sub("", text[:60])
    plain = _tones_placed(bare)
    label = _LABEL.match(plain)
    value = _BLANKS.sub(" ", plain[label.end() :] if label else plain).strip()
    one_word = " " not in value
    if label is None and not (is_upper(bare) or (not one_word and bare[:1].isupper())):
        return None
    secrecy, urgency = _SECRECY.get(value), _URGENCY.get(value)
    if label is not None:
        return secrecy if label["kind"] == "mật" else urgency
    return secrecy or urgency


def _recognised_mark(text: str) -> Secrecy | Urgency | None:
    """The mark in capitals that `text` most likely was before it was recognised, or None."""
    bare = _EDGES.sub("", text[:60])
    if not is_upper(bare):
        return None
    short = _RECOGNISED.get(_tones_placed(bare)) or mark_in(bare)
    likely = get_close_matches(_BLANKS.sub(" ", fold(bare)), _LONG_MARKS, n=1, cutoff=LIKENESS)
    return short or (_LONG_MARKS[likely[0]] if likely else None)


def _head_places(cells: Sequence[Cell]) -> list[int]:
    """Cells above the text proper; where positions are known, also stamps placed at the top but read late."""
    end = next((place for place, cell in enumerate(cells) if _text_begins(cell)), len(cells))
    head = range(min(end, MAX_CELLS))
    late = (place for place in range(len(head), len(cells)) if (top := cells[place].top) is not None and top < _TOP)
    return [*head, *late]


def _text_begins(cell: Cell) -> bool:
    return bool(words.LEGAL_BASIS.match(cell.folded)) and not is_upper(cell.text)


def _split_mark(cells: Sequence[Cell], place: int) -> Secrecy | Urgency | None:
    """A mark broken over two lines: `TUYỆT` / `MẬT`."""
    if (
        place + 1 >= len(cells)
        or len(cells[place].text) > len("THƯỢNG..")
        or len(cells[place + 1].text) > len("TỐC HẸN GIỜ.")
    ):
        return None
    return mark_in(f"{cells[place].text} {cells[place + 1].text}")


def part_of_a_sentence(cells: Sequence[Cell], place: int) -> bool:
    """Whether the line above runs on into this one: `… BẢO VỆ BÍ` / `MẬT NHÀ NƯỚC`."""
    if not place or cells[place].gap:
        return False
    before = plain_punctuation(fold(cells[place - 1].text)).split()
    return bool(before) and (before[-1] in _BEFORE_SECRET or " ".join(before[-2:]) in _BEFORE_SECRET)


def _tones_placed(text: str) -> str:
    """Small letters with the tone of `oa`, `oe`, `uy` on the first vowel, so that HOẢ TỐC equals HỎA TỐC."""
    letters = unicodedata.normalize("NFD", text.lower())
    moved: list[str] = []
    for letter in letters:
        if letter in _TONES and len(moved) > 1 and moved[-2:] in (["o", "a"], ["o", "e"], ["u", "y"]):
            moved.insert(-1, letter)
        else:
            moved.append(letter)
    return unicodedata.normalize("NFC", "".join(moved))
