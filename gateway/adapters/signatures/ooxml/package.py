"""An Office document as a package of parts (ECMA-376 part 2), read so that no two readers can see it differently."""

from __future__ import annotations

import posixpath
import struct
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO
from urllib.parse import unquote

from lxml import etree

from gateway.adapters.signatures.ooxml.algorithms import digest
from gateway.adapters.signatures.ooxml.faults import Malformed, Unsupported
from gateway.adapters.signatures.ooxml.safe_xml import parsed
from gateway.adapters.signatures.ooxml.zip_layout import discrepancy
from gateway.errors import GatewayError

TYPES = "/[content_types].xml"
PACKAGE_ROOT = "/"
RELATIONSHIPS_TYPE = "application/vnd.openxmlformats-package.relationships+xml"

_TYPES_NS = "{http://schemas.openxmlformats.org/package/2006/content-types}"
_RELATIONSHIPS_NS = "{http://schemas.openxmlformats.org/package/2006/relationships}"
_NEEDED = {"Id", "Type", "Target"}
_KNOWN = {*_NEEDED, "TargetMode"}
_ENCRYPTED = 0x1
_METHODS = {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}
_BROKEN = (zipfile.BadZipFile, zlib.error, struct.error, EOFError, ValueError, RuntimeError, OSError)
_MOST_PARTS = 20_000
_MOST_OCTETS = 1_000_000_000
_LARGEST_XML = 50_000_000
_STEP = 1 << 20


class UnreadablePackage(GatewayError):
    """The file cannot be searched for signatures: whether there are any is not known. `str()` is Vietnamese."""


@dataclass(frozen=True, slots=True)
class Relationship:
    """One relationship; `target` is a part's key where it lies in the package, else ""."""

    id: str
    type: str
    target: str
    mode: str
    raw_target: str


