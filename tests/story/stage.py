"""The stage: the province's mail server with a mailbox for each person, the gateway, and what they need. All real."""

from __future__ import annotations

import asyncio
import imaplib
import itertools
import smtplib
import time
from collections import Counter
from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TypeVar

from gateway.model.docket import Docket
from gateway.store.database import Database
from gateway.store.queries import Queries
from tests.replies import reply
from tests.servers.clamd import ClamdServer
from tests.servers.daemon import RECIPIENT, Daemon
from tests.servers.dns import DnsServer
from tests.servers.dovecot import PASSWORD, DovecotServer
from tests.servers.postfix import PostfixServer
from tests.story.letters import PERSONAL, Letter
from tests.story.people import AGENCY, CLERK, DIRECTORY, EVERYBODY, IT, Person
from tests.web.records import words

_PATIENCE = 90.0
_STEP = 0.03
_SPF = "v=spf1 ip4:127.0.0.1 -all"
_AT_WORK = ("accepted", "parsed", "inspected", "judged")
_REPORTED = ("delivery", "relayed")
"""What Postfix reports of a mail that Dovecot has taken, which tells no further."""
T = TypeVar("T")


class Mailbox:
    """Somebody's mailbox, read over IMAP by a program that stays connected."""

    def __init__(self, server: DovecotServer, owner: Person) -> None:
        self._client = imaplib.IMAP4(server.host, server.port, timeout=_PATIENCE)
        self._client.authenticate("PLAIN", lambda _: f"\0{owner.address}\0{PASSWORD}".encode())
        self._client.select(readonly=True)
        self._letters: list[Letter] = []

    def letters(self) -> list[Letter]:
        """All there are by now, oldest first."""
        self._client.noop()
        _, told = self._client.response("EXISTS")
        if told[-1] is not None and int(told[-1]) > len(self._letters):
            _, answers = self._client.fetch(f"{len(self._letters) + 1}:*", "(BODY.PEEK[])")
            self._letters += [Letter(answer[1]) for answer in answers if isinstance(answer, tuple)]
        return list(self._letters)

    def close(self) -> None:
        """Log out."""
        self._client.logout()


class Stage:
    """What people do with their mail, and what they then find.

    The mails that a step had to bring are counted, so that at the end there is not one more.
    """

    def __init__(self, gateway: Daemon, relay: PostfixServer, mailboxes: Mapping[Person, Mailbox]) -> None:
        self.gateway = gateway
        self._relay = relay
        self._mailboxes = mailboxes
        self._due: dict[Person, Counter[str]] = {person: Counter() for person in mailboxes}
        self._numbers = itertools.count(1)

    def submit(self, raw: bytes) -> None:
        """The agency's own server delivers to ours, every byte as it is."""
        with smtplib.SMTP("127.0.0.1", self.gateway.port) as client:
            client.sendmail(AGENCY.address, [RECIPIENT], raw)

    def send(self, author: Person, to: str, raw: bytes, *, reverse_path: str | None = None) -> None:
        """One of the province's people mails through its server; `reverse_path` is his address unless given."""
        with smtplib.SMTP(self._relay.host, self._relay.port) as client:
            client.sendmail(author.address if reverse_path is None else reverse_path, [to], raw)

    def answer(self, author: Person, letter: Letter, text: str, *, client: str | None = None) -> None:
        """Reply to a mail, above its text, from one's own program and with one's own signature."""
        written = f"{text}\n\n{author.signature}" if author.signature else text
        raw = reply(
            client or author.client,
            to=letter.raw,
            text=written,
            author=author.author,
            date=datetime.now(UTC),
            message_id=f"<tra-loi-{next(self._numbers)}@may-tinh.example>",
        )
        self.send(author, letter.reply_to, raw)

    def click(self, author: Person, letter: Letter, label: str) -> None:
        """Send what a button has written, as it is."""
        button = letter.buttons[label]
        assert button.is_complete, button
        self.send(author, button.to, button.mail(author))

    def arrive(self, expected: Mapping[Person, Sequence[str]]) -> None:
        """Wait for the mails that the last step has to bring, by their kinds, in whatever order."""
        end = time.monotonic() + _PATIENCE
        for person, kinds in expected.items():
            self._due[person].update(kinds)
            while missing := self._due[person] - self.kinds(person):
                if time.monotonic() > end:
                    raise AssertionError(f"{person.name} misses {dict(missing)}\n{self._logs()}")
                time.sleep(_STEP)

    def kinds(self, person: Person) -> Counter[str]:
        """How many mails of each kind somebody has."""
        return Counter(letter.kind for letter in self._mailboxes[person].letters())

    def letters(self, person: Person) -> list[Letter]:
        """Somebody's mails, oldest first."""
        return self._mailboxes[person].letters()

    def last(self, person: Person, kind: str) -> Letter:
        """Somebody's newest mail of a kind."""
        return [letter for letter in self.letters(person) if letter.kind == kind][-1]

    def page(self, path: str) -> str:
        """What a reader of a page sees, on one line."""
        return words(self.gateway.get(path).decode())

    def story(self, label: str) -> dict[str, Any]:
        """All there is to tell of a mail or document, as `vanthu explain` does."""
        (story,) = self.gateway.rows("explain", label)
        return story

    def docket(self, document_id: int = 1) -> Docket:
        """How far the work on a document has come."""
        return self._read(lambda records: records.work(document_id)).docket

    def settle(self) -> None:
        """Return when every mail has come to its end, every notice to its reader, and every report of that to us."""
        end = time.monotonic() + _PATIENCE
        while self._is_at_work():
            assert time.monotonic() < end, f"still at work\n{self._logs()}"
            time.sleep(_STEP)

    def _is_at_work(self) -> bool:
        if self._relay.queued():
            return True
        counted = self._read(Queries.counts)
        notices = sum(number for (what, _), number in counted.items() if what == "notice")
        return any(("mail", stage) in counted for stage in _AT_WORK) or counted.get(_REPORTED, 0) < notices

    def _read(self, question: Callable[[Queries], Awaitable[T]]) -> T:
        async def read() -> T:
            database = Database(f"sqlite:///{self.gateway.folder / 'gateway.db'}")
            try:
                return await question(Queries(database))
            finally:
                await database.close()

        return asyncio.run(read())

    def _logs(self) -> str:
        return f"{self.gateway.log()[-3000:]}\n{self._relay.log()[-2000:]}"

    def close_the_books(self, numbers: Sequence[int]) -> None:
        """What holds at the end of a day, whatever happened: no mail too many, no number missing, nothing left over."""
        self.settle()
        assert {person: self.kinds(person) for person in self._mailboxes} == self._due
        documents = self._read(Queries.register)
        assert sorted(document.arrival_number for document in documents) == list(numbers)
        assert self._read(Queries.set_aside) == []
        self.gateway.vanthu("audit", "verify")
        for person in self._mailboxes:
            notices = [letter for letter in self.letters(person) if letter.kind != PERSONAL]
            assert len({letter.message_id for letter in notices}) == len(notices)
            _check_conversations(notices, recalled=any(document.purged_at for document in documents))
            for letter in notices:
                _check(letter)


