"""SPF: vectors after RFC 7208, section by section, through real DNS on loopback."""

from __future__ import annotations

import asyncio
import threading

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gateway.adapters.mail_auth import Resolver, check_spf
from gateway.model.authentication import AuthResult, SpfCheck
from tests.servers.dns import DnsServer, Fault

CLIENT = "192.0.2.3"
VECTORS = [
    ("4.5 no record", "other text", AuthResult.NONE),
    ("4.6.1 ip4", "v=spf1 ip4:192.0.2.0/24 -all", AuthResult.PASS),
    ("4.6.2 fail", "v=spf1 -all", AuthResult.FAIL),
    ("4.6.2 softfail", "v=spf1 ~all", AuthResult.SOFTFAIL),
    ("4.6.2 neutral", "v=spf1 ?all", AuthResult.NEUTRAL),
    ("4.7 default", "v=spf1 ip4:198.51.100.1", AuthResult.NEUTRAL),
    ("4.6 unknown mechanism", "v=spf1 moo -all", AuthResult.PERMERROR),
    ("6 unknown modifier", "v=spf1 moo=x ip4:192.0.2.3 -all", AuthResult.PASS),
    ("5.3 a", "v=spf1 a:mail.x.vn -all", AuthResult.PASS),
    ("5.4 mx", "v=spf1 mx:x.vn -all", AuthResult.PASS),
    ("5.5 ptr", "v=spf1 ptr:x.vn -all", AuthResult.PASS),
    ("5.7 exists and macros", "v=spf1 exists:%{ir}.%{l}._ok.x.vn -all", AuthResult.PASS),
    ("5.2 include passes", "v=spf1 include:good.vn -all", AuthResult.PASS),
    ("5.2 include fails, goes on", "v=spf1 include:bad.vn ip4:192.0.2.3 -all", AuthResult.PASS),
    ("5.2 include of nothing", "v=spf1 include:none.vn -all", AuthResult.PERMERROR),
    ("5.2 include of silence", "v=spf1 include:down.vn -all", AuthResult.TEMPERROR),
    ("6.1 redirect", "v=spf1 redirect=bad.vn", AuthResult.FAIL),
    ("6.1 redirect to nothing", "v=spf1 redirect=none.vn", AuthResult.PERMERROR),
    ("4.6.4 eleven look-ups", "v=spf1" + " a:mail2.x.vn" * 11 + " ip4:192.0.2.3 -all", AuthResult.PERMERROR),
    ("4.6.4 ten look-ups", "v=spf1" + " a:mail2.x.vn" * 10 + " ip4:192.0.2.3 -all", AuthResult.PASS),
    ("4.6.4 three void look-ups", "v=spf1 a:n1.vn a:n2.vn a:n3.vn ip4:192.0.2.3 -all", AuthResult.PERMERROR),
    ("4.6.4 two void look-ups", "v=spf1 a:n1.vn a:n2.vn ip4:192.0.2.3 -all", AuthResult.PASS),
    ("4.6.4 loop", "v=spf1 include:t.vn -all", AuthResult.PERMERROR),
    ("7.1 wrong macro", "v=spf1 exists:%{q}.x.vn -all", AuthResult.PERMERROR),
    ("6.2 explanation is not fetched", "v=spf1 exp=down.vn -all", AuthResult.FAIL),
    ("5.6 broken ip4", "v=spf1 ip4:192.0.2 -all", AuthResult.PERMERROR),
]


@pytest.fixture
def zones(dns_server: DnsServer) -> DnsServer:
    dns_server.add("mail.x.vn", "A", CLIENT)
    dns_server.add("mail2.x.vn", "A", "198.51.100.2")
    dns_server.add("x.vn", "MX", "10 mail.x.vn.")
    dns_server.add("3.2.0.192.in-addr.arpa", "PTR", "mail.x.vn.", "down.vn.")
    dns_server.add("3.2.0.192.gui._ok.x.vn", "A", "127.0.0.2")
    dns_server.add("good.vn", "TXT", "v=spf1 ip4:192.0.2.3 -all")
    dns_server.add("bad.vn", "TXT", "v=spf1 -all")
    dns_server.fail("down.vn", Fault.SERVFAIL)
    return dns_server


@pytest.mark.parametrize(
    ("record", "result"), [vector[1:] for vector in VECTORS], ids=[vector[0] for vector in VECTORS]
)
async def test_a_record_gives_its_result(zones: DnsServer, resolver: Resolver, record: str, result: AuthResult) -> None:
    zones.add("t.vn", "TXT", record)
    found = await check_spf(CLIENT, "gui@t.vn", "mail.x.vn", resolver)
    assert (found.result, found.domain) == (result, "t.vn"), found.detail
    assert ("down.vn", "TXT") not in zones.questions or "include" in record


