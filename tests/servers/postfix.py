"""A Postfix instance of the tests' own: queue, configuration and mail in one folder, no system instance touched."""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Self

from tests.servers.ports import await_port, free_port

_START_SECONDS = 30.0
_OWNER = "postfix"

_MAIN_CF = """
compatibility_level = 3.6
queue_directory = {folder}/queue
data_directory = {folder}/data
maillog_file = {folder}/mail.log
maillog_file_prefixes = {folder}
myhostname = relay.test
mydestination =
mynetworks = 127.0.0.0/8
inet_interfaces = 127.0.0.1
inet_protocols = ipv4
alias_maps =
alias_database =
smtpd_relay_restrictions = permit_mynetworks, reject
smtpd_client_connection_rate_limit = 0
smtpd_client_connection_count_limit = 0
smtpd_recipient_restrictions = check_recipient_access texthash:{folder}/etc/answers, {restrictions}
smtpd_reject_unlisted_recipient = no
transport_maps = texthash:{folder}/etc/transport
smtputf8_enable = yes
message_size_limit = 104857600
mailbox_size_limit = 0
virtual_mailbox_limit = 0
virtual_mailbox_domains = static:all
virtual_mailbox_base = {folder}
virtual_mailbox_maps = static:Maildir/
virtual_minimum_uid = 1
virtual_uid_maps = static:{uid}
virtual_gid_maps = static:{gid}
minimal_backoff_time = 1s
queue_run_delay = 1s
local_recipient_maps =
biff = no
"""

_MASTER_CF = """
127.0.0.1:{port} inet n - n - - smtpd
cleanup unix n - n - 0 cleanup
qmgr unix n - n 300 1 qmgr
rewrite unix - - n - - trivial-rewrite
bounce unix - - n - 0 bounce
defer unix - - n - 0 bounce
trace unix - - n - 0 bounce
verify unix - - n - 1 verify
proxymap unix - - n - - proxymap
smtp unix - - n - - smtp
lmtp unix - - n - - lmtp
error unix - - n - - error
retry unix - - n - - error
virtual unix - n n - - virtual
anvil unix - - n - 1 anvil
scache unix - - n - 1 scache
tlsmgr unix - - n 1000? 1 tlsmgr
postlog unix-dgram n - n - 1 postlogd
"""


@dataclass(frozen=True, slots=True)
class Delivered:
    """A mail in the Maildir, with the envelope as the delivery agent wrote it down."""

    path: Path
    recipient: str
    sender: str
    content: bytes


