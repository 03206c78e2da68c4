"""Text of an RTF file (specification 1.9.1), with the font of every run.

Read here and not by a converter: the letters of legacy fonts are bytes, which a converter takes for those of the
code page that the font is said to have, and what stands in text boxes and page heads has to be seen. What does not
print is left out.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace

from gateway.adapters.text.limits import MAX_TEXT_BYTES
from gateway.letters import Run, is_legacy_font, shown

MAX_DEPTH = 1_000
_TOKEN = re.compile(
    rb"\\([a-zA-Z]{1,32})(-?\d{1,10})? ?|\\'([0-9a-fA-F]{2})|\\([^a-zA-Z'])|([{}])|([^\\{}\r\n]+)|[\r\n]+|\\'?",
    re.DOTALL,
)
_SKIPPED_WORDS = """
fonttbl colortbl stylesheet info pict fldinst objdata annotation sp shprslt nonshppict themedata datastore listtable
listoverridetable rsidtbl filetbl xmlnstbl
"""
_SKIPPED = frozenset(_SKIPPED_WORDS.split())
# Of the destinations that old readers shall skip, those with text in them.
_WITH_TEXT = frozenset({"shpinst", "shptxt", "do", "dptxbxtext", "shpgrp"})
_MARGINS = frozenset(f"{edge}{pages}" for edge in ("header", "footer") for pages in ("", "l", "r", "f"))
_APART = _WITH_TEXT | _MARGINS
_ENDS = frozenset({"par", "sect", "cell", "nestcell", "row", "nestrow"})
_SIGNS = {
    "tab": "\t",
    "line": "\n",
    "lquote": "‘",
    "rquote": "’",
    "ldblquote": "“",
    "rdblquote": "”",
    "emdash": "—",
    "endash": "–",
    "bullet": "•",
    "emspace": " ",
    "enspace": " ",
    "qmspace": " ",
}
_SYMBOLS = {b"~": "\N{NO-BREAK SPACE}", b"-": "\N{SOFT HYPHEN}", b"_": "-", b"{": "{", b"}": "}", b"\\": "\\"}
_CODE_PAGES = {
    77: "mac_roman",
    128: "cp932",
    129: "cp949",
    134: "gbk",
    136: "big5",
    161: "cp1253",
    162: "cp1254",
    163: "cp1258",
    177: "cp1255",
    178: "cp1256",
    186: "cp1257",
    204: "cp1251",
    222: "cp874",
    238: "cp1250",
}
_WESTERN = "cp1252"
_PICTOGRAMS = ("symbol", "wingdings", "webdings", "marlett", "zapfdingbats")


@dataclass(frozen=True, slots=True)
class RtfText:
    """Paragraphs of each page that an ordered break ends, those of page heads and feet, the pages that were noted."""

    pages: list[list[list[Run]]]
    margins: list[list[Run]]
    noted_pages: int | None


@dataclass(slots=True)
class _Font:
    name: bytes = b""
    code_page: str = ""


@dataclass(frozen=True, slots=True)
class _Group:
    """What holds until the group ends."""

    destination: str = ""
    skipped: bool = False
    font: int | None = None
    hidden: bool = False
    margin: bool = False
    spare: int = 1


def parse_rtf(content: bytes) -> RtfText:
    """Read a file; raises ValueError where it is no RTF or nested deeper than MAX_DEPTH."""
    if content.lstrip()[:5] != rb"{\rtf":
        raise ValueError("no RTF")
    return _Reader(content).read()


@dataclass(slots=True)
class _Reader:
    content: bytes
    fonts: dict[int, _Font] = field(default_factory=dict)
    default_font: int = 0
    code_page: str = _WESTERN
    pages: list[list[list[Run]]] = field(default_factory=lambda: [[]])
    margins: list[list[Run]] = field(default_factory=list)
    runs: list[Run] = field(default_factory=list)
    stack: list[_Group] = field(default_factory=list)
    group: _Group = field(default_factory=_Group)
    starred: bool = False
    to_skip: int = 0
    pending: bytearray = field(default_factory=bytearray)
    units: list[int] = field(default_factory=list)
    noted: int | None = None
    size: int = 0

    def read(self) -> RtfText:
        place = 0
        while place < len(self.content) and self.size <= MAX_TEXT_BYTES:
            token = _TOKEN.match(self.content, place)
            if token is None:
                break
            place = token.end()
            word, number, code, symbol, brace, text = token.groups()
            if word:
                place += self._word(word.decode("ascii"), None if number is None else int(number))
            elif code:
                self._bytes(bytes([int(code, 16)]))
            elif symbol:
                self._symbol(symbol)
            elif brace:
                self._brace(opens=brace == b"{")
            elif text:
                self._bytes(text)
        self._end_paragraph()
        return RtfText(self.pages, self.margins, self.noted)

    def _brace(self, *, opens: bool) -> None:
        self._flush()
        self.to_skip = 0
        if opens:
            if len(self.stack) >= MAX_DEPTH:
                raise ValueError("RTF nested too deep")
            self.stack.append(self.group)
        elif self.stack:
            if self.group.destination in _APART and self.group.destination != self.stack[-1].destination:
                self._end_paragraph()
            self.group = self.stack.pop()
        self.starred = False

    def _symbol(self, symbol: bytes) -> None:
        if symbol == b"*":
            self.starred = True
        elif symbol in b"\r\n":
            self._end_paragraph()
        elif symbol in _SYMBOLS:
            self._text(_SYMBOLS[symbol])

    def _word(self, word: str, number: int | None) -> int:
        """Act on a control word; how many bytes after it belong to it."""
        if self.to_skip and word != "u":
            self.to_skip -= 1
        if self.starred or word in _SKIPPED or word in _APART:
            self._open(word)
        elif word == "bin":
            return max(number or 0, 0)
        elif word == "u":
            self._unit(number or 0)
        elif word in _ENDS or word == "page":
            self._end_paragraph()
            if word == "page" and not self.group.skipped:
                self.pages.append([])
        elif word in _SIGNS:
            self._text(_SIGNS[word])
        elif self.group.destination == "info" and word == "nofpages":
            self.noted = number
        else:
            self._format(word, number)
        return 0

    def _open(self, word: str) -> None:
        skipped = self.group.skipped or word in _SKIPPED or (self.starred and word not in _APART)
        if word in _APART and not skipped:
            self._end_paragraph()
        margin = self.group.margin or word in _MARGINS
        self.group = replace(self.group, destination=word, skipped=skipped, margin=margin)
        self.starred = False

    def _format(self, word: str, number: int | None) -> None:
        if word == "ansicpg" and number is not None:
            self.code_page = f"cp{number}"
        elif word == "deff" and number is not None:
            self.default_font = number
        elif word == "f" and number is not None:
            self._flush()
            self.group = replace(self.group, font=number)
        elif word in ("fcharset", "cpg") and self.group.destination == "fonttbl" and self.group.font is not None:
            pages = _CODE_PAGES if word == "fcharset" else {number: f"cp{number}"}
            self.fonts.setdefault(self.group.font, _Font()).code_page = pages.get(number or 0, "")
        elif word in ("v", "deleted"):
            self._flush()
            self.group = replace(self.group, hidden=number != 0)
        elif word == "plain":
            self._flush()
            self.group = replace(self.group, font=None, hidden=False)
        elif word == "uc":
            self.group = replace(self.group, spare=max(number or 0, 0))

    def _bytes(self, text: bytes) -> None:
        """Letters in the code page of their font."""
        if self.to_skip:
            self.to_skip, text = max(self.to_skip - len(text), 0), text[self.to_skip :]
        if self.group.destination == "fonttbl" and self.group.font is not None:
            self.fonts.setdefault(self.group.font, _Font()).name += text
        elif text and not self.group.skipped and not self.group.hidden:
            self._flush_units()
            self.pending += text

    def _unit(self, number: int) -> None:
        """A UTF-16 code unit, after which there are letters for readers that do not know it."""
        self.to_skip = self.group.spare
        if not self.group.skipped and not self.group.hidden:
            self._flush_bytes()
            self.units.append(number & 0xFFFF)

    def _text(self, text: str) -> None:
        if self.to_skip:
            self.to_skip -= 1
        elif not self.group.skipped and not self.group.hidden:
            self._flush()
            self._add(text)

    def _flush(self) -> None:
        self._flush_bytes()
        self._flush_units()

    def _flush_bytes(self) -> None:
        if self.pending:
            font = self._font()
            name = font.name.decode("latin-1")
            content = bytes(self.pending)
            self.pending.clear()
            if not name.casefold().startswith(_PICTOGRAMS):
                self._add(_decoded(content, name, font.code_page or self.code_page))

    def _flush_units(self) -> None:
        if self.units:
            content = b"".join(unit.to_bytes(2, "little") for unit in self.units)
            self.units.clear()
            self._add(content.decode("utf-16-le", "replace"))

    def _font(self) -> _Font:
        return self.fonts.get(self.default_font if self.group.font is None else self.group.font, _Font())

    def _add(self, text: str) -> None:
        self.runs.append(Run(text, self._font().name.decode("latin-1").rstrip(";")))
        self.size += len(text)

    def _end_paragraph(self) -> None:
        self._flush()
        if any(run.text.strip() for run in self.runs):
            (self.margins if self.group.margin else self.pages[-1]).append(self.runs)
        self.runs = []


def _decoded(content: bytes, font: str, code_page: str) -> str:
    if is_legacy_font(font) or code_page == _WESTERN:
        return shown(content)
    try:
        return content.decode(code_page, "replace")
    except LookupError:
        return shown(content)
