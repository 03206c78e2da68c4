"""The media type of a file, told from its content alone.

The name and the declared type of an attachment are what its sender says; this is what the file is.
Names are IANA's where there is one, lower case throughout.
"""

from __future__ import annotations

from pathlib import Path

from gateway.adapters.filetype.locked import locked
from gateway.adapters.filetype.magic import PDF, by_signature, late_pdf
from gateway.adapters.filetype.ole import OLE_SIGNATURE, ole_type
from gateway.adapters.filetype.packages import ZIP_SIGNATURES, package_type
from gateway.adapters.filetype.polyglot import contradictions
from gateway.adapters.filetype.textual import CSV, PLAIN, text_type

__all__ = ["contradictions", "locked", "sniff"]

EMPTY = "application/x-empty"
UNKNOWN = "application/octet-stream"
HEAD = 65_536


def sniff(path: Path) -> str:
    """The media type of `path`: `application/x-empty` for no bytes, `application/octet-stream` where unknown.

    Raises OSError where the file cannot be read, and nothing for what is in it. A container that is
    damaged is called by its outer form (`application/zip`, `application/x-ole-storage`).
    """
    with path.open("rb") as file:
        head = file.read(HEAD)
    if not head:
        return EMPTY
    if head.startswith(OLE_SIGNATURE):
        return ole_type(path)
    if head.startswith(ZIP_SIGNATURES):
        return package_type(path)
    found = by_signature(head, path.stat().st_size) or text_type(head, whole=len(head) < HEAD) or UNKNOWN
    return PDF if found in (UNKNOWN, PLAIN, CSV) and late_pdf(head) else found
