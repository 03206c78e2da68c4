"""One form of number, notation, issuer and year, by which a document is known again."""

from __future__ import annotations

import re

from gateway.model.header import HeaderFields
from gateway.policy.header.agencies import same_agency
from gateway.policy.header.number import normal_notation, notation_year
from gateway.policy.header.text import clean, fold, plain_punctuation

_NOT_WORD = re.compile(r"[\W_]+")


def identifier_key(header: HeaderFields) -> str | None:
    """`number/notation` in one form, or None unless both were read.

    Numbers count without leading zeros; case, blanks, dashes and composed or decomposed letters make no difference.
    """
    if not header.number or not header.notation:
        return None
    number = re.sub(r"\s+", "", plain_punctuation(clean(header.number))).upper().lstrip("0") or "0"
    notation = normal_notation(header.notation).upper()
    return f"{number}/{notation}" if notation else None


def identity_key(header: HeaderFields) -> str | None:
    """The key `number/notation|issuer|year` for finding duplicates, or None unless the first three are known.

    Accents (hoà, hòa) make no difference to an issuer. Series run by calendar year (Phụ lục I phần I mục II khoản 3):
    a legal document's year stands in its notation, another's is that of its date, `-` if that was not read.
    """
    identifier, issuer = identifier_key(header), _issuer(header)
    return f"{identifier}|{issuer}|{_year(header) or '-'}" if identifier and issuer else None


def may_be_same(one: HeaderFields, other: HeaderFields) -> bool:
    """Whether two documents could be one: same number and notation, and nothing read speaks against it.

    `UBND TỈNH` and `ỦY BAN NHÂN DÂN TỈNH` of one province are one issuer.
    """
    identifier = identifier_key(one)
    if identifier is None or identifier != identifier_key(other):
        return False
    issuer, year, their_year = _issuer(one), _year(one), _year(other)
    same_issuer = not issuer or _issuer(other) in {"", issuer} or same_agency(one.issuer or "", other.issuer or "")
    return same_issuer and (not year or not their_year or year == their_year)


def _issuer(header: HeaderFields) -> str:
    return _NOT_WORD.sub(" ", fold(clean(header.issuer or ""))).strip()


def _year(header: HeaderFields) -> int | None:
    written = notation_year(normal_notation(header.notation or "").upper())
    return written or (header.issued_on.year if header.issued_on else None)
