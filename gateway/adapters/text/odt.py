"""Text of an OpenDocument text file (ODF 1.3 part 3), read from its XML as Word files are."""

from __future__ import annotations

import zipfile
from dataclasses import dataclass, field
from pathlib import Path

from gateway.adapters.text.limits import bounded
from gateway.adapters.text.plain import pages_of
from gateway.adapters.text.xml import Attributes, parse, part
from gateway.letters import read_letters
from gateway.model.page import FileText

_TEXT = "urn:oasis:names:tc:opendocument:xmlns:text:1.0 "
_META = "urn:oasis:names:tc:opendocument:xmlns:meta:1.0 "
_PARAGRAPHS = frozenset({f"{_TEXT}p", f"{_TEXT}h"})
_SIGNS = {f"{_TEXT}tab": "\t", f"{_TEXT}line-break": "\n", f"{_TEXT}s": " "}
_NOT_PRINTED = f"{_TEXT}tracked-changes"
_ENCRYPTED = b"encryption-data"


def read_odt(path: Path) -> FileText:
    """All paragraphs on page 1, those of each table cell as lines of their own; pages as the writer noted them.

    Raises BadZipFile, KeyError, ExpatError or ValueError where the file is damaged or hostile.
    """
    with zipfile.ZipFile(path) as archive:
        if _ENCRYPTED in part(archive, "META-INF/manifest.xml"):
            return FileText(encrypted=True)
        reader = _Reader()
        parse(part(archive, "content.xml"), start=reader.start, end=reader.end, text=reader.text)
        count = _noted_pages(archive)
    reading = read_letters("\n".join(reader.done))
    pages, cut = bounded(pages_of([reading.text]), None)
    return FileText(pages=pages, page_count=count, encoding=reading.encoding, notes=(*reading.notes, *cut))


def _noted_pages(archive: zipfile.ZipFile) -> int | None:
    noted: list[str] = []

    def start(name: str, attributes: Attributes) -> None:
        if name == f"{_META}document-statistic":
            noted.append(attributes.get(f"{_META}page-count", ""))

    if "meta.xml" in archive.namelist():
        parse(part(archive, "meta.xml"), start=start)
    return next((int(each) for each in noted if each.isascii() and each.isdigit() and len(each) < len("999999")), None)


@dataclass(slots=True)
class _Reader:
    done: list[str] = field(default_factory=list)
    open: list[list[str]] = field(default_factory=list)
    unprinted: int = 0

    def start(self, name: str, _: Attributes) -> None:
        self.unprinted += name == _NOT_PRINTED
        if name in _PARAGRAPHS:
            self.open.append([])
        elif name in _SIGNS and self.open:
            self.open[-1].append(_SIGNS[name])

    def end(self, name: str) -> None:
        self.unprinted -= name == _NOT_PRINTED
        if name in _PARAGRAPHS:
            paragraph = "".join(self.open.pop())
            if not self.unprinted:
                self.done.append(paragraph)

    def text(self, data: str) -> None:
        if self.open:
            self.open[-1].append(data)
