"""What is sealed opens with OpenSSL and the holder's key, and is every byte that went in."""

from __future__ import annotations

import hashlib
import stat
import subprocess
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

from gateway.adapters.cms import CmsSealer, OwnPair, read_certificate
from gateway.errors import SealingFailure

NOW = datetime(2026, 9, 7, 2, tzinfo=UTC)
AGENCY = "Sở Giao thông vận tải tỉnh Quảng Ngãi"


class Clock:
    """It stands still."""

    def now(self) -> datetime:
        """See gateway.clock.Clock."""
        return NOW


def certificate(
    key: rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey, *, until: datetime = NOW + timedelta(days=400), **usage: bool
) -> x509.Certificate:
    """A certificate of an officer; KeyUsage as given, or none."""
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Lê Văn Bảo Mật")])
    builder = x509.CertificateBuilder(name, name, key.public_key(), 2**127 + 1)
    builder = builder.not_valid_before(until - timedelta(days=800)).not_valid_after(until)
    if usage:
        flags = dict.fromkeys(
            (
                "digital_signature",
                "content_commitment",
                "key_encipherment",
                "data_encipherment",
                "key_agreement",
                "key_cert_sign",
                "crl_sign",
                "encipher_only",
                "decipher_only",
            ),
            False,
        )
        builder = builder.add_extension(x509.KeyUsage(**(flags | usage)), critical=True)
    return builder.sign(key, hashes.SHA256())


def written(folder: Path, key: rsa.RSAPrivateKey, encoding: Encoding = Encoding.PEM) -> Path:
    """The files of an officer: chung-thu and khoa."""
    path = folder / "chung-thu"
    path.write_bytes(certificate(key).public_bytes(encoding))
    pem = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    (folder / "khoa").write_bytes(pem)
    return path


def opened(sealed: Path, key: Path) -> bytes:
    """By OpenSSL, as docs/operating.md tells the officer to."""
    command: list[str | Path] = [
        "openssl",
        "cms",
        "-decrypt",
        "-inform",
        "DER",
        "-binary",
        "-in",
        sealed,
        "-inkey",
        key,
    ]
    return subprocess.run(command, check=True, capture_output=True).stdout


@pytest.fixture(scope="module")
def key() -> rsa.RSAPrivateKey:
    """The officer's."""
    return rsa.generate_private_key(65537, 2048)


