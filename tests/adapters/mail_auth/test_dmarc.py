"""DMARC: where the record is found, what it says, and whose pass counts."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.adapters.mail_auth import Organisations, Resolver, check_dmarc
from gateway.adapters.mail_auth.dmarc import Record, read_record
from gateway.model.authentication import AuthResult, DkimCheck, DmarcCheck, SpfCheck
from tests.servers.dns import DnsServer, Fault

ORGANISATIONS = Organisations()
AUTHOR = "so.quangngai.gov.vn"


def spf(domain: str, result: AuthResult = AuthResult.PASS) -> SpfCheck:
    return SpfCheck(result, domain)


def dkim(domain: str, result: AuthResult = AuthResult.PASS) -> DkimCheck:
    return DkimCheck(result, domain, "s")


async def judge(
    resolver: Resolver, author: str, spf_check: SpfCheck, *dkim_checks: DkimCheck
) -> tuple[DmarcCheck, bool]:
    return await check_dmarc(author, spf_check, dkim_checks, resolver, ORGANISATIONS)


@pytest.mark.parametrize(
    ("record", "signer", "result"),
    [
        ("v=DMARC1; p=reject", AUTHOR, AuthResult.PASS),
        ("v=DMARC1; p=reject", "phong.so.quangngai.gov.vn", AuthResult.PASS),
        ("v=DMARC1; p=reject", "quangngai.gov.vn", AuthResult.PASS),
        ("v=DMARC1; p=reject; adkim=s", AUTHOR, AuthResult.PASS),
        ("v=DMARC1; p=reject; adkim=s", "quangngai.gov.vn", AuthResult.FAIL),
        ("v=DMARC1; p=reject; aspf=s", "quangngai.gov.vn", AuthResult.PASS),
        ("v=DMARC1; p=reject; adkim=x", "quangngai.gov.vn", AuthResult.PASS),
        ("v=DMARC1; p=reject", "khac.gov.vn", AuthResult.FAIL),
        ("v=DMARC1; p=reject", "gov.vn", AuthResult.FAIL),
        ("v=DMARC1; p=reject", "quangngai.gov.vn.evil.vn", AuthResult.FAIL),
        ("v=DMARC1; p=reject", "evilquangngai.gov.vn", AuthResult.FAIL),
    ],
)
async def test_alignment_follows_the_record(
    dns_server: DnsServer, resolver: Resolver, record: str, signer: str, result: AuthResult
) -> None:
    dns_server.add(f"_dmarc.{AUTHOR}", "TXT", record)
    found, aligned = await judge(resolver, AUTHOR, SpfCheck(), dkim(signer))
    assert (found.result, found.policy, aligned) == (result, "reject", result is AuthResult.PASS)


async def test_spf_has_a_mode_of_its_own(dns_server: DnsServer, resolver: Resolver) -> None:
    dns_server.add(f"_dmarc.{AUTHOR}", "TXT", "v=DMARC1; p=none; aspf=s")
    assert (await judge(resolver, AUTHOR, spf("quangngai.gov.vn")))[1] is False
    assert (await judge(resolver, AUTHOR, spf(AUTHOR)))[1] is True


@pytest.mark.parametrize("result", [one for one in AuthResult if one is not AuthResult.PASS])
async def test_nothing_but_pass_aligns(resolver: Resolver, result: AuthResult) -> None:
    assert (await judge(resolver, AUTHOR, spf(AUTHOR, result), dkim(AUTHOR, result)))[1] is False


@pytest.mark.parametrize(
    ("signer", "author", "expected"),
    [
        ("quangngai.gov.vn", "so.quangngai.gov.vn", True),
        ("quangngai.gov.vn", "khac.gov.vn", False),
        ("gov.vn", "quangngai.gov.vn", False),
        ("gov.vn", "gov.vn", True),
        ("so.quangngai.vn", "khac.quangngai.vn", False),
        ("", "quangngai.gov.vn", False),
    ],
)
async def test_without_a_record_alignment_is_relaxed(
    resolver: Resolver, signer: str, author: str, expected: bool
) -> None:
    found, aligned = await judge(resolver, author, spf(signer))
    assert (found, aligned) == (DmarcCheck(), expected)


async def test_a_subdomain_is_under_the_policy_of_its_organisation(dns_server: DnsServer, resolver: Resolver) -> None:
    dns_server.add("_dmarc.quangngai.gov.vn", "TXT", "v=DMARC1; p=reject; sp=quarantine; pct=0")
    assert await judge(resolver, AUTHOR, SpfCheck()) == (
        DmarcCheck(AuthResult.FAIL, "quangngai.gov.vn", "quarantine"),
        False,
    )
    assert (await judge(resolver, "quangngai.gov.vn", SpfCheck()))[0].policy == "reject"
    dns_server.add("_dmarc.gov.vn", "TXT", "v=DMARC1; p=reject")
    assert (await judge(resolver, "khac.gov.vn", SpfCheck()))[0] == DmarcCheck()


async def test_a_record_of_its_own_goes_first_and_other_texts_are_passed_over(
    dns_server: DnsServer, resolver: Resolver
) -> None:
    dns_server.add("_dmarc.quangngai.gov.vn", "TXT", "v=DMARC1; p=reject")
    dns_server.add(f"_dmarc.{AUTHOR}", "TXT", "remark", "v=DMARC1; p=none", "v=spf1 -all")
    assert (await judge(resolver, AUTHOR, SpfCheck()))[0].policy == "none"
    dns_server.add(f"_dmarc.{AUTHOR}", "TXT", "remark")
    assert (await judge(resolver, AUTHOR, SpfCheck()))[0].policy == "reject"


async def test_several_records_are_none(dns_server: DnsServer, resolver: Resolver) -> None:
    dns_server.add(f"_dmarc.{AUTHOR}", "TXT", "v=DMARC1; p=none", "v=DMARC1; p=reject")
    found, aligned = await judge(resolver, AUTHOR, spf(AUTHOR))
    assert (found.result, aligned) == (AuthResult.NONE, True)


async def test_without_dns_only_the_very_domain_is_taken_for_aligned(dns_server: DnsServer, resolver: Resolver) -> None:
    dns_server.fail(f"_dmarc.{AUTHOR}", Fault.SERVFAIL)
    for signer, expected in ((AUTHOR, True), ("quangngai.gov.vn", False)):
        found, aligned = await judge(resolver, AUTHOR, SpfCheck(), dkim(signer))
        assert (found.result, aligned) == (AuthResult.TEMPERROR, expected)


async def test_a_check_without_dns_that_could_align_makes_temperror_of_fail(
    dns_server: DnsServer, resolver: Resolver
) -> None:
    dns_server.add(f"_dmarc.{AUTHOR}", "TXT", "v=DMARC1; p=reject")
    temporary = AuthResult.TEMPERROR
    assert (await judge(resolver, AUTHOR, spf(AUTHOR, temporary)))[0].result is AuthResult.TEMPERROR
    assert (await judge(resolver, AUTHOR, SpfCheck(), dkim("evil.vn", temporary)))[0].result is AuthResult.FAIL


@pytest.mark.parametrize(
    ("text", "record"),
    [
        (b"v=DMARC1;p=none", Record("none", "none")),
        (b" v = DMARC1 ; p = REJECT ; SP=none; adkim=S; aspf=r;;", Record("reject", "none", strict_dkim=True)),
        (b"v=DMARC1; junk; p=none; =x; \xff", Record("none", "none")),
        (b"v=DMARC1; rua=mailto:a@x.vn", Record("none", "none")),
        (b"v=DMARC1; p=foo; rua=mailto:a@x.vn", Record("none", "none")),
        (b"v=DMARC1; p=reject; sp=foo; rua=mailto:a@x.vn", Record("none", "none")),
        (b"v=DMARC1; p=reject; sp=foo", None),
        (b"v=DMARC1; p=foo", None),
        (b"v=DMARC1", None),
        (b"p=none; v=DMARC1", None),
        (b"v=dmarc1; p=none", None),
        (b"v=DMARC10; p=none", None),
        (b"", None),
    ],
)
def test_faults_in_a_record_are_taken_as_the_rfc_says(text: bytes, record: Record | None) -> None:
    assert read_record(text) == record


@given(st.binary(max_size=200) | st.text(max_size=100).map(lambda text: b"v=DMARC1;" + text.encode("utf-8", "replace")))
def test_no_bytes_make_it_raise(text: bytes) -> None:
    found = read_record(text)
    assert found is None or {found.policy, found.subdomain_policy} <= {"none", "quarantine", "reject"}
