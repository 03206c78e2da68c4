"""Signatures around and beside files, as OpenSSL makes them."""

import asyncio
import base64
import hashlib
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from asn1crypto import cms as asn1
from asn1crypto import keys as asn1_keys
from asn1crypto import x509 as asn1_x509
from cryptography.hazmat.primitives import serialization
from pyhanko.sign.timestamps.dummy_client import DummyTimeStamper

from gateway.adapters.signatures.anchors import TrustAnchors
from gateway.adapters.signatures.cms import (
    UnreadableCms,
    enclosed,
    may_be_signed,
    validate_detached,
    validate_enveloping,
)
from gateway.demo.pki import Identity
from gateway.model.signature import Carrier, Coverage, ProofKind, Signature, SignerKind
from gateway.model.signature import SignatureVerdict as Verdict
from tests import pki
from tests.adapters.signatures.openssl import DOCUMENT, openssl, signed
from tests.certificates import crl, issue, rsa_key

TODAY = datetime.now(UTC) + timedelta(minutes=5)
IN = "-nodetach"
PSS = ("-keyopt", "rsa_padding_mode:pss")


class Today:
    def now(self) -> datetime:
        return TODAY


def people() -> pki.Pki:
    return pki.pki()


def inside(message: bytes, folder: Path, anchors: TrustAnchors | None = None) -> tuple[Signature, ...]:
    file = folder / "file.p7m"
    file.write_bytes(message)
    return validate_enveloping(file, anchors or pki.anchors(), Today())[0]


def beside(message: bytes, folder: Path, content: bytes = DOCUMENT) -> tuple[Signature, ...]:
    file, other = folder / "file.p7s", folder / "file.pdf"
    file.write_bytes(message)
    other.write_bytes(content)
    return validate_detached(file, other, pki.anchors(), Today())[0]


def parsed(message: bytes) -> asn1.ContentInfo:
    return asn1.ContentInfo.load(message)


@pytest.mark.parametrize("tool", ["cms", "smime"])
@pytest.mark.parametrize("form", ["DER", "PEM"])
def test_a_document_in_its_signature_is_valid_and_can_be_taken_out(tmp_path: Path, form: str, tool: str) -> None:
    (signature,) = inside(signed(tmp_path, [people().seal], IN, form=form, tool=tool), tmp_path)
    assert signature.verdict is Verdict.VALID
    assert (signature.intact, signature.valid, signature.trusted) == (True, True, True)
    assert (signature.carrier, signature.coverage) == (Carrier.CMS, Coverage.WHOLE)
    assert (signature.signer, signature.kind) == (pki.AGENCY, SignerKind.SEAL)
    assert signature.algorithm == "ECDSA, SHA-256"
    assert signature.signed_at is not None
    assert "thu hồi" in signature.cause
    assert enclosed(tmp_path / "file.p7m") == DOCUMENT


def test_of_many_files_the_one_whose_digest_is_named_is_judged(tmp_path: Path) -> None:
    files = [tmp_path / f"{number}.pdf" for number in range(3)]
    for number, file in enumerate(files):
        file.write_bytes(DOCUMENT if number == 1 else b"%d" % number)
    signature, without = tmp_path / "a.p7s", tmp_path / "b.p7s"
    signature.write_bytes(signed(tmp_path, [people().seal]))
    without.write_bytes(signed(tmp_path, [people().seal], "-noattr"))
    assert may_be_signed(signature, files) == [files[1]]
    assert may_be_signed(signature, [files[0], files[2]]) == [files[0]]
    assert may_be_signed(without, files) == files


def test_bare_base64_and_streamed_ber_are_read_too(tmp_path: Path) -> None:
    for message in (
        base64.encodebytes(signed(tmp_path, [people().seal], IN)),
        signed(tmp_path, [people().seal], IN, "-stream"),
    ):
        (signature,) = inside(message, tmp_path)
        assert signature.verdict is Verdict.VALID
        assert enclosed(tmp_path / "file.p7m") == DOCUMENT


@pytest.mark.parametrize("options", [(), ("-cades",), ("-noattr",), ("-md", "sha512")])
def test_a_signature_beside_a_document_is_valid_and_names_it(tmp_path: Path, options: tuple[str, ...]) -> None:
    (signature,) = beside(signed(tmp_path, [people().seal], *options), tmp_path)
    assert signature.verdict is Verdict.VALID
    assert signature.covers == ("file.pdf",)


@pytest.mark.parametrize("options", [(), PSS])
def test_rsa_is_read_in_both_paddings(tmp_path: Path, options: tuple[str, ...]) -> None:
    seal = issue(people().authority, pki.AGENCY, pki.NOW, key=rsa_key())
    file = tmp_path / "key.pem"
    key = seal.key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    file.write_bytes(seal.pem + key)
    message = openssl("cms", "-sign", "-binary", "-outform", "DER", "-signer", file, *options, given=DOCUMENT)
    (signature,) = beside(message, tmp_path)
    assert signature.verdict is Verdict.VALID
    assert signature.algorithm == ("RSA-PSS, SHA-256" if options else "RSA, SHA-256")


