"""DKIM: what is believed and what is not."""

from __future__ import annotations

import time
from pathlib import Path

import dkim
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gateway.adapters.mail_auth import DkimKeys, Resolver, fetch_keys, verify_dkim
from gateway.adapters.mail_auth.dkim_body import PIECE, canonical_body
from gateway.adapters.mail_auth.dkim_verify import FIELD_LIMIT
from gateway.adapters.sandbox import Sandbox
from gateway.model.authentication import AuthResult, DkimCheck, DkimClaim
from tests.adapters.growth import NOT_SQUARE, TIMES_LONGER, growth
from tests.adapters.mail_auth.signed import BODY, PrivateKey, ed25519_key, letter, record, rsa_key, sign
from tests.servers.dns import DnsServer, Fault

NAME = "a._domainkey.so.quangngai.gov.vn"
SHORT_KEY = (
    b"-----BEGIN RSA PRIVATE " + b"KEY-----\n"
    b"MIIBOgIBAAJBAL3LlS15w7viriw5cjM1jjd/DVMsx5w4/9gP1ZPJubo8dfFYjQ0o\n"
    b"7l62V6XuadBeejfDnKicVGTbAo6GhQWO+DsCAwEAAQJAR3S4a3CmkrxbWucd6c3G\n"
    b"B3rcJ256kISdPllnzcZrGIQ4KxEfwVgNHVnFZKbvsC8q1d1liW/Vnod7pPZcsrUU\n"
    b"gQIhAPHIfjYwlelEHKS4dA0O69Zfm5wseK4cTY1GVqClOB+hAiEAyPSG+cUGPkHZ\n"
    b"716l9K4JgcgtB51OIsMtVvCj6YLpelsCIEW5LoRMAH8TMDtkIbs+SU45pfMkc+yp\n"
    b"pseNuB99ZbDhAiBYF2Fn8menOQTJOutzFCvUuaSLtvh+oqKofvrLrXieCwIhAJh+\n"
    b"OxGwj9dGtob5+oVj3BcfHmf4gEqdj7ejuOvhxLIL\n"
    b"-----END RSA PRIVATE KEY-----\n"
)
"""512 bits, as it was usual once; libraries of today make none."""
SHORT_RECORD = (
    b"v=DKIM1; k=rsa; p=MFwwDQYJKoZIhvcNAQEBBQADSwAwSAJBAL3LlS15w7viriw5cjM1jjd/DVMsx5w4"
    b"/9gP1ZPJubo8dfFYjQ0o7l62V6XuadBeejfDnKicVGTbAo6GhQWO+DsCAwEAAQ=="
)


def check(folder: Path, mail: bytes, key: bytes | None = None, name: str = NAME) -> DkimCheck:
    """The one result for `mail` with `key` in DNS."""
    raw = folder / "mail.eml"
    raw.write_bytes(mail)
    (result,) = verify_dkim(raw, DkimKeys({name: record(rsa_key()) if key is None else key}))
    return result


@pytest.mark.parametrize("relaxed", [True, False])
@pytest.mark.parametrize("key", [rsa_key(), rsa_key(1024), ed25519_key()], ids=["rsa2048", "rsa1024", "ed25519"])
def test_untouched_mail_passes_for_the_signing_domain(tmp_path: Path, key: PrivateKey, relaxed: bool) -> None:
    found = check(tmp_path, sign(letter(), key, relaxed=relaxed), record(key))
    assert found == DkimCheck(AuthResult.PASS, "so.quangngai.gov.vn", "a")


@pytest.mark.parametrize(
    ("before", "after"),
    [(b"So 12/BC", b"So 13/BC"), (b"Bao cao", b"Bao cho"), (b"<vanthu@", b"<giamdoc@"), (b"/BC\r\n", b"/BC\r\nx\r\n")],
    ids=["body", "subject", "from", "appended"],
)
def test_a_change_fails(tmp_path: Path, before: bytes, after: bytes) -> None:
    mail = sign(letter(), rsa_key())
    assert before in mail
    assert check(tmp_path, mail.replace(before, after)).result is AuthResult.FAIL


