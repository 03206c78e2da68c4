"""Members of archives within limits, of every format, whatever the bytes."""

from __future__ import annotations

import bz2
import gzip
import lzma
import tarfile
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gateway.adapters.archive import ArchiveOpener, locked
from gateway.errors import Unopened
from gateway.model.archive import ArchiveLimits
from tests.attacks.archive_builder import (
    SEVEN_ZIP,
    SEVEN_ZIP_LOCKED,
    SEVEN_ZIP_SEALED,
    hidden_member,
    overlapping,
    rar4,
    rar5,
    tarred,
    zipped,
)

LIMITS = ArchiveLimits(max_depth=2, max_members=5, max_unpacked=3 * 1024**2, max_ratio=100)
FILES = {"a.txt": b"van ban", "thu muc/b.txt": b"noi dung"}
ZIP, RAR, SEVEN = "application/zip", "application/x-rar-compressed", "application/x-7z-compressed"
TAR, GZIP, BZIP2, XZ = "application/x-tar", "application/gzip", "application/x-bzip2", "application/x-xz"


@contextmanager
def kept(content: bytes) -> Iterator[Path]:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "archive")
        path.write_bytes(content)
        yield path
        assert [each.name for each in Path(folder).iterdir()] == ["archive"]


def taken(
    content: bytes, media_type: str, *, limits: ArchiveLimits = LIMITS, depth: int = 1, name: str = ""
) -> dict[str, bytes]:
    with kept(content) as path:
        opener = ArchiveOpener(limits)
        return {member.name: member.content for member in opener.members(path, media_type, depth, name)}


def cause(content: bytes, media_type: str, *, limits: ArchiveLimits = LIMITS, depth: int = 1) -> str:
    with pytest.raises(Unopened) as caught:
        taken(content, media_type, limits=limits, depth=depth)
    return str(caught.value)


@pytest.mark.parametrize(
    ("content", "media_type"),
    [
        (zipped(FILES), ZIP),
        (rar4(FILES), RAR),
        (rar5(FILES), RAR),
        (tarred(FILES), TAR),
        (tarred(FILES, mode="w:gz"), GZIP),
        (tarred(FILES, mode="w:bz2"), BZIP2),
        (tarred(FILES, mode="w:xz"), XZ),
    ],
    ids=["zip", "rar4", "rar5", "tar", "tar.gz", "tar.bz2", "tar.xz"],
)
def test_every_format_gives_its_files(content: bytes, media_type: str) -> None:
    assert taken(content, media_type) == FILES


def test_a_7z_archive_gives_its_file() -> None:
    assert taken(SEVEN_ZIP, SEVEN) == {"a.txt": b"van ban"}


@pytest.mark.parametrize(
    ("content", "media_type", "suffix"),
    [(gzip.compress(b"x"), GZIP, "gz"), (bz2.compress(b"x"), BZIP2, "bz2"), (lzma.compress(b"x"), XZ, "xz")],
    ids=["gz", "bz2", "xz"],
)
def test_one_packed_file_has_the_name_of_its_packing(content: bytes, media_type: str, suffix: str) -> None:
    assert taken(content, media_type, name=f"Bảng.csv.{suffix}") == {"Bảng.csv": b"x"}
    assert taken(content, media_type, name="Bảng") == {"Bảng": b"x"}


LOCKED = {
    "zip": (zipped(FILES, flags=1), ZIP),
    "rar4": (rar4(FILES, locked=True), RAR),
    "rar4 sealed": (rar4(FILES, sealed=True), RAR),
    "rar5": (rar5(FILES, locked=True), RAR),
    "rar5 sealed": (rar5(FILES, sealed=True), RAR),
    "7z": (SEVEN_ZIP_LOCKED, SEVEN),
    "7z sealed": (SEVEN_ZIP_SEALED, SEVEN),
}


@pytest.mark.parametrize(("content", "media_type"), LOCKED.values(), ids=LOCKED)
def test_a_password_is_told_and_keeps_the_archive_closed(content: bytes, media_type: str) -> None:
    with kept(content) as path:
        assert locked(path, media_type)
    assert "mật khẩu" in cause(content, media_type)


@pytest.mark.parametrize(
    ("content", "media_type"),
    [(zipped(FILES), ZIP), (rar4(FILES), RAR), (rar5(FILES), RAR), (SEVEN_ZIP, SEVEN), (b"hong", ZIP), (b"hong", RAR)],
    ids=["zip", "rar4", "rar5", "7z", "damaged zip", "damaged rar"],
)
def test_what_is_open_or_damaged_is_not_called_locked(content: bytes, media_type: str) -> None:
    with kept(content) as path:
        assert not locked(path, media_type)


