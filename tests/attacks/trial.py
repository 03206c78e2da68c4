"""Every attack and every ordinary file by mail through a whole gateway, and what each met.

    python -m tests.attacks.trial [--json] [--shared FOLDER]

Attacks are those of this package and all of Debian's clamav-testfiles; ordinary files are those of this package and,
with `--shared`, the documents of a corpora folder. Prints a table by family, or a JSON line each; ends with 1 where an
attack was registered or an ordinary file held or refused.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import pkgutil
import sys
import tempfile
import uuid
from base64 import encodebytes
from collections import Counter
from collections.abc import AsyncIterator, Iterable, Iterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import asdict, dataclass
from datetime import timedelta
from functools import partial
from importlib import import_module
from pathlib import Path
from urllib.parse import quote

from gateway.app import Office, open_office
from gateway.model.directory import Directory, Party, PartyKind
from gateway.model.finding import Outcome
from gateway.model.mail import Envelope, MailStage, Transport
from gateway.settings import settings_from
from gateway.store.migrations import migrate
from handlers.import_directory import import_directory
from handlers.ingest import ingest
from handlers.quarantine import release
from handlers.runner import Runner, RunnerOptions
from tests import attacks
from tests.attacks.attack import Attack, Clean
from tests.flow.clock import StandingClock
from tests.mails import RECIPIENT, SENDER
from tests.records import MORNING
from tests.servers.clamd import ClamdServer

TEST_FILES = Path("/usr/share/clamav-testfiles")
KEPT_OUT = frozenset({MailStage.REFUSED, MailStage.HELD, MailStage.SEALED})
BY_THE_SCANNER = frozenset({"infected", "not_scanned"})
STRICT = frozenset({Outcome.HOLD, Outcome.REFUSE, Outcome.SEAL})
SENDING = Party("GUI", PartyKind.AGENCY, "Cơ quan gửi", addresses=(SENDER,), networks=("192.0.2.0/24",))
FRAME = (
    "From: =?utf-8?B?VsSDbiB0aMaw?= <{sender}>\r\nTo: {recipient}\r\nSubject: Van ban {identity}\r\n"
    "Date: Mon, 23 Nov 2026 08:00:00 +0700\r\nMessage-ID: <{identity}@agency.example>\r\nMIME-Version: 1.0\r\n"
    'Content-Type: multipart/mixed; boundary="ranh-gioi"\r\n\r\n'
    "--ranh-gioi\r\nContent-Type: text/plain; charset=utf-8\r\n\r\nGui van ban.\r\n"
    "--ranh-gioi\r\nContent-Type: {declared_type}\r\nContent-Transfer-Encoding: base64\r\n"
    "Content-Disposition: attachment; filename*=utf-8''{name}\r\n\r\n"
)


@dataclass(frozen=True, slots=True)
class Met:
    """What one file met: where its mail ended, and by which rules it was kept out. `right` is what was wanted."""

    name: str
    family: str
    end: str
    rules: tuple[str, ...]
    right: bool


def hostile() -> list[Attack]:
    """The attacks of every module here."""
    return [each for module in _modules() for each in getattr(module, "ATTACKS", ())]


def ordinary() -> list[Clean]:
    """The ordinary files of every module here, but for one whose signature only has the shape of one."""
    found = [each for module in _modules() for each in getattr(module, "CLEAN", ())]
    return [each for each in found if each.name != "pdf-signed"]


def test_files() -> list[Attack]:
    """Debian's test files, each of which holds the same harmless program in another wrapping."""
    wanted = frozenset({"infected", "allowed_format", "readable", "not_scanned", "active_content", "file_name"})
    kind = "application/octet-stream"
    return [
        Attack(f"clamav-{path.name}", "clamav-testfiles", path.name, kind, path.read_bytes, wanted)
        for path in sorted(TEST_FILES.iterdir())
    ]


def shared(folder: Path) -> list[Clean]:
    """The documents of a corpora folder that an agency could send, as the files that they are."""
    texts = sorted((folder / "vn-docs").glob("*.txt"))
    signed = sorted((folder / "signed-pdf" / "vn-vgca").glob("*.pdf"))
    public = sorted((folder / "secrecy-negative").glob("*.txt"))
    old = [each for each in sorted((folder / "legacy").iterdir()) if each.suffix in {".doc", ".xls", ".pdf"}]
    return [
        Clean(f"{path.parent.name}-{path.name}", path.name, "application/octet-stream", path.read_bytes)
        for path in (*texts, *signed, *public, *old)
    ]


def _modules() -> Iterator[object]:
    for found in sorted(pkgutil.iter_modules(attacks.__path__), key=lambda module: module.name):
        if found.name != "trial" and not found.name.startswith("test_"):
            yield import_module(f"tests.attacks.{found.name}")


def as_mail(identity: str, file: Attack | Clean) -> bytes:
    """A mail with the one file, under whatever name, in a header that can hold any."""
    head = FRAME.format(
        sender=SENDER,
        recipient=RECIPIENT,
        identity=identity,
        declared_type=file.declared_type,
        name=quote(file.file_name.encode("utf-8", "surrogatepass"), safe=""),
    )
    body = encodebytes(file.make()).replace(b"\n", b"\r\n")
    return head.encode() + body + b"--ranh-gioi--\r\n"


