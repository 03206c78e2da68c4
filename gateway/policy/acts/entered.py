"""What an entry of the register says, field by field, and the same entry with other words in it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields, replace
from datetime import date

from gateway.model.document import Document
from gateway.model.facts import Urgency
from gateway.model.header import Evidence, EvidenceSource, HeaderFields
from gateway.model.wording import UNREAD, URGENCY_WORDS, day
from gateway.policy.acts.matter import shown

Value = str | date | int | Urgency | None

IN_HEADER = frozenset(field.name for field in fields(HeaderFields)) - {"confidence", "evidence"}
"""The fields that readers look for on a page; the others are marks, or what people write beside."""
_CERTAIN = 1.0


def value_in(document: Document, name: str) -> Value:
    """What the register has in the field of that name in FIELD_WORDS; None where there is nothing."""
    holder = document.header if name in IN_HEADER else document.marks if name == "urgency" else document
    value: Value = getattr(holder, name)
    return None if value == "" else value


def with_values(document: Document, new: Mapping[str, Value], by: str) -> Document:
    """The entry with these values, on the word of `by`: they are certain from then on, also what is not there."""
    read = {name: value for name, value in new.items() if name in IN_HEADER}
    beside = {name: "" if value is None and name != "copies" else value for name, value in new.items()}
    for name in (*read, "urgency"):
        beside.pop(name, None)
    marks = replace(document.marks, urgency=new["urgency"]) if "urgency" in new else document.marks  # type: ignore[arg-type]
    header = document.header
    if read:
        header = confirmed(replace(header, **read), tuple(read), by)  # type: ignore[arg-type]
    return replace(document, header=header, marks=marks, **beside)  # type: ignore[arg-type]


def confirmed(header: HeaderFields, names: tuple[str, ...], by: str) -> HeaderFields:
    """The same fields, those of `names` as `by` has them."""
    return replace(
        header,
        confidence={**header.confidence, **dict.fromkeys(names, _CERTAIN)},
        evidence={**header.evidence, **dict.fromkeys(names, Evidence(EvidenceSource.PERSON, by))},
    )


def said(value: Value) -> str:
    """A value on one line of a transcript."""
    if isinstance(value, date):
        return day(value)
    if isinstance(value, Urgency):
        return URGENCY_WORDS[value]
    if isinstance(value, int):
        return str(value)
    return f"“{shown(value)}”" if value else UNREAD
