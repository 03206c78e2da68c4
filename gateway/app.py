"""Composition: the one place where settings become a working office."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from gateway.adapters.clamd import ClamdScanner
from gateway.adapters.mail_auth import DkimSigner, Resolver, SenderAuthenticator
from gateway.adapters.maildir_out import MaildirSender
from gateway.adapters.render import JinjaRenderer
from gateway.adapters.sandbox import Sandbox
from gateway.adapters.smtp_out import RelaySender, RelayTimeouts
from gateway.clock import Clock, SystemClock
from gateway.inspecting import inspecting
from gateway.model.archive import ArchiveLimits
from gateway.policy.acts import WorkRules
from gateway.ports import Scanner, Sender
from gateway.receipts import receipts_of
from gateway.sealing import sealer_of
from gateway.settings import Settings
from gateway.shipped import shipped
from gateway.store.blobs import LocalBlobs
from gateway.store.database import Database
from gateway.store.queries import Queries
from gateway.store.sqlstore import SqlStore
from gateway.workers import SandboxedParser, SandboxedVerifier, prepare
from handlers.admission import WINDOW, Admission, Limits
from handlers.bell import Bell
from handlers.desk import Correspondence, Desk, Senders, Work
from handlers.rush import Rush

MAIL_OVERHEAD = 2
"""A scan may meet a raw mail or a part decoded from it: neither is larger than this times the message limit."""
_FILES_A_MAIL = 10
"""All files of a mail together may take so many times as long as one file."""


@dataclass(frozen=True, slots=True)
class Office:
    """Everything that is open while the gateway works."""

    settings: Settings
    desk: Desk
    queries: Queries
    blobs: LocalBlobs
    sandbox: Sandbox
    bell: Bell


def sandbox_of(settings: Settings, *writable: Path) -> Sandbox:
    """The pool of worker processes, which write below the folders `writable` only; none is started yet."""
    limits = settings.sandbox
    return Sandbox(
        limits.workers,
        limits.memory,
        limits.timeout.total_seconds(),
        limits.tasks_per_worker,
        prepare=prepare,
        prepare_args=(settings.anchors, settings.signatures.revocation_cache, settings.document_types),
        writable=writable,
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
        books=settings.books.names(),
        clock=clock,
    )


def correspondence_of(settings: Settings) -> Correspondence:
    """Whom the gateway writes to, and as whom."""
    mail, relay = settings.mail, settings.relay
    return Correspondence(
        clerks=mail.clerks,
        it=mail.it_staff,
        officers=settings.secrecy.officers,
        own_addresses=frozenset(mail.recipients),
        message_domain=mail.domain,
        return_path=mail.reverse_path,
        reply_to=mail.reply_to,
        answers_per_day=mail.answers_per_day,
        retry=relay.retry,
        warn_after=relay.warn_after,
        give_up_after=relay.give_up_after,
        attach_up_to=mail.attach_up_to,
    )


def work_of(settings: Settings) -> Work:
    """How documents are worked on by reply."""
    work, submissions = settings.work, settings.submissions
    rules = WorkRules(
        handle_within=work.handle_within,
        remind_before=work.remind_before,
        acknowledge_within=submissions.acknowledge_within,
        submissions_to=submissions.recipient,
        types=settings.document_types,
        approval_required=submissions.approval,
    )
    return Work(
        calendar=settings.calendar,
        rules=rules,
        submissions=settings.submission_words,
        paper=settings.paper,
        token_valid=work.token_valid,
        fresh=work.fresh,
        confirm_valid=work.confirm_valid,
        links_valid=work.links_valid,
        digest_after=work.digest_after,
        forward_up_to=submissions.attach_up_to,
    )


def authenticator_of(settings: Settings, sandbox: Sandbox) -> SenderAuthenticator:
    """The judge of senders; what mails bring is verified in workers, what DNS says is asked for here."""
    section = settings.senders
    resolver = Resolver(section.nameservers, section.dns_timeout.total_seconds())
    return SenderAuthenticator(
        resolver, section.trusted_authserv, SandboxedVerifier(sandbox).verify, section.front_servers
    )


class ThreadedSigner:
    """Implements ports.Signer: a signature over a large mail takes longer than the loop may stop for."""

    def __init__(self, signer: DkimSigner) -> None:
        self._signer = signer

    async def sign(self, content: bytes) -> bytes:
        """See ports.Signer."""
        return await asyncio.to_thread(self._signer.sign, content)


def signer_of(settings: Settings, clock: Clock) -> ThreadedSigner | None:
    """The signature on our own mail, None where no key is set; raises SettingsError for one that cannot be used."""
    section = settings.dkim
    if section.key is None:
        return None
    return ThreadedSigner(DkimSigner(section.domain, section.selector, section.key.reveal().encode(), clock))


def archives_of(settings: Settings) -> ArchiveLimits | None:
    """How far archives are opened, None where they are not."""
    section = settings.archives
    if not section.open:
        return None
    return ArchiveLimits(section.max_depth, section.max_members, section.max_unpacked, section.max_ratio)


def admission_of(settings: Settings) -> Admission:
    """The hourly limits, nothing counted yet."""
    section = settings.limits
    return Admission(Limits(section.sender_mails, section.sender_bytes, section.total_mails, section.total_bytes))


@asynccontextmanager
async def open_office(
    settings: Settings,
    *,
    scanner: Scanner | None = None,
    sender: Sender | None = None,
    sandbox: Sandbox | None = None,
    clock: Clock | None = None,
) -> AsyncIterator[Office]:
    """Open store, blobs and workers, and close them again; the database must be migrated.

    `scanner`, `sender` and `sandbox` take the place of those in the settings, and are not closed.
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
        if sandbox is None:
            sandbox = sandbox_of(settings, blobs.opened)
            opened.push_async_callback(sandbox.close)
        bell = Bell()
        store, admission = SqlStore(database, settings.books.first_numbers()), admission_of(settings)
        admission.resume(await store.accepted_since(clock.now() - WINDOW))
        desk = Desk(
            store=store,
            blobs=blobs,
            parser=SandboxedParser(sandbox, settings.smtp.hostname, archives_of(settings)),
            authenticator=authenticator_of(settings, sandbox),
            inspector=await opened.enter_async_context(inspecting(settings, sandbox, clock)),
            scanner=scanner,
            sealer=sealer_of(settings, clock),
            renderer=renderer_of(settings, clock),
            signer=signer_of(settings, clock),
            receipts=receipts_of(settings, clock),
            sender=sender,
            clock=clock,
            content=settings.content,
            correspondence=correspondence_of(settings),
            senders=Senders(settings.senders.unknown == "accept", settings.senders.patience),
            work=work_of(settings),
            admission=admission,
            books=settings.books,
            inspect_within=_FILES_A_MAIL * settings.sandbox.timeout,
            wake=bell.ring,
            rush=Rush(),
        )
        yield Office(settings, desk, Queries(database), blobs, sandbox, bell)
