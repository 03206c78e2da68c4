"""The signature of a mail itself, as OpenSSL makes it."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography.hazmat.primitives import serialization

from gateway.adapters.signatures.cms import UnreadableCms
from gateway.adapters.signatures.smime import UnreadableMail, validate_mail
from gateway.demo.pki import Identity
from gateway.model.signature import Carrier, Coverage, Signature, SignerKind
from gateway.model.signature import SignatureVerdict as Verdict
from tests import pki
from tests.adapters.signatures.openssl import openssl
from tests.certificates import issue, rsa_key

SENDER = "can.bo@so.example.vn"
ENTITY = (
    "Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\n\r\n"
    "Kính gửi Sở,\r\n\r\n  Quyết định kèm theo.\r\n"
).encode()
OPAQUE = ("-nodetach",)


class Today:
    def now(self) -> datetime:
        return datetime.now(UTC) + timedelta(minutes=5)


def mail(folder: Path, *options: str, by: Identity | None = None, sender: str = SENDER) -> bytes:
    """A mail as `openssl cms -sign` writes it."""
    identity = by or pki.pki().person
    key = identity.key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    (folder / "who.pem").write_bytes(identity.pem + key)
    made = openssl("cms", "-sign", "-crlfeol", "-signer", folder / "who.pem", *options, given=ENTITY)
    return f"From: Trần Thị Mẫu <{sender}>\r\nTo: vb@so.example.vn\r\nSubject: CV 12\r\n".encode() + made


def check(raw: bytes, folder: Path) -> tuple[Signature, ...]:
    file = folder / "mail.eml"
    file.write_bytes(raw)
    return validate_mail(file, pki.anchors(), Today())[0]


@pytest.mark.parametrize("options", [(), OPAQUE], ids=["clear", "opaque"])
def test_a_signed_mail_is_valid_and_its_sender_the_one_in_the_certificate(
    tmp_path: Path, options: tuple[str, ...]
) -> None:
    (signature,) = check(mail(tmp_path, *options), tmp_path)
    assert signature.verdict is Verdict.VALID
    assert (signature.carrier, signature.coverage) == (Carrier.SMIME, Coverage.WHOLE)
    assert (signature.signer, signature.kind, signature.mailbox) == (pki.PERSON, SignerKind.PERSON, SENDER)
    assert signature.notes == ()
    assert signature.covers == ("nội dung thư",)


def test_line_ends_lost_on_the_way_do_not_matter(tmp_path: Path) -> None:
    (signature,) = check(mail(tmp_path).replace(b"\r\n", b"\n"), tmp_path)
    assert signature.verdict is Verdict.VALID


@pytest.mark.parametrize(
    "alter",
    [
        lambda raw: raw.replace("Quyết".encode(), "Quyêt".encode()),
        lambda raw: raw.replace(b"charset=utf-8", b"charset=utf-7"),
        lambda raw: raw.replace(b"  Quy", b" Quy"),
        lambda raw: raw.replace(b"theo.\r\n", b"theo.\r\n\r\n"),
    ],
    ids=["text", "header of the part", "white space", "line added"],
)
def test_what_is_altered_in_the_signed_part_is_invalid(tmp_path: Path, alter: Callable[[bytes], bytes]) -> None:
    raw = mail(tmp_path)
    (signature,) = check(alter(raw), tmp_path)
    assert alter(raw) != raw
    assert (signature.verdict, signature.intact) == (Verdict.INVALID, False)


def test_a_part_more_is_invalid(tmp_path: Path) -> None:
    raw = mail(tmp_path)
    boundary = raw[raw.rindex(b"------") : raw.rindex(b"--")]
    more = boundary + b"\r\nContent-Type: text/plain\r\n\r\nXem them.\r\n"
    at = raw.rindex(boundary)
    (signature,) = check(raw[:at] + more + raw[at:], tmp_path)
    assert signature.verdict is Verdict.INVALID
    assert "ngoài phạm vi được ký" in signature.cause


FORGED = b"Content-Type: application/pdf; name=a.pdf\r\n\r\n%PDF-1.7 forged\r\n"


def hidden(raw: bytes, way: str) -> bytes:
    """The signed mail with a part more where only some readers look for one."""
    boundary = raw[raw.rindex(b"------") : raw.rindex(b"--")]
    head, _, body = raw.partition(b"\r\n\r\n")
    end = boundary + b"--"
    match way:
        case "after the end":
            return raw + b"\r\n" + boundary + b"\r\n" + FORGED + end + b"\r\n"
        case "before the first":
            return head + b"\r\n\r\nxem\r" + boundary + b"\r\n" + FORGED + b"\r\n" + body
        case "not ended":
            return raw[: raw.rindex(end)] + boundary + b"\r\n" + FORGED
        case _:
            at = raw.rindex(b"Content-Type: application/pkcs7-signature")
            message = raw[raw.index(b"\r\n\r\n", at) + 4 : raw.rindex(end)]
            pem = b"-----BEGIN PKCS7-----\n" + message.strip() + b"\n-----END PKCS7-----\n"
            inner = b'Content-Type: multipart/signed; boundary="tt"\r\n\r\n--tt\r\n' + FORGED + b"\r\n--tt\r\n"
            return raw[:at] + inner + pem + b"\r\n--tt--\r\n" + raw[raw.rindex(end) :]


@pytest.mark.parametrize("way", ["after the end", "before the first", "not ended", "in place of the signature"])
def test_a_part_that_only_some_readers_see_is_never_beside_a_valid_signature(tmp_path: Path, way: str) -> None:
    raw = hidden(mail(tmp_path), way)
    assert FORGED in raw
    try:
        found = check(raw, tmp_path)
    except (UnreadableMail, UnreadableCms):
        return
    assert [signature.verdict for signature in found] == [Verdict.INVALID]


def test_another_sender_is_a_note_and_not_a_verdict(tmp_path: Path) -> None:
    (signature,) = check(mail(tmp_path, sender="ke.khac@so.example.vn"), tmp_path)
    assert signature.verdict is Verdict.VALID
    (note,) = signature.notes
    assert note == f"chứng thư ghi địa chỉ {SENDER} khác địa chỉ người gửi ke.khac@so.example.vn"


def test_the_case_of_an_address_does_not_matter_and_a_second_sender_does(tmp_path: Path) -> None:
    (same,) = check(mail(tmp_path, sender=SENDER.upper()), tmp_path)
    (two,) = check(mail(tmp_path, sender=f"{SENDER}>, <ke.khac@so.example.vn"), tmp_path)
    assert same.notes == ()
    assert "ke.khac@so.example.vn" in two.notes[0]


def test_a_certificate_without_an_address_is_remarked_upon(tmp_path: Path) -> None:
    (signature,) = check(mail(tmp_path, by=pki.pki().seal), tmp_path)
    assert signature.verdict is Verdict.VALID
    assert "không ghi địa chỉ" in signature.notes[0]


def test_a_stranger_is_untrusted(tmp_path: Path) -> None:
    (signature,) = check(mail(tmp_path, by=pki.stranger()), tmp_path)
    assert signature.verdict is Verdict.UNTRUSTED


def test_two_signers_are_each_judged(tmp_path: Path) -> None:
    seal = pki.pki().seal
    key = seal.key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    (tmp_path / "seal.pem").write_bytes(seal.pem + key)
    signatures = check(mail(tmp_path, "-signer", str(tmp_path / "seal.pem")), tmp_path)
    assert {(each.signer, each.verdict) for each in signatures} == {
        (pki.PERSON, Verdict.VALID),
        (pki.AGENCY, Verdict.VALID),
    }


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"From: a@b.example\r\n\r\nKinh gui\r\n",
        b"Content-Type: multipart/mixed; boundary=a\r\n\r\n--a\r\n\r\nx\r\n--a--\r\n",
        b'Content-Type: multipart/signed; protocol="application/pgp-signature"; boundary=a\r\n\r\n--a\r\n\r\nx\r\n'
        b"--a\r\nContent-Type: application/pgp-signature\r\n\r\ny\r\n--a--\r\n",
    ],
    ids=["empty", "plain", "mixed", "OpenPGP"],
)
def test_a_mail_that_is_not_signed_so_has_no_signature(tmp_path: Path, raw: bytes) -> None:
    assert check(raw, tmp_path) == ()


def test_an_encrypted_mail_has_no_signature_to_be_seen(tmp_path: Path) -> None:
    receiver = issue(pki.pki().authority, "Người nhận", pki.NOW, key=rsa_key())
    (tmp_path / "to.pem").write_bytes(receiver.pem)
    assert check(openssl("cms", "-encrypt", tmp_path / "to.pem", given=ENTITY), tmp_path) == ()


@pytest.mark.parametrize(
    "raw",
    [
        b'Content-Type: multipart/signed; protocol="application/pkcs7-signature"\r\n\r\nx\r\n',
        b'Content-Type: multipart/signed; protocol="application/pkcs7-signature"; boundary=a\r\n\r\n--a\r\n\r\nx\r\n',
        b"Content-Type: application/pkcs7-mime; smime-type=signed-data\r\nContent-Type: text/plain\r\n\r\nx\r\n",
    ],
    ids=["no boundary", "cut off", "two types"],
)
def test_a_mail_that_says_it_is_signed_and_cannot_be_followed_is_not_readable(tmp_path: Path, raw: bytes) -> None:
    with pytest.raises(UnreadableMail):
        check(raw, tmp_path)


def test_a_signature_that_is_no_message_is_not_readable(tmp_path: Path) -> None:
    raw = mail(tmp_path)
    at = raw.index(b"MI", raw.rindex(b"smime.p7s"))
    with pytest.raises(UnreadableCms):
        check(raw[:at] + b"AAAA" + raw[at + 4 :], tmp_path)
