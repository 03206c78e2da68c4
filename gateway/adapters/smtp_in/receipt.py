"""From 354 to the answer: the bytes into the blob store, the mail to whoever enters it."""

from __future__ import annotations

import asyncio
import logging
import secrets
from collections.abc import Awaitable, Callable

from gateway.adapters.smtp_in import replies
from gateway.adapters.smtp_in.dots import DataDecoder
from gateway.adapters.smtp_in.options import Options
from gateway.adapters.smtp_in.wire import Wire
from gateway.errors import StorageFull, TemporaryError
from gateway.model.mail import Envelope, StoredBlob
from gateway.ports import BlobWriter

Accept = Callable[[Envelope, StoredBlob], Awaitable[str]]
"""Enters a durable mail and returns its label (`M17`); the client hears 250 only after that."""

PATIENCE = 4
"""How many times the allowed size a refused mail may have before we stop listening to it."""

log = logging.getLogger(__name__)


class DataWithoutEnd(ConnectionError):
    """The client goes on far beyond the size limit."""


async def receive(wire: Wire, writer: BlobWriter, options: Options) -> StoredBlob | str:
    """Read DATA to its end into `writer`: a durable blob, or the reply that refuses it with nothing kept.

    Raises TimeoutError, DataWithoutEnd and ConnectionError, with nothing kept either.
    """
    decoder = DataDecoder()
    deadline = asyncio.get_running_loop().time() + options.data_total_timeout
    size = 0
    refusal = None
    try:
        while not decoder.ended:
            body = decoder.feed(await wire.chunk(_seconds_left(deadline, options.data_timeout)))
            size += len(body)
            if size > PATIENCE * options.max_message_bytes:
                raise DataWithoutEnd
            if refusal is None:
                refusal = _fault(decoder, size, options)
                refusal = await (_write(writer, body) if refusal is None else _drop(writer, refusal))
        wire.push_back(decoder.rest)
        return refusal or await _commit(writer)
    finally:
        await writer.discard()


async def hand_over(accept: Accept, envelope: Envelope, blob: StoredBlob) -> tuple[str | None, str]:
    """Have a stored mail entered: its label and no reply, or None and the reply that asks for another try."""
    try:
        return await accept(envelope, blob), ""
    except Exception as error:  # noqa: BLE001 - whatever fails in there, the client keeps the mail and is asked to retry
        return None, problem(error)


def problem(error: Exception) -> str:
    """The temporary reply to a fault of ours: reply and log share an id, and the reply says no more."""
    incident = secrets.token_hex(4)
    expected = isinstance(error, StorageFull | TemporaryError)
    log.error("incident %s: %s", incident, error, exc_info=None if expected else error)
    reply = replies.STORAGE_FULL if isinstance(error, StorageFull) else replies.LOCAL_PROBLEM
    return reply.format(id=incident)


def _seconds_left(deadline: float, at_most: float) -> float:
    seconds = min(at_most, deadline - asyncio.get_running_loop().time())
    if seconds <= 0:
        raise TimeoutError
    return seconds


def _fault(decoder: DataDecoder, size: int, options: Options) -> str | None:
    if decoder.bare:
        return replies.BAD_LINE_ENDS
    if size > options.max_message_bytes:
        return replies.TOO_BIG.format(limit=options.max_message_bytes)
    return None


async def _drop(writer: BlobWriter, refusal: str) -> str:
    await writer.discard()
    return refusal


async def _write(writer: BlobWriter, body: bytes) -> str | None:
    try:
        await writer.write(body)
    except Exception as error:  # noqa: BLE001 - the rest of DATA must be read before the answer, whatever broke
        return problem(error)
    return None


async def _commit(writer: BlobWriter) -> StoredBlob | str:
    try:
        return await writer.commit()
    except Exception as error:  # noqa: BLE001 - nothing is durable, so the client must try again, whatever broke
        return problem(error)
