"""Entering a document that the agency issues: the next number of its book, its files, what it answers (Điều 15, 18)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields, replace
from datetime import date, datetime
from functools import partial
from typing import Any

from gateway.clock import local
from gateway.errors import AlreadyRegistered, UnfitDecision
from gateway.model.agency import Agency
from gateway.model.docket import Answer, DocumentState
from gateway.model.document import Direction, Document, Entry, RegisteredFile
from gateway.model.facts import FileFacts, Marks, Scan, ScanVerdict
from gateway.model.header import Evidence, EvidenceSource, HeaderFields
from gateway.model.issued import Issued
from gateway.model.journal import NewEvent
from gateway.model.mail import StoredBlob
from gateway.model.wording import SCAN_WORDS, arrival, day
from gateway.policy.books import printed_number
from gateway.policy.header import identifier_key, identity_key
from gateway.policy.header.confidence import ASK_BELOW
from gateway.policy.issuing import ToIssue, objection
from gateway.ports import Unit
from handlers.desk import Desk
from handlers.scan import keep_scanned, scanned, together

_APART = "out:"
"""Before the keys of what is issued, so that it may come back by mail and be entered as an incoming document."""
_NEEDED = {"document_type": "tên loại", "abstract": "trích yếu", "signer": "người ký", "recipients": "nơi nhận"}
_OVER = frozenset({DocumentState.RETURNED, DocumentState.RECALLED, DocumentState.VOIDED})


@dataclass(frozen=True, slots=True)
class IssuedFile:
    """A file as given: its name, its bytes in the blob store, its true media type. The first is the document itself."""

    name: str
    content: StoredBlob
    media_type: str


@dataclass(frozen=True, slots=True)
class IssueOrder:
    """What a person says of a document to be issued; None where the file itself shall say it.

    `said` are values of HeaderFields by name. `number` is what is printed on the document already, and has to be the
    next; `answers` are ids of the incoming documents that it answers. `not_secret` is the word of who has looked at
    what may be a mark of secrecy.
    """

    files: tuple[IssuedFile, ...]
    said: Mapping[str, str | date]
    number: int | None = None
    copies: int | None = None
    kept_by: str = ""
    note: str = ""
    answers: tuple[int, ...] = ()
    not_secret: bool = False


async def issue(order: IssueOrder, agency: Agency, operator: str, desk: Desk) -> Document:
    """Enter it under the next number of its book, in one transaction with the journal and the links.

    Raises UnfitDecision, in Vietnamese, where a file is not clean, is secret or was issued before, a field is missing,
    or a number is not the next; KeyError for an unknown document that is answered; TemporaryError while there is no
    scanner. The files of what is not entered do not stay.
    """
    try:
        return await _issue(order, agency, operator, desk)
    except BaseException:
        for file in order.files:
            sha256 = file.content.sha256
            await desk.blobs.destroy(sha256, partial(desk.store.is_used, sha256))
        raise


async def _issue(order: IssueOrder, agency: Agency, operator: str, desk: Desk) -> Document:
    found = await scanned([file.content.sha256 for file in order.files], desk)
    _all_clean(order.files, found.scans)
    facts = await together(_facts_of(file, desk) for file in order.files)
    _may_go_out(order, facts, desk)
    for fact in facts:
        for proof in fact.proofs:
            await desk.blobs.put(proof.content)
    facts = [replace(fact, proofs=()) for fact in facts]
    now = desk.clock.now()
    header = _header(order, facts[0], agency, now, desk)
    files = _files(order.files, facts, found.scans)
    book, year = desk.books.outgoing_book_of(header.document_type or ""), local(now).year

    def numbered(ordinal: int) -> Issued:
        entry = _numbered(header, ordinal, book, files, facts[0])
        _fits(order.number, entry.header, facts[0].header, ordinal)
        return Issued(entry, order.copies, order.kept_by, order.note)

    try:
        async with desk.store.begin() as unit:
            await keep_scanned(found, unit, desk)
            await unit.keep_facts(facts)
            document = await unit.issue(book, numbered, now, year, agency.mailbox)
            answers = dict.fromkeys(order.answers)
            answered = [await _answer(each, document, operator, unit, desk) for each in answers]
            data = {"book": book, "year": year, "arrival_number": document.arrival_number, "answers": answered}
            data |= {"not_secret": True} if order.not_secret else {}
            await unit.record(NewEvent("document.issued", operator, "cli", None, document.id, data), now)
    except AlreadyRegistered:
        raise UnfitDecision(await _issued_before(order.files[0], header, desk)) from None
    return document


def _all_clean(files: Sequence[IssuedFile], scans: Mapping[str, Scan]) -> None:
    for file in files:
        scan = scans[file.content.sha256]
        if scan.verdict is not ScanVerdict.CLEAN:
            cause = f" ({scan.name})" if scan.name else ""
            raise UnfitDecision(f"{file.name}: {SCAN_WORDS[scan.verdict]}{cause}; không vào sổ")


def _may_go_out(order: IssueOrder, facts: Sequence[FileFacts], desk: Desk) -> None:
    files = [ToIssue(file.name, fact) for file, fact in zip(order.files, facts, strict=True)]
    said = [*(value for value in order.said.values() if isinstance(value, str)), order.kept_by, order.note]
    fault = objection(files, said, desk.content.formats, not_secret=order.not_secret)
    if fault is not None:
        raise UnfitDecision(fault)


async def _facts_of(file: IssuedFile, desk: Desk) -> FileFacts:
    sha256 = file.content.sha256
    return await desk.inspector.inspect(desk.blobs.path(sha256), sha256, file.media_type)


def _header(order: IssueOrder, main: FileFacts, agency: Agency, now: datetime, desk: Desk) -> HeaderFields:
    """What the person said before what the file says for certain; all but the number."""
    read = main.header
    sure = {name for name, confidence in read.confidence.items() if confidence >= ASK_BELOW}
    sure -= {"number", "notation", "issuer", "superior"}
    said = {name: value for name, value in order.said.items() if value}
    if "document_type" in said:
        said["document_type"] = _type_named(str(said["document_type"]), desk)
    own: dict[str, str | date] = said | {"issuer": agency.name, "superior": agency.superior}
    today = local(now).date()
    if "issued_on" not in sure:
        own.setdefault("issued_on", today)
    values: dict[str, Any] = {each.name: getattr(read, each.name) for each in fields(read) if each.name in sure} | own
    values.setdefault("notation", _notation(read, str(values.get("document_type", "")), desk))
    missing = [words for name, words in _NEEDED.items() if not values.get(name)]
    if missing:
        raise UnfitDecision(f"chưa đọc được {', '.join(missing)} trong tệp; hãy ghi rõ trong lệnh")
    issued_on = values["issued_on"]
    if not isinstance(issued_on, date) or issued_on.year != today.year:
        raise UnfitDecision("ngày ban hành phải ở năm nay: số văn bản đi tính theo năm")
    if issued_on > today:
        raise UnfitDecision(f"ngày ban hành {day(issued_on)} chưa tới")
    if read.issued_on is not None and "issued_on" in sure and issued_on != read.issued_on:
        raise UnfitDecision(f"tệp ghi ngày {day(read.issued_on)}, không phải {day(issued_on)}; hãy sửa tệp hoặc lệnh")
    confidence = {name: read.confidence[name] for name in sure if name in values} | dict.fromkeys(own, 1.0)
    evidence = {name: replace(each, file=main.sha256) for name, each in read.evidence.items() if name in sure}
    evidence |= {name: Evidence(EvidenceSource.PERSON, str(value)) for name, value in own.items()}
    return HeaderFields(**values, confidence=confidence, evidence=evidence)


def _type_named(written: str, desk: Desk) -> str:
    """The type as the table writes it: books and notations go by that."""
    known = desk.books.types.named(written)
    if known is None:
        raise UnfitDecision(f"không có tên loại “{written}” trong danh mục tên loại văn bản")
    return known.name


def _notation(read: HeaderFields, document_type: str, desk: Desk) -> str:
    """As the document prints it, where that is surely read and ours; else by its type."""
    printed = read.notation if read.confidence.get("notation", 0) >= ASK_BELOW else None
    own = desk.books.abbreviation
    return printed if printed and own in printed.split("-") else desk.books.notation_of(document_type)


def _files(
    files: Sequence[IssuedFile], facts: Sequence[FileFacts], scans: Mapping[str, Scan]
) -> tuple[RegisteredFile, ...]:
    return tuple(
        RegisteredFile(
            part_path=str(place),
            name=file.name,
            type=fact.type,
            size=fact.size,
            sha256=fact.sha256,
            pages=fact.pages,
            main=place == 1,
            scan=scans[fact.sha256],
            signatures=fact.signatures,
        )
        for place, (file, fact) in enumerate(zip(files, facts, strict=True), 1)
    )


def _numbered(
    header: HeaderFields, ordinal: int, book: str, files: tuple[RegisteredFile, ...], main: FileFacts
) -> Entry:
    confidence = {**header.confidence, "number": 1.0}
    whole = replace(header, number=printed_number(ordinal), confidence=confidence)
    identity = identity_key(whole)
    return Entry(
        book=book,
        header=whole,
        marks=Marks(urgency=main.marks.urgency),
        files=files,
        content_key=f"{_APART}{files[0].sha256}",
        identity_key=f"{_APART}{identity}" if identity else None,
        identifier_key=identifier_key(whole),
    )


def _fits(expected: int | None, header: HeaderFields, read: HeaderFields, ordinal: int) -> None:
    """Raise UnfitDecision where the document bears another number than the one it would be entered with."""
    if expected is not None and expected != ordinal:
        raise UnfitDecision(f"số tiếp theo của sổ là {ordinal}, không phải {expected}; số không được bỏ cách")
    printed = read.number if read.confidence.get("number", 0) >= ASK_BELOW else None
    if printed is not None and printed.lstrip("0") != str(ordinal):
        raise UnfitDecision(f"tệp ghi số {printed}, số tiếp theo của sổ là {header.number}; hãy sửa tệp rồi ký lại")


async def _answer(document_id: int, answering: Document, operator: str, unit: Unit, desk: Desk) -> str:
    """Note in an incoming document what answers it; the label of that document."""
    docket, now = await unit.docket(document_id), desk.clock.now()
    document = docket.document
    if document.direction is not Direction.IN or docket.state in _OVER:
        raise UnfitDecision(f"{document.label} không phải là văn bản đến còn hiệu lực trong sổ")
    answer = Answer(answering.header.identifier or answering.label, answering.id)
    kept = await unit.keep_docket(docket, replace(docket, answers=(*docket.answers, answer)), actor=operator, at=now)
    text = f"Văn bản trả lời: {answer.identifier}, số đi {arrival(answering)}."
    data = {"result": text, "status": kept.status.value, "state": kept.state.value, "answered_by": answering.label}
    await unit.record(NewEvent("document.answered", operator, "cli", document.mail_id, document.id, data), now)
    return document.label


async def _issued_before(main: IssuedFile, header: HeaderFields, desk: Desk) -> str:
    known = await desk.store.issued_as(f"{_APART}{main.content.sha256}")
    if known:
        places = ", ".join(f"{each.label}, số đi {arrival(each)}" for each in known)
        return f"{main.name}: tệp này đã phát hành ({places})"
    return f"số tiếp theo của sổ đã dùng với ký hiệu {header.notation} ở sổ khác; hãy ghi ký hiệu khác"
