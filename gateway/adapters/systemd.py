"""The service manager: readiness, watchdog, inherited sockets (sd_notify(3), sd_listen_fds(3)), without a library."""

from __future__ import annotations

import os
import socket
from collections.abc import MutableMapping

from gateway.errors import SettingsError

SOCKET_NAMES = frozenset({"smtp", "lmtp", "web"})
_FIRST_DESCRIPTOR = 3


class Notifier:
    """Tells the service manager how we are. Outside systemd every call does nothing and returns False.

    Takes NOTIFY_SOCKET out of `environ`, so that worker processes cannot speak for the daemon.
    """

    def __init__(self, environ: MutableMapping[str, str] = os.environ) -> None:
        address = environ.pop("NOTIFY_SOCKET", "")
        self._address = "\0" + address[1:] if address.startswith("@") else address

    def ready(self, status: str = "") -> bool:
        """Start-up is over: mail is accepted from now on."""
        return self._send("READY=1", *_status(status))

    def stopping(self, status: str = "") -> bool:
        """Shutdown has begun."""
        return self._send("STOPPING=1", *_status(status))

    def watchdog(self) -> bool:
        """We are alive; owed at least once every WatchdogSec=."""
        return self._send("WATCHDOG=1")

    def status(self, text: str) -> bool:
        """One line for `systemctl status`."""
        return self._send(*_status(text))

    def _send(self, *assignments: str) -> bool:
        """False where there is no manager or it does not read; the event loop never waits for it."""
        if not self._address or not assignments:
            return False
        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM | socket.SOCK_CLOEXEC | socket.SOCK_NONBLOCK) as channel:
            try:
                channel.sendto("\n".join(assignments).encode(), self._address)
            except OSError:
                return False
        return True


def watchdog_interval(environ: MutableMapping[str, str] = os.environ) -> float | None:
    """Seconds within which the manager wants a sign of life (send two in that time), or None where it wants none.

    Takes WATCHDOG_USEC and WATCHDOG_PID out of `environ`; a watchdog meant for another process is none.
    """
    allowed = environ.pop("WATCHDOG_USEC", "")
    process = environ.pop("WATCHDOG_PID", "")
    if not allowed.isdecimal() or int(allowed) == 0 or process not in {"", str(os.getpid())}:
        return None
    return int(allowed) / 1_000_000


def listen_sockets(environ: MutableMapping[str, str] = os.environ) -> dict[str, list[socket.socket]]:
    """The listening sockets systemd opened for us, by FileDescriptorName=: non-blocking, not inherited further.

    Takes LISTEN_FDS, LISTEN_PID and LISTEN_FDNAMES out of `environ`. Empty where they are meant
    for another process. Raises SettingsError for a name we do not know or a descriptor that does not listen.
    """
    count = environ.pop("LISTEN_FDS", "")
    process = environ.pop("LISTEN_PID", "")
    names = environ.pop("LISTEN_FDNAMES", "").split(":")
    if process != str(os.getpid()) or not count.isdecimal():
        return {}
    if len(names) != int(count):
        raise SettingsError("systemd: LISTEN_FDNAMES thiếu tên; hãy đặt FileDescriptorName= trong từng tệp .socket")
    found: dict[str, list[socket.socket]] = {}
    for descriptor, name in enumerate(names, start=_FIRST_DESCRIPTOR):
        found.setdefault(name, []).append(_listening(descriptor, name))
    return found


def _listening(descriptor: int, name: str) -> socket.socket:
    if name not in SOCKET_NAMES:
        raise SettingsError(f"systemd: FileDescriptorName={name} phải là một trong {', '.join(sorted(SOCKET_NAMES))}")
    try:
        os.set_inheritable(descriptor, False)
        inherited = socket.socket(fileno=descriptor)
    except OSError as error:
        raise SettingsError(f"systemd: {name} (số {descriptor}) không phải là socket: {error.strerror}") from error
    if not inherited.getsockopt(socket.SOL_SOCKET, socket.SO_ACCEPTCONN):
        inherited.detach()
        raise SettingsError(f"systemd: socket {name} không lắng nghe; hãy dùng ListenStream= và Accept=no")
    inherited.setblocking(False)
    return inherited


def _status(text: str) -> tuple[str, ...]:
    return (f"STATUS={' '.join(text.split())}",) if text else ()
