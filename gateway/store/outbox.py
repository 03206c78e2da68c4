"""The outbox in a unit: notices owed, made, sent and reported on."""

from __future__ import annotations

import secrets
import string
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from gateway.errors import StaleState
from gateway.model.alarm import Alarm
from gateway.model.mail import StoredBlob
from gateway.model.notice import DeliveryResult, Notice, NoticeKind, NoticeStage, OwedNotice
from gateway.model.report import DeliveryState, RecipientReport
from gateway.store import schema
from gateway.store.codec import dump
from gateway.store.rows import notice_of
from gateway.store.statements import ERROR_LENGTH, UNLEASED, insert_into, upsert

_TOKEN_LENGTH = 20
_TOKEN_LETTERS = string.ascii_lowercase + string.digits
"""Local parts may change case on their way, and not every server takes other characters in them."""

_WITH_FILES = frozenset({NoticeKind.CLERK_DOCUMENT, NoticeKind.TASK, NoticeKind.SUBMISSION})
"""Where nobody noted which files are in one, as was not done once, it is made anew before it leaves again."""


def _new_token() -> str:
    return "".join(secrets.choice(_TOKEN_LETTERS) for _ in range(_TOKEN_LENGTH))


class OutboxUnit:
    """The part of ports.Unit that is about notices."""

    _connection: AsyncConnection

    async def owe(self, notice: OwedNotice, at: datetime, due: datetime | None = None) -> bool:
        """See ports.Unit."""
        values = {
            "kind": notice.kind.value,
            "recipient": notice.recipient,
            "message_id": notice.message_id,
            "mail_id": notice.mail_id,
            "document_ids": list(notice.document_ids),
            "alarm": dump(Alarm, notice.alarm) if notice.alarm else None,
            "facts": dump(dict[str, Any], dict(notice.facts)),
            "token": _new_token(),
            "stage": NoticeStage.OWED.value,
            "created_at": at,
            "tried_since": at,
            "due_at": due or at,
        }
        new = insert_into(self._connection, schema.outbox).values(values)
        new = new.on_conflict_do_nothing(index_elements=["message_id"])
        return (await self._connection.execute(new.returning(schema.outbox.c.id))).first() is not None

    async def collect(self, notice: OwedNotice, at: datetime, due: datetime) -> bool:
        """See ports.Unit. A leased notice counts as made: whoever renders it has read its documents."""
        if await self.owe(notice, at, due):
            return True
        table = schema.outbox
        query = select(table.c.id, table.c.document_ids).where(
            table.c.message_id == notice.message_id,
            table.c.stage == NoticeStage.OWED.value,
            table.c.lease_owner.is_(None),
        )
        row = (await self._connection.execute(query.with_for_update())).first()
        if row is None:
            return False
        known = list(dict.fromkeys((*row.document_ids, *notice.document_ids)))
        await self._connection.execute(update(table).where(table.c.id == row.id).values(document_ids=known))
        return True

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
        await upsert(
            self._connection, schema.address_score, [{"address": address, "score": score, "at": at}], ["address"]
        )

    async def notice_ready(
        self, notice: Notice, rendered: StoredBlob, at: datetime, *, attached: Sequence[str] = ()
    ) -> Notice:
        """See ports.Unit."""
        values = {"stage": NoticeStage.READY.value, "rendered_sha256": rendered.sha256, "due_at": at, "attempts": 0}
        return await self._set_notice(notice, values | {"attached": list(attached)})

    async def notice_attempt(
        self, notice: Notice, result: DeliveryResult, at: datetime, *, to: NoticeStage, due: datetime
    ) -> None:
        """See ports.Unit."""
        values: dict[str, Any] = {
            "stage": to.value,
            "attempts": notice.attempts + 1,
            "due_at": due,
            "last_error": None if to is NoticeStage.SENT else result.response[:ERROR_LENGTH],
        }
        if to is NoticeStage.SENT:
            # A report may have been faster than our commit.
            values["delivery"] = func.coalesce(schema.outbox.c.delivery, DeliveryState.TAKEN.value)
        await self._set_notice(notice, values | UNLEASED)
        await self._connection.execute(
            insert(schema.delivery).values(
                notice_id=notice.id,
                at=at,
                outcome=result.outcome.value,
                response=result.response[:ERROR_LENGTH],
                reports=result.reports,
            )
        )

    async def notice_unmade(self, notice: Notice, at: datetime) -> Notice:
        """See ports.Unit."""
        values = {"stage": NoticeStage.OWED.value, "rendered_sha256": None, "due_at": at, "attempts": 0}
        return await self._set_notice(notice, values | {"attached": []})

    async def notice_failed(self, notice: Notice, error: str) -> None:
        """See ports.Unit."""
        values = {"stage": NoticeStage.FAILED.value, "last_error": error[:ERROR_LENGTH]}
        await self._set_notice(notice, values | UNLEASED)

    async def notice_postponed(self, notice: Notice, due: datetime, error: str) -> None:
        """See ports.Unit."""
        values = {"attempts": notice.attempts + 1, "due_at": due, "last_error": error[:ERROR_LENGTH]}
        await self._set_notice(notice, values | UNLEASED)

    async def notice_retry(self, notice: Notice, due: datetime) -> None:
        """See ports.Unit."""
        did_not_arrive = notice.delivery is not None and notice.delivery.has_failed
        if notice.stage is not NoticeStage.FAILED and not (notice.stage is NoticeStage.SENT and did_not_arrive):
            raise StaleState(f"{notice.label} is {notice.stage}, not failed")
        noted = notice.attached or notice.owed.kind not in _WITH_FILES
        to = NoticeStage.READY if notice.rendered_sha256 and noted else NoticeStage.OWED
        # A new token: what is still reported of the copy before is not of this one.
        values = {"stage": to.value, "attempts": 0, "due_at": due, "tried_since": due, "delivery": None}
        await self._set_notice(notice, values | {"token": _new_token()} | UNLEASED)

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
