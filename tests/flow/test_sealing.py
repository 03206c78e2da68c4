"""A mail with signs of a state secret is sealed: nothing of it is left but the fact, and what its officer can open."""

from __future__ import annotations

import hashlib
import subprocess
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
import pytest_asyncio
from sqlalchemy import text

from gateway.demo.pki import Identity, Pki, make_seal, sign_pdf
from gateway.errors import NotTheSealed, StaleState
from gateway.model.alarm import AlarmCause
from gateway.model.facts import Secrecy
from gateway.model.mail import Envelope, Mail, MailStage, Transport
from gateway.model.notice import DeliveryOutcome, DeliveryResult, NoticeKind, NoticeStage, Outgoing
from gateway.model.quarantine import Ruling, RulingKind
from gateway.model.seal import Trace
from gateway.policy.quarantine import Permitted
from gateway.store.blobs import LocalBlobs
from gateway.store.database import Database
from gateway.store.sqlstore import SqlStore
from handlers import seal as acts
from handlers.alarm import tell_of_more_held
from handlers.bell import Bell
from handlers.collect import take
from handlers.desk import Desk
from handlers.destroy import destroy_content, sweep
from handlers.dossier import Dossier
from handlers.inspect import inspect
from handlers.parse import parse
from handlers.quarantine import Decider, carry_out
from handlers.runner import Runner, RunnerOptions
from tests.documents import decision_docx, decision_pdf
from tests.flow.conftest import Bench, on_both_databases
from tests.flow.mortal import Killed, Life, mortal
from tests.mails import mail, page_one
from tests.records import MORNING, sha256
from tests.traces import forms, found_in, pieces_of

OFFICER = "baomat@quangngai.gov.vn"
MARKERS = ("Zunguyet khôngaibiết", "Kadrelim tuyếnđườngkín", "Wopxanhla ghichúkín", "Qelvortam-duyet")
"""In the subject, in the file's text, in the body and in the file's name."""
ALONE = RunnerOptions("mortal", 1, timedelta(minutes=10), timedelta(minutes=1))


def secret(number: int = 7, *, subject: str = f"{MARKERS[0]}") -> bytes:
    """A mail with a marked document, and words of which there must be no trace."""
    file = decision_docx(mark="TỐI MẬT", abstract=f"Về việc {MARKERS[1]}", number=str(number))
    return mail((f"{MARKERS[3]}.docx", file), subject=subject, body=MARKERS[2])


def needles(raw: bytes) -> set[bytes]:
    return {form for marker in MARKERS for form in forms(marker)} | pieces_of(raw)


def folder_of(bench: Bench) -> Path:
    """The state folder: database, blobs, scratch, and the Maildir of what was sent."""
    return bench.office.settings.store.blobs.parent


async def sealed(bench: Bench, raw: bytes | None = None) -> Mail:
    found = await bench.end_of(raw or secret())
    assert found.stage is MailStage.SEALED
    return found


async def kinds(bench: Bench, mail_id: int) -> list[tuple[NoticeKind, str]]:
    story = await bench.office.queries.story(mail_id)
    return [(notice.owed.kind, notice.owed.recipient) for notice in story.notices]


@pytest_asyncio.fixture(loop_scope="session")
async def bench(bench: Bench) -> AsyncIterator[Bench]:
    """With somebody who takes care of state secrets."""
    to = replace(bench.office.desk.correspondence, officers=(OFFICER,))
    async with bench.with_desk(correspondence=to):
        yield bench


@on_both_databases
async def test_nothing_of_a_sealed_mail_is_left_but_the_fact(bench: Bench) -> None:
    raw = secret()
    found = await sealed(bench, raw)
    assert found_in([folder_of(bench)], needles(raw)) == {}
    store = bench.office.desk.store
    assert await store.parsed(found.id) is None
    assert await store.verdict(found.id) is None
    assert await bench.office.queries.register() == []
    seal = await store.seal(found.id)
    assert seal is not None
    assert (seal.level, seal.author, seal.proved) == (Secrecy.TOI_MAT, "vanthu@agency.example", True)
    assert (found.raw.size, found.envelope.mail_from) == (len(raw), "vanthu@agency.example")
    database = Database(bench.office.settings.store.url())
    async with database.read() as connection:
        for table in ("part", "parsed_mail", "verdict", "blob_fact", "proof", "scan", "filing", "remainder"):
            assert (await connection.execute(text(f"SELECT count(*) FROM {table}"))).scalar() == 0, table  # noqa: S608
    await database.close()
    assert (await bench.office.queries.audit()).broken_at is None