def test_several_signers_are_each_judged(tmp_path: Path) -> None:
    message = signed(tmp_path, [people().person, people().seal, pki.stranger()])
    signatures = beside(message, tmp_path)
    verdicts = {(each.signer, each.verdict) for each in signatures}
    assert verdicts == {
        (pki.PERSON, Verdict.VALID),
        (pki.AGENCY, Verdict.VALID),
        (pki.AGENCY, Verdict.UNTRUSTED),
    }
    assert len({each.name for each in signatures}) == 3


@pytest.mark.parametrize(
    "content", [b"", DOCUMENT[:-1], DOCUMENT + b"\n", DOCUMENT.replace(b"\r\n", b"\n"), DOCUMENT.swapcase()]
)
def test_another_document_beside_the_signature_is_invalid(tmp_path: Path, content: bytes) -> None:
    (signature,) = beside(signed(tmp_path, [people().seal]), tmp_path, content)
    assert (signature.verdict, signature.intact, signature.coverage) == (Verdict.INVALID, False, Coverage.MODIFIED)
    assert "thay đổi" in signature.cause


def test_a_message_whose_own_content_differs_from_the_document_is_invalid(tmp_path: Path) -> None:
    (signature,) = beside(signed(tmp_path, [people().seal], IN), tmp_path, DOCUMENT + b"x")
    assert signature.verdict is Verdict.INVALID
    (same,) = beside(signed(tmp_path, [people().seal], IN), tmp_path)
    assert same.verdict is Verdict.VALID


def test_content_altered_inside_is_invalid(tmp_path: Path) -> None:
    message = signed(tmp_path, [people().seal], IN).replace(b"QUY", b"GUY", 1)
    (signature,) = inside(message, tmp_path)
    assert (signature.verdict, signature.intact) == (Verdict.INVALID, False)


def test_a_signature_without_its_document_is_unknown_but_tells_the_signer(tmp_path: Path) -> None:
    (signature,) = inside(signed(tmp_path, [people().seal]), tmp_path)
    assert (signature.verdict, signature.intact, signature.signer) == (Verdict.UNKNOWN, None, pki.AGENCY)
    assert "không có tệp được ký" in signature.cause


def test_an_altered_signed_attribute_makes_the_value_wrong(tmp_path: Path) -> None:
    info = parsed(signed(tmp_path, [people().seal]))
    attributes = info["content"]["signer_infos"][0]["signed_attrs"]
    for attribute in attributes:
        if attribute["type"].native == "signing_time":
            attribute["values"][0] = asn1.Time("utc_time", datetime(2026, 3, 2, tzinfo=UTC))
    (signature,) = beside(info.dump(force=True), tmp_path)
    assert (signature.verdict, signature.valid) == (Verdict.INVALID, False)


def test_another_certificate_with_the_same_name_and_number_does_not_fit(tmp_path: Path) -> None:
    info = parsed(signed(tmp_path, [people().seal], "-cades"))
    own = info["content"]["certificates"][0].chosen
    other = asn1_x509.Certificate.load(people().person.der).copy()
    other["tbs_certificate"]["serial_number"] = own.serial_number
    info["content"]["certificates"] = [asn1_x509.Certificate.load(other.dump(force=True))]
    (signature,) = beside(info.dump(force=True), tmp_path)
    assert signature.verdict is Verdict.INVALID
    assert "không phải chứng thư" in signature.cause


def test_a_message_without_certificates_is_unknown(tmp_path: Path) -> None:
    (signature,) = beside(signed(tmp_path, [people().seal], "-nocerts"), tmp_path)
    assert (signature.verdict, signature.signer) == (Verdict.UNKNOWN, "")
    assert "chứng thư" in signature.cause


def test_sha1_is_weak_and_md5_is_refused(tmp_path: Path) -> None:
    (weak,) = beside(signed(tmp_path, [people().seal], "-md", "sha1"), tmp_path)
    info = parsed(signed(tmp_path, [people().seal]))
    info["content"]["signer_infos"][0]["digest_algorithm"] = {"algorithm": "md5"}
    (refused,) = beside(info.dump(force=True), tmp_path)
    assert (weak.verdict, refused.verdict) == (Verdict.VALID_WEAK, Verdict.INVALID)
    assert "SHA-1" in weak.cause
    assert "không được chấp nhận" in refused.cause


@pytest.mark.parametrize(
    ("signer", "cause"), [(pki.stranger, "gốc"), (pki.expired, "hết hạn")], ids=["strange", "expired"]
)
def test_who_cannot_be_trusted_is_told(tmp_path: Path, signer: object, cause: str) -> None:
    assert callable(signer)
    (signature,) = beside(signed(tmp_path, [signer()]), tmp_path)
    assert (signature.verdict, signature.intact, signature.valid) == (Verdict.UNTRUSTED, True, True)
    assert cause in signature.cause


