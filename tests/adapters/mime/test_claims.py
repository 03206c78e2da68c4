"""What the header says of the sender: the results of the receiving servers and not those that came with the mail."""

from __future__ import annotations

import pytest

from gateway.model.authentication import NOT_WHOLE, DkimClaim, SenderClaims
from tests.adapters.mime import senders
from tests.adapters.mime.mails import take

_DKIM = "mx.tinh.example; dkim=pass (2048-bit key) header.d=so.example header.i=@so.example"
_DMARC = "mx.tinh.example; dmarc=pass (p=reject dis=none) header.from=so.example"
_SPF = "mx.tinh.example; spf=pass smtp.mailfrom=so.example"
_RESULTS = {
    "postfix milters": [_DMARC, _DKIM],
    "postfix policy": [_SPF, _DKIM],
    "rspamd": [_DKIM],
    "amavis": [_DKIM],
    "dovecot": [_DMARC],
    "zimbra": ["mx.tinh.example (amavisd-new); dkim=pass (2048-bit key) header.d=so.example"],
    "gmail": ["mx.google.example; dkim=pass header.i=@so.example; spf=pass smtp.mailfrom=a@so.example"],
    "exchange": [
        "spf=pass (sender IP is 203.0.113.5) smtp.mailfrom=so.example; dkim=pass header.d=so.example;dmarc=pass "
        "action=none header.from=so.example;compauth=pass reason=100"
    ],
    "nothing": [],
}


def claims(header: str) -> SenderClaims:
    return take(f"{header}Subject: x\r\n\r\nx").mail.claims


@pytest.mark.parametrize("server", senders.ALL)
def test_results_are_those_of_the_receiving_servers(server: str) -> None:
    found = take(senders.ALL[server]).mail.claims
    assert list(found.results) == _RESULTS[server]
    assert found.authors == ("a@so.example",)
    assert found.signatures == (DkimClaim("so.example", "k1"),)


@pytest.mark.parametrize("server", senders.ALL)
def test_the_reverse_path_is_read_where_only_a_receiving_server_can_have_written_it(server: str) -> None:
    expected = None if server in {"exchange", "nothing"} else "a@so.example"
    assert take(senders.ALL[server]).mail.claims.return_path == expected


def test_a_forged_result_stands_behind_that_of_the_server() -> None:
    border = "Received: from mail.so.example (x [203.0.113.5])\r\n by mx.tinh.example with ESMTP id 1; x\r\n"
    own, forged = "mx.tinh.example; dmarc=fail header.from=so.example", "mx.tinh.example; dmarc=pass"
    for above in ("", border):
        found = claims(f"{above}Authentication-Results: {own}\r\n{border}Authentication-Results: {forged}\r\n{border}")
        assert found.results[0] == own


def test_results_further_down_are_never_read() -> None:
    hop = "Received: from mail.so.example (x [203.0.113.5]) by mx.tinh.example with ESMTP id 1; x\r\n"
    private = "Received: from a (x [10.0.0.5]) by mail.so.example with ESMTP id 1; x\r\n"
    late = "Authentication-Results: mx.tinh.example; dmarc=pass\r\n"
    assert claims(f"{hop}{hop}{late}").results == ()
    assert claims(f"{hop}{private}{late}").results == ()
    assert claims(f"{late}{hop}{private}Authentication-Results: mx; spf=pass\r\n").results == (
        "mx.tinh.example; dmarc=pass",
    )
    assert claims(f"{private}{hop}{late}{hop}").results == ("mx.tinh.example; dmarc=pass",)


