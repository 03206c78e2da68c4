"""One SignerInfo of CMS (RFC 5652 section 5.3): whose it is, whether its mathematics and signed attributes agree."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

from asn1crypto import cms, x509
from pyhanko.sign.validation.generic_cms import validate_sig_integrity

from gateway.adapters.signatures.anchors import TrustAnchors

HASHES = {
    "sha1": "SHA-1",
    "sha224": "SHA-224",
    "sha256": "SHA-256",
    "sha384": "SHA-384",
    "sha512": "SHA-512",
    "sha3_256": "SHA3-256",
    "sha3_384": "SHA3-384",
    "sha3_512": "SHA3-512",
}
"""The hashes that are looked at, and how they are written for people."""

KEYS = {"rsa": "RSA", "rsassa_pss": "RSA-PSS", "rsassa_pkcs1v15": "RSA", "ecdsa": "ECDSA", "ed25519": "Ed25519"}


class UnknownAlgorithm(ValueError):
    """A hash that is not looked at."""


def hash_name(info: cms.SignerInfo) -> str:
    """The hash of the message; raises UnknownAlgorithm where it is none of `HASHES`."""
    return _known(info["digest_algorithm"]["algorithm"].native)


def digest(name: str, content: bytes) -> bytes:
    """The digest of `content`; raises UnknownAlgorithm."""
    return hashlib.new(_known(name), content).digest()


def verified(info: cms.SignerInfo, certificate: x509.Certificate, kind: str, found: bytes) -> tuple[bool, bool]:
    """Whether the message digest is `found`, and whether the value is right for this certificate.

    Content type, message digest and the certificate named in signing-certificate(-v2) are held against what is signed
    (RFC 5652 section 11, RFC 5035); raises pyHanko's SignatureValidationError where one contradicts.
    """
    intact, valid = validate_sig_integrity(info, certificate, kind, found)
    return bool(intact), bool(valid)


def signer_of(
    info: cms.SignerInfo, signed: cms.SignedData, anchors: TrustAnchors
) -> tuple[x509.Certificate | None, Sequence[x509.Certificate]]:
    """The certificate that made it, from the message or the trust folder, and all others that came along."""
    came = [each.chosen for each in signed["certificates"] or () if each.name == "certificate" and _readable(each)]
    wanted = info["sid"]
    found = next((each for each in [*came, *anchors.intermediate_certificates()] if _is(each, wanted)), None)
    return found, [each for each in came if each is not found]


def algorithm(info: cms.SignerInfo) -> str:
    """How it was signed, for people: `RSA, SHA-256`."""
    kind = info["signature_algorithm"].signature_algo
    name = info["digest_algorithm"]["algorithm"].native
    return f"{KEYS.get(kind, kind)}, {HASHES.get(name, name)}"


def _readable(choice: cms.CertificateChoices) -> bool:
    """Whether a certificate can be read where it is looked at; asn1crypto reads only what is asked for."""
    try:
        certificate = choice.chosen
        _ = (certificate.subject.native, certificate.issuer.native, certificate.public_key.algorithm)
    except (ValueError, TypeError, KeyError):
        return False
    return True


def _known(name: str) -> str:
    plain = name.replace("-", "_")
    if plain not in HASHES:
        raise UnknownAlgorithm(name)
    return plain


def _is(certificate: x509.Certificate, wanted: cms.SignerIdentifier) -> bool:
    if wanted.name == "subject_key_identifier":
        return bool(certificate.key_identifier == wanted.native)
    named = wanted.chosen
    return bool(certificate.issuer == named["issuer"] and certificate.serial_number == named["serial_number"].native)
