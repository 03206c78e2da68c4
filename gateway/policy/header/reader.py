"""The register's fields from the pages of a document."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import islice

from gateway.model.header import Evidence, HeaderFields
from gateway.model.page import Page, TextSource
from gateway.policy.header.abstract import AbstractRead, abstract_from
from gateway.policy.header.addressee import addressee_in
from gateway.policy.header.agreement import notation_fits_issuer
from gateway.policy.header.arrivals import without_arrivals
from gateway.policy.header.confidence import DOUBTFUL, GUESS, LIKELY, SURE, SURE_ABSTRACT, SURE_ISSUER, limited
from gateway.policy.header.copies import without_copying_head
from gateway.policy.header.deadline import deadline_in
from gateway.policy.header.evidence import evidence_of
from gateway.policy.header.issuer import authority_in, issuer_in
from gateway.policy.header.layout import Cell, cells_of
from gateway.policy.header.legacy import undecoded
from gateway.policy.header.misread import with_names_restored
from gateway.policy.header.number import NumberRead, notation_year
from gateway.policy.header.overlay import with_figures_placed
from gateway.policy.header.place_date import DateRead, date_in, passed_on
from gateway.policy.header.recipients import MAX_CELLS, recipients_in
from gateway.policy.header.signer import SignerRead, cells_of_document, signer_in
from gateway.policy.header.text import clean, squeeze
from gateway.policy.header.title import after_type, asks_for_nothing, heading_place, type_of
from gateway.policy.header.types import DocumentTypes
from gateway.policy.header.wrapped import with_wrapped_lines_joined
from gateway.policy.header.zone import Head, HeadCell, Kind, head_of

_AFTER_TITLE = 6
_CLOSING_LINES = 20_000
_LONGEST_CLOSING = 600


@dataclass(slots=True)
class _Fields:
    """Fields gathered so far, each with its confidence and the cells it was read from."""

    sources: Mapping[int, TextSource]
    values: dict[str, str | date] = field(default_factory=dict)
    confidence: dict[str, float] = field(default_factory=dict)
    cells: dict[str, tuple[Cell, ...]] = field(default_factory=dict)

    def put(self, name: str, value: str | date | None, confidence: float, cells: Sequence[Cell]) -> None:
        """Keep a value; `cells` are what it was read from."""
        if not value:
            return
        self.values[name] = value
        source = self.sources.get(cells[0].page, TextSource.TEXT) if cells else TextSource.TEXT
        self.confidence[name] = limited(name, confidence, source, [cell.sure for cell in cells])
        self.cells[name] = tuple(cells)

    @property
    def evidence(self) -> dict[str, Evidence]:
        """What each field was read from; one record for those that were read from the same cells."""
        known: dict[tuple[Cell, ...], Evidence] = {}
        for cells in self.cells.values():
            if cells and cells not in known:
                known[cells] = evidence_of(cells, self.sources)
        return {name: known[cells] for name, cells in self.cells.items() if cells}

    def lower(self, names: Iterable[str], most: float) -> None:
        """Those of `names` that were read are no surer than `most`."""
        for name in names:
            if name in self.confidence:
                self.confidence[name] = min(self.confidence[name], most)

    def text(self, name: str) -> str | None:
        value = self.values.get(name)
        return value if isinstance(value, str) else None

    def day(self, name: str) -> date | None:
        value = self.values.get(name)
        return value if isinstance(value, date) else None


def read_header(pages: Sequence[Page], types: DocumentTypes) -> HeaderFields:
    """Read the fields of page 1, and from all pages who signed, in what capacity, for whom, and until when to answer.

    `pages` in order, page 1 first. What cannot be told stays None, and so does everything where the letters are still
    in a legacy code. `confidence` has a value for every field read, 0.9 and more where layout and content agree;
    `evidence` says what each was read from, its `file` empty.
    Never raises on any text; at most the first 200 lines of page 1, cut at 1000 characters, count for the header.
    """
    if not pages or undecoded(pages[0]):
        return HeaderFields()
    pages = [with_names_restored(without_arrivals(page)) for page in pages]
    page = head_of(cells_of(with_figures_placed(with_wrapped_lines_joined(pages[0]))), types)
    head = without_copying_head(page, types)
    found = _Fields({page.number: page.source for page in pages})
    _read_number(head, found)
    _read_date(head, pages, found)
    heading_at = heading_place(head, found.text("notation"), types)
    _read_issuer(head, heading_at, found, types)
    _read_type(head, heading_at, found, types)
    _read_abstract(head, heading_at, found, types)
    addressee = addressee_in(head, found.text("document_type"), types)
    if addressee is not None:
        found.put("addressee", addressee.names, _sure(head, certain=addressee.certain), addressee.cells)
    _read_end(head, pages, found, types)
    _lower_contradictions(found, types)
    found.lower(list(found.confidence), DOUBTFUL if head.motto_broken else SURE if head is page else LIKELY)
    return HeaderFields(
        number=found.text("number"),
        notation=found.text("notation"),
        issued_on=found.day("issued_on"),
        document_type=found.text("document_type"),
        abstract=found.text("abstract"),
        issuer=found.text("issuer"),
        superior=found.text("superior"),
        signer=found.text("signer"),
        capacity=found.text("capacity"),
        addressee=found.text("addressee"),
        recipients=found.text("recipients"),
        reply_by=found.day("reply_by"),
        confidence=found.confidence,
        evidence=found.evidence,
    )


def _anchored(head: Head) -> bool:
    """Whether the page has a document's head at all: the motto, or a number with a date."""
    return head.first(Kind.MOTTO) is not None or (
        head.first(Kind.NUMBER) is not None and head.first(Kind.DATE) is not None
    )


