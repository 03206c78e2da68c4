"""Whatever server and line do, no mail is lost, none is entered twice under one id, and the mailbox goes on."""

from __future__ import annotations

import asyncio
import os
import re
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from uuid import uuid4

import pytest

from gateway.adapters.imap_in import Backoff, Deadlines, folder_names
from tests.adapters.imap_in.line import line
from tests.adapters.imap_in.office import PATIENCE, Office, fetching, options, sha256
from tests.mails import mail
from tests.servers.dovecot import DovecotServer

TROUBLE = "Nhiều lần không đọc được nội dung của thư từ máy chủ thư"
SHORT = Deadlines(connect=0.3, command=0.3, piece=0.3)


def mails(count: int, size: int = 0) -> list[bytes]:
    return [
        mail(body=f"Thư số {number}. " + "x" * size, message_id=f"<{number}@agency.example>") for number in range(count)
    ]


def number_anew(server: DovecotServer) -> None:
    """Take the flags of all mails away, and let the stopped server number them under the next UIDVALIDITY.

    The one it would choose by itself is the time in seconds, which may be the one that it had.
    """
    folder = server.home() / "mail"
    known = re.match(r"3 V(\d+) ", (folder / "dovecot-uidlist").read_text())
    assert known is not None
    for each in [*folder.glob("dovecot*")]:
        each.unlink()
    (folder / "dovecot-uidlist").write_text(f"3 V{int(known[1]) + 1} N1 G{uuid4().hex}\n")
    for each in [*(folder / "cur").iterdir()]:
        each.rename(each.with_name(each.name.partition(":")[0] + ":2,"))


async def test_a_server_killed_in_the_middle_loses_and_doubles_nothing(server: DovecotServer, office: Office) -> None:
    sent = mails(150, size=20_000)
    await asyncio.to_thread(server.append, *sent)
    moment = asyncio.Event()
    office.on_accept = lambda: moment.set() if len(office.calls) in {20, 70, 120} else None
    async with fetching(options(server, done_folder="Xong"), office):
        for _ in range(3):
            await moment.wait()
            moment.clear()
            await asyncio.to_thread(server.kill)
            await asyncio.to_thread(server.start)
        await office.until(lambda: len(office.entered) == 150)
        await office.another_look()
    assert office.contents == sorted(map(sha256, sent))
    assert max(Counter(office.calls).values()) == 1
    assert office.reasons
    assert len(server.stored("Xong")) == 150
    assert server.stored() == []


@pytest.mark.parametrize("fault", ["cut", "hang"])
async def test_a_line_that_breaks_at_any_byte_loses_and_doubles_nothing(
    server: DovecotServer, office: Office, fault: str
) -> None:
    sent = [*mails(6), mail(body="x" * 100_000)]
    server.append(*sent)
    async with line(server.port) as between:
        lasting = [150, 700, 1500, 2500, 5000, 9000, 60_000, 120_000]

        def break_at(after: int | None) -> None:
            between.cut_after, between.hang_after = (after, None) if fault == "cut" else (None, after)

        break_at(lasting.pop(0))
        chosen = options(server, port=between.port, piece_bytes=16 * 1024, deadlines=SHORT)
        async with fetching(chosen, office):
            while lasting:
                failed = len(office.reasons) + office.looks
                await office.until(lambda failed=failed: len(office.reasons) + office.looks > failed)  # type: ignore[misc]
                break_at(lasting.pop(0))
                if office.looks:
                    break
            break_at(None)
            await office.until(lambda: len(office.entered) == 7)
            await office.until(lambda: office.looks > 0)
    assert office.contents == sorted(map(sha256, sent))
    assert max(Counter(office.calls).values()) == 1
    assert all("$VanthuTaken" in each.flags for each in server.stored())


async def test_a_changed_uidvalidity_makes_every_mail_a_new_one(server: DovecotServer, office: Office) -> None:
    sent = mails(5)
    server.append(*sent)
    async with fetching(options(server, done_flag="\\Flagged"), office):
        await office.another_look()
        await asyncio.to_thread(server.kill)
        number_anew(server)
        await asyncio.to_thread(server.start)
        await office.until(lambda: len(office.entered) == 10)
    assert Counter(office.contents) == Counter({sha256(each): 2 for each in sent})
    assert len({each.split("/")[2] for each in office.entered}) == 2


