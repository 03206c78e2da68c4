"""A pair of keys of our own, for an office that has named no certificate: made once, at first need."""

from __future__ import annotations

import secrets
import shutil
from datetime import datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

from gateway.adapters.cms.certificate import read_certificate
from gateway.durable import sync_folder, write_synced

_BITS = 3072
_EXPONENT = 65537
_VALID = timedelta(days=3652)
_BACKDATED = timedelta(hours=1)
_LONGEST_NAME = 64
"""Characters of a common name (RFC 5280 appendix A.1, ub-common-name)."""


class OwnPair:
    """A folder with a certificate, and a private key until somebody takes it to where it is safe."""

    def __init__(self, folder: Path, agency: str) -> None:
        self.certificate = folder / "chung-thu-niem-phong.pem"
        self.key = folder / "khoa-rieng-niem-phong.pem"
        self._folder = folder
        self._agency = agency

    def read(self, now: datetime) -> x509.Certificate:
        """The certificate, made with its key where there is none yet. Blocks. Raises OSError, SealingFailure.

        Of several processes that make one at once, one wins.
        """
        if not self.certificate.exists():
            self._make(now)
        return read_certificate(self.certificate)

    def _make(self, now: datetime) -> None:
        made = self._folder.with_name(f"{self._folder.name}.{secrets.token_hex(8)}")
        made.mkdir(mode=0o700)
        try:
            key = rsa.generate_private_key(_EXPONENT, _BITS)
            pem = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
            write_synced(made / self.key.name, pem)
            write_synced(made / self.certificate.name, _certificate(key, self._agency, now).public_bytes(Encoding.PEM))
            sync_folder(made)
            self._publish(made)
        finally:
            shutil.rmtree(made, ignore_errors=True)

    def _publish(self, made: Path) -> None:
        try:
            made.rename(self._folder)
        except OSError:
            if not self.certificate.exists():
                raise
        sync_folder(self._folder.parent)


def _certificate(key: rsa.RSAPrivateKey, agency: str, now: datetime) -> x509.Certificate:
    name = x509.Name(
        [
            x509.NameAttribute(NameOID.COUNTRY_NAME, "VN"),
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, agency[:_LONGEST_NAME]),
            x509.NameAttribute(NameOID.COMMON_NAME, "Niêm phong thư có dấu chỉ độ mật"),
        ]
    )
    usage = x509.KeyUsage(
        digital_signature=False,
        content_commitment=False,
        key_encipherment=True,
        data_encipherment=True,
        key_agreement=False,
        key_cert_sign=False,
        crl_sign=False,
        encipher_only=False,
        decipher_only=False,
    )
    builder = x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
    builder = builder.not_valid_before(now - _BACKDATED).not_valid_after(now + _VALID)
    return builder.add_extension(usage, critical=True).sign(key, hashes.SHA256())