def _sure(head: Head, *, certain: bool) -> float:
    if not _anchored(head):
        return DOUBTFUL
    return SURE if certain else LIKELY


def _read_number(head: Head, found: _Fields) -> None:
    title = head.title_at
    above = [one for one in head.cells[:title] if one.kind is Kind.NUMBER]
    below = [one for one in head.cells[title : title + _AFTER_TITLE] if one.kind is Kind.NUMBER]
    chosen, confidence = _choose(_where(above, exact=False), SURE if _anchored(head) else LIKELY)
    if chosen is None and head.first(Kind.MOTTO) is not None:
        chosen, confidence = _choose(above, DOUBTFUL)
    if chosen is None:
        chosen, confidence = _choose(_where(below, exact=True), DOUBTFUL)
    if chosen is None:
        stamped = [one for one in head.cells if one.kind is Kind.STAMP]
        chosen, confidence = _choose(_where(stamped, exact=False), GUESS)
    if chosen is not None and chosen.number is not None:
        found.put("number", chosen.number.number, confidence, chosen.read_from)
        found.put("notation", chosen.number.notation, confidence, chosen.read_from)


def _where(cells: Iterable[HeadCell], *, exact: bool) -> list[HeadCell]:
    """Those with a labelled number, spelt out if `exact`."""
    return [one for one in cells if one.number is not None and one.number.labelled and (one.number.exact or not exact)]


def _choose(cells: Sequence[HeadCell], confidence: float) -> tuple[HeadCell | None, float]:
    """The first complete number, else the first; less sure where there are several or the label was misread."""
    numbers = [(one, one.number) for one in cells if one.number is not None]
    if not numbers:
        return None, 0.0
    chosen, number = next(((one, number) for one, number in numbers if number.number), numbers[0])
    if len({(number.number, number.notation) for _, number in numbers}) > 1:
        return chosen, min(confidence, DOUBTFUL)
    return chosen, confidence if _plain(number) else min(confidence, LIKELY)


def _plain(number: NumberRead) -> bool:
    date_beside = date_in(number.rest)
    return number.exact or (date_beside is not None and date_beside.placed and number.labelled)


def _read_date(head: Head, pages: Sequence[Page], found: _Fields) -> None:
    title = head.title_at
    dates = [(one, one.date) for one in head.cells[:title] if one.kind is Kind.DATE and one.date is not None]
    if not dates:
        below = head.cells[title : title + _AFTER_TITLE]
        dates = [(one, one.date) for one in below if one.kind is Kind.DATE and one.date is not None]
    if dates:
        chosen, read = next(((one, read) for one, read in dates if read.on is not None), dates[0])
        found.put("issued_on", read.on, _date_confidence(read, [each for _, each in dates], head), chosen.read_from)
    elif "notation" in found.values:
        for on, cell in _passed(pages):
            found.put("issued_on", on, DOUBTFUL, (cell,))
            break


