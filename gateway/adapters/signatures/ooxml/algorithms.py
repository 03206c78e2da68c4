"""The algorithms of XML signatures (W3C XMLDSIG 1.1, RFC 9231), by their identifiers."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TypeVar

from asn1crypto import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa, utils
from cryptography.hazmat.primitives.serialization import load_der_public_key

from gateway.adapters.signatures.ooxml.faults import Malformed, Unsupported
from gateway.adapters.signatures.signer import HASHES

_XMLENC = "http://www.w3.org/2001/04/xmlenc#"
_MORE = "http://www.w3.org/2001/04/xmldsig-more#"
_MORE_2007 = "http://www.w3.org/2007/05/xmldsig-more#"
_DSIG = "http://www.w3.org/2000/09/xmldsig#"

DIGESTS = {
    f"{_DSIG}sha1": "sha1",
    f"{_MORE}sha224": "sha224",
    f"{_XMLENC}sha256": "sha256",
    f"{_MORE}sha384": "sha384",
    f"{_XMLENC}sha512": "sha512",
    f"{_MORE_2007}sha3-256": "sha3_256",
    f"{_MORE_2007}sha3-384": "sha3_384",
    f"{_MORE_2007}sha3-512": "sha3_512",
}
BANNED = {f"{_MORE}md5", f"{_MORE}rsa-md5"}

_HASHES: dict[str, hashes.HashAlgorithm] = {
    "sha1": hashes.SHA1(),  # noqa: S303 - the government's first generation signs with it; told as weak
    "sha224": hashes.SHA224(),
    "sha256": hashes.SHA256(),
    "sha384": hashes.SHA384(),
    "sha512": hashes.SHA512(),
}


_T = TypeVar("_T")


@dataclass(frozen=True, slots=True)
class Method:
    """How a signature value is made: "RSA", "RSA-PSS" or "ECDSA", with this hash."""

    kind: str
    hash: str

    @property
    def shown(self) -> str:
        """For people: `RSA, SHA-256`."""
        return f"{self.kind}, {HASHES[self.hash]}"


_SIGNATURES = {
    f"{_DSIG}rsa-sha1": Method("RSA", "sha1"),
    **{f"{_MORE}rsa-{name}": Method("RSA", name) for name in ("sha224", "sha256", "sha384", "sha512")},
    **{f"{_MORE}ecdsa-{name}": Method("ECDSA", name) for name in _HASHES},
    **{f"{_MORE_2007}{name}-rsa-MGF1": Method("RSA-PSS", name) for name in _HASHES},
}


def digest_name(algorithm: str) -> str:
    """The hash behind a DigestMethod; raises Malformed for a banned one, Unsupported for one not known."""
    return _known(algorithm, DIGESTS)


def signature_method(algorithm: str) -> Method:
    """What a SignatureMethod asks for; raises Malformed or Unsupported as `digest_name`."""
    return _known(algorithm, _SIGNATURES)


def digest(name: str, chunks: Iterable[bytes]) -> bytes:
    """The digest of what comes in pieces."""
    running = hashlib.new(name)
    for piece in chunks:
        running.update(piece)
    return running.digest()


def signs(certificate: x509.Certificate, method: Method, value: bytes, content: bytes) -> bool:
    """Whether `value` is this certificate's signature of `content` (RFC 8017; r and s side by side, RFC 4050)."""
    key = load_der_public_key(certificate.public_key.dump())
    algorithm = _HASHES[method.hash]
    try:
        if isinstance(key, ec.EllipticCurvePublicKey) and method.kind == "ECDSA":
            half = (key.curve.key_size + 7) // 8
            if len(value) != 2 * half:
                return False
            pair = utils.encode_dss_signature(int.from_bytes(value[:half]), int.from_bytes(value[half:]))
            key.verify(pair, content, ec.ECDSA(algorithm))
            return True
        if isinstance(key, rsa.RSAPublicKey) and method.kind == "RSA":
            key.verify(value, content, padding.PKCS1v15(), algorithm)
            return True
        if isinstance(key, rsa.RSAPublicKey) and method.kind == "RSA-PSS":
            salted = padding.PSS(padding.MGF1(algorithm), algorithm.digest_size)
            key.verify(value, content, salted, algorithm)
            return True
    except InvalidSignature:
        return False
    return False


def _known(algorithm: str, table: Mapping[str, _T]) -> _T:
    if algorithm in BANNED:
        raise Malformed("chữ ký dùng thuật toán không được chấp nhận")
    if algorithm not in table:
        raise Unsupported(f"chữ ký dùng thuật toán “{algorithm[:100]}” không được hỗ trợ")
    return table[algorithm]