@pytest.mark.parametrize(
    ("received", "internal"),
    [
        ("by 2002:a05:6f02 with SMTP id x", True),
        ("from mx.a.vn (mx.a.vn [10.1.1.1]) by b.vn with ESMTP", True),
        ("from mx.a.vn (mx.a.vn [IPv6:fd00::1]) by b.vn with ESMTP", True),
        ("from mx.a.vn (mx.a.vn [10.1.1.1]) (helo 203.0.113.5) by b.vn with ESMTP", False),
        ("from mx.a.vn (mx.a.vn [203.0.113.5]) by b.vn with LMTP id x", True),
        ("from mx.so.tinh.gov.vn ([203.0.113.5]) by box.tinh.gov.vn with ESMTP", True),
        ("from mx.tinh.gov.vn ([203.0.113.5]) by box.khac.gov.vn with ESMTP", False),
        ("from mx.a.vn ([203.0.113.5])", False),
        ("junk", False),
    ],
)
def test_hops_inside_an_organisation_are_passed(received: str, *, internal: bool) -> None:
    border = "Received: from x (x [203.0.113.7]) by y.vn with ESMTP\r\n"
    found = claims(f"Received: {received}\r\n{border}Authentication-Results: y.vn; spf=pass\r\n{border}").results
    assert bool(found) is internal


@pytest.mark.parametrize(
    ("value", "path"),
    [
        ("<>", ""),
        ("", ""),
        ("<a@B.vn>", "a@b.vn"),
        ("a@b.vn (x)", "a@b.vn"),
        ("<@relay.vn:a@b.vn>", "a@b.vn"),
        ("<MAILER-DAEMON>", "MAILER-DAEMON"),
    ],
)
def test_the_reverse_path_is_an_address_or_null(value: str, path: str) -> None:
    assert claims(f"Return-Path: {value}\r\nReturn-Path: <z@z.vn>\r\n").return_path == path


def test_a_mail_without_trace_tells_nothing() -> None:
    assert claims("From: a@b.vn\r\n") == SenderClaims(authors=("a@b.vn",))


@pytest.mark.parametrize(
    "header",
    [
        "From: A <a@b.vn>, C <c@D.vn>",
        "From: a@b.vn\r\nfrom: c@d.vn",
        "From: <a@b.vn> <c@d.vn>",
        "From: a@b.vn c@d.vn",
        "From: Nhóm: a@b.vn, c@d.vn;",
        "From: A <a@b.vn>\r\nSubject: y\r\nFrom:\r\n\tC <c@d.vn>",
    ],
)
def test_every_author_is_named(header: str) -> None:
    assert claims(f"{header}\r\n").authors == ("a@b.vn", "c@d.vn")


@pytest.mark.parametrize(
    "header",
    ['From: "c@d.vn" <a@b.vn>', "From: c@d.vn <a@B.vn>", "From: a@b.vn (c@d.vn)", "From: =?utf-8?Q?c@d.vn?= <a@b.vn>"],
)
def test_an_address_in_a_name_is_no_author(header: str) -> None:
    assert claims(f"{header}\r\n").authors == ("a@b.vn",)


def test_signatures_that_cannot_be_read_are_passed_over_and_their_number_is_bounded() -> None:
    broken = "DKIM-Signature: v=1; d=a.vn\r\nDKIM-Signature: x\r\nDKIM-Signature: d=a b@; s=\r\n"
    sound = "".join(f"DKIM-Signature: a=x; D = A.\r\n vn. ;s=k{n};b=d=z.vn\r\n" for n in range(15))
    assert claims(broken + sound).signatures == tuple(DkimClaim("a.vn", f"k{n}") for n in range(10))


def test_claims_are_bounded_in_number_and_length() -> None:
    many = "Authentication-Results: mx; spf=pass " + "x" * 9_000 + "\r\n"
    found = claims(many * 25 + "".join(f"From: a{n}@b.vn\r\n" for n in range(50)))
    assert len(found.results) == 20
    assert all(len(result) <= 8_192 for result in found.results)
    assert len(found.authors) == 20


@pytest.mark.parametrize("letter", ["x", "đ", "\u4e16", "\U0001d11e"])
@pytest.mark.parametrize("size", [9_000, 40_000])
def test_a_result_that_is_not_whole_says_nothing(letter: str, size: int) -> None:
    """What was cut off may deny what stands before it."""
    (result,) = claims(f"Authentication-Results: mx; dkim=pass header.d={letter * size}; dmarc=fail\r\n").results
    assert result == f"mx; {NOT_WHOLE}"