async def test_a_folder_made_anew_while_we_idle_gives_its_mails(server: DovecotServer, office: Office) -> None:
    with server.session() as client:
        client.create("Den")
    server.append(mail(body="một"), folder="Den")
    async with fetching(options(server, folder="Den", poll=0.2), office):
        await office.another_look()
        with server.session() as client:
            client.delete("Den")
            client.create("Den")
        server.append(mail(body="hai"), folder="Den")
        await office.until(lambda: len(office.entered) == 2)
    assert sorted(each.rpartition("/")[2] for each in office.entered) == ["1", "1"]


async def test_a_missing_folder_is_told_and_awaited(server: DovecotServer, office: Office) -> None:
    async with fetching(options(server, folder="Đến"), office):
        await office.until(lambda: bool(office.reasons))
        assert "mở thư mục Đến" in office.reasons[0]
        with server.session() as client:
            client.create(f'"{folder_names.encode("Đến")}"')
        await office.another_look()


async def test_mails_that_vanish_during_the_look_are_passed_over(server: DovecotServer, office: Office) -> None:
    server.append(*mails(30, size=300_000))

    def expunge_the_rest() -> None:
        if len(office.calls) == 1:
            with server.session() as client:
                client.store("5:30", "+FLAGS", "\\Deleted")
                client.expunge()

    office.on_accept = expunge_the_rest
    async with fetching(options(server, poll=0.1), office):
        await office.another_look()
        await office.another_look()
    assert 4 <= len(office.entered) < 30
    assert not office.stayed
    assert not office.reasons


async def test_a_read_only_folder_is_taken_and_told(office: Office) -> None:
    settings = "mail_plugins = acl\nprotocol imap {\n  mail_plugins = acl imap_acl\n}\nplugin {\n  acl = vfile\n}"
    with DovecotServer(settings=settings) as server:
        server.append(*mails(3))
        (server.home() / "mail" / "dovecot-acl").write_text("owner lr\n")
        async with fetching(options(server, poll=0.05), office):
            await office.until(lambda: len(office.reasons) > 1)
    assert len(office.entered) == len(office.calls) == 3
    assert set(office.reasons) == {"Thư mục INBOX chỉ cho đọc: thư đã nhận không đánh dấu, chuyển đi được"}
    assert office.looks == 0


async def test_a_done_folder_that_cannot_be_made_is_told_each_time(server: DovecotServer, office: Office) -> None:
    server.append(*mails(2))
    async with fetching(options(server, done_folder="a//b", poll=0.05), office):
        await office.until(lambda: len(office.reasons) > 1)
    assert len(office.calls) == 2
    assert "chuyển thư sang thư mục a//b" in office.reasons[0]
    assert len(server.stored()) == 2


@pytest.mark.parametrize("difference", [-100, 100])
async def test_a_server_that_lies_about_a_size_gives_the_mail_all_the_same(
    server: DovecotServer, office: Office, difference: int
) -> None:
    sent = mails(3)
    server.append(*sent)
    async with line(server.port) as between:
        between.change = lambda data: re.sub(
            rb"RFC822.SIZE (\d+)", lambda found: b"RFC822.SIZE %d" % (int(found[1]) + difference), data
        )
        async with fetching(options(server, port=between.port), office):
            await office.another_look()
    assert office.contents == sorted(map(sha256, sent))


async def test_a_mail_larger_than_its_announced_size_is_read_no_further_than_allowed(
    server: DovecotServer, office: Office
) -> None:
    server.append(mail(body="x" * 100_000))
    async with line(server.port) as between:
        between.change = lambda data: re.sub(rb"RFC822.SIZE \d+", b"RFC822.SIZE 1000", data)
        chosen = options(server, port=between.port, max_message_bytes=20_000, piece_bytes=8192, poll=0.05)
        async with fetching(chosen, office):
            for _ in range(3):
                await office.another_look()
        assert sum(said.count(b"BODY.PEEK[]") for said in between.said) < 6
    assert not office.entered
    (told,) = office.stayed
    assert "lớn hơn mức cho phép" in told.reason


async def test_a_mail_whose_content_is_refused_half_way_is_not_taken_for_whole(
    server: DovecotServer, office: Office
) -> None:
    server.append(mail(body="x" * 100_000), *mails(3))
    refusal = re.compile(rb"\* 1 FETCH.*\)\r\n([A-P0-9]+) OK", re.DOTALL)
    async with line(server.port) as between:
        between.change = lambda data: refusal.sub(rb"\1 NO [SERVERBUG]", data) if b"BODY[]<8192>" in data else data
        async with fetching(options(server, port=between.port, piece_bytes=8192, poll=0.05), office):
            await office.until(lambda: bool(office.stayed))
            await office.another_look()
            await office.another_look()
    assert len(office.entered) == 3
    (told,) = office.stayed
    assert (told.uid, told.reason) == (1, "Nhiều lần không đọc được nội dung của thư từ máy chủ thư")
    assert len(office.admitted) == 4, "a mail counts once, however often its fetch fails"
    assert not office.reasons