def test_another_key_fails(tmp_path: Path) -> None:
    assert check(tmp_path, sign(letter(), rsa_key()), record(rsa_key(2048, 1))).result is AuthResult.FAIL


def test_white_space_at_line_ends_does_not_matter_to_relaxed(tmp_path: Path) -> None:
    mail = sign(letter(), rsa_key()).replace(b"So 12/BC", b"So\t 12/BC \t") + b"\r\n\r\n"
    assert check(tmp_path, mail).result is AuthResult.PASS


def test_a_mail_kept_with_bare_line_feeds_still_passes(tmp_path: Path) -> None:
    assert check(tmp_path, sign(letter(), rsa_key()).replace(b"\r\n", b"\n")).result is AuthResult.PASS


@pytest.mark.parametrize(
    ("key", "result"),
    [
        (b"v=DKIM1; p=", AuthResult.PERMERROR),
        (b"v=DKIM1; k=rsa; p=AAAA", AuthResult.PERMERROR),
        (b"v=DKIM2; p=AAAA", AuthResult.PERMERROR),
        (b"nothing of the kind", AuthResult.PERMERROR),
        (record(ed25519_key()), AuthResult.PERMERROR),
        (record(rsa_key(), "h=sha1; "), AuthResult.PERMERROR),
        (record(rsa_key(), "s=tlsrpt; "), AuthResult.PERMERROR),
        (record(rsa_key(), "s=email; h=sha1:sha256; "), AuthResult.PASS),
        (record(rsa_key(), "t=y; "), AuthResult.NEUTRAL),
    ],
    ids=["revoked", "broken", "version", "junk", "other-kind", "not-sha256", "not-mail", "for-mail", "testing"],
)
def test_the_key_record_decides(tmp_path: Path, key: bytes, result: AuthResult) -> None:
    assert check(tmp_path, sign(letter(), rsa_key()), key).result is result


def test_a_failing_signature_of_a_key_under_test_is_as_none(tmp_path: Path) -> None:
    mail = sign(letter(), rsa_key()).replace(b"So 12", b"So 13")
    assert check(tmp_path, mail, record(rsa_key(), "t=y; ")).result is AuthResult.NEUTRAL


def test_a_key_that_is_nowhere_is_permerror_and_one_dns_kept_silent_on_temperror(tmp_path: Path) -> None:
    mail = sign(letter(), rsa_key())
    assert check(tmp_path, mail, name="b._domainkey.so.quangngai.gov.vn").result is AuthResult.PERMERROR
    (found,) = verify_dkim(tmp_path / "mail.eml", DkimKeys(unavailable=frozenset({NAME})))
    assert found.result is AuthResult.TEMPERROR


def test_a_right_signature_of_a_short_rsa_key_is_not_believed(tmp_path: Path) -> None:
    mail = letter()
    field = dkim.sign(mail, b"a", b"so.quangngai.gov.vn", SHORT_KEY, include_headers=[b"from", b"to"])
    assert dkim.verify(field + mail, minkey=512, dnsfunc=lambda name, timeout=5: SHORT_RECORD)
    found = check(tmp_path, field + mail, SHORT_RECORD)
    assert found == DkimCheck(AuthResult.POLICY, "so.quangngai.gov.vn", "a", "RSA key of 512 bits")


def test_sha1_is_not_accepted(tmp_path: Path) -> None:
    found = check(tmp_path, sign(letter(), rsa_key(), algorithm="rsa-sha1"))
    assert (found.result, "rsa-sha1" in found.detail) == (AuthResult.PERMERROR, True)


def test_a_signature_past_its_time_is_right_but_not_believed(tmp_path: Path) -> None:
    assert check(tmp_path, sign(letter(), rsa_key(), tags=f" x={int(time.time()) - 1};")).result is AuthResult.POLICY
    assert check(tmp_path, sign(letter(), rsa_key(), tags=f" x={int(time.time()) + 900};")).result is AuthResult.PASS


@pytest.mark.parametrize("tags", [" x=soon;", " x=1;", " x=99999999999999999999;", " q=dns/other;", " i=@other.vn;"])
def test_tags_that_make_no_sense_are_permerror(tmp_path: Path, tags: str) -> None:
    assert check(tmp_path, sign(letter(), rsa_key(), tags=tags)).result is AuthResult.PERMERROR


