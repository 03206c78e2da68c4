"""What every handler works with: the ports, the tables of the agency, and nothing that can be imported."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from gateway.clock import Clock
from gateway.model.directory import address_key
from gateway.policy.acts import WorkRules
from gateway.policy.books import Books
from gateway.policy.calendar import Calendar
from gateway.policy.content import ContentRules
from gateway.policy.paper import PaperTable
from gateway.policy.submission import SubmissionWords
from gateway.ports import (
    Authenticator,
    Blobs,
    Inspector,
    MailParser,
    ReceiptMaker,
    Renderer,
    Scanner,
    Sealer,
    Sender,
    Signer,
    Store,
)
from handlers.admission import Admission
from handlers.rush import Rush

QUOTE = '"'
"""Around a local part it changes nothing (RFC 5321 section 4.1.2)."""
_AN_HOUR = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Correspondence:
    """Whom the gateway writes to and as whom. `officers` take care of state secrets.

    `own_addresses` are the mailboxes it receives for: it never answers those. `return_path`
    is the reverse-path of notices with `*` where their token goes, empty for the null one; `reply_to` takes replies in
    the same way, and has no `*` where the mail server cannot do that. `retry` are the waits between attempts at the
    relay, the last one repeating until `give_up_after`; after `warn_after` the clerks hear of it. `attach_up_to` caps
    the bytes of documents in a notice, `answers_per_day` the answers to one address that no new document earned.
    """

    clerks: tuple[str, ...]
    it: tuple[str, ...]
    officers: tuple[str, ...]
    own_addresses: frozenset[str]
    message_domain: str
    return_path: str
    reply_to: str
    answers_per_day: int
    retry: tuple[timedelta, ...]
    warn_after: timedelta
    give_up_after: timedelta
    attach_up_to: int

    @property
    def office(self) -> tuple[str, ...]:
        """Everybody whom alarms go to."""
        return tuple(dict.fromkeys((*self.clerks, *self.it)))

    def is_ours(self, address: str) -> bool:
        """Whether this is a mailbox we receive for, with or without a plus part, in any case."""
        local_part, _, domain = address.lower().rpartition("@")
        return f"{local_part.strip(QUOTE).partition('+')[0]}@{domain}" in self.own_addresses

    def is_of_the_office(self, address: str) -> bool:
        """Whether it is a mailbox we receive for, or one of those that alarms go to."""
        return self.is_ours(address) or address_key(address) in map(address_key, self.office)

    @property
    def longest_wait(self) -> timedelta:
        """The longest time that a notice waits: between two attempts, or till the end of an hour to be told then."""
        return max(*self.retry, _AN_HOUR)


@dataclass(frozen=True, slots=True)
class Senders:
    """How senders are taken: `accept_unknown` proved ones without the directory; `patience` with a DNS that is away."""

    accept_unknown: bool
    patience: timedelta


@dataclass(frozen=True, slots=True)
class Work:
    """How documents are worked on by reply.

    A token for replies lasts `token_valid`; for so long as `fresh` what cannot be undone needs no confirming reply,
    which may come within `confirm_valid`. Links to files last `links_valid`. After `digest_after` tasks in an hour a
    clerk gets one digest of the rest. `forward_up_to` caps the bytes that a forwarded submission brings along.
    """

    calendar: Calendar
    rules: WorkRules
    submissions: SubmissionWords
    paper: PaperTable
    token_valid: timedelta
    fresh: timedelta
    confirm_valid: timedelta
    links_valid: timedelta
    digest_after: int
    forward_up_to: int


@dataclass(frozen=True, slots=True)
class Desk:
    """One desk serves all handlers. `wake` rouses the runner; `rush` tells it when to let receiving go first.

    `inspect_within` is how long the files of one mail may take to be looked at, in the time of `clock`.
    """

    store: Store
    blobs: Blobs
    parser: MailParser
    authenticator: Authenticator
    inspector: Inspector
    scanner: Scanner
    sealer: Sealer
    renderer: Renderer
    signer: Signer | None
    receipts: ReceiptMaker | None
    sender: Sender
    clock: Clock
    content: ContentRules
    correspondence: Correspondence
    senders: Senders
    work: Work
    admission: Admission
    books: Books
    inspect_within: timedelta
    wake: Callable[[], None]
    rush: Rush
