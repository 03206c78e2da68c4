"""Which fields of an entry a person is asked about: never a silent guess in the register (Điều 11 khoản 1 điểm b)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from gateway.model.asked import AskedField
from gateway.model.document import RegisteredFile
from gateway.model.header import Evidence, HeaderFields
from gateway.model.wording import day
from gateway.policy.header.confidence import ASK_BELOW

EXPECTED = ("number", "notation", "issued_on", "document_type", "abstract", "issuer", "signer")
"""What an entry should have: asked for where it was not read. What else was read is asked for where it is doubtful."""
_OTHERS = ("superior", "capacity", "addressee", "recipients", "reply_by")


def asked_of(header: HeaderFields) -> tuple[str, ...]:
    """The names of the fields that wait for a person's word.

    A field that a person has said is empty has no value, and a confidence.
    """
    doubtful = {name for name in (*EXPECTED, *_OTHERS) if header.confidence.get(name, 0.0) < ASK_BELOW}
    return tuple(
        name for name in (*EXPECTED, *_OTHERS) if name in doubtful and (name in EXPECTED or _value(header, name))
    )


def asked_fields(
    header: HeaderFields, evidence: Mapping[str, Evidence], files: Sequence[RegisteredFile] = ()
) -> tuple[AskedField, ...]:
    """The same with what was read, how surely, and from what; `files` are named where there are several."""
    names = {file.sha256: file.name for file in files} if len(files) > 1 else {}
    return tuple(_asked(header, name, evidence.get(name), names) for name in asked_of(header))


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
