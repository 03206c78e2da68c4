"""A stand-in for the daemon, to be killed while one of its workers hangs: python -m … NOTE."""

import asyncio
import sys
from pathlib import Path

from gateway.adapters.sandbox import Sandbox
from tests.adapters.sandbox import jobs

if __name__ == "__main__":
    note = Path(sys.argv[1])
    sandbox = Sandbox(1, 256 * 1024 * 1024, 3600, 100, writable=(note.parent,))
    asyncio.run(sandbox.run(jobs.tell_and_hang, str(note)))
