"""The daemon looks after the trust folder, and asks authorities only where it is told to."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from pathlib import Path

import pytest

from gateway import trusting
from gateway.app import open_office, sandbox_of
from gateway.clock import SystemClock
from gateway.demo.pki import YEAR, make_root
from gateway.inspecting import AskingInspector, inspecting
from gateway.model.alarm import AlarmCause
from gateway.settings import Settings, settings_from
from gateway.workers import SandboxedInspector


def settings(folder: Path, **signatures: object) -> Settings:
    (folder / "trust").mkdir(exist_ok=True)
    return settings_from(
        {
            "store": {"database": "gateway.db", "blobs": "blobs"},
            "relay": {"maildir": "maildir"},
            "signatures": {"anchors": "trust", **signatures},
        },
        folder,
    )


@pytest.mark.parametrize("cache", ["", "cache"])
async def test_nobody_is_asked_unless_the_operator_says_so(tmp_path: Path, cache: str) -> None:
    off = settings(tmp_path, revocation_cache=cache)
    async with inspecting(off, sandbox_of(off), SystemClock()) as inspector:
        assert isinstance(inspector, SandboxedInspector)
    assert settings_from({}, tmp_path).signatures.fetch_revocation is False


async def test_who_asks_is_made_as_configured(tmp_path: Path) -> None:
    on = settings(
        tmp_path, fetch_revocation=True, revocation_cache="cache", fetch_hosts=["OCSP.ca.btc->ocsp.ca.gov.vn:8080"]
    )
    assert on.signatures.fetch_hosts == (("ocsp.ca.btc", "ocsp.ca.gov.vn:8080"),)
    async with inspecting(on, sandbox_of(on), SystemClock()) as inspector:
        assert isinstance(inspector, AskingInspector)
    assert not (tmp_path / "cache").exists()


async def test_the_daemon_tells_of_an_end_and_a_broken_folder_does_not_stop_it(
    tmp_path: Path, blueprint: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "gateway.db").write_bytes(blueprint.read_bytes())
    monkeypatch.setattr(trusting, "_LOOK_SECONDS", 0.01)
    at_work = settings(tmp_path)
    file = tmp_path / "trust" / "x.pem"
    file.write_bytes(b"rubbish")
    async with open_office(at_work) as office, trusting.watching_trust(office, "may"):
        await asyncio.sleep(0.05)
        assert await office.queries.outbox(open_only=False) == []
        ending = make_root(SystemClock().now() + timedelta(days=10) - 30 * YEAR, "X")
        file.write_bytes(ending.pem)
        assert await office.bell.wait(60)
        owed = await office.queries.outbox(open_only=False)
    assert {notice.owed.alarm.cause for notice in owed if notice.owed.alarm} == {AlarmCause.TRUST_ENDING}
    assert {notice.owed.recipient for notice in owed} == set(at_work.mail.it_staff)
