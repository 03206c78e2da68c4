"""The paths: `/t/<token>` and its form, `/f/<token>` and its files, `/healthz`, `/metrics`, `/robots.txt`."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

from prometheus_client.exposition import CONTENT_TYPE_PLAIN_0_0_4
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

from gateway.clock import Clock
from gateway.model.agency import Agency
from gateway.ports import Blobs, Counter, HealthSource, TrackingQueries
from gateway.web.files import Files
from gateway.web.guard import Guard, safe_headers
from gateway.web.pace import WINDOW
from gateway.web.page import Pages
from gateway.web.refusal import NOT_ALLOWED, NOT_FOUND, TOO_OFTEN, Refusal, Refused
from gateway.web.tracking import Tracking

_FAILURE = (
    "Hệ thống đang gặp sự cố",
    "Chưa thực hiện được yêu cầu; văn bản đã nhận không bị ảnh hưởng. Đề nghị thử lại sau ít phút,"
    " hoặc liên hệ văn thư và cung cấp mã sự cố dưới đây.",
)


def build_app(
    queries: TrackingQueries,
    health: HealthSource,
    agency: Agency,
    templates: Path,
    metrics: Callable[[], bytes],
    clock: Clock,
    counter: Counter,
    blobs: Blobs,
) -> Starlette:
    """The web application; `templates` is the folder that holds `web/`.

    `/healthz` and `/metrics` are for the machine and its keepers: a reverse proxy should pass on
    only `/t/`, `/f/` and `/robots.txt`, with the Host that the browser asked for.
    Raises OSError or jinja2.TemplateError for missing or broken templates.
    """
    pages = Pages(templates, agency)
    tracking = Tracking(pages, queries, counter, clock)
    files = Files(pages, queries, counter, blobs, clock)

    async def healthz(request: Request) -> Response:
        state = await health.health()
        checks = [{"name": check.name, "ok": check.ok, "detail": check.detail_vi} for check in state.checks]
        return JSONResponse({"ok": state.ok, "checks": checks}, 200 if state.ok else 503)

    async def measurements(request: Request) -> Response:
        return Response(metrics(), headers={"Content-Type": CONTENT_TYPE_PLAIN_0_0_4})

    async def robots(request: Request) -> Response:
        return PlainTextResponse("User-agent: *\nDisallow: /\n")

    def said(refusal: Refusal, status: int, headers: Mapping[str, str] | None = None) -> Response:
        return HTMLResponse(pages.message(refusal.heading, refusal.text), status, headers)

    async def refused(request: Request, error: Exception) -> Response:
        """What a route refuses; 404 and 405, and whatever else the router itself refuses."""
        if isinstance(error, Refused):
            wait = {"Retry-After": f"{WINDOW.total_seconds():.0f}"} if error.refusal is TOO_OFTEN else None
            return said(error.refusal, error.refusal.status, wait)
        if isinstance(error, HTTPException) and error.status_code != NOT_FOUND.status:
            return said(NOT_ALLOWED, error.status_code, error.headers)
        return said(NOT_FOUND, NOT_FOUND.status)

    def failure(incident: str) -> Response:
        return HTMLResponse(pages.message(*_FAILURE, reference=incident), 500)

    app = Starlette(
        routes=[
            Route("/t/{token}", tracking.show),
            Route("/t/{token}/acknowledge", tracking.acknowledge, methods=["POST"]),
            Route("/f/{token}", files.show),
            Route("/f/{token}/{position}", files.fetch),
            Route("/healthz", healthz),
            Route("/metrics", measurements),
            Route("/robots.txt", robots),
        ],
        middleware=[Middleware(Guard, headers=safe_headers(pages.style_hash), failure=failure)],
        exception_handlers={HTTPException: refused, Refused: refused},
    )
    app.router.redirect_slashes = False
    return app
