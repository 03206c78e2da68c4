"""The local blob store: bytes in are bytes out, and durable before anybody hears of it."""

from __future__ import annotations

import asyncio
import errno
import hashlib
import os
from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gateway.errors import StorageFull
from gateway.model.mail import StoredBlob
from gateway.store.blobs import BUFFER_BYTES, LocalBlobs


@pytest.fixture
async def blobs(tmp_path: Path) -> AsyncIterator[LocalBlobs]:
    store = LocalBlobs(tmp_path / "blobs")
    yield store
    store.close()


@pytest.fixture(scope="module")
def lasting_blobs(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LocalBlobs]:
    store = LocalBlobs(tmp_path_factory.mktemp("lasting"))
    yield store
    store.close()


def unfinished(store: LocalBlobs) -> list[Path]:
    return [path for path in (store.root / "tmp").rglob("*") if path.is_file()]


def expected(content: bytes) -> StoredBlob:
    return StoredBlob(hashlib.sha256(content).hexdigest(), len(content))


@given(st.lists(st.tuples(st.binary(max_size=20), st.integers(0, 9000)), max_size=12))
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_bytes_in_are_bytes_out_whatever_the_chunks(lasting_blobs: LocalBlobs, pieces: list[tuple[bytes, int]]) -> None:
    chunks = [piece * times for piece, times in pieces]
    content = b"".join(chunks)

    async def store() -> tuple[StoredBlob, bytes]:
        writer = lasting_blobs.writer()
        for chunk in chunks:
            await writer.write(chunk)
        blob = await writer.commit()
        await writer.discard()
        return blob, await lasting_blobs.read(blob.sha256)

    assert asyncio.run(store()) == (expected(content), content)


