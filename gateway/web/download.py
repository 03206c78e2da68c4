"""A registered file as an answer: checked whole before the first byte leaves, then sent in chunks."""

from __future__ import annotations

import asyncio
import hashlib
import re
from collections.abc import Generator, Mapping
from contextlib import suppress
from pathlib import Path
from urllib.parse import quote

from starlette.responses import Response, StreamingResponse
from starlette.types import Receive, Scope, Send

from gateway.errors import DamagedBlob
from gateway.model import wording
from gateway.model.document import RegisteredFile
from gateway.ports import Blobs

CHUNK = 64 * 1024
POLICY = "sandbox; default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"

_MEDIA_TYPE = re.compile(r"[a-z0-9][a-z0-9!#$&^_.+-]{0,63}/[a-z0-9][a-z0-9!#$&^_.+-]{0,127}")
_UNWANTED = re.compile(r'[\\/:*?"<>|]')
_NOT_PLAIN = re.compile(r"[%;']")
_LONGEST_NAME = 150
_LONGEST_SUFFIX = 12


async def download(blobs: Blobs, file: RegisteredFile, position: int) -> Response:
    """The answer that carries the file; raises KeyError where we lack the bytes, DamagedBlob where they are others."""
    path, size = await asyncio.to_thread(_checked, blobs, file.sha256)
    headers = {
        "Content-Type": file.type if _MEDIA_TYPE.fullmatch(file.type) else "application/octet-stream",
        "Content-Length": str(size),
        "Content-Disposition": disposition(file.name, position),
        "Content-Security-Policy": POLICY,
    }
    return _FileAnswer(_chunks(path), headers)


def disposition(name: str, position: int) -> str:
    """`attachment`, the name in ASCII, and whole by RFC 5987; a file without one is called `tep-1`."""
    name = _UNWANTED.sub("_", wording.one_line(name)).strip(". ") or f"tep-{position}"
    if len(name) > _LONGEST_NAME:
        stem, dot, suffix = name.rpartition(".")
        suffix = f"{dot}{suffix}" if stem and len(suffix) <= _LONGEST_SUFFIX else ""
        name = name[: _LONGEST_NAME - len(suffix)].rstrip(". ") + suffix
    plain = _NOT_PLAIN.sub("_", wording.without_marks(name))
    return f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(name, safe='')}"


def _checked(blobs: Blobs, sha256: str) -> tuple[Path, int]:
    path = blobs.path(sha256)
    with path.open("rb") as content:
        if hashlib.file_digest(content, "sha256").hexdigest() != sha256:
            raise DamagedBlob(sha256)
        return path, content.tell()


def _chunks(path: Path) -> Generator[bytes, None, None]:
    with path.open("rb") as content:
        while chunk := content.read(CHUNK):
            yield chunk


class _FileAnswer(StreamingResponse):
    """Chunks of a file, which is closed wherever its reader goes, in the midst of opening it too."""

    def __init__(self, chunks: Generator[bytes, None, None], headers: Mapping[str, str]) -> None:
        super().__init__(chunks, headers=headers)
        self._chunks = chunks

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            await super().__call__(scope, receive, send)
        finally:
            with suppress(ValueError):  # a thread that still reads holds the last reference, and closes it by that
                self._chunks.close()
