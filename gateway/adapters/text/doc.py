"""Text of a Word 97-2003 file with the font of every run, by [MS-DOC].

Read here and not by a converter: fonts tell which letters are capitals in a legacy code, and the text of boxes, where
stamps and marks stand, belongs to the page. Notes are left out, as is what does not print.
"""

from __future__ import annotations

import re
import struct
from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import accumulate, pairwise

import olefile

from gateway.adapters.text.limits import MAX_TEXT_BYTES
from gateway.letters import Run, shown

FIRST_VERSION = 0xC1
MAX_CHAIN = 20
_FLAGS, _SECOND_TABLE = 0x0A, 0x0200
_LENGTHS = 0x4C
_STYLES, _CHARACTERS, _PARAGRAPHS, _FONTS, _PIECES = 0xA2, 0xFA, 0x102, 0x112, 0x1A2
_PAGE = 512
_COMPRESSED = 0x4000_0000
_FONT, _OTHER_FONT, _STYLE, _HIDDEN, _DELETED, _SYMBOL = 0x4A4F, 0x4A51, 0x4A30, 0x083C, 0x0800, 0x6A09
_OPERANDS = {0: 1, 1: 1, 2: 2, 3: 4, 4: 2, 5: 2, 7: 3}
_PARAGRAPH_STYLE = 1
_DEFAULT, _OTHER_DEFAULT = 12, 16
_NO_PARENT = 0xFFF
_NAME = 40
_FIELD_START, _FIELD_RESULT, _FIELD_END = "\x13\x14\x15"
_PARAGRAPH_ENDS = "\r\x07\x0c"
_MARKED = re.compile("([\r\x07\x0c\x13-\x15])")
_PRINTED = str.maketrans({0x0B: "\n", 0x1E: "-", 0x1F: "\N{SOFT HYPHEN}", **dict.fromkeys([*range(9), 0x0E], "")})


@dataclass(frozen=True, slots=True)
class _Look:
    """What properties say of characters; None where they say nothing."""

    font: int | None = None
    style: int | None = None
    printed: bool = True


@dataclass(frozen=True, slots=True)
class _Intervals:
    """Values that hold from one place in the file to the next."""

    starts: list[int]
    values: list[_Look]

    def at(self, place: int) -> tuple[_Look, int]:
        """The value at `place`, and where the next one begins."""
        index = bisect_right(self.starts, place) - 1
        end = self.starts[index + 1] if index + 1 < len(self.starts) else 1 << 32
        return (self.values[index] if index >= 0 else _Look()), end


@dataclass(frozen=True, slots=True)
class DocText:
    """Paragraphs, those in boxes after the others; those of page heads and feet and, once more, of boxes."""

    text: list[list[Run]]
    margins: list[list[Run]]


def parse_doc(container: olefile.OleFileIO) -> DocText:
    """Read a file.

    Raises ValueError, IndexError, OSError or struct.error where the file is damaged or of another version.
    """
    return _Document(container).read()


class _Document:
    def __init__(self, container: olefile.OleFileIO) -> None:
        self._main: bytes = container.openstream("WordDocument").read()
        if _short(self._main, 2) < FIRST_VERSION:
            raise ValueError("a Word file of before 1997")
        second = _short(self._main, _FLAGS) & _SECOND_TABLE
        self._table: bytes = container.openstream("1Table" if second else "0Table").read()
        self._fonts = list(_font_names(self._part(_FONTS)))
        self._styles, self._default = _styles(self._part(_STYLES))
        self._characters = _intervals(self._formatted(_CHARACTERS, _character_look))
        self._paragraphs = _intervals(self._formatted(_PARAGRAPHS, _paragraph_look))

    def read(self) -> DocText:
        """The stories of the file follow one another, each so many characters long ([MS-DOC] 2.4.1)."""
        ends = accumulate(struct.unpack_from("<8I", self._main, _LENGTHS))
        text, _, heads, _, _, _, boxes, boxes_of_heads = (
            list(_parted(self._runs(first, last))) for first, last in pairwise((0, *ends))
        )
        return DocText(text + boxes, heads + boxes_of_heads + boxes)

    def _part(self, place: int) -> bytes:
        """What the head of the file has of its table stream for `place`."""
        start, length = struct.unpack_from("<II", self._main, place)
        return self._table[start : start + length]

    def _formatted(self, place: int, look: Callable[[bytes, int], _Look]) -> Iterator[tuple[int, _Look]]:
        """Where stretches of one look begin, by the pages of formatting that the part at `place` lists."""
        part = self._part(place)
        count = max(len(part) - 4, 0) // 8
        for number in struct.unpack_from(f"<{count}I", part, 4 * (count + 1)):
            page = self._main[number * _PAGE : (number + 1) * _PAGE]
            if len(page) == _PAGE:
                starts = struct.unpack_from(f"<{page[-1] + 1}I", page)
                yield from ((start, look(page, index)) for index, start in enumerate(starts[:-1]))

    def _runs(self, first: int, last: int) -> Iterator[Run]:
        """What is printed between two character positions."""
        size = 0
        for start, end, place, width in self._pieces():
            here = place + max(first - start, 0) * width
            stop = place + (min(end, last) - start) * width
            while here < stop and size <= MAX_TEXT_BYTES:
                look, next_look = self._characters.at(here)
                paragraph, next_paragraph = self._paragraphs.at(here)
                there = max(min(stop, next_look, next_paragraph), here + width)
                content = self._main[here:there]
                text = shown(content) if width == 1 else content.decode("utf-16-le", "replace")
                size += len(text)
                if look.printed:
                    yield Run(text, self._font(look, paragraph))
                here = there

    def _pieces(self) -> Iterator[tuple[int, int, int, int]]:
        """First and last position of each piece of text, its place in the file, bytes of a character."""
        part = self._part(_PIECES)
        place = 0
        while part[place] == 1:
            place += 3 + _short(part, place + 1)
        count = (struct.unpack_from("<I", part, place + 1)[0] - 4) // 12
        place += 5
        positions = struct.unpack_from(f"<{count + 1}I", part, place)
        for index in range(count):
            (where,) = struct.unpack_from("<I", part, place + 4 * (count + 1) + 8 * index + 2)
            if where & _COMPRESSED:
                yield positions[index], positions[index + 1], (where & ~_COMPRESSED) // 2, 1
            else:
                yield positions[index], positions[index + 1], where, 2

    def _font(self, look: _Look, paragraph: _Look) -> str:
        numbers = (look.font, self._of_style(look.style), self._of_style(paragraph.style), self._default)
        number = next((number for number in numbers if number is not None), None)
        return self._fonts[number] if number is not None and number < len(self._fonts) else ""

    def _of_style(self, style: int | None) -> int | None:
        for _ in range(MAX_CHAIN):
            if style is None:
                return None
            look = self._styles.get(style, _Look())
            if look.font is not None:
                return look.font
            style = look.style
        return None


