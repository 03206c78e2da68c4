"""Signed mails and key records for tests."""

from __future__ import annotations

import base64
import hashlib
import time
from functools import cache

import dkim
from cryptography.hazmat.primitives.asymmetric import ed25519, rsa
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.hashes import SHA1, SHA256
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat
from dkim.canonicalization import Relaxed

PrivateKey = rsa.RSAPrivateKey | ed25519.Ed25519PrivateKey

BODY = b"K\xc3\xadnh  g\xe1\xbb\xadi \r\n\r\nSo 12/BC\r\n"


@cache
def rsa_key(bits: int = 2048, which: int = 0) -> rsa.RSAPrivateKey:
    """One key per size and number for the whole run: making them is slow."""
    del which
    return rsa.generate_private_key(65537, bits)


@cache
def ed25519_key() -> ed25519.Ed25519PrivateKey:
    return ed25519.Ed25519PrivateKey.generate()


def pem(key: PrivateKey) -> bytes:
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())


def record(key: PrivateKey, extra: str = "") -> bytes:
    """The key record as a signer publishes it."""
    if isinstance(key, rsa.RSAPrivateKey):
        kind, public = "rsa", key.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    else:
        kind, public = "ed25519", key.public_key().public_bytes_raw()
    return f"v=DKIM1; {extra}k={kind}; p={base64.b64encode(public).decode()}".encode()


def letter(author: str = "vanthu@so.quangngai.gov.vn", body: bytes = BODY, *more: bytes) -> bytes:
    """A small mail; `more` are whole header lines."""
    fields = (
        f"From: =?utf-8?q?V=C4=83n_th=C6=B0?= <{author}>".encode(),
        b"To: sgtvt@quangngai.gov.vn",
        b"Subject: Bao cao\r\n thang 11",
        b"Date: Sun, 22 Nov 2026 10:00:00 +0700",
        b"Message-ID: <1@so.quangngai.gov.vn>",
        *more,
    )
    return b"".join(field + b"\r\n" for field in fields) + b"\r\n" + body


def sign(
    mail: bytes,
    key: PrivateKey,
    domain: str = "so.quangngai.gov.vn",
    selector: str = "a",
    *,
    algorithm: str = "",
    names: str = "from:to:subject:date:message-id",
    tags: str = "",
    length: int | None = None,
    relaxed: bool = True,
) -> bytes:
    """`mail` with a signature of any sort on top, right in itself; `tags` are put into it, each with its semicolon."""
    algorithm = algorithm or ("rsa-sha256" if isinstance(key, rsa.RSAPrivateKey) else "ed25519-sha256")
    way = dkim.canonicalization.ALGORITHMS[b"relaxed" if relaxed else b"simple"]
    digest = hashlib.sha1 if algorithm == "rsa-sha1" else hashlib.sha256
    fields, body = dkim.rfc822_parse(mail)
    body = way.canonicalize_body(body)
    if length is not None:
        body, tags = body[:length], f"{tags} l={length};"
    value = (
        f" v=1; a={algorithm}; c=relaxed/{way.name.decode()}; d={domain}; s={selector}; t={int(time.time()) - 60};"
        f"{tags} h={names}; bh={base64.b64encode(digest(body).digest()).decode()}; b="
    ).encode()
    octets = bytearray()
    for name, text in dkim.select_headers(Relaxed.canonicalize_headers(fields), names.encode().split(b":")):
        octets += name + b":" + text
    octets += b"dkim-signature:" + Relaxed.canonicalize_headers([(b"", value)])[0][1].removesuffix(b"\r\n")
    if isinstance(key, rsa.RSAPrivateKey):
        signature = key.sign(bytes(octets), PKCS1v15(), SHA1() if algorithm == "rsa-sha1" else SHA256())  # noqa: S303 - what must be refused
    else:
        signature = key.sign(hashlib.sha256(octets).digest())
    return b"DKIM-Signature:" + value + base64.b64encode(signature) + b"\r\n" + mail
