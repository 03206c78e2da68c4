"""Two gateways and a responder that answers everything, wired so that whatever one sends reaches the others.

    python -m tests.flow.loop --rounds 1000

Each round delivers what was sent in the round before. Three responders are tried, each worse than the last: one that
obeys RFC 3834, one that answers the reverse-path without saying that it is a machine, and one that answers the author
with a new subject and a new Message-ID each time and refers to nothing. A line of JSON says what each sent.
"""

from __future__ import annotations

import argparse
import asyncio
import email
import email.policy
import json
import sys
import tempfile
import tomllib
import uuid
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from email.message import EmailMessage
from enum import StrEnum
from pathlib import Path

from gateway.app import Office, open_office
from gateway.model.directory import Directory, Party, PartyKind
from gateway.model.mail import Envelope, Transport
from gateway.settings import settings_from
from gateway.shipped import shipped
from gateway.store.migrations import migrate
from handlers.import_directory import import_directory
from handlers.ingest import ingest
from handlers.runner import Runner, RunnerOptions
from tests.flow.clock import StandingClock
from tests.mails import page_one
from tests.records import MORNING
from tests.servers.clamd import ClamdServer

RESPONDER = "nghi.phep@agency.example"
PARTIES = tuple(
    Party(code, PartyKind.AGENCY, name, domains=(domain,), networks=("127.0.0.1/32",))
    for code, name, domain in (
        ("A", "Cơ quan A", "a.example"),
        ("B", "Cơ quan B", "b.example"),
        ("C", "Cơ quan C", "agency.example"),
    )
)
A_MINUTE = timedelta(minutes=1)


class Manners(StrEnum):
    """How the responder behaves."""

    PROPER = "proper"
    SILENT = "silent"
    RUDE = "rude"


@dataclass(frozen=True)
class Post:
    """A mail on its way."""

    sender: str
    recipient: str
    content: bytes


@dataclass
class Gateway:
    """One office, its mailbox, and what of its Maildir was delivered already."""

    office: Office
    mailbox: str
    folder: Path
    clock: StandingClock
    delivered: set[Path] = field(default_factory=set)

    async def receive(self, post: Post) -> None:
        blob = await self.office.blobs.put(post.content)
        envelope = Envelope(
            Transport.SMTP, uuid.uuid4().hex, post.sender, (post.recipient,), "127.0.0.1", "client.example"
        )
        await ingest(envelope, blob, self.office.desk)

    async def work(self) -> list[Post]:
        """Everything due; then what was sent and not yet delivered."""
        options = RunnerOptions("test", 4, timedelta(minutes=10), timedelta(seconds=5))
        await Runner(self.office.desk, options, self.office.bell).until_idle()
        sent = []
        for file in sorted(self.folder.glob("*/new/*")):
            if file not in self.delivered:
                self.delivered.add(file)
                content = file.read_bytes()
                mail = email.message_from_bytes(content, policy=email.policy.default)
                sender = str(mail["Return-Path"] or "").strip("<>")
                sent.append(Post(sender, str(mail["To"]).strip("<>"), content))
        return sent


@asynccontextmanager
async def gateway(folder: Path, domain: str, clamd: str, clock: StandingClock) -> AsyncIterator[Gateway]:
    """A gateway for `sgtvt@domain` that knows the others."""
    folder.mkdir()
    (folder / "trust").mkdir()
    mailbox = f"sgtvt@{domain}"
    agency = tomllib.loads((shipped("config") / "gateway.toml").read_text())["agency"] | {"mailbox": mailbox}
    settings = settings_from(
        {
            "agency": agency,
            "mail": {
                "recipients": [mailbox],
                "clerks": [f"vanthu@office.{domain}"],
                "it": [f"cntt@office.{domain}"],
                "from_address": mailbox,
                "domain": domain,
            },
            "smtp": {"hostname": f"gateway.{domain}"},
            "store": {"database": "gateway.db", "blobs": "blobs"},
            "scanner": {"clamd": [clamd]},
            "signatures": {"anchors": "trust"},
            "relay": {"maildir": "maildir"},
            "sandbox": {"workers": 1},
        },
        folder,
    )
    await migrate(settings.store.url())
    async with open_office(settings, clock=clock) as office:
        await import_directory(Directory(PARTIES), actor="test", desk=office.desk)
        yield Gateway(office, mailbox, folder / "maildir", clock)


