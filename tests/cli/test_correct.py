"""`vanthu register correct` and `confirm`: what the operator puts right, and what he is told."""

from __future__ import annotations

import asyncio
import json
from dataclasses import replace
from pathlib import Path

import pytest

from gateway.cli.output import console
from gateway.model.header import Evidence, EvidenceSource
from gateway.store.database import Database
from gateway.store.sqlstore import SqlStore
from tests.cli.test_cli import Vanthu, config, vanthu
from tests.records import MORNING, entry, envelope, header, raw

__all__ = ["config", "vanthu"]


@pytest.fixture(autouse=True)
def register(vanthu: Vanthu, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Two documents; the number of the first was hard to read."""
    monkeypatch.setattr(console, "_width", 400)
    monkeypatch.setattr(console, "_height", 50)
    vanthu("migrate")
    asyncio.run(_register(tmp_path))


async def _register(folder: Path) -> None:
    database = Database(f"sqlite:///{folder / 'db' / 'gateway.db'}")
    store = SqlStore(database)
    read = header("958")
    doubtful = replace(
        read,
        confidence={**read.confidence, "number": 0.75},
        evidence={"number": Evidence(EvidenceSource.OCR, "Số: 95S/QĐ-SGTVT", 1)},
    )
    for number, fields in enumerate((doubtful, header("955"))):
        new = replace(entry(str(number)), header=fields, identifier_key=f"{fields.number}/QĐ-SGTVT")
        mail = await store.accept(envelope(str(number)), raw(str(number)), MORNING)
        async with store.begin() as unit:
            await unit.register(mail, new, MORNING, 2026, "a@x", answer_to=None)
    await database.close()


def asked(vanthu: Vanthu) -> list[list[str]]:
    code, out, _ = vanthu("register", "list", "--json")
    assert code == 0
    return [json.loads(line)["asked"] for line in out.splitlines()]


def test_what_is_asked_is_shown_with_what_it_was_read_from_and_confirmed(vanthu: Vanthu) -> None:
    assert asked(vanthu) == [["number"], []]
    _, out, _ = vanthu("register", "show", "D1")
    assert "“Số: 95S/QĐ-SGTVT”, trang 1, nhận dạng ảnh" in out
    assert "75%" in out
    assert "vanthu register confirm D1" in out
    code, out, _ = vanthu("register", "confirm", "1/2026", "số")
    assert (code, out.strip()) == (0, "Đã xác nhận số “958”.")
    assert asked(vanthu) == [[], []]
    code, out, err = vanthu("register", "confirm", "D1")
    assert (code, out) == (1, "")
    assert "không có thông tin nào đang chờ xác nhận" in err


def test_fields_are_corrected_with_the_old_value_and_the_reason_kept(vanthu: Vanthu) -> None:
    changes = ("số=956", "trích yếu=Về việc họp; báo cáo", "hạn trả lời=30/12/2027")
    code, out, _ = vanthu("register", "correct", "D1", *changes, "--reason", "đối chiếu bản giấy", "--json")
    told = json.loads(out)
    assert (code, told["ok"], told["entry"]["number"], told["entry"]["asked"]) == (0, True, "956", [])
    _, out, _ = vanthu("register", "show", "D1")
    assert "Về việc họp; báo cáo" in out
    assert "đối chiếu bản giấy" in out
    assert "cli:" in out


def test_a_number_that_is_taken_and_words_that_are_no_fields_change_nothing(vanthu: Vanthu) -> None:
    code, out, _ = vanthu("register", "correct", "D1", "số=955", "--json")
    told = json.loads(out)
    assert (code, told["ok"], told["cause"]) == (1, False, "already_registered")
    assert "D2, số đến 2/2026" in told["text"]
    assert vanthu("register", "correct", "D1", "số=955", "trùng với=D2")[0] == 0
    code, _, err = vanthu("register", "correct", "D1", "màu=đỏ")
    assert (code, "Không rõ trường" in err) == (2, True)
    code, _, err = vanthu("register", "confirm", "D1", "lý do")
    assert (code, "Không rõ trường" in err) == (2, True)
    code, _, err = vanthu("register", "correct", "D9", "số=1")
    assert (code, "không tìm thấy" in err) == (1, True)