class Recorder:
    """Notes fsync and rename in their order, with what they were about."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.steps: list[tuple[str, str]] = []
        fsync, rename = os.fsync, os.rename

        def noting_fsync(descriptor: int) -> None:
            fsync(descriptor)
            self.steps.append(("fsync", str(Path(f"/proc/self/fd/{descriptor}").readlink())))

        def noting_rename(source: Path, target: Path) -> None:
            rename(source, target)
            self.steps.append(("rename", str(target)))

        monkeypatch.setattr(os, "fsync", noting_fsync)
        monkeypatch.setattr(os, "rename", noting_rename)


@pytest.mark.parametrize("size", [10, 3 * BUFFER_BYTES + 1])
async def test_commit_returns_after_file_then_name_then_folder_are_durable(
    blobs: LocalBlobs, monkeypatch: pytest.MonkeyPatch, size: int
) -> None:
    recorder = Recorder(monkeypatch)
    blob = await blobs.put(b"x" * size)
    path = blobs.path(blob.sha256)
    scratch, renamed, folder = recorder.steps
    assert scratch[0] == "fsync"
    assert scratch[1].startswith(str(blobs.root / "tmp"))
    assert renamed == ("rename", str(path))
    assert folder == ("fsync", str(path.parent))


async def test_content_already_there_is_made_durable_again_before_the_answer(
    blobs: LocalBlobs, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = await blobs.put(b"same")
    recorder = Recorder(monkeypatch)
    assert await blobs.put(b"same") == first
    assert recorder.steps[-1] == ("fsync", str(blobs.path(first.sha256).parent))
    assert await blobs.read(first.sha256) == b"same"
    assert not unfinished(blobs)


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EDQUOT])
@pytest.mark.parametrize("call", ["write", "fsync"])
async def test_a_full_disk_is_told_as_such_and_leaves_nothing(
    blobs: LocalBlobs, monkeypatch: pytest.MonkeyPatch, number: int, call: str
) -> None:
    def full(*_: object) -> int:
        raise OSError(number, os.strerror(number))

    writer = blobs.writer()
    await writer.write(b"x" * (BUFFER_BYTES + 1))
    monkeypatch.setattr(os, call, full)
    with pytest.raises(StorageFull):
        await writer.commit() if call == "fsync" else await writer.write(b"x" * BUFFER_BYTES)
    await writer.discard()
    monkeypatch.undo()
    assert not unfinished(blobs)
    assert not list(blobs.root.glob("??/*"))


async def test_other_faults_of_the_disk_are_not_called_full(blobs: LocalBlobs, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(_: int) -> None:
        raise OSError(errno.EIO, "broken")

    monkeypatch.setattr(os, "fsync", broken)
    with pytest.raises(OSError, match="broken"):
        await blobs.put(b"x")
    assert not unfinished(blobs)


async def test_discard_forgets_and_is_harmless_after_commit(blobs: LocalBlobs) -> None:
    writer = blobs.writer()
    await writer.write(b"x" * (BUFFER_BYTES + 1))
    assert len(unfinished(blobs)) == 1
    await writer.discard()
    assert not unfinished(blobs)
    kept = blobs.writer()
    await kept.write(b"y")
    blob = await kept.commit()
    await kept.discard()
    assert await blobs.read(blob.sha256) == b"y"


async def test_a_write_cancelled_half_way_leaves_nothing_after_discard(
    blobs: LocalBlobs, monkeypatch: pytest.MonkeyPatch
) -> None:
    began, go_on = asyncio.Event(), asyncio.Event()
    loop = asyncio.get_running_loop()
    write = os.write

    def slow_write(descriptor: int, content: bytes) -> int:
        loop.call_soon_threadsafe(began.set)
        asyncio.run_coroutine_threadsafe(go_on.wait(), loop).result(20)
        return write(descriptor, content)

    monkeypatch.setattr(os, "write", slow_write)
    writer = blobs.writer()
    task = asyncio.create_task(writer.write(b"x" * BUFFER_BYTES))
    await began.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    go_on.set()
    await writer.discard()
    assert not unfinished(blobs)


async def test_leftovers_are_swept_at_start_but_not_from_under_a_living_process(tmp_path: Path) -> None:
    first = LocalBlobs(tmp_path)
    writer = first.writer()
    await writer.write(b"x" * (BUFFER_BYTES + 1))
    crashed = tmp_path / "tmp" / "crashed"
    crashed.mkdir()
    (crashed / "half").write_bytes(b"half a mail")
    second = LocalBlobs(tmp_path)
    assert not crashed.exists()
    blob = await writer.commit()
    assert await second.read(blob.sha256) == b"x" * (BUFFER_BYTES + 1)
    first.close()
    second.close()
    assert list((tmp_path / "tmp").iterdir()) == []


def test_every_fan_out_folder_is_there_before_the_first_mail(tmp_path: Path) -> None:
    LocalBlobs(tmp_path).close()
    assert len(list(tmp_path.glob("[0-9a-f][0-9a-f]"))) == 256


@pytest.mark.parametrize("name", ["", "..", "../../etc/passwd", "ab" * 32, "AB" * 32, "g" * 64])
async def test_what_we_do_not_have_is_a_key_error(blobs: LocalBlobs, name: str) -> None:
    with pytest.raises(KeyError):
        blobs.path(name)
    with pytest.raises(KeyError):
        await blobs.read(name)


async def test_adopted_files_are_moved_in_durably(
    blobs: LocalBlobs, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    contents = [b"", b"one", b"two" * BUFFER_BYTES, b"one"]
    files = [tmp_path / f"part{index}" for index in range(len(contents))]
    for file, content in zip(files, contents, strict=True):
        file.write_bytes(content)
    recorder = Recorder(monkeypatch)
    assert await blobs.adopt(files) == [expected(content) for content in contents]
    for content in contents:
        assert await blobs.read(expected(content).sha256) == content
    assert not any(file.exists() for file in files)
    kinds = [
        kind if path.startswith(str(file_parent)) else "fsync folder"
        for kind, path in recorder.steps
        for file_parent in [tmp_path]
    ]
    assert kinds[:4] == ["fsync"] * 4
    assert [kind for kind, _ in recorder.steps] == ["fsync"] * 4 + ["rename"] * 4 + ["fsync"] * 3


@pytest.mark.parametrize(
    "make",
    [
        lambda path: path.symlink_to("/etc/hostname"),
        lambda path: path.mkdir(),
        os.mkfifo,
    ],
)
async def test_only_regular_files_are_adopted(blobs: LocalBlobs, tmp_path: Path, make: Callable[[Path], None]) -> None:
    good, bad = tmp_path / "good", tmp_path / "bad"
    good.write_bytes(b"good")
    make(bad)
    with pytest.raises(OSError, match="bad"):
        await blobs.adopt([good, bad])
    assert good.read_bytes() == b"good"
    assert not list(blobs.root.glob("??/*"))


async def test_files_of_another_file_system_are_copied(blobs: LocalBlobs) -> None:
    source = Path(f"/dev/shm/blobs-test-{os.getpid()}")
    source.write_bytes(b"from afar")
    blob = await blobs.adopt([source])
    assert await blobs.read(blob[0].sha256) == b"from afar"
    assert not source.exists()
