"""Members of archives within the limits of one mail, or why an archive is not opened."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from gateway.adapters.archive.locked import locked
from gateway.adapters.archive.member_names import decoded, points_outside
from gateway.adapters.archive.stream import PACKED, PACKED_ALONE, STREAMED, Broken, Entry, Missing, entries
from gateway.adapters.archive.zips import ZIP, TooMany, ZipMember, zip_members
from gateway.errors import Unopened
from gateway.model.archive import ArchiveLimits, Member
from gateway.model.wording import size

SMALL = 1_000_000
"""Bytes to which anything may grow: a page of blanks packs very well."""

_DAMAGED = "tệp nén bị hỏng hoặc dùng cách nén không đọc được"
_NO_LIBRARY = "máy chủ thiếu thư viện libarchive để mở loại tệp nén này"
_LOCKED = "tệp nén có tệp đặt mật khẩu"
_OUTSIDE = "có tên tệp trỏ ra ngoài thư mục giải nén"
_SPECIAL = "có liên kết hoặc tệp đặc biệt thay cho tệp văn bản"
_EXTENSION = re.compile(r"\.([a-z0-9]{1,5})\Z")
_ARCHIVE_NAMES = frozenset({"zip", "rar", "7z", "tar", "gz", "tgz", "bz2", "tbz2", "tbz", "xz", "txz", "zst", "tzst"})
_PACKED_SUFFIXES = (".gz", ".bz2", ".xz", ".zst")


class ArchiveOpener:
    """Opens the archives of one mail; what one takes of the limits the next has no more."""

    def __init__(self, limits: ArchiveLimits) -> None:
        self._limits = limits
        self._members_left = limits.max_members
        self._bytes_left = limits.max_unpacked

    def opens(self, media_type: str, name: str) -> bool:
        """Whether a file of this true type is an archive that is opened here; one that hides behind another name is
        not.
        """
        extension = _EXTENSION.search(name.lower())
        named = extension is None or extension[1].isdigit() or extension[1] in _ARCHIVE_NAMES
        return named and (media_type == ZIP or media_type in STREAMED)

    def members(self, path: Path, media_type: str, depth: int, name: str) -> Iterator[Member]:
        """Every file in an archive called `name`, the contents one at a time.

        `depth` is 1 for an archive that no archive holds. Raises Unopened at the point where no more is opened, and
        OSError where `path` cannot be read.
        """
        if depth > self._limits.max_depth:
            raise Unopened(f"lồng quá {self._limits.max_depth} lớp tệp nén")
        if locked(path, media_type):
            raise Unopened(_LOCKED)
        if media_type == ZIP:
            yield from self._zip(path)
            return
        try:
            yield from self._stream(path, media_type, name)
        except Broken as problem:
            raise Unopened(_LOCKED if problem.encrypted else _DAMAGED) from None
        except Missing:
            raise Unopened(_NO_LIBRARY) from None

    def _stream(self, path: Path, media_type: str, name: str) -> Iterator[Member]:
        packed, empty = path.stat().st_size, True
        with entries(path, media_type) as (found, format_name):
            for entry in found:
                empty = False
                if not entry.folder:
                    alone = format_name() == PACKED_ALONE
                    yield self._streamed(entry, packed, _unpacked_name(name) if alone else None)
        if empty and media_type in PACKED:
            raise Unopened(_DAMAGED)

    def _zip(self, path: Path) -> Iterator[Member]:
        try:
            members = zip_members(path, self._members_left)
        except TooMany:
            raise self._too_many() from None
        for each in members:
            self._check_zip_member(each)
        if sum(each.size for each in members) > self._bytes_left:
            raise self._too_large()
        for each in members:
            self._members_left -= 1
            self._bytes_left -= each.size
            yield Member(each.name, each.read())

    def _check_zip_member(self, member: ZipMember) -> None:
        if member.encrypted:
            raise Unopened(_LOCKED)
        if not member.regular:
            raise Unopened(_SPECIAL)
        if points_outside(member.name):
            raise Unopened(_OUTSIDE)
        if member.size > max(SMALL, self._limits.max_ratio * member.packed):
            raise self._too_dense()

    def _streamed(self, entry: Entry, packed: int, alone: str | None) -> Member:
        """One entry; of its share of the packed bytes nothing is known, so its growth is measured on the archive."""
        if entry.encrypted:
            raise Unopened(_LOCKED)
        if not entry.regular:
            raise Unopened(_SPECIAL)
        name = alone if alone is not None else _text(entry.name)
        if points_outside(name):
            raise Unopened(_OUTSIDE)
        if not self._members_left:
            raise self._too_many()
        self._members_left -= 1
        if entry.size is not None and entry.size > self._bytes_left:
            raise self._too_large()
        content = bytearray()
        for block in entry.blocks:
            content += block
            self._bytes_left -= len(block)
            if self._bytes_left < 0:
                raise self._too_large()
            if len(content) > max(SMALL, self._limits.max_ratio * packed):
                raise self._too_dense()
        return Member(name, bytes(content))

    def _too_many(self) -> Unopened:
        return Unopened(f"có quá {self._limits.max_members} tệp bên trong")

    def _too_large(self) -> Unopened:
        return Unopened(f"giải nén ra quá {size(self._limits.max_unpacked)}")

    def _too_dense(self) -> Unopened:
        return Unopened(f"giải nén ra lớn gấp quá {self._limits.max_ratio} lần")


def _text(name: str | bytes | None) -> str:
    return decoded(name) if isinstance(name, bytes) else name or ""


def _unpacked_name(name: str) -> str:
    """The name of what a file without folders holds: `a.pdf.gz` holds `a.pdf`."""
    lower = name.lower()
    return next((name[: -len(suffix)] for suffix in _PACKED_SUFFIXES if lower.endswith(suffix)), name)