class PostfixServer:
    """A relay on loopback that puts mail for any address into one Maildir, or keeps all of it on hold.

    It offers DSN (RFC 3461): who asks for a report of success or names a reverse-path for failures gets one by mail.
    `route` sends domains and addresses elsewhere (the domain of a reverse-path to a listener under test, say), `bounce`
    lets mail be taken and then given up, `answer` refuses at RCPT. All three may be called before the start or while
    it runs.

    Postfix changes its user, so its files live in a folder of their own under the machine's
    temporary folder, linked from `folder` (pytest's folders are closed to other users). Needs root.
    """

    def __init__(
        self, folder: Path, *, hold: bool = False, port: int | None = None, settings: Mapping[str, str] | None = None
    ) -> None:
        """`hold` leaves every accepted mail in the hold queue: acceptance without delivery.

        `settings` are further parameters of main.cf, which win over ours.
        """
        self.host = "127.0.0.1"
        self.port = free_port() if port is None else port
        self._hold = hold
        self._settings = dict(settings or {})
        self._transports: dict[str, str] = {}
        self._answers: dict[str, str] = {}
        self._running = False
        self._link = folder / "postfix"
        self.folder = Path()

    def __enter__(self) -> Self:
        if shutil.which("postfix", path=_search_path()) is None:
            raise RuntimeError("Postfix is missing: install the Debian package postfix")
        if os.geteuid() != 0:
            raise RuntimeError("a private Postfix needs root to start its processes")
        self._make_folder()
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if not self.folder.name:
            return
        self.stop()
        self._link.unlink(missing_ok=True)
        shutil.rmtree(self.folder, ignore_errors=True)

    def start(self) -> None:
        """Start, and return once it takes connections; raises RuntimeError or TimeoutError with its log."""
        for name, table in (("transport", self._transports), ("answers", self._answers)):
            lines = "".join(f"{key} {value}\n" for key, value in table.items())
            (self.folder / "etc" / name).write_text(lines)
        self._postfix("start")
        self._running = True
        await_port(self.port, _START_SECONDS, self.log)

    def stop(self) -> None:
        """Stop at once; the queue stays as it is."""
        self._running = False
        self._postfix("stop", may_fail=True)

    def route(self, domain: str, port: int, *, protocol: str = "smtp") -> None:
        """Hand mail for a domain or an address to the server at 127.0.0.1:`port`, not to the Maildir.

        `protocol` is `smtp` or `lmtp`.
        """
        self._enter(self._transports, domain, f"{protocol}:[127.0.0.1]:{port}")

    def bounce(self, recipient: str, reason: str) -> None:
        """Take mail for an address or a domain and give it up at once; `reason` as `5.1.1 no such user`."""
        self._enter(self._transports, recipient, f"error:{reason}")

    def answer(self, recipient: str, action: str) -> None:
        """At RCPT do as access(5) says, for an address or a domain.

        `450 4.2.1 later` and `550 5.1.1 no such user` refuse, `sleep 2` is slow to answer.
        """
        self._enter(self._answers, recipient, action)

    def flush(self) -> None:
        """Try every queued mail now."""
        self._postfix("flush")

    def log(self) -> str:
        """What Postfix wrote to its log so far."""
        path = self.folder / "mail.log"
        return path.read_text() if path.exists() else "(no log)"

    def queued(self) -> int:
        """How many mails are in its queues."""
        queue = self.folder / "queue"
        return sum(1 for name in ("hold", "incoming", "active", "deferred") for _ in _files(queue / name))

    def maildir_messages(self) -> list[Delivered]:
        """The mails delivered so far, oldest first; the three lines that the delivery agent adds are taken off."""
        paths = sorted(_files(self.folder / "Maildir" / "new"), key=lambda path: path.stat().st_mtime_ns)
        return [_delivered(path) for path in paths]

    def _enter(self, table: dict[str, str], key: str, value: str) -> None:
        table[key] = value
        if self._running:
            self.stop()
            self.start()

    def _make_folder(self) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="postfix-"))
        self.folder.chmod(0o755)
        self._link.symlink_to(self.folder)
        owner = pwd.getpwnam(_OWNER)
        for name in ("data", "Maildir"):
            (self.folder / name).mkdir()
            os.chown(self.folder / name, owner.pw_uid, owner.pw_gid)
        for name in ("queue", "etc"):
            (self.folder / name).mkdir()
        restrictions = "check_client_access static:HOLD, permit_mynetworks" if self._hold else "permit_mynetworks"
        text = _MAIN_CF.format(folder=self.folder, restrictions=restrictions, uid=owner.pw_uid, gid=owner.pw_gid)
        text += "".join(f"{name} = {value}\n" for name, value in self._settings.items())
        (self.folder / "etc" / "main.cf").write_text(text)
        (self.folder / "etc" / "master.cf").write_text(_MASTER_CF.format(port=self.port))

    def _postfix(self, command: str, *, may_fail: bool = False) -> None:
        result = subprocess.run(
            ["postfix", "-c", str(self.folder / "etc"), command],
            env={"PATH": _search_path()},
            capture_output=True,
            text=True,
            timeout=_START_SECONDS,
            check=False,
        )
        if result.returncode and not may_fail:
            raise RuntimeError(f"postfix {command}: {result.stdout}{result.stderr}{self.log()}")


def _search_path() -> str:
    return f"{os.environ.get('PATH', '')}:/usr/sbin:/sbin"


def _files(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()] if folder.is_dir() else []


def _delivered(path: Path) -> Delivered:
    head, content = path.read_bytes(), b""
    fields = {}
    for name in (b"Return-Path", b"X-Original-To", b"Delivered-To"):
        line, _, rest = head.partition(b"\n")
        if line.lower().startswith(name.lower() + b":"):
            fields[name] = line.partition(b":")[2].strip().decode()
            head = rest
    content = head
    return Delivered(path, fields.get(b"Delivered-To", ""), fields.get(b"Return-Path", "").strip("<>"), content)
