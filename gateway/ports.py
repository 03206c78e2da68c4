"""What handlers need of the world outside, as protocols. Adapters and the store implement them."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Protocol

from gateway.model.authentication import Authentication, SenderClaims
from gateway.model.directory import Directory, Party
from gateway.model.docket import Docket, Submission
from gateway.model.document import Document, Entry
from gateway.model.facts import Engine, FileFacts, Scan, ScanVerdict
from gateway.model.health import Health
from gateway.model.journal import Event, NewEvent
from gateway.model.mail import Envelope, Mail, MailStage, StoredBlob, Transport
from gateway.model.notice import DeliveryResult, Notice, NoticeKind, NoticeStage, Outgoing, OwedNotice
from gateway.model.outage import Outage
from gateway.model.part import ParsedMail, PartDecision
from gateway.model.report import DeliveryState, RecipientReport
from gateway.model.seal import DestructionCause, Remainder, Seal, Sealing, Trace
from gateway.model.timer import DueTimer, Timer, TimerKind
from gateway.model.token import ThreadToken
from gateway.model.tracking import PersonalFiles, TimelineStep, TrackedDocument
from gateway.model.verdict import Verdict


class BlobWriter(Protocol):
    """Bytes on their way into the blob store, in constant memory."""

    async def write(self, chunk: bytes) -> None:
        """Append; raises StorageFull."""
        ...

    async def commit(self) -> StoredBlob:
        """Make the bytes and their name durable (fsync of file and folder); raises StorageFull."""
        ...

    async def discard(self) -> None:
        """Forget the bytes; harmless after commit."""
        ...


class Blobs(Protocol):
    """The content-addressed store of received and rendered bytes; what is in it never changes."""

    def writer(self) -> BlobWriter:
        """A new writer."""
        ...

    async def adopt(self, files: Sequence[Path]) -> list[StoredBlob]:
        """Move finished files in, all durable on return; the sources are gone then."""
        ...

    async def put(self, content: bytes) -> StoredBlob:
        """Store bytes at hand, durable on return."""
        ...

    def path(self, sha256: str) -> Path:
        """Where the bytes can be read; raises KeyError where we do not have them."""
        ...

    async def read(self, sha256: str) -> bytes:
        """All bytes of one blob; raises KeyError where we do not have them, DamagedBlob where they are not those."""
        ...

    async def destroy(self, sha256: str, still_used: Callable[[], Awaitable[bool]]) -> bool:
        """Overwrite the bytes of a blob and remove it; false where it is `still_used`, and stays.

        Who adopts the same bytes meanwhile has either its own new copy, or finds none once its use is on record.
        Harmless where there is no such blob; what an earlier try left half-done is finished.
        """
        ...

    def scratch(self) -> AbstractAsyncContextManager[Path]:
        """An empty folder for the length of the block, from which `adopt` takes files cheaply; raises StorageFull."""
        ...


class MailParser(Protocol):
    """Takes a raw mail apart, in a sandbox."""

    async def parse(self, raw: Path, scratch: Path) -> ParsedMail:
        """Write the content of every part as `scratch/<sha256>`.

        Raises SandboxFailure, StorageFull, and TemporaryError where there is no worker.
        """
        ...


class Sealer(Protocol):
    """Encrypts to the officer who takes care of state secrets."""

    async def seal(self, content: Path, sealed: Path) -> Sealing:
        """Write the encrypted `content` as the new file `sealed`; raises StorageFull, SealingFailure."""
        ...


class Inspector(Protocol):
    """Finds out the facts of a file, in a sandbox."""

    async def inspect(self, content: Path, sha256: str, media_type: str) -> FileFacts:
        """The facts of a file whose true type is known. Never fails: a check without an end stands in `unknown`."""
        ...


class Scanner(Protocol):
    """The virus scanner."""

    async def scan(self, content: Path) -> Scan:
        """Never fails: what went wrong is NOT_SCANNED with its reason."""
        ...

    async def engine(self) -> Engine:
        """By what scans are made now, the newest of several; raises TemporaryError while none answers."""
        ...


class Sender(Protocol):
    """Takes finished mail away: to a relay, or into a Maildir."""

    async def send(self, outgoing: Outgoing) -> DeliveryResult:
        """One attempt for one recipient; never raises."""
        ...


class Authenticator(Protocol):
    """Finds out whether a mail is from whom it says it is."""

    async def authenticate(
        self, envelope: Envelope, claims: SenderClaims, raw: Path, *, patient: bool
    ) -> Authentication:
        """The facts; raises TemporaryError("sender") where a look-up that decides failed for now, if `patient`."""
        ...


class Signer(Protocol):
    """Signs our own mail."""

    async def sign(self, content: bytes) -> bytes:
        """The mail with its signature field on top."""
        ...


class Renderer(Protocol):
    """Makes the bytes of a notice."""

    async def render(self, context: NoticeContext) -> bytes:
        """The whole mail (RFC 5322), ready for the wire with CRLF line ends."""
        ...


@dataclass(frozen=True, slots=True)
class Offer:
    """An act that a reader may ask for: the words on its button, and the text of the reply that asks for it."""

    label: str
    reply: str


@dataclass(frozen=True, slots=True)
class Conversation:
    """One document as one reader of a notice sees its work.

    `reply_to` is the address that takes his orders, None where he has none to give; `references` are the Message-IDs
    that keep his mails about it together. `files_token` opens the files by a personal link, till `files_until`.
    `clocks` are lines in Vietnamese on what is due and why. `news` are the steps so far, oldest first.
    """

    docket: Docket
    offers: tuple[Offer, ...] = ()
    reply_to: str | None = None
    references: tuple[str, ...] = ()
    files_token: str | None = None
    files_until: datetime | None = None
    clocks: tuple[str, ...] = ()
    news: tuple[TimelineStep, ...] = ()


@dataclass(frozen=True, slots=True)
class Pending:
    """One mail that was set aside, as the reader of a notice sees it.

    `standing` says in Vietnamese how long it is held and what is left of its time, empty where nothing runs; `rules`
    are the Vietnamese titles of those that hold it. `offers`, `reply_to` and `references` as in Conversation, empty
    where he may not decide.
    """

    mail: Mail
    parsed: ParsedMail | None
    verdict: Verdict | None
    standing: str = ""
    rules: tuple[str, ...] = ()
    offers: tuple[Offer, ...] = ()
    reply_to: str | None = None
    references: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class NoticeContext:
    """All that a notice may speak of. `attachments` are (name, media type, content); an alarm may have no mail.

    `answer_to` is the address at which the sender of the mail is told what becomes of it, None where nobody is.
    `conversations` are there for kinds that speak of the work, one for each document, `pendings` for those that ask a
    clerk about mails that were set aside. `names` gives the names of the
    codes of units and people.
    """

    notice: Notice
    mail: Mail | None
    parsed: ParsedMail | None
    verdict: Verdict | None
    documents: tuple[Document, ...]
    attachments: tuple[tuple[str, str, bytes], ...] = ()
    left_out: tuple[str, ...] = ()
    authentication: Authentication | None = None
    sender: Party | None = None
    answer_to: str | None = None
    conversations: tuple[Conversation, ...] = ()
    names: Mapping[str, str] = field(default_factory=dict)
    pendings: tuple[Pending, ...] = ()


class Unit(Protocol):
    """One short transaction: everything in it happens, or nothing. Leaving it by an exception undoes it."""

    async def move(self, mail: Mail, to: MailStage) -> Mail:
        """Compare-and-set from `mail.stage`, with a clean slate of attempts; raises StaleState."""
        ...

    async def postpone(self, mail: Mail, due: datetime, *, waiting_for: str, error: str) -> None:
        """Leave the stage as it is and try again at `due`; no strike. Raises StaleState."""
        ...

    async def strike(self, mail: Mail, due: datetime, *, error: str) -> None:
        """Count a failed attempt and try again at `due`; raises StaleState."""
        ...

    async def bury(self, mail: Mail, *, error: str) -> None:
        """To `dead`, remembering the stage; raises StaleState."""
        ...

    async def revive(self, mail: Mail, to: MailStage, due: datetime) -> Mail:
        """From the end state `dead` or `held` back to work; raises StaleState."""
        ...

    async def waive(self, mail_id: int, rule: str, *, actor: str, reason: str, at: datetime) -> None:
        """A person takes it on himself that `rule` does not hold this mail."""
        ...

    async def keep_parsed(self, mail_id: int, parsed: ParsedMail) -> None:
        """Keep what parse found, replacing an earlier try."""
        ...

    async def keep_facts(self, facts: Sequence[FileFacts]) -> None:
        """Keep the facts of files, by content. Those of a file that was not opened never replace others."""
        ...

    async def keep_scans(self, scans: Mapping[str, Scan], at: datetime) -> None:
        """Keep scans by the SHA-256 of what was scanned, except where newer signatures have judged it already."""
        ...

    async def outage(self, service: str) -> Outage | None:
        """The outage of a service that lasts, kept so until the unit ends."""
        ...

    async def keep_outage(self, outage: Outage) -> None:
        """Note that a service is away, or that people were told of it."""
        ...

    async def end_outage(self, service: str) -> None:
        """The service is back."""
        ...

    async def keep_authentication(self, mail_id: int, authentication: Authentication) -> None:
        """Keep what was found out about the sender, replacing an earlier try."""
        ...

    async def decide_parts(self, mail_id: int, decisions: Mapping[str, PartDecision]) -> None:
        """Note for parts, by path, what the grouping made of them."""
        ...

    async def keep_verdict(self, mail_id: int, verdict: Verdict) -> None:
        """Keep the verdict, replacing an earlier one."""
        ...

    async def register(
        self,
        mail: Mail,
        entry: Entry,
        registered_at: datetime,
        year: int,
        sender: str,
        *,
        answer_to: str | None,
        submission: Submission | None = None,
    ) -> Document:
        """Give the next number and enter what `sender` brought; raises AlreadyRegistered, which must undo the unit.

        `answer_to` is the proved address that hears of it from now on.
        """
        ...

    async def link_repeat(self, mail_id: int, document_id: int) -> None:
        """Note that the mail brought this document again."""
        ...

    async def docket(self, document_id: int) -> Docket:
        """A document with its work as it stands, kept so until the unit ends; raises KeyError."""
        ...

    async def keep_docket(
        self,
        before: Docket,
        after: Docket,
        *,
        actor: str,
        at: datetime,
        identity: tuple[str | None, str | None] | None = None,
    ) -> Docket:
        """Write what differs, compare-and-set on the revision, and return it as it stands then; raises StaleState.

        Of corrected register fields the old values are kept with who and when. `identity` is given where they change
        by what the document is known again: its new identity key and identifier key, as in Entry. Raises
        AlreadyRegistered, which must undo the unit, where another document has that identity.
        """
        ...

    async def forwarded_as(self, token: str) -> Docket | None:
        """The docket one of whose forwardings has this tracking token, kept as `docket` does; None for no such."""
        ...

    async def give_token(self, token: ThreadToken) -> None:
        """Keep a new token."""
        ...

    async def token(self, token: str) -> ThreadToken | None:
        """A token as it stands, kept so until the unit ends; None for one that was never given."""
        ...

    async def use_token(self, token: ThreadToken, at: datetime) -> None:
        """Note that it served for what is not done twice; raises StaleState where it had served already."""
        ...

    async def take_orders(self, mail_id: int, document_id: int | None, keys: Sequence[str]) -> bool:
        """Claim the orders in a mail by all its keys; false, with nothing claimed, where one is known already."""
        ...

    async def set_timer(self, document_id: int, timer: Timer) -> None:
        """Set it, or move the one of its kind and subject, fired or not."""
        ...

    async def cancel_timers(self, document_id: int, kinds: Sequence[TimerKind], subject: str | None = None) -> None:
        """Drop those that have not fired; of every subject, if none is given."""
        ...

    async def fire(self, timer: DueTimer, at: datetime) -> None:
        """Mark it as fired; raises StaleState where it has fired, moved or gone."""
        ...

    async def postpone_timer(self, timer: DueTimer, due: datetime) -> None:
        """Look again at `due`; harmless where it has fired, moved or gone."""
        ...

    async def collect(self, notice: OwedNotice, at: datetime, due: datetime) -> bool:
        """Owe it for `due`, or add its documents to the same notice that is still owed; false where that is made."""
        ...

    async def link_copy(self, envelope: Envelope, mail_id: int, at: datetime) -> None:
        """Note that this delivery brought the very bytes of a mail that is known already."""
        ...

    async def keep_seal(self, seal: Seal) -> None:
        """Keep that a mail is sealed, replacing an earlier seal."""
        ...

    async def is_destroyed(self, mail_id: int) -> bool:
        """Whether the content of a mail was destroyed; kept so until the unit ends."""
        ...

    async def destroy(self, mail: Mail, cause: DestructionCause, at: datetime) -> None:
        """Delete every row that tells of the content, and owe the removal of its bytes and of its copies in mailboxes.

        Notices about the mail that are not sent yet never will be. Raises ValueError where it brought documents.
        """
        ...

    async def owe_removal(self, mail_id: int, trace: Trace, name: str, at: datetime) -> None:
        """Owe the removal of one trace, once."""
        ...

    async def has_remainders(self, mail_id: int) -> bool:
        """Whether anything of a mail is still to be removed."""
        ...

    async def removed(self, remainder: Remainder) -> None:
        """The trace is gone."""
        ...

    async def postpone_removal(self, remainder: Remainder, due: datetime, error: str) -> None:
        """It could not be removed: try again at `due`."""
        ...

    async def restore(self, mail_id: int, actor: str, at: datetime) -> None:
        """The content is back because `actor` opened the seal; nothing is owed to its removal any more."""
        ...

    async def file_on_thread(self, mail_id: int, notices: Sequence[int]) -> None:
        """Note that a mail answers these notices of ours."""
        ...

    async def owe(self, notice: OwedNotice, at: datetime, due: datetime | None = None) -> bool:
        """Put a notice into the outbox, to be made at `due`; the same Message-ID twice is one: false for the second."""
        ...

    async def count_notices(self, recipient: str, kinds: Sequence[NoticeKind], since: datetime) -> tuple[int, int]:
        """How many notices of these kinds this recipient, and everybody of his domain, was owed after that moment."""
        ...

    async def notice(self, notice_id: int) -> Notice:
        """A notice as it stands, kept so until the unit ends; raises KeyError."""
        ...

    async def notice_reported(
        self, notice: Notice, mail_id: int, reported: RecipientReport, at: datetime, *, to: DeliveryState
    ) -> None:
        """Keep a report with the mail that brought it, and set how far the notice came. Raises StaleState."""
        ...

    async def address_score(self, address: str) -> tuple[float, datetime] | None:
        """How badly mail to an address fared, and when that was noted; kept so until the unit ends."""
        ...

    async def score_address(self, address: str, score: float, at: datetime) -> None:
        """Set how badly mail to an address fares; see gateway.policy.delivery."""
        ...

    async def notice_ready(
        self, notice: Notice, rendered: StoredBlob, at: datetime, *, attached: Sequence[str] = ()
    ) -> Notice:
        """From `owed` to `ready`, with the SHA-256 of the files inside; raises StaleState."""
        ...

    async def notice_unmade(self, notice: Notice, at: datetime) -> Notice:
        """From `ready` back to `owed`, to be made anew; raises StaleState."""
        ...

    async def notice_attempt(
        self, notice: Notice, result: DeliveryResult, at: datetime, *, to: NoticeStage, due: datetime
    ) -> None:
        """Record one attempt and move from `ready` to `to`, which may be `ready` again; raises StaleState."""
        ...

    async def notice_failed(self, notice: Notice, error: str) -> None:
        """From any open stage to `failed`; raises StaleState."""
        ...

    async def notice_postponed(self, notice: Notice, due: datetime, error: str) -> None:
        """Count a failed try to render and try again at `due`; raises StaleState."""
        ...

    async def notice_retry(self, notice: Notice, due: datetime) -> None:
        """Send again what failed, or what the relay took and was reported as failed; raises StaleState.

        Attempts are at zero then and the delivery is not known.
        """
        ...

    async def replace_directory(self, directory: Directory) -> None:
        """These are the parties and absences from now on, and no others."""
        ...

    async def record(self, event: NewEvent, at: datetime) -> None:
        """Append to the journal when the unit commits."""
        ...


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

    async def waived(self, mail_id: int) -> frozenset[str]:
        """The rules waived for a mail."""
        ...

    async def verdict(self, mail_id: int) -> Verdict | None:
        """The verdict, or None before."""
        ...

    async def registered_as(self, content_key: str, identifier_key: str | None) -> list[Document]:
        """The documents with this content, or with this number and notation, by number of arrival."""
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
        self, traces: Sequence[Trace], limit: int, *, due: datetime | None = None, mail_id: int | None = None
    ) -> list[Remainder]:
        """What is still to be removed, the oldest first: of one mail, due by a moment, where these are given."""
        ...

    async def wipe(self, tables: Sequence[str], since: datetime) -> bool:
        """Make the files of these tables hold nothing of rows that were deleted at `since`; false where not yet."""
        ...

    async def accepted_since(self, since: datetime) -> list[Acceptance]:
        """What was accepted from outside since then, oldest first; over IMAP no sender is known of it."""
        ...


class TrackingQueries(Protocol):
    """What the tracking page asks of the store; it only reads (promise 7)."""

    async def by_token(self, token: str) -> TrackedDocument | None:
        """The document whose tracking link, or that of one of its forwardings, bears `token`; or None."""
        ...

    async def files_of(self, token: str) -> PersonalFiles | None:
        """The files that a personal link opens; None for one that was never given."""
        ...


class Counter(Protocol):
    """What the holder of a link may do on its page; the same acts as by reply."""

    async def acknowledge(self, token: str, name: str) -> bool:
        """Note that `name` says that the submission behind `token` was received; true also where it was noted before.

        False where the token is not that of a forwarding.
        """
        ...

    async def seen(self, token: str, *, by_person: bool) -> None:
        """Note that the page of a forwarding was asked for. It acknowledges nothing and changes no document."""
        ...

    async def kept_back(self, sha256: str, document: Document) -> ScanVerdict | None:
        """The verdict, by the signatures of now, for which a registered file may not leave; None where it may.

        Raises TemporaryError while none can be had, KeyError where there is no such document.
        """
        ...


class HealthSource(Protocol):
    """Looks at the gateway's own state."""

    async def health(self) -> Health:
        """Never fails: a look that did not come to an end is a check that is not ok."""
        ...
