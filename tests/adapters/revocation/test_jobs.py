"""What is read of certificates, lists and answers."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509 import ocsp

from gateway.adapters.revocation.fetcher import ask_again
from gateway.adapters.revocation.jobs import Heard, read_heard, request_for, wanted_of
from gateway.model.signature import ProofKind, Wanted
from tests.adapters.revocation.authority import DAY, LIST_URL, NOW, RESPONDER_URL, authority


def test_a_chain_wants_what_its_authorities_offer_over_http_each_once() -> None:
    leaf, root = authority().chain
    assert wanted_of([leaf, root]) == (
        Wanted(RESPONDER_URL, ProofKind.OCSP, leaf, root),
        Wanted(LIST_URL, ProofKind.CRL, leaf, root),
    )
    assert wanted_of([leaf]) == wanted_of([root]) == wanted_of([]) == ()


def test_a_list_is_one_file_for_all_and_an_answer_one_for_each_certificate() -> None:
    leaf, root = authority().chain
    other = authority("Gốc khác").chain[0]
    lists = {Wanted(LIST_URL, ProofKind.CRL, each, root).file_name for each in (leaf, other)}
    answers = {Wanted(RESPONDER_URL, ProofKind.OCSP, each, root).file_name for each in (leaf, other)}
    assert (len(lists), len(answers)) == (1, 2)
    assert all(name.endswith(".crl") for name in lists)
    assert all(name.endswith(".ocsp") for name in answers)


def test_a_request_asks_about_the_certificate() -> None:
    request = request_for(*authority().chain)
    assert request is not None
    assert ocsp.load_der_ocsp_request(request).serial_number == authority().leaf.serial_number


@pytest.mark.parametrize("garbage", [b"", b"\x30\x80", b"no certificate"])
def test_no_request_is_made_from_garbage(garbage: bytes) -> None:
    assert request_for(garbage, authority().chain[1]) is None
    assert request_for(authority().chain[0], garbage) is None


def heard(content: bytes, kind: ProofKind, folder: Path) -> Heard | None:
    path = folder / "content"
    path.write_bytes(content)
    return read_heard(path, kind, *authority().chain)


def test_a_list_and_an_answer_say_when_the_next_comes(tmp_path: Path) -> None:
    request = request_for(*authority().chain)
    assert request is not None
    assert heard(authority().revoked(), ProofKind.CRL, tmp_path) == Heard(NOW, NOW + DAY)
    assert heard(authority().answer(request), ProofKind.OCSP, tmp_path) == Heard(NOW, NOW + DAY)
    assert heard(authority().answer(request, valid=None), ProofKind.OCSP, tmp_path) == Heard(NOW, None)


def test_what_speaks_of_others_is_not_heard(tmp_path: Path) -> None:
    other = authority("Gốc khác")
    request = request_for(*other.chain)
    assert request is not None
    refused = ocsp.OCSPResponseBuilder.build_unsuccessful(ocsp.OCSPResponseStatus.TRY_LATER)
    assert heard(other.revoked(), ProofKind.CRL, tmp_path) is None
    assert heard(other.answer(request), ProofKind.OCSP, tmp_path) is None
    assert heard(refused.public_bytes(Encoding.DER), ProofKind.OCSP, tmp_path) is None


@pytest.mark.parametrize("kind", [ProofKind.CRL, ProofKind.OCSP])
def test_garbage_is_not_heard_wherever_it_is_cut(kind: ProofKind, tmp_path: Path) -> None:
    request = request_for(*authority().chain)
    assert request is not None
    whole = authority().revoked() if kind is ProofKind.CRL else authority().answer(request)
    for length in range(0, len(whole), 7):
        assert heard(whole[:length], kind, tmp_path) is None
    assert heard(b"<html>404</html>", kind, tmp_path) is None


@pytest.mark.parametrize(
    ("next_update", "again"),
    [
        (NOW + DAY, NOW + DAY),
        (NOW + timedelta(days=400), NOW + timedelta(days=7)),
        (NOW - DAY, NOW + timedelta(hours=1)),
        (None, NOW + DAY),
    ],
)
def test_it_is_asked_again_with_the_next_statement_within_an_hour_and_a_week(
    next_update: datetime | None, again: datetime
) -> None:
    assert ask_again(Heard(NOW - DAY, next_update), NOW) == again
