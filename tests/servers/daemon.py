"""A real `vanthu serve` in a process of its own, with a configuration in a folder of its own."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import subprocess
import sys
import tempfile
import urllib.request
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from pathlib import Path
from typing import Any

from gateway.app import open_office
from gateway.policy.directory_file import from_rows
from gateway.serve import prepare_database
from gateway.settings import Settings, load_settings, read_toml, settings_from
from handlers.import_directory import import_directory
from tests.servers.ports import await_port, free_port

RECIPIENT = "sgtvt@quangngai.gov.vn"
KNOWN = """[[agency]]
code = "agency"
name = "Cơ quan gửi"
domains = ["agency.example"]
networks = ["127.0.0.0/8", "::1/128"]
"""
"""The directory unless a test has its own: one sender, believed wherever on this machine it sends from."""
CLERK = "vanthu-sogtvt@quangngai.gov.vn"
_START_SECONDS = 60.0
_STOP_SECONDS = 40.0
VANTHU = Path(sys.executable).parent / "vanthu"


class Daemon:
    """Write the configuration once; then start, stop and kill the process as often as you like."""

    def __init__(
        self,
        folder: Path,
        sections: Mapping[str, Mapping[str, Any]],
        *,
        inside: Sequence[str] = (),
        directory: str = KNOWN,
    ) -> None:
        """`sections` lie over: free ports, storage in `folder`. `inside` is a command that runs the daemon."""
        self.folder = folder
        self.port, self.web_port = free_port(), free_port()
        self.config = folder / "gateway.toml"
        self.inside = list(inside)
        self._process: subprocess.Popen[bytes] | None = None
        merged: dict[str, dict[str, Any]] = {
            "smtp": {"listen": f"127.0.0.1:{self.port}"},
            "web": {"listen": f"127.0.0.1:{self.web_port}", "public_url": f"http://127.0.0.1:{self.web_port}"},
            "store": {"database": "gateway.db", "blobs": "blobs"},
            "signatures": {"anchors": "trust"},
            "senders": {"directory": "directory.toml"},
            # A relay that reports would mail us about every notice; what is about reports says so.
            # The scanner is tried with as much as a mail may have at every start: less of it is quicker.
            "mail": {"return_path": "", "max_message": "8 MB", "attach_up_to": "6 MB"},
            # Who counts notices wants one for each document.
            "work": {"digest_after": 100_000},
            # Every start waits for each of them.
            "sandbox": {"workers": 1},
        }
        for name, keys in sections.items():
            merged[name] = {**merged.get(name, {}), **keys}
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "trust").mkdir(exist_ok=True)
        (folder / "directory.toml").write_text(directory)
        self._is_new = True
        self.config.write_text("\n".join(_section(name, keys) for name, keys in merged.items()))

    @property
    def pid(self) -> int:
        """The process of the daemon (or of the command it runs inside)."""
        assert self._process is not None
        return self._process.pid

    @property
    def database_url(self) -> str:
        """Where its database is, for who asks it directly."""
        return load_settings(self.config).store.url()

    def log(self) -> str:
        """What it wrote to stderr, over all its lives."""
        path = self.folder / "serve.log"
        return path.read_text() if path.exists() else ""

    def start(self) -> None:
        """Start, and return once SMTP answers; before the first time the directory is imported."""
        if self._is_new:
            self._import_directory()
            self._is_new = False
        with (self.folder / "serve.log").open("ab") as log:
            self._process = subprocess.Popen(
                [*self.inside, str(VANTHU), "serve", "--config", str(self.config)],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                env={"PATH": os.environ["PATH"], "LANG": "C.UTF-8"},
            )
        await_port(self.port, _START_SECONDS, self.log)

    def _import_directory(self) -> None:
        """As `vanthu directory import` does, without a process of its own; a new SQLite database is a copy."""
        settings = load_settings(self.config)
        place = settings.store.database
        if isinstance(place, Path) and not place.exists() and place.parent.is_dir():
            place.write_bytes(_known_database((self.folder / "directory.toml").read_text(), settings.mail.recipients))
            place.chmod(0o600)
            return
        _in_a_loop_of_its_own(settings, self.folder / "directory.toml")

    def kill(self) -> None:
        """SIGKILL, as a power cut would be for the process."""
        assert self._process is not None
        self._process.kill()
        self._process.wait()

    def stop(self) -> int:
        """SIGTERM, and the exit code."""
        assert self._process is not None
        if self._process.poll() is None:
            self._process.send_signal(signal.SIGTERM)
        return self._process.wait(_STOP_SECONDS)

    def vanthu(self, *command: str) -> str:
        """Run a command on the same configuration; its standard output."""
        done = subprocess.run(
            [str(VANTHU), *command, "--config", str(self.config)],
            check=False,
            capture_output=True,
            text=True,
            env={"PATH": os.environ["PATH"], "LANG": "C.UTF-8"},
        )
        assert done.returncode == 0, done.stderr + done.stdout
        return done.stdout

    def rows(self, *command: str) -> list[dict[str, Any]]:
        """The objects that a reading command prints with --json."""
        return [json.loads(line) for line in self.vanthu(*command, "--json").splitlines()]

    def get(self, path: str) -> bytes:
        """A page of its web."""
        with urllib.request.urlopen(f"http://127.0.0.1:{self.web_port}{path}", timeout=30) as answer:
            content: bytes = answer.read()
            return content


@cache
def _known_database(directory: str, own_addresses: tuple[str, ...]) -> bytes:
    """An SQLite database in which there is this directory and nothing else."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "directory.toml").write_text(directory)
        (folder / "trust").mkdir()
        settings = settings_from(
            {
                "mail": {"recipients": list(own_addresses)},
                "store": {"database": "gateway.db", "blobs": "blobs"},
                "signatures": {"anchors": "trust"},
                "relay": {"maildir": "maildir"},
            },
            folder,
        )
        _in_a_loop_of_its_own(settings, folder / "directory.toml")
        return (folder / "gateway.db").read_bytes()


def _in_a_loop_of_its_own(settings: Settings, directory: Path) -> None:
    with ThreadPoolExecutor(1) as thread:
        thread.submit(asyncio.run, _import(settings, directory)).result()


async def _import(settings: Settings, directory: Path) -> None:
    read = from_rows(read_toml(directory), own_addresses=settings.mail.recipients)
    await prepare_database(settings)
    async with open_office(settings) as office:
        await import_directory(read, actor="test", desk=office.desk)


def _section(name: str, keys: Mapping[str, Any]) -> str:
    """A table; a key whose value is a list of mappings becomes an array of tables below it."""
    tables = {key: value for key, value in keys.items() if _is_array_of_tables(value)}
    lines = [f"{key} = {json.dumps(value, ensure_ascii=False)}" for key, value in keys.items() if key not in tables]
    below = [_section(f"[{name}.{key}]", row) for key, rows in tables.items() for row in rows]
    return f"[{name}]\n" + "\n".join(lines) + "\n" + "".join(below)


def _is_array_of_tables(value: object) -> bool:
    return isinstance(value, list) and bool(value) and all(isinstance(each, Mapping) for each in value)
