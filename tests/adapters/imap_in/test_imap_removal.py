"""Mails whose content was destroyed go from the mailbox as well, wherever they are, and no other mail does."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.adapters.imap_in.office import Office, fetching, office, options
from tests.mails import mail, page_one
from tests.servers.dovecot import DovecotServer

SECRET, OTHER = (mail(("a.txt", page_one(number)), message_id=f"<{number}@agency.example>") for number in (1, 2))
_WITHOUT = "imap_capability = IMAP4rev1 IDLE MOVE LITERAL+"


@pytest.fixture(params=["", _WITHOUT], ids=["uidplus", "no-uidplus"])
def server(request: pytest.FixtureRequest) -> Iterator[DovecotServer]:
    with DovecotServer(settings=request.param) as running:
        yield running


def contents(server: DovecotServer, folder: str = "INBOX") -> list[bytes]:
    return [stored.content for stored in server.stored(folder)]


def transport_id(office_: Office, content: bytes) -> str:
    size = len(content)
    return next(key for key, (_, raw) in office_.entered.items() if raw.size == size)


async def test_it_goes_from_the_folder_it_came_to_and_others_stay(server: DovecotServer, tmp_path: Path) -> None:
    server.append(SECRET, OTHER + b"\r\n")
    async with office(tmp_path) as taking, fetching(options(server), taking) as mailbox:
        await taking.until(lambda: len(taking.entered) == 2 and bool(taking.looks))
        name = transport_id(taking, SECRET)
        taking.doom(name)
        mailbox.nudge()
        await taking.until(lambda: bool(taking.gone))
        assert taking.gone == [(name, 1)]
        assert contents(server) == [OTHER + b"\r\n"]


async def test_it_is_found_where_somebody_moved_and_copied_it(server: DovecotServer, tmp_path: Path) -> None:
    server.append(SECRET)
    async with office(tmp_path) as taking, fetching(options(server, done_folder="DaNhan"), taking) as mailbox:
        await taking.until(lambda: len(taking.entered) == 1 and bool(taking.looks))
        with server.session("DaNhan") as client:
            for folder in ("Luu", '"Ho so cu"'):
                client.create(folder)
                client.uid("COPY", "1:*", folder)
            client.uid("MOVE", "1:*", '"Ho so cu"')
        (name,) = taking.entered
        taking.doom(name)
        mailbox.nudge()
        await taking.until(lambda: bool(taking.gone))
        assert taking.gone == [(name, 3)]
        assert [contents(server, folder) for folder in ("INBOX", "DaNhan", "Luu", "Ho so cu")] == [[]] * 4


async def test_a_mail_that_is_gone_already_is_no_trouble(server: DovecotServer, tmp_path: Path) -> None:
    server.append(SECRET)
    async with office(tmp_path) as taking, fetching(options(server), taking) as mailbox:
        await taking.until(lambda: len(taking.entered) == 1 and bool(taking.looks))
        with server.session() as client:
            client.store("1:*", "+FLAGS", "(\\Deleted)")
            client.expunge()
        (name,) = taking.entered
        taking.doom(name)
        mailbox.nudge()
        await taking.until(lambda: bool(taking.gone))
        assert taking.gone == [(name, 0)]
        server.append(OTHER)
        mailbox.nudge()
        await taking.until(lambda: len(taking.entered) == 2)


async def test_without_uidplus_no_mail_that_another_marked_as_deleted_is_expunged(tmp_path: Path) -> None:
    with DovecotServer(settings=_WITHOUT) as server:
        server.append(SECRET, OTHER + b"\r\n")
        async with office(tmp_path) as taking, fetching(options(server), taking) as mailbox:
            await taking.until(lambda: len(taking.entered) == 2 and bool(taking.looks))
            with server.session() as client:
                client.uid("STORE", "2", "+FLAGS", "(\\Deleted)")
            taking.doom(transport_id(taking, SECRET))
            mailbox.nudge()
            await taking.until(lambda: bool(taking.remaining))
            assert "đang đánh dấu xóa" in taking.remaining[0]
            assert len(contents(server)) == 2
            with server.session() as client:
                client.uid("STORE", "2", "-FLAGS", "(\\Deleted)")
            mailbox.nudge()
            await taking.until(lambda: bool(taking.gone))
            assert contents(server) == [OTHER + b"\r\n"]
