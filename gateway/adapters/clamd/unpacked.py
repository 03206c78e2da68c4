"""What an archive says it unpacks to: clamd calls OK a member it did not search to its end.

A member over MaxFileSize is skipped in silence, with AlertExceedsMax too (ClamAV 1.4). Of the file only
the directory is read, within caps; nothing is unpacked.

This proves nothing where the directory lies, for an archive inside an archive, for a directory that
another reader finds elsewhere, and for the compressed streams of a PDF. There clamd has to speak for
itself: with AlertExceedsMax and a MaxFileSize not below MaxScanSize every such content meets MaxScanSize
first, which it does announce (`ClamdScanner.announces_every_limit`).
"""

from __future__ import annotations

import errno
import io
import zipfile
from pathlib import Path

from gateway.model.wording import size

LOCAL_FILE = b"PK\x03\x04"
EMPTY_ARCHIVE = b"PK\x05\x06"
MAX_ENTRIES = 20_000
MAX_DIRECTORY = 128 * MAX_ENTRIES


def unsearchable(content: Path, limit: int) -> str | None:
    """Why a scanner that searches members of at most `limit` bytes, and as much in all, cannot search this file.

    The reason is Vietnamese; None where nothing speaks against it. A file that begins as an archive does
    and has no directory cannot be judged, and neither can clamd take it apart. Raises OSError.
    """
    with _Directory(content) as file:
        begins_as_archive = file.read(4) in {LOCAL_FILE, EMPTY_ARCHIVE}
        try:
            with zipfile.ZipFile(file) as archive:
                members = archive.infolist()
        except _TooLong:
            return _too_many()
        except Exception as problem:
            # A damaged archive fails in many ways; EINVAL is one of them: a place before the file's beginning.
            if isinstance(problem, OSError) and problem.errno != errno.EINVAL:
                raise
            return "cấu trúc tệp nén hỏng, không đọc được danh mục bên trong" if begins_as_archive else None
    if len(members) > MAX_ENTRIES:
        return _too_many()
    sizes = [_unpacked(member) for member in members]
    if (largest := max(sizes, default=0)) > limit:
        return f"một tệp bên trong bung ra {size(largest)}, vượt giới hạn quét {size(limit)}"
    if (total := sum(sizes)) > limit:
        return f"nội dung bên trong bung ra {size(total)}, vượt giới hạn quét {size(limit)}"
    return None


def _unpacked(member: zipfile.ZipInfo) -> int:
    """What a member says it unpacks to; one that is not compressed cannot say less than it takes."""
    return max(member.file_size, member.compress_size if member.compress_type == zipfile.ZIP_STORED else 0)


def _too_many() -> str:
    return f"tệp nén có quá {MAX_ENTRIES} tệp bên trong, vượt giới hạn kiểm tra"


class _TooLong(Exception):
    """A directory that is not worth its memory."""


class _Directory(io.FileIO):
    """A file of which no read takes more than a directory may have, whatever the archive says of its length."""

    def read(self, size: int | None = -1, /) -> bytes:
        most = MAX_DIRECTORY + 1
        content = super().read(most if size is None or size < 0 else min(size, most))
        if len(content) > MAX_DIRECTORY:
            raise _TooLong
        return content
