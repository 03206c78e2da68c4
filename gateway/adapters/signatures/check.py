"""Every signature of a PDF file, checked against trust anchors without any network."""

from __future__ import annotations

import logging
from contextlib import suppress
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import BinaryIO

from pyhanko.pdf_utils.crypt import AuthStatus, StandardSecurityHandler
from pyhanko.pdf_utils.generic import DictionaryObject, IndirectObject, Reference
from pyhanko.pdf_utils.misc import PdfError
from pyhanko.sign.fields import enumerate_sig_fields
from pyhanko.sign.general import CMSExtractionError
from pyhanko.sign.validation.errors import SignatureValidationError
from pyhanko.sign.validation.pdf_embedded import EmbeddedPdfSignature

from gateway.adapters.signatures.anchors import TrustAnchors
from gateway.adapters.signatures.changes import RevisedReader
from gateway.adapters.signatures.embedded import Document
from gateway.adapters.signatures.holder import one_line
from gateway.adapters.signatures.place import Places, printed_beside
from gateway.adapters.signatures.record import Finding, Judged, recorded
from gateway.adapters.signatures.unsigned import surely_unsigned, without_junk
from gateway.clock import Clock, SystemClock
from gateway.errors import GatewayError
from gateway.model.signature import Carrier, Coverage, Place, Proof, Signature

logging.getLogger("pyhanko").setLevel(logging.CRITICAL + 1)  # its messages quote the stranger's file

SYSTEM_CLOCK = SystemClock()

Field = tuple[str, DictionaryObject, Reference | None]
"""A filled signature field: its full name, its dictionary, and where that stands."""


class UnreadablePdf(GatewayError):
    """The file cannot be searched for signatures: whether there are any is not known. `str()` is Vietnamese."""


def validate_signatures(
    path: Path, anchors: TrustAnchors, clock: Clock = SYSTEM_CLOCK
) -> tuple[tuple[Signature, ...], tuple[Proof, ...]]:
    """The signatures of a PDF file in the order they were made, and what their verdicts rest on. Raises UnreadablePdf.

    () and () where there is none. Certificates are judged at the time of the time stamp, else of signing, else now: a
    certificate that has expired since does not spoil what was signed before. The time of signing is what the signer's
    machine claimed; only `timestamped_at` is another's word for it. Time stamps over the whole document are no
    signatures of anybody and are left out, but prove that those before them existed. Not for use inside an event loop.

    A file whose structure cannot be followed has no signature where nothing in it can be one.
    """
    with path.open("rb") as stream:
        try:
            reader, fields = _signed_fields(stream)
        except UnreadablePdf:
            if _has_none(stream):
                return (), ()
            raise
        judged = _judged(reader, fields, anchors, clock.now()) if fields else []
    places = {number: place for number, (place, _) in enumerate(judged) if place is not None}
    beside = printed_beside(path, places) if places else {}
    signatures = [
        replace(signature, place=place, beside=beside.get(number, ""))
        for number, (place, (signature, _)) in enumerate(judged)
    ]
    return tuple(signatures), tuple(dict.fromkeys(proof for _, (_, proofs) in judged for proof in proofs))


def _judged(
    reader: RevisedReader, fields: list[Field], anchors: TrustAnchors, now: datetime
) -> list[tuple[Place | None, Judged]]:
    """Each signature with where it shows, in the order of the file's history; those that are none come last."""
    places = Places(reader)
    shown: dict[EmbeddedPdfSignature, Place | None] = {}
    wrecks: list[tuple[Place | None, Judged]] = []
    for name, field, reference in fields:
        place = places.of(field, reference)
        try:
            shown[EmbeddedPdfSignature(reader, field, name)] = place
        except MemoryError:
            raise
        except Exception as problem:  # noqa: BLE001 - whatever a forged structure breaks is a fact about one signature
            broken = isinstance(problem, (PdfError, ValueError, CMSExtractionError))
            wrecks.append((place, recorded(_wreck(name, problem, broken=broken), anchors, now)))
    document = Document(reader, list(shown), anchors)
    in_order = sorted(document.signatures, key=lambda signature: signature.signed_revision)
    return [(shown[each], _recorded(document, each, anchors, now)) for each in in_order] + wrecks


def _recorded(document: Document, embedded: EmbeddedPdfSignature, anchors: TrustAnchors, now: datetime) -> Judged:
    try:
        return recorded(document.finding(embedded), anchors, now)
    except MemoryError:
        raise
    except Exception as problem:  # noqa: BLE001 - as above
        wreck = _wreck(embedded.fq_name, problem, broken=False)
    try:
        return recorded(replace(wreck, certificate=embedded.signer_cert), anchors, now)
    except MemoryError:
        raise
    except Exception:  # noqa: BLE001 - then nobody can say whose it is
        return recorded(wreck, anchors, now)


def _wreck(name: str, problem: Exception, *, broken: bool) -> Finding:
    """A signature that no reader could take for one is invalid; a check that broke leaves it unknown."""
    finding = Finding(Carrier.PDF, one_line(name), Coverage.MODIFIED)
    if broken:
        return replace(finding, broken="dữ liệu chữ ký thiếu hoặc hỏng")
    if isinstance(problem, SignatureValidationError):
        return replace(finding, broken="cấu trúc chữ ký trái với tiêu chuẩn")
    return replace(finding, unclear=f"không kiểm tra được chữ ký ({type(problem).__name__})")


def _has_none(stream: BinaryIO) -> bool:
    """Whether a file that could not be read as it is has no signature all the same.

    Read without the junk before its header it may show signatures; they would not cover that junk.
    """
    fields = None
    if clean := without_junk(stream):
        with suppress(UnreadablePdf):
            _, fields = _signed_fields(clean)
    if fields:
        raise UnreadablePdf("trước phần đầu của tệp PDF có dữ liệu lạ mà chữ ký số không bao trùm")
    stream.seek(0)
    return fields is not None or surely_unsigned(stream.read())


def _signed_fields(stream: BinaryIO) -> tuple[RevisedReader, list[Field]]:
    """The filled signature fields, one for each signature dictionary."""
    try:
        reader = RevisedReader(stream)
        locked = reader.encrypted and not _opened(reader)
        fields: dict[object, Field] = {}
        for name, _, field in [] if locked else enumerate_sig_fields(reader, filled_status=True):
            entry = field.get_object()
            value = entry.raw_get("/V")
            own = field.reference if isinstance(field, IndirectObject) else None
            key = value.reference if isinstance(value, IndirectObject) else id(entry)
            fields.setdefault(key, (f"{name}", entry, own))
    except MemoryError:
        raise
    except Exception as problem:
        raise UnreadablePdf("không đọc được cấu trúc tệp PDF để tìm chữ ký số") from problem
    if locked:
        raise UnreadablePdf("tệp PDF được mã hóa nên không kiểm tra được chữ ký số")
    return reader, list(fields.values())


def _opened(reader: RevisedReader) -> bool:
    """Whether an encrypted file opens without a password."""
    return (
        isinstance(reader.security_handler, StandardSecurityHandler)
        and reader.decrypt(b"").status is not AuthStatus.FAILED
    )
