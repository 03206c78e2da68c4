"""The command line as an operator meets it: Vietnamese, one line for an error, and reading leaves no trace."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from gateway.cli.main import main
from gateway.cli.words import details, event_words
from gateway.model.journal import NewEvent

READING = [
    ["register", "list"],
    ["register", "show", "17/2026"],
    ["register", "search", "cầu"],
    ["explain", "M1"],
    ["audit", "verify"],
    ["outbox", "list"],
    ["quarantine", "list"],
]


@pytest.fixture
def config(tmp_path: Path) -> Path:
    file = tmp_path / "gateway.toml"
    (tmp_path / "trust").mkdir()
    file.write_text(
        '[relay]\nmaildir = "maildir"\n[store]\ndatabase = "db/gateway.db"\nblobs = "blobs"\n'
        '[signatures]\nanchors = "trust"\n[log]\nlevel = "error"\n',
        encoding="utf-8",
    )
    return file


class Vanthu:
    """Runs commands in this process."""

    def __init__(self, config: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
        self._config, self._monkeypatch, self._capsys = config, monkeypatch, capsys

    def __call__(self, *words: str, configured: bool = True) -> tuple[int, str, str]:
        """Exit code, standard output, standard error."""
        tail = ["--config", str(self._config)] if configured else []
        self._monkeypatch.setattr(sys, "argv", ["vanthu", *words, *tail])
        with pytest.raises(SystemExit) as ended:
            main()
        said = self._capsys.readouterr()
        assert isinstance(ended.value.code, int)
        return ended.value.code, said.out, said.err


@pytest.fixture
def vanthu(config: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Vanthu:
    return Vanthu(config, monkeypatch, capsys)


@pytest.mark.parametrize("words", READING, ids=" ".join)
def test_reading_makes_no_database_and_no_folder(vanthu: Vanthu, tmp_path: Path, words: list[str]) -> None:
    before = sorted(tmp_path.rglob("*"))
    code, out, err = vanthu(*words)
    assert (code, out) == (1, "")
    assert err.startswith("vanthu: chưa có cơ sở dữ liệu ")
    assert "vanthu migrate" in err
    assert sorted(tmp_path.rglob("*")) == before


@pytest.mark.parametrize(
    ("words", "code", "told"),
    [
        (["explain", "M99999999999999999999999"], 2, "không phải là mã dạng M17"),
        (["explain", "M9223372036854775808"], 2, "không phải là mã dạng M17"),
        (["explain", "M9223372036854775807"], 1, "không tìm thấy M9223372036854775807"),
        (["explain", "M99"], 1, "không tìm thấy M99"),
        (["explain", "99"], 1, "không tìm thấy M99"),
        (["explain", "D5"], 1, "không tìm thấy D5"),
        (["explain", "9/2026"], 1, "sổ không có số đến 9/2026"),
        (["register", "list", "--year", "99999999999999999999"], 2, "--year: số nằm ngoài khoảng cho phép"),
        (["register", "list", "--year", "abc"], 2, "--year: phải là số"),
        (["quarantine", "release", "M99", "--reason", "x"], 1, "không tìm thấy M99"),
        (["quarantine", "release", "M99", "--reason", "x", "--waive", "state_secret"], 1, "không tìm thấy M99"),
        (["quarantine", "release", "M1", "--reason", " \t"], 2, "lý do không được để trống"),
        (["quarantine", "refuse", "M1", "--reason", ""], 2, "lý do không được để trống"),
        (["quarantine", "release", "M1"], 2, "thiếu --reason"),
        (["replay", "M4"], 1, "không tìm thấy M4"),
        (["outbox", "retry", "N4"], 1, "không tìm thấy N4"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else None,
)
def test_a_wrong_word_is_told_in_one_line(vanthu: Vanthu, words: list[str], code: int, told: str) -> None:
    vanthu("migrate")
    ended, out, err = vanthu(*words)
    assert (ended, out) == (code, "")
    assert told in err
    assert err.startswith("vanthu: ")
    assert err.count("\n") == 1


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["tiếp"], "không có lệnh “tiếp”"),
        (["parse", "/khong/co.eml"], "không có tệp “/khong/co.eml”"),
        (["parse", "/"], "là thư mục"),
        (["explain"], "thiếu ID"),
        (["version", "--sai"], "--sai"),
        (["version", "thừa"], "thừa tham số"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else None,
)
def test_wrong_usage_is_told_in_vietnamese(vanthu: Vanthu, words: list[str], told: str) -> None:
    ended, out, err = vanthu(*words, configured=False)
    assert (ended, out) == (2, "")
    assert told in err
    assert "--help" in err
    assert err.count("\n") == 1


def test_a_reader_who_leaves_early_is_no_error() -> None:
    reading, writing = os.pipe()
    os.close(reading)
    command = [sys.executable, "-c", "from gateway.cli import main; main()", "--help"]
    try:
        ended = subprocess.run(command, stdout=writing, stderr=subprocess.PIPE, check=False, timeout=60)
    finally:
        os.close(writing)
    assert ended.stderr == b""


def test_the_journal_is_told_in_vietnamese() -> None:
    event = NewEvent(
        "mail.judged", "gateway", "pipeline", 1, data={"disposition": "refuse", "rules": ["infected:refuse", "clerk"]}
    )
    assert event_words(event.kind) == "xét theo quy chế"
    assert details(event) == "kết luận: không tiếp nhận; quy tắc: mã độc (không tiếp nhận), văn thư quyết định"
    assert details(NewEvent("mail.dead", "gateway", "pipeline")) == ""
