"""The blob store on a local folder: content-addressed, every byte durable before anybody hears of it.

<root>/ab/abcdef…        a blob under its SHA-256, in one of 256 folders
<root>/ab/….leaving      one that is being destroyed
<root>/tmp/<random>/     unfinished bytes of one running process, which holds a lock on the folder
"""

from __future__ import annotations

import asyncio
import errno
import hashlib
import os
import re
import shutil
import stat
import tempfile
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager, contextmanager, suppress
from pathlib import Path
from typing import Any, BinaryIO, TypeVar

from gateway.durable import sync_folder
from gateway.errors import DamagedBlob, StorageFull
from gateway.model.mail import StoredBlob
from gateway.store.scratch import Scratch, sweep

T = TypeVar("T")

BUFFER_BYTES = 256 * 1024
"""What a writer keeps in memory before it uses its file."""

_THREADS = 4
_SHA256 = re.compile(r"[0-9a-f]{64}")
_FULL = frozenset({errno.ENOSPC, errno.EDQUOT})


class LocalBlobs:
    """`ports.Blobs` on a folder of one file system. Blocking work runs in threads of its own.

    Any number of processes may share the folder; close() ends the threads.
    """

    def __init__(self, root: Path) -> None:
        """Make the folders durable and sweep what crashed processes left. Blocks for a few milliseconds.

        Raises OSError where `root` cannot be used.
        """
        self.root = root
        _make_folders(root)
        sweep(root / "tmp")
        self._scratch = Scratch(root / "tmp")
        self.opened = self._scratch.path / "opened"
        """Where the folders of scratch() lie: the only place that worker processes need to write to."""
        self.opened.mkdir(mode=0o700)
        self._threads = ThreadPoolExecutor(_THREADS, thread_name_prefix="blobs")

    @asynccontextmanager
    async def scratch(self) -> AsyncIterator[Path]:
        """A folder on this file system for a while: finished files are renamed out. Raises StorageFull."""
        folder = await self.run(lambda: Path(tempfile.mkdtemp(dir=self.opened)))
        try:
            yield folder
        finally:
            await self.run(lambda: shutil.rmtree(folder, ignore_errors=True))

    def close(self) -> None:
        """Wait for writes under way and give back threads and scratch folder."""
        self._threads.shutdown()
        self._scratch.close()

    def writer(self) -> LocalBlobWriter:
        """A new writer."""
        return LocalBlobWriter(self)

    async def put(self, content: bytes) -> StoredBlob:
        """Store bytes at hand, durable on return; raises StorageFull."""
        writer = self.writer()
        writer.keep(content)
        return await writer.commit()

    async def adopt(self, files: Sequence[Path]) -> list[StoredBlob]:
        """Move finished regular files in, all durable on return; the sources are gone then.

        Files of another file system are copied. Raises StorageFull, and OSError for what is no
        regular file; the sources not yet moved stay then.
        """
        return await self.run(lambda: self._adopt(files))

    def path(self, sha256: str) -> Path:
        """Where the bytes can be read; raises KeyError where we do not have them."""
        if not _SHA256.fullmatch(sha256):
            raise KeyError(sha256)
        path = self._place(sha256)
        if not path.is_file():
            raise KeyError(sha256)
        return path

    async def destroy(self, sha256: str, still_used: Callable[[], Awaitable[bool]]) -> bool:
        """Overwrite the bytes of a blob and remove it; false where it is `still_used`, and stays.

        It is put aside before the question, so that whoever takes the same bytes into use meanwhile either counts, or
        finds none there and makes his own. A crash leaves it aside, where the next try finds it. What many mails have
        in common is asked about beforehand too: none of them shall miss it even for a moment.
        """
        if not _SHA256.fullmatch(sha256):
            raise KeyError(sha256)
        if not await self.run(self._aside(sha256).exists) and await still_used():
            return False
        if not await self.run(lambda: self._put_aside(sha256)):
            return True
        used = True
        try:
            used = await still_used()
        finally:
            await self.run(lambda: self._put_back(sha256) if used else self._shred(sha256))
        return not used

    def _put_aside(self, sha256: str) -> bool:
        """False where there is nothing to destroy."""
        place, aside = self._place(sha256), self._aside(sha256)
        if place.exists():
            if aside.exists():
                self._shred(sha256)
            place.rename(aside)
            sync_folder(place.parent)
        return aside.exists()

    def _put_back(self, sha256: str) -> None:
        place = self._place(sha256)
        with suppress(FileNotFoundError):  # another process has done it
            self._aside(sha256).rename(place)
        sync_folder(place.parent)

    def _shred(self, sha256: str) -> None:
        aside = self._aside(sha256)
        with suppress(FileNotFoundError):  # another process has done it
            _overwrite(aside)
            aside.unlink()
        sync_folder(aside.parent)

    def _aside(self, sha256: str) -> Path:
        return self._place(sha256).with_suffix(".leaving")

    async def read(self, sha256: str) -> bytes:
        """All bytes of one blob; raises KeyError where we do not have them, DamagedBlob where they are not those."""
        return await self.run(lambda: self._read(sha256))

    def _read(self, sha256: str) -> bytes:
        content = self.path(sha256).read_bytes()
        if hashlib.sha256(content).hexdigest() != sha256:
            raise DamagedBlob(sha256)
        return content

    async def run(self, work: Callable[[], T]) -> T:
        """Do blocking work of the store in one of its threads; a full disk raises StorageFull."""
        return await self.begin(work)

    def begin(self, work: Callable[[], T]) -> asyncio.Future[T]:
        """As run(), for a caller that may go away before the end."""
        return asyncio.get_running_loop().run_in_executor(self._threads, _translating_full_disk, work)

    def scratch_file(self) -> Path:
        """A name for unfinished bytes, unused so far."""
        return self._scratch.new_path()

    def publish(self, finished: Iterable[tuple[Path, str]]) -> None:
        """Give synced files their names (path, SHA-256) and make the names durable. Blocks.

        A name already taken is replaced by the same content: that makes it durable as well,
        whoever is just about to sync it, and mends a damaged copy.
        """
        folders = set()
        for path, sha256 in finished:
            place = self._place(sha256)
            path.rename(place)
            folders.add(place.parent)
        for folder in sorted(folders):
            sync_folder(folder)

    def _place(self, sha256: str) -> Path:
        return self.root / sha256[:2] / sha256

    def _adopt(self, files: Sequence[Path]) -> list[StoredBlob]:
        copies: list[Path] = []
        try:
            synced = [self._sync_source(source, copies) for source in files]
            self.publish((path, blob.sha256) for path, blob in synced)
        except BaseException:
            for copy in copies:
                copy.unlink(missing_ok=True)
            raise
        for source in files:
            source.unlink(missing_ok=True)
        return [blob for _, blob in synced]

    def _sync_source(self, source: Path, copies: list[Path]) -> tuple[Path, StoredBlob]:
        """The place of a source's synced bytes: itself, or a copy where it is on another file system."""
        with open(source, "rb", opener=_open_regular) as content:
            if os.fstat(content.fileno()).st_dev == self.root.stat().st_dev:
                os.fchmod(content.fileno(), 0o600)
                os.fsync(content.fileno())
                path = source
            else:
                path = self.scratch_file()
                copies.append(path)
                _copy(content, path)
                content.seek(0)
            digest = hashlib.file_digest(content, "sha256").hexdigest()
            return path, StoredBlob(digest, content.tell())


