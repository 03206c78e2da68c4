"""What receivers judge our own mail by, asked of a real name server on loopback."""

from __future__ import annotations

import re
from base64 import b64encode
from collections.abc import Iterator
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat

from gateway.checkup import CheckResult, CheckState, check, own_mail
from gateway.checkup.result import Task
from gateway.settings import settings_from
from tests.servers.dns import DnsServer, Fault

NOW = datetime(2026, 11, 22, 8, 0, tzinfo=UTC)
DOMAIN = "quangngai.gov.vn"
NAME = f"vanthu._domainkey.{DOMAIN}"
SPF, DMARC = "v=spf1 ip4:192.0.2.1 -all", "v=DMARC1; p=reject"

Key = rsa.RSAPrivateKey | ed25519.Ed25519PrivateKey | ec.EllipticCurvePrivateKey


@pytest.fixture
def dns() -> Iterator[DnsServer]:
    with DnsServer() as server:
        yield server


@cache
def key(kind: str) -> Key:
    if kind == "ed25519":
        return ed25519.Ed25519PrivateKey.generate()
    if kind == "ec":
        return ec.generate_private_key(ec.SECP256R1())
    return rsa.generate_private_key(65537, int(kind))


def task(dns: DnsServer, folder: Path, chosen: Key | None = None, **keys: Any) -> Task:
    dkim = keys.pop("dkim", {})
    if chosen is not None:
        pem = chosen.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
        (folder / "dkim.pem").write_bytes(pem)
        dkim = {"key": "file:dkim.pem", **dkim}
    senders = {"nameservers": [dns.address], "dns_timeout": "500 ms"}
    return Task(settings_from({"senders": senders, "dkim": dkim, **keys}, folder), NOW)


def record(chosen: Key) -> str:
    public = chosen.public_key()
    if isinstance(public, rsa.RSAPublicKey):
        content = public.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
        return f"v=DKIM1; k=rsa; p={b64encode(content).decode()}"
    return f"v=DKIM1; k=ed25519; p={b64encode(public.public_bytes(Encoding.Raw, PublicFormat.Raw)).decode()}"


def only(results: list[CheckResult]) -> CheckResult:
    (result,) = results
    assert result.state is CheckState.OK or result.remedy
    return result


async def test_no_key_is_told(dns: DnsServer, tmp_path: Path) -> None:
    result = only(await own_mail.dkim(task(dns, tmp_path)))
    assert result.state is CheckState.OK
    assert "không ký DKIM" in result.detail


@pytest.mark.parametrize("kind", ["2048", "ed25519"])
async def test_a_key_whose_public_half_is_in_dns_is_well(kind: str, dns: DnsServer, tmp_path: Path) -> None:
    dns.add(NAME, "TXT", record(key(kind)))
    result = only(await own_mail.dkim(task(dns, tmp_path, key(kind))))
    assert result.state is CheckState.OK, result.detail


@pytest.mark.parametrize("kind", ["2048", "ed25519"])
async def test_a_missing_record_is_told_so_that_publishing_it_mends_it(
    kind: str, dns: DnsServer, tmp_path: Path
) -> None:
    missing = only(await own_mail.dkim(task(dns, tmp_path, key(kind))))
    assert missing.state is CheckState.WARN
    name, strings = re.search(r"bản ghi: (\S+)\. IN TXT (.*)", missing.remedy).groups()  # type: ignore[union-attr]
    pieces = re.findall(r'"([^"]*)"', strings)
    assert all(len(piece) <= 255 for piece in pieces)
    assert "PRIVATE" not in missing.remedy
    dns.add(name, "TXT", [piece.encode() for piece in pieces])
    assert only(await own_mail.dkim(task(dns, tmp_path, key(kind)))).state is CheckState.OK


@pytest.mark.parametrize(
    "published",
    [
        record(rsa.generate_private_key(65537, 2048)),
        record(ed25519.Ed25519PrivateKey.generate()),
        "v=DKIM1; k=rsa; p=",
        "v=DKIM1; k=rsa; p=AAAA",
    ],
    ids=["another RSA key", "an Ed25519 key", "revoked", "no key"],
)
async def test_another_key_in_dns_fails_with_the_record_to_publish(
    published: str, dns: DnsServer, tmp_path: Path
) -> None:
    dns.add(NAME, "TXT", published)
    result = only(await own_mail.dkim(task(dns, tmp_path, key("2048"))))
    assert result.state is CheckState.FAIL
    assert NAME in result.remedy


@pytest.mark.parametrize("restriction", ["h=sha1", "s=web"])
async def test_a_record_that_forbids_our_use_fails(restriction: str, dns: DnsServer, tmp_path: Path) -> None:
    dns.add(NAME, "TXT", f"{record(key('2048'))}; {restriction}")
    assert only(await own_mail.dkim(task(dns, tmp_path, key("2048")))).state is CheckState.FAIL


async def test_a_key_under_test_counts_for_nobody(dns: DnsServer, tmp_path: Path) -> None:
    dns.add(NAME, "TXT", f"{record(key('2048'))}; t=y")
    result = only(await own_mail.dkim(task(dns, tmp_path, key("2048"))))
    assert result.state is CheckState.WARN
    assert "t=y" in result.detail


