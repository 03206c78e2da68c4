"""The name server of the demonstration: the few records by which its senders prove who they are, and no others."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from typing import cast

import dns.exception
import dns.flags
import dns.message
import dns.rcode
import dns.rdatatype
import dns.rrset

_TTL = 60


class _Answers(asyncio.DatagramProtocol):
    """TXT records by name; whatever else is asked for does not exist."""

    def __init__(self, records: Mapping[str, str]) -> None:
        self._records = records
        self._transport: asyncio.DatagramTransport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Keep the way to answer."""
        self._transport = cast("asyncio.DatagramTransport", transport)

    def datagram_received(self, data: bytes, address: tuple[str | int, ...]) -> None:
        """Answer one question (RFC 1035 section 4)."""
        try:
            question = dns.message.from_wire(data)
        except dns.exception.DNSException:
            return
        reply = dns.message.make_response(question)
        reply.flags |= dns.flags.RA
        asked = question.question[0] if question.question else None
        name = str(asked.name).lower().rstrip(".") if asked is not None else ""
        if asked is None or name not in self._records:
            reply.set_rcode(dns.rcode.NXDOMAIN)
        elif asked.rdtype == dns.rdatatype.TXT:
            reply.answer.append(dns.rrset.from_text(asked.name, _TTL, "IN", "TXT", f'"{self._records[name]}"'))
        if self._transport is not None:
            self._transport.sendto(reply.to_wire(), address)


@asynccontextmanager
async def serving_names(records: Mapping[str, str]) -> AsyncIterator[str]:
    """Answer on a free port of loopback while the block lasts; yields `address:port`."""
    loop = asyncio.get_running_loop()
    transport, _ = await loop.create_datagram_endpoint(lambda: _Answers(records), local_addr=("127.0.0.1", 0))
    try:
        host, port = transport.get_extra_info("sockname")
        yield f"{host}:{port}"
    finally:
        transport.close()