class Package:
    """The parts of one file. They are named by keys: names as they begin with "/", unquoted, in small letters."""

    def __init__(self, stream: BinaryIO) -> None:
        """Raises UnreadablePackage where this is no ZIP file."""
        try:
            self._archive = zipfile.ZipFile(stream)
        except _BROKEN as problem:
            raise UnreadablePackage("không đọc được cấu trúc gói tài liệu để tìm chữ ký số") from problem
        self._stream = stream
        self._entries = [entry for entry in self._archive.infolist() if not _is_folder(entry)]
        self._by_key = {part_key(entry.filename): entry for entry in self._entries}
        self._digests: dict[tuple[str, str], bytes] = {}
        self._relationships: dict[str, tuple[Relationship, ...]] = {}
        self._types: dict[str, str] | None = None
        self._defaults: dict[str, str] = {}

    @property
    def parts(self) -> tuple[str, ...]:
        """The keys of all members but the list of content types."""
        return tuple(key for key in self._by_key if key != TYPES)

    def has(self, key: str) -> bool:
        """Whether there is such a part."""
        return key in self._by_key

    def shown(self, key: str) -> str:
        """The part's name as the file writes it."""
        return f"/{self._by_key[key].filename}" if key in self._by_key else key

    def chunks(self, key: str) -> Iterator[bytes]:
        """A part's bytes, piece by piece; raises Malformed where they cannot be had."""
        if self._by_key[key].compress_type not in _METHODS:
            raise Malformed(f"phần “{self.shown(key)}” được nén trái với tiêu chuẩn")
        try:
            with self._archive.open(self._by_key[key]) as member:
                while piece := member.read(_STEP):
                    yield piece
        except _BROKEN as problem:
            raise Malformed(f"phần “{self.shown(key)}” trong gói bị hỏng") from problem

    def digest(self, key: str, name: str) -> bytes:
        """The digest of a part by a hash of this name, computed once; raises Malformed."""
        if (key, name) not in self._digests:
            self._digests[key, name] = digest(name, self.chunks(key))
        return self._digests[key, name]

    def read(self, key: str) -> bytes:
        """A part's bytes, where it is XML of a bearable size; raises Malformed or Unsupported."""
        if self._by_key[key].file_size > _LARGEST_XML:
            raise Unsupported(f"phần “{self.shown(key)}” quá lớn để kiểm tra")
        return b"".join(self.chunks(key))

    def content_type(self, key: str) -> str:
        """What [Content_Types].xml says a part is; "" where it says nothing. Raises Malformed."""
        types = self._content_types()
        return types.get(key) or self._defaults.get(posixpath.basename(key).rpartition(".")[2], "")

    def relationships(self, source: str) -> tuple[Relationship, ...]:
        """The relationships of a part, or of the package itself (`PACKAGE_ROOT`); raises Malformed."""
        key = rels_key(source)
        return self.relationships_in(key) if self.has(key) else ()

    def relationships_in(self, key: str) -> tuple[Relationship, ...]:
        """The relationships in a relationships part; raises Malformed where it holds anything else."""
        if key in self._relationships:
            return self._relationships[key]
        root = parsed(self.read(key), self.shown(key))
        if root.tag != f"{_RELATIONSHIPS_NS}Relationships" or root.attrib:
            raise Malformed(f"phần quan hệ “{self.shown(key)}” trái với tiêu chuẩn")
        found = [_relationship(each, key, self.shown(key)) for each in root if isinstance(each.tag, str)]
        if len({each.id for each in found}) != len(found):
            raise Malformed(f"phần quan hệ “{self.shown(key)}” có mã quan hệ trùng nhau")
        self._relationships[key] = tuple(found)
        return self._relationships[key]

    def blanks_in(self, key: str) -> int:
        """How many runs of white space stand between the relationships of a relationships part."""
        root = parsed(self.read(key), self.shown(key))
        runs = [root.text, *(each.tail for each in root)]
        return sum(1 for run in runs if run and not run.strip())

    def mentions(self, name: bytes) -> bool:
        """Whether the file has this name anywhere, be it in the directory or only before a member."""
        self._stream.seek(0)
        tail = b""
        while piece := self._stream.read(_STEP):
            if name in tail + piece:
                return True
            tail = piece[-len(name) :]
        return False

    def ambiguity(self) -> str:
        """What lets two readers see different documents in this file, in Vietnamese; "" where nothing does.

        A part that is broken does so too: some readers repair it, some leave it out.
        """
        if len(self._entries) > _MOST_PARTS or sum(entry.file_size for entry in self._entries) > _MOST_OCTETS:
            return "gói tài liệu có quá nhiều phần hoặc quá lớn"
        for entry in self._entries:
            if self._by_key[part_key(entry.filename)] is not entry:
                return f"phần “/{entry.filename}” có hai bản trong tệp"
            if entry.flag_bits & _ENCRYPTED or entry.compress_type not in _METHODS:
                return f"phần “/{entry.filename}” được nén hoặc mã hóa trái với tiêu chuẩn"
        if found := discrepancy(self._stream, self._archive):
            return found
        try:
            for key in self._by_key:
                self.digest(key, "sha256")
        except Malformed as broken:
            return str(broken)
        return ""

    def _content_types(self) -> dict[str, str]:
        if self._types is None:
            if not self.has(TYPES):
                raise Malformed("gói tài liệu thiếu danh mục loại nội dung")
            root = parsed(self.read(TYPES), "/[Content_Types].xml")
            overrides = [(part_key(each.get("PartName", "")), each) for each in root.iter(f"{_TYPES_NS}Override")]
            defaults = [(each.get("Extension", "").lower(), each) for each in root.iter(f"{_TYPES_NS}Default")]
            if len(dict(overrides)) != len(overrides) or len(dict(defaults)) != len(defaults):
                raise Malformed("danh mục loại nội dung của gói có mục trùng nhau")
            self._types = {key: each.get("ContentType", "") for key, each in overrides}
            self._defaults = {key: each.get("ContentType", "") for key, each in defaults}
        return self._types


def part_key(name: str) -> str:
    """How a part is known here: its name from the root on, unquoted, in small letters (part 2, section 6.2.2.3)."""
    return "/" + unquote(name).removeprefix("/").lower()


def rels_key(source: str) -> str:
    """The relationships part of a part (part 2, section 6.5.2.3)."""
    folder, name = posixpath.split(source)
    return posixpath.join(folder, "_rels", f"{name}.rels")


def source_key(rels: str) -> str:
    """The part whose relationships these are; the package itself for /_rels/.rels."""
    folder, name = posixpath.split(rels)
    return posixpath.join(posixpath.dirname(folder), name.removesuffix(".rels"))


def is_rels(key: str) -> bool:
    """Whether this is the name of a relationships part."""
    return key.endswith(".rels") and posixpath.basename(posixpath.dirname(key)) == "_rels"


def _relationship(element: etree._Element, key: str, shown: str) -> Relationship:
    attributes = {str(name): str(value) for name, value in element.attrib.items()}
    if element.tag != f"{_RELATIONSHIPS_NS}Relationship" or not _NEEDED <= set(attributes) <= _KNOWN:
        raise Malformed(f"phần quan hệ “{shown}” trái với tiêu chuẩn")
    mode = attributes.get("TargetMode", "Internal")
    base = posixpath.dirname(source_key(key))
    written = attributes["Target"]
    target = part_key(posixpath.normpath(posixpath.join(base, written))) if mode == "Internal" else ""
    return Relationship(attributes["Id"], attributes["Type"], target, mode, written)


def _is_folder(entry: zipfile.ZipInfo) -> bool:
    return entry.filename.endswith("/") and entry.file_size == 0
