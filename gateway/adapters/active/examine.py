"""One file of any kind: which reader looks at it, and at what it carries inside."""

from __future__ import annotations

from pathlib import Path

from gateway.adapters.active.biff import examine_workbook
from gateway.adapters.active.compound import SIGNATURE as OLE
from gateway.adapters.active.compound import examine_compound
from gateway.adapters.active.finds import DEEPEST, Finds, PartlyExamined
from gateway.adapters.active.formulas import examine_cells
from gateway.adapters.active.ooxml import examine_package
from gateway.adapters.active.pdf import examine_pdf
from gateway.adapters.active.pictures import examine_picture
from gateway.adapters.active.rtf import examine_rtf, is_rtf
from gateway.model.facts import ActiveContent

PDF = "application/pdf"
EXCEL = "application/vnd.ms-excel"
LARGEST_INSIDE = 200_000_000
_ZIP = (b"PK\x03\x04", b"PK\x05\x06")
_TEXTS = ("text/", "application/x-sylk")
_PDF_HEAD = 1_024
_UTF16 = (b"\xff\xfe", b"\xfe\xff")


def examine(path: Path, media_type: str) -> tuple[ActiveContent, ...]:
    """What in `path`, whose true type is `media_type`, could run, fetch or overwhelm.

    Raises PartlyExamined, with what was found, where a part in which something could hide cannot be read;
    other exceptions mean that nothing is known.
    """
    content = path.read_bytes()
    finds = Finds(lambda inner, place: _inside(inner, place, finds))
    if media_type.startswith(_TEXTS) and not is_rtf(content):
        examine_cells(_text(content), finds)
    else:
        _look(content, media_type, "", finds)
    found = tuple(finds.kept)
    if finds.unread:
        raise PartlyExamined(f"không đọc được {', '.join(finds.unread)}", found)
    return found


def _inside(content: bytes, place: str, finds: Finds) -> None:
    if finds.depth >= DEEPEST or len(content) > LARGEST_INSIDE:
        finds.could_not_read(f"{place}: lồng nhau quá sâu hoặc quá lớn")
        return
    finds.depth += 1
    _look(content, "", place, finds)
    finds.depth -= 1


def _look(content: bytes, media_type: str, place: str, finds: Finds) -> None:
    if content.startswith(OLE):
        examine_compound(content, place, finds, as_object=False)
    elif content.startswith(_ZIP):
        examine_package(content, place, finds)
    elif is_rtf(content):
        examine_rtf(content, place, finds)
    elif media_type == EXCEL:
        examine_workbook(content, finds)
        if not finds.kept:
            finds.could_not_read("bảng tính Excel đời cũ, không có vỏ OLE")
    elif media_type == PDF or b"%PDF-" in content[:_PDF_HEAD]:
        examine_pdf(content, place, finds)
    else:
        examine_picture(content, place, finds)


def _text(content: bytes) -> str:
    if content.startswith(_UTF16):
        return content.decode("utf-16", "replace")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("latin-1")
