"""Certificates of a PKI made for the test."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from gateway.checkup import CheckState, certificates
from gateway.checkup.result import CheckResult, Task
from gateway.settings import settings_from

NOW = datetime(2026, 11, 22, 8, 0, tzinfo=UTC)
HOST = "gateway.quangngai.gov.vn"


def make(
    path: Path, *, days: int = 365, begun: int = 10, host: str = HOST, issuer: str | None = None
) -> ec.EllipticCurvePrivateKey:
    """A certificate in `path` that ends `days` from now; self-signed unless `issuer` is named."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, host)])
    by = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, issuer)]) if issuer else name
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(by)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(NOW - timedelta(days=begun))
        .not_valid_after(NOW + timedelta(days=days))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(host)]), critical=False)
        .sign(key, hashes.SHA256())
    )
    path.write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    return key


def write_key(path: Path, key: ec.EllipticCurvePrivateKey, password: bytes | None = None) -> None:
    lock = serialization.BestAvailableEncryption(password) if password else serialization.NoEncryption()
    path.write_bytes(key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, lock))


def task(folder: Path, **keys: Any) -> Task:
    return Task(settings_from(keys, folder), NOW)


async def anchors(folder: Path) -> CheckResult:
    (result,) = await certificates.anchors(task(folder, signatures={"anchors": "trust"}))
    return result


@pytest.fixture
def trust(tmp_path: Path) -> Path:
    folder = tmp_path / "trust"
    folder.mkdir()
    return folder


async def test_a_root_in_force_is_well(trust: Path) -> None:
    make(trust / "root.pem", host="Root")
    make(trust / "sub.crt", host="Sub", issuer="Root")
    (trust / "README").write_text("no certificate")
    result = await anchors(trust.parent)
    assert (result.state, result.detail) == (CheckState.OK, "1 chứng thư gốc còn hạn, 1 chứng thư trung gian")


async def test_a_root_that_ends_soon_is_named(trust: Path) -> None:
    make(trust / "root.pem", host="Root")
    make(trust / "old.pem", host="Old Root", days=10)
    result = await anchors(trust.parent)
    assert result.state is CheckState.WARN
    assert "Old Root" in result.detail


@pytest.mark.parametrize(("days", "state"), [(91, CheckState.OK), (89, CheckState.WARN), (-1, CheckState.WARN)])
async def test_the_last_ninety_days_of_any_certificate_are_told(trust: Path, days: int, state: CheckState) -> None:
    make(trust / "root.pem", host="Root", days=4000)
    make(trust / "sub.pem", host="Sub", issuer="Root", days=days)
    result = await anchors(trust.parent)
    assert result.state is state
    assert ("Sub: " in result.detail) == (state is CheckState.WARN)


async def test_an_intermediate_that_leads_nowhere_is_told(trust: Path) -> None:
    make(trust / "root.pem", host="Root")
    make(trust / "sub.pem", host="Sub", issuer="Another Root")
    result = await anchors(trust.parent)
    assert result.state is CheckState.WARN
    assert "Sub: thiếu chứng thư phát hành Another Root" in result.detail
    assert "vanthu trust" in result.remedy


async def test_no_root_or_only_an_expired_one_fails(trust: Path) -> None:
    assert (await anchors(trust.parent)).state is CheckState.FAIL
    make(trust / "root.pem", host="Root", days=-1)
    make(trust / "sub.pem", host="Sub", issuer="Root")
    assert (await anchors(trust.parent)).state is CheckState.FAIL


async def tls(folder: Path, **smtp: Any) -> CheckResult:
    files = {"tls_certificate": "own.pem", "tls_key": "own.key"}
    (result,) = await certificates.tls(task(folder, smtp={"hostname": HOST, **files, **smtp}))
    return result


@pytest.mark.parametrize(
    ("made", "state"),
    [
        ({}, CheckState.OK),
        ({"days": 10}, CheckState.WARN),
        ({"host": "other.example.vn"}, CheckState.WARN),
        ({"days": -1}, CheckState.FAIL),
        ({"begun": -1}, CheckState.FAIL),
    ],
)
async def test_our_own_certificate_must_be_in_force_and_ours(
    tmp_path: Path, made: dict[str, Any], state: CheckState
) -> None:
    write_key(tmp_path / "own.key", make(tmp_path / "own.pem", **made))
    result = await tls(tmp_path)
    assert result.state is state, result.detail


async def test_a_certificate_must_fit_its_key(tmp_path: Path) -> None:
    make(tmp_path / "own.pem")
    write_key(tmp_path / "own.key", ec.generate_private_key(ec.SECP256R1()))
    assert (await tls(tmp_path)).state is CheckState.FAIL


async def test_a_key_with_a_password_fails_and_asks_nobody(tmp_path: Path) -> None:
    write_key(tmp_path / "own.key", make(tmp_path / "own.pem"), b"hunter2")
    assert (await tls(tmp_path)).state is CheckState.FAIL


@pytest.mark.parametrize(("listen", "state"), [("127.0.0.1:2525", CheckState.OK), ("10.0.0.5:25", CheckState.WARN)])
async def test_no_tls_is_well_only_on_this_machine(tmp_path: Path, listen: str, state: CheckState) -> None:
    result = await tls(tmp_path, tls_certificate="", tls_key="", listen=listen)
    assert result.state is state
