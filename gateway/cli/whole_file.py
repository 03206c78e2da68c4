"""A file that is written whole or not at all: what stood there before stays until then."""

from __future__ import annotations

import errno
import os
import secrets
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import IO

import typer

from gateway.cli.output import complain
from gateway.durable import sync_folder

_CAUSES: Mapping[int, str] = {
    errno.ENOENT: "không có thư mục ấy",
    errno.ENOTDIR: "không có thư mục ấy",
    errno.EACCES: "không có quyền ghi",
    errno.EPERM: "không có quyền ghi",
    errno.EROFS: "ổ đĩa chỉ cho đọc",
    errno.ENOSPC: "ổ đĩa đã hết chỗ",
    errno.EDQUOT: "đã hết hạn mức dung lượng",
    errno.ENAMETOOLONG: "tên tệp quá dài",
}


@contextmanager
def replacing(path: Path) -> Iterator[IO[bytes]]:
    """A new file that takes the place of `path` when the block ends without an exception. Raises OSError.

    It is made with the rights that the user's mask gives; what stands there must be a plain file.
    """
    path = path.resolve()
    if path.exists() and not path.is_file():
        raise FileExistsError(f"{path} không phải là tệp thường")
    beside = path.with_name(f".{path.name[:100]}.{secrets.token_hex(6)}.part")
    try:
        with beside.open("xb") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        beside.replace(path)
    finally:
        beside.unlink(missing_ok=True)
    sync_folder(path.parent)


@contextmanager
def told_in_vietnamese(place: Path) -> Iterator[None]:
    """A file that cannot be written is one readable line."""
    try:
        yield
    except OSError as error:
        cause = _CAUSES.get(error.errno or 0, error.strerror or str(error))
        complain(f"không ghi được {place}: {cause}")
        raise typer.Exit(1) from None
