"""One mail that lies in a mailbox under two numbers is one mail; what was taken in is known for limits and look-ups."""

from __future__ import annotations

from dataclasses import replace

import pytest

from gateway.model.authentication import Authentication, AuthResult, DkimCheck, DmarcCheck, Judge, SpfCheck
from gateway.model.mail import Envelope, Transport
from gateway.ports import Acceptance
from gateway.store.queries import Queries
from gateway.store.sqlstore import SqlStore
from tests.records import MINUTE, MORNING, envelope, raw


def in_mailbox(transport_id: str) -> Envelope:
    return Envelope(Transport.IMAP, transport_id, "", ("sgtvt@quangngai.gov.vn",), "imap")


async def test_a_copy_is_taken_and_is_no_mail_of_its_own(store: SqlStore, queries: Queries) -> None:
    mail = await store.accept(in_mailbox("box/1/7"), raw("a"), MORNING)
    assert await store.taken(Transport.IMAP, ["box/1/7", "box/2/1"]) == {"box/1/7"}
    for _ in range(2):
        async with store.begin() as unit:
            await unit.link_copy(in_mailbox("box/2/1"), mail.id, MORNING + MINUTE)
    assert await store.taken(Transport.IMAP, ["box/1/7", "box/2/1", "box/2/2"]) == {"box/1/7", "box/2/1"}
    story = await queries.story(mail.id)
    assert (story.copies, story.same_bytes) == (1, ())


async def test_deliveries_are_known_by_transport(store: SqlStore) -> None:
    await store.accept(in_mailbox("7"), raw("a"), MORNING)
    await store.accept(envelope("8"), raw("b"), MORNING)
    assert await store.taken(Transport.IMAP, ["7", "8"]) == {"7"}
    assert await store.taken(Transport.SMTP, ["7", "8"]) == {"8"}
    assert await store.taken(Transport.IMAP, []) == set()


async def test_thousands_of_deliveries_are_looked_up_at_once(store: SqlStore) -> None:
    for number in (1, 2_500):
        await store.accept(in_mailbox(f"box/1/{number}"), raw(f"{number}"), MORNING)
    asked = [f"box/1/{number}" for number in range(1, 5_001)]
    assert await store.taken(Transport.IMAP, asked) == {"box/1/1", "box/1/2500"}


async def test_the_same_bytes_are_the_first_mail_of_that_transport(store: SqlStore, queries: Queries) -> None:
    by_smtp = await store.accept(envelope("s"), raw("a"), MORNING)
    assert await store.same_bytes(Transport.IMAP, raw("a").sha256) is None
    first = await store.accept(in_mailbox("1"), raw("a"), MORNING)
    second = await store.accept(in_mailbox("2"), raw("a"), MORNING)
    assert await store.same_bytes(Transport.IMAP, raw("a").sha256) == first
    assert await store.same_bytes(Transport.SMTP, raw("a").sha256) == by_smtp
    assert await store.same_bytes(Transport.IMAP, raw("b").sha256) is None
    assert (await queries.story(first.id)).same_bytes == (by_smtp.id, second.id)


async def test_what_was_accepted_since_a_moment_comes_oldest_first(store: SqlStore) -> None:
    for number, name in enumerate("abc"):
        await store.accept(envelope(name, f"{name}@x"), raw(name * (number + 1)), MORNING + number * MINUTE)
    found = await store.accepted_since(MORNING)
    assert found == [
        Acceptance(MORNING + MINUTE, "b@x", "127.0.0.1", 2),
        Acceptance(MORNING + 2 * MINUTE, "c@x", "127.0.0.1", 3),
    ]
    assert await store.accepted_since(MORNING + 2 * MINUTE) == []


@pytest.mark.parametrize("reverse_path", [None, "", "vanthu@agency.example"])
async def test_what_was_found_out_of_a_sender_comes_back_as_it_was(store: SqlStore, reverse_path: str | None) -> None:
    mail = await store.accept(envelope("a"), raw("a"), MORNING)
    assert await store.authentication(mail.id) is None
    found = Authentication(
        Judge.PINNED,
        "vanthu@agency.example",
        reverse_path,
        SpfCheck(AuthResult.PASS, "agency.example", "127.0.0.1"),
        (DkimCheck(AuthResult.FAIL, "agency.example", "s1", "body hash"),),
        DmarcCheck(AuthResult.PASS, "agency.example", "reject"),
        aligned=True,
        authserv_id="mx.quangngai.gov.vn",
    )
    for authentication in (replace(found, aligned=False), found):
        async with store.begin() as unit:
            await unit.keep_authentication(mail.id, authentication)
    assert await store.authentication(mail.id) == found
