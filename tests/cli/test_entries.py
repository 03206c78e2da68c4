"""`vanthu register issue` and `void`: numbers given and struck out on the machine."""

from __future__ import annotations

import asyncio
import json
import re
from pathlib import Path

import pytest

from gateway.cli.output import console
from gateway.cli.words import event_words
from gateway.model.act import Act
from gateway.store.database import Database
from gateway.store.sqlstore import SqlStore
from tests.cli.test_cli import Vanthu, config, vanthu
from tests.records import MORNING, entry, envelope, raw
from tests.servers.clamd import ClamdServer

__all__ = ["config", "vanthu"]


@pytest.fixture(autouse=True)
def entered(vanthu: Vanthu, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """One incoming document, 1/2026."""
    monkeypatch.setattr(console, "_width", 400)
    vanthu("migrate")
    asyncio.run(_enter(tmp_path))


async def _enter(folder: Path) -> None:
    database = Database(f"sqlite:///{folder / 'db' / 'gateway.db'}")
    store = SqlStore(database)
    mail = await store.accept(envelope("m"), raw("m"), MORNING)
    async with store.begin() as unit:
        await unit.register(mail, entry("m"), MORNING, 2026, "a@x.example", answer_to=None)
    await database.close()


def test_a_voided_entry_says_why_and_can_be_voided_once(vanthu: Vanthu) -> None:
    code, out, _ = vanthu("register", "void", "1/2026", "--reason", "vào sổ hai lần")
    assert (code, out) == (0, "Đã hủy số đến 1/2026: vào sổ hai lần\n")
    code, out, err = vanthu("register", "void", "D1", "--reason", "nữa")
    assert (code, out) == (1, "")
    assert "đã hủy số" in err
    code, out, _ = vanthu("register", "show", "D1", "--json")
    assert json.loads(out)["work"][0]["state"] == "voided"
    code, out, _ = vanthu("explain", "D1")
    assert "Ghi chú: Hủy số: vào sổ hai lần" in out
    for words in (["paper", "received", "D1"], ["register", "correct", "D1", "số=9"]):
        assert vanthu(*words)[0] == 1, words
    assert vanthu("register", "void", "9/2026", "--reason", "x")[0] == 1
    assert vanthu("register", "void", "D1", "--reason", " ")[0] == 1


def test_an_issued_document_is_told_with_its_number_its_files_and_what_it_answers(
    vanthu: Vanthu, config: Path, tmp_path: Path
) -> None:
    folder = tmp_path / "clamd"
    folder.mkdir()
    server = ClamdServer(folder, signatures=27800)
    server.start()
    try:
        with config.open("a", encoding="utf-8") as file:
            file.write(f'[scanner]\nclamd = ["{server.address}"]\nmax_signature_age = "3650 days"\n')
        (tmp_path / "cv.txt").write_text("Nội dung công văn.", "utf-8")
        words = ["--type", "Công văn", "--abstract", "Về việc họp", "--signer", "Trần Văn An", "--to", "Bộ GTVT"]
        code, out, err = vanthu("register", "issue", str(tmp_path / "cv.txt"), *words, "--answers", "1/2026", "--json")
    finally:
        server.stop()
    assert (code, err) == (0, "")
    told = json.loads(out)
    assert (told["book"], told["arrival_number"], told["direction"], told["mail"]) == ("di", 1, "out", None)
    code, out, _ = vanthu("register", "show", told["id"])
    assert code == 0
    assert "số đi 1/" in out
    assert "cv.txt" in out
    code, out, _ = vanthu("register", "show", "1/2026")
    assert code == 0, "the number of arrival, not the outgoing one"
    assert "Văn bản trả lời: 01/SGTVT (D2)" in out


def test_every_event_of_a_document_has_words() -> None:
    handlers = Path(__file__).parents[2] / "handlers"
    written = re.compile(r'NewEvent\(\s*"([a-z_.]+)"')
    kinds = {kind for path in handlers.glob("*.py") for kind in written.findall(path.read_text("utf-8"))}
    assert "document.issued" in kinds
    kinds |= {f"document.{act.value}" for act in Act}
    assert [kind for kind in sorted(kinds) if event_words(kind) == kind] == []
