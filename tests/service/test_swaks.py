"""A stranger's client, swaks, against the real daemon: what it sends and what it is told."""

from __future__ import annotations

import base64
import shutil
import subprocess
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import quote

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from gateway.store.queries import Queries
from tests.mails import RECIPIENT, SENDER, page_one
from tests.servers.clamd import ClamdServer
from tests.servers.daemon import Daemon
from tests.service.client import ask, await_true

NAME = "Báo cáo tháng 11 – Sở Trình diễn.txt"


@pytest.fixture(scope="module")
def daemon(tmp_path_factory: pytest.TempPathFactory, clamd: ClamdServer) -> Iterator[Daemon]:
    folder = tmp_path_factory.mktemp("swaks")
    certificate, key = folder / "tls.pem", folder / "tls.key"
    _write_certificate(certificate, key)
    served = Daemon(
        folder / "gateway",
        {
            "scanner": {"clamd": [clamd.address]},
            "relay": {"maildir": str(folder / "maildir")},
            "mail": {"max_message": "2 MB", "attach_up_to": "1 MB", "return_path": ""},
            "smtp": {"tls_certificate": str(certificate), "tls_key": str(key)},
        },
    )
    served.start()
    yield served
    served.kill()


def swaks(daemon: Daemon, *options: str, to: str = RECIPIENT) -> str:
    """The whole dialogue, whatever came of it."""
    program = shutil.which("swaks")
    assert program, "swaks is missing: install the Debian package swaks"
    base = [program, "--server", f"127.0.0.1:{daemon.port}", "--from", SENDER, "--to", to, "--helo", "agency.example"]
    return subprocess.run([*base, *options], check=False, capture_output=True, text=True, timeout=60).stdout


def _registered_as(name: str, daemon: Daemon) -> int:
    return sum(document.files[0].name == name for document in ask(daemon, Queries.register))


def whole_mail(disposition: str, number: int) -> str:
    body = base64.encodebytes(page_one(number)).decode()
    return (
        f"From: {SENDER}\nTo: {RECIPIENT}\nSubject: Bao cao\nMIME-Version: 1.0\n"
        f"Content-Type: application/octet-stream\nContent-Transfer-Encoding: base64\n{disposition}\n\n{body}"
    )


ENCODINGS = {
    "rfc2231": f"Content-Disposition: attachment; filename*=UTF-8''{quote(NAME)}",
    "rfc2047": f'Content-Disposition: attachment; filename="=?UTF-8?B?{base64.b64encode(NAME.encode()).decode()}?="',
    "raw utf-8": f'Content-Disposition: attachment; filename="{NAME}"',
}


def test_a_vietnamese_file_name_arrives_in_each_of_three_encodings(daemon: Daemon, tmp_path: Path) -> None:
    for number, (encoding, disposition) in enumerate(ENCODINGS.items(), 1):
        file = tmp_path / f"{number}.eml"
        file.write_text(whole_mail(disposition, number))
        assert "250 2.0.0 OK M" in swaks(daemon, "--data", f"@{file}"), encoding
    await_true("all are registered under that name", lambda: _registered_as(NAME, daemon) == len(ENCODINGS))


def test_pipelining_is_offered_and_understood(daemon: Daemon) -> None:
    dialogue = swaks(daemon, "--pipeline", "--attach-type", "text/plain", "--attach", "@/etc/hostname")
    assert "250-PIPELINING" in dialogue
    assert "250 2.0.0 OK M" in dialogue


def test_starttls_is_offered_and_used(daemon: Daemon) -> None:
    dialogue = swaks(daemon, "--tls")
    assert "TLS started" in dialogue
    assert "250 2.0.0 OK M" in dialogue


def test_an_oversize_mail_is_refused_at_its_announcement_and_at_its_end(daemon: Daemon, tmp_path: Path) -> None:
    file = tmp_path / "big.bin"
    file.write_bytes(bytes(3_000_000))
    dialogue = swaks(daemon, "--attach", f"@{file}")
    assert "552 5.3.4" in dialogue


@pytest.mark.parametrize("to", ["giamdoc@quangngai.gov.vn", "sgtvt@example.com", "sgtvt@quangngai.gov.vn@example.com"])
def test_nobody_else_is_received_for(daemon: Daemon, to: str) -> None:
    assert "550 5.1.1" in swaks(daemon, to=to) or "553 5.1.3" in swaks(daemon, to=to)


def test_a_plus_address_is_ours(daemon: Daemon) -> None:
    assert "250 2.0.0 OK M" in swaks(daemon, to=RECIPIENT.replace("@", "+b-x7@"))


def _write_certificate(certificate: Path, key: Path) -> None:
    private = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "gateway.quangngai.gov.vn")])
    now = datetime.now(UTC)
    built = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(private.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .sign(private, hashes.SHA256())
    )
    certificate.write_bytes(built.public_bytes(serialization.Encoding.PEM))
    form, none = serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    key.write_bytes(private.private_bytes(serialization.Encoding.PEM, form, none))
