"""Which application wrote a compound file ([MS-CFB]), by the streams in its directory."""

from __future__ import annotations

import warnings
from pathlib import Path

import olefile

OLE_SIGNATURE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
PLAIN = "application/x-ole-storage"

# The first line of which one stream is there decides; a message may embed a document, so it comes first.
_BY_STREAM: tuple[tuple[frozenset[str], str], ...] = (
    (frozenset({"__properties_version1.0", "__nameid_version1.0"}), "application/vnd.ms-outlook"),
    (frozenset({"encryptedpackage"}), "application/x-tika-ooxml-protected"),
    (frozenset({"\x09drmcontent"}), "application/x-tika-ooxml-protected"),
    (frozenset({"worddocument"}), "application/msword"),
    (frozenset({"workbook", "book"}), "application/vnd.ms-excel"),
    (frozenset({"powerpoint document", "pp40", "pp97_dualstorage"}), "application/vnd.ms-powerpoint"),
    (frozenset({"visiodocument"}), "application/vnd.visio"),
    (frozenset({"quill"}), "application/x-mspublisher"),
    (frozenset({"matstream", "matost", "wksssworkbook"}), "application/vnd.ms-works"),
    (frozenset({"dgn~h", "dgn~s", "dgn~mf"}), "image/vnd.dgn"),
    (frozenset({"\x05hwpsummaryinformation", "fileheader"}), "application/x-hwp-v5"),
)
_MSI = "\u4840"


def ole_type(path: Path) -> str:
    """The type of a compound file; PLAIN where its directory cannot be read or says nothing."""
    try:
        names = _names(path)
    except Exception:  # noqa: BLE001  a damaged directory fails in many ways, and all mean the same
        return PLAIN
    for streams, media_type in _BY_STREAM:
        if streams & names:
            return media_type
    return "application/x-msi" if any(name.startswith(_MSI) for name in names) else PLAIN


def _names(path: Path) -> frozenset[str]:
    """Names at the root, lower case, of the whole directory where parts of it are damaged."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        with olefile.OleFileIO(path, raise_defects=olefile.DEFECT_FATAL) as container:
            root = container.root.kids if container.root is not None else ()
            names = frozenset(kid.name.casefold() for kid in root)
            return names or frozenset(
                entry.name.casefold() for entry in container.direntries if entry is not None and entry.name
            )
