"""Questions to DNS, with a small cache. No record and no answer are two things."""

from __future__ import annotations

import asyncio
import time
from collections import OrderedDict
from collections.abc import Sequence
from concurrent.futures import TimeoutError as FutureTimeoutError
from ipaddress import ip_address
from typing import Literal

import dns.asyncresolver
import dns.exception
import dns.message
import dns.name
import dns.nameserver
import dns.rdata
import dns.resolver

from gateway.errors import SettingsError
from gateway.model.authentication import DETAIL_LIMIT
from gateway.model.domain_name import a_label
from gateway.model.wording import one_line

Kind = Literal["A", "AAAA", "MX", "PTR", "TXT"]
Records = tuple[dns.rdata.Rdata, ...]

DNS_PORT = 53
CACHE_ENTRIES = 2000
LONGEST_KEPT = 3600.0
LONGEST_KEPT_ABSENCE = 300.0
"""Seconds that records, or the word that there are none, are believed at most, whatever their TTL."""
UDP_PAYLOAD = 1232
TRIES = 2.5
BUSY_SECONDS = 1.0
"""What the event loop may be late in handing an answer to a thread, beyond the time-out of the look-up itself."""


class DnsFailure(Exception):
    """DNS did not answer: SERVFAIL, a refusal, a time-out or no name server. The same question may succeed later."""


class Resolver:
    """Asks `nameservers` ("ip", "ip:port" or "[ip6]:port"; none means the system's) for records.

    `timeout` is the seconds for one question with all its retries. Truncated answers are fetched over TCP. One object
    serves one event loop at a time; threads beside it use `ask_from_thread`. Raises SettingsError for a name server
    that is not an address.
    """

    def __init__(self, nameservers: Sequence[str] = (), timeout: float = 5.0) -> None:
        self._resolver = _configured(nameservers)
        self._resolver.lifetime = timeout
        self._resolver.timeout = timeout / TRIES
        self._resolver.use_edns(0, 0, UDP_PAYLOAD)
        self._timeout = timeout
        self._kept: OrderedDict[tuple[dns.name.Name, Kind], tuple[float, Records]] = OrderedDict()

    async def txt(self, name: str) -> tuple[bytes, ...]:
        """The TXT records of `name`, each with its strings joined; empty where there are none. Raises DnsFailure."""
        return tuple(b"".join(record.strings) for record in await self.records(name, "TXT"))  # type: ignore[attr-defined]

    async def records(self, name: str, kind: Kind) -> Records:
        """The records of `name`; empty where the name or the records do not exist. Raises DnsFailure."""
        question = _absolute(name)
        if question is None:
            return ()
        key = (question, kind)
        kept = self._kept.get(key)
        if kept is not None and kept[0] > time.monotonic():
            self._kept.move_to_end(key)
            return kept[1]
        records, seconds = await self._ask(question, kind)
        self._kept[key] = (time.monotonic() + seconds, records)
        self._kept.move_to_end(key)
        while len(self._kept) > CACHE_ENTRIES:
            self._kept.popitem(last=False)
        return records

    def ask_from_thread(self, loop: asyncio.AbstractEventLoop, name: str, kind: Kind, seconds: float) -> Records:
        """`records` for a thread beside `loop`, within `seconds`. Raises DnsFailure."""
        if loop.is_closed():
            raise DnsFailure("the program is ending")
        future = asyncio.run_coroutine_threadsafe(self.records(name, kind), loop)
        try:
            return future.result(min(seconds, self._timeout + BUSY_SECONDS))
        except FutureTimeoutError as late:
            future.cancel()
            raise DnsFailure("no answer in time") from late

    async def _ask(self, name: dns.name.Name, kind: Kind) -> tuple[Records, float]:
        """The records and for how many seconds they hold."""
        if not self._resolver.nameservers:
            raise DnsFailure("no name server is configured")
        try:
            answer = await self._resolver.resolve(name, kind, raise_on_no_answer=False, search=False)
        except dns.resolver.NXDOMAIN as absence:
            return (), _absence_seconds(absence, name)
        except dns.resolver.YXDOMAIN:
            return (), 0.0
        except (dns.exception.DNSException, OSError) as problem:
            raise DnsFailure(one_line(str(problem), DETAIL_LIMIT) or type(problem).__name__) from problem
        seconds = float(answer.chaining_result.minimum_ttl)
        if answer.rrset is None:
            return (), min(seconds, LONGEST_KEPT_ABSENCE)
        return tuple(answer.rrset), min(seconds, LONGEST_KEPT)


def _configured(nameservers: Sequence[str]) -> dns.asyncresolver.Resolver:
    if nameservers:
        resolver = dns.asyncresolver.Resolver(configure=False)
        resolver.nameservers = [_nameserver(text) for text in nameservers]
        return resolver
    try:
        return dns.asyncresolver.Resolver()
    except dns.resolver.NoResolverConfiguration:
        resolver = dns.asyncresolver.Resolver(configure=False)
        resolver.nameservers = []
        return resolver


def _nameserver(text: str) -> dns.nameserver.Nameserver:
    host, port = text, str(DNS_PORT)
    if text.startswith("["):
        host, closing, rest = text[1:].partition("]")
        port = rest.removeprefix(":") or (port if closing else "")
    elif text.count(":") == 1:
        host, port = text.split(":")
    try:
        address = str(ip_address(host))
        return dns.nameserver.Do53Nameserver(address, _port(port))
    except ValueError as problem:
        raise SettingsError(f"máy chủ DNS {text!r}: cần địa chỉ IP, có thể kèm cổng (ip:cổng)") from problem


def _port(text: str) -> int:
    number = int(text)
    if not 0 < number < 2**16:
        raise ValueError(text)
    return number


def _absolute(name: str) -> dns.name.Name | None:
    """`name` label by label, because a macro of SPF may put any character into one; None where DNS cannot hold it."""
    text = name.removesuffix(".")
    if not text.isascii():
        text = a_label(text)
    try:
        return dns.name.Name([label.encode("ascii") for label in text.lower().split(".")] + [b""]) if text else None
    except (dns.exception.DNSException, UnicodeError):
        return None


def _absence_seconds(absence: dns.resolver.NXDOMAIN, name: dns.name.Name) -> float:
    try:
        response: dns.message.QueryMessage = absence.kwargs["responses"][name]
        return min(float(response.resolve_chaining().minimum_ttl), LONGEST_KEPT_ABSENCE)
    except (KeyError, AttributeError, dns.exception.DNSException):
        return 0.0
