"""Public test suites, published attacks and real documents of the province."""

import csv
from pathlib import Path

import pytest

from gateway.adapters.signatures import TrustAnchors, UnreadablePdf, load_anchors, validate_signatures
from gateway.model.signature import Coverage, Signature, SignatureVerdict, SignerKind
from tests.adapters.signatures.corpus_table import WHY, rows

SHARED = Path(__file__).parents[4] / "shared"
CORPUS = SHARED / "corpora" / "signed-pdf"
CERTIFICATES = SHARED / "domain" / "certs"

pytestmark = pytest.mark.corpus


def _files(*expected: str, folder: str = "") -> list[str]:
    with (CORPUS / "index.csv").open(newline="") as index:
        rows = [row for row in csv.DictReader(index) if row["file"].startswith(folder)]
    return [row["file"] for row in rows if row["expected_integrity"] in expected]


def _anchors() -> TrustAnchors:
    return load_anchors(CERTIFICATES)


def _check(name: str) -> tuple[Signature, ...] | None:
    """None where the file cannot be read."""
    try:
        return validate_signatures(CORPUS / name, _anchors())[0]
    except UnreadablePdf:
        return None


@pytest.mark.parametrize("name", _files("attack"))
def test_no_attack_passes(name: str) -> None:
    """Something of the file is called invalid, or nothing of it can be read."""
    signatures = _check(name)
    assert signatures is None or SignatureVerdict.INVALID in {signature.verdict for signature in signatures}
    assert not any(
        signature.verdict in {SignatureVerdict.VALID, SignatureVerdict.VALID_WEAK} for signature in signatures or ()
    )


@pytest.mark.parametrize("name", _files("broken", "coverage-anomaly"))
def test_no_broken_signature_passes(name: str) -> None:
    signatures = _check(name)
    assert signatures
    assert SignatureVerdict.INVALID in {signature.verdict for signature in signatures}


@pytest.mark.parametrize("name", _files("intact-allowed-update"))
def test_allowed_changes_leave_a_signature_intact(name: str) -> None:
    signatures = _check(name)
    assert signatures
    assert all(signature.intact and signature.valid for signature in signatures)
    assert {signature.coverage for signature in signatures} <= {Coverage.WHOLE, Coverage.EXTENDED_ALLOWED}


@pytest.mark.parametrize("name", _files("unsigned"))
def test_unsigned_files_however_malformed_have_no_signatures(name: str) -> None:
    assert not _check(name)


@pytest.mark.parametrize("name", _files("intact", folder="vn-vgca/"))
def test_real_documents_are_intact_and_trusted_as_far_as_the_chain_is_known(name: str) -> None:
    """Seals of the first generation lack their intermediate, and are told so."""
    signatures = _check(name)
    assert signatures
    assert signatures[-1].coverage is Coverage.WHOLE
    for signature in signatures:
        assert signature.intact
        assert signature.valid
        assert signature.coverage is not Coverage.MODIFIED
        assert signature.kind is not SignerKind.UNKNOWN
        if signature.trusted:
            assert signature.verdict in {SignatureVerdict.VALID, SignatureVerdict.VALID_WEAK}
        else:
            assert signature.verdict is SignatureVerdict.UNTRUSTED
            assert "thiếu chứng thư của cơ quan cấp “Co quan chung thuc so Chinh phu”" in signature.cause


def test_every_difference_from_poppler_and_from_what_is_expected_is_explained() -> None:
    table = rows(live=False)
    assert {row.name for row in table if row.differs} == set(WHY)
    attacks = [row for row in table if row.expected == "attack"]
    assert attacks
    assert all(row.flagged and not row.passes for row in attacks)


REAL = {
    "vn01.pdf": ["untrusted seal", "valid seal"],
    "vn02.pdf": ["untrusted seal"],
    "vn05.pdf": ["valid person", *["untrusted seal"] * 3, "valid seal"],
    "vn12.pdf": ["untrusted seal"],
    "vn18.pdf": ["untrusted seal", "valid seal"],
    "vn28.pdf": ["valid_weak person", *["untrusted seal"] * 3, "valid seal"],
}


@pytest.mark.parametrize("name", REAL)
def test_each_signature_of_a_real_document_is_told_for_what_it_is(name: str) -> None:
    """Person, seal on the signature, on the number and on the day, and last the gazette centre's for its copy."""
    signatures = _check(f"vn-vgca/{name}") or ()
    assert [f"{signature.verdict} {signature.kind}" for signature in signatures] == REAL[name]
    for signature in signatures:
        assert signature.place is not None
        assert signature.mailbox.endswith("@quangngai.gov.vn")
        assert signature.algorithm in {"RSA, SHA-1", "RSA, SHA-256"}
    copies = [signature for signature in signatures if signature.mailbox == "ttcbth@quangngai.gov.vn"]
    assert all("trung tâm công báo" in signature.signer.casefold() for signature in copies)


def test_the_capacity_of_a_signer_is_read_beside_his_signature() -> None:
    signatures = _check("vn-vgca/vn05.pdf") or ()
    beside = signatures[0].beside.splitlines()
    assert beside == ["TL. CHỦ TỊCH", "KT. CHÁNH VĂN PHÒNG", "PHÓ CHÁNH VĂN PHÒNG", "Nguyễn Phước Bình"]


def test_local_time_labelled_utc_is_noted_in_real_documents() -> None:
    (signature,) = _check("vn-vgca/vn02.pdf") or ()
    assert any("lệch 7 giờ" in note for note in signature.notes)
