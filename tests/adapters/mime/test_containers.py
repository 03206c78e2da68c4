"""Files hidden in other files: winmail.dat, S/MIME, messages, uuencoded text."""

from __future__ import annotations

import base64
import struct
import time
import zlib
from datetime import UTC, datetime, timedelta

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import pkcs7
from cryptography.x509.oid import NameOID
from hypothesis import given
from hypothesis import strategies as st

from gateway.adapters.mime.cms import CmsKind, cms_kind, open_cms
from gateway.adapters.mime.rtf import decompress, rtf_to_text
from gateway.adapters.mime.tnef import read_tnef
from gateway.model.part import PartDecision
from tests.adapters.mime.mails import (
    HEAD,
    OTHER_PDF,
    PDF,
    Taken,
    TnefBuilder,
    attached,
    leaf,
    multipart,
    take,
    text_part,
)

# The worked example of MS-OXRTFCP section 4.1.1.
COMPRESSED = bytes.fromhex(
    "2d0000002b0000004c5a4675f1c5c7a703000a007263706731323542320af32068656c090020627705b06c647d0a800fa0"
)
PLAIN_RTF = b"{\\rtf1\\ansi\\ansicpg1252\\pard hello world}\r\n"

Identity = tuple[rsa.RSAPrivateKey, x509.Certificate]


@pytest.fixture(scope="module")
def identity() -> Identity:
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Sở Xây dựng")])
    start = datetime(2025, 1, 1, tzinfo=UTC)
    builder = x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
    builder = builder.serial_number(1).not_valid_before(start).not_valid_after(start + timedelta(days=3650))
    return key, builder.sign(key, hashes.SHA256())


def signed(identity: Identity, content: bytes, *options: pkcs7.PKCS7Options) -> bytes:
    key, certificate = identity
    builder = pkcs7.PKCS7SignatureBuilder().set_data(content).add_signer(certificate, key, hashes.SHA256())
    return builder.sign(serialization.Encoding.DER, [pkcs7.PKCS7Options.Binary, *options])


def winmail(content: bytes, media_type: str = "application/ms-tnef") -> Taken:
    part = leaf(content, f"Content-Type: {media_type}; name=winmail.dat")
    return take(HEAD + multipart("mixed", text_part("Kính gửi"), part))


def test_winmail_is_opened_and_the_long_names_are_read() -> None:
    tnef = TnefBuilder().attach(b"CNGVN~1.PDF", PDF, long="Công văn số 12.pdf").attach(b"b.pdf", OTHER_PDF).build()
    taken = winmail(tnef)
    assert taken.part("2").decision is PartDecision.CONTAINER
    assert taken.contents["2"] == tnef
    assert [taken.part(path).name for path in ("2.1", "2.2")] == ["Công văn số 12.pdf", "b.pdf"]
    assert taken.contents["2.1"] == PDF
    assert taken.documents() == ["Công văn số 12.pdf", "b.pdf"]
    assert not taken.mail.problems


def test_winmail_is_told_by_content() -> None:
    assert winmail(TnefBuilder().attach(b"a.pdf", PDF).build(), "application/octet-stream").documents() == ["a.pdf"]


def test_names_of_the_code_page_are_read() -> None:
    tnef = TnefBuilder(codepage=1258).attach("Công.pdf".encode("cp1258"), PDF).build()
    assert winmail(tnef).documents() == ["Công.pdf"]


def test_the_rtf_body_of_winmail_is_a_body() -> None:
    tnef = TnefBuilder().attach(b"a.pdf", PDF).rtf(COMPRESSED).build()
    taken = take(HEAD + leaf(tnef, "Content-Type: application/ms-tnef; name=winmail.dat"))
    assert taken.part("1.2").decision is PartDecision.BODY
    assert taken.contents["1.2"] == PLAIN_RTF
    assert taken.mail.body_text == "hello world"


def test_the_html_body_of_winmail_is_read_in_its_code_page() -> None:
    tnef = TnefBuilder().html("<p>Kính gửi</p>".encode(), 65001).build()
    assert take(HEAD + leaf(tnef, "Content-Type: application/ms-tnef")).mail.body_text == "Kính gửi"


def test_a_message_within_winmail_is_opened_too() -> None:
    inner = TnefBuilder().attach(b"x.pdf", PDF, long="bên trong.pdf").build()
    taken = winmail(TnefBuilder().attach(b"thu", inner, long="Thư cũ", message=True).build())
    assert taken.decisions()["2.1"] is PartDecision.CONTAINER
    assert taken.documents() == ["bên trong.pdf"]