def _passed(pages: Sequence[Page]) -> Iterator[tuple[date, Cell]]:
    """The days on which the text says that it was passed, with the sentences."""
    for page in pages:
        for at, line in enumerate(page.lines[:_CLOSING_LINES]):
            on = passed_on(line.text) if "này " in line.text[:30] else None
            if on is not None:
                text = squeeze(clean(line.text[:_LONGEST_CLOSING]))
                yield on, Cell(text, page=page.number, line=at, box=line.box)


def _date_confidence(chosen: DateRead, dates: Sequence[DateRead], head: Head) -> float:
    if len({one.on for one in dates}) > 1:
        return DOUBTFUL
    if not _anchored(head) or not chosen.placed:
        return DOUBTFUL
    return SURE if chosen.exact else LIKELY


def _read_issuer(head: Head, heading_at: int | None, found: _Fields, types: DocumentTypes) -> None:
    until = head.title_at if heading_at is None else min(head.title_at, heading_at)
    notation = found.text("notation")
    issuer = issuer_in(head, notation, until, types)
    if issuer is None or not _anchored(head):
        return
    fits = notation is not None and notation_fits_issuer(notation, issuer.name, types, issuer.superior or "")
    confidence = SURE_ISSUER if issuer.certain and fits else DOUBTFUL
    found.put("issuer", issuer.name, confidence, issuer.cells)
    found.put("superior", issuer.superior, confidence, issuer.above)


def _read_type(head: Head, heading_at: int | None, found: _Fields, types: DocumentTypes) -> None:
    kind = type_of(head, heading_at, found.text("notation"), types)
    if kind is None:
        return
    place = head.first(Kind.SUBJECT) if heading_at is None else heading_at
    cells = found.cells.get("notation", ()) if place is None else (head.cells[place].cell,)
    found.put("document_type", kind.name, kind.confidence, cells)


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
        found.put("abstract", abstract.text, _abstract_confidence(head, abstract, found), abstract.cells)
    if "issuer" not in found.values:
        authority = authority_in(head, abstract.last if abstract is not None else start)
        if authority is not None:
            found.put("issuer", authority.name, DOUBTFUL, authority.cells)


def _abstract_confidence(head: Head, abstract: AbstractRead, found: _Fields) -> float:
    if not _anchored(head) or "notation" not in found.values:
        return GUESS
    return SURE_ABSTRACT if abstract.certain else LIKELY


def _read_end(head: Head, pages: Sequence[Page], found: _Fields, types: DocumentTypes) -> None:
    """What stands below the text: who signed, and who gets it; and in the text above that, until when to answer."""
    cells = cells_of_document(pages)
    body: list[Cell] = []
    signer = signer_in(_remembered(cells, body))
    body.extend(islice(cells, MAX_CELLS))
    if signer is not None:
        confidence = DOUBTFUL if signer.several else _sure(head, certain=signer.certain)
        found.put("signer", signer.name, confidence, signer.at)
        found.put("capacity", signer.capacity, confidence, signer.titles)
    recipients = recipients_in(body)
    if recipients is not None:
        found.put("recipients", recipients.names, _sure(head, certain=recipients.certain), recipients.cells)
    if not asks_for_nothing(found.text("document_type"), found.text("notation"), types):
        deadline = deadline_in(pages, found.day("issued_on"), _end_of_text(signer))
        if deadline is not None:
            found.put("reply_by", deadline.on, _sure(head, certain=deadline.certain), deadline.cells)


def _remembered(cells: Iterator[Cell], body: list[Cell]) -> Iterator[Cell]:
    for cell in cells:
        body.append(cell)
        yield cell


def _end_of_text(signer: SignerRead | None) -> tuple[int, int] | None:
    return None if signer is None else (signer.at[-1].page, signer.at[-1].line)


def _lower_contradictions(found: _Fields, types: DocumentTypes) -> None:
    """What contradicts each other is not sure, whichever of it is right.

    A number's year is that of the date; a notation is made of the issuer's name.
    """
    notation, issuer, issued_on = found.text("notation"), found.text("issuer"), found.day("issued_on")
    if notation is None:
        return
    year = notation_year(notation)
    if year is not None and issued_on is not None and year != issued_on.year:
        found.lower(("number", "notation", "issued_on"), DOUBTFUL)
    if issuer is not None and not notation_fits_issuer(notation, issuer, types, found.text("superior") or ""):
        found.lower(("number", "notation"), LIKELY)
