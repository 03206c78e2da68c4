"""The real server in front of the records."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from gateway.web.app import build_app
from gateway.web.server import start_web
from tests.web.records import AGENCY, TEMPLATES, Archive, Condition, Site, StoppedClock

METRICS = b"vanthu_mails_total 3.0\n"


@pytest.fixture
async def site() -> AsyncIterator[Site]:
    archive, condition = Archive(), Condition()
    app = build_app(archive, condition, AGENCY, TEMPLATES, lambda: METRICS, StoppedClock())
    server = await start_web(app)
    try:
        yield Site(server.address, archive, condition)
    finally:
        await server.stop()
