"""Old Word files, workbooks and RTF; through kreuzberg what is not read here."""

from __future__ import annotations

import struct
from collections.abc import Iterable
from functools import cache
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

import olefile

from gateway.adapters.text.doc import DocText, parse_doc
from gateway.adapters.text.limits import bounded
from gateway.adapters.text.plain import lines_of, pages_of
from gateway.adapters.text.rtf import parse_rtf
from gateway.letters import Run, read_letters, read_runs
from gateway.model.page import FileText

if TYPE_CHECKING:
    import kreuzberg

NO_CELLS = "không đọc được ô nào của bảng tính"
MAX_MARGINS = 300
_FIB_LENGTH = 0x200
_FIB_FLAGS = 0x0A
_FIB_TABLE_1 = 0x0200
_FIB_DOP = 0x192
_DOP_PAGES = 0x2E
_FIB_ENCRYPTED = 0x0100
_BIFF_FILEPASS = 0x002F
_BIFF_RECORDS = 20


class ExtractionFailed(Exception):
    """The library could not read the file."""


def read_doc(path: Path) -> FileText:
    """A Word 97–2003 file; `page_count` as its writer noted it, None where it did not."""
    with olefile.OleFileIO(path) as container:
        head = container.openstream("WordDocument").read(_FIB_LENGTH)
        flags = int.from_bytes(head[_FIB_FLAGS : _FIB_FLAGS + 2], "little")
        if flags & _FIB_ENCRYPTED:
            return FileText(encrypted=True)
        noted = _doc_pages(container, head, "1Table" if flags & _FIB_TABLE_1 else "0Table")
        document = _parsed(container)
    text = document.text or [[Run(line)] for line in _extract(path, "application/msword").content.split("\n")]
    reading = read_runs([*text, *document.margins])
    paragraphs = reading.paragraphs
    pages, cut = bounded(pages_of(["\n".join(paragraphs[: len(text)])]), None)
    return FileText(
        pages=pages,
        page_count=noted,
        encoding=reading.encoding,
        notes=(*reading.notes, *cut),
        margins=_margins(paragraphs[len(text) :]),
    )


def _parsed(container: olefile.OleFileIO) -> DocText:
    """Paragraphs with their fonts; none where the file is of before 1997 or its formatting is damaged."""
    try:
        return parse_doc(container)
    except (ValueError, IndexError, OSError, struct.error):
        return DocText([], [])


def _margins(paragraphs: Iterable[str]) -> tuple[str, ...]:
    """The lines of page heads, feet and boxes, each once."""
    return tuple(dict.fromkeys(line.text for text in islice(paragraphs, MAX_MARGINS) for line in lines_of(text)))


def _doc_pages(container: olefile.OleFileIO, head: bytes, table: str) -> int | None:
    """Pages by the document properties ([MS-DOC] 2.7.2, cPg), which LibreOffice writes too, or by the summary."""
    start = int.from_bytes(head[_FIB_DOP : _FIB_DOP + 4], "little")
    if container.exists(table):
        stream = container.openstream(table)
        stream.seek(start + _DOP_PAGES)
        noted = int.from_bytes(stream.read(2), "little", signed=True)
        if noted > 0:
            return noted
    return _number(container.get_metadata().num_pages)


def read_rtf(path: Path) -> FileText:
    """RTF; pages part at ordered breaks, `page_count` is as the writer noted it.

    Raises ValueError where the file is damaged or hostile.
    """
    text = parse_rtf(path.read_bytes())
    reading = read_runs([runs for page in (*text.pages, text.margins) for runs in page])
    paragraphs = iter(reading.paragraphs)
    texts = ["\n".join(next(paragraphs) for _ in page) for page in text.pages]
    pages, cut = bounded(pages_of(texts), len(texts))
    return FileText(
        pages=pages,
        page_count=max(text.noted_pages, len(texts)) if text.noted_pages else None,
        encoding=reading.encoding,
        notes=(*reading.notes, *cut),
        margins=_margins(paragraphs),
    )


def read_workbook(path: Path, media_type: str) -> FileText:
    """A workbook: each sheet that is not empty is a page, since what prints depends on the printer."""
    if media_type == "application/vnd.ms-excel" and _xls_locked(path):
        return FileText(encrypted=True)
    result = _extract(path, media_type)
    sheets: dict[int, list[str]] = {}
    for table in result.tables:
        sheets.setdefault(table.page_number, []).extend("\t".join(row) for row in table.cells)
    texts = ["\n".join(rows) for _, rows in sorted(sheets.items())]
    if not texts:
        return FileText(notes=(NO_CELLS,))
    reading = read_letters("\f".join(texts))
    pages, cut = bounded(pages_of(reading.text.split("\f")), len(texts))
    return FileText(pages=pages, page_count=len(texts), encoding=reading.encoding, notes=(*reading.notes, *cut))


def _number(value: object) -> int | None:
    return int(value) if isinstance(value, int | str) and str(value).isdigit() and int(value) > 0 else None


def _extract(path: Path, media_type: str) -> kreuzberg.ExtractionResult:
    """What the library found; raises ExtractionFailed, also where the library's own code panics."""
    import kreuzberg

    try:
        return kreuzberg.extract_file_sync(path, media_type, _config())
    except BaseException as error:
        if isinstance(error, Exception) or type(error).__name__ == "PanicException":
            raise ExtractionFailed(f"{media_type}: {type(error).__name__}") from error
        raise


@cache
def _config() -> kreuzberg.ExtractionConfig:
    import kreuzberg

    return kreuzberg.ExtractionConfig(use_cache=False, enable_quality_processing=False)


def _xls_locked(path: Path) -> bool:
    """Whether a FILEPASS record stands among the first records ([MS-XLS] 2.4.117)."""
    with olefile.OleFileIO(path) as container:
        name = next((each for each in ("Workbook", "Book") if container.exists(each)), None)
        if name is None:
            return False
        stream = container.openstream(name)
        for _ in range(_BIFF_RECORDS):
            head = stream.read(4)
            if int.from_bytes(head[:2], "little") == _BIFF_FILEPASS:
                return True
            stream.seek(int.from_bytes(head[2:], "little"), 1)
    return False
