"""Rows to records, one function for each noun."""

from __future__ import annotations

from typing import Any

from gateway.model.alarm import Alarm
from gateway.model.document import Direction, Document, RegisteredFile, Status
from gateway.model.facts import Marks, Scan, ScanVerdict, Secrecy, Urgency
from gateway.model.header import HeaderFields
from gateway.model.mail import Envelope, Mail, MailStage, StoredBlob, Transport
from gateway.model.notice import Notice, NoticeKind, NoticeStage, OwedNotice
from gateway.model.paper import Paper, PaperDuty
from gateway.model.report import DeliveryState
from gateway.model.signature import Signature
from gateway.store.codec import load


def mail_of(row: Any) -> Mail:
    """A row of `mail`."""
    return Mail(
        id=row.id,
        raw=StoredBlob(row.raw_sha256, row.raw_size),
        envelope=Envelope(
            transport=Transport(row.transport),
            transport_id=row.transport_id,
            mail_from=row.mail_from,
            recipients=tuple(row.recipients),
            peer=row.peer,
            helo=row.helo,
            tls=row.tls,
        ),
        received_at=row.received_at,
        stage=MailStage(row.stage),
        attempts=row.attempts,
        failed_stage=MailStage(row.failed_stage) if row.failed_stage else None,
        last_error=row.last_error,
        waiting_for=row.waiting_for,
    )


def notice_of(row: Any) -> Notice:
    """A row of `outbox`."""
    return Notice(
        id=row.id,
        owed=OwedNotice(
            kind=NoticeKind(row.kind),
            recipient=row.recipient,
            message_id=row.message_id,
            mail_id=row.mail_id,
            document_ids=tuple(row.document_ids),
            alarm=load(Alarm, row.alarm) if row.alarm else None,
            facts=dict(row.facts),
        ),
        stage=NoticeStage(row.stage),
        created_at=row.created_at,
        tried_since=row.tried_since,
        attempts=row.attempts,
        rendered_sha256=row.rendered_sha256,
        last_error=row.last_error,
        token=row.token,
        delivery=DeliveryState(row.delivery) if row.delivery else None,
        attached=tuple(row.attached),
    )


def scan_of(row: Any) -> Scan:
    """A row of `scan`; only lasting results are kept."""
    return Scan(ScanVerdict(row.verdict), row.engine, row.name, signatures=row.signatures)


def file_of(row: Any) -> RegisteredFile:
    """A row of `file`."""
    return RegisteredFile(
        part_path=row.part_path,
        name=row.name,
        type=row.type,
        size=row.size,
        sha256=row.sha256,
        pages=row.pages,
        main=row.main,
        scan=load(Scan, row.scan),
        signatures=load(tuple[Signature, ...], row.signatures),
    )


def document_of(row: Any, files: tuple[RegisteredFile, ...]) -> Document:
    """A row of `document` with its files."""
    return Document(
        id=row.id,
        mail_id=row.mail_id,
        book=row.book,
        year=row.year,
        arrival_number=row.arrival_number,
        token=row.token,
        received_at=row.received_at,
        registered_at=row.registered_at,
        direction=Direction(row.direction),
        status=Status(row.status),
        header=HeaderFields(
            number=row.number,
            notation=row.notation,
            issued_on=row.issued_on,
            document_type=row.document_type,
            abstract=row.abstract,
            issuer=row.issuer,
            signer=row.signer,
            addressee=row.addressee,
            superior=row.superior,
            capacity=row.capacity,
            recipients=row.recipients,
            reply_by=row.reply_by,
            confidence=dict(row.confidence),
        ),
        marks=Marks(
            Secrecy(row.secrecy) if row.secrecy else None,
            Urgency(row.urgency) if row.urgency else None,
        ),
        files=files,
        sender=row.sender,
        paper=Paper(
            PaperDuty(row.paper_duty), row.paper_clause, row.paper_reason, row.paper_due_at, row.paper_received_at
        ),
        exchange_id=row.exchange_id,
        copies=row.copies,
        kept_by=row.kept_by,
        note=row.note,
        purged_at=row.purged_at,
    )
