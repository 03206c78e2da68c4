"""Databases of older revisions, with rows in all their tables."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from alembic import command
from sqlalchemy import Connection, Table, delete, insert, inspect, text
from sqlalchemy.ext.asyncio import AsyncConnection, create_async_engine

from gateway.model.journal import NewEvent
from gateway.store import journal, migrations, schema
from gateway.store.database import Database, async_url
from gateway.store.sqlstore import SqlStore
from tests.records import MORNING, sha256
from tests.servers.postgres import PostgresServer

Rows = dict[str, list[dict[str, Any]]]
LAST_MAIL, LAST_NOTICE, LAST_DOCUMENT = 7, 9, 5
"""The highest numbers ever given in the old database; the rows that had them are gone."""
_ARRIVAL = {
    "mail_from": "a@x",
    "recipients": ["sgtvt@x"],
    "peer": "192.0.2.1",
    "helo": "mx",
    "tls": False,
    "raw_size": 5,
    "received_at": MORNING,
    "due_at": MORNING,
}
DOCUMENT = {
    "mail_id": 1,
    "book": "den",
    "year": 2026,
    "received_at": MORNING,
    "registered_at": MORNING,
    "direction": "in",
    "status": "01",
    "issued_on": date(2017, 9, 7),
    "confidence": {"number": 0.95},
    "sender": "a@x",
}
_NOTICE = {"recipient": "a@x", "document_ids": [1, 2], "created_at": MORNING, "due_at": MORNING}


def mail_row(number: int, stage: str, transport: str = "smtp", **values: object) -> dict[str, object]:
    named = {"transport": transport, "transport_id": f"t{number}", "raw_sha256": sha256(str(number))}
    return {"id": number, "stage": stage} | named | _ARRIVAL | values


def notice_row(number: int, kind: str, stage: str, **values: object) -> dict[str, object]:
    return {"id": number, "kind": kind, "stage": stage, "mail_id": 1, "message_id": f"<n{number}@x>"} | _NOTICE | values


def tokened(token: str) -> dict[str, object]:
    return {"token": token, "tried_since": MORNING}


OLD_ROWS: Sequence[tuple[Table, Sequence[Mapping[str, object]]]] = (
    (
        schema.mail,
        [
            mail_row(1, "registered"),
            mail_row(
                2, "accepted", "lmtp", attempts=2, lease_owner="w", lease_until=MORNING, last_error="lỗi", tls=True
            ),
            mail_row(3, "dead", "cli", failed_stage="parsed", waiting_for=None),
            mail_row(4, "inspected", waiting_for="scanner"),
            mail_row(LAST_MAIL, "held"),
        ],
    ),
    (schema.blob_fact, [{"sha256": sha256("f"), "facts": {"pages": 2}, "text": "Kính gửi"}]),
    (
        schema.scan,
        [{"sha256": sha256("f"), "verdict": "clean", "engine": "ClamAV", "name": None, "scanned_at": MORNING}],
    ),
    (schema.parsed_mail, [{"mail_id": 1, "sender": "a@x", "subject": "Gửi", "kind": "document", "data": {"a": [1]}}]),
    (
        schema.part,
        [
            {
                "mail_id": 1,
                "position": 1,
                "path": "2",
                "name": "a.pdf",
                "declared_type": "application/pdf",
                "type": "application/pdf",
                "size": 4,
                "decision": "document",
                "reason": "tệp",
            }
        ],
    ),
    (schema.verdict, [{"mail_id": 1, "disposition": "register", "data": {"findings": []}}]),
    (schema.waiver, [{"mail_id": 1, "rule": "readable", "actor": "cli:cuc", "reason": "đã xem", "at": MORNING}]),
    (schema.counter, [{"book": "den", "year": 2026, "last": 2}]),
    (
        schema.document,
        [
            {"id": 1, "arrival_number": 1, "token": "k1", "content_key": "c1"} | DOCUMENT,
            {"id": 2, "arrival_number": 2, "previous_number": 1, "token": "k2", "content_key": "c2"} | DOCUMENT,
            {"id": LAST_DOCUMENT, "arrival_number": 3, "previous_number": 2, "token": "k3", "content_key": "c3"}
            | DOCUMENT,
        ],
    ),
    (
        schema.file,
        [
            {
                "document_id": 1,
                "position": 1,
                "part_path": "2",
                "name": "a.pdf",
                "type": "application/pdf",
                "size": 4,
                "sha256": sha256("f"),
                "pages": 2,
                "main": True,
                "scan": {"verdict": "clean", "engine": "ClamAV", "name": None, "transient": False},
                "signatures": [],
            }
        ],
    ),
    (schema.repeat, [{"mail_id": 4, "document_id": 1}]),
    (
        schema.outbox,
        [
            notice_row(1, "receipt", "sent", rendered_sha256=sha256("n1")),
            notice_row(2, "clerk_document", "ready", rendered_sha256=sha256("n2"), attempts=3, last_error="451"),
            notice_row(3, "hold", "owed", mail_id=4, lease_owner="w", lease_until=MORNING),
            notice_row(4, "refusal", "failed", mail_id=3, last_error="550"),
            notice_row(5, "clerk_attention", "sent", mail_id=3, rendered_sha256=sha256("n5")),
            notice_row(LAST_NOTICE, "repeat", "owed"),
        ],
    ),
    (schema.delivery, [{"id": 1, "notice_id": 1, "at": MORNING, "outcome": "sent", "response": "250"}]),
)
SECOND_ROWS: Sequence[tuple[Table, Sequence[Mapping[str, object]]]] = (
    *(pair for pair in OLD_ROWS if pair[0] not in {schema.outbox, schema.delivery}),
    (schema.mail_copy, [{"transport": "imap", "transport_id": "v/1", "mail_id": 1, "at": MORNING}]),
    (schema.authentication, [{"mail_id": 1, "data": {"spf": "pass"}}, {"mail_id": 4, "data": {"spf": "none"}}]),
    (
        schema.party,
        [
            {"code": "van-phong", "kind": "unit", "name": "Văn phòng", "networks": []},
            {"code": "cuc", "kind": "person", "name": "Trần Thị Cúc", "networks": [], "parent": "van-phong"},
        ],
    ),
    (schema.party_address, [{"address": "cuc@x", "party": "cuc"}]),
    (schema.party_domain, [{"domain": ".x", "party": "van-phong"}]),
    (
        schema.outbox,
        [
            notice_row(1, "receipt", "sent", rendered_sha256=sha256("n1"), delivery="taken") | tokened("t1"),
            notice_row(2, "alarm", "owed", mail_id=None, alarm={"cause": "mailbox_away", "facts": {}}) | tokened("t2"),
            notice_row(
                3, "hold", "ready", mail_id=4, rendered_sha256=sha256("n3"), lease_owner="w", lease_until=MORNING
            )
            | tokened("t3"),
            notice_row(LAST_NOTICE, "repeat", "owed") | tokened("t4"),
        ],
    ),
    (
        schema.delivery,
        [{"id": 1, "notice_id": 1, "at": MORNING, "outcome": "sent", "response": "250", "reports": True}],
    ),
    (schema.report, [{"id": 1, "notice_id": 1, "mail_id": 4, "at": MORNING, "data": {"action": "delivered"}}]),
    (schema.address_score, [{"address": "a@x", "score": 1.5, "at": MORNING}]),
    (schema.filing, [{"mail_id": 4, "notice_id": 1}]),
)
TOKEN = {"document_id": 1, "address": "cuc@x", "subject": "", "message_id": "<n1@x>", "issued_at": MORNING}
THIRD_ROWS: Sequence[tuple[Table, Sequence[Mapping[str, object]]]] = (
    *SECOND_ROWS,
    (
        schema.thread_token,
        [
            {"token": "r1", "purpose": "work", "expires_at": MORNING} | TOKEN,
            {"token": "r2", "purpose": "confirm", "expires_at": MORNING, "order": {"act": "forward"}} | TOKEN,
        ],
    ),
)
ROWS_OF = {"0001": OLD_ROWS, "0002": SECOND_ROWS, "0003": THIRD_ROWS}
EVENTS = (
    (NewEvent("mail.accepted", "gateway", "smtp", 1), MORNING),
    (NewEvent("document.registered", "gateway", "pipeline", 1, 1, {"book": "Sổ văn bản đến"}), MORNING),
)
GONE = ((schema.mail, LAST_MAIL), (schema.outbox, LAST_NOTICE), (schema.document, LAST_DOCUMENT))


@asynccontextmanager
async def opened(url: str) -> AsyncIterator[SqlStore]:
    database = Database(url)
    try:
        yield SqlStore(database)
    finally:
        await database.close()


@asynccontextmanager
async def writing(url: str) -> AsyncIterator[AsyncConnection]:
    """A transaction as the gateway has it: SQLite keeps foreign keys."""
    async with opened(url) as store, store.database.write() as connection:
        yield connection


async def make_old(url: str, revision: str) -> None:
    """An old revision, with rows in all its tables."""

    def to_the_old(connection: Connection) -> None:
        config = migrations._config()
        config.attributes["connection"] = connection
        command.upgrade(config, revision)

    engine = create_async_engine(async_url(url))
    async with engine.begin() as connection:
        await connection.run_sync(to_the_old)
    await engine.dispose()
    async with writing(url) as connection:
        for table, rows in ROWS_OF[revision]:
            for row in rows:
                await connection.execute(insert(table).values(row))
        if connection.dialect.name == "postgresql":
            for table in (schema.mail, schema.outbox, schema.document, schema.delivery):
                counted = f"SELECT setval(pg_get_serial_sequence('{table.name}', 'id'), max(id)) FROM {table.name}"  # noqa: S608
                await connection.execute(text(counted))
        for table, last in GONE:
            await connection.execute(delete(table).where(table.c.id == last))
        await journal.append(connection, EVENTS)


async def rows_of(url: str) -> Rows:
    """All rows of all tables as they stand in the database, but for what SQLite keeps beside `search`."""

    def read(connection: Connection) -> Rows:
        found: Rows = {}
        kept = [name for name in inspect(connection).get_table_names() if not name.startswith("search_index")]
        for name in sorted(kept):
            rows = connection.execute(text(f"SELECT * FROM {name}")).mappings()  # noqa: S608 - names of tables
            found[name] = sorted(map(dict, rows), key=repr)
        del found["alembic_version"]
        return found

    async with writing(url) as connection:
        return await connection.run_sync(read)


def old_database(kind: str, revision: str, request: pytest.FixtureRequest, tmp_path: Path) -> str:
    if kind == "postgresql":
        postgres: PostgresServer = request.getfixturevalue("postgres")
        url = postgres.empty_database()
    else:
        url = f"sqlite:///{tmp_path / 'old.db'}"
    asyncio.run(make_old(url, revision))
    return url
