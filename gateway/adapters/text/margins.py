"""What is printed beside the text of Word files, workbooks and OpenDocument files: headers, footers, words drawn.

A mark of secrecy often stands there, and only there: as a running header, in a text box of a sheet, or as a watermark
(WordArt, whose words are an attribute of the drawing).
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from xml.parsers import expat

from gateway.adapters.text.xml import Attributes, parse, part
from gateway.letters import read_letters

MAX_PARTS = 60
MAX_LINES = 300
LONGEST = 300
_PARTS = re.compile(
    r"word/(?:header|footer)\d*\.xml|word/document\.xml|xl/worksheets/[^/]+\.xml|xl/drawings/[^/]+\.(?:xml|vml)|styles\.xml"
)
_DRAWN_ONLY = re.compile(r"word/document\.xml|.*\.vml")
_SHEET = re.compile(r"xl/worksheets/")
_ODF_STYLES = "styles.xml"
_NOT_PRINTED = frozenset({"instrText", "delText", "delInstrText"})
_FURNITURE = frozenset({"header", "footer", "header-left", "footer-left", "header-first", "footer-first"})
_SHEET_FURNITURE = re.compile(r"(?:odd|even|first)(?:Header|Footer)")
# Codes of sheet headers: parts, fonts, sizes, colours, fields (ISO/IEC 29500-1 18.3.1.46).
_CODES = re.compile(r'&(?:"[^"]*"|K[0-9A-Fa-f]{6}|\d+|[A-Za-z])')
_SECTION = re.compile(r"&[LCR]")


def read_margins(path: Path) -> tuple[str, ...]:
    """The lines of every header, footer and drawing, in the order of the package, each once; () of what is no package.

    Raises BadZipFile, ExpatError or ValueError where a part is damaged or hostile.
    """
    if not zipfile.is_zipfile(path):
        return ()
    lines: dict[str, None] = {}
    with zipfile.ZipFile(path) as archive:
        names = [name for name in archive.namelist() if _PARTS.fullmatch(name)]
        for name in names[:MAX_PARTS]:
            for line in _lines_of(name, part(archive, name)):
                lines.setdefault(line[:LONGEST])
                if len(lines) == MAX_LINES:
                    break
    return read_letters("\n".join(lines)).paragraphs if lines else ()


def _lines_of(name: str, content: bytes) -> Iterator[str]:
    reader = _Reader(name)
    try:
        parse(content, start=reader.start, end=reader.end, text=reader.text)
    except expat.ExpatError:
        # Drawings of old programs are often not well formed; what was read before the break is kept.
        if not name.endswith(".vml"):
            raise
    for text in reader.found:
        for line in text.splitlines():
            if line.strip():
                yield " ".join(line.split())


@dataclass(slots=True)
class _Reader:
    """Collects paragraphs of one part, and the words of WordArt wherever they are."""

    name: str
    found: list[str] = field(default_factory=list)
    open: list[list[str]] = field(default_factory=list)
    furniture: int = 0
    unprinted: bool = False
    sheet_text: list[str] | None = None

    def start(self, name: str, attributes: Attributes) -> None:
        local = name.rsplit(" ", 1)[-1]
        self.unprinted = local in _NOT_PRINTED
        if local == "textpath":
            self.found.append(attributes.get("string", ""))
        elif _SHEET.match(self.name):
            self.sheet_text = [] if _SHEET_FURNITURE.fullmatch(local) else self.sheet_text
        elif local in _FURNITURE:
            self.furniture += 1
        elif local == "p" and self._wanted():
            self.open.append([])
        elif local in {"tab", "br", "line-break"} and self.open:
            self.open[-1].append("\n" if local != "tab" else "\t")

    def end(self, name: str) -> None:
        local = name.rsplit(" ", 1)[-1]
        self.unprinted = False
        if self.sheet_text is not None and _SHEET_FURNITURE.fullmatch(local):
            sections = _SECTION.split("".join(self.sheet_text))
            self.found.extend(_CODES.sub("", section) for section in sections)
            self.sheet_text = None
        elif local in _FURNITURE:
            self.furniture -= 1
        elif local == "p" and self.open:
            self.found.append("".join(self.open.pop()))

    def text(self, data: str) -> None:
        if self.sheet_text is not None:
            self.sheet_text.append(data)
        elif self.open and not self.unprinted:
            self.open[-1].append(data)

    def _wanted(self) -> bool:
        if self.name == _ODF_STYLES:
            return self.furniture > 0
        return not _DRAWN_ONLY.fullmatch(self.name) and not _SHEET.match(self.name)
