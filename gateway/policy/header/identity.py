"""One form of number, notation, issuer and year, by which a document is known again."""

from __future__ import annotations

import re

from gateway.model.facts import HeaderFields
from gateway.policy.header.number import normal_notation, notation_year
from gateway.policy.header.text import clean, fold, plain_punctuation

_NOT_WORD = re.compile(r"[\W_]+")


def identity_key(header: HeaderFields) -> str | None:
    """The key `number/notation|issuer|year` for finding duplicates, or None unless the first three are known.

    Numbers count without leading zeros; case, blanks, dashes, accents (hoà, hòa) and composed or decomposed
    letters make no difference. Series run by calendar year (Phụ lục I phần I mục II khoản 3): a legal document's
    year stands in its notation, another's is that of its date, `-` if that was not read.
    """
    if not header.number or not header.notation or not header.issuer:
        return None
    number = re.sub(r"\s+", "", plain_punctuation(clean(header.number))).upper().lstrip("0") or "0"
    notation = normal_notation(header.notation).upper()
    issuer = _NOT_WORD.sub(" ", fold(clean(header.issuer))).strip()
    if not notation or not issuer:
        return None
    year = notation_year(notation) or (header.issued_on.year if header.issued_on else None)
    return f"{number}/{notation}|{issuer}|{year or '-'}"
