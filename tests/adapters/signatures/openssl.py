"""CMS and S/MIME messages made by OpenSSL's own tool."""

from __future__ import annotations

import subprocess
from collections.abc import Sequence
from pathlib import Path

from cryptography.hazmat.primitives import serialization

from gateway.demo.pki import Identity

DOCUMENT = "QUYẾT ĐỊNH\r\nVề việc bổ nhiệm cán bộ\r\n".encode()


def openssl(*arguments: str | Path, given: bytes = b"") -> bytes:
    """What the tool answers."""
    done = subprocess.run(["openssl", *map(str, arguments)], input=given, capture_output=True, check=True)
    return done.stdout


def signed(
    folder: Path,
    signers: Sequence[Identity],
    *options: str,
    content: bytes = DOCUMENT,
    form: str = "DER",
    tool: str = "cms",
) -> bytes:
    """`content` signed by all of these, as a message that brings it along unless told otherwise."""
    who: list[str | Path] = []
    for number, signer in enumerate(signers):
        file = folder / f"signer{number}.pem"
        key = signer.key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
        file.write_bytes(signer.pem + key)
        who += ["-signer", file]
    return openssl(tool, "-sign", "-binary", "-outform", form, *who, *options, given=content)