def test_a_cut_winmail_gives_what_is_sound_and_says_so() -> None:
    tnef = TnefBuilder().attach(b"a.pdf", PDF).attach(b"b.pdf", OTHER_PDF).build()
    taken = winmail(tnef[:-20])
    assert taken.documents()[0] == "a.pdf"
    assert any("winmail.dat" in problem for problem in taken.mail.problems)


@given(st.data())
def test_any_damage_to_winmail_is_survived(data: st.DataObject) -> None:
    stream = bytearray(TnefBuilder().attach(b"a.pdf", PDF, long="ă.pdf").rtf(COMPRESSED).build())
    for _ in range(data.draw(st.integers(0, 4))):
        stream[data.draw(st.integers(6, len(stream) - 1))] = data.draw(st.integers(0, 255))
    read_tnef(bytes(stream))
    read_tnef(b"\x78\x9f\x3e\x22" + data.draw(st.binary(max_size=100)))


def test_compressed_rtf_follows_the_published_example() -> None:
    assert decompress(COMPRESSED, 1000) == PLAIN_RTF
    assert decompress(struct.pack("<II4sI", 20, 5, b"MELA", 0) + b"{\\rtf}", 1000) == b"{\\rtf"


def test_rtf_text_is_read_with_its_letters_and_without_its_tables() -> None:
    rtf = (
        rb"{\rtf1\ansi\ansicpg1258\fromhtml1{\fonttbl{\f0 Arial;}}{\*\htmltag64 <p>}\htmlrtf \par\htmlrtf0 "
        rb"K\'ednh g\u7917?i\par {\*\htmltag x}S\u7903? \{GTVT\}}"
    )
    assert rtf_to_text(rtf) == "Kính gửi\nSở {GTVT}"


@given(st.binary(max_size=200))
def test_any_bytes_are_survived_as_rtf(content: bytes) -> None:
    rtf_to_text(content)
    decompress(struct.pack("<II4sI", len(content), 5000, b"LZFu", 0) + content, 1000)


def test_an_opaque_signed_mail_is_opened(identity: Identity) -> None:
    inner = multipart("mixed", text_part("Kính gửi"), attached(PDF, "văn bản.pdf")).encode()
    content = signed(identity, inner)
    taken = take(HEAD + leaf(content, "Content-Type: application/pkcs7-mime; smime-type=signed-data; name=smime.p7m"))
    assert taken.decisions() == {
        "1": PartDecision.CONTAINER,
        "1.0": PartDecision.CONTAINER,
        "1.1": PartDecision.BODY,
        "1.2": PartDecision.DOCUMENT,
    }
    assert taken.contents["1"] == content
    assert taken.documents() == ["văn bản.pdf"]
    assert taken.mail.body_text.strip() == "Kính gửi"


def test_a_file_wrapped_in_its_signature_is_opened(identity: Identity) -> None:
    taken = take(HEAD + multipart("mixed", attached(signed(identity, PDF), "cv.pdf.p7s")))
    assert taken.decisions()["1"] is PartDecision.CONTAINER
    assert taken.documents() == ["cv.pdf"]
    assert taken.contents["1.1"] == PDF


def test_a_detached_signature_is_a_signature_under_any_type(identity: Identity) -> None:
    content = signed(identity, b"x", pkcs7.PKCS7Options.DetachedSignature)
    for kind in ("application/pkcs7-signature", "application/octet-stream"):
        taken = take(HEAD + multipart("signed", text_part("x"), leaf(content, f"Content-Type: {kind}; name=smime.p7s")))
        assert taken.decisions()["2"] is PartDecision.SIGNATURE


def test_an_encrypted_mail_is_a_document_that_cannot_be_opened(identity: Identity) -> None:
    builder = pkcs7.PKCS7EnvelopeBuilder().set_data(b"x").add_recipient(identity[1])
    content = builder.encrypt(serialization.Encoding.DER, [pkcs7.PKCS7Options.Binary])
    taken = take(HEAD + leaf(content, "Content-Type: application/pkcs7-mime; name=smime.p7m"))
    assert taken.decisions() == {"1": PartDecision.DOCUMENT}
    assert taken.part("1").type == "application/pkcs7-mime"
    assert any("S/MIME" in problem and "smime.p7m" in problem for problem in taken.mail.problems)


def in_pieces(octets: bytes) -> bytes:
    """SignedData of indefinite length around these pieces, as streaming senders write it."""
    data, signed_data = (bytes.fromhex(f"06092a864886f70d01070{number}") for number in (1, 2))
    wrapped = b"\x30\x80" + data + b"\xa0\x80\x24\x80" + octets + b"\x00\x00" * 3
    head = b"\x30\x80" + signed_data + b"\xa0\x80\x30\x80\x02\x01\x01\x31\x00"
    return head + wrapped + b"\x31\x00" + b"\x00\x00" * 3


