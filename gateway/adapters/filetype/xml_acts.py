"""XML that programs open as a page or document of theirs, or that reaches out when it is read."""

from __future__ import annotations

import re
from xml.parsers import expat

_PAGE = "trang web, tài liệu Office hoặc loại tệp khác viết bằng XML"
# Descriptions of map data (ISO 19139, FGDC, Esri), with what they refer to; elements of no vocabulary are theirs too.
_OF_MAPS = (
    "http://www.isotc211.org/",
    "https://www.isotc211.org/",
    "http://standards.iso.org/",
    "https://standards.iso.org/",
    "http://www.opengis.net/",
    "https://www.opengis.net/",
    "http://www.fgdc.gov/",
    "http://www.esri.com/",
    "https://www.esri.com/",
    "http://www.w3.org/2001/XMLSchema",
    "http://www.w3.org/1999/xlink",
)
_DECLARED = re.compile(rb"(?:\xef\xbb\xbf)?\s*<\?xml[^>]{0,200}?encoding\s*=\s*[\"']([A-Za-z0-9._-]{1,40})[\"']")
_KNOWN = re.compile(rb"utf-?8|utf-?16(?:le|be)?|us-ascii|iso-8859-\d+|windows-125\d", re.IGNORECASE)


class _Acts(Exception):
    """Raised by a handler where the text is more than data."""


def xml_acts(content: bytes) -> str | None:
    """What this XML is beside plain data of a map, as named to people; None where it is nothing else."""
    declared = _DECLARED.match(content)
    if declared is not None and _KNOWN.fullmatch(declared[1]) is None:
        return "XML ghi bằng bộ mã không rõ"
    parser = expat.ParserCreate(namespace_separator=" ")
    parser.StartElementHandler = _element
    parser.ProcessingInstructionHandler = _instruction
    parser.StartDoctypeDeclHandler = _doctype
    try:
        parser.Parse(content, True)
    except _Acts as acts:
        return str(acts)
    except (expat.ExpatError, ValueError):
        return "XML hỏng, không đọc được hết"
    return None


def _element(name: str, _attributes: dict[str, str]) -> None:
    namespace, space, _ = name.rpartition(" ")
    if space and not namespace.startswith(_OF_MAPS):
        raise _Acts(_PAGE)


def _instruction(target: str, _data: str) -> None:
    raise _Acts(f"XML có chỉ thị xử lý ({target[:40]})")


def _doctype(name: str, _system: str | None, _public: str | None, _internal: object) -> None:
    raise _Acts(f"XML có khai báo DOCTYPE ({name[:40]})")
