"""Writing CMS EnvelopedData (RFC 5652 section 6) in DER, in constant memory however long the content is.

AES-256-CBC and RSAES-PKCS1-v1_5 (RFC 3565, RFC 3370 section 4.2.1) because tokens and their programs open these; the
SHA-256 of the content, kept beside, tells whether what comes out is what went in. Nobody answers an attacker's
question about a padding here: the private key is opened by hand.
"""

from __future__ import annotations

import hashlib
import os
from pathlib import Path
from typing import BinaryIO

from asn1crypto import cms, core
from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import padding
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.padding import PKCS7
from cryptography.hazmat.primitives.serialization import Encoding

_BLOCK = 16
_KEY_BYTES = 32
_CHUNK = 256 * 1024
_SEQUENCE, _EXPLICIT, _IMPLICIT = 0x30, 0xA0, 0x80
_SHORT_LENGTH = 0x80


def encrypt(content: Path, sealed: Path, certificate: x509.Certificate) -> str:
    """Encrypt one file to the holder of an RSA certificate, as a new file only we can read; SHA-256 of the content.

    Blocks. Raises OSError; ValueError where the file changed meanwhile.
    """
    key, vector = os.urandom(_KEY_BYTES), os.urandom(_BLOCK)
    with content.open("rb") as plain, os.fdopen(_create(sealed), "wb") as out:
        size = os.fstat(plain.fileno()).st_size
        out.write(_head(size, key, vector, certificate))
        digest, read = _encrypt_content(plain, out, key, vector)
        if read != size:
            raise ValueError("the content changed while it was encrypted")
    return digest


def _encrypt_content(plain: BinaryIO, out: BinaryIO, key: bytes, vector: bytes) -> tuple[str, int]:
    padder, encryptor = PKCS7(_BLOCK * 8).padder(), Cipher(algorithms.AES(key), modes.CBC(vector)).encryptor()
    digest, read = hashlib.sha256(), 0
    while chunk := plain.read(_CHUNK):
        digest.update(chunk)
        read += len(chunk)
        out.write(encryptor.update(padder.update(chunk)))
    out.write(encryptor.update(padder.finalize()) + encryptor.finalize())
    return digest.hexdigest(), read


def _head(size: int, key: bytes, vector: bytes, certificate: x509.Certificate) -> bytes:
    """Everything before the encrypted content, whose length is known beforehand."""
    encrypted = (size // _BLOCK + 1) * _BLOCK
    algorithm = cms.EncryptionAlgorithm({"algorithm": "aes256_cbc", "parameters": core.OctetString(vector)}).dump()
    inner = cms.ContentType("data").dump() + algorithm + _tag(_IMPLICIT, encrypted)
    inner = _tag(_SEQUENCE, len(inner) + encrypted) + inner
    inner = cms.CMSVersion("v0").dump() + cms.RecipientInfos([_recipient(key, certificate)]).dump() + inner
    inner = _tag(_SEQUENCE, len(inner) + encrypted) + inner
    inner = cms.ContentType("enveloped_data").dump() + _tag(_EXPLICIT, len(inner) + encrypted) + inner
    return bytes(_tag(_SEQUENCE, len(inner) + encrypted) + inner)


def _recipient(key: bytes, certificate: x509.Certificate) -> cms.RecipientInfo:
    public = certificate.public_key()
    if not isinstance(public, RSAPublicKey):
        raise TypeError("the certificate has no RSA key")
    own = asn1_x509.Certificate.load(certificate.public_bytes(Encoding.DER))
    identifier = cms.IssuerAndSerialNumber({"issuer": own.issuer, "serial_number": own.serial_number})
    return cms.RecipientInfo(
        name="ktri",
        value=cms.KeyTransRecipientInfo(
            {
                "version": "v0",
                "rid": cms.RecipientIdentifier(name="issuer_and_serial_number", value=identifier),
                "key_encryption_algorithm": {"algorithm": "rsaes_pkcs1v15", "parameters": core.Null()},
                "encrypted_key": public.encrypt(key, padding.PKCS1v15()),
            }
        ),
    )


def _tag(tag: int, length: int) -> bytes:
    """Tag and length in DER (X.690 section 10.1)."""
    if length < _SHORT_LENGTH:
        return bytes((tag, length))
    octets = length.to_bytes((length.bit_length() + 7) // 8, "big")
    return bytes((tag, _SHORT_LENGTH | len(octets))) + octets


def _create(path: Path) -> int:
    return os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
