"""A Dovecot instance of the tests' own: configuration, sockets and mail in one folder, no system instance touched."""

from __future__ import annotations

import grp
import imaplib
import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from smtplib import LMTP
from types import TracebackType
from typing import Self

from tests.servers.ports import await_port, free_port

USER = "sgtvt@quangngai.gov.vn"
PASSWORD = 'mật khẩu "mẫu" 1'
_START_SECONDS = 30.0
_OWNER = "nobody"
_PROGRAM = "/usr/sbin/dovecot"

_CONF = """
base_dir = {folder}/run
log_path = {folder}/dovecot.log
protocols = imap lmtp
listen = 127.0.0.1
default_login_user = dovenull
default_internal_user = dovecot
default_internal_group = dovecot
first_valid_uid = 1
first_valid_gid = 1
mail_location = maildir:~/mail
mail_fsync = never
ssl = {ssl}
disable_plaintext_auth = no
auth_mechanisms = plain {mechanisms}
auth_failure_delay = 0
mail_max_userip_connections = 100
default_vsz_limit = 512M

passdb {{
  driver = passwd-file
  args = scheme=PLAIN username_format=%u {folder}/users
}}
userdb {{
  driver = static
  args = uid={owner} gid={group} home={folder}/home/%u
}}
namespace inbox {{
  inbox = yes
  separator = /
}}
service imap-login {{
  inet_listener imap {{
    port = {port}
  }}
  inet_listener imaps {{
    port = {tls_port}
    ssl = yes
  }}
}}
service imap {{
  process_limit = 100
}}
service lmtp {{
  inet_listener lmtp {{
    address = 127.0.0.1
    port = {lmtp_port}
  }}
}}
service anvil {{
  unix_listener anvil-auth-penalty {{
    mode = 0
  }}
}}
service stats {{
  client_limit = 1000
}}
"""

_OAUTH2 = """
passdb {{
  driver = oauth2
  mechanisms = xoauth2
  args = {folder}/oauth2.conf
}}
"""


@dataclass(frozen=True, slots=True)
class Stored:
    """A mail in a folder of the server, with its flags and content."""

    uid: int
    flags: frozenset[str]
    content: bytes