class LocalBlobWriter:
    """`ports.BlobWriter` of LocalBlobs: a mail up to BUFFER_BYTES is stored in one visit to a thread."""

    def __init__(self, store: LocalBlobs) -> None:
        self._store = store
        self._chunks: list[bytes] = []
        self._buffered = 0
        self._size = 0
        self._hash = hashlib.sha256()
        self._path: Path | None = None
        self._descriptor = -1
        self._work: asyncio.Future[Any] | None = None

    def keep(self, chunk: bytes) -> None:
        """Append to the buffer."""
        self._chunks.append(chunk)
        self._buffered += len(chunk)

    async def write(self, chunk: bytes) -> None:
        """Append; raises StorageFull, after which only discard() is left."""
        self.keep(chunk)
        if self._buffered >= BUFFER_BYTES:
            await self._run(self._flush)

    async def commit(self) -> StoredBlob:
        """Make the bytes and their name durable (fsync of file and folder); raises StorageFull."""
        return await self._run(self._commit)

    async def discard(self) -> None:
        """Forget the bytes; harmless after commit. Waits for a write that was cancelled half-way."""
        if self._work is not None:
            await asyncio.gather(self._work, return_exceptions=True)
        self._chunks.clear()
        if self._path is not None:
            await self._store.run(self._remove)

    async def _run(self, work: Callable[[], T]) -> T:
        """Threads cannot be cancelled, so a cancelled caller leaves `_work` for discard() to await."""
        future = self._store.begin(work)
        self._work = future
        result = await asyncio.shield(future)
        self._work = None
        return result

    def _flush(self) -> None:
        with self._removing_on_failure():
            self._write_out()

    def _commit(self) -> StoredBlob:
        with self._removing_on_failure():
            path = self._write_out()
            os.fsync(self._descriptor)
            self._close()
            blob = StoredBlob(self._hash.hexdigest(), self._size)
            self._store.publish([(path, blob.sha256)])
            self._path = None
        return blob

    def _write_out(self) -> Path:
        chunks, self._chunks, self._buffered = self._chunks, [], 0
        if self._path is None:
            self._path = self._store.scratch_file()
            self._descriptor = _create(self._path)
        content = b"".join(chunks)
        self._hash.update(content)
        _write_all(self._descriptor, content)
        self._size += len(content)
        return self._path

    @contextmanager
    def _removing_on_failure(self) -> Iterator[None]:
        try:
            yield
        except BaseException:
            self._remove()
            raise

    def _close(self) -> None:
        if self._descriptor >= 0:
            os.close(self._descriptor)
            self._descriptor = -1

    def _remove(self) -> None:
        self._close()
        if self._path is not None:
            self._path.unlink(missing_ok=True)
            self._path = None


