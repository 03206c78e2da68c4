"""The certificate that content is encrypted to: read, and fit for it."""

from __future__ import annotations

from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.x509.oid import NameOID

from gateway.errors import SealingFailure

_PEM = b"-----BEGIN"
_SMALLEST_KEY = 2048
_LARGEST_FILE = 1024 * 1024


def read_certificate(path: Path) -> x509.Certificate:
    """A certificate in PEM or DER with an RSA key that may encrypt keys; raises SealingFailure, never OSError.

    The first one of a file in PEM counts. Whether it is in force is for the caller to ask.
    """
    try:
        with path.open("rb") as file:
            content = file.read(_LARGEST_FILE)
    except OSError as error:
        raise SealingFailure(f"{path}: không đọc được chứng thư ({error.strerror})") from None
    try:
        load = x509.load_pem_x509_certificate if _PEM in content else x509.load_der_x509_certificate
        return _fit(load(content))
    except SealingFailure as error:
        raise SealingFailure(f"{path}: {error}") from None
    except (ValueError, TypeError):
        raise SealingFailure(f"{path}: không phải là chứng thư X.509 dạng PEM hoặc DER") from None


def _fit(certificate: x509.Certificate) -> x509.Certificate:
    key = certificate.public_key()
    if not isinstance(key, RSAPublicKey):
        raise SealingFailure("chứng thư không dùng khóa RSA nên không mã hóa thư được")
    if key.key_size < _SMALLEST_KEY:
        raise SealingFailure(f"khóa RSA {key.key_size} bit quá ngắn, cần từ {_SMALLEST_KEY} bit")
    if not _may_encrypt_keys(certificate):
        raise SealingFailure("chứng thư không được cấp để mã hóa (keyUsage thiếu keyEncipherment)")
    return certificate


def _may_encrypt_keys(certificate: x509.Certificate) -> bool:
    try:
        usage = certificate.extensions.get_extension_for_class(x509.KeyUsage).value
    except x509.ExtensionNotFound:
        return True
    return usage.key_encipherment


def holder_of(certificate: x509.Certificate) -> str:
    """The common name of its subject, or else all of it."""
    names = certificate.subject.get_attributes_for_oid(NameOID.COMMON_NAME)
    return str(names[0].value) if names else certificate.subject.rfc4514_string()


def fingerprint_of(certificate: x509.Certificate) -> str:
    """SHA-256 of its DER, lower-case hex."""
    return certificate.fingerprint(hashes.SHA256()).hex()
