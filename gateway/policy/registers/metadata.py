"""A document by the fields of Nghị định 30/2020 Phụ lục VI phần II: mục I of outgoing, mục II of incoming documents."""

from __future__ import annotations

from collections.abc import Mapping

from gateway.model.docket import Docket
from gateway.model.document import Direction, Document
from gateway.model.facts import Urgency
from gateway.model.metadata import Metadata, Value
from gateway.model.wording import day, one_line
from gateway.policy.registers.columns import arrived_on, deadline, local_day, progress, receivers
from gateway.policy.registers.remarks import incoming_remarks, outgoing_remarks

VIETNAMESE = "Tiếng Việt"
_LONG_TEXT = 100_000
_PRIORITY: Mapping[Urgency, int] = {Urgency.KHAN: 1, Urgency.THUONG_KHAN: 2, Urgency.HOA_TOC: 3}
"""The levels as messages of exchange count them (QCVN 102:2016); 0 is none."""


def metadata_of(docket: Docket, names: Mapping[str, str]) -> Metadata:
    """The metadata of a document. `names` has the names of units and people by their codes.

    The code of its dossier (FileCode, DocOrdinal) is empty: no dossier is kept here.
    """
    document = docket.document
    cutting = _Cutting()
    common = _common(docket, cutting)
    rest = _outgoing(docket, cutting) if document.direction is Direction.OUT else _incoming(docket, names, cutting)
    return Metadata(document.label, document.direction.value, common | rest, cutting.cut)


class _Cutting:
    """Brings values to the length the annex allows, and remembers what was longer."""

    def __init__(self) -> None:
        self.cut: dict[str, str] = {}

    def text(self, name: str, value: str | None, longest: int) -> str | None:
        """Text on one line; what is longer ends in `…`."""
        if not value:
            return None
        whole = one_line(value, _LONG_TEXT)
        if len(whole) > longest:
            self.cut[name] = whole
        return one_line(whole, longest) or None

    def number(self, name: str, value: int | None, digits: int) -> int | None:
        """A number; one of more digits is left out."""
        if value is not None and len(str(value)) > digits:
            self.cut[name] = str(value)
            return None
        return value


def _common(docket: Docket, cutting: _Cutting) -> dict[str, Value | Mapping[str, Value]]:
    document, header = docket.document, docket.document.header
    remarks = outgoing_remarks(docket) if document.direction is Direction.OUT else incoming_remarks(docket, 0)
    return {
        "FileCode": {"OrganId": None, "FileCatalog": None, "FileNotation": None},
        "DocOrdinal": None,
        "TypeName": cutting.text("TypeName", header.document_type, 100),
        "CodeNumber": cutting.text("CodeNumber", header.number, 11),
        "CodeNotation": cutting.text("CodeNotation", header.notation, 30),
        "IssuedDate": day(header.issued_on) if header.issued_on else None,
        "OrganName": cutting.text("OrganName", header.issuer, 200),
        "Subject": cutting.text("Subject", header.abstract, 500),
        "Language": VIETNAMESE,
        "PageAmount": cutting.number("PageAmount", _pages(document), 3),
        "Description": cutting.text("Description", remarks, 500),
    }


def _incoming(docket: Docket, names: Mapping[str, str], cutting: _Cutting) -> dict[str, Value | Mapping[str, Value]]:
    return {
        "ArrivalDate": day(arrived_on(docket.document)),
        "ArrivalNumber": cutting.number("ArrivalNumber", docket.document.arrival_number, 10),
        "SignerInfo": _signer(docket, cutting),
        "Priority": _priority(docket),
        "ToPlaces": cutting.text("ToPlaces", receivers(docket, names), 1000),
        "TraceHeaderList": _trace(docket, names),
        "DueDate": _due(docket, names),
    }


def _outgoing(docket: Docket, cutting: _Cutting) -> dict[str, Value | Mapping[str, Value]]:
    header = docket.document.header
    receiver = header.recipients or header.addressee
    return {
        "SignerInfo": _signer(docket, cutting),
        "To": {"OrganId": None, "OrganName": cutting.text("To/OrganName", receiver, 200)},
        "Priority": _priority(docket),
        "IssuedAmount": cutting.number("IssuedAmount", docket.document.copies, 3),
        "DueDate": day(header.reply_by) if header.reply_by else None,
    }


def _signer(docket: Docket, cutting: _Cutting) -> Mapping[str, Value]:
    header = docket.document.header
    return {
        "Position": cutting.text("SignerInfo/Position", header.capacity, 100),
        "FullName": cutting.text("SignerInfo/FullName", header.signer, 50),
    }


def _priority(docket: Docket) -> int:
    urgency = docket.document.marks.urgency
    return _PRIORITY[urgency] if urgency else 0


def _pages(document: Document) -> int | None:
    """Of the main file: appendices in files of their own are documents by themselves."""
    return next((file.pages for file in document.files if file.main), None)


def _trace(docket: Docket, names: Mapping[str, str]) -> str:
    """The leader's words, who has what until when, and how far it has come."""
    told = [f"Ý kiến: {docket.opinion}"] if docket.opinion else []
    for part in sorted(docket.assignments, key=lambda each: not each.lead):
        role = "chủ trì" if part.lead else "phối hợp"
        until = f", hạn {day(local_day(part.deadline))}" if part.deadline else ""
        told.append(f"{names.get(part.unit, part.unit)}: {role}{until}")
    told.append(f"Trạng thái: {progress(docket, names)}")
    return one_line("; ".join(told), _LONG_TEXT)


def _due(docket: Docket, names: Mapping[str, str]) -> str | None:
    """One day: of several units the lead unit's."""
    lead = docket.lead
    if lead is not None and lead.deadline is not None:
        return day(local_day(lead.deadline))
    found = deadline(docket, names)
    return None if found is None or isinstance(found, str) else day(found)