def _translating_full_disk(work: Callable[[], T]) -> T:
    try:
        return work()
    except OSError as error:
        if error.errno in _FULL:
            raise StorageFull("no space left for received bytes") from error
        raise


def _make_folders(root: Path) -> None:
    root.mkdir(mode=0o700, parents=True, exist_ok=True)
    for name in ["tmp", *(f"{first:02x}" for first in range(256))]:
        (root / name).mkdir(mode=0o700, exist_ok=True)
    sync_folder(root)
    sync_folder(root.parent)


def _overwrite(path: Path) -> None:
    """Zeros in the place of every byte, durable before the name goes."""
    descriptor = os.open(path, os.O_WRONLY | os.O_NOFOLLOW)
    try:
        left = os.fstat(descriptor).st_size
        while left:
            left -= os.write(descriptor, bytes(min(left, BUFFER_BYTES)))
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _create(path: Path) -> int:
    return os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)


def _write_all(descriptor: int, chunk: bytes) -> None:
    view = memoryview(chunk)
    while view:
        view = view[os.write(descriptor, view) :]


def _open_regular(path: str, flags: int) -> int:
    """An `opener` that follows no link and does not wait for a pipe; raises OSError where the path is no file."""
    descriptor = os.open(path, flags | os.O_NOFOLLOW | os.O_NONBLOCK)
    if not stat.S_ISREG(os.fstat(descriptor).st_mode):
        os.close(descriptor)
        raise OSError(errno.EINVAL, "only regular files can be adopted", path)
    return descriptor


def _copy(content: BinaryIO, path: Path) -> None:
    descriptor = _create(path)
    try:
        while chunk := content.read(BUFFER_BYTES):
            _write_all(descriptor, chunk)
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
