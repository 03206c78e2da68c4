"""The IMAP mailboxes at work: what they fetch goes to the handlers, how they fare is watched."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Callable, Collection, Sequence
from contextlib import asynccontextmanager
from datetime import timedelta

from gateway.adapters.imap_in import Deadlines, Login, Mailbox, MailboxOptions, Tls
from gateway.app import Office
from gateway.errors import GatewayError
from gateway.log import logger
from gateway.model.mail import Envelope, StoredBlob, Transport
from gateway.model.seal import Remainder
from gateway.observe import Metrics
from gateway.settings import MailboxSection, Settings
from handlers import collect, destroy

log = logger(__name__)

_WATCH_SECONDS = 15.0
_REMOVAL_SECONDS = 5.0
_NO_END = "lần xem đang chạy chưa xong"
"""The reason while none is known: a pass neither succeeded nor failed."""


class WatchedMailbox:
    """What one mailbox is given, and what is known of how it fares. Implements gateway.adapters.imap_in.Receiver.

    It fares well while it is looked through to the end, or a look that lasts (the first one into a full mailbox may
    take hours) brings something new. How long ago that was is measured by `monotonic`, in seconds, which no setting of
    the machine's clock moves.
    """

    def __init__(
        self,
        section: MailboxSection,
        stale_after: timedelta,
        office: Office,
        metrics: Metrics,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self.name = section.name
        self.stale_after = stale_after
        self.reason = _NO_END
        self._monotonic = monotonic
        self._good_at = monotonic()
        self._folder = section.folder
        self._desk = office.desk
        self._metrics = metrics

    def admit(self, sender: str, size: int) -> float:
        """Seconds to wait; 0 counts the mail as taken."""
        wait = collect.admit(sender, size, self._desk)
        if wait:
            self._metrics.put_off.labels(Transport.IMAP.value).inc()
        return wait

    async def accept(self, envelope: Envelope, raw: StoredBlob) -> str:
        """Enter a mail; raises StorageFull, TemporaryError."""
        mail = await collect.take(envelope, raw, self._desk)
        self._metrics.accepted.labels(Transport.IMAP.value).inc()
        return mail.label

    async def taken(self, transport_ids: Sequence[str]) -> Collection[str]:
        """Which of these are entered already."""
        return await self._desk.store.taken(Transport.IMAP, transport_ids)

    async def left(self, uidvalidity: int, uid: int, reason: str) -> None:
        """A mail stays in the mailbox."""
        log.warning("mail left in mailbox", mailbox=self.name, uid=uid, cause=reason)
        await collect.tell_left(self.name, self._folder, uidvalidity, uid, reason, self._desk)

    async def doomed(self, prefix: str) -> Sequence[Remainder]:
        """The mails of this mailbox that are to go from it."""
        return await destroy.copies_in(prefix, self._desk)

    async def removed(self, mail: Remainder, found: int) -> None:
        """One of them is gone."""
        await destroy.copy_removed(mail, found=found, desk=self._desk)

    async def not_removed(self, mail: Remainder, reason: str) -> None:
        """One of them could not be removed."""
        await destroy.copy_left(mail, reason, self._desk)

    def progressed(self) -> None:
        """A pass that lasts goes well so far."""
        self._good_at = self._monotonic()

    def looked(self) -> None:
        """A whole pass succeeded."""
        self._good_at = self._monotonic()
        self.reason = _NO_END

    def failed(self, reason: str) -> None:
        """An attempt failed."""
        self.reason = reason
        log.warning("mailbox not read", mailbox=self.name, cause=reason)

    def age(self) -> timedelta:
        """How long ago a whole pass last succeeded, or one that lasts brought something new."""
        return timedelta(seconds=self._monotonic() - self._good_at)

    async def watch(self) -> None:
        """Tell clerks and IT where the mailbox could not be read for too long; raises TemporaryError."""
        age = self.age()
        if age > self.stale_after:
            await collect.tell_away(self.name, self.reason, self._desk.clock.now() - age, self._desk)


@asynccontextmanager
async def fetching(settings: Settings, office: Office, metrics: Metrics) -> AsyncIterator[tuple[WatchedMailbox, ...]]:
    """All mailboxes of the settings, fetched from and watched while the block lasts.

    What is being taken on leaving is finished.
    """
    watched = tuple(
        WatchedMailbox(section, settings.imap.stale_after, office, metrics) for section in settings.imap.mailboxes
    )
    mailboxes = [
        Mailbox(options_of(section, settings), office.blobs, receiver)
        for section, receiver in zip(settings.imap.mailboxes, watched, strict=True)
    ]
    running = [asyncio.create_task(mailbox.run(), name="mailbox") for mailbox in mailboxes]
    running.append(asyncio.create_task(_keep_watching(watched), name="mailbox watch"))
    running.append(asyncio.create_task(_keep_removing(mailboxes, office), name="mailbox removal"))
    try:
        yield watched
    finally:
        await asyncio.gather(*(mailbox.stop() for mailbox in mailboxes))
        for task in running:
            task.cancel()
        await asyncio.gather(*running, return_exceptions=True)


async def _keep_watching(mailboxes: Sequence[WatchedMailbox]) -> None:
    """Look at each of them every few seconds; whatever one look meets, the others and the next ones go on."""
    while True:
        for mailbox in mailboxes:
            try:
                await mailbox.watch()
            except GatewayError as error:
                log.warning("mailbox not watched", mailbox=mailbox.name, cause=str(error))
            except Exception:
                log.exception("mailbox not watched", mailbox=mailbox.name)
        await asyncio.sleep(_WATCH_SECONDS)


async def _keep_removing(mailboxes: Sequence[Mailbox], office: Office) -> None:
    """Have the mailboxes looked at while copies of destroyed mails lie there, and people told of what stays there."""
    told: set[int] = set()
    while True:
        try:
            copies = {copy.id for copy in await destroy.copies_in("", office.desk)}
            if copies - told:
                for mailbox in mailboxes:
                    mailbox.nudge()
            told = copies
            await destroy.tell_of_copies(office.desk)
        except GatewayError as error:
            log.warning("copies not looked for", cause=str(error))
        except Exception:
            log.exception("copies not looked for")
        await asyncio.sleep(_REMOVAL_SECONDS)


def options_of(section: MailboxSection, settings: Settings) -> MailboxOptions:
    """One mailbox as its adapter takes it; raises SettingsError for a ca_file that cannot be found."""
    imap = settings.imap
    return MailboxOptions(
        name=section.name,
        host=section.host,
        port=section.port,
        username=section.username,
        secret=section.secret.reveal,
        address=section.address,
        max_message_bytes=settings.mail.max_message,
        tls=Tls(section.tls.value),
        ca_file=section.ca_file.path() if section.ca_file else None,
        login=Login(section.login.value),
        folder=section.folder,
        done_folder=section.done_folder or "",
        done_flag=section.done_flag,
        poll=imap.poll.total_seconds(),
        deadlines=Deadlines(
            connect=imap.connect_timeout.total_seconds(),
            command=imap.command_timeout.total_seconds(),
            piece=imap.command_timeout.total_seconds(),
        ),
    )
