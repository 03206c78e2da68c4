"""One transaction and what may happen in it."""

from __future__ import annotations

import secrets
import string
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import Table, bindparam, delete, func, insert, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncConnection

from gateway.errors import StaleState
from gateway.model.alarm import Alarm
from gateway.model.authentication import Authentication
from gateway.model.directory import Party
from gateway.model.document import Document, Entry
from gateway.model.facts import FileFacts, Scan
from gateway.model.journal import NewEvent
from gateway.model.mail import Envelope, Mail, MailStage, StoredBlob
from gateway.model.notice import DeliveryResult, Notice, NoticeKind, NoticeStage, OwedNotice
from gateway.model.part import ParsedMail, PartDecision
from gateway.model.report import DeliveryState, RecipientReport
from gateway.model.verdict import Verdict
from gateway.store import directory, schema
from gateway.store.codec import dump
from gateway.store.register import Register
from gateway.store.rows import mail_of, notice_of

_ERROR_LENGTH = 500
_TOKEN_LENGTH = 20
_TOKEN_LETTERS = string.ascii_lowercase + string.digits
"""Local parts may change case on their way, and not every server takes other characters in them."""
_UNLEASED: dict[str, Any] = {"lease_owner": None, "lease_until": None}


def _new_token() -> str:
    return "".join(secrets.choice(_TOKEN_LETTERS) for _ in range(_TOKEN_LENGTH))


