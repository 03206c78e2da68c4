"""The real server in front of the records."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from gateway.store.blobs import LocalBlobs
from gateway.web.app import build_app
from gateway.web.server import start_web
from tests.web.records import AGENCY, CONTENTS, TEMPLATES, Archive, Condition, Desk, Site, StoppedClock

METRICS = b"vanthu_mails_total 3.0\n"


@pytest.fixture
async def site(tmp_path: Path) -> AsyncIterator[Site]:
    archive, condition, clock = Archive(), Condition(), StoppedClock()
    desk, blobs = Desk(archive), LocalBlobs(tmp_path / "blobs")
    for content in CONTENTS:
        await blobs.put(content)
    app = build_app(archive, condition, AGENCY, TEMPLATES, lambda: METRICS, clock, desk, blobs)
    server = await start_web(app)
    try:
        yield Site(server.address, archive, condition, desk, blobs, clock)
    finally:
        await server.stop()
        blobs.close()
