"""STARTTLS (RFC 3207)."""

from __future__ import annotations

import asyncio
import datetime
import ssl
from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Any

import pytest
import uvloop
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from tests.adapters.smtp_in.client import MAIL, OURS, connect, open_house


@pytest.fixture(scope="module")
def contexts(tmp_path_factory: pytest.TempPathFactory) -> tuple[ssl.SSLContext, ssl.SSLContext]:
    """A server's context with a fresh certificate, and that of a client who trusts it."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "gateway.test")])
    now = datetime.datetime.now(datetime.UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(hours=1))
        .not_valid_after(now + datetime.timedelta(hours=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("gateway.test")]), critical=False)
        .sign(key, hashes.SHA256())
    )
    file = tmp_path_factory.mktemp("tls") / "both.pem"
    file.write_bytes(
        certificate.public_bytes(serialization.Encoding.PEM)
        + key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
    server = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    server.load_cert_chain(file)
    client = ssl.create_default_context(cafile=str(file))
    return server, client


async def secure_delivery(folder: Path, server: ssl.SSLContext, trusting: ssl.SSLContext) -> None:
    big = MAIL * 15_000
    async with open_house(folder, tls=server) as house, connect(house) as client:
        assert (await client.ask("EHLO x")).endswith("250 STARTTLS")
        assert (await client.ask("STARTTLS")).startswith("220 2.0.0")
        await client.secure(trusting)
        assert (await client.ask("MAIL FROM:<a@b>")).startswith("503 5.5.1")
        assert "STARTTLS" not in await client.ask("EHLO again.test")
        assert (await client.ask("STARTTLS")).startswith("503 5.5.1")
        assert (await client.deliver(big)).startswith("250")
        assert (await client.ask("QUIT")).startswith("221")
    envelope, content = house.accepted[0]
    assert (envelope.tls, envelope.helo, envelope.peer) == (True, "again.test", "127.0.0.1")
    assert content == big


@pytest.mark.parametrize("run", [asyncio.run, uvloop.run])
def test_a_mail_comes_over_tls_on_both_event_loops(
    tmp_path: Path,
    contexts: tuple[ssl.SSLContext, ssl.SSLContext],
    run: Callable[[Coroutine[Any, Any, None]], None],
) -> None:
    run(secure_delivery(tmp_path, *contexts))


async def test_commands_in_the_clear_behind_starttls_are_forgotten(
    tmp_path: Path, contexts: tuple[ssl.SSLContext, ssl.SSLContext]
) -> None:
    async with open_house(tmp_path, tls=contexts[0]) as house, connect(house) as client:
        client.send(f"STARTTLS\r\nEHLO evil\r\nMAIL FROM:<evil@b>\r\nRCPT TO:<{OURS}>\r\n".encode())
        assert (await client.reply()).startswith("220")
        await client.secure(contexts[1])
        assert (await client.ask("DATA")).startswith("503 5.5.1")
        assert (await client.ask("MAIL FROM:<a@b>")).startswith("503 5.5.1 Send EHLO first")


async def test_a_client_that_speaks_no_tls_after_starttls_is_dropped(
    tmp_path: Path, contexts: tuple[ssl.SSLContext, ssl.SSLContext]
) -> None:
    async with open_house(tmp_path, tls=contexts[0], command_timeout=5) as house:
        async with connect(house) as client:
            await client.ask("STARTTLS")
            client.send(b"MAIL FROM:<a@b>\r\n" * 10)
            while await client.reader.read(1000):
                pass
        async with connect(house) as other:
            assert (await other.deliver(MAIL)).startswith("250")
