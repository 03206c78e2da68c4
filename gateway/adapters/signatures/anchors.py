"""The certificates an agency trusts, from files in a folder."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from asn1crypto import pem, x509

from gateway.errors import SettingsError

SUFFIXES = {".pem", ".crt", ".cer", ".der"}


@dataclass(frozen=True, slots=True)
class TrustAnchors:
    """Certificates in DER. A path must end in one of `roots`; `intermediates` only help to build it.

    Signatures of the government PKI carry the signer's certificate alone, so the intermediates
    have to be supplied; being supplied does not make one trusted.
    """

    roots: tuple[bytes, ...] = ()
    intermediates: tuple[bytes, ...] = ()

    def root_certificates(self) -> list[x509.Certificate]:
        """The roots, parsed."""
        return [parsed(content) for content in self.roots]

    def intermediate_certificates(self) -> list[x509.Certificate]:
        """The intermediates, parsed."""
        return [parsed(content) for content in self.intermediates]


@lru_cache(maxsize=256)
def parsed(content: bytes) -> x509.Certificate:
    """A certificate from DER, parsed once."""
    return x509.Certificate.load(content)


def load_anchors(folder: Path) -> TrustAnchors:
    """All certificates in `folder` (PEM or DER); the self-issued ones are roots. Raises SettingsError."""
    roots: list[bytes] = []
    intermediates: list[bytes] = []
    try:
        files = sorted(path for path in folder.iterdir() if path.suffix.lower() in SUFFIXES)
    except OSError as problem:
        raise SettingsError(f"trust folder {folder}: {problem.strerror}") from problem
    for file in files:
        for content in _certificates(file):
            certificate = parsed(content)
            (roots if certificate.subject == certificate.issuer else intermediates).append(content)
    return TrustAnchors(tuple(dict.fromkeys(roots)), tuple(dict.fromkeys(intermediates)))


def _certificates(file: Path) -> list[bytes]:
    try:
        content = file.read_bytes()
        if not pem.detect(content):
            return [_checked(content)]
        return [_checked(der) for kind, _, der in pem.unarmor(content, multiple=True) if kind == "CERTIFICATE"]
    except (OSError, ValueError, TypeError) as problem:
        raise SettingsError(
            f"trust file {file}: not an X.509 certificate in PEM or DER; remove or replace it"
        ) from problem


def _checked(content: bytes) -> bytes:
    certificate = x509.Certificate.load(content, strict=True)
    _ = (certificate.subject.native, certificate.issuer.native, certificate.public_key.algorithm)
    return content
