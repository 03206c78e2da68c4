"""One question over HTTP (RFC 5280 section 4.2.1.13, RFC 6960 appendix A), within limits of time and size."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from http import HTTPStatus

from aiohttp import ClientError, ClientResponse, ClientSession, DummyCookieJar, TCPConnector
from yarl import URL

from gateway.adapters.revocation.destination import Destinations, GlobalResolver, NoAnswer

LARGEST = 10 * 1024 * 1024
_CHUNK = 64 * 1024
_MOST_REDIRECTS = 2
_REDIRECTS = frozenset(
    {
        HTTPStatus.MOVED_PERMANENTLY,
        HTTPStatus.FOUND,
        HTTPStatus.TEMPORARY_REDIRECT,
        HTTPStatus.PERMANENT_REDIRECT,
    }
)
_HEADERS = {"User-Agent": "vanthu", "Accept-Encoding": "identity"}
_OCSP = {"Content-Type": "application/ocsp-request", "Accept": "application/ocsp-response"}


@dataclass(frozen=True, slots=True)
class Asker:
    """Asks whom `destinations` allows; a question takes at most `seconds`, redirects to the same host included."""

    destinations: Destinations
    seconds: float

    async def ask(self, url: str, request: bytes | None) -> bytes:
        """The bytes of a list, or of the answer to an OCSP `request`; raises NoAnswer."""
        place = self.destinations.of(url)
        try:
            async with asyncio.timeout(self.seconds), self._session() as session:
                return await self._ask(session, place, request)
        except TimeoutError:
            raise NoAnswer(f"không trả lời xong trong {self.seconds:g} giây") from None
        except (ClientError, OSError, ValueError) as problem:
            raise NoAnswer(f"không kết nối được ({type(problem).__name__})") from None

    def _session(self) -> ClientSession:
        resolver = GlobalResolver(self.destinations)
        return ClientSession(
            connector=TCPConnector(resolver=resolver, use_dns_cache=False, force_close=True),
            cookie_jar=DummyCookieJar(),
            auto_decompress=False,
            headers=_HEADERS,
        )

    async def _ask(self, session: ClientSession, place: URL, request: bytes | None) -> bytes:
        for _ in range(_MOST_REDIRECTS + 1):
            async with session.request(
                "GET" if request is None else "POST",
                place,
                data=request,
                headers=None if request is None else _OCSP,
                allow_redirects=False,
            ) as response:
                if response.status not in _REDIRECTS:
                    return await _body(response)
                place = self._redirected(place, response.headers.get("Location", ""))
        raise NoAnswer("chuyển hướng quá nhiều lần")

    def _redirected(self, place: URL, location: str) -> URL:
        target = place.join(URL(location))
        if target.raw_host != place.raw_host:
            raise NoAnswer("chuyển hướng sang máy khác")
        if (target.scheme, target.port) == (place.scheme, place.port):
            return target
        return self.destinations.of(str(target))


async def _body(response: ClientResponse) -> bytes:
    if response.status != HTTPStatus.OK:
        raise NoAnswer(f"máy chủ trả lời mã {response.status}")
    content = bytearray()
    async for chunk in response.content.iter_chunked(_CHUNK):
        content += chunk
        if len(content) > LARGEST:
            raise NoAnswer(f"lớn hơn {LARGEST // 1024**2} MB")
    return bytes(content)