def test_an_identity_in_a_subdomain_needs_a_key_that_allows_it(tmp_path: Path) -> None:
    mail = sign(letter(), rsa_key(), tags=" i=ai@phong.so.quangngai.gov.vn;")
    assert check(tmp_path, mail).result is AuthResult.PASS
    assert check(tmp_path, mail, record(rsa_key(), "t=s; ")).result is AuthResult.PERMERROR


def test_what_stands_behind_the_signed_length_makes_the_mail_unauthenticated(tmp_path: Path) -> None:
    canonical = len(b"K\xc3\xadnh g\xe1\xbb\xadi\r\n\r\nSo 12/BC\r\n")
    mail = sign(letter(), rsa_key(), length=canonical)
    assert check(tmp_path, mail).result is AuthResult.PASS
    assert check(tmp_path, mail + b"more\r\n").result is AuthResult.POLICY
    assert check(tmp_path, sign(letter(), rsa_key(), length=0)).result is AuthResult.POLICY
    assert check(tmp_path, mail.removesuffix(b"12/BC\r\n")).result is AuthResult.FAIL


def test_from_must_be_signed_and_single(tmp_path: Path) -> None:
    assert check(tmp_path, sign(letter(), rsa_key(), names="to:subject")).result is AuthResult.PERMERROR
    signed = sign(letter(), rsa_key())
    assert check(tmp_path, b"From: giamdoc@so.quangngai.gov.vn\r\n" + signed).result is AuthResult.FAIL
    twice = letter("a@so.quangngai.gov.vn", BODY, b"From: b@so.quangngai.gov.vn")
    assert check(tmp_path, sign(twice, rsa_key(), names="from:from")).result is not AuthResult.PASS


@pytest.mark.parametrize("line", [b"From : x@y.vn", b"no field", b"From x@y.vn Sun Nov 22", b"\x00: x"])
def test_a_header_that_parsers_may_read_differently_is_not_believed(tmp_path: Path, line: bytes) -> None:
    mail = sign(letter(), rsa_key())
    head, _, rest = mail.partition(b"To: ")
    assert check(tmp_path, head + line + b"\r\nTo: " + rest).result is AuthResult.PERMERROR


def test_a_mailbox_line_on_top_is_passed_over(tmp_path: Path) -> None:
    assert check(tmp_path, b"From x Sun Nov 22\r\n" + sign(letter(), rsa_key())).result is AuthResult.PASS


def test_signatures_beyond_the_tenth_are_not_looked_at(tmp_path: Path) -> None:
    raw = tmp_path / "mail.eml"
    mail = letter()
    for _ in range(12):
        mail = sign(mail, rsa_key())
    raw.write_bytes(mail)
    found = verify_dkim(raw, DkimKeys({NAME: record(rsa_key())}))
    assert [one.result for one in found] == [AuthResult.PASS] * 10


@pytest.mark.parametrize(
    "value",
    [
        b"v=1; a=rsa-sha256; d=so.quangngai.gov.vn; s=a; h=from; bh=AAAA; b=" + b"\r\n " * 4000 + b"!",
        b"v=1; a=rsa-sha256; d=so.quangngai.gov.vn; s=a; h=" + b":".join([b"x"] * 5000) + b"; bh=AAAA; b=AAAA",
        b"d=so.quangngai.gov.vn; s=a" + b";b" * 3000,
        b"v=1; a=rsa-sha256; d=so.quangngai.gov.vn; s=a; h=from:to; bh=\xff; b=AAAA",
    ],
    ids=["blanks", "names", "tags", "binary"],
)
def test_hostile_signature_fields_are_refused(tmp_path: Path, value: bytes) -> None:
    found = check(tmp_path, b"DKIM-Signature: " + value + b"\r\n" + letter())
    assert found.result in {AuthResult.PERMERROR, AuthResult.FAIL}


