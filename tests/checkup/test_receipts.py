"""What the operator is told of the certificate for receipts."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from gateway.checkup import CheckState, receipts
from gateway.checkup.result import Task
from gateway.demo.pki import make_authority, make_root, make_seal
from gateway.errors import ReceiptFailure
from gateway.settings import Settings, settings_from
from tests.servers.ports import free_port

NOW = datetime.now(UTC)


def settings(folder: Path, *, made_at: datetime = NOW, time_stamp: str = "") -> Settings:
    authority = make_authority(make_root(made_at, "Gốc"), made_at, "CA")
    gateway = make_seal(authority, made_at, "CỔNG THƯ", "SỞ")
    (folder / "c.pem").write_bytes(gateway.pem)
    (folder / "k.pem").write_bytes(gateway.key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    section = {"certificate": "c.pem", "key": "k.pem", "time_stamp": time_stamp, "time_stamp_wait": "5 s"}
    return settings_from({"receipts": section}, folder)


async def told(settings: Settings) -> list[tuple[CheckState, str]]:
    found = await receipts.receipts(Task(settings, NOW))
    assert {result.name for result in found} == {"receipts"}
    assert all(result.remedy or result.state is CheckState.OK for result in found)
    return [(result.state, result.detail) for result in found]


async def test_without_a_certificate_there_is_a_hint(tmp_path: Path) -> None:
    ((state, detail),) = await told(settings_from({}, tmp_path))
    assert state is CheckState.WARN
    assert "không kèm phiếu" in detail


async def test_a_certificate_that_signs_is_named_with_its_end(tmp_path: Path) -> None:
    ((state, detail),) = await told(settings(tmp_path))
    assert state is CheckState.OK
    assert "ký thử được bằng CỔNG THƯ" in detail


async def test_one_that_runs_out_soon_is_warned_of(tmp_path: Path) -> None:
    ((state, detail),) = await told(settings(tmp_path, made_at=NOW - timedelta(days=5 * 365 - 20)))
    assert state is CheckState.WARN
    assert "sắp hết" in detail


async def test_one_that_has_run_out_fails(tmp_path: Path) -> None:
    with pytest.raises(ReceiptFailure, match="hiệu lực"):
        await told(settings(tmp_path, made_at=NOW - timedelta(days=5 * 365 + 20)))


async def test_an_authority_that_does_not_stamp_is_warned_of(tmp_path: Path) -> None:
    url = f"http://127.0.0.1:{free_port()}"
    good, bad = await told(settings(tmp_path, time_stamp=url))
    assert good[0] is CheckState.OK
    assert bad == (CheckState.WARN, f"{url} không cấp dấu thời gian")