async def test_a_mail_that_ends_the_connection_each_time_holds_up_no_other(
    server: DovecotServer, office: Office
) -> None:
    server.append(*mails(6))

    def cut(data: bytes) -> bytes:
        if b"* 1 FETCH (UID 1 BODY[]" in data:
            raise ConnectionResetError
        return data

    async with line(server.port) as between:
        between.change = cut
        async with fetching(options(server, port=between.port, poll=0.05, retry=0.2), office):
            await office.until(lambda: bool(office.stayed))
            assert len(office.entered) == 5
            between.change = lambda data: data
            await office.until(lambda: len(office.entered) == 6)
    assert {told.uid for told in office.stayed} == {1}
    assert max(Counter(office.calls).values()) == 1


async def test_a_server_that_refuses_every_mail_has_failed_and_tells_of_none(
    server: DovecotServer, office: Office
) -> None:
    server.append(*mails(8))
    refusal = re.compile(rb"\* \d+ FETCH.*\)\r\n([A-P0-9]+) OK", re.DOTALL)
    async with line(server.port) as between:
        between.change = lambda data: refusal.sub(rb"\1 NO [LIMIT]", data)
        async with fetching(options(server, port=between.port), office):
            await office.until(lambda: len(office.reasons) == 2)
            between.change = lambda data: data
            await office.until(lambda: len(office.entered) == 8)
    assert "đọc thư (mã LIMIT)" in office.reasons[0]
    assert not office.stayed


async def test_content_that_differs_each_time_stays_and_is_told(server: DovecotServer, office: Office) -> None:
    server.append(mail())
    letters = iter(b"abcdefghijklmnopqrstuvwxyz" * 40)
    async with line(server.port) as between:
        between.change = lambda data: re.sub(rb"RFC822.SIZE \d+", b"RFC822.SIZE 10", data).replace(
            b"Subject", b"Subjec%c" % next(letters)
        )
        async with fetching(options(server, port=between.port, poll=0.05), office):
            await office.another_look()
            await office.another_look()
    assert not office.entered
    assert len(office.stayed) == 1
    assert "mỗi lần" in office.stayed[0].reason


async def test_a_mail_without_content_stays_and_is_told(server: DovecotServer, office: Office) -> None:
    first, second = mails(2)
    server.append(first, second)
    async with line(server.port) as between:
        literal = b"BODY[]<0> {%d}\r\n%b" % (len(first), first)
        between.change = lambda data: data.replace(literal, b"BODY[]<0> NIL")
        async with fetching(options(server, port=between.port, poll=0.05), office):
            await office.another_look()
            await office.another_look()
    assert office.contents == [sha256(second)]
    (told,) = office.stayed
    assert (told.uid, told.reason) == (1, "Máy chủ thư không đưa ra nội dung của thư")


@pytest.mark.parametrize(
    ("found", "instead"),
    [
        (rb"BODY\[\]<0> \{\d+\}", b"BODY[]<0> {99999999999}"),
        (rb"\* SEARCH ", b"* SEARCH x "),
        (rb"\* 1 FETCH \(UID", b'* 1 FETCH ("\xff UID'),
        (rb"\r\n[A-P0-9]+ OK Search", b"\r\nZZ OK Search"),
        (rb"\* SEARCH ", b"* BYE " + b"x" * 9_000_000),
    ],
)
async def test_a_server_out_of_its_mind_is_cut_off_and_tried_again(
    server: DovecotServer, office: Office, found: bytes, instead: bytes
) -> None:
    server.append(mail())
    async with line(server.port) as between:
        between.change = lambda data: re.sub(found, instead, data)
        chosen = options(server, port=between.port, deadlines=replace(SHORT, command=5.0, piece=5.0))
        async with fetching(chosen, office):
            await office.until(lambda: len(office.reasons) > 1)
            between.change = lambda data: data
            await office.another_look()
    assert len(office.calls) == 1
    assert not any("ngoài dự kiến" in each for each in office.reasons)


async def test_thousands_of_lines_in_one_packet_are_read(server: DovecotServer, office: Office) -> None:
    server.append(*mails(2))
    async with line(server.port) as between:
        between.change = lambda data: data.replace(b"* SEARCH", b"* 1 FETCH (FLAGS (\\Seen))\r\n" * 5000 + b"* SEARCH")
        async with fetching(options(server, port=between.port), office):
            await office.another_look()
    assert len(office.entered) == 2
    assert not office.reasons


