"""DKIM signatures of our own mail (RFC 6376 section 5), RSA-SHA256 or Ed25519-SHA256 (RFC 8463).

dkimpy canonicalises; the signature itself is made by cryptography, because RSA in plain Python takes ten times as
long (9 ms with 2048 bits).
"""

from __future__ import annotations

import base64
import hashlib
from itertools import islice

import dkim
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import load_pem_private_key
from dkim.canonicalization import Relaxed

from gateway.clock import Clock
from gateway.errors import SettingsError
from gateway.model.domain_name import a_label

WEAKEST_BITS = 1024
FIELD = b"DKIM-Signature"
SIGNED = (
    b"from",
    b"to",
    b"subject",
    b"date",
    b"message-id",
    b"in-reply-to",
    b"references",
    b"mime-version",
    b"content-type",
    b"auto-submitted",
    b"x-vanthu-instance",
)
"""Fields that are signed where they stand in a mail; From is signed once more, so that none can be added."""
_FOLD = b"\r\n\t"
_LINE = 70
_NAMES_A_LINE = 5


class DkimSigner:
    """Signs for `domain` with the key that stands at `selector`._domainkey.`domain`, relaxed/relaxed.

    `key_pem` is an RSA or Ed25519 private key without a passphrase. Raises SettingsError, which never quotes the key.
    """

    def __init__(self, domain: str, selector: str, key_pem: bytes, clock: Clock) -> None:
        self._domain, self._selector = a_label(domain).encode(), a_label(selector).encode()
        if not self._domain or not self._selector:
            raise SettingsError("chữ ký DKIM: tên miền hoặc selector không hợp lệ")
        self._key = _usable(key_pem)
        self._clock = clock

    def __repr__(self) -> str:
        return f"DkimSigner({self._selector.decode()}._domainkey.{self._domain.decode()})"

    def sign(self, mail: bytes) -> bytes:
        """`mail`, whose lines end with CRLF, with a DKIM-Signature on top. Raises ValueError where it has no From."""
        try:
            fields, body = dkim.rfc822_parse(mail)
        except (dkim.DKIMException, IndexError):
            raise ValueError("a mail whose header cannot be read cannot be signed") from None
        present = [name.lower() for name, _ in fields]
        if b"from" not in present:
            raise ValueError("a mail without From cannot be signed")
        names = [b"from", *(name for name in SIGNED for _ in range(present.count(name)))]
        body_hash = hashlib.sha256(Relaxed.canonicalize_body(body)).digest()
        unsigned = self._unsigned(names, body_hash)
        octets = _Octets()
        dkim.hash_headers(octets, Relaxed, Relaxed.canonicalize_headers(fields), names, (FIELD, unsigned), {})
        signature = base64.b64encode(self._signature(bytes(octets)))
        lines = [signature[start : start + _LINE] for start in range(0, len(signature), _LINE)]
        return FIELD + b":" + unsigned + _FOLD.join(lines) + b"\r\n" + mail

    def _unsigned(self, names: list[bytes], body_hash: bytes) -> bytes:
        """The field's value without the signature."""
        remaining = iter(names)
        rows = iter(lambda: list(islice(remaining, _NAMES_A_LINE)), [])
        algorithm = b"rsa-sha256" if isinstance(self._key, RSAPrivateKey) else b"ed25519-sha256"
        tags = (
            b" v=1; a=" + algorithm + b"; c=relaxed/relaxed; t=" + str(int(self._clock.now().timestamp())).encode(),
            b"d=" + self._domain + b"; s=" + self._selector,
            b"h=" + (b":" + _FOLD + b" ").join(b":".join(row) for row in rows),
            b"bh=" + base64.b64encode(body_hash),
            b"b=",
        )
        return (b";" + _FOLD).join(tags)

    def _signature(self, octets: bytes) -> bytes:
        if isinstance(self._key, RSAPrivateKey):
            return self._key.sign(octets, PKCS1v15(), SHA256())
        return self._key.sign(hashlib.sha256(octets).digest())


class _Octets(bytearray):
    """What is signed, collected as if by a hash."""

    update = bytearray.extend


def _usable(key_pem: bytes) -> RSAPrivateKey | Ed25519PrivateKey:
    try:
        key = load_pem_private_key(key_pem, password=None)
    except (ValueError, TypeError, UnsupportedAlgorithm):
        raise SettingsError(
            "khóa DKIM: không đọc được; cần khóa riêng RSA hoặc Ed25519 dạng PEM, không có mật khẩu"
        ) from None
    if isinstance(key, Ed25519PrivateKey) or (isinstance(key, RSAPrivateKey) and key.key_size >= WEAKEST_BITS):
        return key
    raise SettingsError("khóa DKIM: cần khóa RSA từ 1024 bit trở lên hoặc khóa Ed25519")
