"""The certificates an agency trusts, and what authorities say of revocation, from files in folders."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from asn1crypto import pem, x509
from asn1crypto.crl import CertificateList
from asn1crypto.ocsp import OCSPResponse

from gateway.errors import SettingsError

SUFFIXES = {".pem", ".crt", ".cer", ".der"}
LISTS = ".crl"
ANSWERS = ".ocsp"


@dataclass(frozen=True, slots=True)
class TrustAnchors:
    """Certificates in DER. A path must end in one of `roots`; `intermediates` only help to build it.

    Signatures of the government PKI carry the signer's certificate alone, so the intermediates
    have to be supplied; being supplied does not make one trusted. `crls` and `ocsps` (RFC 6960
    responses) say what is revoked; `cached` are those of them that were fetched, not put there by hand.
    """

    roots: tuple[bytes, ...] = ()
    intermediates: tuple[bytes, ...] = ()
    crls: tuple[bytes, ...] = ()
    ocsps: tuple[bytes, ...] = ()
    cached: frozenset[bytes] = frozenset()

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


def load_anchors(folder: Path, cache: Path | None = None) -> TrustAnchors:
    """What lies in `folder`; raises SettingsError.

    Certificates are PEM or DER, the self-issued ones are roots. Lists (`*.crl`, PEM or DER) and OCSP responses
    (`*.ocsp`, DER) may lie beside them and in `cache`, which need not exist; of those in `cache`, files that cannot be
    read are passed over, for they are fetched again.
    """
    roots: list[bytes] = []
    intermediates: list[bytes] = []
    try:
        files = sorted(path for path in folder.iterdir() if path.is_file())
    except OSError as problem:
        raise SettingsError(f"trust folder {folder}: {problem.strerror}") from problem
    for file in files:
        for content in _certificates(file) if file.suffix.lower() in SUFFIXES else ():
            certificate = parsed(content)
            (roots if certificate.subject == certificate.issuer else intermediates).append(content)
    fetched = sorted(path for path in cache.iterdir() if path.is_file()) if cache and cache.is_dir() else []
    said = {suffix: _statements(files, suffix, strict=True) for suffix in (LISTS, ANSWERS)}
    cached = {suffix: _statements(fetched, suffix, strict=False) for suffix in (LISTS, ANSWERS)}
    return TrustAnchors(
        roots=tuple(dict.fromkeys(roots)),
        intermediates=tuple(dict.fromkeys(intermediates)),
        crls=tuple(dict.fromkeys(said[LISTS] + cached[LISTS])),
        ocsps=tuple(dict.fromkeys(said[ANSWERS] + cached[ANSWERS])),
        cached=frozenset(cached[LISTS] + cached[ANSWERS]) - frozenset(said[LISTS] + said[ANSWERS]),
    )


def _statements(files: Sequence[Path], suffix: str, *, strict: bool) -> list[bytes]:
    """The lists or answers among `files`, in DER."""
    found: list[bytes] = []
    for file in files:
        if file.suffix.lower() != suffix:
            continue
        try:
            content = file.read_bytes()
            if pem.detect(content):
                _, _, content = pem.unarmor(content)
            (CertificateList if suffix == LISTS else OCSPResponse).load(content, strict=True)
        except (OSError, ValueError, TypeError) as problem:
            if strict:
                kind = "certificate revocation list" if suffix == LISTS else "OCSP response"
                raise SettingsError(f"trust file {file}: not a {kind}; remove or replace it") from problem
            continue
        found.append(content)
    return found


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
