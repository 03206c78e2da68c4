"""uvicorn inside the daemon's own event loop."""

from __future__ import annotations

import asyncio
import contextlib
import socket
from collections.abc import Iterator

import uvicorn
from starlette.applications import Starlette

from gateway.errors import SettingsError

_CONNECTIONS = 512
_KEEP_ALIVE_SECONDS = 5
_GRACE_SECONDS = 5
_BACKLOG = 128


class WebServer:
    """A running server, made by `start_web`."""

    def __init__(self, server: uvicorn.Server, task: asyncio.Task[None], address: str) -> None:
        self._server = server
        self._task = task
        self._address = address

    @property
    def address(self) -> str:
        """Where it listens, as it stands in a URL: `127.0.0.1:8080`, `[::1]:8080`; or the path of a Unix socket."""
        return self._address

    async def stop(self) -> None:
        """Close the port, let requests under way finish for a few seconds, and return. Harmless when repeated."""
        self._server.should_exit = True
        await self._task


async def start_web(
    app: Starlette, host: str = "127.0.0.1", port: int = 0, *, sock: socket.socket | None = None
) -> WebServer:
    """Serve `app` on `sock`, a listening socket which the server then owns, or else on `host` and `port`.

    Returns when connections are taken. Raises SettingsError where the address cannot be bound.
    Signals stay with the daemon, and no request is logged, because addresses bear tokens.
    """
    listening = sock or await _bound(host, port)
    config = uvicorn.Config(
        app,
        http="h11",
        ws="none",
        lifespan="off",
        interface="asgi3",
        log_config=None,
        log_level="warning",
        access_log=False,
        server_header=False,
        proxy_headers=False,
        limit_concurrency=_CONNECTIONS,
        timeout_keep_alive=_KEEP_ALIVE_SECONDS,
        timeout_graceful_shutdown=_GRACE_SECONDS,
        backlog=_BACKLOG,
    )
    server = _Server(config)
    address = _url_authority(listening)
    task = asyncio.create_task(server.serve([listening]))
    listens = asyncio.create_task(server.listens.wait())
    await asyncio.wait({task, listens}, return_when=asyncio.FIRST_COMPLETED)
    if not listens.done():
        listens.cancel()
        await task
    return WebServer(server, task, address)


class _Server(uvicorn.Server):
    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self.listens = asyncio.Event()

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self.listens.set()


async def _bound(host: str, port: int) -> socket.socket:
    try:
        found = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)
        family, _, _, _, address = found[0]
        return socket.create_server(address, family=family, backlog=_BACKLOG)
    except OSError as error:
        raise SettingsError(f"web: không mở được {host}:{port} ({error.strerror}); hãy chọn địa chỉ khác") from error


def _url_authority(listening: socket.socket) -> str:
    name = listening.getsockname()
    if listening.family == socket.AF_UNIX:
        return str(name)
    return f"[{name[0]}]:{name[1]}" if listening.family == socket.AF_INET6 else f"{name[0]}:{name[1]}"
