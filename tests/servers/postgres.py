"""A PostgreSQL cluster of the tests' own: a folder, a loopback port, no system service touched."""

from __future__ import annotations

import asyncio
import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Self

import asyncpg

from tests.servers.ports import free_port

_PACKAGE = "postgresql"
_LIBRARY = Path("/usr/lib/postgresql")


def _program(name: str) -> str:
    versions = sorted(_LIBRARY.glob("*/bin"), key=lambda path: float(path.parent.name), reverse=True)
    found = next((path / name for path in versions if (path / name).exists()), None) or shutil.which(name)
    if found is None:
        raise RuntimeError(f"{name} is missing: install the Debian package {_PACKAGE}")
    return str(found)


class PostgresServer:
    """A cluster with nothing in it; `database()` gives the URL of a fresh database made from a template.

    PostgreSQL refuses to run as root: then it runs as the package's own account, in a folder of
    its own under the machine's temporary folder (pytest's folders are closed to other users).
    """

    def __init__(self) -> None:
        self.port = free_port()
        self._count = 0
        self._user = pwd.getpwnam("postgres") if os.geteuid() == 0 else pwd.getpwuid(os.geteuid())
        self._folder = Path()

    def __enter__(self) -> Self:
        self._folder = Path(tempfile.mkdtemp(prefix="postgres-"))
        if os.geteuid() == 0:
            os.chown(self._folder, self._user.pw_uid, self._user.pw_gid)
        self._run(
            _program("initdb"), "-D", self._data, "-A", "trust", "-U", "vanthu", "-E", "UTF8", "-N", "--locale=C.UTF-8"
        )
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()
        shutil.rmtree(self._folder, ignore_errors=True)

    @property
    def tables(self) -> Path:
        """Where the files of all tables lie; what is in memory goes there with CHECKPOINT."""
        return self._folder / "data" / "base"

    @property
    def _data(self) -> str:
        return str(self._folder / "data")

    @property
    def _log(self) -> Path:
        return self._folder / "server.log"

    def _run(self, *command: str) -> None:
        user = None if os.geteuid() else self._user.pw_uid
        group = None if os.geteuid() else self._user.pw_gid
        done = subprocess.run(
            command,
            check=False,
            capture_output=True,
            text=True,
            user=user,
            group=group,
            cwd="/",
            extra_groups=[] if user else None,
        )
        if done.returncode:
            log = self._log.read_text() if self._log.exists() else ""
            raise RuntimeError(f"{command[0]} failed: {done.stderr}{log}")

    def start(self) -> None:
        """Start and wait until it answers. Durability of the cluster itself is not under test: fsync is off."""
        settings = ("listen_addresses=127.0.0.1", "unix_socket_directories=''", "fsync=off", "max_connections=60")
        options = f"-p {self.port} " + " ".join(f"-c {setting}" for setting in settings)
        self._run(_program("pg_ctl"), "-D", self._data, "-l", str(self._log), "-w", "-o", options, "start")

    def stop(self) -> None:
        """Stop at once, as a power cut would."""
        self._run(_program("pg_ctl"), "-D", self._data, "-m", "immediate", "-w", "stop")

    def url(self, name: str) -> str:
        """The URL of a database of this cluster."""
        return f"postgresql://vanthu@127.0.0.1:{self.port}/{name}"

    def prepare_template(self, prepare: Callable[[str], Awaitable[None]]) -> None:
        """Make the database that later ones are copied from."""
        asyncio.run(self._sql("CREATE DATABASE blueprint"))
        asyncio.run(prepare(self.url("blueprint")))  # type: ignore[arg-type]

    def empty_database(self) -> str:
        """The URL of a new database without any table."""
        self._count += 1
        asyncio.run(self._sql(f"CREATE DATABASE empty{self._count}"))
        return self.url(f"empty{self._count}")

    def database(self) -> str:
        """The URL of a new copy of the template."""
        self._count += 1
        name = f"copy{self._count}"
        asyncio.run(self._sql(f"CREATE DATABASE {name} TEMPLATE blueprint"))
        return self.url(name)

    async def _sql(self, statement: str) -> None:
        connection = await asyncpg.connect(self.url("postgres"))
        try:
            await connection.execute(statement)
        finally:
            await connection.close()
