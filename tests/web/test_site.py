"""Health, metrics, headers, failures, and the server that carries them."""

from __future__ import annotations

import asyncio
import base64
import hashlib
import json
import re
import signal
import socket
from pathlib import Path

import pytest
from jinja2 import TemplateError
from starlette.applications import Starlette
from structlog.testing import capture_logs

from gateway.errors import SettingsError
from gateway.model.health import Health, HealthCheck
from gateway.store.blobs import LocalBlobs
from gateway.web.app import build_app
from gateway.web.server import start_web
from tests.web.conftest import METRICS
from tests.web.records import (
    AGENCY,
    FILES_TOKEN,
    FORWARDING_TOKEN,
    TEMPLATES,
    TOKEN,
    Archive,
    Condition,
    Desk,
    Site,
    StoppedClock,
    ask,
)

EVERY_PATH = (
    f"/t/{TOKEN}",
    f"/t/{FORWARDING_TOKEN}",
    f"/f/{FILES_TOKEN}",
    "/t/unknown",
    "/f/unknown",
    "/healthz",
    "/metrics",
    "/robots.txt",
    "/nothing",
)


@pytest.mark.parametrize("path", EVERY_PATH)
async def test_every_answer_bears_the_safe_headers(site: Site, path: str) -> None:
    headers = (await site.ask(path)).headers
    policy = headers["content-security-policy"]
    assert policy.startswith("default-src 'none'; style-src 'sha256-")
    assert "frame-ancestors 'none'" in policy
    assert "unsafe" not in policy
    assert headers["cache-control"] == "no-store"
    assert headers["referrer-policy"] == "no-referrer"
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["x-robots-tag"].startswith("noindex")
    assert "camera=()" in headers["permissions-policy"]
    assert "server" not in headers
    assert "set-cookie" not in headers


async def test_the_policy_admits_exactly_the_style_of_the_page(site: Site) -> None:
    answer = await site.ask(f"/t/{TOKEN}")
    (style,) = re.findall(r"<style>(.*?)</style>", answer.text, re.DOTALL)
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    assert f"style-src 'sha256-{digest}'" in answer.headers["content-security-policy"]


async def test_pages_ask_not_to_be_indexed(site: Site) -> None:
    assert '<meta name="robots" content="noindex' in (await site.ask(f"/t/{TOKEN}")).text
    assert (await site.ask("/robots.txt")).text == "User-agent: *\nDisallow: /\n"


@pytest.mark.parametrize(("ok", "status"), [(True, 200), (False, 503)])
async def test_health_is_told_by_code_and_by_check(site: Site, ok: bool, status: int) -> None:
    site.condition.state = Health(ok, (HealthCheck("scanner", ok, "ClamAV không trả lời"),))
    answer = await site.ask("/healthz")
    assert answer.status == status
    assert answer.headers["content-type"] == "application/json"
    assert json.loads(answer.text) == {
        "ok": ok,
        "checks": [{"name": "scanner", "ok": ok, "detail": "ClamAV không trả lời"}],
    }


async def test_metrics_are_what_the_registry_says(site: Site) -> None:
    answer = await site.ask("/metrics")
    assert answer.body == METRICS
    assert answer.headers["content-type"] == "text/plain; version=0.0.4; charset=utf-8"


@pytest.mark.parametrize("path", ["/healthz", "/metrics", "/robots.txt"])
async def test_nothing_can_be_posted_anywhere(site: Site, path: str) -> None:
    assert (await site.ask(path, "POST")).status == 405


async def test_a_surprise_shows_an_id_and_is_logged_under_it(site: Site) -> None:
    """Promise 6 in small: the reader has something to report, and nothing of ours leaks."""
    site.archive.surprise = RuntimeError("password=hunter2 in /var/lib/vanthu")
    with capture_logs() as logs:
        answer = await site.ask(f"/t/{TOKEN}")
    assert answer.status == 500
    assert "hunter2" not in answer.text
    assert "RuntimeError" not in answer.text
    assert answer.headers["cache-control"] == "no-store"
    (entry,) = logs
    assert entry["event"] == "web.surprise"
    assert entry["log_level"] == "error"
    assert f"<code>{entry['incident']}</code>" in answer.text
    assert (await site.ask("/healthz")).status == 200


async def test_the_server_leaves_signals_to_the_daemon(tmp_path: Path) -> None:
    before = [signal.getsignal(number) for number in (signal.SIGTERM, signal.SIGINT)]
    server = await start_web(application(tmp_path))
    try:
        assert [signal.getsignal(number) for number in (signal.SIGTERM, signal.SIGINT)] == before
    finally:
        await server.stop()


async def test_an_inherited_socket_is_served_and_closed_at_the_end(tmp_path: Path) -> None:
    inherited = socket.create_server(("::1", 0), family=socket.AF_INET6)
    port = inherited.getsockname()[1]
    server = await start_web(application(tmp_path), sock=inherited)
    assert server.address == f"[::1]:{port}"
    assert (await asyncio.to_thread(ask, server.address, "/healthz")).status == 200
    await server.stop()
    await server.stop()
    with pytest.raises(ConnectionRefusedError):
        await asyncio.open_connection("::1", port)


async def test_a_taken_address_is_a_fault_of_the_settings(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken, pytest.raises(SettingsError, match="không mở được"):
        await start_web(application(tmp_path), "127.0.0.1", taken.getsockname()[1])


def test_a_broken_template_stops_the_start(tmp_path: Path) -> None:
    folder = tmp_path / "web"
    folder.mkdir()
    for file in (TEMPLATES / "web").iterdir():
        (folder / file.name).write_bytes(file.read_bytes())
    (folder / "message.html").write_text("{% if %}", encoding="utf-8")
    with pytest.raises(TemplateError):
        application(tmp_path, templates=tmp_path)


def application(folder: Path, *, templates: Path = TEMPLATES) -> Starlette:
    archive, blobs = Archive(), LocalBlobs(folder / "blobs")
    blobs.close()
    return build_app(archive, Condition(), AGENCY, templates, lambda: METRICS, StoppedClock(), Desk(archive), blobs)