class DovecotServer:
    """IMAP (plain with STARTTLS, and over TLS where a certificate is given) and LMTP on loopback, a mailbox a user.

    Dovecot changes its users, so its files live in a folder of its own under the machine's temporary folder.
    Needs root to start.
    """

    def __init__(
        self,
        *,
        certificate: Path | None = None,
        introspection: str | None = None,
        settings: str = "",
        plain_port: int | None = None,
        users: Sequence[str] = (USER,),
    ) -> None:
        """`certificate` is a file with key and chain. `introspection` is a URL that judges the tokens of XOAUTH2.

        `settings` are further lines of dovecot.conf, which win over ours.
        """
        self.host = "127.0.0.1"
        self.port = free_port() if plain_port is None else plain_port
        self.tls_port, self.lmtp_port = free_port(), free_port()
        self.folder = Path()
        self._certificate = certificate
        self._introspection = introspection
        self._settings = settings
        self._users = tuple(users)
        self._process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Self:
        if not Path(_PROGRAM).exists():
            raise RuntimeError("Dovecot is missing: install the Debian packages dovecot-imapd and dovecot-lmtpd")
        if os.geteuid() != 0:
            raise RuntimeError("a private Dovecot needs root to start its processes")
        self._make_folder()
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.kill()
        shutil.rmtree(self.folder, ignore_errors=True)

    def start(self) -> None:
        """Start, and return once it takes connections; raises TimeoutError with its log."""
        with (self.folder / "stderr.log").open("ab") as errors:
            self._process = subprocess.Popen(
                [_PROGRAM, "-F", "-c", str(self.folder / "dovecot.conf")],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=errors,
                start_new_session=True,
            )
        for port in (self.port, self.lmtp_port):
            await_port(port, _START_SECONDS, self.log)

    def kill(self) -> None:
        """SIGKILL to all of its processes, in the middle of whatever they do."""
        if self._process is not None:
            group = self._process.pid
            os.killpg(group, signal.SIGKILL)
            self._process.wait()
            self._process = None
            _await_end(group)

    def log(self) -> str:
        """What Dovecot wrote to its logs so far."""
        paths = [self.folder / name for name in ("stderr.log", "dovecot.log")]
        return "".join(path.read_text(errors="replace") for path in paths if path.exists()) or "(no log)"

    def deliver(self, *mails: bytes) -> None:
        """Hand mails over by LMTP, as a mail server does: whoever idles hears of it."""
        with LMTP(self.host, self.lmtp_port, timeout=_START_SECONDS) as client:
            for mail in mails:
                client.sendmail("gui@agency.example", [USER], mail)

    @contextmanager
    def session(self, folder: str = "INBOX", *, user: str = USER) -> Iterator[imaplib.IMAP4]:
        """A reader's own session, with `folder` (as on the wire) open."""
        with imaplib.IMAP4(self.host, self.port, timeout=_START_SECONDS) as client:
            client.authenticate("PLAIN", lambda _: f"\0{user}\0{PASSWORD}".encode())
            answer, _ = client.select(f'"{folder}"')
            if answer != "OK":
                raise KeyError(folder)
            yield client

    def append(self, *mails: bytes, folder: str = "INBOX") -> None:
        """Store mails with APPEND."""
        with self.session() as client:
            for mail in mails:
                client.append(f'"{folder}"', "", "", mail)

    def stored(self, folder: str = "INBOX") -> list[Stored]:
        """The mails of a folder (named as on the wire); none where there is no such folder."""
        try:
            with self.session(folder) as client:
                _, answers = client.uid("FETCH", "1:*", "(UID FLAGS BODY.PEEK[])")
        except KeyError:
            return []
        return [_stored(answer) for answer in answers if isinstance(answer, tuple)]

    def home(self, user: str = USER) -> Path:
        """Where the user's mail lies on the disk."""
        return self.folder / "home" / user

    def _make_folder(self) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="dovecot-"))
        self.folder.chmod(0o755)
        owner = pwd.getpwnam(_OWNER)
        (self.folder / "home").mkdir()
        os.chown(self.folder / "home", owner.pw_uid, owner.pw_gid)
        (self.folder / "users").write_text("".join(f"{user}:{{PLAIN}}{PASSWORD}\n" for user in self._users))
        text = _CONF.format(
            folder=self.folder,
            ssl="yes" if self._certificate else "no",
            mechanisms="xoauth2" if self._introspection else "",
            owner=_OWNER,
            group=grp.getgrgid(owner.pw_gid).gr_name,
            port=self.port,
            tls_port=self.tls_port if self._certificate else 0,
            lmtp_port=self.lmtp_port,
        )
        if self._certificate:
            text += f"ssl_cert = <{self._certificate}\nssl_key = <{self._certificate}\n"
        if self._introspection:
            text += _OAUTH2.format(folder=self.folder)
            (self.folder / "oauth2.conf").write_text(
                f"introspection_mode = post\nintrospection_url = {self._introspection}\nusername_attribute = username\n"
                "active_attribute = active\nactive_value = true\n"
            )
        (self.folder / "dovecot.conf").write_text(f"{text}\n{self._settings}\n")


def _await_end(group: int) -> None:
    """Killed children are orphans: they hold the ports until the kernel has ended each."""
    end = time.monotonic() + _START_SECONDS
    while _lives(group):
        if time.monotonic() > end:
            raise TimeoutError("Dovecot's processes live on")
        time.sleep(0.005)


def _lives(group: int) -> bool:
    for process in Path("/proc").iterdir():
        if process.name.isdigit():
            with suppress(OSError):
                state, _, group_of = (process / "stat").read_text().rpartition(")")[2].split()[:3]
                if int(group_of) == group and state != "Z":
                    return True
    return False


def _stored(answer: tuple[bytes, bytes]) -> Stored:
    head, content = answer
    flags = imaplib.ParseFlags(head)
    uid = int(head.partition(b"UID ")[2].split()[0].rstrip(b")"))
    return Stored(uid, frozenset(flag.decode() for flag in flags), content)
