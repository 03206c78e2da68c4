"""What we say to systemd and take from it, over real sockets."""

from __future__ import annotations

import json
import os
import shutil
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from gateway.adapters.systemd import Notifier, listen_sockets, watchdog_interval
from gateway.errors import SettingsError
from tests.servers.ports import free_port

ROOT = Path(__file__).parents[2]


@contextmanager
def manager(address: str) -> Iterator[socket.socket]:
    """The receiving end of NOTIFY_SOCKET."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as receiver:
        receiver.bind("\0" + address[1:] if address.startswith("@") else address)
        receiver.settimeout(5)
        yield receiver


@pytest.fixture(params=["path", "abstract"])
def address(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    return str(tmp_path / "notify") if request.param == "path" else f"@vanthu-test-{os.getpid()}-{tmp_path.name}"


def test_every_state_arrives_as_systemd_expects_it(address: str) -> None:
    with manager(address) as receiver:
        notifier = Notifier({"NOTIFY_SOCKET": address})
        assert notifier.ready("Đang nhận thư")
        assert notifier.watchdog()
        assert notifier.status("hai\ndòng")
        assert notifier.stopping()
        heard = [receiver.recv(1000).decode() for _ in range(4)]
    assert heard == ["READY=1\nSTATUS=Đang nhận thư", "WATCHDOG=1", "STATUS=hai dòng", "STOPPING=1"]


def test_outside_systemd_nothing_happens() -> None:
    notifier = Notifier({})
    assert not any([notifier.ready(), notifier.watchdog(), notifier.status("x"), notifier.stopping()])


def test_a_manager_that_went_away_harms_nobody(address: str) -> None:
    with manager(address):
        notifier = Notifier({"NOTIFY_SOCKET": address})
    assert not notifier.watchdog()


def test_a_manager_that_does_not_read_never_makes_us_wait(address: str) -> None:
    with manager(address):
        notifier = Notifier({"NOTIFY_SOCKET": address})
        assert not all(notifier.watchdog() for _ in range(10_000))


def test_worker_processes_cannot_speak_for_the_daemon() -> None:
    environ = {"NOTIFY_SOCKET": "@x", "WATCHDOG_USEC": "1000000", "WATCHDOG_PID": str(os.getpid()), "PATH": "/bin"}
    Notifier(environ)
    watchdog_interval(environ)
    assert environ == {"PATH": "/bin"}


@pytest.mark.parametrize(
    ("environ", "seconds"),
    [
        ({}, None),
        ({"WATCHDOG_USEC": "60000000"}, 60.0),
        ({"WATCHDOG_USEC": "1500000", "WATCHDOG_PID": str(os.getpid())}, 1.5),
        ({"WATCHDOG_USEC": "1500000", "WATCHDOG_PID": "1"}, None),
        ({"WATCHDOG_USEC": "0"}, None),
        ({"WATCHDOG_USEC": "soon"}, None),
    ],
)
def test_the_watchdog_wants_a_sign_within_so_many_seconds(environ: dict[str, str], seconds: float | None) -> None:
    assert watchdog_interval(environ) == seconds


@contextmanager
def activated(names: str, ports: list[int], asked: str) -> Iterator[subprocess.Popen[str]]:
    """The helper program under systemd-socket-activate, which starts it at the first connection."""
    program = shutil.which("systemd-socket-activate")
    if program is None:
        pytest.fail("systemd-socket-activate is missing: install the Debian package systemd")
    listens = [f"--listen=127.0.0.1:{port}" for port in ports]
    command = [program, f"--fdname={names}", *listens, sys.executable, "-m", "tests.systemd.activated", asked]
    with subprocess.Popen(command, cwd=ROOT, stderr=subprocess.PIPE, text=True) as process:
        try:
            yield process
        finally:
            process.kill()


def told_by(process: subprocess.Popen[str], word: str) -> str:
    """The first line on standard error that holds `word`; the program's end without it is a failure."""
    assert process.stderr is not None
    for line in process.stderr:
        if word in line:
            return line
    pytest.fail(f"never said {word!r}")


def test_sockets_come_by_their_names_from_real_socket_activation() -> None:
    ports = [free_port() for _ in range(3)]
    with activated("smtp:smtp:lmtp", ports, "lmtp") as process:
        for port in ports:
            told_by(process, f"Listening on 127.0.0.1:{port}")
        with socket.create_connection(("127.0.0.1", ports[2]), timeout=20) as caller:
            seen = json.loads(caller.makefile().readline())
        process.wait(10)
    assert seen == {
        "ports": {"smtp": ports[:2], "lmtp": ports[2:]},
        "blocking": [False] * 3,
        "inheritable": [False] * 3,
        "left in the environment": [],
        "a second look": [],
    }


@pytest.mark.parametrize("name", ["gateway.socket", "unknown"])
def test_a_socket_without_a_known_name_is_a_fault_of_the_settings(name: str) -> None:
    """Without FileDescriptorName= systemd hands over the unit's own name, and mail would wait at a deaf port."""
    (port,) = [free_port()]
    with activated(name, [port], "smtp") as process:
        told_by(process, "Listening on")
        with socket.create_connection(("127.0.0.1", port), timeout=20):
            assert f"FileDescriptorName={name} phải là một trong lmtp, smtp, web" in told_by(process, "refused")
            assert process.wait(10) == 78


@pytest.mark.parametrize(
    "environ",
    [
        {},
        {"LISTEN_FDS": "1", "LISTEN_PID": "1", "LISTEN_FDNAMES": "smtp"},
        {"LISTEN_FDS": "1", "LISTEN_FDNAMES": "smtp"},
        {"LISTEN_FDS": "one", "LISTEN_PID": str(os.getpid()), "LISTEN_FDNAMES": "smtp"},
    ],
)
def test_sockets_meant_for_another_process_are_not_ours(environ: dict[str, str]) -> None:
    assert listen_sockets(environ) == {}
    assert environ == {}


def test_sockets_without_names_are_a_fault_of_the_settings() -> None:
    environ = {"LISTEN_FDS": "2", "LISTEN_PID": str(os.getpid()), "LISTEN_FDNAMES": "smtp"}
    with pytest.raises(SettingsError, match="LISTEN_FDNAMES"):
        listen_sockets(environ)
