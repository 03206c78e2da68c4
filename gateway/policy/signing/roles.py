"""From the signatures of a document's file to what each of them is for (Điều 6; Phụ lục I NĐ 30/2020/NĐ-CP)."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum

from gateway.model.directory import Party
from gateway.model.document import RegisteredFile
from gateway.model.header import HeaderFields
from gateway.model.signature import Carrier, Place, Signature, SignerKind
from gateway.policy.header.agencies import same_agency
from gateway.policy.header.text import clean, fold
from gateway.policy.signing.capacity import Capacity, capacity_of
from gateway.policy.signing.names import same_person
from gateway.policy.signing.seals import SealOwner, code_of

_COPYING_OFFICE = re.compile(r"(?<!\w)(?:cong bao|luu tru|cong thong tin|sao y)(?!\w)")
_COPY_FORM = re.compile(r"(?<!\w)(?:sao y|sao luc|trich sao)(?!\w)")
_HEAD_OF_PAGE = 640.0
"""Points from below on page 1, A4: higher than this stand number, place and date (ô số 3 and 4)."""
_MIDDLE_OF_PAGE = 297.0


class SigningRole(StrEnum):
    """What a signature is for.

    APPROVAL is that of the person who signs, SEAL the issuer's or the sending agency's; SEAL_ON_NUMBER and
    SEAL_ON_DATE are further ones of it that cover what the clerk has filled in. COPY is made by who copies a document.
    FOREIGN_SEAL is of an agency that is neither issuer nor sender. UNKNOWN cannot be told.
    """

    APPROVAL = "approval"
    SEAL = "seal"
    SEAL_ON_NUMBER = "seal_on_number"
    SEAL_ON_DATE = "seal_on_date"
    COPY = "copy"
    FOREIGN_SEAL = "foreign_seal"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Standing:
    """What signatures are compared with: the header, the sending agency, the configured owners of seals.

    `agencies` are the names of the directory by code, as far as `owners` needs them.
    """

    header: HeaderFields
    sender: Party | None = None
    owners: tuple[SealOwner, ...] = ()
    agencies: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Signed:
    """A signature with its role; `capacity` is the person's, `signed_at` the time stamp's moment before the claimed.

    `is_copy_form` says that the page calls it a copy (sao y, sao lục, trích sao) beside the signature.
    """

    signature: Signature
    role: SigningRole
    capacity: Capacity = field(default_factory=Capacity)
    is_copy_form: bool = False

    @property
    def signed_at(self) -> datetime | None:
        """When it was signed: by the time stamp where there is one, else as the signer says."""
        return self.signature.timestamped_at or self.signature.signed_at


def signatures_of(file: RegisteredFile, files: Sequence[RegisteredFile]) -> tuple[Signature, ...]:
    """Those within a file of a document, and those of CMS files beside it that cover its bytes.

    Never by its name: who sends a forged file may name it after what a genuine signature covers.
    """
    beside = (
        signature
        for other in files
        if other is not file
        for signature in other.signatures
        if signature.carrier is Carrier.CMS and file.sha256 in signature.covers
    )
    return tuple(dict.fromkeys((*file.signatures, *beside)))


def roles_of(signatures: Sequence[Signature], standing: Standing, page_text: str = "") -> tuple[Signed, ...]:
    """One for each signature, in their order. `page_text` is the file's text, "" where it is not at hand."""
    signed = [_first_look(signature, standing, page_text) for signature in signatures]
    seals = [each for each in signed if each.role is SigningRole.SEAL]
    on_page = [each for each in seals if _at_head(each.signature.place) is None]
    main = on_page or seals[:1]
    return tuple(each if each in main or each not in seals else _on_head(each) for each in signed)


def _first_look(signature: Signature, standing: Standing, page_text: str) -> Signed:
    code = code_of(signature, standing.owners)
    copy_form = _COPY_FORM.search(fold(clean(signature.beside))) is not None
    if code is None and _is_person(signature, standing):
        capacity = capacity_of(signature.signer, signature.beside, page_text)
        return Signed(signature, SigningRole.APPROVAL, capacity, copy_form)
    if code is None and signature.kind is not SignerKind.SEAL and not _is_of(signature, None, standing):
        return Signed(signature, SigningRole.UNKNOWN, is_copy_form=copy_form)
    return Signed(signature, _of_seal(signature, code, standing, copy_form=copy_form), is_copy_form=copy_form)


def _is_person(signature: Signature, standing: Standing) -> bool:
    if signature.kind is SignerKind.UNKNOWN:
        return any(same_person(signature.signer, printed) for printed in printed_signers(standing.header))
    return signature.kind is SignerKind.PERSON


def printed_signers(header: HeaderFields) -> tuple[str, ...]:
    """The names below the text; joint signers are divided by `; ` in the register."""
    return tuple(name.strip() for name in (header.signer or "").split(";") if name.strip())


def _of_seal(signature: Signature, code: str | None, standing: Standing, *, copy_form: bool) -> SigningRole:
    issuer = standing.header.issuer or ""
    issued = same_agency(issuer, _name_by(signature, code, standing))
    ours = issued or _is_of(signature, code, standing)
    if not issued and (copy_form or _COPYING_OFFICE.search(fold(clean(signature.signer)))):
        return SigningRole.COPY
    if ours or (not issuer and standing.sender is None):
        return SigningRole.SEAL
    return SigningRole.FOREIGN_SEAL


def _is_of(signature: Signature, code: str | None, standing: Standing) -> bool:
    """Whether it is the seal of the sending agency, or of the issuer."""
    sender, name = standing.sender, _name_by(signature, code, standing)
    if code is not None and sender is not None and sender.code == code:
        return True
    sending = sender.name if sender else ""
    return any(same_agency(agency, name) for agency in (sending, standing.header.issuer or ""))


def _name_by(signature: Signature, code: str | None, standing: Standing) -> str:
    return signature.signer if code is None else standing.agencies.get(code, "")


def _at_head(place: Place | None) -> SigningRole | None:
    """What a seal covers that stands at the head of page 1, None where it stands elsewhere or nowhere."""
    if place is None or place.page != 1 or place.bottom < _HEAD_OF_PAGE:
        return None
    left = (place.left + place.right) / 2 < _MIDDLE_OF_PAGE
    return SigningRole.SEAL_ON_NUMBER if left else SigningRole.SEAL_ON_DATE


def _on_head(signed: Signed) -> Signed:
    return replace(signed, role=_at_head(signed.signature.place) or SigningRole.SEAL)
