"""Files that nobody can look into without a secret."""

from __future__ import annotations

import io
import struct
from collections.abc import Callable
from functools import cache
from typing import Literal

import pikepdf

from tests.attacks.archive_builder import SEVEN_ZIP_LOCKED, SEVEN_ZIP_SEALED, rar4, rar5, zipped
from tests.attacks.attack import Attack
from tests.attacks.ole_builder import compound
from tests.attacks.types import program
from tests.documents import decision_pdf

KEPT_OUT = frozenset({"readable", "not_scanned"})
_FILES = {"Quyet dinh.exe": b"MZ"}


@cache
def locked_pdf(revision: Literal[3, 6], user: str) -> bytes:
    """A PDF that opens with the password `user`; without one it opens for everybody, with rights reserved."""
    target = io.BytesIO()
    with pikepdf.open(io.BytesIO(decision_pdf(number="965" if revision == 3 else "968"))) as document:
        modern = revision > 3
        secret = pikepdf.Encryption(user=user, owner="chu", R=revision, aes=modern, metadata=modern)
        document.save(target, encryption=secret, static_id=True)
    return target.getvalue()


def protected_office() -> bytes:
    """An office document since 2007 under a password: its packing alone tells ([MS-OFFCRYPTO] 2.3)."""
    info = struct.pack("<HHI", 4, 4, 0x40) + b'<?xml version="1.0"?><encryption/>'
    return compound({"EncryptionInfo": info, "EncryptedPackage": bytes(8) + bytes(5000)})


def _word() -> bytes:
    """A Word 97 file whose header says that it is encrypted."""
    fib = bytearray(struct.pack("<HHHHHH", 0xA5EC, 0xC1, 0, 0x409, 0, 0x0100 | 0x0200)).ljust(0x1000, b"\0")
    return compound({"WordDocument": bytes(fib), "1Table": bytes(4096)})


def workbook(*records: tuple[int, bytes]) -> bytes:
    """A workbook of these records after its first."""
    begin = struct.pack("<HH", 0x0809, 16) + struct.pack("<HHHHII", 0x0600, 0x0005, 0x0DBB, 0x07CC, 0, 6)
    body = b"".join(struct.pack("<HH", kind, len(data)) + data for kind, data in records)
    return compound({"Workbook": (begin + body + struct.pack("<HH", 0x0A, 0)).ljust(5000, b"\0")})


def _excel() -> bytes:
    return workbook((0x002F, struct.pack("<HHH", 1, 1, 1) + bytes(48)))


def _powerpoint() -> bytes:
    user = struct.pack("<HHI", 0, 0x0FF6, 20) + struct.pack("<IIIHH", 0x14, 0xF3D1C4DF, 0, 0, 0)
    return compound({"PowerPoint Document": bytes(5000), "Current User": user, "EncryptedSummary": bytes(100)})


def _open_document() -> bytes:
    manifest = (
        b'<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"><manifest:file-entry '
        b'manifest:full-path="content.xml"><manifest:encryption-data/></manifest:file-entry></manifest:manifest>'
    )
    return zipped(
        {"mimetype": b"application/vnd.oasis.opendocument.text", "META-INF/manifest.xml": manifest, "content.xml": b"?"}
    )


def _enveloped() -> bytes:
    body = b"\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x07\x03\xa0\x82\x01\x00" + bytes(256)
    return b"\x30\x82" + struct.pack(">H", len(body)) + body


_ARMOURED = b"-----BEGIN PGP MESSAGE-----\r\n\r\nhQEMA0000000000000AQf/\r\n-----END PGP MESSAGE-----\r\n"
_PGP_KEY = b"\x85\x01\x0c\x03" + bytes(8) + b"\x01\x07\xff" + bytes(255) + b"\xd2\x40\x01" + bytes(63)
_PGP_PASSWORD = b"\x8c\x0d\x04\x09\x03\x02" + bytes(8) + b"\x60\xd2\x40\x01" + bytes(63)


def _attack(name: str, file_name: str, make: Callable[[], bytes] | bytes) -> Attack:
    content = make if callable(make) else lambda: make
    return Attack(name, "encrypted", file_name, "application/octet-stream", content, KEPT_OUT)


ATTACKS = (
    _attack("pdf-under-a-password", "Quyet dinh.pdf", lambda: locked_pdf(3, "bi mat")),
    _attack("pdf-under-a-password-aes-256", "Quyet dinh.pdf", lambda: locked_pdf(6, "bi mat")),
    _attack("docx-under-a-password", "Cong van.docx", protected_office),
    _attack("xlsx-under-a-password", "Bang.xlsx", protected_office),
    _attack("pptx-under-a-password", "Bai.pptx", protected_office),
    _attack("doc-under-a-password", "Cong van.doc", _word),
    _attack("xls-under-a-password", "Bang.xls", _excel),
    _attack("ppt-under-a-password", "Bai.ppt", _powerpoint),
    _attack("odt-under-a-password", "Cong van.odt", _open_document),
    _attack("irm-protected", "Cong van.doc", lambda: compound({"\x09DRMContent": bytes(5000), "WordDocument": b"x"})),
    _attack("zip-under-a-password", "Ho so.zip", lambda: zipped(_FILES, flags=1)),
    _attack("zip-under-a-password-as-pdf", "Ho so.pdf", lambda: zipped(_FILES, flags=1)),
    _attack("zip-aes", "Ho so.zip", lambda: zipped(_FILES, flags=1).replace(b"\x08\x00", b"\x63\x00")),
    _attack("zip-of-one-locked-file", "Ho so.zip", lambda: zipped({"a.txt": b"a", "b.exe": program()}, flags=0x41)),
    _attack("7z-under-a-password", "Ho so.7z", SEVEN_ZIP_LOCKED),
    _attack("7z-with-hidden-names", "Ho so.7z", SEVEN_ZIP_SEALED),
    _attack("rar4-under-a-password", "Ho so.rar", lambda: rar4(_FILES, locked=True)),
    _attack("rar4-with-hidden-names", "Ho so.rar", lambda: rar4(_FILES, sealed=True)),
    _attack("rar5-under-a-password", "Ho so.rar", lambda: rar5(_FILES, locked=True)),
    _attack("rar5-with-hidden-names", "Ho so.rar", lambda: rar5(_FILES, sealed=True)),
    _attack("smime-enveloped", "smime.p7m", _enveloped),
    _attack("pgp-in-letters", "Quyet dinh.pdf.asc", _ARMOURED),
    _attack("pgp-for-a-key", "Quyet dinh.pdf.gpg", _PGP_KEY),
    _attack("pgp-under-a-password", "Quyet dinh.pdf.gpg", _PGP_PASSWORD),
    _attack("age", "Quyet dinh.pdf.age", b"age-encryption.org/v1\n-> X25519 abc\nabc\n--- abc\n" + bytes(60)),
)