def _check_conversations(notices: Sequence[Letter], *, recalled: bool) -> None:
    """Mails about one document stand together, by subject as by reference; the cover letter has its own subject.

    Of a document that was recalled the abstract is told no more.
    """
    subjects: dict[str, set[str]] = {}
    for letter in notices:
        assert letter.message["In-Reply-To"] in letter.references[-1:] or letter.kind == "alarm", letter.message_id
        if letter.root and letter.kind != "submission":
            subjects.setdefault(letter.root, set()).add(letter.subject)
    for found in subjects.values():
        shortest = min(found, key=len)
        assert len(found) == 1 or (recalled and all(subject.startswith(shortest) for subject in found)), found


def _check(letter: Letter) -> None:
    """What is true of every mail of the gateway."""
    assert letter.message["Auto-Submitted"]
    assert "Trân trọng" in letter.text
    assert "Trân trọng" in letter.html
    for button in letter.buttons.values():
        assert button.to == letter.reply_to, button
        assert button.to.startswith("sgtvt+r-"), button
        assert button.body.partition(":")[0] in letter.text, button


@contextmanager
def raised(folder: Path) -> Iterator[Stage]:
    """Everything started, in folders and on ports of its own; all of it stopped at the end."""
    with ExitStack() as stack:
        clamd = ClamdServer(folder)
        stack.callback(clamd.stop)
        clamd.start()
        names = stack.enter_context(DnsServer())
        for domain in (RECIPIENT.rpartition("@")[2], AGENCY.address.rpartition("@")[2]):
            names.add(domain, "TXT", _SPF)
        store = stack.enter_context(DovecotServer(users=[person.address for person in EVERYBODY]))
        relay = PostfixServer(folder, settings={"recipient_delimiter": "+"})
        gateway = Daemon(
            folder / "gateway",
            {
                "scanner": {"clamd": [clamd.address]},
                "senders": {"directory": "directory.toml", "nameservers": [names.address]},
                "mail": {"clerks": [CLERK.address], "it": [IT.address], "return_path": "+b-*"},
                "relay": {"host": relay.host, "port": relay.port, "retry": ["1 s"]},
            },
            directory=DIRECTORY,
        )
        relay.route(RECIPIENT, gateway.port)
        for person in EVERYBODY:
            relay.route(person.address.rpartition("@")[2], store.lmtp_port, protocol="lmtp")
        stack.enter_context(relay)
        gateway.start()
        stack.callback(gateway.kill)
        mailboxes = {person: Mailbox(store, person) for person in EVERYBODY}
        for mailbox in mailboxes.values():
            stack.callback(mailbox.close)
        yield Stage(gateway, relay, mailboxes)