def respond(post: Post, manners: Manners, number: int) -> Post | None:
    """What the responder says to a mail, None where it knows better than to answer."""
    mail = email.message_from_bytes(post.content, policy=email.policy.default)
    if manners is Manners.PROPER and (mail["Auto-Submitted"] or "no") != "no":
        return None
    answer = EmailMessage(policy=email.policy.SMTP)
    answer["From"] = f"Người đi vắng <{RESPONDER}>"
    answer["Message-ID"] = f"<{uuid.uuid4().hex}@agency.example>"
    if manners is Manners.RUDE:
        to = str(mail["From"].addresses[0].addr_spec)
        answer["Subject"] = f"Tôi đã nhận được thư, lần {number}"
    else:
        to = post.sender
        answer["Subject"] = f"Re: {mail['Subject']}"
        answer["In-Reply-To"] = answer["References"] = str(mail["Message-ID"])
    if manners is Manners.PROPER:
        answer["Auto-Submitted"] = "auto-replied"
    if not to:
        return None
    answer["To"] = to
    answer.set_content(f"Tôi đi công tác, sẽ trả lời sau ({number}).\n")
    return Post("" if manners is Manners.PROPER else RESPONDER, to, answer.as_bytes())


def document(sender: str, recipient: str, number: int) -> Post:
    """A document mailed by a person."""
    mail = EmailMessage(policy=email.policy.SMTP)
    mail["From"], mail["To"] = sender, recipient
    mail["Subject"], mail["Message-ID"] = f"Gửi báo cáo số {number}", f"<{uuid.uuid4().hex}@person.example>"
    mail.set_content("Kính gửi quý cơ quan.\n")
    mail.add_attachment(page_one(number), maintype="text", subtype="plain", filename=f"bao-cao-{number}.txt")
    return Post(sender, recipient, mail.as_bytes())


async def run(folder: Path, clamd: str, manners: Manners, rounds: int) -> dict[str, object]:
    """Wire them, give each a document to start with, and count."""
    clock = StandingClock(MORNING)
    async with (
        gateway(folder / "a", "a.example", clamd, clock) as a,
        gateway(folder / "b", "b.example", clamd, clock) as b,
    ):
        gateways = {a.mailbox: a, b.mailbox: b}
        sent: Counter[str] = Counter()
        # B's own people mail A in B's name, A's mail B, and the responder's owner mails both before leaving.
        posts = [document(b.mailbox, a.mailbox, 1), document(a.mailbox, b.mailbox, 2)]
        posts += [document(RESPONDER, mailbox, 3 + at) for at, mailbox in enumerate(gateways)]
        last = 0
        for number in range(1, rounds + 1):
            nxt: list[Post] = []
            for post in posts:
                local, _, domain = post.recipient.partition("@")
                target = gateways.get(f"{local.partition('+')[0]}@{domain}")
                if target is not None:
                    await target.receive(post)
                elif post.recipient == RESPONDER and (answer := respond(post, manners, number)):
                    sent["responder"] += 1
                    nxt.append(answer)
            for each in gateways.values():
                for post in await each.work():
                    sent[each.mailbox] += 1
                    nxt.append(post)
            if nxt:
                last = number
            posts = nxt
            clock.pass_(A_MINUTE)
        ends = {name: await _ends(each) for name, each in gateways.items()}
    return {
        "loop": manners.value,
        "rounds": rounds,
        "quiet_after_round": last,
        "sent": {name: sent[name] for name in (*gateways, "responder")},
        "mails_at_end": ends,
    }


async def _ends(each: Gateway) -> dict[str, int]:
    counts = await each.office.queries.counts()
    return {stage: number for (kind, stage), number in sorted(counts.items()) if kind == "mail"}


async def _main(rounds: int) -> None:
    with tempfile.TemporaryDirectory(prefix="vanthu-loop-") as name:
        (Path(name) / "clamd").mkdir()
        server = ClamdServer(Path(name) / "clamd")
        server.start()
        try:
            for manners in Manners:
                folder = Path(name) / manners.value
                folder.mkdir()
                found = await run(folder, server.address, manners, rounds)
                sys.stdout.write(json.dumps(found, ensure_ascii=False) + "\n")
        finally:
            server.stop()


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="Two gateways and a responder in a loop.")
    parser.add_argument("--rounds", type=int, default=1000)
    asyncio.run(_main(parser.parse_args().rounds))
