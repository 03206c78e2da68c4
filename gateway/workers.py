"""The jobs that run inside worker processes, and the ports that send foreign bytes there."""

from __future__ import annotations

import asyncio
import errno
import hashlib
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from gateway.adapters.active import PartlyExamined, examine
from gateway.adapters.archive import ArchiveOpener
from gateway.adapters.archive import load as load_libarchive
from gateway.adapters.archive import locked as locked_archive
from gateway.adapters.edxml import read_exchange
from gateway.adapters.filetype import contradictions, locked, sniff
from gateway.adapters.mail_auth import DkimKeys, verify_dkim
from gateway.adapters.mime import parse_mail
from gateway.adapters.sandbox import Sandbox
from gateway.adapters.text import read_text
from gateway.errors import GatewayError, SandboxFailure, StorageFull
from gateway.model.archive import ArchiveLimits
from gateway.model.authentication import DkimCheck
from gateway.model.facts import ActiveContent, FileFacts
from gateway.model.header import HeaderFields
from gateway.model.page import FileText
from gateway.model.part import ParsedMail
from gateway.model.receipt import ReceiptReading
from gateway.model.signature import Proof, Signature, SignatureCarrier
from gateway.model.stamp import Stamp, Stamped
from gateway.policy.header.marks import FoundMarks, find_marks
from gateway.policy.header.reader import read_header
from gateway.policy.header.sign import CHECK as SECRECY
from gateway.policy.header.types import DocumentTypes

if TYPE_CHECKING:
    from gateway.adapters.signatures import CurrentAnchors

T = TypeVar("T")
Signed = tuple[tuple[Signature, ...], tuple[Proof, ...]]

PDF = "application/pdf"
OFFICE = "application/vnd.openxmlformats-officedocument."
WITH_MACROS = "macroenabled"
KEPT_TEXT = 1_000_000
_NO_ROOM = frozenset({errno.ENOSPC, errno.EDQUOT})
_OF_ANOTHER = "tiến trình kiểm tra trả về kết quả của tệp khác"
_DAMAGED = "tệp hỏng hoặc có cấu trúc không đọc được"
_OF_NO_FILE = "chữ ký không khớp với tệp nào trong thư, hoặc tệp đã bị thay đổi sau khi ký"
_BY_NOBODY = "tệp chữ ký không có chữ ký của ai"
_PERHAPS_MARKED = "có thể có dấu chỉ độ mật"


class _Loaded:
    """What every job of this worker needs, loaded once by `prepare`."""

    anchors: CurrentAnchors
    types: DocumentTypes


def prepare(anchors: Path, revocations: Path | None, types: DocumentTypes) -> None:
    """Load the trust anchors and the slow libraries before the first job.

    `revocations` is the folder where lists and answers are kept that were asked for.
    """
    import kreuzberg  # noqa: F401 - loaded here so that no document waits for it
    import pypdfium2  # noqa: F401

    from gateway.adapters.signatures import CurrentAnchors

    load_libarchive()
    _Loaded.anchors = CurrentAnchors(anchors, revocations)
    _Loaded.types = types


def parse_job(raw: Path, scratch: Path, own_instance: str, limits: ArchiveLimits | None) -> ParsedMail | None:
    """Take a mail apart; see `parse_mail`. None where there is no room on the disk for its parts.

    Archives are opened within `limits`, and not at all where there are none.
    """
    for half_written in scratch.iterdir():  # by a worker that died over it
        half_written.unlink()
    archives = ArchiveOpener(limits) if limits else None
    try:
        return parse_mail(
            raw,
            scratch,
            true_type,
            own_instance=own_instance,
            archives=archives,
            read_exchange=read_exchange,
            holds_more=holds_more,
        )
    except OSError as error:
        if error.errno in _NO_ROOM:
            return None
        raise


def true_type(content: Path) -> str:
    """The type that a file's content tells, marked where a password or key keeps what is inside from everybody."""
    media_type = sniff(content)
    closed = locked(content, media_type) or locked_archive(content, media_type)
    return f"{media_type}; encrypted=yes" if closed else media_type