class SqlUnit:
    """Implements ports.Unit on one connection. `events` go to the journal last, so that its lock is held briefly."""

    def __init__(self, connection: AsyncConnection, register: Register) -> None:
        self._connection = connection
        self._register = register
        self.events: list[tuple[NewEvent, datetime]] = []

    async def move(self, mail: Mail, to: MailStage) -> Mail:
        """See ports.Unit. The lease lasts while the mail is still at work."""
        values = {"stage": to.value, "attempts": 0, "last_error": None, "waiting_for": None, "failed_stage": None}
        return await self._set_mail(mail, values | (_UNLEASED if to.is_end else {}))

    async def postpone(self, mail: Mail, due: datetime, *, waiting_for: str, error: str) -> None:
        """See ports.Unit."""
        values = {"due_at": due, "waiting_for": waiting_for, "last_error": error[:_ERROR_LENGTH]}
        await self._set_mail(mail, values | _UNLEASED)

    async def strike(self, mail: Mail, due: datetime, *, error: str) -> None:
        """See ports.Unit."""
        values = {
            "due_at": due,
            "attempts": mail.attempts + 1,
            "waiting_for": None,
            "last_error": error[:_ERROR_LENGTH],
        }
        await self._set_mail(mail, values | _UNLEASED)

    async def bury(self, mail: Mail, *, error: str) -> None:
        """See ports.Unit."""
        values = {
            "stage": MailStage.DEAD.value,
            "failed_stage": mail.stage.value,
            "attempts": mail.attempts + 1,
            "waiting_for": None,
            "last_error": error[:_ERROR_LENGTH],
        }
        await self._set_mail(mail, values | _UNLEASED)

    async def revive(self, mail: Mail, to: MailStage, due: datetime) -> None:
        """See ports.Unit."""
        values = {"stage": to.value, "attempts": 0, "failed_stage": None, "last_error": None, "due_at": due}
        await self._set_mail(mail, values | _UNLEASED)

    async def _set_mail(self, mail: Mail, values: Mapping[str, Any]) -> Mail:
        table = schema.mail
        changed = await self._connection.execute(
            update(table)
            .where(table.c.id == mail.id, table.c.stage == mail.stage.value)
            .values(values)
            .returning(table)
        )
        row = changed.one_or_none()
        if row is None:
            raise StaleState(f"{mail.label} is no longer {mail.stage}")
        return mail_of(row)

    async def waive(self, mail_id: int, rule: str, *, actor: str, reason: str, at: datetime) -> None:
        """See ports.Unit."""
        values = {"mail_id": mail_id, "rule": rule, "actor": actor, "reason": reason, "at": at}
        await self._upsert(schema.waiver, [values], ["mail_id", "rule"])

    async def keep_parsed(self, mail_id: int, parsed: ParsedMail) -> None:
        """See ports.Unit."""
        data = dump(ParsedMail, parsed)
        parts = data.pop("parts")
        values = {
            "mail_id": mail_id,
            "message_id": parsed.message_id,
            "sender": parsed.sender,
            "subject": parsed.subject,
            "kind": parsed.kind.value,
            "data": data,
        }
        await self._upsert(schema.parsed_mail, [values], ["mail_id"])
        await self._connection.execute(delete(schema.part).where(schema.part.c.mail_id == mail_id))
        if parts:
            await self._connection.execute(
                insert(schema.part),
                [{"mail_id": mail_id, "position": number, **part} for number, part in enumerate(parts, 1)],
            )

    async def keep_facts(self, facts: Sequence[FileFacts]) -> None:
        """See ports.Unit."""
        # The text, by far the largest, stands beside: search wants it, no stage does.
        rows = [
            {"sha256": fact.sha256, "facts": dump(FileFacts, replace(fact, text="")), "text": fact.text}
            for fact in facts
        ]
        await self._upsert(schema.blob_fact, rows, ["sha256"])

    async def keep_scans(self, scans: Mapping[str, Scan], at: datetime) -> None:
        """See ports.Unit."""
        rows = [
            {
                "sha256": sha256,
                "verdict": scan.verdict.value,
                "engine": scan.engine,
                "name": scan.name,
                "scanned_at": at,
            }
            for sha256, scan in scans.items()
        ]
        await self._upsert(schema.scan, rows, ["sha256"])

    async def keep_authentication(self, mail_id: int, authentication: Authentication) -> None:
        """See ports.Unit."""
        values = {"mail_id": mail_id, "data": dump(Authentication, authentication)}
        await self._upsert(schema.authentication, [values], ["mail_id"])

    async def decide_parts(self, mail_id: int, decisions: Mapping[str, PartDecision]) -> None:
        """See ports.Unit."""
        if not decisions:
            return
        table = schema.part
        changed = update(table).where(table.c.mail_id == mail_id, table.c.path == bindparam("part_path"))
        await self._connection.execute(
            changed.values(decision=bindparam("part_decision")),
            [{"part_path": path, "part_decision": decision.value} for path, decision in sorted(decisions.items())],
        )

    async def keep_verdict(self, mail_id: int, verdict: Verdict) -> None:
        """See ports.Unit."""
        values = {"mail_id": mail_id, "disposition": verdict.disposition.value, "data": dump(Verdict, verdict)}
        await self._upsert(schema.verdict, [values], ["mail_id"])

    async def register(self, mail: Mail, entry: Entry, registered_at: datetime, year: int, sender: str) -> Document:
        """See ports.Unit."""
        return await self._register.enter(self._connection, mail, entry, registered_at, year, sender)

    async def link_repeat(self, mail_id: int, document_id: int) -> None:
        """See ports.Unit."""
        row = {"mail_id": mail_id, "document_id": document_id}
        await self._upsert(schema.repeat, [row], ["mail_id", "document_id"])

    async def link_copy(self, envelope: Envelope, mail_id: int, at: datetime) -> None:
        """See ports.Unit."""
        row = {
            "transport": envelope.transport.value,
            "transport_id": envelope.transport_id,
            "mail_id": mail_id,
            "at": at,
        }
        await self._upsert(schema.mail_copy, [row], ["transport", "transport_id"])

    async def file_on_thread(self, mail_id: int, notices: Sequence[int]) -> None:
        """See ports.Unit."""
        rows = [{"mail_id": mail_id, "notice_id": notice_id} for notice_id in notices]
        await self._upsert(schema.filing, rows, ["mail_id", "notice_id"])

    async def owe(self, notice: OwedNotice, at: datetime, due: datetime | None = None) -> bool:
        """See ports.Unit."""
        values = {
            "kind": notice.kind.value,
            "recipient": notice.recipient,
            "message_id": notice.message_id,
            "mail_id": notice.mail_id,
            "document_ids": list(notice.document_ids),
            "alarm": dump(Alarm, notice.alarm) if notice.alarm else None,
            "token": _new_token(),
            "stage": NoticeStage.OWED.value,
            "created_at": at,
            "tried_since": at,
            "due_at": due or at,
        }
        new = self._insert(schema.outbox).values(values).on_conflict_do_nothing(index_elements=["message_id"])
        return (await self._connection.execute(new.returning(schema.outbox.c.id))).first() is not None

    async def count_notices(self, recipient: str, kinds: Sequence[NoticeKind], since: datetime) -> tuple[int, int]:
        """See ports.Unit."""
        table, address = schema.outbox, recipient.lower()
        to = func.lower(table.c.recipient)
        near = to.endswith(f"@{address.rpartition('@')[2]}", autoescape=True)
        query = select(func.count().filter(to == address), func.count()).where(
            table.c.created_at > since, table.c.kind.in_([kind.value for kind in kinds]), near
        )
        same, domain = (await self._connection.execute(query)).one()
        return same, domain

    async def notice(self, notice_id: int) -> Notice:
        """See ports.Unit."""
        query = select(schema.outbox).where(schema.outbox.c.id == notice_id).with_for_update()
        row = (await self._connection.execute(query)).one_or_none()
        if row is None:
            raise KeyError(notice_id)
        return notice_of(row)

    async def notice_reported(
        self, notice: Notice, mail_id: int, reported: RecipientReport, at: datetime, *, to: DeliveryState
    ) -> None:
        """See ports.Unit."""
        await self._set_notice(notice, {"delivery": to.value})
        await self._connection.execute(
            insert(schema.report).values(
                notice_id=notice.id, mail_id=mail_id, at=at, data=dump(RecipientReport, reported)
            )
        )

    async def address_score(self, address: str) -> tuple[float, datetime] | None:
        """See ports.Unit."""
        table = schema.address_score
        row = (
            await self._connection.execute(select(table).where(table.c.address == address).with_for_update())
        ).first()
        return (row.score, row.at) if row else None

    async def score_address(self, address: str, score: float, at: datetime) -> None:
        """See ports.Unit."""
        await self._upsert(schema.address_score, [{"address": address, "score": score, "at": at}], ["address"])

    async def notice_ready(self, notice: Notice, rendered: StoredBlob, at: datetime) -> Notice:
        """See ports.Unit."""
        values = {"stage": NoticeStage.READY.value, "rendered_sha256": rendered.sha256, "due_at": at, "attempts": 0}
        return await self._set_notice(notice, values)

    async def notice_attempt(
        self, notice: Notice, result: DeliveryResult, at: datetime, *, to: NoticeStage, due: datetime
    ) -> None:
        """See ports.Unit."""
        values: dict[str, Any] = {
            "stage": to.value,
            "attempts": notice.attempts + 1,
            "due_at": due,
            "last_error": None if to is NoticeStage.SENT else result.response[:_ERROR_LENGTH],
        }
        if to is NoticeStage.SENT:
            # A report may have been faster than our commit.
            values["delivery"] = func.coalesce(schema.outbox.c.delivery, DeliveryState.TAKEN.value)
        await self._set_notice(notice, values | _UNLEASED)
        await self._connection.execute(
            insert(schema.delivery).values(
                notice_id=notice.id,
                at=at,
                outcome=result.outcome.value,
                response=result.response[:_ERROR_LENGTH],
                reports=result.reports,
            )
        )

    async def notice_failed(self, notice: Notice, error: str) -> None:
        """See ports.Unit."""
        values = {"stage": NoticeStage.FAILED.value, "last_error": error[:_ERROR_LENGTH]}
        await self._set_notice(notice, values | _UNLEASED)

    async def notice_postponed(self, notice: Notice, due: datetime, error: str) -> None:
        """See ports.Unit."""
        values = {"attempts": notice.attempts + 1, "due_at": due, "last_error": error[:_ERROR_LENGTH]}
        await self._set_notice(notice, values | _UNLEASED)

    async def notice_retry(self, notice: Notice, due: datetime) -> None:
        """See ports.Unit."""
        did_not_arrive = notice.delivery is not None and notice.delivery.has_failed
        if notice.stage is not NoticeStage.FAILED and not (notice.stage is NoticeStage.SENT and did_not_arrive):
            raise StaleState(f"{notice.label} is {notice.stage}, not failed")
        to = NoticeStage.READY if notice.rendered_sha256 else NoticeStage.OWED
        # A new token: what is still reported of the copy before is not of this one.
        values = {"stage": to.value, "attempts": 0, "due_at": due, "tried_since": due, "delivery": None}
        await self._set_notice(notice, values | {"token": _new_token()} | _UNLEASED)

    async def _set_notice(self, notice: Notice, values: Mapping[str, Any]) -> Notice:
        table = schema.outbox
        changed = await self._connection.execute(
            update(table)
            .where(table.c.id == notice.id, table.c.stage == notice.stage.value, table.c.attempts == notice.attempts)
            .values(values)
            .returning(table)
        )
        row = changed.one_or_none()
        if row is None:
            raise StaleState(f"{notice.label} is no longer {notice.stage}")
        return notice_of(row)

    async def replace_directory(self, parties: Sequence[Party]) -> None:
        """See ports.Unit."""
        await directory.replace(self._connection, parties)

    async def record(self, event: NewEvent, at: datetime) -> None:
        """See ports.Unit."""
        self.events.append((event, at))

    def _insert(self, table: Table) -> postgresql.Insert | sqlite.Insert:
        return postgresql.insert(table) if self._connection.dialect.name == "postgresql" else sqlite.insert(table)

    async def _upsert(self, table: Table, rows: Sequence[Mapping[str, Any]], key: list[str]) -> None:
        if not rows:
            return
        # One order for all units keeps two of them from waiting for each other's rows.
        ordered = sorted(rows, key=lambda row: str([row[column] for column in key]))
        statement = self._insert(table)
        rest = {column: statement.excluded[column] for column in ordered[0] if column not in key}
        if rest:
            statement = statement.on_conflict_do_update(index_elements=key, set_=rest)
        else:
            statement = statement.on_conflict_do_nothing(index_elements=key)
        await self._connection.execute(statement, [dict(row) for row in ordered])
