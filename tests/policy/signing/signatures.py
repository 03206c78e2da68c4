"""Signatures in the shapes of DOMAIN.md 6.3 and 6.4, by who made them and where they stand."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from gateway.model.directory import Party, PartyKind
from gateway.model.header import HeaderFields
from gateway.model.signature import Coverage, Place, Signature, SignatureVerdict, SignerKind
from gateway.policy.signing import Standing
from tests.records import MORNING

PROVINCE = "Ủy ban nhân dân tỉnh Quảng Ngãi"
COPYING = "TRUNG TÂM CÔNG BÁO VÀ TIN HỌC"
DEPUTY = "KT. CHỦ TỊCH\nPHÓ CHỦ TỊCH\nTrần Hoàng Tuấn"
SENDER = Party("ubnd", PartyKind.AGENCY, PROVINCE)
HEADER = HeaderFields(
    number="11",
    notation="TB-UBND",
    document_type="Thông báo",
    abstract="Về việc nghỉ lễ",
    issuer="UỶ BAN NHÂN DÂN TỈNH QUẢNG NGÃI",
    signer="Trần Hoàng Tuấn",
)
STANDING = Standing(HEADER, SENDER)
AT_NUMBER = Place(1, 90, 690, 130, 710)
AT_DATE = Place(1, 380, 690, 420, 710)
AT_END = Place(2, 300, 200, 420, 320)


def signature(signer: str, kind: SignerKind, *, minutes: int = 0, **others: object) -> Signature:
    """A valid one made `minutes` after the morning began."""
    made = Signature(
        verdict=SignatureVerdict.VALID,
        cause="hợp lệ",
        signer=signer,
        organisation="",
        kind=kind,
        coverage=Coverage.WHOLE,
        intact=True,
        valid=True,
        trusted=True,
        signed_at=MORNING + timedelta(minutes=minutes),
        timestamped_at=None,
    )
    return replace(made, **others)  # type: ignore[arg-type]


def person(name: str = "Trần Hoàng Tuấn", **others: object) -> Signature:
    return signature(name, SignerKind.PERSON, **{"beside": DEPUTY, **others})  # type: ignore[arg-type]


def seal(name: str = PROVINCE, **others: object) -> Signature:
    return signature(name, SignerKind.SEAL, **others)  # type: ignore[arg-type]
