"""Compound files ([MS-CFB]): Word, Excel and PowerPoint before 2007, and objects embedded in documents."""

from __future__ import annotations

import io
import re
import struct
import warnings
import zlib
from collections.abc import Mapping

import olefile

from gateway.adapters.active.biff import examine_workbook
from gateway.adapters.active.embedded import NATIVE, examine_object
from gateway.adapters.active.finds import Finds
from gateway.adapters.active.links import Reach, reach_of
from gateway.adapters.active.vba import examine_vba
from gateway.adapters.active.word_fields import examine_field
from gateway.adapters.active.word_text import fields_of, template_of, word_text
from gateway.model.facts import ActiveKind

SIGNATURE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
MOST_ENTRIES = 20_000
MOST_OF_A_STREAM = 200_000_000
MOST_OBJECTS = 500
_POOLED = re.compile(r"mbd[0-9a-f]{8}|lnk[0-9a-f]{8}|_\d{6,}|mso-embedded.*", re.IGNORECASE)
_MAINS = frozenset({"worddocument", "workbook", "book", "powerpoint document"})
_PACKED_OBJECT = re.compile(rb"\x10\x00\x11\x10([\x00-\xff]{4})([\x00-\xff]{4})\x78")
_PLAIN_OBJECT = re.compile(rb"\x00\x00\x11\x10([\x00-\xff]{4})(?=\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1)")
_ENCRYPTED = frozenset({"encryptedpackage", "encryptioninfo"})

Path = tuple[str, ...]


def examine_compound(content: bytes, place: str, finds: Finds, *, as_object: bool) -> None:
    """Judge a compound file; `as_object` where a document has embedded it, not where it came by itself."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            with olefile.OleFileIO(io.BytesIO(content), raise_defects=olefile.DEFECT_FATAL) as container:
                _Document(container, place, finds).examine(as_object=as_object)
        except (OSError, ValueError, TypeError, IndexError, AttributeError, struct.error):
            finds.could_not_read(place or "cấu trúc OLE")


class _Document:
    def __init__(self, container: olefile.OleFileIO, place: str, finds: Finds) -> None:
        self._container = container
        self._place = place
        self._finds = finds
        self._streams: dict[Path, list[str]] = {}
        self._storages: list[Path] = []
        self._list()

    def examine(self, *, as_object: bool) -> None:
        root = self._read(())
        names = set(self._of(()))
        if names & _ENCRYPTED:
            self._finds.could_not_read("tệp đặt mật khẩu")
        self._projects()
        for storage in [(), *self._storages]:
            self._main(storage)
        if as_object or (not names & _MAINS and NATIVE in names):
            examine_object(root, _clsid(self._container, ()), self._place, self._finds)
        self._objects()

    def _list(self) -> None:
        """All streams by their storage. A directory too large to be anybody's is not read further."""
        entries = self._container.listdir(streams=True, storages=True)
        if len(entries) > MOST_ENTRIES:
            self._finds.add(ActiveKind.BOMB, self._place, "quá nhiều phần trong tệp OLE")
        for entry in entries[:MOST_ENTRIES]:
            path = tuple(entry)
            if self._container.get_type(entry) == olefile.STGTY_STREAM:
                self._streams.setdefault(path[:-1], []).append(path[-1])
            else:
                self._storages.append(path)
        orphans = sum(entry is None for entry in self._container.direntries)
        if orphans and self._container.root is None:
            self._finds.could_not_read("thư mục OLE")

    def _of(self, storage: Path) -> list[str]:
        return [name.lower() for name in self._streams.get(storage, ())]

    def _read(self, storage: Path, only: frozenset[str] | None = None) -> dict[str, bytes]:
        """Streams of one storage by lower-case name; what cannot be read is noted."""
        found: dict[str, bytes] = {}
        for name in self._streams.get(storage, ()):
            if only is not None and name.lower() not in only:
                continue
            path = [*storage, name]
            size = self._container.get_size(path)
            if size > MOST_OF_A_STREAM or not self._finds.count(size):
                self._finds.could_not_read("/".join(path))
                continue
            try:
                found[name.lower()] = self._container.openstream(path).read()
            except OSError:
                self._finds.could_not_read(f"phần {name} trong tệp OLE")
        return found

    def _projects(self) -> None:
        """VBA storages wherever they stand, told by their directory or by the project's cache."""
        for storage in self._storages:
            names = self._of(storage)
            if "dir" in names or "_vba_project" in names or storage[-1].lower() == "vba":
                streams = self._read(storage)
                examine_vba(streams, self._where(storage[:-1], "dự án VBA"), self._finds)

    def _main(self, storage: Path) -> None:
        names = set(self._of(storage))
        if "worddocument" in names:
            streams = self._read(storage, frozenset({"worddocument", "0table", "1table"}))
            self._word(streams, self._where(storage, "nội dung"))
        for book in ("workbook", "book"):
            if book in names:
                examine_workbook(self._read(storage, frozenset({book})).get(book, b""), self._finds)
        if "powerpoint document" in names:
            self._slides(self._read(storage, frozenset({"powerpoint document"})))

    def _word(self, streams: Mapping[str, bytes], place: str) -> None:
        text, encrypted = word_text(streams)
        if encrypted:
            self._finds.could_not_read("văn bản đặt mật khẩu")
        template = template_of(streams)
        if template and reach_of(template) is not Reach.LOCAL:
            self._finds.add(ActiveKind.EXTERNAL_TEMPLATE, place, template)
        for code in fields_of(text):
            examine_field(code, place, self._finds)

    def _slides(self, streams: Mapping[str, bytes]) -> None:
        """Objects and macros of a presentation, which stand packed in its main stream ([MS-PPT] 2.10.34)."""
        content = streams.get("powerpoint document", b"")
        for match in list(_PACKED_OBJECT.finditer(content))[:MOST_OBJECTS]:
            object_ = _inflated(content[match.end() - 1 :])
            if object_.startswith(SIGNATURE):
                self._finds.inside(object_, "đối tượng trong trang chiếu")
        for match in list(_PLAIN_OBJECT.finditer(content))[:MOST_OBJECTS]:
            size = int.from_bytes(match[1], "little")
            self._finds.inside(content[match.end() : match.end() + size], "đối tượng trong trang chiếu")

    def _objects(self) -> None:
        """Storages of embedded objects: one level under a pool, or at the root under a name of the application's."""
        seen = 0
        for storage in self._storages:
            pooled = (len(storage) > 1 and storage[-2].lower() == "objectpool") or _POOLED.fullmatch(storage[-1])
            if not pooled and NATIVE not in self._of(storage):
                continue
            seen += 1
            if seen > MOST_OBJECTS:
                self._finds.could_not_read("quá nhiều đối tượng nhúng")
                return
            examine_object(
                self._read(storage),
                _clsid(self._container, storage),
                self._where(storage, "đối tượng nhúng"),
                self._finds,
            )

    def _where(self, storage: Path, what: str) -> str:
        return self._place or (f"{what} {'/'.join(storage)}" if storage else what)


def _clsid(container: olefile.OleFileIO, storage: Path) -> str:
    try:
        return str(container.getclsid(list(storage)) if storage else container.root.clsid).upper()
    except (OSError, AttributeError):
        return ""


def _inflated(content: bytes) -> bytes:
    try:
        return zlib.decompressobj().decompress(content, 50_000_000)
    except zlib.error:
        return b""
