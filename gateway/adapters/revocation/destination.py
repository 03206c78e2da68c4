"""Whom the gateway may ask: what a certificate names must not lead into the agency's own networks."""

from __future__ import annotations

import ipaddress
import socket
from collections.abc import Mapping

from aiohttp.abc import AbstractResolver, ResolveResult
from aiohttp.resolver import ThreadedResolver
from yarl import URL

LONGEST_URL = 2000
_PORTS = {"http": 80, "https": 443}
_TRANSLATING = (ipaddress.IPv6Network("64:ff9b::/96"), ipaddress.IPv6Network("2002::/16"))
"""Addresses that stand for others of IPv4 (RFC 6052, RFC 3056)."""


class NoAnswer(Exception):
    """Nothing usable came. The text is Vietnamese."""


class Destinations:
    """Turns addresses in certificates into those to ask. `hosts` names hosts and where they are reached instead.

    Whom `hosts` reaches may lie in a private network and listen on any port; all others must have a global address,
    and are asked on the ports of HTTP only.
    """

    def __init__(self, hosts: Mapping[str, str]) -> None:
        self._hosts = {named.lower(): URL(f"http://{reached}") for named, reached in hosts.items()}
        self._inside = {reached.raw_host for reached in self._hosts.values()}

    def of(self, text: str) -> URL:
        """The address to ask; raises NoAnswer where it is none that may be asked."""
        try:
            url = URL(text) if len(text) <= LONGEST_URL else URL()
            host, port = (url.raw_host or "").lower(), url.port
        except ValueError:
            raise NoAnswer("địa chỉ trong chứng thư không đúng dạng") from None
        if url.scheme not in _PORTS or not host or url.raw_user is not None or url.raw_password is not None:
            raise NoAnswer("địa chỉ trong chứng thư không đúng dạng")
        if (reached := self._hosts.get(host)) is not None:
            return url.with_host(reached.raw_host or "").with_port(reached.explicit_port)
        if port != _PORTS[url.scheme]:
            raise NoAnswer(f"cổng {port} không dùng cho việc này")
        if not _is_literal(host) and _is_number(host.rstrip(".").rpartition(".")[2]):
            raise NoAnswer("địa chỉ trong chứng thư không đúng dạng")
        if host not in self._inside and _is_literal(host) and not is_global(host):
            raise NoAnswer("địa chỉ trong chứng thư thuộc mạng nội bộ")
        return url

    def may_be_inside(self, host: str) -> bool:
        """Whether a host was configured, so that its addresses need not be global."""
        return host.lower() in self._inside


def is_global(address: str) -> bool:
    """Whether an IP address is one of the Internet, of a single machine, and no other in disguise."""
    found = ipaddress.ip_address(address.partition("%")[0])
    if isinstance(found, ipaddress.IPv6Address) and any(found in network for network in _TRANSLATING):
        return False
    return found.is_global and not found.is_multicast


def _is_number(label: str) -> bool:
    """What a name of the Internet never ends in, and other spellings of an address do (`127.1`, `0x7f000001`)."""
    return label.isdigit() or label.startswith("0x")


def _is_literal(host: str) -> bool:
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True


class GlobalResolver(AbstractResolver):
    """Looks names up and keeps the addresses that may be connected to: what is connected to is what was checked."""

    def __init__(self, destinations: Destinations) -> None:
        self._destinations = destinations
        self._system = ThreadedResolver()

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        """The addresses of `host`; raises OSError where there is none that may be asked."""
        found = await self._system.resolve(host, port, family)
        if not self._destinations.may_be_inside(host):
            found = [each for each in found if is_global(each["host"])]
        if not found:
            raise OSError("every address of this host is inside")
        return found

    async def close(self) -> None:
        """Nothing is held."""
