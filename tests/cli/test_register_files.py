"""`vanthu register export`, `metadata`, `close`, `closes`: what the law wants printed, kept and closed."""

from __future__ import annotations

import asyncio
import csv
import io
import json
import shutil
import xml.etree.ElementTree as ET
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import openpyxl
import pypdfium2 as pdfium
import pytest

from gateway.adapters.registers_out.csv_file import CsvRegister
from gateway.adapters.registers_out.pdf_register import PdfRegister
from gateway.adapters.registers_out.xlsx_file import XlsxRegister
from gateway.cli.output import console
from gateway.clock import SystemClock
from gateway.model.journal import NewEvent
from gateway.store.database import Database
from gateway.store.sqlstore import SqlStore
from tests.cli.test_cli import Vanthu, config, vanthu
from tests.records import MORNING, entry, envelope, header, raw

__all__ = ["config", "vanthu"]

ABSTRACT = "Về việc <bảo đảm> & kiểm tra an toàn"
FIRST = MORNING - timedelta(days=3)


@pytest.fixture(autouse=True)
def register(blueprint: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Two documents, of the 20th and of the 23rd of November; the second came twice. It is the 25th."""
    monkeypatch.setattr(console, "_width", 400)
    monkeypatch.setattr(console, "_height", 50)
    monkeypatch.setattr(SystemClock, "now", lambda _: MORNING + timedelta(days=2))
    (tmp_path / "db").mkdir()
    shutil.copyfile(blueprint, tmp_path / "db" / "gateway.db")
    asyncio.run(_register(tmp_path))


async def _register(folder: Path) -> None:
    database = Database(f"sqlite:///{folder / 'db' / 'gateway.db'}")
    store = SqlStore(database)
    for name, at in (("a", FIRST), ("b", MORNING)):
        mail = await store.accept(envelope(name), raw(name), at)
        made = replace(entry(name), header=replace(header(name), abstract=ABSTRACT))
        async with store.begin() as unit:
            document = await unit.register(mail, made, at, 2026, "a@x", answer_to=None)
            await unit.record(NewEvent("document.registered", "gateway", "pipeline", mail.id, document.id), at)
    async with store.begin() as unit:
        await unit.link_repeat(1, 2)
    await database.close()


def exported(vanthu: Vanthu, file: Path, *words: str, register: str = "den") -> dict[str, object]:
    told = ("register", "export", "--register", register, "--format", file.suffix[1:], "--output", str(file))
    code, out, err = vanthu(*told, "--year", "2026", "--json", *words)
    assert (code, err) == (0, "")
    summary: dict[str, object] = json.loads(out)
    return summary


def test_each_format_has_the_same_entries(vanthu: Vanthu, tmp_path: Path) -> None:
    files = {suffix: tmp_path / f"so.{suffix}" for suffix in ("pdf", "xlsx", "csv")}
    for file in files.values():
        summary = exported(vanthu, file)
        assert [summary[key] for key in ("rows", "first", "last", "since")] == [2, 1, 2, "2026-11-20"]
    with pdfium.PdfDocument(files["pdf"]) as document:
        printed = [page.get_textpage().get_text_bounded() for page in document]
    assert "Từ ngày 20/11/2026 đến ngày 23/11/2026" in printed[0]
    assert "nhật ký đến sự kiện số" in printed[-1]
    rows = list(openpyxl.load_workbook(files["xlsx"]).active.iter_rows(min_row=2, values_only=True))
    with files["csv"].open(encoding="utf-8-sig", newline="") as opened:
        lines = list(csv.reader(opened))[1:]
    assert [str(row[1]) for row in rows] == [line[1] for line in lines] == ["1", "2"]
    assert [row[5] for row in rows] == [line[5] for line in lines] == [f"Quyết định {ABSTRACT}"] * 2
    assert (rows[0][9], rows[1][9]) == (None, "Gửi lặp lại 1 lần")
    assert sorted(path.name for path in tmp_path.iterdir() if path.name.startswith(".")) == []


def test_bounds_are_days_of_vietnam_and_both_count(vanthu: Vanthu, tmp_path: Path) -> None:
    for words, rows in (
        (("--from", "20/11/2026", "--to", "22/11/2026"), 1),
        (("--from", "2026-11-21"), 1),
        (("--to", "2026-11-23"), 2),
        (("--from", "2026-11-24"), 0),
    ):
        assert exported(vanthu, tmp_path / "so.pdf", *words)["rows"] == rows


@pytest.mark.parametrize(("which", "columns", "rows"), [("theo-doi", 7, 2), ("di", 10, 0)])
def test_the_other_registers_have_their_own_columns(
    vanthu: Vanthu, tmp_path: Path, which: str, columns: int, rows: int
) -> None:
    assert exported(vanthu, tmp_path / "so.xlsx", register=which)["rows"] == rows
    sheet = openpyxl.load_workbook(tmp_path / "so.xlsx").active
    assert (sheet.max_column, sheet.max_row) == (columns, rows + 1)


def test_a_table_can_be_read_from_a_pipe(vanthu: Vanthu) -> None:
    code, out, err = vanthu("register", "export", "--register", "den", "--format", "csv", "-o", "-", "--year", "2026")
    assert (code, err) == (0, "")
    assert [line[1] for line in csv.reader(io.StringIO(out.removeprefix("\ufeff"), newline=""))] == ["Số đến", "1", "2"]


@pytest.mark.parametrize(("writer", "suffix"), [(CsvRegister, "csv"), (XlsxRegister, "xlsx"), (PdfRegister, "pdf")])
def test_an_export_that_fails_leaves_the_file_that_was_there(
    vanthu: Vanthu, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, writer: type, suffix: str
) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    file = tmp_path / f"so.{suffix}"
    file.write_text("bản cũ", encoding="utf-8")
    before = sorted(tmp_path.iterdir())
    monkeypatch.setattr(writer, "close", full)
    code, out, err = vanthu(
        "register", "export", "--register", "den", "--year", "2026", "--format", suffix, "-o", str(file)
    )
    assert (code, out, len(err.splitlines())) == (1, "", 1)
    assert "ổ đĩa đã hết chỗ" in err
    assert file.read_text(encoding="utf-8") == "bản cũ"
    assert sorted(tmp_path.iterdir()) == before


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (("--output", "-"), 2, "chỉ csv"),
        (("--output", "-", "--format", "csv", "--json"), 2, "chỉ csv"),
        (("--output", "khong-co/so.pdf"), 1, "không có thư mục"),
        (("--output", "."), 1, "không phải là tệp thường"),
        (("--output", "so.pdf", "--book", "la"), 1, "không có sổ la; có: den"),
        (("--output", "so.pdf", "--from", "2025-12-31"), 2, "mỗi năm một sổ"),
        (("--output", "so.pdf", "--from", "2026-02-02", "--to", "2026-02-01"), 2, "ngày trước đứng trước"),
        (("--output", "so.pdf", "--format", "docx"), 2, "--format"),
    ],
)
def test_what_cannot_be_is_one_line(
    vanthu: Vanthu, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, words: tuple[str, ...], code: int, said: str
) -> None:
    monkeypatch.chdir(tmp_path)
    found, out, err = vanthu("register", "export", "--register", "den", "--year", "2026", *words)
    assert (found, out, len(err.splitlines())) == (code, "", 1)
    assert said in err


def test_metadata_is_a_line_for_each_document_or_one_xml_document(vanthu: Vanthu) -> None:
    code, out, _ = vanthu("register", "metadata", "D1", "D2")
    assert code == 0
    told = [json.loads(line) for line in out.splitlines()]
    assert [each["document"] for each in told] == ["D1", "D2"]
    assert told[1]["metadata"]["ArrivalDate"] == "23/11/2026"
    assert told[1]["metadata"]["Subject"] == ABSTRACT
    code, out, _ = vanthu("register", "metadata", "D1", "D2", "--format", "xml")
    assert code == 0
    root = ET.fromstring(out)  # noqa: S314 - our own words
    assert [each.findtext("Subject") for each in root] == [ABSTRACT] * 2
    assert root[0].findtext("SignerInfo/FullName") == "Nguyễn Văn An"
    assert [field.tag for field in root[0]] == list(told[0]["metadata"])
    code, out, err = vanthu("register", "metadata", "D1", "D99")
    assert (code, out) == (1, "")
    assert "không tìm thấy D99" in err


def test_days_are_closed_by_hand_once_and_the_audit_counts_them(vanthu: Vanthu) -> None:
    code, out, _ = vanthu("register", "close", "--json")
    assert code == 0
    closed = [json.loads(line) for line in out.splitlines()]
    assert [each["entered"] for each in closed] == [1, 0, 0, 1, 0]
    assert closed[3]["series"] == [{"book": "den", "year": 2026, "first": 2, "last": 2, "count": 1}]
    assert "đều đã đóng sổ" in vanthu("register", "close")[1]
    assert [json.loads(line) for line in vanthu("register", "closes", "--json")[1].splitlines()] == closed
    assert "20/11/2026" in vanthu("register", "closes", "--year", "2026")[1]
    code, out, _ = vanthu("audit", "verify", "--json")
    assert (code, json.loads(out)["days_closed"]) == (0, len(closed))


def test_a_closed_day_has_a_sheet_to_sign_with_the_hash_that_fixes_it(vanthu: Vanthu, tmp_path: Path) -> None:
    vanthu("register", "close")
    sheet = tmp_path / "bien-ban.pdf"
    code, out, _ = vanthu("register", "closes", "--day", "2026-11-23", "--output", str(sheet))
    assert (code, "biên bản đóng sổ ngày 23/11/2026" in out) == (0, True)
    (closed,) = [
        json.loads(line) for line in vanthu("register", "closes", "--day", "23/11/2026", "--json")[1].splitlines()
    ]
    with pdfium.PdfDocument(sheet) as document:
        (printed,) = [page.get_textpage().get_text_bounded() for page in document]
    assert closed["head"] in "".join(printed.split())
    assert "01 văn bản, từ số 2 đến số 2." in " ".join(printed.split())
    for words, said in ((("--output", str(sheet)), "cần --day"), (("--day", "2026-11-25"), "chưa đóng sổ")):
        code, out, err = vanthu("register", "closes", *words)
        assert (code > 0, out, said in err) == (True, "", True)
