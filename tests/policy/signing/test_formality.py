"""Each signature is told for what it is, and whether together they make an issued document."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from gateway.model.header import HeaderFields
from gateway.model.signature import Carrier, CertificateFacts, Signature, SignatureVerdict, SignerKind
from gateway.policy.signing import Formality, SealOwner, SigningRole, Standing, formality, roles_of
from tests.policy.signing.signatures import (
    AT_DATE,
    AT_END,
    AT_NUMBER,
    COPYING,
    HEADER,
    SENDER,
    STANDING,
    person,
    seal,
    signature,
)
from tests.records import MORNING

ROLES = SigningRole


def roles(*signatures: Signature, standing: Standing = STANDING) -> list[SigningRole]:
    return [signed.role for signed in roles_of(signatures, standing)]


def formal(*signatures: Signature, standing: Standing = STANDING) -> Formality:
    return formality(roles_of(signatures, standing))


def test_the_five_signatures_of_a_document_of_the_province_are_told_apart() -> None:
    found = (person(), seal(place=AT_END), seal(place=AT_NUMBER), seal(place=AT_DATE), seal(COPYING))
    assert roles(*found) == [ROLES.APPROVAL, ROLES.SEAL, ROLES.SEAL_ON_NUMBER, ROLES.SEAL_ON_DATE, ROLES.COPY]
    assert formal(*found) is Formality.ISSUED


def test_a_seal_alone_at_the_head_is_the_seal() -> None:
    assert roles(seal(place=AT_DATE)) == [ROLES.SEAL]
    assert roles(seal(), seal()) == [ROLES.SEAL, ROLES.SEAL]


@pytest.mark.parametrize(
    ("found", "expected"),
    [
        ((), Formality.UNSIGNED),
        ((person(), seal()), Formality.ISSUED),
        ((seal(), person()), Formality.SEAL_FIRST),
        ((seal(), person(), seal()), Formality.ISSUED),
        ((seal(beside="SAO Y; Ủy ban nhân dân tỉnh"),), Formality.SCANNED_COPY),
        ((seal(),), Formality.SEAL_ALONE),
        ((seal(), seal(COPYING)), Formality.SEAL_ALONE),
        ((person(),), Formality.PERSON_ALONE),
        ((person(), seal(COPYING)), Formality.PERSON_ALONE),
        ((seal(COPYING),), Formality.COPY_ALONE),
        ((person(), seal("Sở Nội vụ")), Formality.ELSEWHERE),
        ((signature("xyz", SignerKind.UNKNOWN),), Formality.UNKNOWN),
        ((replace(person(), verdict=SignatureVerdict.INVALID), seal()), Formality.SEAL_ALONE),
    ],
)
def test_an_issued_document_has_person_then_seal_and_a_copy_the_seal_alone(
    found: tuple[Signature, ...], expected: Formality
) -> None:
    assert formal(*found) is expected


def test_the_copy_of_another_agencys_document_is_not_its_seal() -> None:
    copied = Standing(HEADER, replace(SENDER, code="so-y-te", name="Sở Y tế"))
    assert roles(seal("Sở Y tế", beside="SAO Y Sở Y tế"), standing=copied) == [ROLES.COPY]
    assert roles(seal("Sở Y tế"), standing=copied) == [ROLES.SEAL]


def test_beside_a_file_only_time_stamps_tell_the_order() -> None:
    first, later = MORNING, MORNING + timedelta(hours=1)
    sealed, signed = seal(carrier=Carrier.CMS), person(carrier=Carrier.CMS)
    assert formal(sealed, signed) is Formality.ISSUED
    assert formal(replace(sealed, timestamped_at=first), replace(signed, timestamped_at=later)) is Formality.SEAL_FIRST
    assert formal(replace(sealed, timestamped_at=later), replace(signed, timestamped_at=first)) is Formality.ISSUED


def test_a_certificate_that_does_not_say_whose_it_is_is_told_by_the_map() -> None:
    """By name or by serial number; the agency may be the sender or the issuer."""
    certificate = CertificateFacts("a" * 64, "CN=TCHQ", "CN=CA", "0a1b2c", MORNING, MORNING)
    found = replace(seal("TCHQ"), chain=(certificate,))
    assert roles(found) == [ROLES.FOREIGN_SEAL]
    for name in ("tchq", "0A:1B:2C", "0x0a1b2c"):
        assert roles(found, standing=replace(STANDING, owners=(SealOwner(name, "ubnd"),))) == [ROLES.SEAL]
    by_issuer = Standing(HEADER, None, (SealOwner("TCHQ", "x"),), {"x": HEADER.issuer or ""})
    assert roles(found, standing=by_issuer) == [ROLES.SEAL]
    elsewhere = Standing(HEADER, SENDER, (SealOwner("TCHQ", "x"),), {"x": "Tổng cục Hải quan"})
    assert roles(found, standing=elsewhere) == [ROLES.FOREIGN_SEAL]


def test_a_certificate_of_unknown_kind_is_told_by_the_page() -> None:
    assert roles(signature("TRAN HOANG TUAN", SignerKind.UNKNOWN)) == [ROLES.APPROVAL]
    assert roles(signature("UBND tỉnh Quảng Ngãi", SignerKind.UNKNOWN)) == [ROLES.SEAL]


def test_where_neither_issuer_nor_sender_is_known_no_seal_is_foreign() -> None:
    assert roles(seal("Sở Nội vụ"), standing=Standing(HeaderFields())) == [ROLES.SEAL]


def test_the_time_stamp_comes_before_the_claimed_time() -> None:
    stamp = MORNING + timedelta(minutes=1)
    (stamped, claimed) = roles_of((seal(timestamped_at=stamp), seal()), STANDING)
    assert (stamped.signed_at, claimed.signed_at) == (stamp, MORNING)