def holds_more(picture: Path, media_type: str) -> bool:
    """Whether a picture is more than one: another file too, or one that overwhelms; true where nobody can tell."""
    try:
        return bool(contradictions(picture, media_type) or examine(picture, media_type))
    except (MemoryError, OSError):
        raise
    except Exception:  # noqa: BLE001 - foreign bytes: what cannot be read is looked at as a document
        return True


def sniff_job(content: Path) -> str:
    """The true type of a file; see `true_type`."""
    return true_type(content)


def inspect_job(content: Path, sha256: str, media_type: str) -> FileFacts:
    """All facts of one file. One check's failure leaves the others standing."""
    unknown: dict[str, str] = {}

    def attempt(check: str, work: Callable[[], T], otherwise: T) -> T:
        try:
            return work()
        except MemoryError:
            raise
        except GatewayError as error:
            unknown[check] = str(error)
            return otherwise
        except Exception:  # noqa: BLE001 - foreign bytes: whatever goes wrong, it is not known
            unknown[check] = _DAMAGED
            return otherwise

    text = attempt("text", lambda: read_text(content, media_type), FileText())
    header = attempt("header", lambda: read_header(text.pages, _Loaded.types), HeaderFields())
    found = attempt(
        "header", lambda: find_marks(text.pages, text.margins, text.stamps, text.first_stamps), FoundMarks()
    )
    if found.doubtful:
        unknown[SECRECY] = _PERHAPS_MARKED
    nothing_active: tuple[ActiveContent, ...] = ()
    active = attempt("active", lambda: _examined(content, media_type, unknown), nothing_active)
    active += attempt("active", lambda: contradictions(content, media_type), nothing_active)
    unsigned: Signed = ((), ())
    signatures, proofs = (
        attempt("signatures", lambda: _signatures(content, media_type), unsigned) if not text.encrypted else unsigned
    )
    return FileFacts(
        sha256=sha256,
        size=content.stat().st_size,
        type=media_type,
        pages=text.page_count,
        text=text.text[:KEPT_TEXT],
        encoding=text.encoding,
        marks=found.marks,
        header=header,
        signatures=signatures,
        encrypted=text.encrypted,
        active=active,
        notes=text.notes,
        unknown=unknown,
        proofs=proofs,
    )


def _signatures(content: Path, media_type: str) -> Signed:
    from gateway.adapters.signatures import validate_package, validate_signatures

    if media_type == PDF:
        return validate_signatures(content, _Loaded.anchors.now())
    if media_type.startswith(OFFICE) or WITH_MACROS in media_type:
        return validate_package(content, _Loaded.anchors.now())
    return (), ()


def _examined(content: Path, media_type: str, unknown: dict[str, str]) -> tuple[ActiveContent, ...]:
    """What could run, as far as the file could be read; where that is not all of it, the check is not done."""
    try:
        return examine(content, media_type)
    except PartlyExamined as partly:
        unknown["active"] = str(partly)
        return partly.found


def carrier_job(carrier: SignatureCarrier) -> FileFacts:
    """The signatures that stand beside or around what they sign (RFC 5652, RFC 8551)."""
    unknown: dict[str, str] = {}
    signatures: tuple[Signature, ...] = ()
    proofs: tuple[Proof, ...] = ()
    try:
        signatures, proofs = _carried(carrier)
        if not signatures:
            unknown["signatures"] = _BY_NOBODY
    except MemoryError:
        raise
    except GatewayError as error:
        unknown["signatures"] = str(error)
    except Exception:  # noqa: BLE001 - foreign bytes: whatever goes wrong, it is not known
        unknown["signatures"] = _DAMAGED
    return FileFacts(
        carrier.sha256,
        carrier.content.stat().st_size,
        carrier.media_type,
        signatures=signatures,
        proofs=proofs,
        unknown=unknown,
    )


