"""Authentication-Results: who is believed, and what of it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.adapters.mail_auth import Organisations
from gateway.adapters.mail_auth.authres import FIELD_LIMIT, ReadResults, read_results
from gateway.model.authentication import NOT_WHOLE, AuthResult, DkimCheck, DmarcCheck, SpfCheck
from tests.adapters.growth import NOT_SQUARE, TIMES_LONGER, growth

ORGANISATIONS = Organisations()
TRUSTED = ("mx.quangngai.gov.vn",)
AUTHOR = "so.vn"


def read(*fields: str, author: str = AUTHOR) -> ReadResults | None:
    return read_results(fields, TRUSTED, author, ORGANISATIONS)


def ours(rest: str) -> ReadResults:
    found = read(f"mx.quangngai.gov.vn; {rest}")
    assert found is not None
    return found


def test_the_examples_of_the_rfc_are_read() -> None:
    found = ours(
        'auth=pass (cram-md5) smtp.auth=a@so.vn; spf=pass smtp.mailfrom=so.vn; dkim=pass reason="good signature" '
        'header.i=@mail.so.vn header.s=sel; dkim=fail ("wrong" (nested \\) ) key) header.d=list.vn; x-other/1 = pass'
    )
    assert found.spf == SpfCheck(AuthResult.PASS, "so.vn")
    assert found.dkim == (DkimCheck(AuthResult.PASS, "mail.so.vn", "sel"), DkimCheck(AuthResult.FAIL, "list.vn"))
    assert (found.dmarc, found.is_aligned, found.says_fail) == (DmarcCheck(), True, True)


def test_what_large_providers_write_is_read() -> None:
    google = ours(
        "dkim=pass header.i=@so.vn header.s=20230601 header.b=abc; spf=pass (google.com: domain of a@so.vn designates "
        "192.0.2.1 as permitted sender) smtp.mailfrom=a@so.vn; dmarc=pass (p=NONE sp=NONE dis=NONE) header.from=so.vn"
    )
    assert (google.spf.domain, google.dmarc, google.is_aligned) == ("so.vn", DmarcCheck(AuthResult.PASS, "so.vn"), True)
    microsoft = ours(
        "spf=fail (sender IP is 192.0.2.1) smtp.mailfrom=so.vn;dkim=none (message not signed) header.d=none;"
        "dmarc=fail action=quarantine header.from=so.vn;compauth=fail reason=000"
    )
    assert (microsoft.dmarc.result, microsoft.is_aligned, microsoft.says_fail) == (AuthResult.FAIL, False, True)


@pytest.mark.parametrize(
    "field",
    [
        "mx.evil.vn; dmarc=pass header.from=so.vn",
        "mx.quangngai.gov.vn.evil.vn; dmarc=pass header.from=so.vn",
        "evil.vn (; mx.quangngai.gov.vn); dmarc=pass header.from=so.vn",
        "mx.evil.vn mx.quangngai.gov.vn; dmarc=pass header.from=so.vn",
        '"mx.quangngai.gov.vn; dmarc=pass header.from=so.vn',
        "mx.quangngai.gov.vn; dmarc=pass header.from=so.vn (",
        "dmarc=pass header.from=so.vn",
        "",
    ],
)
def test_nobody_else_is_believed(field: str) -> None:
    found = read(field)
    assert found is None or not found.is_aligned


@pytest.mark.parametrize(
    "name", ["MX.QuangNgai.gov.vn", '"mx.quangngai.gov.vn"', "(a) mx.quangngai.gov.vn (b) 1", " mx.quangngai.gov.vn 1 "]
)
def test_the_name_may_be_written_in_any_way_that_the_rfc_knows(name: str) -> None:
    found = read(f"{name}; dmarc=pass header.from=SO.vn")
    assert found is not None
    assert found.is_aligned


def test_the_topmost_field_with_a_method_counts_wherever_a_forged_one_stands() -> None:
    true, forged = (
        "mx.quangngai.gov.vn; dmarc=fail header.from=so.vn",
        "mx.quangngai.gov.vn; dmarc=pass header.from=so.vn",
    )
    found = read(true, forged)
    assert found is not None
    assert (found.dmarc.result, found.is_aligned) == (AuthResult.FAIL, False)
    found = read("mx.evil.vn; dkim=pass header.d=so.vn", true, forged)
    assert found is not None
    assert (found.dkim, found.is_aligned) == ((), False)


def test_methods_may_stand_in_fields_of_their_own() -> None:
    found = read(
        "mx.quangngai.gov.vn; dkim=pass header.d=so.vn", "mx.quangngai.gov.vn; spf=softfail smtp.mailfrom=x@so.vn"
    )
    assert found is not None
    assert (found.spf.result, found.is_aligned) == (AuthResult.SOFTFAIL, True)


def test_a_semicolon_in_a_quoted_local_part_starts_no_result() -> None:
    found = ours('spf=pass smtp.mailfrom="x; dkim=pass header.d=so.vn"@evil.vn')
    assert (found.spf.domain, found.dkim, found.is_aligned) == ("evil.vn", (), False)


@pytest.mark.parametrize(
    ("rest", "aligned"),
    [
        ("dmarc=pass header.from=so.vn", True),
        ("dmarc=pass header.from=other.vn", False),
        ("dmarc=pass header.from=mail.so.vn", False),
        ("dmarc=pass; spf=pass smtp.mailfrom=so.vn", False),
        ("dmarc=none header.from=so.vn; spf=pass smtp.mailfrom=so.vn", True),
        ("dmarc=temperror header.from=so.vn; spf=pass smtp.mailfrom=so.vn", False),
        ("dmarc=fail header.from=other.vn; spf=pass smtp.mailfrom=so.vn", False),
        ("dmarc=bestguesspass header.from=so.vn; dkim=pass header.d=so.vn", True),
        ("spf=pass smtp.mailfrom=a@mail.so.vn", True),
        ("spf=pass smtp.helo=so.vn", False),
        ("spf=pass smtp.helo=so.vn; spf=pass smtp.mailfrom=evil.vn", False),
        ("spf=softfail smtp.mailfrom=so.vn", False),
        ("dkim=pass header.d=vn", False),
        ("dkim=pass header.d=evil.vn header.i=@so.vn", False),
        ("dkim=pass (header.d=so.vn) header.d=evil.vn", False),
        ("dkim=neutral header.d=so.vn", False),
        ("none", False),
    ],
)
def test_alignment_is_with_the_author_and_nobody_else(rest: str, aligned: bool) -> None:
    assert ours(rest).is_aligned is aligned


def test_none_is_the_word_of_a_server_that_checked_nothing() -> None:
    assert ours("none") == ReadResults(TRUSTED[0], SpfCheck(), (), DmarcCheck(), is_aligned=False)


def test_without_an_author_nothing_is_aligned() -> None:
    found = read("mx.quangngai.gov.vn; dmarc=pass header.from=; spf=pass smtp.mailfrom=so.vn", author="")
    assert found is not None
    assert not found.is_aligned


@pytest.mark.parametrize("middle", [" ", "(", '"', "\\", ";", "a=", 'a.b="', "(\\"])
def test_hostile_fields_take_linear_time(middle: str) -> None:
    def work(size: int) -> None:
        read("mx.quangngai.gov.vn; dkim=pass" + (middle * size)[:size])

    assert growth(work, FIELD_LIMIT // TIMES_LONGER - 100) < NOT_SQUARE


def test_fields_beyond_the_limit_are_not_read() -> None:
    """Nor is anything below: what the trusted server wrote may have denied it."""
    long = "mx.quangngai.gov.vn; dkim=pass" + " " * FIELD_LIMIT
    below = "mx.quangngai.gov.vn; dmarc=pass header.from=quangngai.gov.vn"
    for unreadable in (long, f"mx.quangngai.gov.vn; {NOT_WHOLE}", "mx.quangngai.gov.vn; dkim=fail (", MANY):
        found = read(unreadable, below)
        assert found is not None
        assert not found.is_aligned


MANY = "mx.quangngai.gov.vn" + "; dkim=pass header.d=quangngai.gov.vn" * 51


@given(
    st.lists(
        st.text(max_size=60)
        | st.lists(
            st.sampled_from(
                [
                    "spf",
                    "=",
                    "pass",
                    ";",
                    "dkim",
                    "dmarc",
                    " header.from",
                    "so.vn",
                    '"',
                    "(",
                    ")",
                    "\\",
                    " ",
                    "\r\n\t",
                    "smtp.mailfrom",
                    ".",
                    "@",
                    "/1",
                    "none",
                    "\x00",
                    "ở",
                ]
            )
        ).map(lambda parts: "mx.quangngai.gov.vn;" + "".join(parts)),
        max_size=3,
    )
)
def test_no_field_makes_it_raise(fields: list[str]) -> None:
    read(*fields)
