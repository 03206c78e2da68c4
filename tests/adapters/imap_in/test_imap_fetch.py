"""What is in the mailbox is entered once, as it lies there, and finished only then."""

from __future__ import annotations

import asyncio
import tracemalloc
from pathlib import Path

import pytest

from gateway.adapters.imap_in import Mailbox, folder_names
from gateway.errors import StorageFull, TemporaryError
from gateway.model.mail import Transport
from tests.adapters.imap_in.line import line
from tests.adapters.imap_in.office import Office, fetching, options, sha256
from tests.adapters.imap_in.office import office as open_office
from tests.mails import mail
from tests.servers.dovecot import USER, DovecotServer

DONE = "Đã nhận/Năm 2026 & trước"
MOVED_ELSEWHERE = "Thư đã nhận bị chuyển hoặc xóa cùng lúc ở nơi khác; lần sau chuyển tiếp"


def mails(count: int, size: int = 0) -> list[bytes]:
    return [
        mail(body=f"Thư số {number}. " + "x" * size, message_id=f"<{number}@agency.example>") for number in range(count)
    ]


async def test_every_mail_is_entered_with_its_bytes_and_then_flagged(server: DovecotServer, office: Office) -> None:
    sent = mails(7)
    await asyncio.to_thread(server.append, *sent)
    async with fetching(options(server), office):
        await office.another_look()
    assert office.contents == sorted(map(sha256, sent))
    stored = server.stored()
    assert all("$VanthuTaken" in each.flags and "\\Seen" not in each.flags for each in stored)
    envelope, _ = next(iter(office.entered.values()))
    assert envelope.transport is Transport.IMAP
    assert envelope.transport_id.split("/")[0] == "chinh"
    assert (envelope.mail_from, envelope.recipients, envelope.peer, envelope.tls) == ("", (USER,), "127.0.0.1", False)
    assert set(office.admitted) == {("vanthu@agency.example", len(each)) for each in sent}
    assert not office.reasons


async def test_a_mail_delivered_to_an_idle_server_is_entered_without_a_poll(
    server: DovecotServer, office: Office
) -> None:
    async with fetching(options(server, poll=1700.0), office):
        await office.another_look()
        for number, each in enumerate(mails(5), 1):
            await asyncio.to_thread(server.deliver, each)
            await office.until(lambda number=number: len(office.entered) == number)  # type: ignore[misc]
            await office.another_look()
    assert len(office.calls) == 5
    assert not office.reasons


async def test_without_idle_the_folder_is_polled(office: Office) -> None:
    with DovecotServer(settings="imap_capability = IMAP4rev1 SASL-IR LITERAL+ UIDPLUS MOVE") as server:
        async with fetching(options(server, poll=0.1), office):
            await office.another_look()
            await asyncio.to_thread(server.deliver, *mails(2))
            await office.until(lambda: len(office.entered) == 2)


async def test_a_lost_push_is_made_good_by_the_poll(server: DovecotServer, office: Office) -> None:
    async with fetching(options(server, poll=0.2), office):
        for _ in range(4):
            await office.another_look()
    assert not office.reasons


@pytest.mark.parametrize("capability", ["+XVANTHU", "IMAP4rev1 IDLE UIDPLUS", "IMAP4rev1 IDLE"])
async def test_finished_mails_are_moved_also_where_the_folder_is_missing(office: Office, capability: str) -> None:
    sent = mails(3)
    with DovecotServer(settings=f"imap_capability = {capability}") as server:
        await asyncio.to_thread(server.append, *sent)
        async with fetching(options(server, done_folder=DONE), office):
            await office.another_look()
        moved = server.stored(folder_names.encode(DONE))
        assert sorted(each.content for each in moved) == sorted(sent)
        left = server.stored()
        if capability == "IMAP4rev1 IDLE":
            assert all("\\Deleted" in each.flags for each in left)
            assert len(left) == 3
        else:
            assert left == []
    assert len(office.calls) == 3
    assert not office.reasons


async def test_mails_that_others_have_deleted_are_neither_taken_nor_expunged(office: Office) -> None:
    with DovecotServer(settings="imap_capability = IMAP4rev1 IDLE UIDPLUS") as server:
        server.append(*mails(2))
        with server.session() as client:
            client.store("1", "+FLAGS", "\\Deleted")
        async with fetching(options(server, done_folder="Xong"), office):
            await office.another_look()
        assert [sorted(each.flags) for each in server.stored() if "\\Deleted" in each.flags]
    assert len(office.entered) == 1


async def test_seen_may_be_the_mark(server: DovecotServer, office: Office) -> None:
    server.append(*mails(2))
    with server.session() as client:
        client.store("1", "+FLAGS", "\\Seen")
    async with fetching(options(server, done_flag="\\Seen"), office):
        await office.another_look()
    assert len(office.entered) == 1
    assert all("\\Seen" in each.flags for each in server.stored())


async def test_a_folder_with_diacritics_is_read(server: DovecotServer, office: Office) -> None:
    with server.session() as client:
        client.create(f'"{folder_names.encode(DONE)}"')
    server.append(*mails(2), folder=folder_names.encode(DONE))
    async with fetching(options(server, folder=DONE), office):
        await office.another_look()
    assert len(office.entered) == 2


