"""What is written durably is whole and of its mode, or not there."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from gateway.durable import sync_folder, write_synced


def test_a_file_has_its_bytes_and_exactly_its_mode(tmp_path: Path) -> None:
    write_synced(tmp_path / "a", b"content", mode=0o644)
    write_synced(tmp_path / "b", b"")
    sync_folder(tmp_path)
    assert [(each.read_bytes(), each.stat().st_mode & 0o777) for each in sorted(tmp_path.iterdir())] == [
        (b"content", 0o644),
        (b"", 0o600),
    ]


def test_a_file_that_could_not_be_made_durable_is_gone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def failing(_descriptor: int) -> None:
        raise OSError(5, "no")

    monkeypatch.setattr(os, "fsync", failing)
    with pytest.raises(OSError, match="no"):
        write_synced(tmp_path / "a", b"content")
    assert not list(tmp_path.iterdir())


def test_what_is_there_already_stays(tmp_path: Path) -> None:
    write_synced(tmp_path / "a", b"first")
    with pytest.raises(FileExistsError):
        write_synced(tmp_path / "a", b"second")
    assert (tmp_path / "a").read_bytes() == b"first"