def _parted(runs: Iterable[Run]) -> Iterator[list[Run]]:
    """Runs as paragraphs: without the instructions of fields, parted at paragraphs, cells and breaks."""
    fields: list[bool] = []
    paragraph: list[Run] = []
    for run in runs:
        for text in _MARKED.split(run.text):
            if text == _FIELD_START:
                fields.append(False)
            elif text == _FIELD_RESULT and fields:
                fields[-1] = True
            elif text == _FIELD_END:
                del fields[-1:]
            elif text in _PARAGRAPH_ENDS:
                if paragraph and text:
                    yield paragraph
                    paragraph = []
            elif all(fields):
                paragraph.append(Run(text.translate(_PRINTED), run.font))
    if paragraph:
        yield paragraph


def _intervals(looks: Iterable[tuple[int, _Look]]) -> _Intervals:
    ordered = sorted(looks, key=lambda each: each[0])
    return _Intervals([start for start, _ in ordered], [look for _, look in ordered])


def _character_look(page: bytes, index: int) -> _Look:
    place = 2 * page[4 * (page[-1] + 1) + index]
    return _look(page[place + 1 : place + 1 + page[place]]) if place else _Look()


def _paragraph_look(page: bytes, index: int) -> _Look:
    place = 2 * page[4 * (page[-1] + 1) + 13 * index]
    if not place:
        return _Look(style=0)
    return _Look(style=_short(page, place + (1 if page[place] else 2)))


def _look(properties: bytes) -> _Look:
    """What character properties say ([MS-DOC] 2.6.1)."""
    look = _Look()
    place = 0
    while place + 3 <= len(properties):
        name = _short(properties, place)
        size = _OPERANDS.get(name >> 13) or 1 + properties[place + 2]
        if place + 2 + size > len(properties):
            break
        if name == _OTHER_FONT or (name == _FONT and look.font is None):
            look = replace(look, font=_short(properties, place + 2))
        elif name == _STYLE:
            look = replace(look, style=_short(properties, place + 2))
        elif name == _SYMBOL or (name in (_HIDDEN, _DELETED) and properties[place + 2] & 1):
            look = replace(look, printed=False)
        place += 2 + size
    return look


def _font_names(part: bytes) -> Iterator[str]:
    """The table of fonts ([MS-DOC] 2.9.80)."""
    place = 4
    for _ in range(_short(part, 0)):
        size = part[place] + 1
        name = part[place + _NAME : place + size].decode("utf-16-le", "replace")
        yield name.split("\0", 1)[0]
        place += size


def _styles(part: bytes) -> tuple[Mapping[int, _Look], int]:
    """Fonts and parents of the styles, and the font where none says another ([MS-DOC] 2.9.271)."""
    size, count, base = struct.unpack_from("<3H", part)
    default = _short(part, 2 + (_OTHER_DEFAULT if size > _OTHER_DEFAULT else _DEFAULT))
    styles: dict[int, _Look] = {}
    place = 2 + size
    for number in range(count):
        length = _short(part, place)
        style = part[place + 2 : place + 2 + length]
        if length:
            styles[number] = _style(style, base)
        place += 2 + length
    return styles, default


def _style(style: bytes, base: int) -> _Look:
    kind, parent = _short(style, 2) & 0xF, _short(style, 2) >> 4
    place = base + 2 + 2 * _short(style, base) + 2
    look = _Look()
    for order in range(_short(style, 4) & 0xF):
        place += place % 2
        size = _short(style, place)
        if order == (1 if kind == _PARAGRAPH_STYLE else 0):
            look = _look(style[place + 2 : place + 2 + size])
        place += 2 + size
    return replace(look, style=None if parent == _NO_PARENT else parent)


def _short(content: bytes, place: int) -> int:
    return int.from_bytes(content[place : place + 2], "little")
