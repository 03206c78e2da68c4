"""A blob that is destroyed is overwritten and gone; one that is still used stays, whenever the process ends."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from gateway.store.blobs import LocalBlobs

CONTENT = b"plain words " * 40_000


async def yes() -> bool:
    return True


async def no() -> bool:
    return False


async def test_its_bytes_are_overwritten_before_its_name_goes(tmp_path: Path) -> None:
    blobs = LocalBlobs(tmp_path / "blobs")
    blob = await blobs.put(CONTENT)
    os.link(blobs.path(blob.sha256), tmp_path / "same-inode")
    assert await blobs.destroy(blob.sha256, no)
    assert (tmp_path / "same-inode").read_bytes() == bytes(len(CONTENT))
    with pytest.raises(KeyError):
        blobs.path(blob.sha256)
    assert [path for path in blobs.root.rglob("*") if path.is_file()] == []
    assert await blobs.destroy(blob.sha256, no), "once more is harmless"
    blobs.close()


async def test_what_is_still_used_stays_as_it_was(tmp_path: Path) -> None:
    blobs = LocalBlobs(tmp_path / "blobs")
    blob = await blobs.put(CONTENT)
    assert not await blobs.destroy(blob.sha256, yes)
    assert await blobs.read(blob.sha256) == CONTENT
    blobs.close()


@pytest.mark.parametrize("used", [True, False], ids=["used", "unused"])
async def test_what_a_crash_left_aside_is_decided_by_the_next_try(tmp_path: Path, used: bool) -> None:
    blobs = LocalBlobs(tmp_path / "blobs")
    blob = await blobs.put(CONTENT)
    place = blobs.path(blob.sha256)
    place.rename(place.with_suffix(".leaving"))
    assert await blobs.destroy(blob.sha256, yes if used else no) is not used
    assert place.exists() is used
    assert not place.with_suffix(".leaving").exists()
    blobs.close()


async def test_who_stores_the_same_bytes_meanwhile_keeps_his_own(tmp_path: Path) -> None:
    blobs = LocalBlobs(tmp_path / "blobs")
    blob = await blobs.put(CONTENT)

    async def stored_again() -> bool:
        await blobs.put(CONTENT)
        return False

    assert await blobs.destroy(blob.sha256, stored_again)
    assert await blobs.read(blob.sha256) == CONTENT
    blobs.close()


async def test_what_is_used_and_was_stored_again_meanwhile_stays_once(tmp_path: Path) -> None:
    blobs = LocalBlobs(tmp_path / "blobs")
    blob = await blobs.put(CONTENT)

    async def stored_again() -> bool:
        await blobs.put(CONTENT)
        return True

    assert not await blobs.destroy(blob.sha256, stored_again)
    assert await blobs.read(blob.sha256) == CONTENT
    assert [path for path in blobs.root.rglob("*") if path.is_file()] == [blobs.path(blob.sha256)]
    blobs.close()


async def test_what_two_processes_find_used_stays(tmp_path: Path) -> None:
    ours, theirs = LocalBlobs(tmp_path / "blobs"), LocalBlobs(tmp_path / "blobs")
    blob = await ours.put(CONTENT)

    async def found_used_there_first() -> bool:
        assert not await theirs.destroy(blob.sha256, yes)
        return True

    assert not await ours.destroy(blob.sha256, found_used_there_first)
    assert await ours.read(blob.sha256) == CONTENT
    ours.close()
    theirs.close()


async def test_when_the_question_fails_nothing_is_destroyed(tmp_path: Path) -> None:
    blobs = LocalBlobs(tmp_path / "blobs")
    blob = await blobs.put(CONTENT)

    async def away() -> bool:
        raise ConnectionError

    with pytest.raises(ConnectionError):
        await blobs.destroy(blob.sha256, away)
    assert await blobs.read(blob.sha256) == CONTENT
    blobs.close()


async def test_what_others_use_is_missed_by_nobody_even_for_a_moment(tmp_path: Path) -> None:
    blobs = LocalBlobs(tmp_path / "blobs")
    stored = await blobs.put(b"in every mail")

    async def still_used() -> bool:
        assert blobs.path(stored.sha256).exists()
        return True

    assert not await blobs.destroy(stored.sha256, still_used)
    assert await blobs.read(stored.sha256) == b"in every mail"
    blobs.close()
