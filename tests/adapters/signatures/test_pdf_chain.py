"""A certificate's chain as all carriers have it judged: what is kept of it, and how much work it may cause."""

import hashlib
from datetime import timedelta
from pathlib import Path

import pytest
from asn1crypto import x509

from gateway.adapters.signatures import load_anchors
from gateway.adapters.signatures.chain import Use, judge_chain
from gateway.adapters.signatures.paths import MOST_PATHS, candidate_paths
from gateway.demo.pki import Identity
from gateway.errors import SettingsError
from gateway.model.signature import ProofKind, Revocation
from tests.adapters.signatures.table_shapes import START, second
from tests.certificates import CERTIFYING, DAY, YEAR, answer, crl, issue, rsa_key
from tests.pki import AGENCY, NOW


def parsed(identity: Identity) -> x509.Certificate:
    return x509.Certificate.load(identity.der)


def test_everything_that_a_verdict_rests_on_is_kept() -> None:
    roots, own = crl(second().root, NOW - DAY), crl(second().authority, NOW - DAY)
    found = judge_chain(parsed(second().seal), [], second().anchors((roots,)), NOW, crls=[own])
    assert (found.trusted, found.cause, found.revocation) == (True, "", Revocation.GOOD)
    chain = [second().seal, second().authority, second().root]
    assert [each.sha256 for each in found.chain] == [hashlib.sha256(each.der).hexdigest() for each in chain]
    assert [proof.content for proof in found.proofs] == [*(each.der for each in chain), own, roots]
    assert [(each.kind, each.source, each.issued_at) for each in found.revocations] == [
        (ProofKind.CRL, "embedded", NOW - DAY),
        (ProofKind.CRL, "folder", NOW - DAY),
    ]
    assert AGENCY in found.chain[0].subject
    assert found.chain[0].serial == f"{second().seal.certificate.serial_number:x}"


def test_what_was_fetched_is_told_from_what_lies_in_the_folder(tmp_path: Path) -> None:
    trust, cache = tmp_path / "trust", tmp_path / "cache"
    for folder in (trust, cache):
        folder.mkdir()
    (trust / "root.pem").write_bytes(second().root.pem)
    (trust / "authority.crt").write_bytes(second().authority.der)
    (trust / "root.crl").write_bytes(crl(second().root, NOW - DAY))
    (cache / "one.ocsp").write_bytes(answer(second().authority, second().seal, NOW - DAY, lasts=3 * DAY))
    (cache / "broken.crl").write_bytes(b"half of a")
    anchors = load_anchors(trust, cache)
    found = judge_chain(parsed(second().seal), [], anchors, NOW)
    assert [(each.kind, each.source) for each in found.revocations] == [
        (ProofKind.OCSP, "cached"),
        (ProofKind.CRL, "folder"),
    ]
    assert load_anchors(trust, tmp_path / "nowhere").crls == anchors.crls


@pytest.mark.parametrize("name", ["broken.crl", "broken.ocsp"])
def test_a_broken_list_in_the_trust_folder_is_named(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_bytes(b"nonsense")
    with pytest.raises(SettingsError, match=name):
        load_anchors(tmp_path)


def test_a_time_stamping_certificate_stamps_and_signs_nothing() -> None:
    stamp = parsed(second().stamp)
    assert judge_chain(stamp, [], second().anchors(), NOW, use=Use.STAMPING).trusted
    assert not judge_chain(stamp, [], second().anchors(), NOW).trusted
    assert not judge_chain(parsed(second().seal), [], second().anchors(), NOW, use=Use.STAMPING).trusted


@pytest.mark.parametrize(
    ("proven", "existed_by", "trusted"),
    [(False, None, False), (True, None, True), (False, NOW + DAY, True), (False, NOW + 9 * DAY, False)],
)
def test_a_later_revocation_needs_proof_of_the_time(proven: bool, existed_by: object, trusted: bool) -> None:
    said = crl(second().authority, NOW + 9 * DAY, [(second().seal, NOW + 5 * DAY)])
    anchors = second().anchors((said,))
    found = judge_chain(
        *(parsed(second().seal), [], anchors, NOW),
        proven=proven,
        existed_by=existed_by,  # type: ignore[arg-type] # None or a moment
    )
    assert found.trusted is trusted


def test_a_heap_of_certificates_that_could_have_issued_each_other_is_no_work() -> None:
    """Eight of them kept pyHanko's search busy for ten seconds."""
    key = rsa_key()
    first = issue(None, "X", START, ca=True, usage=CERTIFYING, key=key)
    heap = [parsed(issue(first, "X", START, ca=True, usage=CERTIFYING, key=key)) for _ in range(25)]
    found = judge_chain(parsed(issue(first, AGENCY, START)), heap, second().anchors(), NOW)
    assert (found.trusted, "“X” không thuộc danh mục tin cậy" in found.cause) == (False, True)


def test_no_more_paths_are_tried_than_are_worth_it() -> None:
    """Each of four levels has five certificates of one name: 625 ways, which nothing tells apart but keys."""
    roots = [issue(None, "Gốc", START, ca=True, usage=CERTIFYING) for _ in range(3)]
    below, helpers = roots[0], []
    for level in range(4):
        same = [issue(below, f"tầng {level}", START, ca=True, usage=CERTIFYING) for _ in range(5)]
        helpers += same
        below = same[0]
    paths = list(
        candidate_paths(parsed(issue(below, "lá", START)), list(map(parsed, helpers)), list(map(parsed, roots)))
    )
    assert 0 < len(paths) <= MOST_PATHS + len(roots)


def test_a_certificate_nobody_can_read_leaves_trust_unknown() -> None:
    usage, no_usage = b"\x55\x1d\x0f\x01\x01\xff\x04\x04\x03", b"\x55\x1d\x0f\x01\x01\xff\x04\x04\x30"
    broken = second().seal.der.replace(usage, no_usage)
    assert broken != second().seal.der
    found = judge_chain(x509.Certificate.load(broken), [], second().anchors(), NOW)
    assert not found.trusted
    assert found.cause


def test_the_moment_is_what_counts() -> None:
    seal = parsed(second().seal)
    for moment, word in ((START - YEAR, "chưa có hiệu lực"), (NOW + 10 * YEAR, "đã hết hạn")):
        found = judge_chain(seal, [], second().anchors(), moment)
        assert (found.trusted, word in found.cause) == (False, True)
    assert judge_chain(seal, [], second().anchors(), NOW + timedelta(hours=1)).trusted
