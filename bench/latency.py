"""How long a mail takes through an idle daemon: from the last dot of DATA to the clerk's notice at the relay."""

from __future__ import annotations

import asyncio

from bench import stage
from bench.client import Client
from bench.figures import milliseconds, spread
from bench.letters import SIGNED_BYTES, letters
from bench.sink import Sink, closing

SAMPLES = 80
WARMING = 10
AIM_P50_MS, AIM_P95_MS = 150.0, 400.0
_NOTICES = 2
_PATIENCE = 60.0
_QUIET_SECONDS = 0.1
"""Between mails: longer than the sink keeps a connection, so that every mail meets an idle gateway."""


def measure() -> dict[str, object]:
    """One mail after the other, each another document; the relay's connection is new for each."""
    return asyncio.run(_measure())


async def _measure() -> dict[str, object]:
    sink = Sink(idle_seconds=_QUIET_SECONDS / 2)
    await sink.start()
    with closing(sink), stage.clamd() as scanner, stage.daemon(stage.sections_for(scanner, sink.port)) as gateway:
        answered, noticed = await _samples(gateway.port, sink)
    figures = spread(noticed)
    return {
        "bench": "latency",
        "ours": figures["p50_ms"],
        "peer": AIM_P50_MS,
        "ratio": round(figures["p50_ms"] / AIM_P50_MS, 2),
        "unit": "ms, less is better; peer is the aim",
        **figures,
        "aim_p95_ms": AIM_P95_MS,
        "accepted_p50_ms": spread(answered)["p50_ms"],
        "fastest_ms": milliseconds(min(noticed)),
        "samples": len(noticed),
        "pdf_bytes": SIGNED_BYTES,
    }


async def _samples(port: int, sink: Sink) -> tuple[list[float], list[float]]:
    """Seconds from the last dot to the answer, and to the clerk's notice; one of each for each mail."""
    answered, noticed = [], []
    async with Client(port) as client:
        for raw in list(letters(WARMING + SAMPLES)):
            seen = len(sink.arrivals)
            sent = await client.send(raw)
            await sink.until(seen + _NOTICES, _PATIENCE)
            found = {arrival.kind: arrival for arrival in sink.arrivals[seen:]}
            answered.append(sent.answered - sent.last_dot)
            noticed.append(found["clerk_document"].at - sent.last_dot)
            await asyncio.sleep(_QUIET_SECONDS)
    return answered[WARMING:], noticed[WARMING:]
