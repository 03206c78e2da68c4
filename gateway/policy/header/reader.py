"""The register's fields from the pages of a document."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

from gateway.model.header import HeaderFields
from gateway.model.page import Page
from gateway.policy.header.abstract import AbstractRead, abstract_from
from gateway.policy.header.addressee import addressee_in
from gateway.policy.header.agreement import notation_fits_issuer
from gateway.policy.header.confidence import DOUBTFUL, GUESS, LIKELY, SURE, SURE_ABSTRACT, SURE_ISSUER, limited
from gateway.policy.header.issuer import authority_in, issuer_in
from gateway.policy.header.layout import cells_of
from gateway.policy.header.legacy import undecoded
from gateway.policy.header.number import NumberRead
from gateway.policy.header.overlay import with_figures_placed
from gateway.policy.header.place_date import DateRead, date_in, passed_on
from gateway.policy.header.signer import signer_in
from gateway.policy.header.title import after_type, heading_place, type_of
from gateway.policy.header.types import DocumentTypes
from gateway.policy.header.wrapped import with_wrapped_lines_joined
from gateway.policy.header.zone import Head, Kind, head_of

_AFTER_TITLE = 6
_CLOSING_LINES = 20_000


@dataclass(slots=True)
class _Fields:
    """Fields gathered so far, each with its confidence."""

    values: dict[str, str | date] = field(default_factory=dict)
    confidence: dict[str, float] = field(default_factory=dict)

    def put(self, name: str, value: str | date | None, confidence: float) -> None:
        if value is not None:
            self.values[name] = value
            self.confidence[name] = confidence

    def text(self, name: str) -> str | None:
        value = self.values.get(name)
        return value if isinstance(value, str) else None


def read_header(pages: Sequence[Page], types: DocumentTypes) -> HeaderFields:
    """Read number, notation, date, type, abstract, issuer and addressee from page 1, the signer from all pages.

    `pages` in order, page 1 first. What cannot be told stays None, and so does everything where the letters are still
    in a legacy code. `confidence` has a value for every field read, 0.9 and more where layout and content agree.
    Never raises on any text; at most the first 200 lines of page 1, cut at 1000 characters, count for the header.
    """
    if not pages or undecoded(pages[0]):
        return HeaderFields()
    head = head_of(cells_of(with_figures_placed(with_wrapped_lines_joined(pages[0]))), types)
    found = _Fields()
    _read_number(head, found)
    _read_date(head, pages, found)
    heading_at = heading_place(head, found.text("notation"), types)
    _read_issuer(head, heading_at, found, types)
    kind = type_of(head, heading_at, found.text("notation"), types)
    if kind is not None:
        found.put("document_type", kind.name, kind.confidence)
    _read_abstract(head, heading_at, found, types)
    signer = signer_in(pages)
    if signer is not None:
        found.put(
            "signer", signer.name, DOUBTFUL if signer.several else _signer_confidence(head, certain=signer.certain)
        )
    addressee = addressee_in(head, found.text("document_type"), types)
    if addressee is not None:
        found.put("addressee", addressee.names, _addressee_confidence(head, certain=addressee.certain))
    issued_on = found.values.get("issued_on")
    most = DOUBTFUL if head.motto_broken else SURE
    return HeaderFields(
        number=found.text("number"),
        notation=found.text("notation"),
        issued_on=issued_on if isinstance(issued_on, date) else None,
        document_type=found.text("document_type"),
        abstract=found.text("abstract"),
        issuer=found.text("issuer"),
        signer=found.text("signer"),
        addressee=found.text("addressee"),
        confidence={name: limited(name, min(value, most), pages[0].source) for name, value in found.confidence.items()},
    )


def _anchored(head: Head) -> bool:
    """Whether the page has a document's head at all: the motto, or a number with a date."""
    return head.first(Kind.MOTTO) is not None or (
        head.first(Kind.NUMBER) is not None and head.first(Kind.DATE) is not None
    )


def _signer_confidence(head: Head, *, certain: bool) -> float:
    if not _anchored(head):
        return DOUBTFUL
    return SURE if certain else LIKELY


def _addressee_confidence(head: Head, *, certain: bool) -> float:
    if not _anchored(head):
        return DOUBTFUL
    return SURE if certain else LIKELY


