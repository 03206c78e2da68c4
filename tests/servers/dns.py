"""A real little name server on loopback, UDP and TCP, with a table that tests change while it runs."""

from __future__ import annotations

import contextlib
import socket
import socketserver
import threading
from collections.abc import Iterable
from enum import Enum
from types import TracebackType

import dns.exception
import dns.flags
import dns.message
import dns.name
import dns.rcode
import dns.rdata
import dns.rdataclass
import dns.rdatatype
import dns.rrset
from dns.rdtypes.ANY.TXT import TXT

PLAIN_UDP = 512
CHAIN_LIMIT = 10
STREAM_LIMIT = 65_535


class Fault(Enum):
    """What goes wrong with a question."""

    SERVFAIL = "servfail"
    SILENCE = "silence"
    REFUSED = "refused"


class DnsServer:
    """Answers for every name there is, like a resolver: CNAMEs in the table are followed, unknown names are NXDOMAIN.

    `questions` are those that arrived, as (name, type), over UDP and TCP. A context manager; `address` is "ip:port".
    """

    def __init__(self) -> None:
        self._table: dict[tuple[str, str], tuple[int, tuple[dns.rdata.Rdata, ...]]] = {}
        self._faults: dict[tuple[str, str], Fault] = {}
        self._truncated: set[str] = set()
        self._lock = threading.Lock()
        self.questions: list[tuple[str, str]] = []
        self.tcp_questions: list[tuple[str, str]] = []
        self._servers: tuple[socketserver.BaseServer, ...] = ()
        self._threads: list[threading.Thread] = []
        self._port = 0

    @property
    def address(self) -> str:
        """Where it listens, as the resolver's setting names it."""
        return f"127.0.0.1:{self._port}"

    def add(self, name: str, kind: str, *values: str | bytes | Iterable[bytes], ttl: int = 0) -> None:
        """Put records in the table, replacing those of this name and type.

        A TXT value is its bytes or its strings; all else is in master file format.
        """
        records = tuple(_record(kind, value) for value in values)
        with self._lock:
            self._table[_key(name), kind] = (ttl, records)

    def remove(self, name: str) -> None:
        """Forget all about a name."""
        with self._lock:
            self._table = {key: value for key, value in self._table.items() if key[0] != _key(name)}
            self._faults = {key: value for key, value in self._faults.items() if key[0] != _key(name)}

    def fail(self, name: str, fault: Fault, kind: str = "") -> None:
        """Let questions for a name (of one type, or of every type that has no records) meet with a fault."""
        with self._lock:
            self._faults[_key(name), kind] = fault

    def truncate(self, name: str) -> None:
        """Answer for this name over TCP only."""
        self._truncated.add(_key(name))

    def __enter__(self) -> DnsServer:
        outer = self

        class Datagram(socketserver.BaseRequestHandler):
            def handle(self) -> None:
                query, sock = self.request
                answer = outer._answer(query, udp=True)
                if answer is not None:
                    sock.sendto(answer, self.client_address)

        class Stream(socketserver.StreamRequestHandler):
            def handle(self) -> None:
                size = int.from_bytes(self.rfile.read(2), "big")
                answer = outer._answer(self.rfile.read(size), udp=False)
                if answer is not None:
                    self.wfile.write(len(answer).to_bytes(2, "big") + answer)

        udp, tcp = _bound(Datagram, Stream)
        self._port = tcp.server_address[1]
        self._servers = (udp, tcp)
        for server in self._servers:
            thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
            thread.start()
            self._threads.append(thread)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None:
        for server in self._servers:
            server.shutdown()
            server.server_close()
        for thread in self._threads:
            thread.join()

    def _answer(self, wire: bytes, *, udp: bool) -> bytes | None:
        try:
            query = dns.message.from_wire(wire)
        except dns.exception.DNSException:
            return None
        question = query.question[0]
        name, kind = _key(question.name), dns.rdatatype.to_text(question.rdtype)
        (self.questions if udp else self.tcp_questions).append((name, kind))
        response = dns.message.make_response(query, recursion_available=True)
        with self._lock:
            fault = self._fill(response, question.name, kind)
        if fault is Fault.SILENCE:
            return None
        if fault is not None:
            response.set_rcode(dns.rcode.SERVFAIL if fault is Fault.SERVFAIL else dns.rcode.REFUSED)
        if not udp:
            return response.to_wire(max_size=STREAM_LIMIT)
        if name not in self._truncated:
            with contextlib.suppress(dns.exception.TooBig):
                return response.to_wire(max_size=max(query.payload, PLAIN_UDP))
        response.answer.clear()
        response.flags |= dns.flags.TC
        return response.to_wire()

    def _fill(self, response: dns.message.Message, asked: dns.name.Name, kind: str) -> Fault | None:
        """Put the records into `response`; the fault that is to happen instead."""
        name = asked
        for _ in range(CHAIN_LIMIT):
            key = _key(name)
            if fault := self._faults.get((key, kind)):
                return fault
            if (key, kind) in self._table:
                response.answer.append(_rrset(name, kind, *self._table[key, kind]))
                return None
            if fault := self._faults.get((key, "")):
                return fault
            if (key, "CNAME") not in self._table:
                break
            alias = _rrset(name, "CNAME", *self._table[key, "CNAME"])
            response.answer.append(alias)
            name = alias[0].target
        if not any(key == known or known.endswith(f".{key}") for known, _ in (*self._table, *self._faults)):
            response.set_rcode(dns.rcode.NXDOMAIN)
        return None


def _bound(
    datagram: type[socketserver.BaseRequestHandler], stream: type[socketserver.BaseRequestHandler]
) -> tuple[socketserver.UDPServer, socketserver.TCPServer]:
    """Two servers on one port number, which is free for both."""
    while True:
        tcp = socketserver.TCPServer(("127.0.0.1", 0), stream)
        try:
            return socketserver.UDPServer(("127.0.0.1", tcp.server_address[1]), datagram), tcp
        except OSError:
            tcp.server_close()


def _key(name: str | dns.name.Name) -> str:
    """A name as the table has it: lower case, without escapes and without the final dot."""
    text = name if isinstance(name, str) else b".".join(name.labels).decode("latin-1")
    return text.rstrip(".").lower()


def _rrset(name: dns.name.Name, kind: str, ttl: int, records: tuple[dns.rdata.Rdata, ...]) -> dns.rrset.RRset:
    rrset = dns.rrset.RRset(name, dns.rdataclass.IN, dns.rdatatype.from_text(kind))
    rrset.update_ttl(ttl)
    rrset.items = dict.fromkeys(records)
    return rrset


def _record(kind: str, value: str | bytes | Iterable[bytes]) -> dns.rdata.Rdata:
    if kind == "TXT":
        strings = _pieces(value.encode()) if isinstance(value, str) else value
        strings = _pieces(strings) if isinstance(strings, bytes) else tuple(strings)
        return TXT(dns.rdataclass.IN, dns.rdatatype.TXT, strings)
    if not isinstance(value, str):
        raise TypeError("only TXT has bytes")
    return dns.rdata.from_text(dns.rdataclass.IN, kind, value, origin=dns.name.root, relativize=False)


def _pieces(content: bytes) -> tuple[bytes, ...]:
    return tuple(content[start : start + 255] for start in range(0, len(content), 255)) or (b"",)


def loopback_silence() -> socket.socket:
    """A bound UDP socket that never answers: a name server that is away."""
    silent = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    silent.bind(("127.0.0.1", 0))
    return silent
