"""Which fields of an entry a person is asked about: never a silent guess in the register (Điều 11 khoản 1 điểm b)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from gateway.model.asked import AskedField
from gateway.model.document import Document, Status
from gateway.model.header import Evidence, HeaderFields
from gateway.model.wording import day
from gateway.policy.header.confidence import ASK_BELOW

EXPECTED = ("number", "notation", "issued_on", "document_type", "abstract", "issuer", "signer")
"""What an entry should have: asked for where it was not read. What else was read is asked for where it is doubtful."""
_SETTLED = frozenset({Status.REFUSED, Status.AGREED})
_OTHERS = ("superior", "capacity", "addressee", "recipients", "reply_by")


def asked_of(header: HeaderFields) -> tuple[str, ...]:
    """The names of the fields that wait for a person's word.

    A field that a person has said is empty has no value, and a confidence.
    """
    doubtful = {name for name in (*EXPECTED, *_OTHERS) if header.confidence.get(name, 0.0) < ASK_BELOW}
    return tuple(
        name for name in (*EXPECTED, *_OTHERS) if name in doubtful and (name in EXPECTED or _value(header, name))
    )


def asked_about(document: Document) -> tuple[str, ...]:
    """The same of an entry; nothing is asked of one that was returned, recalled or voided."""
    return () if document.status in _SETTLED else asked_of(document.header)


def asked_fields(document: Document, evidence: Mapping[str, Evidence]) -> tuple[AskedField, ...]:
    """The same with what was read, how surely, and from what; the file is named where there are several."""
    names = {file.sha256: file.name for file in document.files} if len(document.files) > 1 else {}
    return tuple(_asked(document.header, name, evidence.get(name), names) for name in asked_about(document))


def _asked(header: HeaderFields, name: str, evidence: Evidence | None, file_names: Mapping[str, str]) -> AskedField:
    value = _value(header, name)
    if value is None:
        return AskedField(name)
    told = day(value) if isinstance(value, date) else value
    file = file_names.get(evidence.file, "") if evidence else ""
    return AskedField(name, told, header.confidence.get(name, 0.0), evidence, file)


def _value(header: HeaderFields, name: str) -> str | date | None:
    value: str | date | None = getattr(header, name)
    return value
