"""The end of DATA, its dots and its line ends."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.adapters.smtp_in.dots import END, DataDecoder

_LINES = st.lists(st.one_of(st.binary(max_size=6), st.sampled_from([b"", b".", b"..", b".\x00", b". ."])), max_size=12)
_CUTS = st.lists(st.integers(0, 120), max_size=12)


def decode(wire: bytes, cuts: list[int]) -> tuple[bytes, DataDecoder]:
    decoder = DataDecoder()
    body = b""
    edges = sorted({0, len(wire), *(cut for cut in cuts if cut < len(wire))})
    for start, stop in pairwise(edges):
        if decoder.ended:
            decoder.rest += wire[start:stop]
        else:
            body += decoder.feed(wire[start:stop])
    return body, decoder


@given(_LINES, _CUTS, st.binary(max_size=8))
def test_what_a_client_stuffs_comes_out_whole_whatever_the_chunks(
    lines: list[bytes], cuts: list[int], after: bytes
) -> None:
    lines = [line.replace(b"\r", b"").replace(b"\n", b"") for line in lines]
    message = b"".join(line + b"\r\n" for line in lines)
    stuffed = b"".join((b"." if line.startswith(b".") else b"") + line + b"\r\n" for line in lines)
    body, decoder = decode(stuffed + b".\r\n" + after, cuts)
    assert body == message
    assert decoder.ended
    assert not decoder.bare
    assert decoder.rest == after


@given(st.lists(st.sampled_from([b"\r", b"\n", b"\r\n", b".", b"a"]), max_size=24).map(b"".join), _CUTS)
def test_only_crlf_dot_crlf_ends_and_every_lone_cr_or_lf_is_told(wire: bytes, cuts: list[int]) -> None:
    end = (b"\r\n" + wire).find(END)
    message = wire if end < 0 else wire[:end]
    body, decoder = decode(wire, cuts)
    assert decoder.ended == (end >= 0)
    if decoder.ended:
        assert decoder.rest == wire[end + 3 :]
        assert decoder.bare == bool(set(message.replace(b"\r\n", b"")) & set(b"\r\n"))
        assert len(body) <= len(message)


@pytest.mark.parametrize("few", [1, 63, 64, 200])
def test_many_dots_on_and_off_line_starts_do_not_confuse(few: int) -> None:
    lines = [b"a.b.c", b".x", b"..", b"."] * few
    message = b"".join(line + b"\r\n" for line in lines)
    body, decoder = decode(message.replace(b"\r\n.", b"\r\n..") + b".\r\n", [])
    assert (body, decoder.ended, decoder.bare) == (message, True, False)
