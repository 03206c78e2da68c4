"""Mail from real software: swaks and Postfix's smtp-source; and many big mails at once."""

from __future__ import annotations

import asyncio
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from email.header import Header
from pathlib import Path
from urllib.parse import quote

import pytest

from tests.adapters.smtp_in.client import MAIL, OURS, Client, House
from tests.servers.ports import await_port, free_port

NAME = "Quyết định số 07 về đường bộ.pdf"
NAMES = {
    "rfc2231": f"filename*=UTF-8''{quote(NAME)}".encode(),
    "rfc2047": f'filename="{Header(NAME, "utf-8", maxlinelen=400).encode()}"'.encode(),
    "raw": f'filename="{NAME}"'.encode(),
}
PARALLEL = 20
BIG = 10_000_000


def program(name: str, package: str) -> str:
    found = shutil.which(name, path="/usr/bin:/usr/sbin:/bin")
    if found is None:
        raise RuntimeError(f"{name} is missing: install the Debian package {package}")
    return found


async def run(*command: str) -> str:
    process = await asyncio.create_subprocess_exec(
        *command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL
    )
    output, _ = await process.communicate()
    assert process.returncode == 0, output.decode()
    return output.decode()


@pytest.mark.parametrize("encoding", NAMES)
async def test_swaks_delivers_a_vietnamese_file_name_byte_for_byte(house: House, tmp_path: Path, encoding: str) -> None:
    content = b"\r\n".join(
        [
            b"From: a@b.test",
            b"Subject: =?utf-8?q?C=C3=B4ng_v=C4=83n?=",
            b"MIME-Version: 1.0",
            b"Content-Type: application/pdf",
            b"Content-Disposition: attachment; " + NAMES[encoding],
            b"Content-Transfer-Encoding: base64",
            b"",
            b"JVBERi0xLjQ=",
            b".a line with a dot",
            b"",
        ]
    )
    file = tmp_path / "mail.eml"
    file.write_bytes(content.removesuffix(b"\r\n"))  # swaks ends the last line itself
    output = await run(
        program("swaks", "swaks"),
        *f"--server 127.0.0.1:{house.port} --from a@b.test --to {OURS} --data @{file} --pipeline".split(),
    )
    assert "250 2.0.0 OK M1" in output
    assert house.accepted[0][1] == content
    assert not house.unfinished()


async def test_smtp_source_delivers_in_parallel_sessions(house: House) -> None:
    await run(
        program("smtp-source", "postfix"),
        *f"-s 4 -m 40 -l 200000 -f a@b.test -t {OURS} 127.0.0.1:{house.port}".split(),
    )
    assert len(house.accepted) == 40
    assert len({envelope.transport_id for envelope, _ in house.accepted}) == 40


@contextmanager
def server_process(folder: Path) -> Iterator[tuple[int, int]]:
    """A listener in a process of its own: its port and process id."""
    port = free_port()
    code = (
        "import asyncio, sys; from pathlib import Path; from dataclasses import replace\n"
        "from gateway.adapters.smtp_in import start; from gateway.store.blobs import LocalBlobs\n"
        "from tests.adapters.smtp_in.client import OPTIONS\n"
        "async def accept(envelope, blob): return str(blob.size)\n"
        "async def main():\n"
        "    changes = dict(port=int(sys.argv[2]), max_message_bytes=20_000_000, connections_per_address=50)\n"
        "    listener = await start(replace(OPTIONS, **changes), LocalBlobs(Path(sys.argv[1])), accept)\n"
        "    await asyncio.Event().wait()\n"
        "asyncio.run(main())\n"
    )
    process = subprocess.Popen([sys.executable, "-c", code, str(folder), str(port)])
    try:
        await_port(port, 30.0, lambda: f"exit code {process.poll()}")
        yield port, process.pid
    finally:
        process.terminate()
        process.wait(30)


def memory(process: int, field: str) -> int:
    """A memory field of /proc/<process>/status in bytes."""
    lines = Path(f"/proc/{process}/status").read_text().splitlines()
    return next(int(line.split()[1]) * 1024 for line in lines if line.startswith(f"{field}:"))


async def test_many_big_mails_at_once_take_little_memory_and_others_are_answered_meanwhile(tmp_path: Path) -> None:
    line = b"x" * 98 + b"\r\n"

    async def big(port: int) -> str:
        client = Client(*await asyncio.open_connection("127.0.0.1", port))
        await client.reply()
        await client.ask("EHLO big")
        await client.begin()
        for _ in range(BIG // (len(line) * 1000)):
            client.send(line * 1000)
            await client.writer.drain()
        client.send(b".\r\n")
        reply = await client.reply()
        client.close()
        return reply

    async def ping(client: Client) -> float:
        began = asyncio.get_running_loop().time()
        assert (await client.ask("NOOP")).startswith("250")
        return asyncio.get_running_loop().time() - began

    with server_process(tmp_path) as (port, process):
        idle = memory(process, "VmRSS")
        sending = asyncio.gather(*(big(port) for _ in range(PARALLEL)))
        other = Client(*await asyncio.open_connection("127.0.0.1", port))
        await other.reply()
        await other.ask("EHLO small")
        waits = []
        for _ in range(50):
            waits.append(await ping(other))
        small = await other.deliver(MAIL)
        replies = await sending
        peak = memory(process, "VmHWM")
        other.close()
    assert replies == [f"250 2.0.0 OK {BIG}"] * PARALLEL
    assert small.startswith("250")
    assert peak - idle < 150_000_000
    assert max(waits) < 2.0