async def test_what_was_sealed_opens_with_the_key_and_is_every_byte_of_the_mail(bench: Bench, tmp_path: Path) -> None:
    raw = secret()
    found = await sealed(bench, raw)
    content = await acts.encrypted_copy(found.id, actor="cli:an", desk=bench.office.desk)
    (tmp_path / "copy.p7m").write_bytes(content)
    key = folder_of(bench) / "blobs" / "niem-phong" / "khoa-rieng-niem-phong.pem"
    command: list[str | Path] = [
        "openssl",
        "cms",
        "-decrypt",
        "-binary",
        "-inform",
        "DER",
        "-in",
        tmp_path / "copy.p7m",
        "-inkey",
        key,
    ]
    assert subprocess.run(command, check=True, capture_output=True).stdout == raw
    events = [link.event for link in (await bench.office.queries.story(found.id)).events]
    assert [(event.kind, event.actor) for event in events if event.kind == "seal.copied"] == [("seal.copied", "cli:an")]


async def test_sender_officer_and_clerk_are_told_the_fact_alone(bench: Bench) -> None:
    raw = secret()
    found = await sealed(bench, raw)
    clerk = bench.office.settings.mail.clerks[0]
    assert sorted(address for kind, address in await kinds(bench, found.id) if kind is NoticeKind.SEALED) == sorted(
        ["vanthu@agency.example", OFFICER, clerk]
    )
    for address in ("vanthu@agency.example", OFFICER, clerk):
        letters = [letter for letter in bench.delivered(address) if b"sealed." in letter]
        assert len(letters) == 1
        assert not [form for form in needles(raw) if form in letters[0]]


async def test_while_our_own_key_lies_on_the_machine_people_are_told_once_a_day(bench: Bench) -> None:
    for number in (1, 2):
        await sealed(bench, secret(number))
    alarms = [n.owed.alarm for n in await bench.office.queries.outbox(open_only=False) if n.owed.alarm]
    assert {alarm.cause for alarm in alarms} == {AlarmCause.KEY_AT_HAND}
    assert len(alarms) == 2, "one for IT, one for the officer"


async def test_a_stranger_is_told_nothing_and_the_office_once_an_hour(bench: Bench) -> None:
    for number in (1, 2, 3):
        found = await bench.end_of(secret(number), peer="192.0.2.99")
        assert found.stage is MailStage.SEALED
    told = [n.owed for n in await bench.office.queries.outbox(open_only=False) if n.owed.kind is NoticeKind.SEALED]
    clerk = bench.office.settings.mail.clerks[0]
    assert sorted(owed.recipient for owed in told) == sorted([OFFICER, clerk])


@pytest.mark.parametrize(
    "headers",
    [{"Auto-Submitted": "auto-generated"}, {"Auto-Submitted": "auto-replied"}, {"Precedence": "bulk"}],
    ids=["generated", "replied", "bulk"],
)
async def test_automatic_mail_is_sealed_too_and_not_answered(bench: Bench, headers: dict[str, str]) -> None:
    file = decision_docx(mark="MẬT")
    found = await bench.end_of(mail(("a.docx", file), headers=headers))
    assert found.stage is MailStage.SEALED
    assert "vanthu@agency.example" not in [address for _, address in await kinds(bench, found.id)]


async def test_a_mark_in_the_subject_alone_seals_and_keeps_the_files_text_out(bench: Bench) -> None:
    raw = mail(("a.txt", page_one(4, abstract=MARKERS[1])), subject="Gửi công văn TUYỆT MẬT")
    found = await sealed(bench, raw)
    seal = await bench.office.desk.store.seal(found.id)
    assert seal is not None
    assert seal.level is Secrecy.TUYET_MAT
    assert found_in([folder_of(bench)], forms(MARKERS[1])) == {}


async def test_a_part_that_another_mail_has_too_stays_that_ones(bench: Bench) -> None:
    shared = page_one(9)
    other = await bench.end_of(mail(("chung.txt", shared)))
    assert other.stage is MailStage.REGISTERED
    file = decision_docx(mark="MẬT")
    found = await bench.end_of(mail(("a.docx", file), ("chung.txt", shared), message_id="<2@agency.example>"))
    assert found.stage is MailStage.SEALED
    (document,) = await bench.office.queries.register()
    assert await bench.office.blobs.read(document.files[0].sha256) == shared
    story = await bench.office.queries.story(found.id)
    kinds_ = [link.event.kind for link in story.events if link.event.source == "destruction"]
    assert (set(kinds_), kinds_[-1]) == ({"content.shared", "content.destroyed"}, "content.destroyed")


