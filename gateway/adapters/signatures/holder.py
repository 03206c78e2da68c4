"""Who a certificate stands for, told from its names: no extension of the government PKI says it."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence

from asn1crypto import x509

from gateway.model.signature import SignerKind

LONGEST_NAME = 200
PERSON_WORDS = range(2, 6)

AGENCIES = (
    *("ban", "bộ", "bệnh viện", "chi cục", "chi nhánh", "công an", "công ty", "cục", "cổng thông tin", "doanh nghiệp"),
    *("hđnd", "hội", "hội đồng nhân dân", "huyện ủy", "kho bạc", "liên đoàn", "mặt trận", "phòng", "quỹ", "sở"),
    *("thanh tra", "thành ủy", "tỉnh ủy", "tòa án", "tổng công ty", "tổng cục", "trung tâm", "trường", "trạm"),
    *("ubnd", "ủy ban", "uỷ ban", "viện", "viện kiểm sát", "văn phòng", "xí nghiệp", "đài", "đảng ủy", "đoàn", "đội"),
)
"""How names of agencies and their units begin."""


def common_name(certificate: x509.Certificate) -> str:
    """CN, or the most specific name there is; may be empty."""
    names = _names(certificate, "common_name") or _names(certificate, "organizational_unit_name")
    return one_line((names or _names(certificate, "organization_name") or [""])[-1])


def organisation(certificate: x509.Certificate) -> str:
    """Units and organisation, the most specific first."""
    units = _names(certificate, "organizational_unit_name")[::-1]
    return one_line(", ".join(dict.fromkeys([*units, *_names(certificate, "organization_name")])))


def unit(certificate: x509.Certificate) -> str:
    """The most specific unit, "" where none is named."""
    return one_line((_names(certificate, "organizational_unit_name") or [""])[-1])


def kind(certificate: x509.Certificate) -> SignerKind:
    """A seal where CN names an agency, a person where it can be a person's name, else unknown."""
    name = common_name(certificate)
    owners = _names(certificate, "organization_name") + _names(certificate, "organizational_unit_name")
    if _names_agency(name) or _folded(name) in map(_folded, owners):
        return SignerKind.SEAL
    words = name.split()
    if len(words) in PERSON_WORDS and all(word[0].isupper() and word.isalpha() for word in words):
        return SignerKind.PERSON
    return SignerKind.UNKNOWN


def _names_agency(name: str) -> bool:
    """Accents count unless the whole name has none: `Sở` begins an agency, and `So` may be a name."""
    text = unicodedata.normalize("NFC", name).casefold()
    beginnings: Sequence[str] = [_folded(agency) for agency in AGENCIES] if text.isascii() else AGENCIES
    return any(text == beginning or text.startswith(f"{beginning} ") for beginning in beginnings)


def _names(certificate: x509.Certificate, field: str) -> list[str]:
    """All values of one field of the subject, in order."""
    return [
        str(pair["value"].native) for rdn in certificate.subject.chosen for pair in rdn if pair["type"].native == field
    ]


def _folded(name: str) -> str:
    letters = unicodedata.normalize("NFD", name.casefold().replace("đ", "d"))
    return " ".join("".join(letter for letter in letters if not unicodedata.combining(letter)).split())


def one_line(name: str) -> str:
    """A stranger's text as one printable line, cut at 200 letters."""
    line = " ".join(unicodedata.normalize("NFC", name).split())
    return "".join(letter for letter in line if letter.isprintable())[:LONGEST_NAME]


def issuer_name(certificate: x509.Certificate) -> str:
    """The issuer's CN, or its whole name."""
    names = certificate.issuer.native
    name = names.get("common_name") or certificate.issuer.human_friendly
    return one_line(name if isinstance(name, str) else ", ".join(name))
