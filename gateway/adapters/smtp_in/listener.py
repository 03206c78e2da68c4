"""The listening socket: who may come in, and how the doors are closed."""

from __future__ import annotations

import asyncio
import logging
import socket
from collections import Counter

from gateway.adapters.smtp_in import replies
from gateway.adapters.smtp_in.addresses import Recipients
from gateway.adapters.smtp_in.options import Options
from gateway.adapters.smtp_in.receipt import Accept
from gateway.adapters.smtp_in.session import Session
from gateway.ports import Blobs

_BACKLOG = 512


class Listener:
    """A running listener; made by start()."""

    def __init__(self, options: Options, blobs: Blobs, accept: Accept) -> None:
        self.options = options
        self.recipients = Recipients(options.recipients)
        self.blobs = blobs
        self.accept = accept
        self._server: asyncio.Server | None = None
        self._sessions: set[Session] = set()
        self._by_address: Counter[str] = Counter()
        self._draining = False

    @property
    def addresses(self) -> tuple[str, ...]:
        """Where it listens: `host:port`, or the path of a Unix socket."""
        if self._server is None:
            return ()
        return tuple(_printable(sock.getsockname()) for sock in self._server.sockets)

    @property
    def sessions(self) -> int:
        """How many clients are connected."""
        return len(self._sessions)

    async def open(self, sock: socket.socket | None) -> None:
        """Begin to listen, on `sock` if given; raises OSError where that is not possible."""
        loop = asyncio.get_running_loop()
        options = self.options
        if sock is not None and sock.family == socket.AF_UNIX:
            self._server = await loop.create_unix_server(self._session, sock=sock, backlog=_BACKLOG)
        elif sock is not None:
            self._server = await loop.create_server(self._session, sock=sock, backlog=_BACKLOG)
        elif options.unix_path is not None:
            self._server = await loop.create_unix_server(self._session, str(options.unix_path), backlog=_BACKLOG)
        else:
            self._server = await loop.create_server(self._session, options.host, options.port, backlog=_BACKLOG)

    async def drain(self, seconds: float) -> None:
        """Stop accepting, let mails under way finish for so long, say 421 to everybody else, close."""
        self._draining = True
        if self._server is not None:
            self._server.close()
        for session in tuple(self._sessions):
            session.dismiss()
        tasks = [session.task for session in self._sessions if session.task is not None]
        if tasks:
            await asyncio.wait(tasks, timeout=seconds)
        for session in tuple(self._sessions):
            session.cut()
            if session.task is not None:
                session.task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        if self.options.unix_path is not None:
            self.options.unix_path.unlink(missing_ok=True)

    def enter(self, session: Session) -> str | None:
        """Count a session in: None, or the reply that turns it away."""
        if self._draining:
            return replies.SHUTTING_DOWN
        if len(self._sessions) >= self.options.connections_total:
            return replies.TOO_BUSY
        if session.address and self._by_address[session.address] >= self.options.connections_per_address:
            return replies.TOO_MANY_FROM_ADDRESS
        self._sessions.add(session)
        self._by_address[session.address] += 1
        return None

    def leave(self, session: Session) -> None:
        """Count a session out; harmless where it was never in."""
        if session in self._sessions:
            self._sessions.remove(session)
            self._by_address[session.address] -= 1
            if not self._by_address[session.address]:
                del self._by_address[session.address]

    def _session(self) -> Session:
        return Session(self)


async def start(options: Options, blobs: Blobs, accept: Accept, *, sock: socket.socket | None = None) -> Listener:
    """Listen on `sock`, or where `options` say; raises OSError where that is not possible."""
    logging.getLogger("mail.log").setLevel(logging.WARNING)  # aiosmtpd tells every connection there
    listener = Listener(options, blobs, accept)
    await listener.open(sock)
    return listener


def _printable(address: object) -> str:
    match address:
        case (str(host), int(port), *_):
            return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
        case _:
            return str(address)
