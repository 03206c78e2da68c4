"""What one transaction can change, as a protocol. The store implements it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from typing import Protocol

from gateway.model.authentication import Authentication
from gateway.model.day_close import DayClose
from gateway.model.directory import Directory
from gateway.model.docket import Docket, Submission
from gateway.model.document import Document, Entry, Link
from gateway.model.facts import FileFacts, Scan
from gateway.model.issued import Issued
from gateway.model.journal import NewEvent
from gateway.model.mail import Envelope, Mail, MailStage, StoredBlob
from gateway.model.notice import DeliveryResult, Notice, NoticeKind, NoticeStage, OwedNotice
from gateway.model.outage import Outage
from gateway.model.paper import NOT_DECIDED, Paper
from gateway.model.part import ParsedMail, PartDecision
from gateway.model.report import DeliveryState, RecipientReport
from gateway.model.seal import DestructionCause, Remainder, Seal, Trace
from gateway.model.timer import DueTimer, Timer, TimerKind
from gateway.model.token import ThreadToken
from gateway.model.verdict import Verdict


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

    async def decide_parts(self, mail_id: int, decisions: Mapping[str, tuple[PartDecision, str]]) -> None:
        """Note for parts, by path, what the grouping made of them, and why in Vietnamese."""
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
        paper: Paper = NOT_DECIDED,
    ) -> Document:
        """Give the next number and enter what `sender` brought; raises AlreadyRegistered, which must undo the unit.

        `answer_to` is the proved address that hears of it from now on, `paper` whether a paper copy goes with it.
        """
        ...

    async def issue(
        self, book: str, numbered: Callable[[int], Issued], at: datetime, year: int, sender: str
    ) -> Document:
        """Give the next number of an outgoing book and enter what `numbered` makes of that number, as ISSUED.

        What `numbered` raises undoes the unit, as AlreadyRegistered must.
        """
        ...

    async def link(self, links: Sequence[Link]) -> None:
        """Note how documents stand to older ones; the same twice is once."""
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

        The evidence of the header after is kept beside that of other fields. An entry that becomes VOIDED stands for
        its document no more: that one may be entered again. Of corrected register fields the old values are kept with
        who and when. `identity` is given where they change by what the document is known again: its new identity key
        and identifier key, as in Entry. Raises AlreadyRegistered, which must undo the unit, where another document has
        that identity.
        """
        ...

    async def answered_by(self, document_id: int) -> Sequence[Docket]:
        """The dockets of the documents that this one answers, kept as `docket` does."""
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

        Notices about the mail that are not sent yet never will be, but for alarms, which quote nothing of it. Raises
        ValueError where it brought documents.
        """
        ...

    async def entomb(self, document: Document, note: str, at: datetime) -> tuple[str, ...]:
        """Clear what a recalled document says from the register, and destroy what it came in; the SHA-256 of that.

        Its row keeps number, book, year, days, number and notation, type and issuer, with `note` and `purged_at`, and
        stands for its document no more. The mail that brought it, and each that brought it again, is destroyed as by
        `destroy`, but for the files of other documents and what the register says of those. Notices that speak of it
        alone are not sent any more. Raises LookupError for a document that came by no mail.
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

    async def close_day(self, day: date, ends: datetime, at: datetime) -> DayClose | None:
        """Close a local day that was over at `ends`; None where it, or a later one, is closed already.

        Counts what was committed until then: nothing else is until this unit ends.
        """
        ...

    async def record(self, event: NewEvent, at: datetime) -> None:
        """Append to the journal when the unit commits."""
        ...