@pytest.mark.parametrize("media_type", [ZIP, TAR])
def test_every_limit_is_named_where_it_is_met(media_type: str) -> None:
    make: Callable[[dict[str, bytes]], bytes] = zipped if media_type == ZIP else tarred
    assert "quá 5 tệp" in cause(make({f"{number}": b"a" for number in range(6)}), media_type)
    assert "quá 3 MB" in cause(make({"a": bytes(1_600_000), "b": bytes(1_600_000)}), media_type, limits=dense())
    assert "quá 2 lớp" in cause(make(FILES), media_type, depth=3)


def dense() -> ArchiveLimits:
    return ArchiveLimits(max_depth=2, max_members=5, max_unpacked=3 * 1024**2, max_ratio=1_000_000)


@pytest.mark.parametrize(
    ("content", "media_type"),
    [
        (zipped({"a": bytes(2_000_000)}), ZIP),
        (gzip.compress(b" " * 2_000_000), GZIP),
        (bz2.compress(b" " * 2_000_000), BZIP2),
    ],
    ids=["zip", "gzip", "bzip2"],
)
def test_what_grows_beyond_reason_stays_closed(content: bytes, media_type: str) -> None:
    assert "gấp quá 100 lần" in cause(content, media_type)


def test_a_small_file_may_grow() -> None:
    assert taken(zipped({"a": b" " * 900_000}), ZIP) == {"a": b" " * 900_000}


def test_all_archives_of_a_mail_share_the_limits() -> None:
    opener = ArchiveOpener(LIMITS)
    with kept(zipped({f"{number}": b"a" for number in range(4)})) as path:
        assert len(list(opener.members(path, ZIP, 1, ""))) == 4
        with pytest.raises(Unopened, match="quá 5 tệp"):
            list(opener.members(path, ZIP, 1, ""))


@pytest.mark.parametrize("name", ["../a.txt", "/etc/a.txt", "C:\\a.txt", "x/../../a.txt", "\\\\host\\a.txt"])
def test_a_name_that_points_outside_keeps_the_archive_closed(name: str) -> None:
    assert "trỏ ra ngoài" in cause(zipped({name: b"a"}), ZIP)
    assert "trỏ ra ngoài" in cause(tarred({name: b"a"}), TAR)


@pytest.mark.parametrize("kind", [tarfile.SYMTYPE, tarfile.LNKTYPE, tarfile.CHRTYPE, tarfile.FIFOTYPE])
def test_links_and_devices_keep_the_archive_closed(kind: bytes) -> None:
    assert "liên kết" in cause(tarred({"a": b""}, link="/etc/passwd", kind=kind), TAR)


def test_a_link_in_a_zip_archive_keeps_it_closed() -> None:
    assert "liên kết" in cause(zipped({"a": b"/etc/passwd"}, attributes=0o120777), ZIP)


def test_an_archive_that_contradicts_itself_stays_closed() -> None:
    assert "chồng lên nhau" in cause(overlapping(4), ZIP)
    assert "danh mục" in cause(hidden_member(), ZIP)
    assert cause(zipped(FILES)[:-30], ZIP)
    assert cause(gzip.compress(bytes(2_000)), GZIP)


def test_an_archive_under_the_name_of_a_document_is_not_opened() -> None:
    opener = ArchiveOpener(LIMITS)
    assert opener.opens(ZIP, "Hồ sơ.zip")
    assert opener.opens(GZIP, "Hồ sơ 12.2017")
    assert not opener.opens(ZIP, "Quyết định.pdf")
    assert not opener.opens("application/vnd.ms-cab-compressed", "a.cab")


_SEEDS = [
    (zipped(FILES), ZIP),
    (rar4(FILES), RAR),
    (rar5(FILES), RAR),
    (SEVEN_ZIP, SEVEN),
    (tarred(FILES), TAR),
    (tarred(FILES, mode="w:gz"), GZIP),
    (bz2.compress(b"x" * 99), BZIP2),
    (lzma.compress(b"x" * 99), XZ),
]


@settings(deadline=None, max_examples=200)
@given(seed=st.sampled_from(_SEEDS), data=st.data())
def test_damage_gives_files_or_a_cause(seed: tuple[bytes, str], data: st.DataObject) -> None:
    content, media_type = bytearray(seed[0]), seed[1]
    for _ in range(data.draw(st.integers(0, 6))):
        content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
    with kept(bytes(content[: data.draw(st.integers(1, len(content)))])) as path:
        locked(path, media_type)
        with suppress(Unopened):
            for member in ArchiveOpener(LIMITS).members(path, media_type, 1, "a.gz"):
                assert ".." not in member.name.split("/")
