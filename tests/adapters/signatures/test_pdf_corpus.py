"""Public test suites, published attacks and real documents of the province."""

import csv
from pathlib import Path

import pytest

from gateway.adapters.signatures import TrustAnchors, UnreadablePdf, load_anchors, validate_signatures
from gateway.model.signature import Coverage, Signature, SignatureVerdict, SignerKind

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
        return validate_signatures(CORPUS / name, _anchors())
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
