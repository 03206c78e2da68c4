"""Archives read by libarchive, entry by entry, with only the formats and filters that their type needs."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from ctypes import c_int, c_void_p, create_string_buffer
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

BLOCK = 65_536
_KIND_MASK = 0o170000
_REGULAR, _FOLDER = 0o100000, 0o040000

_READERS: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "application/x-rar-compressed": (("rar", "rar5"), ("none",)),
    "application/x-7z-compressed": (("7zip",), ("none",)),
    "application/x-tar": (("tar",), ("none",)),
    "application/gzip": (("tar", "raw"), ("gzip",)),
    "application/x-bzip2": (("tar", "raw"), ("bzip2",)),
    "application/x-xz": (("tar", "raw"), ("xz",)),
    "application/zstd": (("tar", "raw"), ("zstd",)),
}
STREAMED = frozenset(_READERS)
PACKED_ALONE = "raw"
PACKED = frozenset(media_type for media_type, (formats, _) in _READERS.items() if PACKED_ALONE in formats)
"""Types of which one with nothing in it contradicts itself: what reads as an empty tar may be a file of zeros."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry of an archive. `name` is bytes where its encoding is not known, None where it has none."""

    name: str | bytes | None
    folder: bool
    regular: bool
    encrypted: bool
    size: int | None
    blocks: Iterator[bytes]


class Broken(Exception):
    """libarchive could not go on; `encrypted` where it says that this is for want of a password."""

    def __init__(self, *, encrypted: bool) -> None:
        super().__init__("encrypted" if encrypted else "damaged")
        self.encrypted = encrypted


class Missing(Exception):
    """The machine has no libarchive."""


@cache
def _library() -> Any:
    """The library with the functions declared that its Python binding leaves out; raises Missing."""
    try:
        from libarchive import ffi
    except (OSError, AttributeError) as problem:  # as the binding has it that found none
        raise Missing from problem

    library = ffi.libarchive
    for name in (
        "archive_read_has_encrypted_entries",
        "archive_entry_is_encrypted",
        "archive_read_support_format_rar5",
    ):
        function = getattr(library, name)
        function.argtypes, function.restype = [c_void_p], c_int
    return ffi


def load() -> bool:
    """Load the library now, and tell whether the machine has it.

    Loading looks for it with another program, so workers do that before their limits are set.
    """
    try:
        _library()
    except Missing:
        return False
    return True


@contextmanager
def entries(path: Path, media_type: str) -> Iterator[tuple[Iterator[Entry], Any]]:
    """The entries of an archive of a type in STREAMED, and a function that tells the name of its format.

    Raises Missing; iterating raises Broken.
    """
    ffi = _library()
    formats, filters = _READERS[media_type]
    archive = ffi.read_new()
    try:
        for name in filters:
            ffi.get_read_filter_function(name)(archive)
        for name in formats:
            _support(ffi, name, archive)
        with path.open("rb") as file:
            yield _each(ffi, archive, file.fileno()), lambda: _format(ffi, archive)
    finally:
        ffi.read_free(archive)


def _support(ffi: Any, name: str, archive: Any) -> None:
    if name == "rar5":
        ffi.libarchive.archive_read_support_format_rar5(archive)
    else:
        ffi.get_read_format_function(name)(archive)


def _format(ffi: Any, archive: Any) -> str:
    name = ffi.format_name(archive)
    return name.decode("ascii", "replace") if isinstance(name, bytes) else ""


def _each(ffi: Any, archive: Any, descriptor: int) -> Iterator[Entry]:
    try:
        ffi.read_open_fd(archive, descriptor, BLOCK)
    except ffi.ArchiveError:
        # Of a file of no known format the library must not be asked about passwords: it crashes.
        raise Broken(encrypted=False) from None
    try:
        while True:
            entry = ffi.entry_new()
            try:
                if ffi.read_next_header2(archive, entry) == ffi.ARCHIVE_EOF:
                    return
                yield _entry(ffi, archive, entry)
            finally:
                ffi.entry_free(entry)
    except ffi.ArchiveError:
        raise Broken(encrypted=ffi.libarchive.archive_read_has_encrypted_entries(archive) > 0) from None


def _entry(ffi: Any, archive: Any, entry: Any) -> Entry:
    kind = ffi.entry_filetype(entry) & _KIND_MASK
    linked = bool(ffi.entry_hardlink_w(entry) or ffi.entry_hardlink(entry))
    return Entry(
        name=ffi.entry_pathname_w(entry) or ffi.entry_pathname(entry),
        folder=kind == _FOLDER,
        regular=kind in (_REGULAR, 0) and not linked,
        encrypted=bool(ffi.libarchive.archive_entry_is_encrypted(entry)),
        size=ffi.entry_size(entry) if ffi.entry_size_is_set(entry) else None,
        blocks=_blocks(ffi, archive),
    )


def _blocks(ffi: Any, archive: Any) -> Iterator[bytes]:
    buffer = create_string_buffer(BLOCK)
    while length := _read(ffi, archive, buffer):
        yield buffer.raw[:length]


def _read(ffi: Any, archive: Any, buffer: Any) -> int:
    """Bytes read; what the library only warns about, such as a wrong checksum, is damage too."""
    try:
        length = int(ffi.read_data(archive, buffer, BLOCK))
    except ffi.ArchiveError:
        length = -1
    if length < 0:
        raise Broken(encrypted=ffi.libarchive.archive_read_has_encrypted_entries(archive) > 0)
    return length
