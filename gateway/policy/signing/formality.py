"""Whether a document is signed as one that was issued, or as a copy (Phụ lục I phần I mục II khoản 7, 8 và phần II)."""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum

from gateway.model.signature import Carrier, SignatureVerdict
from gateway.policy.signing.roles import Signed, SigningRole


class Formality(StrEnum):
    """How the signatures of a document's main file fit together.

    ISSUED has a person's and then the seal; SCANNED_COPY the seal alone, said to be a copy. SEAL_ALONE does not say
    so: a scan, or an issued document that lacks the person. PERSON_ALONE lacks the seal. SEAL_FIRST was sealed before
    the person signed. COPY_ALONE is signed by who copied it. ELSEWHERE has no seal but another agency's.
    """

    UNSIGNED = "unsigned"
    ISSUED = "issued"
    SCANNED_COPY = "scanned_copy"
    SEAL_ALONE = "seal_alone"
    PERSON_ALONE = "person_alone"
    SEAL_FIRST = "seal_first"
    COPY_ALONE = "copy_alone"
    ELSEWHERE = "elsewhere"
    UNKNOWN = "unknown"


_SEALS = frozenset({SigningRole.SEAL, SigningRole.SEAL_ON_NUMBER, SigningRole.SEAL_ON_DATE})


def formality(signed: Sequence[Signed]) -> Formality:
    """By the signatures that are not broken, in the order they stand in the file."""
    whole = [each for each in signed if each.signature.verdict is not SignatureVerdict.INVALID]
    roles = {each.role for each in whole}
    if not whole:
        return Formality.UNSIGNED
    if roles & _SEALS and SigningRole.APPROVAL in roles:
        return Formality.SEAL_FIRST if _sealed_first(whole) else Formality.ISSUED
    if roles & _SEALS:
        said = any(each.is_copy_form for each in whole if each.role in _SEALS)
        return Formality.SCANNED_COPY if said else Formality.SEAL_ALONE
    if SigningRole.FOREIGN_SEAL in roles:
        return Formality.ELSEWHERE
    if SigningRole.APPROVAL in roles:
        return Formality.PERSON_ALONE
    return Formality.COPY_ALONE if SigningRole.COPY in roles else Formality.UNKNOWN


def _sealed_first(signed: Sequence[Signed]) -> bool:
    """Whether every seal was there before the first person signed: by place in a PDF, whose revisions have an order.

    Signatures beside a file have none but their time stamps; what nobody vouches for is not held against anybody.
    """
    seals = [place for place, each in enumerate(signed) if each.role is SigningRole.SEAL]
    people = [place for place, each in enumerate(signed) if each.role is SigningRole.APPROVAL]
    if all(each.signature.carrier is Carrier.PDF for each in signed):
        return bool(seals) and max(seals) < min(people)
    stamped = {place: signed[place].signature.timestamped_at for place in (*seals, *people)}
    sealed = [at for place in seals if (at := stamped[place]) is not None]
    approved = [at for place in people if (at := stamped[place]) is not None]
    complete = len(sealed) == len(seals) > 0 and len(approved) == len(people)
    return complete and max(sealed) < min(approved)
