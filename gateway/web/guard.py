"""What surrounds every answer: safe headers, and a net under surprises."""

from __future__ import annotations

import secrets
from collections.abc import Callable

import structlog
from starlette.datastructures import MutableHeaders
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

log = structlog.get_logger(__name__)


def policy(style_hash: str, form_action: str = "'none'") -> str:
    """The Content-Security-Policy of a page: its own style sheet, forms to `form_action`, nothing else."""
    return (
        f"default-src 'none'; style-src '{style_hash}'; base-uri 'none'; form-action {form_action}; "
        "frame-ancestors 'none'"
    )


def safe_headers(style_hash: str) -> dict[str, str]:
    """For every answer: no script, no frame, no cache, no referrer (the address is a secret), no index."""
    return {
        "Content-Security-Policy": policy(style_hash),
        "X-Robots-Tag": "noindex, nofollow, noarchive, nosnippet",
        "Referrer-Policy": "no-referrer",
        "X-Content-Type-Options": "nosniff",
        "X-Frame-Options": "DENY",
        "Cache-Control": "no-store",
        "Cross-Origin-Opener-Policy": "same-origin",
        "Cross-Origin-Resource-Policy": "same-origin",
        "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
        "Content-Language": "vi",
    }


class Guard:
    """ASGI middleware: adds the headers an answer lacks, and turns an exception into a page that names only an id."""

    def __init__(self, app: ASGIApp, headers: dict[str, str], failure: Callable[[str], Response]) -> None:
        self._app = app
        self._headers = headers
        self._failure = failure

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request; see the class."""
        started = False

        async def send_guarded(message: Message) -> None:
            nonlocal started
            if message["type"] == "http.response.start":
                started = True
                headers = MutableHeaders(scope=message)
                for name, value in self._headers.items():
                    headers.setdefault(name, value)
            await send(message)

        try:
            await self._app(scope, receive, send_guarded)
        except Exception:
            incident = secrets.token_hex(4)
            log.exception("web.surprise", incident=incident)
            if started:
                raise
            await self._failure(incident)(scope, receive, send_guarded)
