"""Questions to DNS, through a real server on loopback."""

from __future__ import annotations

import asyncio

import pytest

from gateway.adapters.mail_auth import DnsFailure, Resolver
from gateway.errors import SettingsError
from tests.servers.dns import DnsServer, Fault, loopback_silence


async def test_strings_of_one_record_are_joined_and_aliases_followed(dns_server: DnsServer, resolver: Resolver) -> None:
    dns_server.add("x.vn", "TXT", (b"a", b"b"), b"\xff")
    dns_server.add("alias.vn", "CNAME", "x.vn.")
    assert set(await resolver.txt("Alias.VN.")) == {b"ab", b"\xff"}


async def test_no_such_name_and_no_such_record_are_answers(dns_server: DnsServer, resolver: Resolver) -> None:
    dns_server.add("x.vn", "MX", "10 mail.x.vn.")
    assert await resolver.txt("none.vn") == await resolver.txt("x.vn") == ()
    for name in ("", ".", "a..vn", "x" * 64 + ".vn", "x." * 130 + "vn", "\udcff.vn"):
        assert await resolver.txt(name) == ()


@pytest.mark.parametrize("fault", list(Fault))
async def test_a_server_that_fails_is_no_answer(dns_server: DnsServer, fault: Fault) -> None:
    dns_server.fail("x.vn", fault)
    resolver = Resolver([dns_server.address], 0.3)
    with pytest.raises(DnsFailure):
        await resolver.txt("x.vn")
    dns_server.remove("x.vn")
    dns_server.add("x.vn", "TXT", "back")
    assert await resolver.txt("x.vn") == (b"back",)


async def test_the_next_server_is_asked_where_one_is_silent(dns_server: DnsServer) -> None:
    dns_server.add("x.vn", "TXT", "a")
    with loopback_silence() as silent:
        address = f"127.0.0.1:{silent.getsockname()[1]}"
        assert await Resolver([address, dns_server.address], 1.0).txt("x.vn") == (b"a",)
        with pytest.raises(DnsFailure):
            await Resolver([address], 0.2).txt("x.vn")


async def test_truncated_and_large_answers_come_over_tcp(dns_server: DnsServer, resolver: Resolver) -> None:
    dns_server.add("x.vn", "TXT", "a")
    dns_server.truncate("x.vn")
    dns_server.add("big.vn", "TXT", b"b" * 5000)
    assert await resolver.txt("x.vn") == (b"a",)
    assert await resolver.txt("big.vn") == (b"b" * 5000,)
    assert dns_server.tcp_questions == [("x.vn", "TXT"), ("big.vn", "TXT")]


async def test_answers_are_kept_for_their_time_and_no_longer(dns_server: DnsServer, resolver: Resolver) -> None:
    dns_server.add("kept.vn", "TXT", "a", ttl=600)
    dns_server.add("fresh.vn", "TXT", "a", ttl=0)
    for _ in range(3):
        assert await resolver.txt("kept.vn") == await resolver.txt("fresh.vn") == (b"a",)
    assert dns_server.questions.count(("kept.vn", "TXT")) == 1
    assert dns_server.questions.count(("fresh.vn", "TXT")) == 3


async def test_threads_ask_through_the_same_servers(dns_server: DnsServer, resolver: Resolver) -> None:
    dns_server.add("x.vn", "A", "192.0.2.1")
    dns_server.fail("down.vn", Fault.SILENCE)
    loop = asyncio.get_running_loop()
    (found,) = await asyncio.to_thread(resolver.ask_from_thread, loop, "x.vn", "A", 5.0)
    assert found.to_text() == "192.0.2.1"
    with pytest.raises(DnsFailure):
        await asyncio.to_thread(resolver.ask_from_thread, loop, "down.vn", "A", 0.05)


@pytest.mark.parametrize("text", ["ns.example.vn", "192.0.2.1:0", "192.0.2.1:99999", "[::1", "", "192.0.2.1:x"])
def test_a_name_server_that_is_no_address_is_a_wrong_setting(text: str) -> None:
    with pytest.raises(SettingsError):
        Resolver([text])


def test_addresses_of_both_families_are_taken() -> None:
    Resolver(["192.0.2.1", "192.0.2.1:5353", "::1", "[::1]", "[::1]:5353"])
    Resolver()