@pytest.mark.parametrize("filler", [b"\r\n ", b"x:", b"; b", b"; x=", b"=", b"A\r\n\t"])
def test_hostile_signature_fields_take_linear_time(tmp_path: Path, filler: bytes) -> None:
    def work(size: int) -> None:
        value = b"v=1; a=rsa-sha256; d=so.quangngai.gov.vn; s=a; bh=AAAA; b=AAAA; h=from:" + (filler * size)[:size]
        check(tmp_path, b"DKIM-Signature: " + value + b"\r\n" + letter())

    assert growth(work, FIELD_LIMIT // TIMES_LONGER - 100) < NOT_SQUARE


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.one_of(
        st.binary(max_size=400),
        st.lists(
            st.sampled_from(
                [
                    b"v=1;",
                    b"a=rsa-sha256;",
                    b"d=x.vn;",
                    b"s=a;",
                    b"h=from;",
                    b"b=AAAA;",
                    b"bh=",
                    b"l=",
                    b"9",
                    b"x=",
                    b"c=relaxed/relaxed;",
                    b"\r\n",
                    b" ",
                    b"\xff",
                    b"i=@x.vn;",
                ]
            )
        ).map(b"".join),
    )
)
def test_no_bytes_make_it_raise(tmp_path: Path, value: bytes) -> None:
    raw = tmp_path / "mail.eml"
    raw.write_bytes(b"DKIM-Signature:" + value + b"\r\n" + letter())
    for found in verify_dkim(raw, DkimKeys({"a._domainkey.x.vn": record(rsa_key())})):
        assert found.result is not AuthResult.PASS
        assert len(found.detail) <= 200
        assert found.detail.isprintable()


@settings(max_examples=200, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.sampled_from([b"\r\n", b" ", b"\t", b"a", b"\r", b"b c"]), max_size=30).map(b"".join), st.booleans())
def test_bodies_are_canonicalised_as_dkimpy_does(tmp_path: Path, body: bytes, relaxed: bool) -> None:
    body += b"\r\n"
    raw = tmp_path / "body"
    raw.write_bytes(body)
    way = dkim.canonicalization.ALGORITHMS[b"relaxed" if relaxed else b"simple"]
    assert b"".join(canonical_body(raw, 0, relaxed=relaxed)) == way.canonicalize_body(body)


async def test_keys_are_fetched_and_silence_is_told_from_absence(dns_server: DnsServer, resolver: Resolver) -> None:
    key = record(rsa_key(4096))
    dns_server.add("a._domainkey.x.vn", "TXT", "some remark", key)
    dns_server.add("two._domainkey.x.vn", "TXT", key, record(rsa_key()))
    dns_server.fail("down._domainkey.x.vn", Fault.SERVFAIL)
    claims = [DkimClaim("x.vn", name) for name in ("a", "two", "down", "none", "")] + [DkimClaim("", "a")]
    found = await fetch_keys(claims, resolver)
    assert found == DkimKeys({"a._domainkey.x.vn": key}, frozenset({"down._domainkey.x.vn"}))


async def test_it_runs_in_a_worker_process_with_a_mail_of_fifty_megabytes(tmp_path: Path) -> None:
    body = (b"A" * 76 + b"\r\n") * (50 * PIECE // 78)
    raw = tmp_path / "mail.eml"
    raw.write_bytes(sign(letter(body=body), rsa_key()))
    sandbox = Sandbox(1, 1 << 30, 60.0, 10)
    try:
        found = await sandbox.run(verify_dkim, raw, DkimKeys({NAME: record(rsa_key())}))
    finally:
        await sandbox.close()
    assert found == (DkimCheck(AuthResult.PASS, "so.quangngai.gov.vn", "a"),)


@pytest.mark.parametrize("filler", [b"\n", b" ", b" \t", b"a "])
@pytest.mark.parametrize("relaxed", [True, False])
def test_hostile_bodies_take_linear_time(tmp_path: Path, filler: bytes, relaxed: bool) -> None:
    def work(size: int) -> None:
        raw = tmp_path / "body"
        raw.write_bytes((filler * size)[:size])
        for _ in canonical_body(raw, 0, relaxed=relaxed):
            pass

    assert growth(work, 2 * PIECE) < NOT_SQUARE