@asynccontextmanager
async def open_gateway(folder: Path, clamd: str, **sections: dict[str, object]) -> AsyncIterator[Office]:
    """An office of its own, which knows the sender; `sections` are laid over its settings."""
    keys: dict[str, dict[str, object]] = {
        "store": {"database": str(folder / "vanthu.db"), "blobs": str(folder / "blobs")},
        "scanner": {"clamd": [clamd]},
        "relay": {"maildir": str(folder / "maildir")},
        "sandbox": {"workers": 2},
        "senders": {"nameservers": ["127.0.0.1:9"]},
    }
    settings = settings_from(keys | sections, folder)
    await migrate(settings.store.url())
    async with open_office(settings, clock=StandingClock(MORNING)) as office:
        await import_directory(Directory((SENDING,)), actor="test", desk=office.desk)
        yield office


async def meet(files: Iterable[Attack | Clean], office: Office) -> list[Met]:
    """Send each by a mail of its own, work until nothing is left, and look where each ended."""
    desk, entered = office.desk, []
    for file in files:
        blob = await office.blobs.put(as_mail(uuid.uuid4().hex, file))
        envelope = Envelope(Transport.SMTP, uuid.uuid4().hex, SENDER, (RECIPIENT,), "192.0.2.7", "client")
        entered.append((file, await ingest(envelope, blob, desk)))
    await _work(office)
    for file, mail in entered:
        if isinstance(file, Clean) and await _held_by(mail.id, office) == {"duplicate"}:
            # Two documents under one number are the clerk's to tell apart.
            await release(mail.id, actor="trial", reason="hai văn bản", waive=frozenset(), desk=desk)
    await _work(office)
    return [await _look(file, mail.id, office) for file, mail in entered]


async def _work(office: Office) -> None:
    """All there is to do, also what waits for a while because something it needs had just gone."""
    clock = office.desk.clock
    assert isinstance(clock, StandingClock)
    options = RunnerOptions("trial", 4, timedelta(minutes=10), timedelta(seconds=5))
    for _ in range(3):
        await Runner(office.desk, options, office.bell).until_idle()
        clock.pass_(timedelta(minutes=2))


async def _held_by(mail_id: int, office: Office) -> set[str]:
    mail, verdict = await office.desk.store.mail(mail_id), await office.desk.store.verdict(mail_id)
    if mail.stage is not MailStage.HELD or verdict is None:
        return set()
    return {finding.rule for finding in verdict.findings if finding.outcome in STRICT}


async def _look(file: Attack | Clean, mail_id: int, office: Office) -> Met:
    mail, verdict = await office.desk.store.mail(mail_id), await office.desk.store.verdict(mail_id)
    rules = {finding.rule for finding in verdict.findings if finding.outcome in STRICT} if verdict else set()
    if mail.stage is MailStage.SEALED:
        # Of a sealed mail nothing else remains.
        rules = {"state_secret"}
    if isinstance(file, Attack):
        right = mail.stage in KEPT_OUT and bool(rules & (file.expect | BY_THE_SCANNER))
        return Met(file.name, file.family, mail.stage.value, tuple(sorted(rules)), right)
    # The same document under two names is a repeat.
    right = mail.stage in {MailStage.REGISTERED, MailStage.NOTED}
    return Met(file.name, "ordinary", mail.stage.value, tuple(sorted(rules)), right)


async def run(files: Sequence[Attack | Clean]) -> list[Met]:
    """All of them through one gateway of their own, with a real scanner."""
    with tempfile.TemporaryDirectory(prefix="vanthu-trial-") as name:
        folder = Path(name)
        server = ClamdServer(folder / "clamd")
        server.start()
        try:
            async with open_gateway(folder, server.address) as office:
                return await meet(files, office)
        finally:
            server.stop()


def main() -> None:
    """See the module."""
    parser = argparse.ArgumentParser(description="Every attack and every ordinary file by mail.")
    parser.add_argument("--json", action="store_true", help="a line each")
    parser.add_argument("--shared", type=Path, help="a folder of corpora")
    chosen = parser.parse_args()
    files = (*hostile(), *test_files(), *ordinary(), *(shared(chosen.shared) if chosen.shared else ()))
    met = asyncio.run(run(files))
    if chosen.json:
        for each in met:
            print(json.dumps(asdict(each), ensure_ascii=False))
    else:
        _print_table(met)
    sys.exit(0 if all(each.right for each in met) else 1)


def _print_table(met: Sequence[Met]) -> None:
    line = partial("{:20} {:>6} {:>8} {:>6} {:>7} {:>11} {:>6}".format)
    print(line("family", "files", "refused", "held", "sealed", "registered", "wrong"))
    for family in sorted({each.family for each in met}):
        those = [each for each in met if each.family == family]
        ends = Counter(each.end for each in those)
        passed = ends["registered"] + ends["noted"]
        wrong = sum(not each.right for each in those)
        print(line(family, len(those), ends["refused"], ends["held"], ends["sealed"], passed, wrong))
    for each in met:
        if not each.right:
            print(f"WRONG {each.family} {each.name}: {each.end} by {', '.join(each.rules) or 'no rule'}")


if __name__ == "__main__":
    main()