async def test_the_same_bytes_again_are_known_and_sealed_unread(bench: Bench) -> None:
    raw = secret()
    first = await sealed(bench, raw)
    second = await sealed(bench, raw)
    store = bench.office.desk.store
    seals = [await store.seal(each.id) for each in (first, second)]
    assert seals[0] is not None
    assert seals[1] is not None
    assert seals[0].sealed == seals[1].sealed
    assert found_in([folder_of(bench)], needles(raw)) == {}


async def test_the_same_bytes_under_another_uid_are_removed_here_and_there(bench: Bench) -> None:
    """The mailbox is told of by what is still to be removed; see tests/service/test_no_trace.py for how it is."""
    raw, desk = secret(), bench.office.desk
    for uid in (1, 2):
        envelope = Envelope(Transport.IMAP, f"so/abc/7/{uid}", "", ("sgtvt@quangngai.gov.vn",))
        await take(envelope, await bench.office.blobs.put(raw), desk)
        await bench.work()
    copies = await desk.store.remainders([Trace.MAILBOX], 10)
    assert [copy.name for copy in copies] == ["so/abc/7/1", "so/abc/7/2"]
    assert {(copy.sha256, copy.size) for copy in copies} == {(copies[0].sha256, len(raw))}
    assert found_in([folder_of(bench)], needles(raw)) == {}


async def test_a_person_may_seal_what_is_held_and_earlier_notices_are_silenced(bench: Bench) -> None:
    raw = mail(("a.exe", b"MZ" + MARKERS[1].encode()), subject=MARKERS[0])
    held = await bench.end_of(raw, peer="192.0.2.99")
    assert held.stage is MailStage.HELD
    await acts.seal_by_hand(held.id, actor="cli:an", reason="văn bản mật", desk=bench.office.desk)
    await bench.work()
    story = await bench.office.queries.story(held.id)
    assert story.mail.stage is MailStage.SEALED
    assert not [n for n in story.notices if n.stage in {NoticeStage.OWED, NoticeStage.READY}]
    blobs = bench.office.settings.store.blobs
    assert found_in([blobs, Path(str(bench.office.settings.store.database))], pieces_of(raw) | forms(MARKERS[0])) == {}


def signed_by(identity: Identity, number: str) -> bytes:
    return sign_pdf(decision_pdf(number=number), identity, field="Signature1", signed_at=MORNING)


@on_both_databases
async def test_of_what_is_sealed_by_hand_no_proof_of_a_signature_is_left_but_what_others_rest_on(
    bench: Bench, pki: Pki
) -> None:
    alone = make_seal(pki.authority, MORNING, MARKERS[0], "SỞ KHÁC")
    registered = await bench.end_of(mail(("a.pdf", signed_by(pki.seal, "1"))))
    assert registered.stage is MailStage.REGISTERED
    held = await bench.end_of(mail(("b.pdf", signed_by(alone, "2")), message_id="<2@x>"), peer="192.0.2.99")
    assert held.stage is MailStage.HELD
    own, shared = (hashlib.sha256(each.der).hexdigest() for each in (alone, pki.authority))
    assert await bench.office.blobs.read(own) == alone.der
    await acts.seal_by_hand(held.id, actor="cli:an", reason="văn bản mật", desk=bench.office.desk)
    await bench.work()
    with pytest.raises(KeyError):
        bench.office.blobs.path(own)
    assert await bench.office.blobs.read(shared) == pki.authority.der


async def test_a_secret_mail_that_brings_a_proof_of_others_does_not_take_it_away(bench: Bench, pki: Pki) -> None:
    await bench.end_of(mail(("a.pdf", signed_by(pki.seal, "1"))))
    (document,) = await bench.office.queries.register()
    ((signature,),) = [file.signatures for file in document.files]
    file, certificate = decision_docx(mark="MẬT"), pki.authority.der
    await sealed(bench, mail(("m.docx", file), ("ca.cer", certificate), message_id="<2@x>"))
    assert hashlib.sha256(certificate).hexdigest() in signature.proofs
    for proof in signature.proofs:
        assert await bench.office.blobs.read(proof)


