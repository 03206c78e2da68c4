"""Archives and what comes out of them."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ArchiveLimits:
    """How much of the archives of one mail is opened.

    `max_members` files and `max_unpacked` bytes in all; an archive and every file in it grows at most `max_ratio`
    times; `max_depth` 1 is files in an archive, 2 files in an archive in an archive.
    """

    max_depth: int
    max_members: int
    max_unpacked: int
    max_ratio: int


@dataclass(frozen=True, slots=True)
class Member:
    """A file taken out of an archive. `name` has its folders, divided by `/`, as far as it could be read."""

    name: str
    content: bytes
