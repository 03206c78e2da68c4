"""Mails that were set aside, and what was decided about them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from gateway.model.finding import Finding
from gateway.model.journal import Event
from gateway.model.mail import Mail, MailStage
from gateway.model.verdict import Verdict
from gateway.store import journal, schema, seals
from gateway.store.codec import load
from gateway.store.rows import mail_of

_FOR_PEOPLE = (MailStage.HELD.value, MailStage.DEAD.value)
_WORKING = tuple(stage.value for stage in MailStage if not stage.is_end)


@dataclass(frozen=True, slots=True)
class SetAside:
    """A mail that waits for a person, or for something outside; or one that was sealed or refused.

    Of a sealed mail there is no `subject`. `is_destroyed` is true where nothing is left but this.
    """

    mail: Mail
    sender: str
    subject: str
    findings: tuple[Finding, ...] = ()
    is_destroyed: bool = False


def _waits() -> ColumnElement[bool]:
    stage = schema.mail.c.stage
    outside = and_(stage.in_(_WORKING), schema.mail.c.waiting_for.is_not(None))
    return or_(stage.in_(_FOR_PEOPLE), outside)


async def waiting(connection: AsyncConnection, before: datetime) -> list[Mail]:
    """See ports.Store."""
    table = schema.mail
    query = select(table).where(_waits(), table.c.received_at < before).order_by(table.c.id)
    return [mail_of(row) for row in (await connection.execute(query)).all()]


async def count_sealed(connection: AsyncConnection) -> int:
    """See ports.Store."""
    query = select(func.count()).select_from(seals.closed().subquery())
    return int((await connection.execute(query)).scalar_one())


async def last_event(connection: AsyncConnection, mail_id: int, kinds: Sequence[str]) -> Event | None:
    """See ports.Store."""
    table = schema.event
    query = select(table).where(table.c.mail_id == mail_id, table.c.kind.in_(kinds))
    row = (await connection.execute(query.order_by(table.c.sequence.desc()).limit(1))).first()
    return journal.event_of(row) if row else None


async def set_aside(connection: AsyncConnection, *, sealed: bool, refused_since: datetime | None) -> list[SetAside]:
    """What waits, oldest first; with what was sealed, and refused since a moment, where that is wanted."""
    mail, parsed, verdict = schema.mail, schema.parsed_mail, schema.verdict
    wanted = [_waits()]
    if sealed:
        wanted.append(mail.c.stage == MailStage.SEALED.value)
    if refused_since is not None:
        wanted.append(and_(mail.c.stage == MailStage.REFUSED.value, mail.c.received_at >= refused_since))
    destroyed = schema.destruction.c.mail_id.label("destroyed")
    beside = mail.outerjoin(parsed, parsed.c.mail_id == mail.c.id).outerjoin(verdict, verdict.c.mail_id == mail.c.id)
    query = (
        select(mail, parsed.c.sender, parsed.c.subject, verdict.c.data, destroyed)
        .select_from(beside.outerjoin(schema.destruction, schema.destruction.c.mail_id == mail.c.id))
        .where(or_(*wanted))
        .order_by(mail.c.id)
    )
    found = []
    for row in (await connection.execute(query)).all():
        closed = row.stage == MailStage.SEALED.value
        findings = load(Verdict, row.data).findings if row.data is not None and not closed else ()
        subject = "" if closed else row.subject or ""
        found.append(SetAside(mail_of(row), row.sender or row.mail_from, subject, findings, row.destroyed is not None))
    return found
