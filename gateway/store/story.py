"""All that the database knows of one mail: what it became, what it set off, and what came back; and of the work on one
document.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Select, func, or_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from gateway.model.docket import Docket
from gateway.model.document import Document, Link, LinkKind
from gateway.model.journal import Event
from gateway.model.mail import Mail, MailKind
from gateway.model.notice import Notice
from gateway.model.report import RecipientReport
from gateway.model.timer import Timer
from gateway.model.tracking import TimelineStep
from gateway.store import journal, schema
from gateway.store.codec import load
from gateway.store.dockets import dockets_where
from gateway.store.register import documents_where
from gateway.store.rows import mail_of, notice_of
from gateway.store.steps import all_steps
from gateway.store.timers import timer_of


@dataclass(frozen=True, slots=True)
class Delivery:
    """One attempt at the relay; `reports` is true where it took our wish to hear what becomes of the mail."""

    notice_id: int
    at: datetime
    outcome: str
    response: str
    reports: bool


@dataclass(frozen=True, slots=True)
class NoticeReport:
    """What the mail `mail_id`, kept as evidence, reports of a notice."""

    notice_id: int
    mail_id: int
    at: datetime
    reported: RecipientReport


@dataclass(frozen=True, slots=True)
class FiledMail:
    """A mail that came in answer to a notice of ours. `sender` is its author, or who its envelope names."""

    mail_id: int
    notice_id: int
    received_at: datetime
    kind: MailKind
    sender: str
    subject: str

    @property
    def label(self) -> str:
        """The id that people use, as `M17`."""
        return f"M{self.mail_id}"


@dataclass(frozen=True, slots=True)
class Story:
    """Everything that happened to a mail, beside what the store's own reads give.

    `filed_on` are the notices that this mail answers; `filed` the mails that answer its own notices, or another mail's
    notices of the documents it brought. `same_bytes` are other mails with its bytes, `copies` counts the deliveries
    that were known at once for this mail again.
    """

    mail: Mail
    documents: tuple[Document, ...]
    repeats: tuple[Document, ...]
    events: tuple[Event, ...]
    notices: tuple[Notice, ...]
    deliveries: tuple[Delivery, ...]
    reports: tuple[NoticeReport, ...]
    filed_on: tuple[int, ...]
    filed: tuple[FiledMail, ...]
    same_bytes: tuple[int, ...]
    copies: int


@dataclass(frozen=True, slots=True)
class CorrectedField:
    """A register field as it was before and after a correction; None is not known."""

    at: datetime
    actor: str
    field: str
    old: str | None
    new: str | None


@dataclass(frozen=True, slots=True)
class KeptTimer:
    """A timer of a document; `fired_at` is None while it runs."""

    timer: Timer
    fired_at: datetime | None


@dataclass(frozen=True, slots=True)
class Work:
    """The work on a document: as it stands, how it came there, what it waits for. `tokens` counts those given,
    `links` are both ways.
    """

    docket: Docket
    steps: tuple[TimelineStep, ...]
    timers: tuple[KeptTimer, ...]
    corrections: tuple[CorrectedField, ...]
    tokens: int
    links: tuple[Link, ...] = ()


async def story_of(connection: AsyncConnection, mail_id: int) -> Story:
    """The whole story of a mail; raises KeyError."""
    row = (await connection.execute(select(schema.mail).where(schema.mail.c.id == mail_id))).first()
    if row is None:
        raise KeyError(mail_id)
    mail = mail_of(row)
    repeated = select(schema.repeat.c.document_id).where(schema.repeat.c.mail_id == mail_id)
    same = schema.mail.c.raw_sha256 == mail.raw.sha256
    filed_on = select(schema.filing.c.notice_id).where(schema.filing.c.mail_id == mail_id)
    copies = select(func.count()).where(schema.mail_copy.c.mail_id == mail_id)
    documents = await documents_where(connection, schema.document.c.mail_id == mail_id)
    notices = await notices_where(connection, schema.outbox.c.mail_id == mail_id)
    own = [notice.id for notice in notices]
    elsewhere = await _notices_elsewhere(connection, mail_id, [document.id for document in documents])
    return Story(
        mail=mail,
        documents=tuple(documents),
        repeats=tuple(await documents_where(connection, schema.document.c.id.in_(repeated))),
        events=await _events(connection, schema.event.c.mail_id == mail_id),
        notices=notices,
        deliveries=await _deliveries(connection, own),
        reports=await _reports(connection, own),
        filed_on=await _ids(connection, filed_on.order_by(schema.filing.c.notice_id)),
        filed=await _filed(connection, [*own, *elsewhere]),
        same_bytes=await _ids(
            connection, select(schema.mail.c.id).where(same, schema.mail.c.id != mail_id).order_by(schema.mail.c.id)
        ),
        copies=(await connection.execute(copies)).scalar_one(),
    )


async def work_of(connection: AsyncConnection, document_id: int) -> Work:
    """The work on a document with its history; raises KeyError."""
    found = await dockets_where(connection, schema.document.c.id == document_id)
    if not found:
        raise KeyError(document_id)
    timer, correction, token = schema.timer, schema.correction, schema.thread_token
    timers = select(timer).where(timer.c.document_id == document_id).order_by(timer.c.due_at, timer.c.id)
    corrections = select(correction).where(correction.c.document_id == document_id).order_by(correction.c.id)
    given = select(func.count()).where(token.c.document_id == document_id)
    return Work(
        docket=found[0],
        steps=await all_steps(connection, found[0].document),
        timers=tuple(KeptTimer(timer_of(row), row.fired_at) for row in (await connection.execute(timers)).all()),
        corrections=tuple(
            CorrectedField(row.at, row.actor, row.field, row.old, row.new)
            for row in (await connection.execute(corrections)).all()
        ),
        tokens=(await connection.execute(given)).scalar_one(),
        links=await links_of(connection, document_id),
    )


async def links_of(connection: AsyncConnection, document_id: int) -> tuple[Link, ...]:
    """How a document stands to older ones, and younger ones to it."""
    table = schema.link
    query = select(table).where(or_(table.c.document_id == document_id, table.c.other_id == document_id))
    rows = (await connection.execute(query.order_by(table.c.document_id, table.c.other_id))).all()
    return tuple(Link(row.document_id, row.other_id, LinkKind(row.kind)) for row in rows)


async def notices_where(connection: AsyncConnection, condition: ColumnElement[bool]) -> tuple[Notice, ...]:
    """Notices in the order they were owed."""
    query = select(schema.outbox).where(condition).order_by(schema.outbox.c.id)
    return tuple(notice_of(row) for row in (await connection.execute(query)).all())


async def _ids(connection: AsyncConnection, query: Select[int]) -> tuple[int, ...]:
    return tuple((await connection.execute(query)).scalars())


async def _notices_elsewhere(connection: AsyncConnection, mail_id: int, document_ids: Sequence[int]) -> list[int]:
    """The notices of these documents that mails were sent which brought them again."""
    if not document_ids:
        return []
    again = select(schema.repeat.c.mail_id).where(schema.repeat.c.document_id.in_(document_ids))
    notices = await notices_where(connection, schema.outbox.c.mail_id.in_(again))
    wanted = set(document_ids)
    return [n.id for n in notices if n.owed.mail_id != mail_id and wanted.intersection(n.owed.document_ids)]


async def _events(connection: AsyncConnection, condition: ColumnElement[bool]) -> tuple[Event, ...]:
    query = select(schema.event).where(condition).order_by(schema.event.c.sequence)
    return tuple(journal.event_of(row) for row in (await connection.execute(query)).all())


async def _deliveries(connection: AsyncConnection, notice_ids: Sequence[int]) -> tuple[Delivery, ...]:
    table = schema.delivery
    query = select(table).where(table.c.notice_id.in_(notice_ids)).order_by(table.c.id)
    rows = (await connection.execute(query)).all()
    return tuple(Delivery(row.notice_id, row.at, row.outcome, row.response, row.reports) for row in rows)


async def _reports(connection: AsyncConnection, notice_ids: Sequence[int]) -> tuple[NoticeReport, ...]:
    table = schema.report
    query = select(table).where(table.c.notice_id.in_(notice_ids)).order_by(table.c.id)
    rows = (await connection.execute(query)).all()
    return tuple(NoticeReport(row.notice_id, row.mail_id, row.at, load(RecipientReport, row.data)) for row in rows)


async def _filed(connection: AsyncConnection, notice_ids: Sequence[int]) -> tuple[FiledMail, ...]:
    filing, mail, parsed = schema.filing, schema.mail, schema.parsed_mail
    query = (
        select(filing, mail.c.received_at, mail.c.mail_from, parsed.c.kind, parsed.c.sender, parsed.c.subject)
        .join(mail, mail.c.id == filing.c.mail_id)
        .join(parsed, parsed.c.mail_id == filing.c.mail_id)
        .where(filing.c.notice_id.in_(notice_ids))
        .order_by(filing.c.mail_id, filing.c.notice_id)
    )
    return tuple(
        FiledMail(
            mail_id=row.mail_id,
            notice_id=row.notice_id,
            received_at=row.received_at,
            kind=MailKind(row.kind),
            sender=row.sender or row.mail_from,
            subject=row.subject,
        )
        for row in (await connection.execute(query)).all()
    )
