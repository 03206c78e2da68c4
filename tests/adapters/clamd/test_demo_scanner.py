"""The scanner of the demonstration finds its one test file and says what it is not."""

from pathlib import Path

import pytest

from gateway.adapters.demo_scanner import CHUNK, EICAR, DemoScanner
from gateway.model.facts import ScanVerdict


@pytest.mark.parametrize("before", [0, 1, CHUNK - 30, CHUNK, 2 * CHUNK - 1])
async def test_eicar_is_found_wherever_it_stands(tmp_path: Path, before: int) -> None:
    file = tmp_path / "content"
    file.write_bytes(bytes(before) + EICAR + b"\n")
    assert (await DemoScanner().scan(file)).verdict is ScanVerdict.INFECTED


async def test_anything_else_is_clean_by_an_engine_that_is_no_antivirus(tmp_path: Path) -> None:
    file = tmp_path / "content"
    file.write_bytes(EICAR[:-1])
    scan = await DemoScanner().scan(file)
    assert scan.verdict is ScanVerdict.CLEAN
    assert "không phải phần mềm diệt vi-rút" in scan.engine


async def test_a_missing_file_is_not_scanned(tmp_path: Path) -> None:
    assert (await DemoScanner().scan(tmp_path / "none")).verdict is ScanVerdict.NOT_SCANNED
