"""The migrations build exactly the schema that the code is written for, and keep what an older one held."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Connection, delete, insert, inspect, text
from sqlalchemy.exc import IntegrityError

from gateway.model.docket import DocumentState
from gateway.model.document import Status
from gateway.model.mail import MailStage, Transport
from gateway.model.notice import NoticeKind, NoticeStage, OwedNotice
from gateway.model.paper import Paper, PaperDuty
from gateway.model.report import DeliveryState
from gateway.store import journal, schema
from gateway.store.database import Database
from gateway.store.migrations import current, migrate, newest
from gateway.store.schema import metadata
from tests.records import MORNING, envelope, raw
from tests.store.old_databases import (
    DOCUMENT,
    LAST_MAIL,
    LAST_NOTICE,
    OLD_ROWS,
    SECOND_ROWS,
    TOKEN,
    mail_row,
    notice_row,
    old_database,
    opened,
    rows_of,
    tokened,
    writing,
)


def differences(connection: Connection) -> list[Any]:
    dialect = connection.dialect.name

    def belongs(_what: object, name: str | None, *_: object) -> bool:
        """The keys of search have an index on PostgreSQL; what SQLite has instead is no index."""
        return dialect == "postgresql" or name != "ix_search_keys"

    opts = {"compare_type": True, "include_name": _is_ours, "include_object": belongs}
    found: list[Any] = compare_metadata(MigrationContext.configure(connection, opts=opts), metadata)
    return found


def _is_ours(name: str | None, kind: str, _parents: object) -> bool:
    """Not what SQLite keeps beside `search`."""
    return kind != "table" or not (name or "").startswith("search_index")


def constraints(connection: Connection) -> dict[str, Any]:
    """Checks, references and indexes of every table, as the database tells them."""
    found = inspect(connection)

    def plain(value: object) -> object:
        return {key: plain(each) for key, each in value.items()} if isinstance(value, dict) else str(value)

    return {
        name: [
            sorted((plain(each) for each in told(name)), key=repr)
            for told in (found.get_check_constraints, found.get_foreign_keys, found.get_indexes)
        ]
        for name in found.get_table_names()
    }


@pytest.fixture(params=["sqlite", "postgresql"])
def old_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """A database of the first revision of each kind."""
    return old_database(request.param, "0001", request, tmp_path)


@pytest.fixture(params=["sqlite", "postgresql"])
def second_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """A database of the second revision of each kind."""
    return old_database(request.param, "0002", request, tmp_path)


@pytest.fixture(params=["sqlite", "postgresql"])
def third_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """A database of the third revision of each kind."""
    return old_database(request.param, "0003", request, tmp_path)


async def test_migrated_schema_is_the_schema_of_the_code(database_url: str) -> None:
    database = Database(database_url)
    async with database.read() as connection:
        assert await connection.run_sync(differences) == []
    await database.close()


async def test_migrating_twice_changes_nothing(database_url: str) -> None:
    await migrate(database_url)
    assert await current(database_url) == newest()


async def test_an_upgraded_schema_is_the_schema_of_the_code(old_url: str, database_url: str) -> None:
    """Constraints and indexes too, of the database that was upgraded and of one made new."""
    await migrate(old_url)
    async with writing(old_url) as connection:
        assert await connection.run_sync(differences) == []
    if old_url.partition(":")[0] != database_url.partition(":")[0]:
        return

    async with writing(old_url) as upgraded, writing(database_url) as new:
        assert await upgraded.run_sync(constraints) == await new.run_sync(constraints)


async def test_every_constraint_and_index_of_the_code_is_in_the_database(tmp_path: Path) -> None:
    """Those of checks too, of which the comparison of tables says nothing."""
    migrated, created = (f"sqlite:///{tmp_path / name}.db" for name in ("migrated", "created"))
    await migrate(migrated)
    async with writing(created) as connection:
        await connection.run_sync(metadata.create_all)
    async with writing(migrated) as by_revisions, writing(created) as by_code:
        expected = await by_code.run_sync(constraints)
        found = await by_revisions.run_sync(constraints)
    assert {name: found[name] for name in expected} == expected


_IN_WORK = {"parsed", "inspected", "judged"}
_BEGUN_ANEW = {"stage": "accepted", "attempts": 0}
_DIED_ANEW = {"failed_stage": "accepted"}
_MADE_ANEW = {"stage": "owed", "rendered_sha256": None, "attempts": 0}
"""A notice with files that was not sent yet: nobody noted which files are in it."""


async def test_an_upgrade_keeps_every_row(old_url: str) -> None:
    before = await rows_of(old_url)
    assert {table.name for table, _ in OLD_ROWS} | {"event", "journal_head"} == before.keys()
    assert all(before.values()), "the old database has rows in every table"
    await migrate(old_url)
    after = await rows_of(old_url)
    for name, rows in before.items():
        columns = rows[0].keys()
        kept = [{column: row[column] for column in columns} for row in after[name]]
        if name == "mail":
            # Of what was in work nobody has asked who sent it.
            expected = [row | _BEGUN_ANEW if row["stage"] in _IN_WORK else row for row in rows]
            expected = [row | _DIED_ANEW if row["stage"] == "dead" else row for row in expected]
        elif name == "outbox":
            unsent = ("clerk_document", "ready")
            expected = [row | _MADE_ANEW if (row["kind"], row["stage"]) == unsent else row for row in rows]
        else:
            expected = list(rows)
        assert sorted(kept, key=repr) == sorted(expected, key=repr), name
    assert [name for name in after.keys() - before.keys() if after[name]] == ["search"]


async def test_the_second_upgrade_keeps_every_row(second_url: str) -> None:
    before = await rows_of(second_url)
    assert {table.name for table, _ in SECOND_ROWS} | {"event", "journal_head"} == before.keys()
    assert all(before.values()), "the old database has rows in every table"
    await migrate(second_url)
    after = await rows_of(second_url)
    for name, rows in before.items():
        kept = [{column: row[column] for column in rows[0]} for row in after[name]]
        # What died before anybody asked who sent it has to begin there.
        expected = [row | _DIED_ANEW if name == "mail" and row["stage"] == "dead" else row for row in rows]
        assert sorted(kept, key=repr) == sorted(expected, key=repr), name
    assert [name for name in after.keys() - before.keys() if after[name]] == ["search"]


async def test_after_the_second_upgrade_old_documents_wait_for_the_clerk(second_url: str) -> None:
    await migrate(second_url)
    async with opened(second_url) as store:
        first, second = await store.dockets([1, 2])
        async with store.begin() as unit:
            moved = await unit.keep_docket(
                first, replace(first, state=DocumentState.PRESENTED, presented_to="cuc"), actor="cuc@x", at=MORNING
            )
        (alarm,) = await store.notices_with(["<n2@x>"])
    assert (second.state, second.revision, second.answer_to, second.assignments) == (
        DocumentState.REGISTERED,
        0,
        None,
        (),
    )
    assert (moved.revision, moved.document.status) == (1, Status.RECEIVED)
    assert (alarm.owed.kind, alarm.owed.facts) == (NoticeKind.ALARM, {})


async def test_only_the_dead_that_nobody_was_asked_about_begin_anew(second_url: str) -> None:
    async with writing(second_url) as connection:
        await connection.execute(insert(schema.mail).values(mail_row(5, "dead", failed_stage="judged")))
        await connection.execute(insert(schema.authentication).values(mail_id=5, data={"spf": "pass"}))
    await migrate(second_url)
    async with opened(second_url) as store:
        assert [(await store.mail(number)).failed_stage for number in (3, 5)] == [MailStage.ACCEPTED, MailStage.JUDGED]


async def test_references_and_numbers_hold_after_the_second_upgrade(second_url: str) -> None:
    await migrate(second_url)
    async with writing(second_url) as connection:
        if connection.dialect.name == "sqlite":
            assert (await connection.execute(text("PRAGMA foreign_key_check"))).all() == []
            assert (await connection.execute(text("PRAGMA integrity_check"))).scalar() == "ok"
    for statement in (
        delete(schema.outbox).where(schema.outbox.c.id == 1),
        insert(schema.outbox).values(notice_row(50, "postcard", "owed") | tokened("t50")),
        insert(schema.document).values(
            {"id": 50, "arrival_number": 3, "previous_number": 2, "token": "k", "content_key": "c", "state": "lost"}
            | DOCUMENT
        ),
    ):
        with pytest.raises(IntegrityError):
            async with writing(second_url) as connection:
                await connection.execute(statement)
    async with opened(second_url) as store:
        async with store.begin() as unit:
            await unit.owe(OwedNotice(NoticeKind.TASK, "a@x", "<new@x>", 1, (1,)), MORNING)
        (notice,) = await store.notices_with(["<new@x>"])
        async with store.database.read() as connection:
            assert (await journal.verify(connection)).broken_at is None
    assert notice.id == LAST_NOTICE + 1


async def test_old_notices_get_a_token_each_and_what_is_known_of_their_delivery(old_url: str) -> None:
    await migrate(old_url)
    notices = (await rows_of(old_url))["outbox"]
    assert {notice["id"]: notice["delivery"] for notice in notices} == {
        1: "taken",
        2: None,
        3: None,
        4: None,
        5: "taken",
    }
    tokens = {notice["token"] for notice in notices}
    assert len(tokens) == len(notices)
    assert all(len(token) == 20 and token.isalnum() and token == token.lower() for token in tokens)
    assert {notice["alarm"] for notice in notices} == {None}


async def test_references_hold_after_an_upgrade(old_url: str) -> None:
    await migrate(old_url)
    async with writing(old_url) as connection:
        if connection.dialect.name == "sqlite":
            assert (await connection.execute(text("PRAGMA foreign_key_check"))).all() == []
            assert (await connection.execute(text("PRAGMA integrity_check"))).scalar() == "ok"
    for statement in (
        delete(schema.mail).where(schema.mail.c.id == 1),
        delete(schema.outbox).where(schema.outbox.c.id == 1),
        insert(schema.delivery).values(notice_id=77, at=MORNING, outcome="sent", response="250"),
        insert(schema.mail_copy).values(transport="smtp", transport_id="t", mail_id=77, at=MORNING),
        insert(schema.mail).values(mail_row(50, "accepted", "fax")),
        insert(schema.outbox).values(notice_row(50, "alarm", "owed", token="t")),
        insert(schema.outbox).values(notice_row(51, "receipt", "owed", token="t", delivery="lost")),
    ):
        with pytest.raises(IntegrityError):
            async with writing(old_url) as connection:
                await connection.execute(statement)


async def test_numbers_go_on_after_an_upgrade(old_url: str) -> None:
    """Also behind rows that are gone: a label once told to somebody never means something else."""
    await migrate(old_url)
    async with opened(old_url) as store:
        mail = await store.accept(envelope("new"), raw("new"), MORNING)
        async with store.begin() as unit:
            await unit.owe(OwedNotice(NoticeKind.RECEIPT, "a@x", "<new@x>", mail.id, ()), MORNING)
        (notice,) = await store.notices_with(["<new@x>"])
        async with store.database.read() as connection:
            assert (await journal.verify(connection)).broken_at is None
    assert (mail.id, notice.id) == (LAST_MAIL + 1, LAST_NOTICE + 1)


async def test_the_code_reads_what_was_there_before_the_upgrade(old_url: str) -> None:
    await migrate(old_url)
    async with opened(old_url) as store:
        mail = await store.mail(2)
        (notice,) = await store.notices_with(["<n1@x>"])
    assert (mail.stage, mail.envelope.transport, mail.attempts) == (MailStage.ACCEPTED, Transport.LMTP, 2)
    assert (notice.stage, notice.delivery, notice.owed.document_ids) == (NoticeStage.SENT, DeliveryState.TAKEN, (1, 2))


async def test_an_upgrade_that_fails_leaves_the_old_revision_whole(old_url: str) -> None:
    before = await rows_of(old_url)
    async with writing(old_url) as connection:
        await connection.execute(text("CREATE TABLE filing (in_the_way INTEGER)"))
    with pytest.raises(Exception, match="filing"):
        await migrate(old_url)
    assert await current(old_url) == "0001"
    async with writing(old_url) as connection:
        await connection.execute(text("DROP TABLE filing"))
    assert await rows_of(old_url) == before
    await migrate(old_url)
    assert await current(old_url) == newest()


async def test_the_third_upgrade_keeps_every_token_and_notice_and_takes_tokens_about_mails(third_url: str) -> None:
    before = await rows_of(third_url)
    await migrate(third_url)
    after = await rows_of(third_url)
    for name in ("thread_token", "outbox"):
        kept = [{column: row[column] for column in before[name][0]} for row in after[name]]
        assert sorted(kept, key=repr) == sorted(before[name], key=repr)
    about_mail = TOKEN | {"document_id": None, "mail_id": 3, "purpose": "quarantine", "expires_at": MORNING}
    async with writing(third_url) as connection:
        await connection.execute(insert(schema.thread_token).values(about_mail | {"token": "r3"}))
        if connection.dialect.name == "sqlite":
            assert (await connection.execute(text("PRAGMA foreign_key_check"))).all() == []
    for bad in ({"purpose": "anything"}, {"document_id": 1}, {"mail_id": 99}):
        with pytest.raises(IntegrityError):
            async with writing(third_url) as connection:
                await connection.execute(insert(schema.thread_token).values(about_mail | {"token": "r4"} | bad))
    async with opened(third_url) as store:
        found = await store.token("r2")
    assert found is not None
    assert found.document_id == 1
    assert found.order is not None


async def test_of_documents_of_before_nobody_knows_whether_paper_goes_with_them(third_url: str) -> None:
    before = await rows_of(third_url)
    await migrate(third_url)
    after = await rows_of(third_url)
    kept = [{column: row[column] for column in before["document"][0]} for row in after["document"]]
    assert kept == before["document"]
    async with opened(third_url) as store:
        documents = await store.documents([1, 2])
        assert await store.paper_owed() == []
        (docket, _) = await store.dockets([1, 2])
        owed = replace(docket, document=replace(docket.document, paper=Paper(PaperDuty.ALSO, "Điều 5 khoản 2")))
        async with store.begin() as unit:
            await unit.keep_docket(docket, owed, actor="cuc@x", at=MORNING)
        assert [document.id for document in await store.paper_owed()] == [1]
    assert {document.paper for document in documents} == {Paper(PaperDuty.UNKNOWN)}
    bad = text("UPDATE document SET paper_duty = 'perhaps' WHERE id = 2")
    with pytest.raises(IntegrityError):
        async with writing(third_url) as connection:
            await connection.execute(bad)


async def test_what_a_table_held_before_it_was_copied_goes_with_its_copy(
    request: pytest.FixtureRequest, tmp_path: Path
) -> None:
    """What SQLite drops it may leave in free pages, where no later destruction finds it."""
    words = "Zunguyet khôngaibiết"
    url = await asyncio.to_thread(old_database, "sqlite", "0003", request, tmp_path)
    async with writing(url) as connection:
        await connection.execute(
            text("UPDATE document SET abstract = :words, opinion = :words"), {"words": words * 20_000}
        )
    await migrate(url)
    async with opened(url) as store:
        async with store.database.write() as connection:
            await connection.execute(text("UPDATE document SET abstract = NULL, opinion = ''"))
            await connection.execute(delete(schema.search))
        assert await store.wipe(["document", "search"], MORNING)
    assert words.encode() not in (tmp_path / "old.db").read_bytes()
