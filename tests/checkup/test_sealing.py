"""The certificate that sealed mail is encrypted to, as the operator is told of it, and as `serve` minds it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding

from gateway.checkup import CheckState, sealing
from gateway.checkup.result import Task
from gateway.errors import SettingsError
from gateway.sealing import officers_certificate, own_pair
from gateway.settings import Settings, settings_from
from tests.adapters.cms.test_envelope import certificate

NOW = datetime(2026, 11, 22, 8, tzinfo=UTC)
OFFICER = {"officers": ["baomat@quangngai.gov.vn"]}


def settings(folder: Path, *, days: int | None = None, **keys: Any) -> Settings:
    """With a certificate that ends in so many days, or without one."""
    secrecy: dict[str, Any] = OFFICER | keys
    if days is not None:
        made = certificate(rsa.generate_private_key(65537, 2048), until=NOW + timedelta(days=days))
        (folder / "officer.pem").write_bytes(made.public_bytes(Encoding.PEM))
        secrecy["certificate"] = "officer.pem"
    return settings_from({"secrecy": secrecy, "store": {"blobs": "blobs"}}, folder)


async def told(settings: Settings) -> list[tuple[CheckState, str]]:
    found = await sealing.sealing(Task(settings, NOW))
    assert {result.name for result in found} == {"sealing"}
    assert all(result.remedy or result.state is not CheckState.WARN for result in found)
    return [(result.state, result.detail) for result in found]


async def test_a_good_certificate_is_named_with_its_end(tmp_path: Path) -> None:
    ((state, detail),) = await told(settings(tmp_path, days=400))
    assert state is CheckState.OK
    assert "Lê Văn Bảo Mật" in detail
    assert "27/12/2027" in detail


async def test_one_that_runs_out_soon_is_warned_of(tmp_path: Path) -> None:
    ((state, detail),) = await told(settings(tmp_path, days=20))
    assert state is CheckState.WARN
    assert "sắp hết" in detail


@pytest.mark.parametrize("days", [-1, 900], ids=["run-out", "not-yet"])
async def test_one_that_is_not_in_force_fails_and_the_daemon_does_not_start(tmp_path: Path, days: int) -> None:
    wrong = settings(tmp_path, days=days)
    ((state, detail),) = await told(wrong)
    assert state is CheckState.FAIL
    assert "hiệu lực" in detail
    with pytest.raises(SettingsError, match=r"secrecy\.certificate"):
        officers_certificate(wrong, NOW)


async def test_a_file_that_is_no_certificate_fails_and_the_daemon_does_not_start(tmp_path: Path) -> None:
    (tmp_path / "officer.pem").write_text("không phải chứng thư")
    wrong = settings(tmp_path, certificate="officer.pem")
    ((state, detail),) = await told(wrong)
    assert state is CheckState.FAIL
    assert "officer.pem" in detail
    with pytest.raises(SettingsError, match="không phải là chứng thư"):
        officers_certificate(wrong, NOW)


async def test_without_a_certificate_and_officers_people_are_asked_for_them(tmp_path: Path) -> None:
    found = await told(settings(tmp_path, officers=[]))
    assert [state for state, _ in found] == [CheckState.WARN, CheckState.WARN]
    assert officers_certificate(settings(tmp_path), NOW) is None


async def test_while_our_own_private_key_lies_here_it_is_warned_of(tmp_path: Path) -> None:
    found = settings(tmp_path)
    found.store.blobs.mkdir()
    own = own_pair(found)
    own.read(NOW)
    assert any("khóa riêng" in detail for _, detail in await told(found))
    own.key.unlink()
    assert not any("khóa riêng" in detail for _, detail in await told(found))
