"""Words on the wire: folder names, FETCH responses, sets of numbers."""

from __future__ import annotations

import time
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.adapters.imap_in import answers, folder_names
from gateway.adapters.imap_in.options import Backoff
from gateway.adapters.imap_in.problems import BrokenProtocol

NAMES = st.text(st.characters(exclude_categories=["Cs"]))


@given(NAMES)
def test_a_folder_name_comes_back_and_is_printable_ascii(name: str) -> None:
    encoded = folder_names.encode(name)
    assert all(" " <= letter <= "~" for letter in encoded)
    assert folder_names.decode(encoded) == name
    folder_names.quoted(encoded)


@pytest.mark.parametrize(
    ("name", "encoded"),
    [
        ("INBOX", "INBOX"),
        ("~peter/mail/台北/日本語", "~peter/mail/&U,BTFw-/&ZeVnLIqe-"),  # the example of RFC 3501 section 5.1.3
        ("A & B", "A &- B"),
        ("Đã nhận", "&ARAA4w- nh&Hq0-n"),
    ],
)
def test_folder_names_stand_as_in_the_standard(name: str, encoded: str) -> None:
    assert folder_names.encode(name) == encoded
    assert folder_names.decode(encoded) == name


@pytest.mark.parametrize("text", ["&", "&ARA", "đ", "&A-", "\x00"])
def test_what_is_no_encoded_name_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r".*"):
        folder_names.decode(text)


@pytest.mark.parametrize("text", ["a\r\nb", "ă", "\x00"])
def test_only_printable_ascii_is_quoted(text: str) -> None:
    with pytest.raises(ValueError, match="ASCII"):
        folder_names.quoted(text)


@given(st.sets(st.integers(1, 2**32 - 1)))
def test_a_set_names_all_its_numbers(uids: set[int]) -> None:
    named: set[int] = set()
    text = answers.uid_set(sorted(uids))
    for part in filter(None, text.split(",")):
        first, _, last = part.partition(":")
        named |= set(range(int(first), int(last or first) + 1))
    assert named == uids


def test_neighbours_are_named_as_a_range() -> None:
    assert answers.uid_set([1, 2, 3, 5, 8, 9]) == "1:3,5,8:9"


@pytest.mark.parametrize(
    ("response", "found"),
    [
        (
            [b"1 FETCH (UID 7 FLAGS (\\Seen (x)) RFC822.SIZE 12 BODY[] {3}", b"a)b", b")"],
            {"UID": b"7", "FLAGS": None, "RFC822.SIZE": b"12", "BODY[]": b"a)b"},
        ),
        (
            [b'1 FETCH (BODY[HEADER.FIELDS (RETURN-PATH FROM)]<0> "From: \\"a\\" )" uid 9)'],
            {"BODY[HEADER.FIELDS (RETURN-PATH FROM)]<0>": b'From: "a" )', "UID": b"9"},
        ),
        ([b"1 FETCH (BODY[]<5> NIL UID 2)"], {"BODY[]<5>": None, "UID": b"2"}),
        ([b"1 FETCH ()"], {}),
    ],
)
def test_fetch_responses_are_read(response: list[bytes], found: dict[str, bytes | None]) -> None:
    assert answers.attributes(response) == found


@given(st.lists(st.one_of(st.binary(max_size=40), st.sampled_from([b"1 FETCH (UID 1 ", b"(", b")", b'"', b"{3}"]))))
def test_any_response_is_read_or_refused(parts: list[bytes]) -> None:
    with suppress(BrokenProtocol):
        assert isinstance(answers.attributes([b"1 FETCH (" + b"".join(parts[:2]), *parts[2:]]), dict)


@pytest.mark.parametrize(
    ("header", "sender"),
    [
        (b"Return-Path: <A@B.example>\r\nFrom: c@d\r\n\r\n", "a@b.example"),
        (b"From: =?utf-8?q?V=C4=83n?= <c@d.example>\r\n\r\n", "c@d.example"),
        (b"Return-Path: <>\r\nFrom: c@d.example\r\n\r\n", "c@d.example"),
        (b"From: khong co\r\n\r\n", ""),
        (b'From: "x@y, (" <c@d.example>\r\n\r\n', "c@d.example"),
        (b"From: (x@y) c@d.example, e@f\r\n\r\n", "c@d.example"),
        (b"To: x@y\r\nFrom:\r\n  <c@d.example>\r\n\r\n", "c@d.example"),
        (b"From: <@a,@b:c@d.example>\r\n\r\n", "c@d.example"),
        (b"From: <" + b"a" * 300 + b"@b>\r\n\r\n", ""),
        (b"\xff\xfe\x00", ""),
        (b"", ""),
    ],
)
def test_the_sender_is_read_from_the_header(header: bytes, sender: str) -> None:
    assert answers.sender_of(header) == sender


@given(st.binary(max_size=300))
def test_any_header_has_a_sender_or_none(header: bytes) -> None:
    assert isinstance(answers.sender_of(header), str)
    assert isinstance(answers.sender_of(b"From: " + header), str)


@pytest.mark.parametrize(
    "piece", [b"(", b")", b"<", b'"', b'"\\', b"\\", b"a:", b"a@b,", b"@", b"a.", b"(\r\n ", b"\xff", b"[", b"=?", b"a"]
)
def test_no_header_is_too_deep_or_too_long(piece: bytes) -> None:
    began = time.process_time()
    for name in (b"From: ", b"Return-Path: <"):
        assert isinstance(answers.sender_of(name + piece * (100_000 // len(piece)) + b"\r\n\r\n"), str)
    assert time.process_time() - began < 1.0


def test_waits_grow_up_to_their_most() -> None:
    backoff = Backoff()
    assert [backoff.delay(failures) for failures in (1, 2, 3, 9, 10, 10_000)] == [1, 2, 4, 256, 300, 300]
