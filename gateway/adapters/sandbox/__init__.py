"""Worker processes for foreign bytes: a crash, a hang or a bomb there costs one job, never the daemon.

Not on pebble: its pool shares one pipe and its locks among all workers, and one idle worker
killed from outside (the kernel short of memory) breaks the whole pool for good. Here every
worker has its own socket, is watched by the event loop, inherits nothing, and shuts itself in
before it sees a foreign byte.
"""

from gateway.adapters.sandbox.isolation import Isolation, Network
from gateway.adapters.sandbox.pool import Sandbox

__all__ = ["Isolation", "Network", "Sandbox"]
