"""The world outside, as protocols: files, workers, scanner, relay. Adapters and the store implement them."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from contextlib import AbstractAsyncContextManager
from pathlib import Path
from typing import Protocol

from gateway.model.authentication import Authentication, SenderClaims
from gateway.model.document import Document
from gateway.model.facts import Engine, FileFacts, Scan
from gateway.model.journal import JournalHead
from gateway.model.mail import Envelope, Mail, StoredBlob
from gateway.model.notice import DeliveryResult, Outgoing
from gateway.model.part import ParsedMail
from gateway.model.seal import Sealing
from gateway.model.signature import SignatureCarrier
from gateway.ports.notices import NoticeContext


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

    async def inspect_carrier(self, carrier: SignatureCarrier) -> FileFacts:
        """The signatures in a part that signs others, as facts of that part. Never fails, as `inspect`."""
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


class ReceiptMaker(Protocol):
    """Makes receipts that hold as evidence: signed with the gateway's own certificate."""

    async def make(self, document: Document, mail: Mail, head: JournalHead, *, paper: str = "") -> bytes:
        """The receipt as a signed PDF for a document that `mail` brought; raises ReceiptFailure.

        `head` is the end of the journal by now, `paper` what is owed on paper, as a sentence.
        """
        ...
