"""`vanthu register list` and `search`: what the options mean, what is printed, what is told where they mean nothing."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path

import pytest

from gateway.cli.output import console
from gateway.store.database import Database
from gateway.store.sqlstore import SqlStore
from tests.cli.test_cli import Vanthu, config, vanthu
from tests.store.test_listing import filled

__all__ = ["config", "vanthu"]


@pytest.fixture(autouse=True)
def register(vanthu: Vanthu, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Five documents, a day between them: 1, 4 and 5 of 2026 and 2 of 2027 in one book, 3 in another."""
    monkeypatch.setattr(console, "_width", 400)
    vanthu("migrate")
    asyncio.run(_fill(tmp_path))


async def _fill(folder: Path) -> None:
    database = Database(f"sqlite:///{folder / 'db' / 'gateway.db'}")
    await filled(SqlStore(database))
    await database.close()


def printed(vanthu: Vanthu, *command: str) -> list[str]:
    code, out, _ = vanthu("register", *command, "--json")
    assert code == 0
    return [json.loads(line)["number"] for line in out.splitlines()]


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        ("", "31452"),
        ("--newest --limit 3", "543"),
        ("--book den --year 2026 --arrival 2-", "45"),
        ("--arrival 2 --book den", "4"),
        ("--from 24/11/2026 --to 25/11/2026", "32"),
        ("--issued-from 2026-03-03 --issued-to 04/03/2026", "34"),
        ("--status 03 --year 2027", "2"),
        ("--urgency khẩn", "2"),
        ("--direction di", ""),
        ("--state finished", ""),
        ("--paper-owed", "3"),
        ("--sender @agency.example --limit 2", "31"),
        ("--overdue", ""),
    ],
)
def test_options_choose(vanthu: Vanthu, options: str, expected: str) -> None:
    assert printed(vanthu, "list", *options.split()) == list(expected)


def test_words_and_options_search(vanthu: Vanthu) -> None:
    assert printed(vanthu, "search", "quy", "che") == list("54321")
    assert printed(vanthu, "search", "quy chế quản", "--book", "an") == ["3"]
    assert printed(vanthu, "search", "so", "4/QD-SGTVT") == ["4"]
    assert printed(vanthu, "search", "ban hành quy", "lý", "--limit", "1") == ["5"]
    assert printed(vanthu, "search", "chè") == []


def test_people_get_a_table(vanthu: Vanthu) -> None:
    code, out, _ = vanthu("register", "search", "quy chế", "--year", "2027")
    assert code == 0
    assert "1/2027" in out
    assert "2/QĐ-SGTVT" in out
    code, out, _ = vanthu("register", "list", "--state", "finished")
    assert (code, "không có" in out) == (0, True)


@pytest.mark.parametrize(
    ("command", "said"),
    [
        ("search “quy", "thiếu một dấu ngoặc kép"),
        ("search …", "chưa có từ nào"),
        ("list --from hôm-qua", "ngày ghi dạng"),
        ("list --issued-to 31/02/2026", "ngày ghi dạng"),
        ("list --arrival x", "một số hoặc một khoảng"),
        ("list --status 99", "03 (Đã tiếp nhận)"),
        ("list --unit p99", "--unit"),
        ("list --book sổ-lạ", "den (Sổ văn bản đến)"),
        ("list --arrival 20-10", "số đầu"),
        ("list --from 02/01/2026 --to 01/01/2026", "sau ngày của --to"),
        ("search quy --issued-from 2026-01-02 --issued-to 2026-01-01", "sau ngày của --issued-to"),
        ("list --to 31/12/9999", "năm từ"),
        ("list --sender vanthu", "@ và tên miền"),
        ("list --year 26", "--year"),
        ("list --limit 0", "--limit"),
    ],
)
def test_what_means_nothing_is_told_in_a_line(vanthu: Vanthu, command: str, said: str) -> None:
    code, out, told = vanthu("register", *command.split())
    assert (code, out) == (2, "")
    assert said in told
    assert told.count("\n") == 1