async def test_an_alarm_that_waits_for_the_relay_while_its_mail_is_sealed_arrives(bench: Bench) -> None:
    class Away:
        async def send(self, _: Outgoing) -> DeliveryResult:
            return DeliveryResult(DeliveryOutcome.UNREACHABLE, "connection refused")

    desk, clerk = bench.office.desk, bench.office.settings.mail.clerks[0]
    async with bench.with_desk(sender=Away()):
        held = await bench.end_of(mail(("a.exe", b"MZ")), peer="192.0.2.99")
        async with desk.store.begin() as unit:
            await tell_of_more_held(held, "stranger", unit, desk)
        bench.clock.pass_(timedelta(hours=1))
        await bench.work()
        await acts.seal_by_hand(held.id, actor="cli:an", reason="văn bản mật", desk=bench.office.desk)
        await bench.work()
    bench.clock.pass_(timedelta(hours=5))
    await bench.work()
    story = await bench.office.queries.story(held.id)
    causes = [n.owed.alarm.cause for n in story.notices if n.owed.alarm and n.stage is NoticeStage.SENT]
    assert AlarmCause.MORE_HELD in causes
    assert [letter for letter in bench.delivered(clerk) if held.label.encode() in letter]


async def test_what_is_no_secret_comes_back_by_its_very_bytes(bench: Bench) -> None:
    raw, desk = secret(), bench.office.desk
    found = await sealed(bench, raw)
    with pytest.raises(NotTheSealed):
        await acts.unseal(found.id, raw + b"\r\n", actor="cli:an", reason="nhầm", desk=desk)
    await acts.unseal(found.id, raw, actor="cli:an", reason="dấu in nhầm", desk=desk)
    await bench.work()
    assert (await desk.store.mail(found.id)).stage is MailStage.REGISTERED
    (document,) = await bench.office.queries.register()
    assert document.header.identifier == "7/QĐ-SGTVT"
    assert await bench.office.blobs.read(found.raw.sha256) == raw
    with pytest.raises(StaleState):
        await acts.unseal(found.id, raw, actor="cli:an", reason="nữa", desk=desk)
    kinds_ = [link.event.kind for link in (await bench.office.queries.story(found.id)).events]
    assert "mail.unsealed" in kinds_


@on_both_databases
async def test_what_is_purged_leaves_neither_plain_nor_encrypted_copy(bench: Bench) -> None:
    raw, desk = secret(), bench.office.desk
    found = await sealed(bench, raw)
    seal = await desk.store.seal(found.id)
    assert seal is not None
    async with desk.store.begin() as unit:
        await destroy_content(found, unit, desk)
    assert await sweep(desk) > 0
    with pytest.raises(KeyError):
        desk.blobs.path(seal.sealed.sha256)
    again = await bench.end_of(raw)
    assert again.stage is MailStage.SEALED, "purged bytes are no longer known, and are read again"


async def test_who_purges_what_another_has_unsealed_meanwhile_destroys_nothing(bench: Bench) -> None:
    raw, desk = secret(), bench.office.desk
    stale = await sealed(bench, raw)
    await acts.unseal(stale.id, raw, actor="cli:an", reason="dấu in nhầm", desk=desk)
    async with desk.store.begin() as unit:
        ruling, permitted = Ruling(RulingKind.PURGE, "hết hạn"), Permitted(RulingKind.PURGE)
        with pytest.raises(StaleState):
            await carry_out(ruling, permitted, stale, Decider("cli:cuc", "cli"), unit, desk)
    await bench.work()
    assert (await desk.store.mail(stale.id)).stage is MailStage.REGISTERED
    assert await bench.office.blobs.read(stale.raw.sha256) == raw


async def test_content_of_the_register_is_not_destroyed(bench: Bench) -> None:
    found = await bench.end_of(mail(("a.txt", page_one(1))))
    with pytest.raises(ValueError, match="documents"):
        async with bench.office.desk.store.begin() as unit:
            await destroy_content(found, unit, bench.office.desk)
    assert await bench.office.blobs.read(found.raw.sha256)


