"""Who we talk to and how we prove who we are."""

from __future__ import annotations

import asyncio
import json
import logging
import urllib.parse
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path

import pytest
import uvloop

from gateway.adapters.imap_in import Backoff, Deadlines, Login, Tls
from tests.adapters.imap_in.line import line
from tests.adapters.imap_in.office import Office, fetching, options
from tests.adapters.imap_in.office import office as open_office
from tests.adapters.mail_out.authority import Authority
from tests.mails import mail
from tests.servers.dovecot import PASSWORD, USER, DovecotServer

TOKEN = "ya29.mau-thu"


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    return Authority.made(tmp_path_factory.mktemp("authority"))


def port_of(server: DovecotServer, tls: Tls) -> int:
    return server.tls_port if tls is Tls.TLS else server.port


async def fetch_over(tls: Tls, authority: Authority, folder: Path) -> None:
    with DovecotServer(certificate=authority.chain_file()) as server:
        server.append(mail())
        async with open_office(folder) as office:
            chosen = options(server, port=port_of(server, tls), tls=tls, ca_file=authority.ca_file)
            async with fetching(chosen, office):
                await office.another_look()
            (envelope, _), *_ = office.entered.values()
            assert envelope.tls
            assert not office.reasons


@pytest.mark.parametrize("tls", [Tls.TLS, Tls.STARTTLS])
async def test_a_verified_server_is_read(tls: Tls, authority: Authority, tmp_path: Path) -> None:
    await fetch_over(tls, authority, tmp_path)


@pytest.mark.parametrize("tls", [Tls.TLS, Tls.STARTTLS])
def test_a_verified_server_is_read_on_uvloop(tls: Tls, authority: Authority, tmp_path: Path) -> None:
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(fetch_over(tls, authority, tmp_path))


@pytest.mark.parametrize("tls", [Tls.TLS, Tls.STARTTLS])
@pytest.mark.parametrize("fault", ["address", "expired", "self_signed"])
async def test_a_certificate_that_proves_nothing_is_refused(
    tls: Tls, fault: str, authority: Authority, office: Office
) -> None:
    faults = {"address": {"address": "127.0.0.2"}, "expired": {"expired": True}, "self_signed": {"self_signed": True}}
    shown = authority.chain_file(**faults[fault])  # type: ignore[arg-type]
    with DovecotServer(certificate=shown) as server:
        async with line(port_of(server, tls)) as between:
            chosen = options(server, port=between.port, tls=tls, ca_file=authority.ca_file)
            async with fetching(chosen, office):
                await office.until(lambda: len(office.reasons) > 1)
            assert not any(b"AUTHENTICATE" in said or b"LOGIN" in said for said in between.said)
    assert all("Chứng thư" in each for each in office.reasons)


@pytest.mark.parametrize("ruse", ["stripped", "preauth", "injected"])
async def test_no_secret_goes_in_the_clear_where_starttls_is_tampered_with(
    ruse: str, authority: Authority, office: Office
) -> None:
    with DovecotServer(certificate=authority.chain_file()) as server:
        async with line(server.port) as between:
            between.change = {
                "stripped": lambda data: data.replace(b"STARTTLS", b"XXXXXXXX"),
                "preauth": lambda data: data.replace(b"* OK [", b"* PREAUTH ["),
                "injected": lambda data: data.replace(b"negotiation now.\r\n", b"negotiation now.\r\n* CAPABILITY"),
            }[ruse]
            chosen = options(server, port=between.port, tls=Tls.STARTTLS, ca_file=authority.ca_file)
            async with fetching(chosen, office):
                await office.until(lambda: len(office.reasons) > 1)
            assert not any(b"AUTHENTICATE" in said or b"LOGIN" in said for said in between.said)
    assert all("STARTTLS" in each for each in office.reasons)


@pytest.mark.parametrize("offered", ["AUTH=PLAIN SASL-IR", "AUTH=PLAIN", ""])
async def test_a_refused_password_is_told_rarely_and_read_anew(
    offered: str, office: Office, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    secrets = ["sai-mat-khau", "sai-mat-khau", PASSWORD if offered else "matkhau"]
    with DovecotServer() as server:
        if not offered:
            (server.folder / "users").write_text(f"{USER}:{{PLAIN}}matkhau\n")
        async with line(server.port) as between:
            between.change = lambda data: data.replace(b"AUTH=PLAIN", b"XAUTH").replace(
                b"SASL-IR", offered.encode() if offered else b"XIR"
            )
            chosen = options(server, port=between.port, secret=lambda: secrets.pop(0))
            async with fetching(chosen, office):
                await office.another_look()
    assert office.reasons == [f"Máy chủ thư từ chối đăng nhập bằng tài khoản {USER} (mã AUTHENTICATIONFAILED)"] * 2
    assert "sai-mat-khau" not in caplog.text
    assert PASSWORD not in caplog.text


async def test_after_a_refused_password_we_wait_long(server: DovecotServer, office: Office) -> None:
    chosen = options(server, secret=lambda: "sai", backoff=Backoff(first=0.01, most=0.02, refused=3600.0))
    async with line(server.port) as between:
        async with fetching(replace(chosen, port=between.port), office):
            await office.until(lambda: bool(office.reasons))
        assert between.connections == 1


async def test_a_secret_that_cannot_be_read_is_told(server: DovecotServer, office: Office) -> None:
    def broken() -> str:
        raise FileNotFoundError("imap-so")

    async with fetching(options(server, secret=broken), office):
        await office.until(lambda: len(office.reasons) > 1)
    assert set(office.reasons) == {"Không đọc được mật khẩu hoặc mã truy cập của hộp thư (FileNotFoundError)"}


async def test_xoauth2_with_a_token_that_rotates(office: Office, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    async with introspection() as url:
        with DovecotServer(introspection=url) as server:
            await asyncio.to_thread(server.append, mail())
            tokens = ["het-han", TOKEN]
            chosen = options(
                server,
                secret=lambda: tokens.pop(0),
                login=Login.XOAUTH2,
                backoff=Backoff(first=0.01, most=0.02, refused=3600.0),
                deadlines=Deadlines(command=10.0),
            )
            async with fetching(chosen, office):
                await office.another_look()
    assert len(office.entered) == 1
    assert len(office.reasons) == 1
    assert "từ chối đăng nhập" in office.reasons[0]
    assert TOKEN not in caplog.text


async def test_a_server_without_xoauth2_gets_no_token(server: DovecotServer, office: Office) -> None:
    async with line(server.port) as between:
        chosen = options(server, port=between.port, login=Login.XOAUTH2, secret=lambda: TOKEN)
        async with fetching(chosen, office):
            await office.until(lambda: bool(office.reasons))
        assert not any(b"AUTHENTICATE" in said for said in between.said)
    assert "XOAUTH2" in office.reasons[0]


@asynccontextmanager
async def introspection() -> AsyncIterator[str]:
    """Judges tokens as an authorisation server does (RFC 7662)."""

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = await reader.readuntil(b"\r\n\r\n")
        length = int(head.lower().partition(b"content-length:")[2].split()[0])
        asked = urllib.parse.parse_qs((await reader.readexactly(length)).decode())
        active = asked.get("token") == [TOKEN]
        body = json.dumps({"active": active, "username": USER} if active else {"active": False}).encode()
        writer.write(
            b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nConnection: close\r\nContent-Length: %d\r\n\r\n%b"
            % (len(body), body)
        )
        writer.close()

    listening = await asyncio.start_server(answer, "127.0.0.1", 0)
    yield f"http://127.0.0.1:{listening.sockets[0].getsockname()[1]}/introspect"
    listening.close()
