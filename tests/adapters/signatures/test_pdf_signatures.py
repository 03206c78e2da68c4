"""What each signature of a file is worth, and why."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from gateway.adapters.signatures import TrustAnchors, UnreadablePdf, validate_signatures
from gateway.demo.pki import make_authority, make_root, make_seal
from gateway.model.signature import Coverage, Signature, SignatureVerdict, SignerKind
from tests import pki
from tests.pki import NOW, sign_pdf


class FixedClock:
    def now(self) -> datetime:
        return NOW + timedelta(days=1)


def check(pdf: bytes, folder: Path, anchors: TrustAnchors | None = None) -> tuple[Signature, ...]:
    file = folder / "file.pdf"
    file.write_bytes(pdf)
    signatures, _ = validate_signatures(file, pki.anchors() if anchors is None else anchors, FixedClock())
    return signatures


def sealed(**options: object) -> bytes:
    return sign_pdf(pki.plain_pdf(), pki.pki().seal, field="Signature1", signed_at=NOW, **options)  # type: ignore[arg-type]


def test_an_unsigned_file_has_no_signatures(tmp_path: Path) -> None:
    assert check(pki.plain_pdf(), tmp_path) == ()


@pytest.mark.parametrize("content", [b"", b"not a PDF", b"%PDF-1.7\n", pki.plain_pdf()[:200]])
def test_a_damaged_file_without_a_trace_of_signatures_has_none(tmp_path: Path, content: bytes) -> None:
    assert check(content, tmp_path) == ()


@pytest.mark.parametrize("content", [b"%PDF-1.7 /ByteRange [0 1 2 3]", b"%PDF-1.7\n<</Type /Sig>>"])
def test_a_damaged_file_with_a_trace_of_signatures_is_told_from_an_unsigned_one(tmp_path: Path, content: bytes) -> None:
    with pytest.raises(UnreadablePdf, match="không đọc được"):
        check(content, tmp_path)


def test_a_seal_over_the_whole_file_is_valid(tmp_path: Path) -> None:
    (signature,) = check(sealed(), tmp_path)
    assert signature.verdict is SignatureVerdict.VALID
    assert (signature.intact, signature.valid, signature.trusted) == (True, True, True)
    assert signature.coverage is Coverage.WHOLE
    assert signature.signer == pki.AGENCY
    assert signature.organisation == pki.PROVINCE
    assert signature.kind is SignerKind.SEAL
    assert signature.signed_at == NOW
    assert signature.timestamped_at is None
    assert "hợp lệ" in signature.cause
    assert "thu hồi" in signature.cause


def test_a_person_and_then_the_seal_are_both_valid_in_that_order(tmp_path: Path) -> None:
    person, seal = check(pki.sealed_pdf(), tmp_path)
    assert (person.verdict, seal.verdict) == (SignatureVerdict.VALID, SignatureVerdict.VALID)
    assert (person.coverage, seal.coverage) == (Coverage.EXTENDED_ALLOWED, Coverage.WHOLE)
    assert (person.kind, seal.kind) == (SignerKind.PERSON, SignerKind.SEAL)
    assert person.signer == pki.PERSON
    assert person.organisation == f"PHÒNG KẾ HOẠCH TỔNG HỢP, {pki.AGENCY}, {pki.PROVINCE}"


def test_five_signatures_are_all_judged(tmp_path: Path) -> None:
    pdf = pki.plain_pdf()
    for number in range(5):
        pdf = sign_pdf(pdf, pki.pki().seal, field=f"Signature{number}", signed_at=NOW)
    signatures = check(pdf, tmp_path)
    assert [signature.verdict for signature in signatures] == [SignatureVerdict.VALID] * 5
    assert [signature.coverage for signature in signatures] == [Coverage.EXTENDED_ALLOWED] * 4 + [Coverage.WHOLE]


def test_a_trusted_time_stamp_is_told(tmp_path: Path) -> None:
    (signature,) = check(sealed(stamper=pki.pki().stamp), tmp_path)
    assert (signature.verdict, signature.timestamped_at) == (SignatureVerdict.VALID, NOW)


def test_a_time_stamp_over_the_document_is_nobodys_signature(tmp_path: Path) -> None:
    assert check(pki.stamp_document(pki.plain_pdf()), tmp_path) == ()
    (signature,) = check(pki.stamp_document(sealed()), tmp_path)
    assert (signature.signer, signature.verdict) == (pki.AGENCY, SignatureVerdict.VALID)
    assert signature.coverage is Coverage.EXTENDED_ALLOWED


def test_a_time_stamp_of_a_stranger_is_not_believed(tmp_path: Path) -> None:
    (signature,) = check(sealed(stamper=pki.strange_stamper()), tmp_path)
    assert (signature.verdict, signature.timestamped_at) == (SignatureVerdict.VALID, None)
    assert "dấu thời gian không kiểm chứng được" in signature.notes


def test_a_sha1_digest_is_valid_but_weak(tmp_path: Path) -> None:
    (signature,) = check(sealed(digest="sha1"), tmp_path)
    assert (signature.verdict, signature.trusted) == (SignatureVerdict.VALID_WEAK, True)
    assert "SHA-1 trong chữ ký" in signature.cause


def test_a_sha1_chain_is_valid_but_weak(tmp_path: Path) -> None:
    seal, anchors = pki.first_generation()
    (signature,) = check(sign_pdf(pki.plain_pdf(), seal, field="S", signed_at=NOW), tmp_path, anchors)
    assert (signature.verdict, signature.trusted) == (SignatureVerdict.VALID_WEAK, True)
    assert "SHA-1 trong chứng thư" in signature.cause


def test_a_chain_without_its_intermediate_is_untrusted_and_names_it(tmp_path: Path) -> None:
    (signature,) = check(sealed(), tmp_path, replace(pki.anchors(), intermediates=()))
    assert (signature.verdict, signature.intact, signature.trusted) == (SignatureVerdict.UNTRUSTED, True, False)
    assert "thiếu chứng thư của cơ quan cấp “CA phục vụ các cơ quan trình diễn G2”" in signature.cause


def test_an_intermediate_alone_gives_no_trust(tmp_path: Path) -> None:
    anchors = TrustAnchors((), pki.anchors().intermediates)
    (signature,) = check(sealed(), tmp_path, anchors)
    assert (signature.verdict, signature.trusted) == (SignatureVerdict.UNTRUSTED, False)


def test_nothing_is_trusted_without_anchors(tmp_path: Path) -> None:
    (signature,) = check(sealed(), tmp_path, TrustAnchors())
    assert signature.verdict is SignatureVerdict.UNTRUSTED


def test_a_seal_of_the_same_name_from_elsewhere_is_untrusted(tmp_path: Path) -> None:
    pdf = sign_pdf(pki.plain_pdf(), pki.stranger(), field="S", signed_at=NOW)
    (signature,) = check(pdf, tmp_path)
    assert (signature.signer, signature.verdict) == (pki.AGENCY, SignatureVerdict.UNTRUSTED)
    assert "Cơ quan chứng thực lạ" in signature.cause


def test_an_authority_that_only_bears_a_trusted_name_is_untrusted(tmp_path: Path) -> None:
    root = make_root(NOW, "RootCA trình diễn G2")
    authority = make_authority(root, NOW, "CA phục vụ các cơ quan trình diễn G2")
    pdf = sign_pdf(pki.plain_pdf(), make_seal(authority, NOW, pki.AGENCY, pki.PROVINCE), field="S", signed_at=NOW)
    (signature,) = check(pdf, tmp_path)
    assert (signature.verdict, signature.trusted) == (SignatureVerdict.UNTRUSTED, False)


def test_a_certificate_that_has_expired_since_signing_is_still_good(tmp_path: Path) -> None:
    then = datetime(2020, 1, 6, tzinfo=UTC)
    root = make_root(then, "Gốc cũ")
    authority = make_authority(root, then, "CA cũ")
    seal = make_seal(authority, then, pki.AGENCY, pki.PROVINCE)
    pdf = sign_pdf(pki.plain_pdf(), seal, field="S", signed_at=then)
    (signature,) = check(pdf, tmp_path, TrustAnchors((root.der,), (authority.der,)))
    assert signature.verdict is SignatureVerdict.VALID


def test_a_certificate_expired_before_signing_is_not(tmp_path: Path) -> None:
    pdf = sign_pdf(pki.plain_pdf(), pki.expired(), field="S", signed_at=NOW)
    (signature,) = check(pdf, tmp_path)
    assert (signature.verdict, signature.trusted) == (SignatureVerdict.UNTRUSTED, False)
    assert "thời điểm ký" in signature.cause


def test_local_time_labelled_utc_is_remarked_and_does_no_harm(tmp_path: Path) -> None:
    mislabelled = NOW + timedelta(hours=7)
    pdf = sign_pdf(
        *(pki.plain_pdf(), pki.pki().seal), field="S", signed_at=mislabelled, stamper=pki.pki().stamp, stamped_at=NOW
    )
    (signature,) = check(pdf, tmp_path)
    assert (signature.verdict, signature.signed_at) == (SignatureVerdict.VALID, mislabelled)
    assert any("lệch 7 giờ" in note for note in signature.notes)


def test_a_changed_byte_makes_a_signature_invalid(tmp_path: Path) -> None:
    (signature,) = check(pki.tamper_after_signing(sealed()), tmp_path)
    assert (signature.verdict, signature.intact) == (SignatureVerdict.INVALID, False)
    assert "thay đổi sau khi ký" in signature.cause


def test_a_page_replaced_after_signing_makes_a_signature_invalid(tmp_path: Path) -> None:
    (signature,) = check(pki.replace_page_after_signing(sealed()), tmp_path)
    assert (signature.verdict, signature.intact) == (SignatureVerdict.INVALID, True)
    assert signature.coverage is Coverage.MODIFIED


def test_a_later_seal_does_not_heal_what_was_changed_in_between(tmp_path: Path) -> None:
    pdf = pki.replace_page_after_signing(sealed())
    first, second = check(sign_pdf(pdf, pki.pki().seal, field="Second", signed_at=NOW), tmp_path)
    assert first.verdict is SignatureVerdict.INVALID
    assert second.verdict is SignatureVerdict.VALID


def test_bytes_appended_after_the_last_signature_are_noticed(tmp_path: Path) -> None:
    (signature,) = check(sealed() + b"\n% more\n", tmp_path)
    assert signature.coverage is not Coverage.WHOLE


@pytest.mark.parametrize("removed", [b"/ByteRange", b"/Contents <"])
def test_a_signature_without_its_vital_parts_is_invalid_not_absent(tmp_path: Path, removed: bytes) -> None:
    pdf = sealed()
    start = pdf.rindex(removed)
    (signature,) = check(pdf[: start + 2] + b"x" + pdf[start + 3 :], tmp_path)
    assert signature.verdict is SignatureVerdict.INVALID


def test_a_signature_of_an_unknown_kind_is_never_passed_over(tmp_path: Path) -> None:
    pdf = sealed().replace(b"/ETSI.CAdES.detached", b"/adbe.x509.rsa_sha99")
    (signature,) = check(pdf, tmp_path)
    assert signature.verdict is SignatureVerdict.INVALID
