"""The sender of a mail, by every way a mail may come: real DNS on loopback, real signatures."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from gateway.adapters.mail_auth import DkimKeys, Resolver, SenderAuthenticator, verify_dkim
from gateway.errors import SandboxFailure, TemporaryError
from gateway.model.authentication import Authentication, AuthResult, DkimCheck, DkimClaim, Judge, SenderClaims
from gateway.model.mail import Envelope, Transport
from tests.adapters.mail_auth.signed import letter, record, rsa_key, sign
from tests.servers.dns import DnsServer, Fault

AUTHOR = "vanthu@so.quangngai.gov.vn"
DOMAIN = "so.quangngai.gov.vn"
SERVER = "mx.quangngai.gov.vn"
CLIENT = "192.0.2.3"
SMTP = Envelope(Transport.SMTP, "1", AUTHOR, ("a@x.vn",), peer=CLIENT, helo=f"mail.{DOMAIN}")
LMTP = replace(SMTP, transport=Transport.LMTP, peer="")
IMAP = replace(SMTP, transport=Transport.IMAP, mail_from="", peer="", helo="")
CLI = replace(SMTP, transport=Transport.CLI, peer="", helo="")
SIGNED = SenderClaims(authors=(AUTHOR,), signatures=(DkimClaim(DOMAIN, "a"),))
UNSIGNED = SenderClaims(authors=(AUTHOR,))


async def in_place(raw: Path, keys: DkimKeys) -> tuple[DkimCheck, ...]:
    """What a worker process does, without one."""
    return verify_dkim(raw, keys)


class Office:
    """An authenticator with its DNS and a mail on disk."""

    def __init__(self, server: DnsServer, resolver: Resolver, folder: Path) -> None:
        self.dns = server
        self.raw = folder / "mail.eml"
        self.raw.write_bytes(sign(letter(AUTHOR), rsa_key()))
        self.authenticator = SenderAuthenticator(resolver, [SERVER], in_place)
        server.add(f"a._domainkey.{DOMAIN}", "TXT", record(rsa_key()))
        server.add(DOMAIN, "TXT", "v=spf1 ip4:192.0.2.0/24 -all")
        server.add("evil.vn", "TXT", "v=spf1 ip4:192.0.2.0/24 -all")
        server.add(f"_dmarc.{DOMAIN}", "TXT", "v=DMARC1; p=reject")

    async def judge(self, envelope: Envelope, claims: SenderClaims, *, patient: bool = True) -> Authentication:
        return await self.authenticator.authenticate(envelope, claims, self.raw, patient=patient)


@pytest.fixture
def office(dns_server: DnsServer, resolver: Resolver, tmp_path: Path) -> Office:
    return Office(dns_server, resolver, tmp_path)


def said(rest: str, claims: SenderClaims = UNSIGNED, server: str = SERVER) -> SenderClaims:
    """`claims` with a result of a server."""
    return replace(claims, results=(f"{server}; {rest}",))


async def test_direct_smtp_is_judged_by_us(office: Office) -> None:
    found = await office.judge(SMTP, SIGNED)
    assert (found.judge, found.author, found.reverse_path) == (Judge.OWN, AUTHOR, AUTHOR)
    assert (found.spf.result, found.dkim[0].result, found.dmarc.result) == (AuthResult.PASS,) * 3
    assert found.aligned
    assert found.reverse_path_proved


async def test_results_that_a_direct_mail_brings_along_are_not_believed(office: Office) -> None:
    found = await office.judge(replace(SMTP, peer="198.51.100.1"), said(f"dmarc=pass header.from={DOMAIN}"))
    assert (found.judge, found.aligned, found.dmarc.result, found.dmarc.policy, found.authserv_id) == (
        Judge.OWN,
        False,
        AuthResult.FAIL,
        "reject",
        "",
    )


async def test_a_stranger_with_spf_of_his_own_does_not_become_the_author(office: Office) -> None:
    found = await office.judge(replace(SMTP, mail_from="x@evil.vn"), UNSIGNED)
    assert (found.spf.result, found.aligned, found.reverse_path_proved) == (AuthResult.PASS, False, True)


async def test_a_bounce_is_judged_by_helo_and_has_nobody_to_answer(office: Office) -> None:
    found = await office.judge(replace(SMTP, mail_from="", helo=DOMAIN), UNSIGNED)
    assert (found.spf.domain, found.aligned, found.reverse_path_proved) == (DOMAIN, True, False)


@pytest.mark.parametrize(
    ("authors", "author"),
    [
        ((AUTHOR,), AUTHOR),
        (("vanthu@SO.quangngai.GOV.vn", AUTHOR), AUTHOR),
        ((AUTHOR, "x@evil.vn"), ""),
        (("x@evil.vn", AUTHOR), ""),
        ((), ""),
        (("vanthu",), ""),
        ((f"@{DOMAIN}",), ""),
        (("a@[192.0.2.3]",), ""),
        ((f'"{AUTHOR}"@evil.vn',), f'"{AUTHOR}"@evil.vn'),
        (("x@sở.vn",), "x@sở.vn"),
    ],
)
async def test_only_one_author_can_be_authenticated(office: Office, authors: tuple[str, ...], author: str) -> None:
    found = await office.judge(SMTP, replace(SIGNED, authors=authors))
    assert found.author == author
    assert found.aligned == (author == AUTHOR)


async def test_an_author_with_vietnamese_letters_is_compared_in_the_dns_form(office: Office) -> None:
    office.dns.add("xn--s-lym.vn", "TXT", "v=spf1 ip4:192.0.2.3 -all")
    claims = SenderClaims(authors=("x@Sở.vn",))
    for mail_from in ("x@sở.vn", "x@xn--s-lym.vn"):
        found = await office.judge(replace(SMTP, mail_from=mail_from), claims)
        assert (found.author, found.aligned, found.reverse_path_proved) == ("x@sở.vn", True, True)


async def test_behind_another_server_its_word_counts_and_spf_is_not_judged(office: Office) -> None:
    claims = said(f"spf=pass smtp.mailfrom={DOMAIN}; dmarc=pass header.from={DOMAIN}", SIGNED)
    for envelope in (LMTP, replace(LMTP, peer=CLIENT), IMAP, replace(SMTP, peer="")):
        found = await office.judge(envelope, claims)
        assert (found.judge, found.authserv_id, found.aligned) == (Judge.PINNED, SERVER, True)
    assert office.dns.questions == []


@pytest.mark.parametrize("envelope", [LMTP, IMAP])
async def test_a_server_that_is_not_trusted_leaves_dkim_by_us(office: Office, envelope: Envelope) -> None:
    found = await office.judge(envelope, said(f"dmarc=pass header.from={DOMAIN}", SIGNED, "mx.evil.vn"))
    assert (found.judge, found.aligned, found.spf.result) == (Judge.OWN, True, AuthResult.NONE)
    found = await office.judge(envelope, said(f"dmarc=pass header.from={DOMAIN}", UNSIGNED, "mx.evil.vn"))
    assert (found.judge, found.aligned, found.dmarc.result) == (Judge.NOBODY, False, AuthResult.NONE)


async def test_dkim_alone_does_not_show_that_dmarc_fails(office: Office) -> None:
    office.raw.write_bytes(sign(letter(AUTHOR), rsa_key(), "evil.vn"))
    office.dns.add("a._domainkey.evil.vn", "TXT", record(rsa_key()))
    found = await office.judge(LMTP, replace(SIGNED, signatures=(DkimClaim("evil.vn", "a"),)))
    assert (found.dkim[0].result, found.aligned) == (AuthResult.PASS, False)
    assert (found.dmarc.result, found.dmarc.policy) == (AuthResult.NONE, "reject")


async def test_over_imap_the_reverse_path_is_what_the_server_wrote(office: Office) -> None:
    found = await office.judge(IMAP, replace(SIGNED, return_path="bounce@quangngai.gov.vn"))
    assert (found.reverse_path, found.aligned, found.reverse_path_proved) == ("bounce@quangngai.gov.vn", True, True)
    found = await office.judge(IMAP, replace(SIGNED, return_path="x@khac.gov.vn"))
    assert (found.aligned, found.reverse_path_proved) == (True, False)
    assert (await office.judge(IMAP, SIGNED)).reverse_path is None


async def test_a_mail_put_in_by_hand_has_the_operators_word_where_nothing_speaks_against_it(office: Office) -> None:
    assert (await office.judge(CLI, UNSIGNED)).judge is Judge.OPERATOR
    assert (await office.judge(CLI, said("spf=none"))).judge is Judge.OPERATOR
    found = await office.judge(CLI, SIGNED)
    assert (found.judge, found.aligned) == (Judge.OWN, True)
    assert (await office.judge(CLI, said(f"dmarc=pass header.from={DOMAIN}"))).judge is Judge.PINNED


async def test_what_speaks_against_a_mail_put_in_by_hand(office: Office) -> None:
    assert (await office.judge(CLI, said(f"spf=fail smtp.mailfrom={DOMAIN}"))).judge is Judge.PINNED
    office.raw.write_bytes(office.raw.read_bytes().replace(b"So 12", b"So 13"))
    found = await office.judge(CLI, SIGNED)
    assert (found.judge, found.aligned) == (Judge.OWN, False)
    assert (await office.judge(CLI, said("spf=none", SIGNED))).judge is Judge.PINNED


async def test_a_broken_signature_of_somebody_else_does_not_speak_against_a_mail_put_in_by_hand(office: Office) -> None:
    office.raw.write_bytes(sign(letter(AUTHOR), rsa_key(), "list.vn"))
    found = await office.judge(CLI, replace(SIGNED, signatures=(DkimClaim("list.vn", "a"),)))
    assert (found.judge, found.dkim[0].result) == (Judge.OPERATOR, AuthResult.PERMERROR)


@pytest.mark.parametrize("silent", [DOMAIN, f"a._domainkey.{DOMAIN}", f"_dmarc.{DOMAIN}"], ids=["spf", "key", "dmarc"])
async def test_a_decisive_question_without_answer_is_asked_again_until_the_last_try(
    office: Office, silent: str
) -> None:
    office.raw.write_bytes(sign(letter(AUTHOR), rsa_key()).replace(b"So 12", b"So 13"))
    office.dns.add(DOMAIN, "TXT", "v=spf1 -all")
    office.dns.remove(silent)
    office.dns.fail(silent, Fault.SERVFAIL)
    with pytest.raises(TemporaryError) as caught:
        await office.judge(SMTP, SIGNED)
    assert caught.value.waiting_for == "sender"
    found = await office.judge(SMTP, SIGNED, patient=False)
    assert AuthResult.TEMPERROR in {found.spf.result, found.dkim[0].result, found.dmarc.result}
    assert not found.aligned


async def test_what_is_proved_another_way_does_not_wait(office: Office) -> None:
    office.dns.remove(DOMAIN)
    office.dns.fail(DOMAIN, Fault.SERVFAIL)
    found = await office.judge(SMTP, SIGNED)
    assert (found.spf.result, found.aligned) == (AuthResult.TEMPERROR, True)


async def test_the_silence_of_a_strangers_dns_decides_nothing(office: Office) -> None:
    office.dns.fail("slow.vn", Fault.SERVFAIL)
    found = await office.judge(replace(SMTP, mail_from="x@slow.vn"), UNSIGNED)
    assert (found.spf.result, found.aligned) == (AuthResult.TEMPERROR, False)


async def test_a_mail_that_kills_its_worker_has_signatures_that_prove_nothing(
    office: Office, resolver: Resolver
) -> None:
    async def killed(raw: Path, keys: DkimKeys) -> tuple[DkimCheck, ...]:
        raise SandboxFailure("quá thời gian\ncho phép")

    authenticator = SenderAuthenticator(resolver, [], killed)
    with pytest.raises(TemporaryError):
        await authenticator.authenticate(LMTP, SIGNED, office.raw, patient=True)
    found = await authenticator.authenticate(LMTP, SIGNED, office.raw, patient=False)
    assert found.dkim == (DkimCheck(AuthResult.TEMPERROR, DOMAIN, "a", "not checked: quá thời gian cho phép"),)
    assert not found.aligned


async def test_what_a_server_of_our_own_passes_on_is_judged_by_its_word(office: Office, resolver: Resolver) -> None:
    """Its client's address is all that SPF could see."""

    async def verify(raw: Path, keys: DkimKeys) -> tuple[DkimCheck, ...]:
        return ()

    claims = SenderClaims(
        authors=(f"a@{DOMAIN}",), results=(f"mx.ours.vn; spf=pass smtp.mailfrom=a@{DOMAIN}; dkim=none",)
    )
    authenticator = SenderAuthenticator(resolver, ["mx.ours.vn"], verify, ["10.0.0.0/8"])
    found = await authenticator.authenticate(replace(SMTP, peer="10.1.1.1"), claims, office.raw, patient=True)
    assert (found.judge, found.aligned) == (Judge.PINNED, True)
    found = await authenticator.authenticate(replace(SMTP, peer="203.0.113.1"), claims, office.raw, patient=False)
    assert found.judge is Judge.OWN
