"""An archive whose directory owns up to more than can be searched is told apart from an ordinary one."""

import struct
import zipfile
from pathlib import Path

import pytest

from gateway.adapters.clamd.unpacked import MAX_ENTRIES, unsearchable
from gateway.model.wording import size
from tests.documents import decision_docx

LIMIT = 1_000_000


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "content"


def pack(file: Path, *members: bytes, method: int = zipfile.ZIP_DEFLATED) -> None:
    with zipfile.ZipFile(file, "w", method) as archive:
        for number, member in enumerate(members):
            archive.writestr(str(number), member)


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"P",
        b"%PDF-1.7\n",
        "Kính gửi: Sở Giao thông vận tải".encode(),
        b"Content-Type: application/zip\r\n\r\nPK\x05\x06" + b"\xff" * 18,
        decision_docx(),
    ],
)
def test_an_ordinary_file_is_searchable(file: Path, content: bytes) -> None:
    file.write_bytes(content)
    assert unsearchable(file, LIMIT) is None


@pytest.mark.parametrize("method", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED])
def test_the_limit_itself_is_still_searchable(file: Path, method: int) -> None:
    pack(file, bytes(LIMIT - 1), b"x", method=method)
    assert unsearchable(file, LIMIT) is None


@pytest.mark.parametrize("members", [(bytes(LIMIT + 1),), (bytes(LIMIT), b"x"), (b"x", bytes(LIMIT))])
def test_a_member_or_a_total_over_the_limit_is_named_with_it(file: Path, members: tuple[bytes, ...]) -> None:
    pack(file, *members)
    assert f"vượt giới hạn quét {size(LIMIT)}" in (unsearchable(file, LIMIT) or "")


def test_an_archive_behind_something_else_is_judged_too(file: Path) -> None:
    pack(file, bytes(LIMIT + 1))
    file.write_bytes(b"MZ" + bytes(500) + file.read_bytes())
    assert unsearchable(file, LIMIT) is not None


def test_an_empty_archive_is_searchable(file: Path) -> None:
    pack(file)
    assert unsearchable(file, LIMIT) is None


def test_too_many_members_are_not_even_read(file: Path) -> None:
    pack(file, *[b""] * (MAX_ENTRIES + 1), method=zipfile.ZIP_STORED)
    assert str(MAX_ENTRIES) in (unsearchable(file, LIMIT) or "")


def test_a_directory_of_many_bytes_is_not_even_read(file: Path) -> None:
    with zipfile.ZipFile(file, "w") as archive:
        for number in range(60):
            archive.writestr(f"{number}{'x' * 60_000}", b"")
    assert str(MAX_ENTRIES) in (unsearchable(file, LIMIT) or "")


@pytest.mark.parametrize("keep", [4, 100, -1, -10, -60])
def test_an_archive_without_its_directory_is_held_as_damaged(file: Path, keep: int) -> None:
    pack(file, bytes(range(256)) * 20)
    file.write_bytes(file.read_bytes()[:keep])
    assert "hỏng" in (unsearchable(file, LIMIT) or "")


def test_a_directory_that_begins_before_the_file_is_damaged(file: Path) -> None:
    file.write_bytes(b"PK\x05\x06" + struct.pack("<4H2LH", 0, 0, 9, 9, 5000, 0, 0))
    assert "hỏng" in (unsearchable(file, LIMIT) or "")
