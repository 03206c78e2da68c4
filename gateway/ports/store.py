"""What handlers read from the database and claim of it, as a protocol. The store implements it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from gateway.model.authentication import Authentication
from gateway.model.day_close import DayClose
from gateway.model.directory import Directory, Party
from gateway.model.docket import Docket
from gateway.model.document import Document, Link
from gateway.model.facts import Engine, FileFacts, Scan
from gateway.model.header import Evidence
from gateway.model.journal import Event, JournalHead
from gateway.model.mail import Envelope, Mail, StoredBlob, Transport
from gateway.model.notice import Notice
from gateway.model.outage import Outage
from gateway.model.part import ParsedMail
from gateway.model.seal import Remainder, Seal, Trace
from gateway.model.timer import DueTimer
from gateway.model.token import ThreadToken
from gateway.model.tracking import TimelineStep
from gateway.model.verdict import Verdict
from gateway.ports.unit import Unit


@dataclass(frozen=True, slots=True)
class Acceptance:
    """A mail as limits see it: when it came, from whom by what client, how many bytes."""

    at: datetime
    sender: str
    peer: str
    size: int


@dataclass(frozen=True, slots=True)
class Claim:
    """A wish for work: up to `limit` rows due `now`, leased to `owner` until `until`.

    A row that is due or leased beyond `horizon` is taken too: only a clock set back explains it.
    """

    owner: str
    now: datetime
    until: datetime
    horizon: datetime
    limit: int


class Store(Protocol):
    """The database: units that change it and the reads that handlers need."""

    def begin(self) -> AbstractAsyncContextManager[Unit]:
        """A new unit, holding the write lock where the database has one writer."""
        ...

    async def accept(self, envelope: Envelope, raw: StoredBlob, received_at: datetime) -> Mail:
        """Enter a durable mail with its event; a repeat of (transport, transport id) returns the first."""
        ...

    async def claim_mails(self, claim: Claim) -> list[Mail]:
        """Lease due mails in a working stage, longest waiting first."""
        ...

    async def claim_notices(self, claim: Claim) -> list[Notice]:
        """Lease due notices."""
        ...

    async def due_timers(self, now: datetime, limit: int) -> list[DueTimer]:
        """Timers that are due and have not fired, the longest due first."""
        ...

    async def docket(self, document_id: int) -> Docket:
        """A document with its work; raises KeyError."""
        ...

    async def dockets(self, ids: Sequence[int]) -> tuple[Docket, ...]:
        """Those in the order of `ids`; raises KeyError."""
        ...

    async def steps(self, document_id: int) -> tuple[TimelineStep, ...]:
        """The steps of the work so far as the office may see them, oldest first; raises KeyError."""
        ...

    async def forwarded_as(self, token: str) -> Docket | None:
        """The docket one of whose forwardings has this tracking token; None where none has."""
        ...

    async def tokens_with(self, message_id: str) -> list[ThreadToken]:
        """The tokens that a notice bears, in the order they were given."""
        ...

    async def token(self, token: str) -> ThreadToken | None:
        """One token; None where it was never given."""
        ...

    async def renew(self, owner: str, mails: Sequence[int], notices: Sequence[int], until: datetime) -> None:
        """Extend the leases that `owner` still holds on these rows."""
        ...

    async def free_leases(self, owner: str) -> None:
        """Give up what `owner` had leased before it died; only its one successor may call this."""
        ...

    async def next_due(self) -> datetime | None:
        """When the next mail, notice or timer is due, or a lease ends; None with nothing to do."""
        ...

    async def mail(self, mail_id: int) -> Mail:
        """One mail; raises KeyError."""
        ...

    async def parsed(self, mail_id: int) -> ParsedMail | None:
        """What parse found, or None before."""
        ...

    async def facts(self, contents: Sequence[str]) -> dict[str, FileFacts]:
        """The facts known, by SHA-256, without the files' text."""
        ...

    async def scans(self, contents: Sequence[str]) -> dict[str, Scan]:
        """The scans known, by SHA-256."""
        ...

    async def outdated_scans(self, engine: Engine, unscanned_before: datetime, limit: int) -> list[str]:
        """Contents in flight that other signatures than `engine` judged, those scanned longest ago first.

        In flight are those of mails in work or held, and the files of documents whose work is open. What could not be
        scanned is among them where that was tried before a moment.
        """
        ...

    async def set_aside_with(self, sha256: str) -> list[Mail]:
        """The mails with this content that are held, or judged and not yet acted on."""
        ...

    async def paper_owed(self, *, overdue_at: datetime | None = None) -> list[Document]:
        """The documents whose paper copy is still to come, those received longest ago first.

        With `overdue_at` only those that the clerks are to be reminded of by then.
        """
        ...

    async def documents_with(self, sha256: str) -> list[Document]:
        """The documents one of whose files has this content."""
        ...

    async def outage(self, service: str) -> Outage | None:
        """The outage of a service that lasts."""
        ...

    async def waiting(self, before: datetime) -> list[Mail]:
        """The mails received before a moment that wait for a person (held, dead) or for something outside, by id."""
        ...

    async def count_sealed(self) -> int:
        """How many mails stand sealed, their encrypted copy not purged."""
        ...

    async def last_event(self, mail_id: int, kinds: Sequence[str]) -> Event | None:
        """The newest event of these kinds about a mail."""
        ...

    async def journal_head(self) -> JournalHead:
        """The end of the journal by now."""
        ...

    async def last_close(self) -> DayClose | None:
        """The day closed last; None before the first."""
        ...

    async def first_event_at(self) -> datetime | None:
        """When the journal begins; None while it is empty."""
        ...

    async def waived(self, mail_id: int) -> frozenset[str]:
        """The rules waived for a mail."""
        ...

    async def verdict(self, mail_id: int) -> Verdict | None:
        """The verdict, or None before."""
        ...

    async def registered_as(
        self, content_key: str, identifier_key: str | None, exchange_id: str | None = None
    ) -> list[Document]:
        """The incoming documents with this content, this number and notation, or this DocumentId of an exchange, by
        number of arrival; not those that were recalled, nor entries that were voided.
        """
        ...

    async def issued_as(self, content_key: str) -> list[Document]:
        """The outgoing documents with this content, by number; none voided."""
        ...

    async def evidence(self, document_id: int) -> Mapping[str, Evidence]:
        """What the fields of a document were read from, by the names of HeaderFields."""
        ...

    async def links(self, document_id: int) -> tuple[Link, ...]:
        """How a document stands to older ones, and younger ones to it."""
        ...

    async def documents(self, ids: Sequence[int]) -> tuple[Document, ...]:
        """Documents in the order of `ids`; raises KeyError."""
        ...

    async def authentication(self, mail_id: int) -> Authentication | None:
        """What was found out about the sender, or None before."""
        ...

    async def party_of(self, address: str) -> Party | None:
        """Who in the directory has this mail address, by itself or by its domain; the nearer entry wins."""
        ...

    async def directory(self) -> Directory:
        """All parties by code, all absences by person and day."""
        ...

    async def own_directory(self) -> Directory:
        """Units and people alone, by code, and the absences: few, however many agencies there are."""
        ...

    async def notices_with(self, message_ids: Sequence[str], tokens: Sequence[str] = ()) -> list[Notice]:
        """The notices of ours that bear any of these, in the order they were owed."""
        ...

    async def taken(self, transport: Transport, transport_ids: Sequence[str]) -> set[str]:
        """Which of these deliveries are in our charge already."""
        ...

    async def same_bytes(self, transport: Transport, sha256: str) -> Mail | None:
        """The first mail of this transport with these very bytes."""
        ...

    async def seal(self, mail_id: int) -> Seal | None:
        """The seal of a mail, also one that was opened."""
        ...

    async def seal_of_bytes(self, sha256: str) -> Seal | None:
        """The seal under which a mail with these very bytes lies; None where it was opened or purged."""
        ...

    async def is_used(self, sha256: str) -> bool:
        """Whether anything whose content was not destroyed has these bytes."""
        ...

    async def remainders(
        self,
        traces: Sequence[Trace],
        limit: int,
        *,
        due: datetime | None = None,
        mail_id: int | None = None,
        prefix: str = "",
    ) -> list[Remainder]:
        """What is still to be removed, the oldest first: of one mail, due by a moment, where these are given.

        `prefix` is the beginning of their names.
        """
        ...

    async def wipe(self, tables: Sequence[str], since: datetime) -> bool:
        """Make the files of these tables hold nothing of rows that were deleted at `since`; false where not yet."""
        ...

    async def accepted_since(self, since: datetime) -> list[Acceptance]:
        """What was accepted from outside since then, oldest first; over IMAP no sender is known of it."""
        ...
