"""Paths of MAIL and RCPT, and which of them are ours."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.adapters.smtp_in.addresses import MalformedPath, Recipients, read_path

RECIPIENTS = Recipients(frozenset({"sgtvt@quangngai.example", "Phòng.Ban@quangngai.example"}))


@pytest.mark.parametrize(
    "address",
    [
        "sgtvt@quangngai.example",
        "SGTVT@QuangNgai.Example",
        "sgtvt@quangngai.example.",
        '"sgtvt"@quangngai.example',
        '"sgt\\vt"@quangngai.example',
        "sgtvt+M17.abc@quangngai.example",
        "sgtvt+@quangngai.example",
        "phòng.ban@quangngai.example",
    ],
)
def test_other_spellings_and_plus_addresses_are_ours(address: str) -> None:
    assert address in RECIPIENTS


@pytest.mark.parametrize(
    "address",
    [
        "",
        "@",
        "sgtvt",
        "sgtvt@",
        "+x@quangngai.example",
        "sgtvt@quangngai.example.evil.test",
        "sgtvt%evil.test@quangngai.example",
        "evil.test!sgtvt@quangngai.example",
        '"sgtvt@quangngai.example"@evil.test',
        "sgtvt+x@evil.test",
        "sgtvt@quangngai.example@evil.test",
    ],
)
def test_everything_else_is_not_ours(address: str) -> None:
    assert address not in RECIPIENTS


@pytest.mark.parametrize(
    ("argument", "address", "parameters"),
    [
        ("TO:<a@b>", "a@b", ()),
        ("to: <a@b>", "a@b", ()),
        ("TO:a@b", "a@b", ()),
        ("TO:<>", "", ()),
        ("TO:<@x.test,@y.test:a@b>", "a@b", ()),
        ('TO:<"a b> c"@d>', '"a b> c"@d', ()),
        ("TO:<a@[IPv6:::1]>", "a@[IPv6:::1]", ()),
        ("TO:<a@b> SIZE=5 smtputf8", "a@b", (("SIZE", "5"), ("SMTPUTF8", ""))),
    ],
)
def test_a_path_is_read(argument: str, address: str, parameters: tuple[tuple[str, str], ...]) -> None:
    path = read_path(argument, "TO")
    assert (path.address, path.parameters) == (address, parameters)


@pytest.mark.parametrize(
    "argument",
    ["", "TO", "TO:", "FROM:<a@b>", "TO:<a@b", "TO:<a@b>x", "TO:<a\x00@b>", "TO:<a\r@b>", "TO:<" + "a" * 400 + ">"],
)
def test_what_is_no_path_is_refused(argument: str) -> None:
    with pytest.raises(MalformedPath):
        read_path(argument, "TO")


@given(st.text(max_size=60))
def test_no_text_whatever_crashes_the_comparison(text: str) -> None:
    try:
        address = read_path(f"TO:{text}", "TO").address
    except MalformedPath:
        return
    assert isinstance(address in RECIPIENTS, bool)
