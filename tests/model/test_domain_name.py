"""Domain names: one form for each, and none for what is no name."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.model.domain_name import a_label, address_domain, host_name


@pytest.mark.parametrize(
    ("given_name", "expected"),
    [
        ("So.QuangNgai.GOV.vn.", "so.quangngai.gov.vn"),
        ("sở.vn", "xn--s-lym.vn"),
        ("s\u006f\u031b\u0309.vn", "xn--s-lym.vn"),
        ("straße.de", ""),
        ("ｇov.vn", ""),
        ("a..vn", ""),
        ("[192.0.2.1]", ""),
        ("a b.vn", ""),
        ("x" * 64 + ".vn", ""),
        ("ở" * 10_000, ""),
        ("", ""),
    ],
)
def test_names_are_compared_in_one_form(given_name: str, expected: str) -> None:
    assert a_label(given_name) == expected


@given(st.text(max_size=80))
def test_every_name_has_one_form_or_none(name: str) -> None:
    found = a_label(name)
    assert found == a_label(found)
    assert address_domain(f"x@{name}") in {found, a_label(name.rpartition("@")[2])}


@pytest.mark.parametrize(
    "name", ["so.vn.", " so.vn", "_dmarc.so.vn", "-a.vn", "a-.vn", "", "straße.de", "a" * 64 + ".vn"]
)
def test_names_of_hosts_have_letters_digits_and_hyphens_only(name: str) -> None:
    assert host_name(name) == ""


@given(st.text(max_size=80) | st.from_regex(r"[A-Za-z0-9ở-]{1,5}(\.[a-z-]{1,5}){0,3}", fullmatch=True))
def test_the_name_of_a_host_is_a_name_in_dns(name: str) -> None:
    assert host_name(name) in {"", a_label(name)}
