"""The paths: `/t/<token>`, `/healthz`, `/metrics`, `/robots.txt`; nothing else exists."""

from __future__ import annotations

import re
from collections.abc import Callable
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
from gateway.ports import HealthSource, TrackingQueries
from gateway.web.guard import Guard, safe_headers
from gateway.web.page import Pages

TOKEN = re.compile(r"[A-Za-z0-9_-]{20,128}", re.ASCII)
"""What may be a token; at least 120 bits in base64url. Anything else is not asked of the store."""

_NOT_FOUND = (
    "Không tìm thấy trang",
    "Đường dẫn không đúng hoặc không còn hiệu lực. Đề nghị kiểm tra lại đường dẫn trong thư xác nhận,"
    " hoặc liên hệ văn thư để được hướng dẫn.",
)
_NOT_ALLOWED = (
    "Yêu cầu không được chấp nhận",
    "Trang này chỉ để xem. Đề nghị mở lại bằng đường dẫn trong thư xác nhận.",
)
_FAILURE = (
    "Hệ thống đang gặp sự cố",
    "Chưa hiển thị được thông tin; văn bản đã gửi không bị ảnh hưởng. Đề nghị thử lại sau ít phút,"
    " hoặc liên hệ văn thư và cung cấp mã sự cố dưới đây.",
)


def build_app(
    queries: TrackingQueries,
    health: HealthSource,
    agency: Agency,
    templates: Path,
    metrics: Callable[[], bytes],
    clock: Clock,
) -> Starlette:
    """The web application; `templates` is the folder that holds `web/`.

    `/healthz` and `/metrics` are for the machine and its keepers: a reverse proxy should pass on
    only `/t/` and `/robots.txt`. Raises OSError or jinja2.TemplateError for missing or broken templates.
    """
    pages = Pages(templates, agency)

    async def tracking(request: Request) -> Response:
        token = request.path_params["token"]
        tracked = await queries.by_token(token) if TOKEN.fullmatch(token) else None
        if tracked is None:
            return HTMLResponse(pages.message(*_NOT_FOUND), 404)
        return HTMLResponse(pages.tracking(tracked, clock.now()))

    async def healthz(request: Request) -> Response:
        state = await health.health()
        checks = [{"name": check.name, "ok": check.ok, "detail": check.detail_vi} for check in state.checks]
        return JSONResponse({"ok": state.ok, "checks": checks}, 200 if state.ok else 503)

    async def measurements(request: Request) -> Response:
        return Response(metrics(), headers={"Content-Type": CONTENT_TYPE_PLAIN_0_0_4})

    async def robots(request: Request) -> Response:
        return PlainTextResponse("User-agent: *\nDisallow: /\n")

    async def refused(request: Request, error: Exception) -> Response:
        """404 and 405, and whatever else the router itself refuses."""
        status = error.status_code if isinstance(error, HTTPException) else 404
        words = _NOT_FOUND if status == 404 else _NOT_ALLOWED  # noqa: PLR2004 the HTTP code itself
        headers = error.headers if isinstance(error, HTTPException) else None
        return HTMLResponse(pages.message(*words), status, headers)

    def failure(incident: str) -> Response:
        return HTMLResponse(pages.message(*_FAILURE, reference=incident), 500)

    app = Starlette(
        routes=[
            Route("/t/{token}", tracking),
            Route("/healthz", healthz),
            Route("/metrics", measurements),
            Route("/robots.txt", robots),
        ],
        middleware=[Middleware(Guard, headers=safe_headers(pages.style_hash), failure=failure)],
        exception_handlers={HTTPException: refused},
    )
    app.router.redirect_slashes = False
    return app