async def test_a_large_mail_comes_in_pieces_and_stays_out_of_memory(server: DovecotServer, office: Office) -> None:
    piece = 256 * 1024
    sent = [mail(("ban-ve.bin", bytes(range(256)) * 4 * 24 * 1024)), mail(body="x" * 5 * piece), *mails(3)]
    boundary = b"Subject: x\r\n\r\n" + b"y" * (4 * piece - 16) + b"\r\n"
    assert len(boundary) == 4 * piece
    await asyncio.to_thread(server.append, *sent, boundary)
    tracemalloc.start()
    try:
        async with fetching(options(server, piece_bytes=piece), office):
            tracemalloc.reset_peak()
            before = tracemalloc.get_traced_memory()[0]
            await office.another_look()
            peak = tracemalloc.get_traced_memory()[1] - before
    finally:
        tracemalloc.stop()
    assert office.contents == sorted(map(sha256, [*sent, boundary]))
    assert max(map(len, sent)) > 30 * 2**20
    assert peak < 8 * 2**20


async def test_a_mail_that_is_too_large_stays_and_is_told_once(server: DovecotServer, office: Office) -> None:
    small, large = mail(), mail(body="x" * 4000)
    server.append(large, small)
    async with fetching(options(server, max_message_bytes=3000, poll=0.05), office):
        for _ in range(3):
            await office.another_look()
    assert office.contents == [sha256(small)]
    (told,) = office.stayed
    assert told.uid == 1
    assert str(len(large)) in told.reason
    assert [sorted(each.flags & {"$VanthuTaken"}) for each in server.stored()] == [[], ["$VanthuTaken"]]


async def test_a_mail_over_the_limits_waits_and_holds_up_no_other(server: DovecotServer, office: Office) -> None:
    server.append(*mails(3))
    turned_away: list[str] = []

    def waits(sender: str, size: int) -> float:
        del size
        if len(turned_away) < 1:
            turned_away.append(sender)
            return 0.1
        return 0.0

    office.waits = waits
    async with fetching(options(server, poll=600.0), office):
        await office.until(lambda: len(office.entered) == 3)
    assert office.calls[-1].endswith("/1")


@pytest.mark.parametrize(
    ("failure", "told"), [(StorageFull("x"), "đã đầy"), (TemporaryError("database", "x"), "đang chờ: database")]
)
async def test_what_cannot_be_entered_for_now_stays_and_comes_later(
    server: DovecotServer, office: Office, failure: Exception, told: str
) -> None:
    server.append(*mails(3))
    office.failures = [failure]
    async with fetching(options(server), office):
        await office.until(lambda: len(office.entered) == 3)
        await office.another_look()
    assert told in office.reasons[0]
    assert all("$VanthuTaken" in each.flags for each in server.stored())


async def test_a_mail_that_breaks_the_receiver_stops_no_other(server: DovecotServer, office: Office) -> None:
    server.append(*mails(3))
    office.failures = [ValueError("một lỗi")]
    async with fetching(options(server, poll=0.05), office):
        await office.until(lambda: len(office.entered) == 3)
    assert "ValueError" in office.stayed[0].reason
    assert not office.reasons


async def test_a_backlog_is_fetched_many_mails_at_a_time(server: DovecotServer, office: Office) -> None:
    await asyncio.to_thread(server.append, *mails(500))
    async with line(server.port) as between:
        async with fetching(options(server, port=between.port), office):
            await office.another_look()
        asked = sum(said.count(b"BODY.PEEK[]") for said in between.said)
        assert between.connections == 1
    assert len(office.calls) == len(office.entered) == 500
    assert office.progress > 1, "a look that lasts is told of on the way"
    assert asked < 10


async def test_two_fetchers_on_one_mailbox_enter_each_mail_once(
    server: DovecotServer, office: Office, tmp_path: Path
) -> None:
    sent = mails(120)
    await asyncio.to_thread(server.append, *sent)
    done = options(server, done_folder="Xong", poll=0.1)
    async with open_office(tmp_path / "second") as second:
        second.entered = office.entered
        async with fetching(done, office), fetching(done, second):
            await office.until(lambda: len(office.entered) == 120)
            await office.another_look()
            await second.another_look()
    assert office.contents == sorted(map(sha256, sent))
    assert {*office.reasons, *second.reasons} <= {MOVED_ELSEWHERE}
    # Where both move a mail at the same moment, Dovecot copies it twice before it is expunged.
    assert {each.content for each in server.stored("Xong")} == set(sent)
    assert server.stored() == []


async def test_stop_finishes_what_is_being_entered(server: DovecotServer, office: Office) -> None:
    server.append(*mails(40))
    stopping = asyncio.Event()
    office.on_accept = stopping.set
    async with fetching(options(server), office) as mailbox:
        await stopping.wait()
        await mailbox.stop()
    assert set(office.calls) == set(office.entered)
    flagged = [each for each in server.stored() if "$VanthuTaken" in each.flags]
    assert len(flagged) == len(office.entered) > 0


async def test_a_cancelled_mailbox_leaves_no_mail_half_entered(server: DovecotServer, office: Office) -> None:
    server.append(*mails(40))
    work = asyncio.create_task(Mailbox(options(server), office.blobs, office).run())
    await office.until(lambda: bool(office.calls))
    work.cancel()
    await asyncio.wait({work})
    assert work.cancelled()
    assert set(office.calls) == set(office.entered)