@pytest.mark.parametrize("size", [0, 1, 15, 16, 100, 128, 65_521, 300_000, 17_000_001])
async def test_openssl_opens_what_was_sealed(tmp_path: Path, key: rsa.RSAPrivateKey, size: int) -> None:
    content = (bytes(range(251)) * (size // 251 + 1))[:size]
    (tmp_path / "raw").write_bytes(content)
    sealer = CmsSealer(lambda: written(tmp_path, key), OwnPair(tmp_path / "own", AGENCY), Clock())
    sealing = await sealer.seal(tmp_path / "raw", tmp_path / "sealed")
    assert opened(tmp_path / "sealed", tmp_path / "khoa") == content
    assert sealing.content_sha256 == hashlib.sha256(content).hexdigest()
    assert (sealing.holder, sealing.key_at_hand) == ("Lê Văn Bảo Mật", False)
    assert stat.S_IMODE((tmp_path / "sealed").stat().st_mode) == 0o600
    assert not (tmp_path / "own").exists()


async def test_what_is_sealed_is_der_and_names_algorithms_that_tokens_know(
    tmp_path: Path, key: rsa.RSAPrivateKey
) -> None:
    (tmp_path / "raw").write_bytes(b"x" * 1000)
    sealer = CmsSealer(lambda: written(tmp_path, key, Encoding.DER), OwnPair(tmp_path / "own", AGENCY), Clock())
    await sealer.seal(tmp_path / "raw", tmp_path / "sealed")
    command: list[str | Path] = [
        "openssl",
        "cms",
        "-cmsout",
        "-print",
        "-noout",
        "-inform",
        "DER",
        "-in",
        tmp_path / "sealed",
    ]
    told = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    assert "pkcs7-envelopedData" in told
    assert "aes-256-cbc" in told
    assert "rsaEncryption" in told
    parsed = subprocess.run(
        ["openssl", "asn1parse", "-inform", "DER", "-in", tmp_path / "sealed"],
        check=True,
        capture_output=True,
        text=True,
    ).stdout
    assert "l=inf" not in parsed


async def test_two_seals_of_the_same_mail_have_nothing_in_common_but_their_form(
    tmp_path: Path, key: rsa.RSAPrivateKey
) -> None:
    (tmp_path / "raw").write_bytes(b"Subject: x\r\n\r\n" * 100)
    sealer = CmsSealer(lambda: written(tmp_path, key), OwnPair(tmp_path / "own", AGENCY), Clock())
    for name in ("one", "two"):
        await sealer.seal(tmp_path / "raw", tmp_path / name)
    one, two = (tmp_path / "one").read_bytes(), (tmp_path / "two").read_bytes()
    assert len(one) == len(two)
    assert one[-1300:] != two[-1300:]
    assert b"Subject" not in one


async def test_without_a_certificate_a_pair_of_our_own_is_made_once(tmp_path: Path) -> None:
    (tmp_path / "raw").write_bytes(b"mail")
    own = OwnPair(tmp_path / "niem-phong", AGENCY)
    sealer = CmsSealer(None, own, Clock())
    first = await sealer.seal(tmp_path / "raw", tmp_path / "one")
    second = await CmsSealer(None, OwnPair(tmp_path / "niem-phong", AGENCY), Clock()).seal(
        tmp_path / "raw", tmp_path / "two"
    )
    assert first.key_at_hand
    assert first.certificate == second.certificate
    assert opened(tmp_path / "two", own.key) == b"mail"
    assert stat.S_IMODE(own.key.stat().st_mode) == 0o600
    assert [path.name for path in tmp_path.glob("niem-phong*")] == ["niem-phong"]
    assert read_certificate(own.certificate).public_key().key_size == 3072  # type: ignore[union-attr]


async def test_the_private_key_may_be_taken_away(tmp_path: Path) -> None:
    (tmp_path / "raw").write_bytes(b"mail")
    own = OwnPair(tmp_path / "niem-phong", AGENCY)
    await CmsSealer(None, own, Clock()).seal(tmp_path / "raw", tmp_path / "one")
    away = own.key.rename(tmp_path / "away")
    sealing = await CmsSealer(None, own, Clock()).seal(tmp_path / "raw", tmp_path / "two")
    assert not sealing.key_at_hand
    assert opened(tmp_path / "two", away) == b"mail"


async def test_where_the_certificate_is_gone_our_own_pair_serves(tmp_path: Path) -> None:
    (tmp_path / "raw").write_bytes(b"mail")
    own = OwnPair(tmp_path / "niem-phong", AGENCY)
    await CmsSealer(lambda: tmp_path / "gone", own, Clock()).seal(tmp_path / "raw", tmp_path / "one")
    assert opened(tmp_path / "one", own.key) == b"mail"


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "không phải là chứng thư"),
        (b"-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n", "không phải là chứng thư"),
        (certificate(ec.generate_private_key(ec.SECP256R1())).public_bytes(Encoding.DER), "không dùng khóa RSA"),
        (certificate(rsa.generate_private_key(65537, 1024)).public_bytes(Encoding.DER), "quá ngắn"),  # noqa: S505
        (
            certificate(rsa.generate_private_key(65537, 2048), content_commitment=True).public_bytes(Encoding.PEM),
            "keyEncipherment",
        ),
    ],
    ids=["empty", "no-certificate", "elliptic", "short-key", "for-signatures-only"],
)
def test_a_certificate_that_cannot_serve_is_refused_with_its_reason(
    tmp_path: Path, content: bytes, reason: str
) -> None:
    (tmp_path / "c.pem").write_bytes(content)
    with pytest.raises(SealingFailure, match=reason):
        read_certificate(tmp_path / "c.pem")


def test_a_certificate_for_keys_is_taken(tmp_path: Path, key: rsa.RSAPrivateKey) -> None:
    (tmp_path / "c.pem").write_bytes(certificate(key, key_encipherment=True).public_bytes(Encoding.PEM))
    assert read_certificate(tmp_path / "c.pem").serial_number == 2**127 + 1