def _carried(carrier: SignatureCarrier) -> Signed:
    from gateway.adapters.signatures import (
        enclosed,
        may_be_signed,
        validate_detached,
        validate_enveloping,
        validate_mail,
    )

    if carrier.raw is not None:
        return validate_mail(carrier.raw, _Loaded.anchors.now())
    if not carrier.files:
        found, proofs = validate_enveloping(carrier.content, _Loaded.anchors.now())
        inside = hashlib.sha256(enclosed(carrier.content)).hexdigest()
        return tuple(replace(each, covers=(inside,)) for each in found), proofs
    likely = set(may_be_signed(carrier.content, [file.content for file in carrier.files]))
    tried: list[Signed] = []
    for file in (file for file in carrier.files if file.content in likely):
        signatures, proofs = validate_detached(carrier.content, file.content, _Loaded.anchors.now())
        if any(signature.intact for signature in signatures):
            return tuple(replace(each, covers=(file.sha256,)) for each in signatures), proofs
        tried.append((signatures, proofs))
    found, proofs = tried[0]
    return tuple(
        replace(each, covers=(), cause=_OF_NO_FILE if each.intact is False else each.cause) for each in found
    ), proofs


def stamp_job(source: Path, media_type: str, output: Path, stamp: Stamp, fonts: Path) -> Stamped:
    """Draw the arrival stamp on a copy of page 1; see `stamp_copy`."""
    from gateway.adapters.papers.stamp import stamp_copy

    return stamp_copy(source, media_type, output, stamp, fonts)


def read_receipt_job(content: Path, certificates: tuple[bytes, ...]) -> ReceiptReading:
    """Read what is said to be one of our receipts; see `read_receipt`."""
    from gateway.adapters.papers.read import read_receipt

    return read_receipt(content, certificates)


class SandboxedParser:
    """Implements ports.MailParser."""

    def __init__(self, sandbox: Sandbox, own_instance: str, archives: ArchiveLimits | None = None) -> None:
        """`own_instance` is the name by which our own notices are known when they come back.

        `archives` says how far archives are opened; without it none is.
        """
        self._sandbox = sandbox
        self._own_instance = own_instance
        self._archives = archives

    async def parse(self, raw: Path, scratch: Path) -> ParsedMail:
        """See ports.MailParser."""
        parsed = await self._sandbox.run(parse_job, raw, scratch, self._own_instance, self._archives)
        if parsed is None:
            raise StorageFull("no room for the parts of a mail")
        return parsed


class SandboxedVerifier:
    """Verifies the DKIM signatures of a mail with keys that were looked up before."""

    def __init__(self, sandbox: Sandbox) -> None:
        self._sandbox = sandbox

    async def verify(self, raw: Path, keys: DkimKeys) -> tuple[DkimCheck, ...]:
        """See `verify_dkim`; raises SandboxFailure where the mail broke its worker."""
        return await self._sandbox.run(verify_dkim, raw, keys)


class SandboxedInspector:
    """Implements ports.Inspector."""

    def __init__(self, sandbox: Sandbox) -> None:
        self._sandbox = sandbox

    async def inspect(self, content: Path, sha256: str, media_type: str) -> FileFacts:
        """See ports.Inspector."""
        octets = (await asyncio.to_thread(content.stat)).st_size
        try:
            facts = await self._sandbox.run(inspect_job, content, sha256, media_type)
        except SandboxFailure as failure:
            return FileFacts(sha256, octets, media_type, unknown={"inspection": str(failure)})
        if (facts.sha256, facts.size, facts.type) != (sha256, octets, media_type):
            return FileFacts(sha256, octets, media_type, unknown={"inspection": _OF_ANOTHER})
        return facts

    async def inspect_carrier(self, carrier: SignatureCarrier) -> FileFacts:
        """See ports.Inspector."""
        try:
            facts = await self._sandbox.run(carrier_job, carrier)
        except SandboxFailure as failure:
            octets = (await asyncio.to_thread(carrier.content.stat)).st_size
            return FileFacts(carrier.sha256, octets, carrier.media_type, unknown={"signatures": str(failure)})
        return replace(facts, sha256=carrier.sha256, type=carrier.media_type)
