"""Mails are entered once, leased to one worker, and move by compare-and-set."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest

from gateway.errors import StaleState
from gateway.model.facts import FileFacts, Scan, ScanVerdict
from gateway.model.finding import Finding, Outcome
from gateway.model.journal import NewEvent
from gateway.model.mail import MailStage
from gateway.model.part import PartDecision
from gateway.model.verdict import Disposition, JudgedEntry, Verdict
from gateway.store.queries import Queries
from gateway.store.sqlstore import SqlStore
from tests.records import CLEAN, MINUTE, MORNING, claim, entry, envelope, header, parsed, raw, sha256


async def test_one_delivery_is_one_mail_however_often_it_is_claimed(store: SqlStore) -> None:
    first, second = await asyncio.gather(*(store.accept(envelope("same"), raw("x"), MORNING) for _ in range(2)))
    third = await store.accept(envelope("same"), raw("x"), MORNING)
    assert first == second == third


async def test_mails_accepted_together_all_get_their_own_row_and_event(store: SqlStore, queries: Queries) -> None:
    mails = await asyncio.gather(*(store.accept(envelope(f"{n}"), raw(f"{n}"), MORNING) for n in range(50)))
    assert len({mail.id for mail in mails}) == 50
    assert all(mail.raw == raw(mail.envelope.transport_id) for mail in mails)
    report = await queries.audit()
    assert (report.events, report.broken_at) == (50, None)


async def test_a_leased_mail_is_not_claimed_again_until_the_lease_ends(store: SqlStore) -> None:
    mail = await store.accept(envelope("a"), raw("a"), MORNING)
    assert await store.claim_mails(claim("one")) == [mail]
    assert await store.claim_mails(claim("two")) == []
    later = MORNING + MINUTE
    assert await store.claim_mails(claim("two", later)) == [mail]


async def test_parallel_claims_never_share_a_mail(store: SqlStore) -> None:
    for n in range(20):
        await store.accept(envelope(f"{n}"), raw(f"{n}"), MORNING)
    claims = await asyncio.gather(*(store.claim_mails(claim(f"w{n}", limit=7)) for n in range(5)))
    taken = [mail.id for claim in claims for mail in claim]
    assert sorted(taken) == sorted(set(taken))


async def test_the_leases_of_a_node_that_died_can_be_freed_by_its_successor(store: SqlStore) -> None:
    mail = await store.accept(envelope("a"), raw("a"), MORNING)
    await store.claim_mails(claim("node"))
    await store.free_leases("another")
    assert await store.claim_mails(claim("node")) == []
    await store.free_leases("node")
    assert await store.claim_mails(claim("node")) == [mail]


async def test_a_stage_is_left_only_once(store: SqlStore) -> None:
    mail = await store.accept(envelope("a"), raw("a"), MORNING)
    async with store.begin() as unit:
        moved = await unit.move(mail, MailStage.PARSED)
    assert moved.stage is MailStage.PARSED
    with pytest.raises(StaleState):
        async with store.begin() as unit:
            await unit.move(mail, MailStage.PARSED)


async def test_strikes_count_and_moving_on_clears_them(store: SqlStore) -> None:
    mail = await store.accept(envelope("a"), raw("a"), MORNING)
    async with store.begin() as unit:
        await unit.strike(mail, MORNING + MINUTE, error="boom")
    assert await store.claim_mails(claim("w")) == []
    struck = await store.mail(mail.id)
    assert (struck.attempts, struck.last_error) == (1, "boom")
    async with store.begin() as unit:
        moved = await unit.move(struck, MailStage.PARSED)
    assert (moved.attempts, moved.last_error) == (0, None)


async def test_the_dead_remember_where_they_died_and_can_be_revived(store: SqlStore, queries: Queries) -> None:
    mail = await store.accept(envelope("a"), raw("a"), MORNING)
    async with store.begin() as unit:
        await unit.bury(mail, error="x" * 2_000)
    dead = await store.mail(mail.id)
    assert (dead.stage, dead.failed_stage) == (MailStage.DEAD, MailStage.ACCEPTED)
    assert [aside.mail.id for aside in await queries.set_aside()] == [mail.id]
    async with store.begin() as unit:
        await unit.revive(dead, MailStage.ACCEPTED, MORNING)
    assert len(await store.claim_mails(claim("w"))) == 1


async def test_waiting_is_seen_and_is_no_strike(store: SqlStore, queries: Queries) -> None:
    mail = await store.accept(envelope("a"), raw("a"), MORNING)
    async with store.begin() as unit:
        await unit.postpone(mail, MORNING + MINUTE, waiting_for="scanner", error="scanner: down")
    waiting = await store.mail(mail.id)
    assert (waiting.attempts, waiting.waiting_for) == (0, "scanner")
    assert len(await queries.set_aside()) == 1
    assert await store.next_due() == MORNING + MINUTE


async def test_next_due_sees_mails_and_is_none_when_all_is_done(store: SqlStore) -> None:
    assert await store.next_due() is None
    mail = await store.accept(envelope("a"), raw("a"), MORNING)
    assert await store.next_due() == MORNING
    async with store.begin() as unit:
        await unit.move(mail, MailStage.NOTED)
    assert await store.next_due() is None


async def test_what_stages_find_comes_back_as_it_was(store: SqlStore) -> None:
    mail = await store.accept(envelope("a"), raw("a"), MORNING)
    found = parsed("van-ban.pdf", "phụ lục.pdf")
    facts = FileFacts(sha256("f"), 3, "application/pdf", pages=2, text="chữ", header=header(), unknown={"text": "lỗi"})
    infected = Scan(ScanVerdict.INFECTED, "ClamAV", "Eicar")
    finding = Finding("infected", "Điều 8 khoản 1 điểm a", Outcome.REFUSE, "mã độc", "quét lại", "a.pdf")
    verdict = Verdict(Disposition.REGISTER, (finding,), (JudgedEntry(entry("c", identity="k"), None),))
    for _ in range(2):
        async with store.begin() as unit:
            await unit.keep_parsed(mail.id, found)
            await unit.keep_facts([facts])
            await unit.keep_scans({sha256("f"): CLEAN, sha256("g"): infected}, MORNING)
            await unit.keep_verdict(mail.id, verdict)
            await unit.waive(mail.id, "duplicate", actor="cli:an", reason="bản thay thế", at=MORNING)
    assert await store.parsed(mail.id) == found
    assert await store.facts([sha256("f"), sha256("none")]) == {sha256("f"): replace(facts, text="")}
    assert await store.scans([sha256("g")]) == {sha256("g"): infected}
    assert await store.verdict(mail.id) == verdict
    assert await store.waived(mail.id) == {"duplicate"}
    async with store.begin() as unit:
        await unit.decide_parts(mail.id, {"2": (PartDecision.APPENDIX, "Kèm văn bản 955/QĐ-SGTVT")})
    again = await store.parsed(mail.id)
    assert again is not None
    assert [part.decision for part in again.parts] == [PartDecision.DOCUMENT, PartDecision.APPENDIX]


async def test_a_clock_set_back_does_not_hide_work(store: SqlStore) -> None:
    """What seems due or leased further ahead than anything ever is was written before the clock was set back."""
    mail = await store.accept(envelope("a"), raw("a"), MORNING)
    assert await store.claim_mails(claim("w")) == [mail]
    before = MORNING - timedelta(days=1)
    assert await store.claim_mails(claim("w", before)) == [mail]


@pytest.mark.parametrize("weird", ["a\0b", "a\ud800b", "\\u0000"])
async def test_any_text_of_strangers_can_be_kept(store: SqlStore, queries: Queries, weird: str) -> None:
    mail = await store.accept(envelope("a", weird), raw("a"), MORNING)
    facts = FileFacts(sha256("f"), 3, "text/plain", text=weird, unknown={"text": weird})
    async with store.begin() as unit:
        await unit.keep_facts([facts])
        await unit.keep_parsed(mail.id, replace(parsed(weird), subject=weird, body_text=weird))
        await unit.record(NewEvent("test", weird, weird, mail.id, data={"x": weird}), MORNING)
    kept = await store.facts([sha256("f")])
    assert kept[sha256("f")].unknown["text"] == weird.replace("\0", "\ufffd").replace("\ud800", "\ufffd")
    assert (await queries.audit()).broken_at is None


async def test_before_a_stage_there_is_nothing(store: SqlStore) -> None:
    assert await store.parsed(1) is None
    assert await store.verdict(1) is None
    assert await store.waived(1) == frozenset()
    with pytest.raises(KeyError):
        await store.mail(1)


async def test_a_lease_can_be_renewed_by_its_holder_alone(store: SqlStore) -> None:
    mail = await store.accept(envelope("a"), raw("a"), MORNING)
    await store.claim_mails(claim("node"))
    await store.renew("another", [mail.id], [], MORNING + 9 * MINUTE)
    assert await store.claim_mails(claim("w", MORNING + MINUTE)) == [mail]
    await store.renew("w", [mail.id], [], MORNING + 3 * MINUTE)
    assert await store.claim_mails(claim("node", MORNING + 2 * MINUTE)) == []


@pytest.mark.parametrize("turns", range(12))
async def test_a_cancelled_unit_gives_back_lock_and_connection(store: SqlStore, turns: int) -> None:
    """Wherever the cancellation falls, the next unit begins at once and sees nothing of the first."""
    mail = await store.accept(envelope("a"), raw("a"), MORNING)

    async def unit_of_work() -> None:
        async with store.begin() as unit:
            await unit.strike(mail, MORNING, error="never")
            await unit.record(NewEvent("test", "gateway", "pipeline"), MORNING)

    task = asyncio.create_task(unit_of_work())
    for _ in range(turns):
        await asyncio.sleep(0)
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
    async with asyncio.timeout(10), store.begin() as unit:
        await unit.move(await store.mail(mail.id), MailStage.PARSED)
    assert (await store.mail(mail.id)).stage is MailStage.PARSED
