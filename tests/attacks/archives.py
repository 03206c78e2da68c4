"""Archives: refused where they are not opened, and where they are, bombs, traps and what is inside."""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
import tarfile
import zipfile
from collections.abc import Callable
from functools import cache, reduce

from tests.attacks.archive_builder import SEVEN_ZIP, hidden_member, overlapping, rar4, rar5, tarred, zipped
from tests.attacks.attack import Attack
from tests.attacks.types import program
from tests.documents import decision_pdf

KEPT_OUT = frozenset({"allowed_format", "readable"})


def _document() -> dict[str, bytes]:
    return {"Quyet dinh 955.pdf": decision_pdf()}


def _nested(depth: int) -> bytes:
    return reduce(lambda inner, number: zipped({f"{number}.zip": inner}), range(depth), zipped(_document()))


def _lying() -> bytes:
    """A member that unpacks to more than the directory says."""
    honest = bytearray(zipped({"a.txt": bytes(5_000_000)}))
    for place in (honest.index(b"PK\x03\x04") + 22, honest.index(b"PK\x01\x02") + 24):
        honest[place : place + 4] = (1_000).to_bytes(4, "little")
    return bytes(honest)


def _cut() -> bytes:
    return zipped(_document())[:-40]


def _many() -> bytes:
    return zipped({f"{number}.txt": b"x" for number in range(5_000)}, method=zipfile.ZIP_STORED)


@cache
def _seven_fold() -> bytes:
    target = io.BytesIO()
    with tarfile.open(fileobj=target, mode="w:xz", preset=0) as archive:
        for number in range(40):
            info = tarfile.TarInfo(f"{number}.txt")
            info.size = 9_000_000
            archive.addfile(info, io.BytesIO(bytes(info.size)))
    return target.getvalue()


def _attack(name: str, file_name: str, make: Callable[[], bytes], declared: str = "application/zip") -> Attack:
    return Attack(name, "archives", file_name, declared, make, KEPT_OUT)


ATTACKS = (
    _attack("zip-with-a-program", "Ho so.zip", lambda: zipped({"Quyet dinh.exe": program()})),
    _attack("zip-as-pdf", "Ho so.pdf", lambda: zipped(_document()), "application/pdf"),
    _attack("zip-as-docx", "Ho so.docx", lambda: zipped(_document())),
    _attack("zip-nested", "Ho so.zip", lambda: _nested(6)),
    _attack("zip-bomb", "Ho so.zip", lambda: zipped({"a.txt": bytes(60_000_000)})),
    _attack("zip-bomb-overlapping", "Ho so.zip", lambda: overlapping(150)),
    _attack("zip-bomb-many-members", "Ho so.zip", _many),
    _attack("zip-that-lies-about-sizes", "Ho so.zip", _lying),
    _attack("zip-with-a-hidden-member", "Ho so.zip", hidden_member),
    _attack("zip-cut", "Ho so.zip", _cut),
    _attack("zip-out-of-its-folder", "Ho so.zip", lambda: zipped({"../../Startup/a.txt": b"van ban"})),
    _attack("zip-absolute-path", "Ho so.zip", lambda: zipped({"/etc/cron.d/a": b"* * * * * root id"})),
    _attack("zip-windows-path", "Ho so.zip", lambda: zipped({"C:\\Windows\\a.txt": b"van ban"})),
    _attack("zip-symbolic-link", "Ho so.zip", lambda: zipped({"a.pdf": b"/etc/passwd"}, attributes=0o120777)),
    _attack("zip-unknown-method", "Ho so.zip", lambda: zipped({"a.txt": b"van ban"}).replace(b"\x08\x00", b"\x62\x00")),
    _attack("tar-symbolic-link", "Ho so.tar", lambda: tarred({"a.pdf": b""}, link="/etc/passwd", kind=tarfile.SYMTYPE)),
    _attack("tar-hard-link", "Ho so.tar", lambda: tarred({"a.pdf": b""}, link="../../a", kind=tarfile.LNKTYPE)),
    _attack("tar-device", "Ho so.tar", lambda: tarred({"a.pdf": b""}, kind=tarfile.CHRTYPE)),
    _attack("tar-out-of-its-folder", "Ho so.tar", lambda: tarred({"../../a.txt": b"van ban"})),
    _attack("tar-gz-with-a-program", "Ho so.tar.gz", lambda: tarred({"a.exe": program()}, mode="w:gz")),
    _attack("tar-xz-bomb", "Ho so.tar.xz", _seven_fold),
    _attack("gzip-bomb", "Ho so.txt.gz", lambda: gzip.compress(b" " * 60_000_000, mtime=0)),
    _attack("bzip2-bomb", "Ho so.txt.bz2", lambda: bz2.compress(b" " * 60_000_000)),
    _attack("xz-bomb", "Ho so.txt.xz", lambda: lzma.compress(b" " * 60_000_000, preset=0)),
    _attack("gzip-of-zeros", "Ho so.pdf.gz", lambda: gzip.compress(bytes(9_000_000), mtime=0)),
    _attack("rar4-with-a-program", "Ho so.rar", lambda: rar4({"a.exe": program()})),
    _attack("rar5-with-a-program", "Ho so.rar", lambda: rar5({"a.exe": program()})),
    _attack("rar-as-docx", "Ho so.docx", lambda: rar5({"a.exe": program()})),
    _attack("7z-cut", "Ho so.7z", lambda: SEVEN_ZIP[:-30]),
    _attack("cabinet", "Ho so.cab", lambda: b"MSCF\x00\x00\x00\x00" + bytes(60)),
)
