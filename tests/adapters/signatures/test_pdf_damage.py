"""However a signed file is damaged, it is never called valid, and checking it never breaks."""

import zlib
from contextlib import suppress
from functools import cache
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gateway.adapters.signatures import UnreadablePdf, validate_signatures
from gateway.model.signature import Coverage, SignatureVerdict
from tests import pki

LOOSE = settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
ANYWHERE = st.integers(0, 1_000_000)
GOOD = {SignatureVerdict.VALID, SignatureVerdict.VALID_WEAK}


@cache
def signed() -> bytes:
    return pki.sign_pdf(pki.plain_pdf(), pki.pki().seal, field="Signature1", signed_at=pki.NOW)


@cache
def outside_the_signature() -> list[int]:
    """Positions of bytes that are signed: all but the hexadecimal string that holds the signature."""
    start = signed().index(b"/Contents <3") + len(b"/Contents ")
    end = signed().index(b">", start)
    return [*range(start), *range(end + 1, len(signed()))]


def passes(pdf: bytes, folder: Path) -> bool:
    file = folder / "file.pdf"
    file.write_bytes(pdf)
    with suppress(UnreadablePdf):
        return any(signature.verdict in GOOD for signature in validate_signatures(file, pki.anchors())[0])
    return False


def test_the_file_is_good_before_it_is_damaged(tmp_path: Path) -> None:
    assert passes(signed(), tmp_path)


@LOOSE
@given(place=ANYWHERE, change=st.integers(1, 255))
def test_no_signed_byte_can_be_changed(tmp_path: Path, place: int, change: int) -> None:
    damaged = bytearray(signed())
    positions = outside_the_signature()
    damaged[positions[place % len(positions)]] ^= change
    assert not passes(bytes(damaged), tmp_path)


@LOOSE
@given(place=ANYWHERE)
def test_nothing_can_be_cut_off(tmp_path: Path, place: int) -> None:
    assert not passes(signed()[: place % len(signed())], tmp_path)


@LOOSE
@given(tail=st.binary(min_size=1, max_size=200))
def test_nothing_can_be_appended_unnoticed(tmp_path: Path, tail: bytes) -> None:
    file = tmp_path / "file.pdf"
    file.write_bytes(signed() + tail)
    with suppress(UnreadablePdf):
        for signature in validate_signatures(file, pki.anchors())[0]:
            assert signature.coverage is not Coverage.WHOLE


@LOOSE
@given(place=ANYWHERE, rubbish=st.binary(min_size=1, max_size=40))
def test_rubbish_anywhere_breaks_no_check(tmp_path: Path, place: int, rubbish: bytes) -> None:
    position = place % len(signed())
    passes(signed()[:position] + rubbish + signed()[position:], tmp_path)


@pytest.mark.parametrize("number", ["0 0 0 0", "0", "", "-1 2 3 4", "0 1 2 99999999999", "(a) (b) (c) (d)", "null"])
def test_no_byte_range_can_be_made_up(tmp_path: Path, number: str) -> None:
    start = signed().index(b"/ByteRange [") + len(b"/ByteRange [")
    end = signed().index(b"]", start)
    made_up = number.encode().ljust(end - start)
    assert not passes(signed()[:start] + made_up + signed()[end:], tmp_path)


NOISE = st.binary(min_size=1, max_size=900).filter(lambda junk: b"%PDF" not in junk)


@LOOSE
@given(junk=NOISE)
def test_junk_before_the_header_of_an_unsigned_file_hides_no_signature(tmp_path: Path, junk: bytes) -> None:
    """Mail programs and scanners put such bytes there, and readers accept them (ISO 32000-1 Annex H, note 13)."""
    file = tmp_path / "file.pdf"
    file.write_bytes(junk + pki.plain_pdf())
    assert validate_signatures(file, pki.anchors()) == ((), ())


def test_junk_before_a_signed_file_is_told(tmp_path: Path) -> None:
    file = tmp_path / "file.pdf"
    file.write_bytes(b"\xef\xbb\xbf" + signed())
    with pytest.raises(UnreadablePdf, match="dữ liệu lạ"):
        validate_signatures(file, pki.anchors())


def _object_stream(content: bytes) -> bytes:
    return b"4 0 obj\n<</Type/ObjStm/Filter/FlateDecode>>\nstream\r\n" + zlib.compress(content) + b"\nendstream"


@pytest.mark.parametrize(
    "trace",
    [
        b"/ByteRange [0 1 2 3]",
        b"<</FT /Sig>>",
        b"<</Type/S#69g>>",
        b"/Encrypt 7 0 R",
        _object_stream(b"<</FT/Sig/T(S)>>"),
    ],
    ids=["byte range", "field", "escaped name", "encrypted", "object stream"],
)
def test_a_file_that_cannot_be_followed_is_unsigned_only_where_nothing_speaks_of_signatures(
    tmp_path: Path, trace: bytes
) -> None:
    file = tmp_path / "file.pdf"
    broken = b"%PDF-1.7\n1 0 obj\n<</SigFlags 0>>\nendobj\n" + _object_stream(b"<</Type/Page>>")
    file.write_bytes(broken + b"\nstartxref\n99999999\n%%EOF")
    assert validate_signatures(file, pki.anchors()) == ((), ())
    file.write_bytes(broken + trace + b"\nstartxref\n99999999\n%%EOF")
    with pytest.raises(UnreadablePdf):
        validate_signatures(file, pki.anchors())
