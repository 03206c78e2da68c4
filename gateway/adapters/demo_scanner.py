"""A scanner for demonstrations where no ClamAV runs: it knows the EICAR test file and nothing else."""

from __future__ import annotations

import asyncio
import base64
from pathlib import Path

from gateway.model.facts import Engine, Scan, ScanVerdict

ENGINE = "bộ quét trình diễn, không phải phần mềm diệt vi-rút"
SIGNATURES = 1
NAME = "Eicar-Test-Signature"
CHUNK = 256 * 1024

EICAR = base64.b64decode("WDVPIVAlQEFQWzRcUFpYNTQoUF4pN0NDKTd9JEVJQ0FSLVNUQU5EQVJELUFOVElWSVJVUy1URVNULUZJTEUhJEgrSCo=")
"""Kept encoded, or scanners would take this file for the test file."""


class DemoScanner:
    """Finds the literal EICAR string; everything else is clean to it."""

    async def scan(self, content: Path) -> Scan:
        """Never fails: a file that cannot be read is NOT_SCANNED."""
        try:
            found = await asyncio.to_thread(_holds_eicar, content)
        except OSError as problem:
            reason = f"không đọc được tệp ({type(problem).__name__})"
            return Scan(ScanVerdict.NOT_SCANNED, ENGINE, reason, transient=True)
        verdict, name = (ScanVerdict.INFECTED, NAME) if found else (ScanVerdict.CLEAN, None)
        return Scan(verdict, ENGINE, name, signatures=SIGNATURES)

    async def engine(self) -> Engine:
        """Always the same."""
        return Engine(ENGINE, SIGNATURES)


def _holds_eicar(content: Path) -> bool:
    with content.open("rb") as file:
        tail = b""
        while chunk := file.read(CHUNK):
            if EICAR in tail + chunk:
                return True
            tail = chunk[-len(EICAR) :]
    return False
