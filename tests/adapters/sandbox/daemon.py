"""A stand-in for the daemon, to be killed while one of its workers hangs: python -m … NOTE."""

import asyncio
import sys

from gateway.adapters.sandbox import Sandbox
from tests.adapters.sandbox import jobs

if __name__ == "__main__":
    asyncio.run(Sandbox(1, 256 * 1024 * 1024, 3600, 100).run(jobs.tell_and_hang, sys.argv[1]))
