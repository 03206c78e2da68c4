"""SPF (RFC 7208), judged by pyspf in a thread with our look-ups under it."""

from __future__ import annotations

import asyncio
import time
from concurrent.futures import ThreadPoolExecutor
from ipaddress import ip_address
from typing import Any, cast

import spf

from gateway.adapters.mail_auth.resolver import DnsFailure, Kind, Resolver
from gateway.model.authentication import DETAIL_LIMIT, AuthResult, SpfCheck
from gateway.model.domain_name import a_label
from gateway.model.wording import one_line

DEADLINE_SECONDS = 20.0
"""For a whole check (RFC 7208 section 4.6.4)."""
PTR_NAMES = 10
THREADS = 16

_threads = ThreadPoolExecutor(THREADS, thread_name_prefix="spf")


async def check_spf(
    ip: str, mail_from: str, helo: str, resolver: Resolver, deadline: float = DEADLINE_SECONDS
) -> SpfCheck:
    """Whether `ip` may send for the domain of `mail_from`, or where that is empty for `helo` (RFC 7208 section 2.4).

    Never raises: what goes wrong in a record is permerror, what goes wrong in DNS or takes longer than `deadline`
    seconds is temperror.
    """
    local, _, named = mail_from.rpartition("@") if mail_from else ("postmaster", "", helo)
    domain = a_label(named) if "@" in mail_from or not mail_from else ""
    if domain.count(".") == 0:
        return SpfCheck(AuthResult.NONE, domain, "no domain to check")
    try:
        client = str(ip_address(ip.partition("%")[0]))
    except ValueError:
        return SpfCheck(AuthResult.NONE, domain, "no client address")
    ends = time.monotonic() + deadline
    query = _Query(client, f"{local or 'postmaster'}@{domain}", helo, resolver, asyncio.get_running_loop(), ends)
    try:
        async with asyncio.timeout(deadline):
            return await asyncio.get_running_loop().run_in_executor(_threads, _judge, query, domain)
    except TimeoutError:
        return SpfCheck(AuthResult.TEMPERROR, domain, "no result in time")
    finally:
        query.ends = 0.0


def _judge(query: _Query, domain: str) -> SpfCheck:
    try:
        result, _, explanation = query.check()
        return SpfCheck(AuthResult(result), domain, one_line(query.problem or explanation, DETAIL_LIMIT))
    except (spf.TempError, DnsFailure) as problem:
        return SpfCheck(AuthResult.TEMPERROR, domain, one_line(str(problem), DETAIL_LIMIT))
    except Exception as problem:  # noqa: BLE001 - the record is foreign: whatever it makes the library do is its error
        return SpfCheck(AuthResult.PERMERROR, domain, one_line(f"{type(problem).__name__}: {problem}", DETAIL_LIMIT))


class _Query(spf.query):  # type: ignore[misc]
    """One check. Attributes of one letter are macros to the base class, so ours have longer names."""

    def __init__(
        self, ip: str, sender: str, helo: str, resolver: Resolver, loop: asyncio.AbstractEventLoop, ends: float
    ) -> None:
        super().__init__(i=ip, s=sender, h=a_label(helo) or helo)
        self.l, _, self.o = sender.rpartition("@")
        self.d = self.o
        self.resolver, self.loop, self.ends = resolver, loop, ends

    @property
    def problem(self) -> str:
        """What was wrong with the record or with DNS, empty where nothing was."""
        return str(getattr(self, "prob", ""))

    def dns(self, name: str, qtype: str, cnames: object = None, ignore_void: bool = False) -> list[Any]:
        """Values as the base class wants them; CNAMEs are followed by the name server."""
        labels = name.removesuffix(".").split(".")
        if not all(0 < len(label) < 64 for label in labels):  # noqa: PLR2004 - RFC 1035 section 2.3.4
            return []
        kind = cast("Kind", qtype)
        values = self.cache.get((name.lower(), kind))
        if values is None:
            values = self.cache[name.lower(), kind] = self._values(name, kind)
        if not values and not ignore_void:
            self.void_lookups += 1
            if self.void_lookups > spf.MAX_VOID_LOOKUPS:
                raise spf.PermError(f"more than {spf.MAX_VOID_LOOKUPS} void look-ups")
        return list(values)

    def _values(self, name: str, kind: Kind) -> list[Any]:
        left = self.ends - time.monotonic()
        if left <= 0:
            raise spf.TempError("no result in time")
        try:
            records: tuple[Any, ...] = self.resolver.ask_from_thread(self.loop, name, kind, left)
        except DnsFailure as problem:
            raise spf.TempError(f"DNS: {problem}") from problem
        match kind:
            case "A" | "AAAA":
                return [record.address for record in records]
            case "MX":
                return [(record.preference, record.exchange.to_text(True)) for record in records]
            case "PTR":
                return [record.target.to_text(True) for record in records]
            case "TXT":
                return [record.strings for record in records]

    def validated_ptrs(self) -> list[str]:
        """Names of the client that lead back to it; a failing look-up only loses its name (RFC 7208 section 5.5)."""
        try:
            names = self.dns_ptr(self.i)[:PTR_NAMES]
        except spf.TempError:
            return []
        return [name for name in names if self._leads_back(name)]

    def _leads_back(self, name: str) -> bool:
        try:
            return bool(self.cidrmatch(self.dns_a(name, self.A), self.cidrmax))
        except spf.TempError:
            return False

    def get_explanation(self, spec: str) -> None:
        """Nobody reads explanations here, so they are not fetched (RFC 7208 section 6.2: at most on fail)."""
