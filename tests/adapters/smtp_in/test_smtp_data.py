"""DATA: sizes, line ends, smuggling, clients that drip or vanish."""

from __future__ import annotations

import asyncio
import csv
import errno
import os
from pathlib import Path

import pytest

from tests.adapters.smtp_in.client import MAIL, OURS, House, connect, open_house

_VECTORS = Path(__file__).parents[3] / ".." / "shared" / "corpora" / "auth" / "smtp-smuggling" / "vectors.csv"


def corpus_vectors() -> list[tuple[bytes, str]]:
    if not _VECTORS.exists():
        return []
    with _VECTORS.open(newline="") as file:
        rows = list(csv.DictReader(file))
    return [(_wire(row), row["expected"]) for row in rows]


def _wire(row: dict[str, str]) -> bytes:
    if row["hex"]:
        return bytes.fromhex(row["hex"])
    return row["sequence"].strip("'").encode().decode("unicode_escape").encode()


SMUGGLED = f"MAIL FROM:<evil@b>\r\nRCPT TO:<{OURS}>\r\nDATA\r\nsmuggled\r\n.\r\n".encode()


async def exchange(house: House, wire: bytes) -> list[str]:
    """Send a mail with `wire` in it and a second one behind, and return every reply up to 221."""
    async with connect(house) as client:
        await client.begin()
        client.send(b"Subject: x\r\n\r\nfirst" + wire + SMUGGLED + b"\r\n.\r\nQUIT\r\n")
        replies: list[str] = []
        while not replies or not replies[-1].startswith("221"):
            replies.append(await client.reply())
        return replies


@pytest.mark.parametrize(
    "wire",
    [
        b"\n.\n",
        b"\n.\r",
        b"\r.\n",
        b"\r.\r",
        b"\n.\r\n",
        b"\r.\r\n",
        b"\r\n.\n",
        b"\r\n.\r",
        b"\r\n.\r\r\n",
        b"\r\r\n.\r\r\n",
    ],
)
async def test_no_other_sequence_ends_data_and_a_bare_cr_or_lf_refuses_the_mail(house: House, wire: bytes) -> None:
    replies = await exchange(house, wire)
    assert replies[0].startswith("550 5.6.0")
    assert not house.accepted
    assert not house.unfinished()
    assert not list(house.blobs.root.glob("??/*"))


async def test_a_nul_before_the_dot_does_not_end_data(house: House) -> None:
    replies = await exchange(house, b"\r\n\x00.\r\n")
    assert replies[0].startswith("250")
    assert len(house.accepted) == 1
    assert house.accepted[0][1].startswith(b"Subject: x\r\n\r\nfirst\r\n\x00.\r\nMAIL FROM:<evil@b>")


@pytest.mark.corpus
@pytest.mark.parametrize(("wire", "expected"), corpus_vectors())
async def test_smuggling_vectors(house: House, wire: bytes, expected: str) -> None:
    replies = await exchange(house, wire)
    contents = [content for _, content in house.accepted]
    if "ends DATA" in expected and "NOT end" not in expected:
        assert contents[0] == (b"Subject: x\r\n\r\nfirst" + wire[:-3]).replace(b"\r\n.", b"\r\n")
        assert contents[1] == b"smuggled\r\n"
    elif b"\x00" in wire:
        assert len(contents) == 1
    else:
        assert not any(b"first" in content for content in contents)
        assert any(reply.startswith("550 5.6.0") for reply in replies)
        ended_within = wire.endswith(b"\r\n.\r\n")
        assert contents == ([b"smuggled\r\n"] if ended_within else [])


@pytest.mark.parametrize(
    ("wire", "content"),
    [
        (b".\r\n", b""),
        (b"\r\n.\r\n", b"\r\n"),
        (b"..\r\n.\r\n", b".\r\n"),
        (b".x\r\n..y\r\nz.\r\n.\r\n", b"x\r\n.y\r\nz.\r\n"),
    ],
)
async def test_dots_are_taken_off_even_where_the_bytes_come_one_by_one(
    house: House, wire: bytes, content: bytes
) -> None:
    async with connect(house) as client:
        for one_by_one in (False, True):
            await client.begin()
            for piece in [wire[index : index + 1] for index in range(len(wire))] if one_by_one else [wire]:
                client.send(piece)
                await asyncio.sleep(0)
            assert (await client.reply()).startswith("250")
    assert [kept for _, kept in house.accepted] == [content, content]


async def test_lines_of_any_length_are_kept(house: House) -> None:
    content = b"x" * 900_000 + b"\r\n"
    async with connect(house) as client:
        assert (await client.deliver(content)).startswith("250")
    assert house.accepted[0][1] == content


async def test_a_mail_over_the_limit_is_read_to_its_end_and_refused(house: House) -> None:
    async with connect(house) as client:
        reply = await client.deliver(b"x" * 1_000_000 + b"\r\n")
        assert reply == "552 5.3.4 Message too big, the limit is 1000000 bytes"
        assert not house.unfinished()
        assert (await client.deliver(b"x" * 999_998 + b"\r\n")).startswith("250")


async def test_a_mail_without_end_is_cut_off(house: House) -> None:
    async with connect(house) as client:
        await client.begin()
        for _ in range(50):
            client.send(b"x" * 99_998 + b"\r\n")
        assert (await client.reply()).startswith("421 4.3.4")
    assert not house.unfinished()


async def test_a_client_that_vanishes_in_data_leaves_nothing(house: House) -> None:
    async with connect(house) as client:
        await client.begin()
        client.send(MAIL * 20_000)
        client.vanish()
    await house.listener.drain(20)
    assert not house.unfinished()
    assert not house.accepted


async def test_a_client_that_vanishes_after_the_end_has_its_mail_entered(house: House) -> None:
    entering, go_on = asyncio.Event(), asyncio.Event()

    async def wait() -> None:
        entering.set()
        await go_on.wait()

    house.before_accept = wait
    async with connect(house) as client:
        await client.begin()
        client.send(MAIL + b".\r\n")
        await entering.wait()
        client.vanish()
    go_on.set()
    await house.listener.drain(20)
    assert [content for _, content in house.accepted] == [MAIL]


async def test_a_client_that_stops_or_drips_in_data_is_sent_away(tmp_path: Path) -> None:
    async with (
        open_house(tmp_path, data_timeout=0.1, data_total_timeout=60) as house,
        connect(house) as client,
    ):
        await client.begin()
        client.send(b"half a l")
        assert (await client.reply()).startswith("421 4.4.2")
    async with (
        open_house(tmp_path / "drip", data_timeout=60, data_total_timeout=0.2) as house,
        connect(house) as client,
    ):
        await client.begin()

        async def drip() -> None:
            while True:
                client.send(b"x")
                await asyncio.sleep(0.01)

        dripping = asyncio.create_task(drip())
        assert (await client.reply()).startswith("421 4.4.2")
        dripping.cancel()
        assert not house.unfinished()


async def test_a_disk_that_fills_up_in_data_is_answered_after_the_end(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> int:
        raise OSError(errno.ENOSPC, "full")

    async with connect(house) as client:
        await client.begin()
        with monkeypatch.context() as patch:
            patch.setattr(os, "write", full)
            client.send((b"x" * 98 + b"\r\n") * 8000 + b".\r\n")
            assert (await client.reply()).startswith("452 4.3.1")
        assert (await client.deliver(MAIL)).startswith("250")
    assert not house.unfinished()
