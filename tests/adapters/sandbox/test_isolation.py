"""Whatever runs in a worker reaches neither the network, nor other processes, nor files that are not its own."""

import os
import socket
import subprocess
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from gateway.adapters.sandbox import Sandbox
from gateway.adapters.sandbox.calls import MACHINES, NOT_THERE
from gateway.adapters.sandbox.isolation import Isolation, Network
from gateway.adapters.sandbox.landlock import abi
from tests.adapters.sandbox import escapes

ROOT = Path(__file__).parents[3]
SCOPES_SINCE = 6


@pytest.fixture
def scratch(tmp_path: Path) -> Path:
    folder = tmp_path / "scratch"
    folder.mkdir()
    return folder


@pytest.fixture
async def sandbox(scratch: Path) -> AsyncIterator[Sandbox]:
    sandbox = Sandbox(1, 256 * 1024 * 1024, 30, 100, writable=(scratch,))
    await sandbox.warm()
    yield sandbox
    await sandbox.close()


async def test_what_the_machine_can_do_is_done_and_told(sandbox: Sandbox) -> None:
    assert sandbox.isolation == Isolation(Network.FILTER, abi())


def test_what_the_machine_cannot_do_is_told() -> None:
    assert Isolation(Network.FILTER, 1).missing == ()
    assert len(Isolation(Network.NAMESPACE, 1).missing) == 1
    assert len(Isolation(Network.OPEN, 0).missing) == 2


@pytest.mark.parametrize(
    ("family", "kind"),
    [
        (socket.AF_INET, socket.SOCK_STREAM),
        (socket.AF_INET, socket.SOCK_DGRAM),
        (socket.AF_INET6, socket.SOCK_STREAM),
        (socket.AF_UNIX, socket.SOCK_STREAM),
        (socket.AF_NETLINK, socket.SOCK_RAW),
        (socket.AF_PACKET, socket.SOCK_RAW),
    ],
    ids=["tcp", "udp", "tcp-on-ipv6", "unix", "netlink", "packets"],
)
async def test_no_socket_of_any_kind_is_opened(sandbox: Sandbox, family: int, kind: int) -> None:
    assert await sandbox.run(escapes.open_socket, family, kind) == "EPERM"


async def test_pairs_of_sockets_cannot_be_made_to_reach_others(sandbox: Sandbox) -> None:
    assert await sandbox.run(escapes.open_pair, socket.AF_UNIX, socket.SOCK_DGRAM) == "EPERM"
    assert await sandbox.run(escapes.open_pair, socket.AF_UNIX, socket.SOCK_SEQPACKET) == "EPERM"
    assert await sandbox.run(escapes.pass_a_descriptor) == "EPERM"


async def test_a_program_started_by_a_worker_is_under_the_same_filter(sandbox: Sandbox) -> None:
    assert await sandbox.run(escapes.open_socket_from_another_program) == "EPERM"


async def test_every_call_on_the_list_is_denied(sandbox: Sandbox) -> None:
    found = await sandbox.run(escapes.call_what_is_denied)
    assert found == {name: "ENOSYS" if name in NOT_THERE else "EPERM" for name in found}
    assert len(found) > 100


async def test_calls_that_no_list_knows_do_not_exist(sandbox: Sandbox) -> None:
    assert set(await sandbox.run(escapes.call_what_no_list_knows)) == {"ENOSYS"}


def test_the_machines_differ_only_by_calls_that_one_of_them_lacks() -> None:
    lacking = set(MACHINES["x86_64"].numbers) ^ set(MACHINES["aarch64"].numbers)
    assert lacking == {
        *("fork", "chmod", "chown", "lchown", "utime", "utimes", "futimesat", "mknod"),
        *("iopl", "ioperm", "modify_ldt"),
    }


async def test_processes_come_and_go_under_the_daemons_eyes_only(sandbox: Sandbox) -> None:
    assert await sandbox.run(escapes.fork) == "EPERM"
    assert await sandbox.run(escapes.leave_the_session) == "EPERM"
    assert await sandbox.run(escapes.outlive_the_daemon) == "EPERM"
    for namespace in (0x0002_0000, 0x1000_0000, 0x4000_0000):
        assert await sandbox.run(escapes.new_namespace, namespace) == "EPERM"


async def test_the_daemon_cannot_be_touched(sandbox: Sandbox) -> None:
    daemon = os.getpid()
    assert await sandbox.run(escapes.signal_to, daemon) == "EPERM"
    assert await sandbox.run(escapes.signal_to_a_thread_of, daemon) == "EPERM"
    assert await sandbox.run(escapes.signal_to, -1) == "EPERM"
    assert await sandbox.run(escapes.limit, daemon) == "EPERM"


async def test_strangers_cannot_be_touched_where_the_kernel_can_forbid_it(sandbox: Sandbox) -> None:
    with subprocess.Popen(["sleep", "3600"]) as stranger:
        try:
            assert await sandbox.run(escapes.signal_to, stranger.pid) == ("EPERM" if abi() >= SCOPES_SINCE else "")
            assert await sandbox.run(escapes.read_memory_of, stranger.pid) == "EACCES"
        finally:
            stranger.kill()


async def test_nothing_is_written_outside_the_scratch_folder(sandbox: Sandbox, tmp_path: Path, scratch: Path) -> None:
    other = tmp_path / "other"
    other.write_text("kept")
    for attempt, *names in (
        (escapes.write, other),
        (escapes.write, tmp_path / "new"),
        (escapes.delete, other),
        (escapes.move, other, scratch / "moved"),
        (escapes.make_folder, tmp_path / "folder"),
        (escapes.link, other, scratch / "link"),
    ):
        assert await sandbox.run(attempt, *map(str, names)) in {"EACCES", "EXDEV"}, attempt
    assert await sandbox.run(escapes.forbid, str(other)) == "EPERM"
    assert other.read_text() == "kept"
    assert {path.name for path in tmp_path.iterdir()} == {"other", "scratch"}


async def test_in_the_scratch_folder_everything_can_be_written(sandbox: Sandbox, scratch: Path) -> None:
    assert await sandbox.run(escapes.make_folder, str(scratch / "folder")) == ""
    assert await sandbox.run(escapes.write, str(scratch / "folder" / "part")) == ""
    assert await sandbox.run(escapes.move, str(scratch / "folder" / "part"), str(scratch / "folder" / "new")) == ""
    assert await sandbox.run(escapes.delete, str(scratch / "folder" / "new")) == ""
    assert await sandbox.run(escapes.write_a_temporary_file) == ""
    assert await sandbox.run(escapes.write, os.devnull) == ""


async def test_what_parsers_need_is_left_to_them(sandbox: Sandbox) -> None:
    assert await sandbox.run(escapes.what_parsers_need) == "loop program ended alive"


@pytest.mark.parametrize(("kind", "means"), [("", "filter"), ("riscv64", "namespace")], ids=["this", "unknown"])
def test_a_machine_whose_calls_are_not_listed_gets_an_empty_network(kind: str, means: str) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        done = subprocess.run(
            [
                sys.executable,
                "-m",
                "tests.adapters.sandbox.alone",
                kind or os.uname().machine,
                str(server.getsockname()[1]),
            ],
            cwd=ROOT,
            capture_output=True,
            text=True,
            check=True,
        )
    got, met = done.stdout.split()
    assert got == means
    assert met.endswith("Error")
