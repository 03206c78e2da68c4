"""One transaction and what may happen in it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from itertools import groupby
from operator import attrgetter
from typing import Any

from sqlalchemy import bindparam, delete, insert, update
from sqlalchemy.ext.asyncio import AsyncConnection

from gateway.errors import StaleState
from gateway.model.authentication import Authentication
from gateway.model.directory import Directory
from gateway.model.docket import Submission
from gateway.model.document import Document, Entry, Link
from gateway.model.facts import FileFacts
from gateway.model.issued import Issued
from gateway.model.journal import NewEvent
from gateway.model.mail import Envelope, Mail, MailStage
from gateway.model.paper import NOT_DECIDED, Paper
from gateway.model.part import ParsedMail, PartDecision
from gateway.model.verdict import Verdict
from gateway.store import dockets, schema
from gateway.store.closing import ClosingUnit
from gateway.store.codec import dump
from gateway.store.directory import replace as replace_directory
from gateway.store.outbox import OutboxUnit
from gateway.store.register import Register
from gateway.store.rows import mail_of
from gateway.store.scans import ScanUnit
from gateway.store.schema import storable
from gateway.store.statements import ERROR_LENGTH, UNLEASED, insert_into, upsert
from gateway.store.tombstones import TombstoneUnit
from gateway.store.work import WorkUnit


class SqlUnit(ClosingUnit, OutboxUnit, WorkUnit, ScanUnit, TombstoneUnit):
    """Implements ports.Unit on one connection. `events` go to the journal last, so that its lock is held briefly."""

    def __init__(self, connection: AsyncConnection, register: Register) -> None:
        self._connection = connection
        self._register = register
        self.events: list[tuple[NewEvent, datetime]] = []

    async def move(self, mail: Mail, to: MailStage) -> Mail:
        """See ports.Unit. The lease lasts while the mail is still at work."""
        values = {"stage": to.value, "attempts": 0, "last_error": None, "waiting_for": None, "failed_stage": None}
        return await self._set_mail(mail, values | (UNLEASED if to.is_end else {}))

    async def postpone(self, mail: Mail, due: datetime, *, waiting_for: str, error: str) -> None:
        """See ports.Unit."""
        values = {"due_at": due, "waiting_for": waiting_for, "last_error": error[:ERROR_LENGTH]}
        await self._set_mail(mail, values | UNLEASED)

    async def strike(self, mail: Mail, due: datetime, *, error: str) -> None:
        """See ports.Unit."""
        values = {
            "due_at": due,
            "attempts": mail.attempts + 1,
            "waiting_for": None,
            "last_error": error[:ERROR_LENGTH],
        }
        await self._set_mail(mail, values | UNLEASED)

    async def bury(self, mail: Mail, *, error: str) -> None:
        """See ports.Unit."""
        values = {
            "stage": MailStage.DEAD.value,
            "failed_stage": mail.stage.value,
            "attempts": mail.attempts + 1,
            "waiting_for": None,
            "last_error": error[:ERROR_LENGTH],
        }
        await self._set_mail(mail, values | UNLEASED)

    async def revive(self, mail: Mail, to: MailStage, due: datetime) -> Mail:
        """See ports.Unit."""
        values = {"stage": to.value, "attempts": 0, "failed_stage": None, "last_error": None, "due_at": due}
        return await self._set_mail(mail, values | UNLEASED)

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
        await upsert(self._connection, schema.waiver, [values], ["mail_id", "rule"])

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
        await upsert(self._connection, schema.parsed_mail, [values], ["mail_id"])
        await self._connection.execute(delete(schema.part).where(schema.part.c.mail_id == mail_id))
        if parts:
            await self._connection.execute(
                insert(schema.part),
                [{"mail_id": mail_id, "position": number, **part} for number, part in enumerate(parts, 1)],
            )

    async def keep_facts(self, facts: Sequence[FileFacts]) -> None:
        """See ports.Unit."""
        # In the order that upsert keeps too, for all units.
        for opened, some in groupby(sorted(facts, key=attrgetter("sha256")), key=attrgetter("opened")):
            # The text, by far the largest, stands beside: search wants it, no stage does.
            rows = [
                {"sha256": fact.sha256, "facts": dump(FileFacts, replace(fact, text="")), "text": fact.text}
                for fact in some
            ]
            if opened:
                await upsert(self._connection, schema.blob_fact, rows, ["sha256"])
            else:
                new = insert_into(self._connection, schema.blob_fact)
                await self._connection.execute(new.on_conflict_do_nothing(index_elements=["sha256"]), rows)
        await self._keep_proofs(facts)

    async def _keep_proofs(self, facts: Sequence[FileFacts]) -> None:
        """Whose signatures rest on which blobs; older ones stay, for a register may say so."""
        pairs = {(fact.sha256, proof) for fact in facts for each in fact.signatures for proof in each.proofs}
        if pairs:
            rows = [{"file_sha256": file, "sha256": proof} for file, proof in sorted(pairs)]
            new = insert_into(self._connection, schema.proof)
            same = ["file_sha256", "sha256"]
            await self._connection.execute(new.on_conflict_do_nothing(index_elements=same), rows)

    async def keep_authentication(self, mail_id: int, authentication: Authentication) -> None:
        """See ports.Unit."""
        values = {"mail_id": mail_id, "data": dump(Authentication, authentication)}
        await upsert(self._connection, schema.authentication, [values], ["mail_id"])

    async def decide_parts(self, mail_id: int, decisions: Mapping[str, tuple[PartDecision, str]]) -> None:
        """See ports.Unit."""
        if not decisions:
            return
        table = schema.part
        changed = update(table).where(table.c.mail_id == mail_id, table.c.path == bindparam("part_path"))
        await self._connection.execute(
            changed.values(decision=bindparam("part_decision"), reason=bindparam("part_reason")),
            [
                {"part_path": path, "part_decision": decision.value, "part_reason": storable(reason)}
                for path, (decision, reason) in sorted(decisions.items())
            ],
        )

    async def keep_verdict(self, mail_id: int, verdict: Verdict) -> None:
        """See ports.Unit."""
        values = {"mail_id": mail_id, "disposition": verdict.disposition.value, "data": dump(Verdict, verdict)}
        await upsert(self._connection, schema.verdict, [values], ["mail_id"])

    async def register(
        self,
        mail: Mail,
        entry: Entry,
        registered_at: datetime,
        year: int,
        sender: str,
        *,
        answer_to: str | None,
        submission: Submission | None = None,
        paper: Paper = NOT_DECIDED,
    ) -> Document:
        """See ports.Unit."""
        document = await self._register.enter(
            self._connection, mail, entry, registered_at, year, sender, answer_to=answer_to, paper=paper
        )
        if submission is not None:
            await dockets.open_submission(self._connection, document.id, submission)
        return document

    async def issue(
        self, book: str, numbered: Callable[[int], Issued], at: datetime, year: int, sender: str
    ) -> Document:
        """See ports.Unit."""
        return await self._register.issue(self._connection, book, numbered, at, year, sender)

    async def link(self, links: Sequence[Link]) -> None:
        """See ports.Unit."""
        rows = [{"document_id": each.document_id, "other_id": each.other_id, "kind": each.kind.value} for each in links]
        await upsert(self._connection, schema.link, rows, ["document_id", "other_id", "kind"])

    async def link_repeat(self, mail_id: int, document_id: int) -> None:
        """See ports.Unit."""
        row = {"mail_id": mail_id, "document_id": document_id}
        await upsert(self._connection, schema.repeat, [row], ["mail_id", "document_id"])

    async def link_copy(self, envelope: Envelope, mail_id: int, at: datetime) -> None:
        """See ports.Unit."""
        row = {
            "transport": envelope.transport.value,
            "transport_id": envelope.transport_id,
            "mail_id": mail_id,
            "at": at,
        }
        await upsert(self._connection, schema.mail_copy, [row], ["transport", "transport_id"])

    async def file_on_thread(self, mail_id: int, notices: Sequence[int]) -> None:
        """See ports.Unit."""
        rows = [{"mail_id": mail_id, "notice_id": notice_id} for notice_id in notices]
        await upsert(self._connection, schema.filing, rows, ["mail_id", "notice_id"])

    async def replace_directory(self, directory: Directory) -> None:
        """See ports.Unit."""
        await replace_directory(self._connection, directory)

    async def record(self, event: NewEvent, at: datetime) -> None:
        """See ports.Unit."""
        self.events.append((event, at))
