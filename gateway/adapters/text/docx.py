"""Text of a Word document (ISO/IEC 29500-1 part 17, WordprocessingML), read from its XML.

Read here and not by a converter, because the head of an official document is a borderless table of two
cells: each paragraph of each cell has to come out as a line of its own. What is not printed is left
out: deleted and moved-away text, hidden text, field codes, and the second copy of every text box.
"""

from __future__ import annotations

import zipfile
from dataclasses import dataclass, field
from pathlib import Path

from gateway.adapters.text.docx_fonts import Fonts, fonts_of
from gateway.adapters.text.limits import bounded
from gateway.adapters.text.plain import pages_of
from gateway.adapters.text.xml import Attributes, parse, part
from gateway.letters import Run, read_runs
from gateway.model.page import FileText

MAX_DEPTH_OF_PARAGRAPHS = 50
LINES_OF_A_PAGE = 55
LETTERS_OF_A_LINE = 80
_MAIN = "word/document.xml"
_SPACES = (
    "http://schemas.openxmlformats.org/wordprocessingml/2006/main ",
    "http://purl.oclc.org/ooxml/wordprocessingml/main ",
)
_NOT_PRINTED = frozenset({"moveFrom", "Fallback", "del"})
_PAGE = "page"
_SIGNS = {"tab": "\t", "cr": "\n", "noBreakHyphen": "-", "br": "\n"}
_OFF = frozenset({"0", "false", "off"})
_ENCRYPTED = 0x1


def read_docx(path: Path) -> FileText:
    """Paragraphs as lines, table cells one after the other, pages at the breaks that Word remembers.

    `page_count` is the larger of those breaks and of what the writing program noted. It is None where a
    text is too long for one page and no program but one that lays nothing out has saved it. Raises
    BadZipFile, KeyError, ExpatError or ValueError where the file is damaged or hostile.
    """
    with zipfile.ZipFile(path) as archive:
        main = _main_part(archive)
        if archive.getinfo(main).flag_bits & _ENCRYPTED:
            return FileText(encrypted=True)
        reader = _Reader(fonts_of(archive))
        parse(part(archive, main), start=reader.start, end=reader.end, text=reader.text)
        noted = _noted_pages(archive)
    reading = read_runs([runs for page in reader.pages for runs in page])
    paragraphs = iter(reading.paragraphs)
    texts = ["\n".join(next(paragraphs) for _ in page) for page in reader.pages]
    unknown = noted <= 1 and not reader.remembered and max(map(_printed_lines, texts)) > LINES_OF_A_PAGE
    pages, cut = bounded(pages_of(texts), len(texts))
    return FileText(
        pages=pages,
        page_count=None if unknown else max(len(texts), noted),
        encoding=reading.encoding,
        notes=(*reading.notes, *cut),
    )


def _main_part(archive: zipfile.ZipFile) -> str:
    """The name of the main part, by the package's relationships (ISO/IEC 29500-2)."""
    found: list[str] = []

    def start(name: str, attributes: Attributes) -> None:
        if name.endswith("Relationship") and attributes.get("Type", "").endswith("/officeDocument"):
            found.append(attributes.get("Target", "").lstrip("/"))

    try:
        parse(part(archive, "_rels/.rels"), start=start)
    except KeyError:
        return _MAIN
    return found[0] if found else _MAIN


def _noted_pages(archive: zipfile.ZipFile) -> int:
    """Pages in the document's properties, 0 where there are none."""
    path: list[str] = []
    digits: list[str] = []

    def text(data: str) -> None:
        if path and path[-1].endswith(" Pages"):
            digits.append(data)

    try:
        content = part(archive, "docProps/app.xml")
    except KeyError:
        return 0
    parse(content, start=lambda name, _: path.append(name), end=lambda _: path.pop(), text=text)
    noted = "".join(digits).strip()
    return int(noted) if noted.isascii() and noted.isdigit() and len(noted) <= len("99999") else 0


