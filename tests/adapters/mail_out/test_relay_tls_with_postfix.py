"""Encryption, proof of the relay's name and login, against a real Postfix with an authority of the test's own."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest

from gateway.model.notice import DeliveryResult
from tests.adapters.mail_out.authority import Authority
from tests.adapters.mail_out.logins import Logins
from tests.adapters.mail_out.sending import SENT, TEMPORARY, UNREACHABLE, MakeRelay, send
from tests.servers.postfix import PostfixServer

USER, PASSWORD = "sgtvt", "m4t khau của trạm"
UNTRUSTED = "Chứng thư của máy chủ chuyển thư không đáng tin: "

StartPostfix = Callable[..., PostfixServer]


@pytest.fixture
def authority(tmp_path: Path) -> Authority:
    return Authority.made(tmp_path / "ca")


@pytest.fixture
def start(tmp_path: Path) -> Iterator[StartPostfix]:
    """Starts a Postfix that shows the given chain and holds what it takes."""
    with ExitStack() as running:

        def start(chain: Path, **settings: str) -> PostfixServer:
            offered = {"smtpd_tls_chain_files": str(chain), "smtpd_tls_security_level": "may"}
            return running.enter_context(PostfixServer(tmp_path, hold=True, settings=offered | settings))

        yield start


@pytest.mark.parametrize(("tls", "wrapped"), [("starttls", "no"), ("tls", "yes")])
async def test_a_relay_that_proves_its_name_gets_the_mail_encrypted(
    relay: MakeRelay, start: StartPostfix, authority: Authority, tls: str, wrapped: str
) -> None:
    postfix = start(authority.chain_file(), smtpd_tls_wrappermode=wrapped, smtpd_tls_loglevel="1")
    sender = relay(postfix, tls=tls, ca_file=authority.ca_file)
    assert [(await send(sender)).outcome for _ in range(3)] == [SENT] * 3
    assert postfix.queued() == 3


@pytest.mark.parametrize("tls", ["starttls", "tls"])
async def test_a_relay_that_does_not_prove_its_name_gets_nothing(
    relay: MakeRelay, start: StartPostfix, authority: Authority, tmp_path: Path, tls: str
) -> None:
    """Another name, out of date, signed by itself, signed by nobody we trust."""
    wrapped = "yes" if tls == "tls" else "no"
    other = Authority.made(tmp_path / "other")
    shown = {
        "IP address mismatch": authority.chain_file(address="127.0.0.9"),
        "certificate has expired": authority.chain_file(expired=True),
        "self-signed certificate": authority.chain_file(self_signed=True),
        "unable to get local issuer certificate": other.chain_file(),
    }
    chain = tmp_path / "shown.pem"
    chain.write_bytes(authority.chain_file().read_bytes())
    postfix = start(chain, smtpd_tls_wrappermode=wrapped, max_use="1")  # a new process each time reads the chain anew
    for reason, file in shown.items():
        chain.write_bytes(file.read_bytes())
        result = await send(relay(postfix, tls=tls, ca_file=authority.ca_file))
        assert result.outcome is UNREACHABLE
        assert result.response.startswith(UNTRUSTED)
        assert reason in result.response
    assert postfix.queued() == 0


async def test_a_relay_that_offers_no_starttls_gets_nothing(
    relay: MakeRelay, start: StartPostfix, authority: Authority
) -> None:
    postfix = start(authority.chain_file(), smtpd_tls_security_level="none")
    result = await send(relay(postfix, tls="starttls", ca_file=authority.ca_file))
    assert result.outcome is UNREACHABLE
    assert "không nhận STARTTLS" in result.response
    assert postfix.queued() == 0


async def test_only_the_right_password_opens_the_relay(
    relay: MakeRelay, start: StartPostfix, authority: Authority
) -> None:
    """A wrong one, and none at all, leave the mail in our outbox: both speak of us and not of the mail."""
    with Logins(USER, PASSWORD) as logins:
        postfix = start(
            authority.chain_file(),
            smtpd_tls_auth_only="yes",
            smtpd_sasl_auth_enable="yes",
            smtpd_sasl_type="dovecot",
            smtpd_sasl_path=str(logins.socket),
            smtpd_client_restrictions="permit_sasl_authenticated, reject",
            smtpd_error_sleep_time="0",
            access_map_reject_code="530",
            reject_code="530",
        )

        async def attempt(**login: Any) -> DeliveryResult:
            return await send(relay(postfix, tls="starttls", ca_file=authority.ca_file, **login))

        refused = await attempt(username=USER, password="wrong")
        assert refused == DeliveryResult(UNREACHABLE, "Máy chủ chuyển thư từ chối đăng nhập (mã 535)")
        assert (await attempt()).outcome is TEMPORARY
        assert postfix.queued() == 0
        assert (await attempt(username=USER, password=PASSWORD)).outcome is SENT
        assert postfix.queued() == 1
