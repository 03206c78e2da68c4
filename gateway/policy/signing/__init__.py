"""What each digital signature on a document stands for, and whether the document is signed as Điều 6 wants it."""

from __future__ import annotations

from gateway.policy.signing.capacity import Authority, Capacity
from gateway.policy.signing.formality import Formality, formality
from gateway.policy.signing.names import same_person
from gateway.policy.signing.roles import Signed, SigningRole, Standing, roles_of, signatures_of
from gateway.policy.signing.seals import SealOwner, code_of

__all__ = [
    "Authority",
    "Capacity",
    "Formality",
    "SealOwner",
    "Signed",
    "SigningRole",
    "Standing",
    "code_of",
    "formality",
    "roles_of",
    "same_person",
    "signatures_of",
]
