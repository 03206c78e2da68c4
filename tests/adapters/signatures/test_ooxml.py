"""Signatures of docx and xlsx files: what each is worth, and what of the package they cover."""

from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from gateway.adapters.signatures.ooxml import UnreadablePackage, validate_package
from gateway.model.signature import Carrier, Coverage, ProofKind, Signature, SignerKind
from gateway.model.signature import SignatureVerdict as Verdict
from tests import pki
from tests.adapters.signatures import ooxml_alterations
from tests.adapters.signatures.ooxml_cases import Case, cases
from tests.adapters.signatures.ooxml_signer import Way, document, packed, sheet, sign, unpacked
from tests.pki import NOW


class At:
    def __init__(self, moment: datetime) -> None:
        self._moment = moment

    def now(self) -> datetime:
        return self._moment


def judge(case: Case, folder: Path) -> tuple[Signature, ...]:
    file = folder / "file"
    file.write_bytes(case.make())
    return validate_package(file, case.anchors(), At(case.today))[0]


def check(package: bytes, folder: Path) -> tuple[Signature, ...]:
    file = folder / "file"
    file.write_bytes(package)
    return validate_package(file, pki.anchors(), At(NOW + timedelta(days=1)))[0]


@pytest.mark.parametrize("case", cases(), ids=lambda case: case.name)
def test_each_file_is_judged_for_what_it_is_and_told_why(tmp_path: Path, case: Case) -> None:
    signatures = judge(case, tmp_path)
    assert tuple(each.verdict for each in signatures) == case.verdicts
    assert all(case.cause in each.cause for each in signatures)
    assert all(each.carrier is Carrier.OOXML for each in signatures)


@pytest.mark.parametrize("case", cases(), ids=lambda case: case.name)
def test_what_is_called_valid_covers_the_whole_package_and_rests_on_proofs(tmp_path: Path, case: Case) -> None:
    for signature in judge(case, tmp_path):
        if signature.verdict in {Verdict.VALID, Verdict.VALID_WEAK}:
            assert (signature.intact, signature.valid, signature.trusted) == (True, True, True)
            assert signature.coverage is Coverage.WHOLE
            assert signature.covers
            assert signature.proofs
        elif signature.verdict is Verdict.INVALID:
            assert signature.coverage is Coverage.MODIFIED or signature.valid is False


@pytest.mark.parametrize("make", [document, sheet])
def test_an_unsigned_file_has_no_signatures(tmp_path: Path, make: Callable[[], bytes]) -> None:
    assert check(make(), tmp_path) == ()


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04", b"not a package", None])
def test_a_file_that_is_no_package_is_told_from_an_unsigned_one(tmp_path: Path, content: bytes | None) -> None:
    cut_off = ooxml_alterations.signed()[:2000]
    with pytest.raises(UnreadablePackage, match="không đọc được"):
        check(cut_off if content is None else content, tmp_path)


def test_a_signature_that_the_directory_no_longer_lists_is_not_taken_for_none(tmp_path: Path) -> None:
    package = ooxml_alterations.signed()
    entry = package.rindex(b"_xmlsignatures/sig1.xml")
    renamed = package[:entry] + b"_xmlsignaturez/sig1.txt" + package[entry + 23 :]
    with pytest.raises(UnreadablePackage):
        check(renamed, tmp_path)


def test_the_record_names_signer_time_part_and_algorithm(tmp_path: Path) -> None:
    (signature,) = check(ooxml_alterations.signed(Way(comments="Phê duyệt\nvăn bản")), tmp_path)
    assert (signature.signer, signature.organisation, signature.kind) == (pki.AGENCY, pki.PROVINCE, SignerKind.SEAL)
    assert (signature.name, signature.signed_at) == ("/_xmlsignatures/sig1.xml", NOW)
    assert signature.algorithm == "ECDSA, SHA-256"
    assert {"/word/document.xml", "/word/styles.xml", "/_rels/.rels"} <= set(signature.covers)
    assert not any(part.startswith(("/docProps", "/_xmlsignatures")) for part in signature.covers)
    assert "mục đích ký ghi trong chữ ký: Phê duyệt văn bản" in signature.notes


def test_a_trusted_time_stamp_is_told_and_a_strange_one_is_a_note(tmp_path: Path) -> None:
    (trusted,) = check(ooxml_alterations.stamped(pki.pki().stamp), tmp_path)
    (strange,) = check(ooxml_alterations.stamped(pki.strange_stamper()), tmp_path)
    assert trusted.timestamped_at == NOW
    assert strange.timestamped_at is None
    assert any("dấu thời gian" in note for note in strange.notes)


def test_a_time_stamp_over_another_value_does_not_count(tmp_path: Path) -> None:
    other = unpacked(ooxml_alterations.stamped(pki.pki().stamp))[ooxml_alterations.SIGNATURE].decode()
    token = other[other.index("<xd:UnsignedProperties>") : other.index("</xd:QualifyingProperties>")]
    (signature,) = check(sign(document(), pki.pki().seal, Way(unsigned=lambda _: token)), tmp_path)
    assert signature.timestamped_at is None


def test_person_and_seal_are_told_apart(tmp_path: Path) -> None:
    person, seal = check(ooxml_alterations.twice(), tmp_path)
    assert (person.kind, seal.kind) == (SignerKind.PERSON, SignerKind.SEAL)
    assert person.mailbox == "can.bo@so.example.vn"


def test_one_signature_spoilt_leaves_the_other_standing(tmp_path: Path) -> None:
    parts = unpacked(ooxml_alterations.twice())
    parts[ooxml_alterations.SIGNATURE] = parts[ooxml_alterations.SIGNATURE].replace(b"<Manifest>", b"<Manifest><x/>")
    person, seal = check(packed(parts), tmp_path)
    assert (person.verdict, seal.verdict) == (Verdict.INVALID, Verdict.VALID)


def test_files_of_libreoffice_are_remarked_upon_for_their_relationships(tmp_path: Path) -> None:
    case = next(each for each in cases() if "LibreOffice (RSA)" in each.name)
    (signature,) = judge(case, tmp_path)
    assert any("LibreOffice" in note for note in signature.notes)


def test_the_certificates_of_the_chain_come_as_proofs(tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.write_bytes(ooxml_alterations.signed())
    (signature,), proofs = validate_package(file, pki.anchors(), At(NOW + timedelta(days=1)))
    assert {proof.sha256 for proof in proofs} == set(signature.proofs)
    certificates = [proof.content for proof in proofs if proof.kind is ProofKind.CERTIFICATE]
    assert certificates == [pki.pki().seal.der, pki.pki().authority.der, pki.pki().root.der]


@pytest.mark.parametrize("at", range(0, 6000, 293))
def test_no_byte_of_the_signature_part_can_be_changed_for_a_better_verdict(tmp_path: Path, at: int) -> None:
    parts = unpacked(ooxml_alterations.signed())
    content = bytearray(parts[ooxml_alterations.SIGNATURE])
    content[at % len(content)] ^= 0x01
    for signature in check(packed({**parts, ooxml_alterations.SIGNATURE: bytes(content)}), tmp_path):
        assert signature.verdict in {Verdict.INVALID, Verdict.UNKNOWN, Verdict.VALID}
        if signature.verdict is Verdict.VALID:
            assert signature.signer == pki.AGENCY
