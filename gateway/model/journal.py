"""Events of the hash-chained journal."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class NewEvent:
    """What an act writes.

    `actor` is who (`gateway`, an address, `cli:name`), `source` by what way (`smtp`, `cli`, `pipeline`),
    `kind` a short verb such as `mail.accepted`; `data` is plain JSON, never document content.
    """

    kind: str
    actor: str
    source: str
    mail_id: int | None = None
    document_id: int | None = None
    data: Mapping[str, object] | None = None


@dataclass(frozen=True, slots=True)
class Event:
    """A link of the chain: `hash` is SHA-256 over `previous_hash` and the event's canonical JSON."""

    sequence: int
    at: datetime
    event: NewEvent
    previous_hash: str
    hash: str


@dataclass(frozen=True, slots=True)
class JournalHead:
    """The end of the chain at one moment: the number of its last link, 0 before the first, and that link's hash."""

    sequence: int
    hash: str
