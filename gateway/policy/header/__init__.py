"""Reading page 1 of a Vietnamese official document (Nghị định 30/2020/NĐ-CP, Phụ lục I phần I)."""

from gateway.policy.header.agreement import notation_fits_issuer
from gateway.policy.header.identity import identifier_key, identity_key, may_be_same
from gateway.policy.header.marks import read_marks
from gateway.policy.header.reader import read_header
from gateway.policy.header.types import DocumentType, DocumentTypes, TypeGroup

__all__ = [
    "DocumentType",
    "DocumentTypes",
    "TypeGroup",
    "identifier_key",
    "identity_key",
    "may_be_same",
    "notation_fits_issuer",
    "read_header",
    "read_marks",
]
