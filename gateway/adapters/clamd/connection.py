"""pyclamd's connections with whole sends, whole answers and a deadline."""

from __future__ import annotations

import select
import socket
import struct
import time
from collections.abc import Callable, Iterable
from contextlib import closing
from itertools import chain
from typing import Protocol

import pyclamd

LONGEST_ANSWER = 4096
CONNECT_SECONDS = 5.0
END = struct.pack("!L", 0)


class NoAnswer(Exception):
    """The scanner said nothing that can be believed; `str()` is Vietnamese."""


class NotReady(NoAnswer):
    """The scanner cannot be asked at all just now, whatever the content; `str()` is Vietnamese."""


class Broken(NoAnswer):
    """A connection that the scanner had accepted ended before its answer did; `str()` is Vietnamese."""


class Connection(Protocol):
    """One command over one connection."""

    def ask(self, command: str) -> str:
        """The answer to a command of one line; raises NotReady, NoAnswer, OSError."""
        ...

    def stream(self, chunks: Iterable[bytes]) -> str:
        """The answer to INSTREAM; raises NotReady, NoAnswer, OSError."""
        ...


class _Deadline:
    """pyclamd's socket methods with whole sends, whole lines and one deadline for all of a command."""

    clamd_socket: socket.socket
    timeout: float
    _until: float

    def _send_command(self, cmd: str) -> None:
        self._send(f"n{cmd}\n".encode())

    def _send(self, content: bytes) -> None:
        self._hurry()
        self.clamd_socket.sendall(content)

    def _hurry(self) -> None:
        left = self._until - time.monotonic()
        if left <= 0:
            raise TimeoutError
        self.clamd_socket.settimeout(left)

    def _recv_response(self) -> str:
        """One line without its end; raises Broken where the connection ends before the line does."""
        line = bytearray()
        while not line.endswith((b"\n", b"\0")):
            self._hurry()
            received = self.clamd_socket.recv(LONGEST_ANSWER)
            if not received:
                raise Broken("máy quét đóng kết nối mà không trả lời")
            if len(line) > LONGEST_ANSWER:
                raise NoAnswer("máy quét trả lời không hiểu được")
            line += received
        return line[:-1].decode("utf-8", "replace").strip()

    def _init_socket(self) -> None:
        self._until = time.monotonic() + self.timeout
        try:
            self.clamd_socket = self._connect(min(self.timeout, CONNECT_SECONDS))
        except OSError as problem:
            raise NotReady(f"không kết nối được máy quét ({type(problem).__name__})") from problem

    def _connect(self, seconds: float) -> socket.socket:
        raise NotImplementedError

    def ask(self, command: str) -> str:
        """The answer to a command of one line; raises NotReady, NoAnswer, OSError."""
        self._init_socket()
        with closing(self.clamd_socket):
            self._send_command(command)
            return self._recv_response()

    def stream(self, chunks: Iterable[bytes]) -> str:
        """The answer to INSTREAM. Before it has had everything clamd may find or fail, and calls nothing OK.

        Raises NotReady, NoAnswer, OSError.
        """
        self._init_socket()
        with closing(self.clamd_socket):
            sent = self._has_sent(chunks)
            answer = self._recv_response()
        if not sent and answer.endswith("OK"):
            raise NoAnswer("máy quét trả lời khi chưa nhận hết tệp")
        return answer

    def _has_sent(self, chunks: Iterable[bytes]) -> bool:
        """Whether all went out, with the mark of its end, before the scanner said anything."""
        try:
            self._send_command("INSTREAM")
            for chunk in chain((struct.pack("!L", len(chunk)) + chunk for chunk in chunks), (END,)):
                if select.select((self.clamd_socket,), (), (), 0)[0]:
                    return False
                self._send(chunk)
        except (BrokenPipeError, ConnectionResetError):
            return False
        return True


class _UnixConnection(_Deadline, pyclamd.ClamdUnixSocket):  # type: ignore[misc] # pyclamd has no types
    def __init__(self, path: str, timeout: float) -> None:
        self.unix_socket = path
        self.timeout = timeout

    def _connect(self, seconds: float) -> socket.socket:
        connection = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        try:
            connection.settimeout(seconds)
            connection.connect(self.unix_socket)
        except BaseException:
            connection.close()
            raise
        return connection


class _TcpConnection(_Deadline, pyclamd.ClamdNetworkSocket):  # type: ignore[misc] # pyclamd has no types
    def __init__(self, host: str, port: int, timeout: float) -> None:
        self.host = host
        self.port = port
        self.timeout = timeout

    def _connect(self, seconds: float) -> socket.socket:
        return socket.create_connection((self.host, self.port), seconds)


def connector(address: str) -> Callable[[float], Connection]:
    """How to reach `unix:/path` or `tcp:host:port`, given the seconds a command may take; raises ValueError."""
    kind, _, where = address.partition(":")
    if kind == "unix" and where.startswith("/"):
        return lambda timeout: _UnixConnection(where, timeout)
    host, _, port = where.rpartition(":")
    if kind == "tcp" and host and port.isdigit():
        return lambda timeout: _TcpConnection(host.strip("[]"), int(port), timeout)
    raise ValueError(f"not the address of a scanner: {address}")
