"""Old Word files, workbooks and RTF, through kreuzberg, with pages and locks read beside it."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import olefile

from gateway.adapters.text.encoding import guess_encoding
from gateway.adapters.text.limits import bounded
from gateway.adapters.text.plain import pages_of
from gateway.model.page import FileText

if TYPE_CHECKING:
    import kreuzberg

NO_CELLS = "không đọc được ô nào của bảng tính"
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
    return _one_flow(_extract(path, "application/msword").content, noted)


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
    """RTF; `page_count` as the writer noted it."""
    result = _extract(path, "application/rtf")
    return _one_flow(result.content, _number(dict(result.metadata).get("page_count")))


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
    pages, notes = bounded(pages_of(texts), len(texts))
    return FileText(pages=pages, page_count=len(texts), encoding=guess_encoding("\n".join(texts)), notes=notes)


def _one_flow(content: str, page_count: int | None) -> FileText:
    """Text of which the page breaks are not known stands on page 1."""
    pages, notes = bounded(pages_of([content]), None)
    return FileText(pages=pages, page_count=page_count, encoding=guess_encoding(content), notes=notes)


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