@dataclass(slots=True)
class _Paragraph:
    """A paragraph that is still open."""

    style: str = ""
    runs: list[Run] = field(default_factory=list)

    def printed(self) -> bool:
        return any(run.text.strip() for run in self.runs)


@dataclass(slots=True)
class _Reader:
    """Collects the runs of paragraphs; a text box inside a paragraph comes out before it."""

    fonts: Fonts
    pages: list[list[list[Run]]] = field(default_factory=lambda: [[]])
    open: list[_Paragraph] = field(default_factory=list)
    unprinted: int = 0
    hidden: bool = False
    in_run: bool = False
    run_font: str = ""
    run_style: str = ""
    in_text: bool = False
    fresh: bool = True
    remembered: bool = False

    def start(self, name: str, attributes: Attributes) -> None:
        local = _local(name)
        if local in _NOT_PRINTED or self.unprinted:
            self.unprinted += local in _NOT_PRINTED
        elif local == "p":
            if len(self.open) >= MAX_DEPTH_OF_PARAGRAPHS:
                raise ValueError("paragraphs nested too deep")
            self.open.append(_Paragraph())
        elif local == "pStyle" and self.open:
            self.open[-1].style = _attribute(attributes, "val")
        elif local == "t":
            self.in_text = not self.hidden
        elif local == "lastRenderedPageBreak" or (local == "br" and _attribute(attributes, "type") == _PAGE):
            self._turn(remembered=local != "br")
        elif local in _SIGNS and self.open and not self.hidden:
            self._add(_SIGNS[local])
        else:
            self._format(local, attributes)

    def _format(self, local: str, attributes: Attributes) -> None:
        """What makes a run look as it does."""
        if local == "r":
            self.hidden, self.in_run, self.run_font, self.run_style = False, True, "", ""
        elif local == "vanish":
            self.hidden = _attribute(attributes, "val") not in _OFF
        elif local == "rFonts" and self.in_run:
            self.run_font = self.fonts.named(attributes)
        elif local == "rStyle" and self.in_run:
            self.run_style = _attribute(attributes, "val")

    def end(self, name: str) -> None:
        local = _local(name)
        if self.unprinted:
            self.unprinted -= local in _NOT_PRINTED
        elif local == "p" and self.open:
            paragraph = self.open.pop()
            if paragraph.printed():
                self.pages[-1].append(paragraph.runs)
        elif local == "t":
            self.in_text = False
        elif local == "r":
            self.in_run = False

    def text(self, data: str) -> None:
        if self.in_text and self.open and not self.unprinted:
            self._add(data)
            self.fresh = self.fresh and not data.strip()

    def _add(self, text: str) -> None:
        paragraph = self.open[-1]
        paragraph.runs.append(Run(text, self.fonts.of(self.run_font, self.run_style, paragraph.style)))

    def _turn(self, *, remembered: bool) -> None:
        """A page break; one that Word remembers right after an ordered one is the same break."""
        self.remembered = self.remembered or remembered
        if remembered and self.fresh:
            return
        for paragraph in self.open:
            if paragraph.printed():
                self.pages[-1].append(paragraph.runs)
            paragraph.runs = []
        self.pages.append([])
        self.fresh = True


def _printed_lines(text: str) -> int:
    """At least so many lines as a text takes on paper."""
    return sum(1 + len(paragraph) // LETTERS_OF_A_LINE for paragraph in text.splitlines())


def _local(name: str) -> str:
    """The name within WordprocessingML; `Fallback` of markup compatibility; empty for all else."""
    for space in _SPACES:
        if name.startswith(space):
            return name[len(space) :]
    return "Fallback" if name.endswith("/markup-compatibility/2006 Fallback") else ""


def _attribute(attributes: Attributes, local: str) -> str:
    return next((value for name, value in attributes.items() if name.rsplit(" ", 1)[-1] == local), "")
