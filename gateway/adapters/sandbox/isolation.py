"""What a worker can no longer reach once it has shut itself in."""

from __future__ import annotations

import errno
from collections.abc import Iterable
from dataclasses import dataclass
from enum import Enum
from pathlib import Path

from gateway.adapters.sandbox.kernel import unshare
from gateway.adapters.sandbox.landlock import confine
from gateway.adapters.sandbox.seccomp import filter_calls

_NEW_USER, _NEW_NETWORK = 0x1000_0000, 0x4000_0000


class Network(Enum):
    """What keeps a worker off the network.

    FILTER denies the system calls, and with them much else; NAMESPACE is an empty network, on machines or kernels
    without a filter; OPEN is nothing at all.
    """

    FILTER = "filter"
    NAMESPACE = "namespace"
    OPEN = "open"


@dataclass(frozen=True, slots=True)
class Isolation:
    """What this machine could do. `landlock` is the version of the kernel's interface, 0 where there is none."""

    network: Network
    landlock: int

    @property
    def missing(self) -> tuple[str, ...]:
        """What an operator should know of, in Vietnamese; empty where nothing is wanting."""
        lacks = []
        if self.network is Network.OPEN:
            lacks.append("tiến trình mở tệp không bị ngăn dùng mạng (nhân không có seccomp và không gian mạng riêng)")
        elif self.network is Network.NAMESPACE:
            lacks.append("tiến trình mở tệp chỉ bị tách khỏi mạng, không bị lọc lời gọi hệ thống (không có seccomp)")
        if not self.landlock:
            lacks.append("tiến trình mở tệp không bị giới hạn nơi ghi (nhân không có Landlock)")
        return tuple(lacks)


def isolate(daemon: int, writable: Iterable[Path]) -> Isolation:
    """Shut this process in, for good, with all it will start: no network, writing in the `writable` folders only.

    To be called before any other thread runs. Raises OSError where a folder is missing.
    """
    landlock = confine(writable)
    return Isolation(_leave_network(daemon), landlock)


def _leave_network(daemon: int) -> Network:
    try:
        filter_calls(daemon)
    except OSError:
        return _leave_network_namespace()
    return Network.FILTER


def _leave_network_namespace() -> Network:
    for flags in (_NEW_NETWORK, _NEW_USER | _NEW_NETWORK):
        try:
            unshare(flags)
        except OSError as error:
            if error.errno != errno.EPERM:
                break
        else:
            return Network.NAMESPACE
    return Network.OPEN
