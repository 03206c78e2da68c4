"""`vanthu paper` and what the other commands tell of paper copies."""

from __future__ import annotations

import asyncio
import json
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from gateway.cli.output import console
from gateway.model.paper import Paper, PaperDuty
from gateway.store.database import Database
from gateway.store.sqlstore import SqlStore
from tests.cli.test_cli import Vanthu, config, vanthu
from tests.records import MORNING, entry, envelope, raw

__all__ = ["config", "vanthu"]

OWED = Paper(PaperDuty.ALSO, "Điều 5 khoản 2", "Tờ trình: gửi qua mạng và kèm bản giấy.", MORNING + timedelta(days=7))


@pytest.fixture(autouse=True)
def register(vanthu: Vanthu, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """One document of each duty, and one entered before anybody asked."""
    monkeypatch.setattr(console, "_width", 400)
    monkeypatch.setattr(console, "_height", 50)
    vanthu("migrate")
    asyncio.run(_register(tmp_path))


async def _register(folder: Path) -> None:
    database = Database(f"sqlite:///{folder / 'db' / 'gateway.db'}")
    store = SqlStore(database)
    for duty in PaperDuty:
        mail = await store.accept(envelope(duty), raw(duty), MORNING)
        paper = Paper() if duty is PaperDuty.UNKNOWN else replace(OWED, duty=duty)
        async with store.begin() as unit:
            await unit.register(mail, entry(duty), MORNING, 2026, "a@x", answer_to=None, paper=paper)
    await database.close()


def owed(vanthu: Vanthu) -> list[tuple[int, str]]:
    code, out, _ = vanthu("paper", "owed", "--json")
    assert code == 0
    lines = [json.loads(line) for line in out.splitlines()]
    assert all(line["since"] == MORNING.isoformat() for line in lines)
    return [(line["arrival_number"], line["duty"]) for line in lines]


def test_owed_lists_what_wants_paper(vanthu: Vanthu) -> None:
    assert owed(vanthu) == [(2, "also"), (4, "despite")]
    code, out, _ = vanthu("paper", "owed")
    assert code == 0
    assert "2/2026" in out
    assert "Điều 5 khoản 2" in out


def test_received_ends_it_once(vanthu: Vanthu) -> None:
    code, out, _ = vanthu("paper", "received", "2/2026", "--on", "2026-11-23")
    assert code == 0
    assert "đã nhận bản giấy ngày 23/11/2026" in out
    assert owed(vanthu) == [(4, "despite")]
    code, out, err = vanthu("paper", "received", "D2")
    assert (code, out) == (1, "")
    assert "từ trước" in err
    code, out, _ = vanthu("paper", "received", "D4", "--json")
    assert json.loads(out)["received_at"]
    assert owed(vanthu) == []


def test_the_directors_word_changes_either_way_and_stands_in_the_journal(vanthu: Vanthu) -> None:
    assert vanthu("paper", "require", "1/2026", "--reason", "lưu hồ sơ")[0] == 0
    assert vanthu("paper", "waive", "D2", "--reason", "đã có bản chụp")[0] == 0
    assert owed(vanthu) == [(1, "also"), (4, "despite")]
    _, out, _ = vanthu("explain", "D1")
    assert "Giám đốc yêu cầu bản giấy" in out
    assert "lưu hồ sơ" in out
    assert vanthu("audit", "verify")[0] == 0


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (("received", "99/2026"), 1, "sổ không có số đến 99/2026"),
        (("received", "D99"), 1, "không tìm thấy D99"),
        (("received", "abc"), 2, "không phải là mã"),
        (("received", "D2", "--on", "2999-01-01"), 1, "chưa tới"),
        (("received", "D2", "--on", "hôm qua"), 2, "--on"),
        (("require", "D2"), 2, "--reason"),
        (("waive", "D2", "--reason", " "), 1, "lý do"),
        (("waive", "D2", "--reason", "lý do", "--as", "nobody"), 1, "nobody"),
    ],
)
def test_what_cannot_be_is_one_line(vanthu: Vanthu, words: tuple[str, ...], code: int, said: str) -> None:
    found = vanthu("paper", *words)
    assert found[0] == code
    assert found[1] == ""
    assert said in found[2]
    assert found[2].count("\n") == 1


def test_the_register_and_the_story_tell_it(vanthu: Vanthu) -> None:
    _, out, _ = vanthu("register", "list", "--json")
    assert [json.loads(line)["paper"]["duty"] for line in out.splitlines()] == [duty.value for duty in PaperDuty]
    _, out, _ = vanthu("register", "list")
    assert "không phải gửi bản giấy vì đã ký số hợp lệ" in out
    _, out, _ = vanthu("register", "show", "D2")
    assert "Bản giấy: gửi kèm bản giấy (Điều 5 khoản 2); chưa nhận được bản giấy" in out
    _, out, _ = vanthu("register", "show", "D5")
    assert "Bản giấy: chưa xác định" in out
