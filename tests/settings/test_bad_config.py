"""Broken configurations are tests: each folder of tests/bad_config holds one and what the operator must read."""

from pathlib import Path

import pytest

from gateway.errors import SettingsError
from gateway.settings import load_settings

CASES = sorted(path for path in (Path(__file__).parents[1] / "bad_config").iterdir() if path.is_dir())


def message_of(path: Path) -> str:
    with pytest.raises(SettingsError) as caught:
        load_settings(path)
    return str(caught.value)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_the_operator_reads_key_value_and_remedy(case: Path) -> None:
    told = message_of(case / "gateway.toml").replace(str(case), "…")
    assert told.splitlines() == (case / "expected-error.txt").read_text(encoding="utf-8").splitlines()


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_no_message_repeats_a_secret(case: Path) -> None:
    assert "hunter2" not in message_of(case / "gateway.toml")


def test_every_problem_is_told_at_once() -> None:
    case = next(case for case in CASES if case.name == "several-at-once")
    told = message_of(case / "gateway.toml")
    for key in ("smtp.listen", "smtp.max_recipients", "relay.port", "relay.retry[2]", "log.level"):
        assert key in told


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    assert str(tmp_path / "gateway.toml") in message_of(tmp_path / "gateway.toml")


def test_a_file_in_a_legacy_encoding_is_told_with_the_place(tmp_path: Path) -> None:
    path = tmp_path / "gateway.toml"
    path.write_bytes(b'# S\xeb\n[log]\nlevel = "info"\n')
    assert "byte thứ 4: không phải chữ UTF-8" in message_of(path)