async def test_a_server_that_says_nothing_is_given_up_and_tried_again(office: Office) -> None:
    connections: list[asyncio.StreamWriter] = []
    silent = await asyncio.start_server(lambda _, writer: connections.append(writer), "127.0.0.1", 0)
    port = silent.sockets[0].getsockname()[1]
    chosen = options(DovecotServer(), port=port, deadlines=SHORT)
    async with fetching(chosen, office):
        await office.until(lambda: len(office.reasons) > 2)
    assert set(office.reasons) == {"Máy chủ thư không trả lời trong thời hạn"}
    for each in connections:
        each.close()
    silent.close()


async def test_stopping_does_not_wait_for_a_silent_server(server: DovecotServer, office: Office) -> None:
    server.append(mail(body="x" * 100_000))
    async with line(server.port) as between:
        between.hang_after = 5_000  # in the middle of the content
        mailbox_options = options(
            server, port=between.port, deadlines=Deadlines(connect=3600, command=3600, piece=3600)
        )
        async with fetching(mailbox_options, office) as mailbox:
            await between.hung.wait()
            async with asyncio.timeout(PATIENCE):
                await mailbox.stop()
    assert not office.entered


@pytest.mark.parametrize("bad", [1, 3])
@pytest.mark.parametrize("failure", ["disconnect-immediately", "disconnect-after", "no-after"])
async def test_mails_that_the_server_cannot_read_are_told_and_hold_up_no_other(
    office: Office, failure: str, bad: int
) -> None:
    with DovecotServer(settings=f"imap_fetch_failure = {failure}") as server:
        server.append(*mails(12))
        folder = server.home() / "mail"
        files = sorted(each for each in folder.rglob("*") if each.parent.name in {"new", "cur"})
        for cache in folder.rglob("dovecot.index.cache*"):
            cache.unlink()
        for file in files[3 : 3 + bad]:
            os.chown(file, 0, 0)
            file.chmod(0)
        async with fetching(options(server, poll=0.05), office):
            await office.until(lambda: len(office.entered) == 12 - bad and len(office.stayed) == bad)
            await office.another_look()
            await office.another_look()
    assert {told.reason for told in office.stayed} == {TROUBLE}
    assert len({told.uid for told in office.stayed}) == bad
    assert max(Counter(office.calls).values()) == 1


async def test_a_header_that_would_exhaust_the_parser_is_a_mail_like_others(
    server: DovecotServer, office: Office
) -> None:
    hostile = [b"From: " + each + b"\r\nSubject: x\r\n\r\nx\r\n" for each in (b"(" * 900, b"a:" * 450)]
    server.append(*mails(2), *hostile)
    async with fetching(options(server), office):
        await office.another_look()
    assert len(office.entered) == 4


async def test_refused_headers_are_told_and_others_are_entered(server: DovecotServer, office: Office) -> None:
    server.append(*mails(10))
    async with line(server.port) as between:
        between.change = _without_headers({4, 5, 6}, b"NO")
        async with fetching(options(server, port=between.port, poll=0.05), office):
            await office.until(lambda: len(office.stayed) == 3)
            await office.another_look()
            await asyncio.to_thread(server.deliver, mail(message_id="<new@agency.example>"))
            await office.until(lambda: len(office.entered) == 8)
    assert {told.uid for told in office.stayed} == {4, 5, 6}
    assert len(set(office.calls)) == len(office.calls) == 8


async def test_an_answer_about_one_mail_that_is_none_spoils_no_other(server: DovecotServer, office: Office) -> None:
    server.append(*mails(6))
    async with line(server.port) as between:
        between.change = lambda data: data.replace(b"FETCH (UID 3 RFC822.SIZE", b'FETCH ("\xff 3 RFC822.SIZE')
        async with fetching(options(server, port=between.port, poll=0.05), office):
            await office.until(lambda: bool(office.stayed))
            await office.another_look()
    assert len(office.entered) == 5
    assert [(told.uid, told.reason) for told in office.stayed] == [(3, TROUBLE)]


async def test_a_server_too_slow_for_a_batch_gives_all_mails_in_the_end(server: DovecotServer, office: Office) -> None:
    sent = mails(20)
    server.append(*sent)
    async with line(server.port) as between:
        between.hang_after = 3000
        async with fetching(options(server, port=between.port, deadlines=SHORT), office):
            await office.until(lambda: len(office.entered) == 20)
    assert office.contents == sorted(map(sha256, sent))
    assert not office.stayed


