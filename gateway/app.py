"""Composition: the one place where settings become a working office."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass

from gateway.adapters.clamd import ClamdScanner
from gateway.adapters.maildir_out import MaildirSender
from gateway.adapters.render import JinjaRenderer
from gateway.adapters.sandbox import Sandbox
from gateway.adapters.smtp_out import RelaySender, RelayTimeouts
from gateway.clock import Clock, SystemClock
from gateway.ports import Scanner, Sender
from gateway.settings import Settings
from gateway.shipped import shipped
from gateway.store.blobs import LocalBlobs
from gateway.store.database import Database
from gateway.store.queries import Queries
from gateway.store.sqlstore import SqlStore
from gateway.workers import SandboxedInspector, SandboxedParser, prepare
from handlers.bell import Bell
from handlers.desk import Correspondence, Desk
from handlers.rush import Rush

MAIL_OVERHEAD = 2
"""A scan may meet a raw mail or a part decoded from it: neither is larger than this times the message limit."""


@dataclass(frozen=True, slots=True)
class Office:
    """Everything that is open while the gateway works."""

    settings: Settings
    desk: Desk
    queries: Queries
    blobs: LocalBlobs
    sandbox: Sandbox
    bell: Bell


def sandbox_of(settings: Settings) -> Sandbox:
    """The pool of worker processes; none is started yet."""
    limits = settings.sandbox
    return Sandbox(
        limits.workers,
        limits.memory,
        limits.timeout.total_seconds(),
        limits.tasks_per_worker,
        prepare=prepare,
        prepare_args=(settings.anchors, settings.document_types),
    )


def scanner_of(settings: Settings, clock: Clock) -> ClamdScanner:
    """The scanner of the configuration."""
    section = settings.scanner
    return ClamdScanner(
        section.addresses(),
        section.timeout.total_seconds(),
        MAIL_OVERHEAD * settings.mail.max_message,
        max_signature_age=section.max_signature_age,
        clock=clock,
    )


def sender_of(settings: Settings) -> MaildirSender | RelaySender:
    """The way out: a relay, or a Maildir."""
    relay = settings.relay
    if relay.maildir is not None:
        return MaildirSender(relay.maildir)
    if relay.host is None:
        raise ValueError("the settings name neither a relay nor a Maildir")
    return RelaySender(
        relay.host,
        relay.port,
        helo=settings.smtp.hostname,
        tls=relay.tls.value,
        username=relay.username,
        password=relay.password.reveal if relay.password else None,
        ca_file=relay.ca_file.path() if relay.ca_file else None,
        connections=relay.connections,
        timeouts=RelayTimeouts(attempt=relay.timeout.total_seconds()),
    )


def renderer_of(settings: Settings, clock: Clock) -> JinjaRenderer:
    """The maker of notices, in the agency's name."""
    return JinjaRenderer(
        shipped("templates") / "mail",
        agency=settings.agency.record(),
        sender=settings.mail.from_address,
        sender_name=settings.mail.from_name,
        instance=settings.smtp.hostname,
        public_url=settings.web.public_url,
        books={settings.book.code: settings.book.name},
        clock=clock,
    )


def correspondence_of(settings: Settings) -> Correspondence:
    """Whom the gateway writes to. Notices leave with the null reverse-path: a bounce of one answers nobody."""
    mail, relay = settings.mail, settings.relay
    return Correspondence(
        clerks=mail.clerks,
        own_addresses=frozenset(mail.recipients),
        message_domain=mail.domain,
        envelope_sender="",
        retry=relay.retry,
        give_up_after=relay.give_up_after,
        attach_up_to=mail.attach_up_to,
    )


@asynccontextmanager
async def open_office(
    settings: Settings,
    *,
    scanner: Scanner | None = None,
    sender: Sender | None = None,
    clock: Clock | None = None,
) -> AsyncIterator[Office]:
    """Open store, blobs and workers, and close them again; the database must be migrated.

    `scanner` and `sender` take the place of those in the settings.
    """
    clock = clock or SystemClock()
    async with AsyncExitStack() as opened:
        database = Database(settings.store.url())
        opened.push_async_callback(database.close)
        blobs = LocalBlobs(settings.store.blobs)
        opened.callback(blobs.close)
        if scanner is None:
            scanner = scanner_of(settings, clock)
            opened.callback(scanner.close)
        if sender is None:
            sender = sender_of(settings)
            if isinstance(sender, RelaySender):
                opened.push_async_callback(sender.close)
        sandbox = sandbox_of(settings)
        opened.push_async_callback(sandbox.close)
        bell = Bell()
        desk = Desk(
            store=SqlStore(database, settings.book.first_numbers()),
            blobs=blobs,
            parser=SandboxedParser(sandbox, settings.smtp.hostname),
            inspector=SandboxedInspector(sandbox),
            scanner=scanner,
            renderer=renderer_of(settings, clock),
            sender=sender,
            clock=clock,
            formats=settings.formats,
            correspondence=correspondence_of(settings),
            incoming_book=settings.book.code,
            wake=bell.ring,
            rush=Rush(),
        )
        yield Office(settings, desk, Queries(database), blobs, sandbox, bell)