async def test_a_blob_that_cannot_be_removed_is_tried_again_until_it_is_gone(bench: Bench) -> None:
    class Stuck:
        def __init__(self, blobs: LocalBlobs) -> None:
            self._blobs = blobs

        def __getattr__(self, name: str) -> object:
            return getattr(self._blobs, name)

        async def destroy(self, *_: object) -> bool:
            raise OSError(5, "Input/output error")

    raw = secret()
    async with bench.with_desk(blobs=Stuck(bench.office.blobs)):
        found = await sealed(bench, raw)
    left = await bench.office.desk.store.remainders([Trace.BLOB], 10)
    assert left
    assert all(each.last_error for each in left)
    bench.clock.pass_(timedelta(minutes=11))
    await bench.work()
    assert await bench.office.desk.store.remainders([*Trace], 10) == []
    assert found_in([folder_of(bench)], needles(raw)) == {}
    assert (await bench.office.desk.store.mail(found.id)).stage is MailStage.SEALED


async def test_parts_that_were_destroyed_under_a_mail_are_made_anew(bench: Bench) -> None:
    """As if another mail with the same part had been sealed between two stages of this one."""
    shared = page_one(9)
    desk = bench.office.desk
    received = await bench.receive(mail(("chung.txt", shared)))
    dossier = Dossier(received, desk.store)
    parsed = await parse(received, desk, dossier)
    (bench.office.settings.store.blobs / sha256(shared.decode())[:2] / sha256(shared.decode())).unlink()
    moved = await inspect(parsed, desk, dossier)
    assert moved.stage is MailStage.ACCEPTED
    await bench.work()
    assert (await desk.store.mail(received.id)).stage is MailStage.REGISTERED


@asynccontextmanager
async def process(bench: Bench) -> AsyncIterator[Desk]:
    """The desk of a process of its own: its connections are new, what is on disk is not."""
    database = Database(bench.office.settings.store.url())
    try:
        yield replace(bench.office.desk, store=SqlStore(database))
    finally:
        await database.close()


async def one_life(bench: Bench, ends_at: int | None, at: str = "") -> list[str]:
    """What a process does from its start until it is killed, or has nothing left to do."""
    life = Life(ends_at, at)
    async with process(bench) as desk:
        await desk.store.free_leases(ALONE.node)
        runner = Runner(mortal(desk, life), ALONE, Bell())
        with suppress(Killed):
            await runner.until_idle()
        with suppress(Killed):
            await runner._finish()
    return life.steps


async def is_destroyed(bench: Bench, mail_id: int) -> bool:
    store = bench.office.desk.store
    return (await store.mail(mail_id)).stage is MailStage.SEALED and not await store.remainders([*Trace], 1)


@pytest.mark.timeout(300)
@on_both_databases
async def test_killed_at_every_step_of_sealing_it_leaves_no_trace(bench: Bench) -> None:
    """Each process gets one step further than the one before; a restart finishes whatever is owed.

    What is done side by side changes places from life to life: the steps that matter most are each met by name first.
    """
    raw = secret()
    received = await bench.receive(raw)
    for step in ("sealer.seal", "blobs.adopt", "unit.keep_seal", "unit.destroy"):
        assert (await one_life(bench, None, step))[-1] == step
        bench.clock.pass_(timedelta(minutes=11))
    ends_at = 0
    while not await is_destroyed(bench, received.id):
        ends_at += 1
        steps = await one_life(bench, ends_at)
        bench.clock.pass_(timedelta(minutes=11))
        if steps[-1] == "committed":
            ends_at = 0
    await bench.work()
    assert (await bench.office.desk.store.mail(received.id)).stage is MailStage.SEALED
    assert await bench.office.desk.store.remainders([*Trace], 10) == []
    assert found_in([folder_of(bench)], needles(raw)) == {}
    events = [link.event.kind for link in (await bench.office.queries.story(received.id)).events]
    assert (events.count("mail.sealed"), events.count("content.destroyed")) == (1, 1)


@pytest.mark.parametrize("step", ["blobs.destroy", "store.wipe", "unit.removed"])
async def test_killed_while_it_destroys_a_restart_goes_on(bench: Bench, step: str) -> None:
    raw = secret()
    received = await bench.receive(raw)
    life = Life(at=step)
    async with process(bench) as desk:
        runner = Runner(mortal(desk, life), ALONE, Bell())
        for finish in (runner.until_idle, runner._finish):
            with suppress(Killed):
                await finish()
    assert life.is_over
    assert not await is_destroyed(bench, received.id)
    bench.clock.pass_(timedelta(minutes=11))
    await bench.work()
    assert await is_destroyed(bench, received.id)
    assert found_in([folder_of(bench)], needles(raw)) == {}