async def test_new_mails_come_before_one_that_ends_the_connection_which_then_rests(
    server: DovecotServer, office: Office
) -> None:
    server.append(*mails(4))
    async with line(server.port) as between:
        between.change = _cut_at(b"* 1 FETCH (UID 1 BODY[]")
        async with fetching(options(server, port=between.port, poll=0.05), office):
            await office.until(lambda: len(office.reasons) == 2)
            await asyncio.to_thread(server.deliver, mail(message_id="<new@agency.example>"))
            await office.until(lambda: len(office.entered) == 4)
            await office.until(lambda: bool(office.stayed))
            await office.another_look()
            failures = len(office.reasons)
            for _ in range(4):
                await office.another_look()
            assert len(office.reasons) == failures, "it is left alone"
    assert [(told.uid, told.reason) for told in office.stayed] == [(1, TROUBLE)]


async def test_a_mail_that_was_left_is_tried_again_after_a_while(server: DovecotServer, office: Office) -> None:
    server.append(*mails(3))
    async with line(server.port) as between:
        between.change = _cut_at(b"* 1 FETCH (UID 1 BODY[]")
        async with fetching(options(server, port=between.port, poll=0.05, retry=0.3), office):
            await office.until(lambda: bool(office.stayed))
            between.change = lambda data: data
            await office.until(lambda: len(office.entered) == 3)


async def test_a_mail_that_ends_the_connection_delays_the_next_look_no_longer_than_a_poll(
    server: DovecotServer, office: Office
) -> None:
    server.append(*mails(1))
    async with line(server.port) as between:
        between.change = _cut_at(b"* 1 FETCH (UID 1 BODY[]")
        slow = Backoff(first=0.01, most=3600, refused=3600)
        async with fetching(options(server, port=between.port, poll=0.1, backoff=slow), office):
            await office.until(lambda: bool(office.stayed))


async def test_two_servers_with_one_uidvalidity_are_told_apart(server: DovecotServer, office: Office) -> None:
    with DovecotServer() as other:
        server.append(*mails(5))
        other.append(*(mail(message_id=f"<other{number}@agency.example>") for number in range(7)))
        for each in (server, other):
            async with line(each.port) as between:
                between.change = lambda data: re.sub(rb"UIDVALIDITY \d+", b"UIDVALIDITY 1", data)
                async with fetching(options(each, port=between.port), office):
                    await office.another_look()
    assert len(office.entered) == 12
    assert all(len(each) <= 200 for each in office.entered)


async def test_nothing_is_copied_where_the_original_could_not_be_deleted(server: DovecotServer, office: Office) -> None:
    server.append(*mails(3))

    def change(data: bytes) -> bytes:
        data = re.sub(rb"(CAPABILITY [^\r\n]*) MOVE", rb"\1 NOVE", data)
        return re.sub(rb"PERMANENTFLAGS \([^)]*\)", rb"PERMANENTFLAGS (\\Seen)", data)

    async with line(server.port) as between:
        between.change = change
        async with fetching(options(server, port=between.port, poll=0.05, done_folder="Xong"), office):
            await office.until(lambda: len(office.reasons) > 2)
    assert len(office.entered) == 3
    assert server.stored("Xong") == []


async def test_a_copy_is_made_once_however_often_its_original_cannot_be_deleted(
    server: DovecotServer, office: Office
) -> None:
    server.append(*mails(3))
    async with line(server.port) as between:
        between.change = lambda data: re.sub(rb"(CAPABILITY [^\r\n]*) MOVE", rb"\1 NOVE", data)
        between.ask = lambda data: data.replace(b"STORE", b"STORX")
        async with fetching(options(server, port=between.port, poll=0.05, done_folder="Xong"), office):
            await office.until(lambda: len(office.reasons) > 2)
            between.ask = lambda data: data
            await office.another_look()
    assert len(server.stored("Xong")) == 3
    assert server.stored() == []


def _cut_at(words: bytes) -> Callable[[bytes], bytes]:
    def change(data: bytes) -> bytes:
        if words in data:
            raise ConnectionResetError
        return data

    return change


def _without_headers(uids: set[int], answer: bytes) -> Callable[[bytes], bytes]:
    names = b"|".join(b"%d" % uid for uid in uids)
    pattern = re.compile(rb"\* \d+ FETCH \(UID (?:%b) RFC822.*?\r\n\r\n\)\r\n" % names, re.DOTALL)

    def change(data: bytes) -> bytes:
        data, found = pattern.subn(b"", data)
        return re.sub(rb"(\A|\r\n)([A-P0-9]+) OK", rb"\1\2 %b" % answer, data) if found else data

    return change
