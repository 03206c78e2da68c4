"""What every handler works with: the ports, the tables of the agency, and nothing that can be imported."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from gateway.clock import Clock
from gateway.policy.formats import FormatTable
from gateway.ports import Blobs, Inspector, MailParser, Renderer, Scanner, Sender, Store
from handlers.rush import Rush


@dataclass(frozen=True, slots=True)
class Correspondence:
    """Whom the gateway writes to and as whom.

    `own_addresses` are the mailboxes it receives for: it never answers those. `envelope_sender`
    is the reverse-path of notices, `retry` the waits between attempts at the relay, the last
    one repeating until `give_up_after`; `attach_up_to` caps the bytes of documents in a notice.
    """

    clerks: tuple[str, ...]
    own_addresses: frozenset[str]
    message_domain: str
    envelope_sender: str
    retry: tuple[timedelta, ...]
    give_up_after: timedelta
    attach_up_to: int

    @property
    def longest_wait(self) -> timedelta:
        """The longest time between two attempts."""
        return max(self.retry)


@dataclass(frozen=True, slots=True)
class Desk:
    """One desk serves all handlers. `wake` rouses the runner; `rush` tells it when to let receiving go first."""

    store: Store
    blobs: Blobs
    parser: MailParser
    inspector: Inspector
    scanner: Scanner
    renderer: Renderer
    sender: Sender
    clock: Clock
    formats: FormatTable
    correspondence: Correspondence
    incoming_book: str
    wake: Callable[[], None]
    rush: Rush