async def test_two_records_fail(dns: DnsServer, tmp_path: Path) -> None:
    dns.add(NAME, "TXT", record(key("2048")), record(key("ed25519")))
    result = only(await own_mail.dkim(task(dns, tmp_path, key("2048"))))
    assert result.state is CheckState.FAIL
    assert "2 bản ghi" in result.detail


async def test_a_short_key_is_a_warning_beside_the_rest(dns: DnsServer, tmp_path: Path) -> None:
    dns.add(NAME, "TXT", record(key("1024")))
    verified, short = await own_mail.dkim(task(dns, tmp_path, key("1024")))
    assert verified.state is CheckState.OK
    assert short.state is CheckState.WARN
    assert "1024 bit" in short.detail


@pytest.mark.parametrize("content", ["ec", "garbage"])
async def test_a_key_that_cannot_sign_fails_and_shows_nothing_of_itself(
    content: str, dns: DnsServer, tmp_path: Path
) -> None:
    async def sound_store(_settings: object) -> str:
        return ""

    chosen = task(dns, tmp_path, key("ec"))
    if content == "garbage":
        (tmp_path / "dkim.pem").write_text("hunter2")
    results = await check(chosen.settings, store_check=sound_store)
    result = only([each for each in results if each.name == "dkim"])
    assert result.state is CheckState.FAIL
    assert "khóa DKIM" in result.detail
    assert "dkim.key" in result.remedy
    assert "hunter2" not in result.detail


async def test_while_dns_is_away_nothing_is_called_wrong(dns: DnsServer, tmp_path: Path) -> None:
    dns.fail(NAME, Fault.SERVFAIL)
    dns.fail(f"_dmarc.{DOMAIN}", Fault.SERVFAIL)
    dns.fail(DOMAIN, Fault.SERVFAIL)
    chosen = task(dns, tmp_path, key("2048"))
    results = [*await own_mail.dkim(chosen), *await own_mail.domain(chosen)]
    assert [result.state for result in results] == [CheckState.WARN] * 3
    assert all("chưa tra được" in result.detail for result in results)


@pytest.mark.parametrize(
    ("signing", "policy", "counts"),
    [
        (DOMAIN, "v=DMARC1; p=none; adkim=s", True),
        (f"mail.{DOMAIN}", "v=DMARC1; p=none", True),
        (f"mail.{DOMAIN}", "v=DMARC1; p=none; adkim=s", False),
        ("danang.gov.vn", "v=DMARC1; p=none", False),
        ("danang.gov.vn", "", False),
    ],
)
async def test_a_signature_must_count_for_the_address_we_send_from(
    signing: str, policy: str, counts: bool, dns: DnsServer, tmp_path: Path
) -> None:
    dns.add(f"vanthu._domainkey.{signing}", "TXT", record(key("2048")))
    if policy:
        dns.add(f"_dmarc.{DOMAIN}", "TXT", policy)
    verified, *others = await own_mail.dkim(task(dns, tmp_path, key("2048"), dkim={"domain": signing}))
    assert verified.state is CheckState.OK
    assert [result.state for result in others] == ([] if counts else [CheckState.WARN])
    if not counts:
        assert f"dkim.domain = {DOMAIN}" in others[0].remedy


async def test_a_domain_with_spf_and_dmarc_is_well(dns: DnsServer, tmp_path: Path) -> None:
    dns.add(DOMAIN, "TXT", SPF, "google-site-verification=x")
    dns.add(f"_dmarc.{DOMAIN}", "TXT", DMARC)
    spf, dmarc = await own_mail.domain(task(dns, tmp_path))
    assert (spf.state, dmarc.state) == (CheckState.OK, CheckState.OK)
    assert "p=reject" in dmarc.detail


async def test_a_bare_domain_is_told_what_to_publish(dns: DnsServer, tmp_path: Path) -> None:
    spf, dmarc = await own_mail.domain(task(dns, tmp_path))
    assert (spf.state, dmarc.state) == (CheckState.WARN, CheckState.WARN)
    assert f'{DOMAIN}. IN TXT "v=spf1 ' in spf.remedy
    assert f'_dmarc.{DOMAIN}. IN TXT "v=DMARC1; p=none; rua=mailto:vanthu-sogtvt@{DOMAIN}"' in dmarc.remedy


async def test_two_spf_records_count_for_none(dns: DnsServer, tmp_path: Path) -> None:
    dns.add(DOMAIN, "TXT", SPF, "V=SPF1 -all", "v=spf10 -all")
    spf, _ = await own_mail.domain(task(dns, tmp_path))
    assert spf.state is CheckState.WARN
    assert "2 bản ghi SPF" in spf.detail


async def test_the_domain_of_the_envelope_needs_spf_too(dns: DnsServer, tmp_path: Path) -> None:
    bounces = "tra@thu.quangngai.gov.vn"
    mail = {"recipients": [f"sgtvt@{DOMAIN}", bounces], "return_path": bounces}
    dns.add(DOMAIN, "TXT", SPF)
    dns.add(f"_dmarc.{DOMAIN}", "TXT", DMARC)
    envelope, author, _ = await own_mail.domain(task(dns, tmp_path, mail=mail))
    assert (envelope.state, author.state) == (CheckState.WARN, CheckState.OK)
    assert "thu.quangngai.gov.vn" in envelope.detail