def test_lists_that_come_in_the_message_are_heard(tmp_path: Path) -> None:
    listed = crl(people().authority, TODAY - timedelta(hours=1), [(people().seal, TODAY - timedelta(days=2))])
    info = parsed(signed(tmp_path, [people().seal]))
    info["content"]["crls"] = [asn1.RevocationInfoChoice("crl", asn1.CertificateList.load(listed))]
    (signature,) = beside(info.dump(force=True), tmp_path)
    assert signature.verdict is Verdict.UNTRUSTED
    assert "thu hồi" in signature.cause


def stamped(message: bytes, stamper: Identity, moment: datetime, *, value: bytes | None = None) -> bytes:
    info = parsed(message)
    signer = info["content"]["signer_infos"][0]
    key = stamper.key.private_bytes(
        serialization.Encoding.DER, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    client = DummyTimeStamper(
        asn1_x509.Certificate.load(stamper.der), asn1_keys.PrivateKeyInfo.load(key), fixed_dt=moment
    )
    imprint = hashlib.sha256(value or signer["signature"].native).digest()
    token = asyncio.run(client.async_timestamp(imprint, "sha256"))
    signer["unsigned_attrs"] = [asn1.CMSAttribute({"type": "signature_time_stamp_token", "values": [token]})]
    return bytes(info.dump(force=True))


def test_a_time_stamp_over_the_value_is_believed_and_kept_as_proof(tmp_path: Path) -> None:
    moment = datetime.now(UTC).replace(microsecond=0)
    message = stamped(signed(tmp_path, [people().seal]), people().stamp, moment)
    (signature,) = beside(message, tmp_path)
    _, proofs = validate_detached(tmp_path / "file.p7s", tmp_path / "file.pdf", pki.anchors(), Today())
    assert (signature.verdict, signature.timestamped_at) == (Verdict.VALID, moment)
    assert ProofKind.TIME_STAMP in {each.kind for each in proofs}


@pytest.mark.parametrize("strange", [True, False])
def test_a_time_stamp_that_does_not_hold_is_a_note(tmp_path: Path, strange: bool) -> None:
    stamper = pki.strange_stamper() if strange else people().stamp
    message = signed(tmp_path, [people().seal])
    (signature,) = beside(stamped(message, stamper, pki.NOW, value=None if strange else b"else"), tmp_path)
    assert (signature.verdict, signature.timestamped_at) == (Verdict.VALID, None)
    assert any("dấu thời gian" in note for note in signature.notes)


def test_certificates_alone_are_no_signature(tmp_path: Path) -> None:
    message = signed(tmp_path, [people().seal], IN)
    info = parsed(message)
    info["content"]["signer_infos"] = []
    assert inside(info.dump(force=True), tmp_path) == ()


@pytest.mark.parametrize("content", [b"", b"not CMS", b"\x30\x03\x02\x01\x01", b"-----BEGIN CMS-----\nMA==\n"])
def test_what_is_no_message_is_not_readable(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "file.p7s"
    file.write_bytes(content)
    with pytest.raises(UnreadableCms):
        validate_enveloping(file, pki.anchors(), Today())


def test_an_encrypted_message_is_told_from_a_signed_one(tmp_path: Path) -> None:
    receiver = issue(people().authority, "Người nhận", pki.NOW, key=rsa_key())
    (tmp_path / "to.pem").write_bytes(receiver.pem)
    file = tmp_path / "file.p7m"
    file.write_bytes(openssl("cms", "-encrypt", "-outform", "DER", tmp_path / "to.pem", given=DOCUMENT))
    with pytest.raises(UnreadableCms, match="mã hóa"):
        validate_enveloping(file, pki.anchors(), Today())


@pytest.mark.parametrize("at", range(0, 1000, 41))
def test_no_byte_can_be_changed_for_another_signer_or_content(tmp_path: Path, at: int) -> None:
    message = bytearray(signed(tmp_path, [people().seal], IN))
    message[at % len(message)] ^= 0x01
    try:
        signatures = inside(bytes(message), tmp_path)
    except UnreadableCms:
        return
    for signature in signatures:
        if signature.verdict is Verdict.VALID:
            assert signature.signer == pki.AGENCY
            assert enclosed(tmp_path / "file.p7m") == DOCUMENT


def test_a_revoked_signer_is_not_trusted_by_a_list_in_the_folder(tmp_path: Path) -> None:
    listed = crl(people().authority, TODAY - timedelta(hours=1), [(people().seal, TODAY - timedelta(days=2))])
    anchors = replace(pki.anchors(), crls=(listed,))
    (signature,) = inside(signed(tmp_path, [people().seal], IN), tmp_path, anchors)
    assert signature.verdict is Verdict.UNTRUSTED
