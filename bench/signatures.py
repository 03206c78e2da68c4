"""Time per signature against bare pyHanko in one run, and a hundred signatures in a worker with its limits."""

from __future__ import annotations

import asyncio
import io
import logging
import resource
import statistics
import tempfile
import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.validation import async_validate_pdf_signature
from pyhanko_certvalidator import ValidationContext

from bench.figures import milliseconds
from gateway.adapters.sandbox import Sandbox
from gateway.adapters.signatures import TrustAnchors, load_anchors, validate_signatures
from gateway.settings import load_settings
from tests.pki import NOW, anchors, pki, plain_pdf, sign_pdf

COUNTS = {1: 15, 2: 15, 5: 15, 20: 5, 100: 1}
"""Signatures in a file, and how often it is checked."""
TYPICAL = 2


def signed_by_many(count: int) -> bytes:
    """One page with so many visible signatures, by a person and the seal in turns."""
    pdf = plain_pdf()
    for number in range(count):
        left, bottom = 20 + 50 * (number % 10), 20 + 60 * (number // 10)
        pdf = sign_pdf(
            pdf,
            (pki().person, pki().seal)[number % 2],
            field=f"Signature{number}",
            signed_at=NOW + timedelta(minutes=number),
            box=(left, bottom, left + 40, bottom + 50),
        )
    return pdf


def bare(content: bytes, trusted: TrustAnchors) -> int:
    """What pyHanko does by itself for every signature of a file; how many there were."""
    reader = PdfFileReader(io.BytesIO(content), strict=False)
    signatures = reader.embedded_signatures
    for signature in signatures:
        context = ValidationContext(
            trust_roots=trusted.root_certificates(),
            other_certs=trusted.intermediate_certificates(),
            moment=signature.self_reported_timestamp,
        )
        status = asyncio.run(async_validate_pdf_signature(signature, context))
        if not status.bottom_line:
            raise RuntimeError("a good signature was refused")
    return len(signatures)


def measure() -> dict[str, object]:
    """Medians per signature, ours (with place, text beside, chain and proofs) and pyHanko's, and their ratio."""
    logging.getLogger("pyhanko").setLevel(logging.CRITICAL + 1)
    with tempfile.TemporaryDirectory(prefix="bench-") as name:
        folder = Path(name)
        figures: dict[str, dict[str, float]] = {}
        file = folder / "signed.pdf"
        for count, rounds in COUNTS.items():
            file.write_bytes(signed_by_many(count))
            figures[f"of_{count}"] = _compared(file, count, rounds)
        typical = figures[f"of_{TYPICAL}"]
        return {
            "bench": "signatures",
            "unit": "cpu ms a signature",
            "ours": typical["ours"],
            "peer": typical["peer"],
            "peer_is": "pyHanko alone, without places, text, proofs and revocation",
            "ratio": typical["ratio"],
            "by_signatures_in_a_file": figures,
            "in_a_worker": _in_a_worker(file, folder),
        }


def _compared(file: Path, count: int, rounds: int) -> dict[str, float]:
    """Ours and pyHanko's in turns, so that both see the same machine; the medians."""
    ours, theirs = [], []
    for _ in range(rounds):
        ours.append(_seconds(lambda: validate_signatures(file, anchors())) / count)
        theirs.append(_seconds(lambda: bare(file.read_bytes(), anchors())) / count)
    mine, peer = statistics.median(ours), statistics.median(theirs)
    return {"ours": milliseconds(mine), "peer": milliseconds(peer), "ratio": round(mine / peer, 2)}


def _seconds(work: Callable[[], object]) -> float:
    began = time.process_time()
    work()
    return time.process_time() - began


def _in_a_worker(file: Path, folder: Path) -> dict[str, object]:
    """The last file in a worker with the shipped limits; raises SandboxFailure where they do not suffice."""
    limits = load_settings().sandbox
    pki().write_anchors(folder / "trust")
    before = resource.getrusage(resource.RUSAGE_CHILDREN)

    async def run() -> int:
        sandbox = Sandbox(
            *(1, limits.memory, limits.timeout.total_seconds(), limits.tasks_per_worker),
            prepare=load_anchors,
            prepare_args=(folder / "trust",),
        )
        try:
            signatures, _ = await sandbox.run(validate_signatures, file, anchors())
        finally:
            await sandbox.close()
        return len(signatures)

    count = asyncio.run(run())
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return {
        "signatures": count,
        "cpu_s": round(after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime, 1),
        "limit_s": limits.timeout.total_seconds(),
        "peak_mib": after.ru_maxrss // 1024,
        "limit_mib": limits.memory // 2**20,
    }