def test_indefinite_lengths_and_split_octets_are_joined() -> None:
    inner = b"Content-Type: text/plain\r\n\r\nKinh gui"
    pieces = [bytes((0x04, len(piece))) + piece for piece in (inner[:10], inner[10:20], inner[20:])]
    octets = pieces[0] + b"\x24\x80" + pieces[1] + b"\x00\x00" + b"\x24" + bytes((len(pieces[2]),)) + pieces[2]
    taken = take(HEAD + leaf(in_pieces(octets), "Content-Type: application/pkcs7-mime; name=smime.p7m"))
    assert taken.mail.body_text == "Kinh gui"
    assert not taken.mail.problems


def test_many_pieces_and_endless_nesting_cost_little() -> None:
    piece = b"\x04\x82\x04\x00" + b"x" * 1024
    started = time.process_time()
    assert open_cms(in_pieces(piece * 20_000), CmsKind.SIGNED, 1000).content == b"x" * 1024 * 20_000
    assert not open_cms(in_pieces(b"\x24\x80" * 200_000), CmsKind.SIGNED, 1000).sound
    assert time.process_time() - started < 3


def test_a_cut_wrapper_gives_what_is_there_and_says_so(identity: Identity) -> None:
    content = signed(identity, PDF)
    cut = content[: content.index(PDF) + 30]
    taken = take(HEAD + multipart("mixed", attached(cut, "cv.pdf.p7m")))
    assert taken.contents["1.1"] == PDF[:30]
    assert any("S/MIME" in problem for problem in taken.mail.problems)


def test_signed_data_in_pem_and_compressed_data_are_opened(identity: Identity) -> None:
    pem = base64.encodebytes(signed(identity, PDF))
    taken = take(
        HEAD + multipart("mixed", attached(b"-----BEGIN PKCS7-----\n" + pem + b"-----END PKCS7-----\n", "a.p7m"))
    )
    assert taken.contents["1.1"] == PDF
    squeezed = zlib.compress(PDF)
    compressed = bytes.fromhex("3080060b2a864886f70d0109100109a0803080020100300f060b2a864886f70d0109100308")
    compressed = compressed.replace(b"\x30\x0f", b"\x30\x0d") + b"\x30\x80\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x07\x01"
    compressed += b"\xa0\x80\x04" + bytes((0x81, len(squeezed))) + squeezed + b"\x00\x00" * 5
    assert cms_kind(compressed) is CmsKind.COMPRESSED
    assert open_cms(compressed, CmsKind.COMPRESSED, 10_000).content == PDF
    assert not open_cms(compressed, CmsKind.COMPRESSED, 10).sound


@given(st.binary(max_size=120), st.integers(1, 9))
def test_any_damage_to_cms_is_survived(content: bytes, kind: int) -> None:
    content = b"\x30\x80\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x07" + bytes((kind,)) + content
    found = cms_kind(content)
    if found in {CmsKind.SIGNED, CmsKind.COMPRESSED}:
        open_cms(content, found, 1000)


def test_a_message_in_base64_or_as_an_eml_file_is_opened() -> None:
    inner = (HEAD + multipart("mixed", attached(PDF, "a.pdf"), boundary="in")).encode()
    for headers in (
        "Content-Type: message/rfc822",
        'Content-Type: application/octet-stream; name="thư.eml"',
        'Content-Type: text/plain\r\nContent-Disposition: attachment; filename="thư.eml"',
    ):
        taken = take(HEAD + multipart("mixed", text_part("x"), leaf(inner, headers)))
        assert taken.decisions()["2"] is PartDecision.CONTAINER
        assert taken.documents() == ["a.pdf"]


def test_a_text_that_begins_like_a_header_stays_a_text() -> None:
    text = "From: Nguyễn Văn A\r\nSubject: họp\r\nDate: hôm qua\r\nTo: B\r\n\r\nKính gửi"
    taken = take(HEAD + text_part(text))
    assert taken.decisions() == {"1": PartDecision.BODY}


def test_a_digest_holds_messages_by_default() -> None:
    taken = take(HEAD + multipart("digest", "\r\nFrom: a@b.vn\r\n\r\nx", "\r\nFrom: c@d.vn\r\n\r\ny"))
    assert [taken.part(path).decision for path in ("1", "2")] == [PartDecision.CONTAINER] * 2


def test_uuencoded_files_in_a_text_become_parts() -> None:
    text = "Kính gửi\r\nbegin 644 van ban.txt\r\n#0V%T\r\n`\r\nend\r\nTrân trọng"
    taken = take(HEAD + text_part(text))
    assert taken.decisions() == {"1": PartDecision.BODY, "1.1": PartDecision.DOCUMENT}
    assert taken.contents["1.1"] == b"Cat"
    assert taken.part("1.1").name == "van ban.txt"