def _read_number(head: Head, found: _Fields) -> None:
    title = head.title_at
    above = [one.number for one in head.cells[:title] if one.kind is Kind.NUMBER and one.number is not None]
    below = [one.number for one in head.cells[title : title + _AFTER_TITLE] if one.kind is Kind.NUMBER and one.number]
    labelled = [number for number in above if number.labelled]
    chosen, confidence = _choose(labelled, SURE if _anchored(head) else LIKELY)
    if chosen is None and head.first(Kind.MOTTO) is not None:
        chosen, confidence = _choose(above, DOUBTFUL)
    if chosen is None:
        chosen, confidence = _choose([number for number in below if number.labelled and number.exact], DOUBTFUL)
    if chosen is None:
        stamped = [one.number for one in head.cells if one.kind is Kind.STAMP and one.number is not None]
        chosen, confidence = _choose([number for number in stamped if number.labelled], GUESS)
    if chosen is not None:
        found.put("number", chosen.number, confidence)
        found.put("notation", chosen.notation, confidence)


def _choose(numbers: Sequence[NumberRead], confidence: float) -> tuple[NumberRead | None, float]:
    """The first complete number, else the first; less sure where there are several or the label was misread."""
    if not numbers:
        return None, 0.0
    chosen = next((number for number in numbers if number.number), numbers[0])
    if len({(number.number, number.notation) for number in numbers}) > 1:
        return chosen, min(confidence, DOUBTFUL)
    date_beside = date_in(chosen.rest)
    sure = chosen.exact or (date_beside is not None and date_beside.placed and chosen.labelled)
    return chosen, confidence if sure else min(confidence, LIKELY)


def _read_date(head: Head, pages: Sequence[Page], found: _Fields) -> None:
    title = head.title_at
    dates = [one.date for one in head.cells[:title] if one.kind is Kind.DATE and one.date is not None]
    if not dates:
        dates = [one.date for one in head.cells[title : title + _AFTER_TITLE] if one.kind is Kind.DATE and one.date]
    if dates:
        chosen = next((one for one in dates if one.on is not None), dates[0])
        found.put("issued_on", chosen.on, _date_confidence(chosen, dates, head))
    elif "notation" in found.values:
        closing = (
            passed_on(line.text) for page in pages for line in page.lines[:_CLOSING_LINES] if "này " in line.text[:30]
        )
        found.put("issued_on", next((on for on in closing if on is not None), None), DOUBTFUL)


def _date_confidence(chosen: DateRead, dates: Sequence[DateRead], head: Head) -> float:
    if len({one.on for one in dates}) > 1:
        return DOUBTFUL
    if not _anchored(head) or not chosen.placed:
        return DOUBTFUL
    return SURE if chosen.exact else LIKELY


def _read_issuer(head: Head, heading_at: int | None, found: _Fields, types: DocumentTypes) -> None:
    until = head.title_at if heading_at is None else min(head.title_at, heading_at)
    issuer = issuer_in(head, found.text("notation"), until)
    if issuer is None or not _anchored(head):
        return
    notation = found.text("notation")
    certain = issuer.certain and notation is not None and notation_fits_issuer(notation, issuer.name, types)
    found.put("issuer", issuer.name, SURE_ISSUER if certain else DOUBTFUL)


def _read_abstract(head: Head, heading_at: int | None, found: _Fields, types: DocumentTypes) -> None:
    issuer = found.text("issuer")
    if heading_at is not None:
        start, opening = heading_at, after_type(head, heading_at, types)
    else:
        subject = head.first(Kind.SUBJECT)
        if subject is None:
            return
        start, opening = subject, head.cells[subject].cell.text
    abstract = abstract_from(head.cells, start, opening, issuer)
    if abstract is not None:
        found.put("abstract", abstract.text or None, _abstract_confidence(head, abstract, found))
    if "issuer" not in found.values:
        found.put("issuer", authority_in(head, abstract.last if abstract is not None else start), DOUBTFUL)


def _abstract_confidence(head: Head, abstract: AbstractRead, found: _Fields) -> float:
    if not _anchored(head) or "notation" not in found.values:
        return GUESS
    return SURE_ABSTRACT if abstract.certain else LIKELY
