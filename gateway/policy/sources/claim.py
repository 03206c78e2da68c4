"""What a source other than page 1 says of a document's fields."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from gateway.model.header import EvidenceSource

FIELDS: Mapping[str, str] = {
    "number": "số",
    "notation": "ký hiệu",
    "issued_on": "ngày ban hành",
    "document_type": "tên loại",
    "abstract": "trích yếu",
    "issuer": "cơ quan ban hành",
    "superior": "cơ quan chủ quản",
    "signer": "người ký",
    "capacity": "chức vụ người ký",
    "addressee": "nơi kính gửi",
    "recipients": "nơi nhận",
    "reply_by": "hạn trả lời",
}
"""The fields of the register with the names that people are told."""


@dataclass(frozen=True, slots=True)
class Claim:
    """The values that one source has; `called` is the source as people are told, `file` the SHA-256 of where it stands.

    A field of `fills` that page 1 lacks is taken from here with that confidence; where both say the same, the reading
    is at least as sure as `agreed` says of the field. `disputes` are the fields of which another value is to be told.
    """

    source: EvidenceSource
    called: str
    values: Mapping[str, str | date]
    file: str = ""
    text: str = ""
    fills: Mapping[str, float] = field(default_factory=dict)
    agreed: Mapping[str, float] = field(default_factory=dict)
    disputes: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Difference:
    """That `declared` by `called` is not what was `found`; both in Vietnamese, on one document or the whole mail.

    Where it cannot be compared `found` is empty, and `unclear` says why.
    """

    called: str
    declared: str
    found: str
    document: str | None = None
    unclear: str = ""


@dataclass(frozen=True, slots=True)
class Disagreement:
    """That the document says `read` in `fields` where another source has `other`; all of it in Vietnamese."""

    fields: str
    read: str
    called: str
    other: str
