"""What a ZIP archive is: an office document, a Java archive, or only an archive.

OOXML is known by the content type of its main part (ISO/IEC 29500-2), not by folder names, which
anybody can put into an archive. Of the archive only the directory and a little of two parts is read.
"""

from __future__ import annotations

import re
import struct
import zipfile
from pathlib import Path

ZIP = "application/zip"
OOXML = "application/x-tika-ooxml"
ZIP_SIGNATURES = (b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08")
MAX_DIRECTORY = 8_000_000
MAX_ENTRIES = 20_000
MAX_PART = 512_000

_TYPES = "[Content_Types].xml"
_RELATIONS = "_rels/.rels"
END = struct.Struct("<4s4H2LH")
END_SIGNATURE = b"PK\x05\x06"
LONGEST_TAIL = END.size + 0xFFFF

# A package of a program is one whatever else it claims to be.
_PROGRAMS = (
    ("AndroidManifest.xml", "application/vnd.android.package-archive"),
    ("AppxManifest.xml", "application/appx"),
    ("AppxMetadata/AppxBundleManifest.xml", "application/appx"),
    ("extension.vsixmanifest", "application/appx"),
    ("META-INF/MANIFEST.MF", "application/java-archive"),
)

_ELEMENT = re.compile(r"<(?:\w+:)?(?:Override|Default|Relationship)\s([^<>]{1,2000})>")
_ATTRIBUTE = re.compile(r"""(\w+)\s*=\s*["']([^"'<>]{0,500})["']""")
_MACRO_MAIN = re.compile(
    r"(application/vnd\.ms-(?:word|excel|powerpoint)\.[a-z.]+\.macroenabled)(?:template)?\.main(?:\+xml)?"
)
_PLAIN_MAIN = re.compile(
    r"(application/vnd\.openxmlformats-officedocument\."
    r"(?:wordprocessingml|spreadsheetml|presentationml)\.[a-z]+)\.main\+xml"
)
_OPEN_DOCUMENT = re.compile(r"application/(vnd\.oasis\.opendocument\.[a-z-]+|epub\+zip)")


def package_type(path: Path) -> str:
    """The type of a ZIP archive; ZIP where it cannot be read, is too large to look into, or is nothing more."""
    try:
        if not _small_directory(path):
            return ZIP
        with zipfile.ZipFile(path) as archive:
            return _inside(archive)
    except Exception:  # noqa: BLE001  a damaged archive fails in many ways, and all mean the same
        return ZIP


def _small_directory(path: Path) -> bool:
    """Whether the archive's directory, as its end record gives it, is worth reading."""
    with path.open("rb") as file:
        file.seek(max(0, path.stat().st_size - LONGEST_TAIL))
        tail = file.read()
    place = tail.rfind(END_SIGNATURE)
    if place < 0 or len(tail) - place < END.size:
        return False
    _, _, _, _, entries, size, _, _ = END.unpack_from(tail, place)
    return bool(entries <= MAX_ENTRIES and size <= MAX_DIRECTORY)


def _inside(archive: zipfile.ZipFile) -> str:
    names = set(archive.namelist())
    if _TYPES in names and names.isdisjoint({part for part, _ in _PROGRAMS}):
        return _office_type(archive, names)
    if "mimetype" in names:
        declared = beginning(archive, "mimetype")[:100].strip().lower()
        if _OPEN_DOCUMENT.fullmatch(declared):
            return declared
    return next((found for part, found in _PROGRAMS if part in names), ZIP)


def beginning(archive: zipfile.ZipFile, name: str) -> str:
    """The first bytes of a part, no more, however much it would grow to."""
    with archive.open(name) as part:
        content = part.read(MAX_PART)
    wide = content.startswith((b"\xff\xfe", b"\xfe\xff"))
    return content.decode("utf-16" if wide else "utf-8", "replace")


def _office_type(archive: zipfile.ZipFile, names: set[str]) -> str:
    content_types = beginning(archive, _TYPES)
    types = {
        **_elements(content_types, "Extension", "ContentType"),
        **_elements(content_types, "PartName", "ContentType"),
    }
    relations = _elements(beginning(archive, _RELATIONS), "Target", "Type") if _RELATIONS in names else {}
    mains = [target for target, kind in relations.items() if kind.endswith("/officedocument")]
    declared = [types.get(f"/{main.lstrip('/')}", "") for main in mains]
    for content_type in [*declared, *types.values()]:
        if match := _MACRO_MAIN.fullmatch(content_type):
            return f"{match[1]}.12"
        if match := _PLAIN_MAIN.fullmatch(content_type):
            return match[1]
    return OOXML


def _elements(xml: str, key: str, value: str) -> dict[str, str]:
    """Two attributes of every Default, Override or Relationship, lower case, without building a tree."""
    found = {}
    for element in _ELEMENT.findall(xml):
        attributes = dict(_ATTRIBUTE.findall(element))
        if key in attributes and value in attributes:
            found[attributes[key].lower()] = attributes[value].lower()
    return found
