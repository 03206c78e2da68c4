"""The gateway's own certificate and where its private key lies: in a file, or in a PKCS#11 token."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from asn1crypto import pem, x509
from asn1crypto.keys import PrivateKeyInfo
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
)
from pyhanko.config.pkcs11 import TokenCriteria
from pyhanko.sign.pkcs11 import PKCS11Signer, open_pkcs11_session
from pyhanko.sign.signers import Signer, SimpleSigner
from pyhanko_certvalidator.registry import SimpleCertificateStore

from gateway.errors import ReceiptFailure

_LARGEST_FILE = 1024 * 1024
_ON_CURVES = "ec"
"""Tokens sign a digest with such a key; few of them make the digest, too."""


def read_certificates(path: Path) -> tuple[x509.Certificate, ...]:
    """The certificates of a file in PEM or DER, in its order, at least one; raises ReceiptFailure, never OSError."""
    content = _read(path, "chứng thư")
    try:
        if pem.detect(content):
            blocks = [der for kind, _, der in pem.unarmor(content, multiple=True) if kind == "CERTIFICATE"]
        else:
            blocks = [content]
        found = tuple(x509.Certificate.load(block, strict=True) for block in blocks)
        for certificate in found:
            certificate.native  # noqa: B018 - everything inside is read here, so that no surprise comes later
    except (ValueError, TypeError):
        found = ()
    if not found:
        raise ReceiptFailure(f"{path}: không phải là chứng thư X.509 dạng PEM hoặc DER")
    return found


@dataclass(frozen=True, slots=True)
class KeyInFile:
    """A private key in PEM without a password; `place` finds its file at use."""

    place: Callable[[], Path]

    @contextmanager
    def opened(self, certificates: Sequence[x509.Certificate]) -> Iterator[Signer]:
        """A signer in the name of the first certificate; raises ReceiptFailure."""
        path = self.place()
        try:
            key = load_pem_private_key(_read(path, "khóa riêng"), password=None)
            content = key.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())
        except (ValueError, TypeError, UnsupportedAlgorithm):
            raise ReceiptFailure(f"{path}: không phải là khóa riêng dạng PEM không mật khẩu") from None
        public = key.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
        if public != certificates[0].public_key.dump():
            raise ReceiptFailure(f"{path}: khóa riêng không phải của chứng thư trong receipts.certificate")
        yield SimpleSigner(
            signing_cert=certificates[0],
            signing_key=PrivateKeyInfo.load(content),
            cert_registry=_store(certificates),
        )


@dataclass(frozen=True, slots=True)
class KeyInToken:
    """The private key named `label` in the token `token`, reached by the library `module`; `pin` reads its PIN."""

    module: Path
    token: str
    label: str
    pin: Callable[[], str] = field(repr=False)

    @contextmanager
    def opened(self, certificates: Sequence[x509.Certificate]) -> Iterator[Signer]:
        """A signer in the name of the first certificate while the session lasts; raises ReceiptFailure."""
        from pkcs11.exceptions import PKCS11Error

        try:
            session = open_pkcs11_session(
                str(self.module), token_criteria=TokenCriteria(label=self.token), user_pin=self.pin()
            )
            with session:
                yield PKCS11Signer(
                    session,
                    signing_cert=certificates[0],
                    ca_chain=certificates[1:],
                    key_label=self.label,
                    use_raw_mechanism=certificates[0].public_key.algorithm == _ON_CURVES,
                )
        except (PKCS11Error, RuntimeError, OSError) as error:
            raise ReceiptFailure(
                f"receipts.module {self.module}: thiết bị {self.token} không ký được ({_cause(error)})"
            ) from None


Key = KeyInFile | KeyInToken


def _cause(error: Exception) -> str:
    return str(error) or type(error).__name__


def _store(certificates: Sequence[x509.Certificate]) -> SimpleCertificateStore:
    store = SimpleCertificateStore()  # type: ignore[no-untyped-call] # its constructor has no types
    store.register_multiple(certificates)
    return store


def _read(path: Path, what: str) -> bytes:
    try:
        with path.open("rb") as file:
            return file.read(_LARGEST_FILE)
    except OSError as error:
        raise ReceiptFailure(f"{path}: không đọc được {what} ({error.strerror})") from None
