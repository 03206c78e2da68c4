"""What every handler works with: the ports, the tables of the agency, and nothing that can be imported."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from gateway.clock import Clock
from gateway.policy.formats import FormatTable
from gateway.ports import Authenticator, Blobs, Inspector, MailParser, Renderer, Scanner, Sender, Signer, Store
from handlers.admission import Admission
from handlers.rush import Rush

QUOTE = '"'
"""Around a local part it changes nothing (RFC 5321 section 4.1.2)."""


@dataclass(frozen=True, slots=True)
class Correspondence:
    """Whom the gateway writes to and as whom.

    `own_addresses` are the mailboxes it receives for: it never answers those. `return_path`
    is the reverse-path of notices with `*` where their token goes, empty for the null one. `retry` are the waits
    between attempts at the relay, the last one repeating until `give_up_after`; after `warn_after` the clerks hear of
    it. `attach_up_to` caps the bytes of documents in a notice, `answers_per_day` the answers to one address that no
    new document earned.
    """

    clerks: tuple[str, ...]
    it: tuple[str, ...]
    own_addresses: frozenset[str]
    message_domain: str
    return_path: str
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

    @property
    def longest_wait(self) -> timedelta:
        """The longest time between two attempts."""
        return max(self.retry)


@dataclass(frozen=True, slots=True)
class Senders:
    """How senders are taken: `accept_unknown` proved ones without the directory; `patience` with a DNS that is away."""

    accept_unknown: bool
    patience: timedelta


@dataclass(frozen=True, slots=True)
class Desk:
    """One desk serves all handlers. `wake` rouses the runner; `rush` tells it when to let receiving go first."""

    store: Store
    blobs: Blobs
    parser: MailParser
    authenticator: Authenticator
    inspector: Inspector
    scanner: Scanner
    renderer: Renderer
    signer: Signer | None
    sender: Sender
    clock: Clock
    formats: FormatTable
    correspondence: Correspondence
    senders: Senders
    admission: Admission
    incoming_book: str
    wake: Callable[[], None]
    rush: Rush
