"""Dovecot's authentication service, which Postfix asks about passwords."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import tempfile
import time
from pathlib import Path
from types import TracebackType
from typing import Self

_START_SECONDS = 20.0
_CONFIGURATION = """
base_dir = {folder}/run
state_dir = {folder}/state
log_path = {folder}/dovecot.log
protocols =
ssl = no
auth_mechanisms = plain login
auth_failure_delay = 0
passdb {{
  driver = passwd-file
  args = scheme=PLAIN {folder}/users
}}
service auth {{
  unix_listener {folder}/login {{
    mode = 0666
  }}
}}
service anvil {{
  unix_listener anvil-auth-penalty {{
    mode = 0
  }}
}}
"""


class Logins:
    """Knows one user. Dovecot changes its user, so its files live under the machine's temporary folder. Needs root."""

    def __init__(self, username: str, password: str) -> None:
        self._user = f"{username}:{{PLAIN}}{password}\n"
        self._folder = Path()
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def socket(self) -> Path:
        """For `smtpd_sasl_path`."""
        return self._folder / "login"

    def __enter__(self) -> Self:
        program = shutil.which("dovecot", path=f"{os.environ.get('PATH', '')}:/usr/sbin")
        if program is None:
            raise RuntimeError("Dovecot is missing: install the Debian package dovecot-core")
        self._folder = Path(tempfile.mkdtemp(prefix="logins-"))
        self._folder.chmod(0o755)
        (self._folder / "users").write_text(self._user)
        configuration = self._folder / "dovecot.conf"
        configuration.write_text(_CONFIGURATION.format(folder=self._folder))
        self._process = subprocess.Popen(
            [program, "-F", "-c", str(configuration)], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        until = time.monotonic() + _START_SECONDS
        while not self._answers():
            if self._process.poll() is not None or time.monotonic() > until:
                log = self._folder / "dovecot.log"
                text = log.read_text() if log.exists() else "no log"
                self.__exit__(None, None, None)
                raise RuntimeError(f"Dovecot did not start: {text}")
            time.sleep(0.02)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._process is not None:
            self._process.terminate()
            self._process.wait()
        shutil.rmtree(self._folder, ignore_errors=True)

    def _answers(self) -> bool:
        """Whether the service greets, which it does before it is asked anything."""
        try:
            with socket.socket(socket.AF_UNIX) as connection:
                connection.settimeout(_START_SECONDS)
                connection.connect(str(self.socket))
                return connection.recv(8).startswith(b"VERSION")
        except OSError:
            return False