async def test_a_null_reverse_path_is_judged_by_helo(zones: DnsServer, resolver: Resolver) -> None:
    zones.add("h.vn", "TXT", "v=spf1 exists:%{ir}.gui._ok.x.vn -all")
    zones.add("3.2.0.192.postmaster.vn", "A", "127.0.0.2")
    assert await check_spf(CLIENT, "", "H.vn", resolver) == SpfCheck(AuthResult.PASS, "h.vn", "sender SPF authorized")
    zones.add("l.vn", "TXT", "v=spf1 exists:%{ir}.%{l}.vn -all")
    assert (await check_spf(CLIENT, "", "l.vn", resolver)).result is AuthResult.PASS
    assert (await check_spf(CLIENT, "", "[192.0.2.3]", resolver)).result is AuthResult.NONE
    assert (await check_spf(CLIENT, "", "localhost", resolver)).result is AuthResult.NONE


async def test_a_domain_with_vietnamese_letters_is_asked_for_in_its_dns_form(
    dns_server: DnsServer, resolver: Resolver
) -> None:
    dns_server.add("xn--qung-ngi-c4a8254d.vn", "TXT", "v=spf1 -all")
    domain = b"xn--qung-ngi-c4a8254d.vn".decode("idna")
    found = await check_spf(CLIENT, f"gửi@{domain.upper()}", "mail.x.vn", resolver)
    assert (found.result, found.domain) == (AuthResult.FAIL, "xn--qung-ngi-c4a8254d.vn")


async def test_the_last_at_sign_ends_the_local_part(dns_server: DnsServer, resolver: Resolver) -> None:
    dns_server.add("evil.vn", "TXT", "v=spf1 -all")
    dns_server.add("good.vn", "TXT", "v=spf1 +all")
    assert (await check_spf(CLIENT, '"x@good.vn"@evil.vn', "h.vn", resolver)).result is AuthResult.FAIL


async def test_ip6_and_mapped_addresses(dns_server: DnsServer, resolver: Resolver) -> None:
    dns_server.add("t.vn", "TXT", "v=spf1 ip4:192.0.2.3 ip6:2001:db8::/32 -all")
    for client in ("::ffff:192.0.2.3", "2001:db8::7", "2001:db8::7%eth0"):
        assert (await check_spf(client, "a@t.vn", "h.vn", resolver)).result is AuthResult.PASS
    assert (await check_spf("", "a@t.vn", "h.vn", resolver)).result is AuthResult.NONE


@pytest.mark.timeout(30)
async def test_the_deadline_ends_a_check_that_waits_for_dns(dns_server: DnsServer) -> None:
    dns_server.add("t.vn", "TXT", "v=spf1" + "".join(f" a:d{number}.vn" for number in range(9)) + " -all")
    for number in range(9):
        dns_server.fail(f"d{number}.vn", Fault.SILENCE)
    found = await check_spf(CLIENT, "a@t.vn", "h.vn", Resolver([dns_server.address], 60.0), deadline=0.3)
    assert found.result is AuthResult.TEMPERROR


async def test_checks_at_once_do_not_mix(dns_server: DnsServer, resolver: Resolver) -> None:
    dns_server.add("good.vn", "TXT", "v=spf1 a:mail.good.vn -all")
    dns_server.add("mail.good.vn", "A", CLIENT)
    dns_server.add("bad.vn", "TXT", "v=spf1 a:mail.good.vn -all")
    clients = [CLIENT, "198.51.100.9"] * 20
    found = await asyncio.gather(*(check_spf(client, "a@good.vn", "h", resolver) for client in clients))
    assert [check.result for check in found] == [AuthResult.PASS, AuthResult.FAIL] * 20
    assert sum(thread.name.startswith("spf") for thread in threading.enumerate()) <= 16


@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    record=st.one_of(
        st.text(max_size=60),
        st.lists(
            st.sampled_from(
                [
                    "a",
                    "mx",
                    "ptr",
                    "ip4:",
                    "ip6:",
                    "%{",
                    "}",
                    "p",
                    "d0",
                    "s1r-",
                    "/",
                    "//",
                    ":",
                    "=",
                    "exp",
                    "redirect",
                    "include",
                    " ",
                    "exists",
                    "::",
                    "1",
                    "t.vn",
                    "\\",
                    "%",
                    "-",
                    "99999999999",
                ]
            ),
            max_size=12,
        ).map("".join),
    ),
    sender=st.text(max_size=30),
)
def test_no_record_and_no_address_make_it_raise(dns_server: DnsServer, record: str, sender: str) -> None:
    dns_server.add("t.vn", "TXT", b"v=spf1 " + record.encode("utf-8", "replace"))

    async def judge() -> list[SpfCheck]:
        resolver = Resolver([dns_server.address], 0.5)
        return [await check_spf(CLIENT, text, "t.vn", resolver) for text in (f"{sender}@t.vn", sender)]

    for found in asyncio.run(judge()):
        assert found.detail.isprintable()
        assert len(found.detail) <= 200
