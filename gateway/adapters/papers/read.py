"""Reads what is said to be one of our receipts: in a worker, since whoever brings it may have made it."""

from __future__ import annotations

import asyncio
import hashlib
import logging
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from asn1crypto import x509
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.validation import async_validate_pdf_signature
from pyhanko.sign.validation.pdf_embedded import EmbeddedPdfSignature
from pyhanko.sign.validation.status import PdfSignatureStatus, SignatureCoverageLevel
from pyhanko_certvalidator import ValidationContext

from gateway.model.receipt import ATTACHED_AS, ReceiptReading, UnreadableReceipt, from_json

for library in ("pyhanko", "pyhanko_certvalidator"):
    logging.getLogger(library).setLevel(logging.CRITICAL + 1)  # their messages quote the stranger's file

_MOST_DATA = 8 * 1024 * 1024

NOT_READ = "không phải là tệp PDF đọc được"
NOT_SIGNED = "không có chữ ký số nào"
SEVERAL = "có nhiều chữ ký số, phiếu của cổng chỉ có một"
ADDED = "có nội dung không nằm trong chữ ký: tệp đã bị thêm sau khi ký"
ALTERED = "nội dung đã bị sửa sau khi ký"
FORGED = "chữ ký không đúng với chứng thư kèm theo"
NOT_OURS = "được ký bằng chứng thư khác, không phải chứng thư của cổng"
NOT_IN_FORCE = "được ký ngoài thời hạn của chứng thư"
WITHOUT_DATA = "được ký bằng chứng thư của cổng nhưng không phải là phiếu tiếp nhận"


def read_receipt(path: Path, certificates: Sequence[bytes]) -> ReceiptReading:
    """What the file is; `certificates` are our own in DER. Not for use inside an event loop. Raises OSError.

    Whole means: one signature, by one of these, in the time of its certificate, over every byte. Nothing at all may
    follow it, not even what PDF allows.
    """
    try:
        with path.open("rb") as stream:
            return _read(PdfFileReader(stream), certificates)
    except (MemoryError, OSError):
        raise
    except Exception:  # noqa: BLE001 - foreign bytes: whatever goes wrong, it is none of our receipts
        return ReceiptReading(NOT_READ)


def _read(reader: PdfFileReader, certificates: Sequence[bytes]) -> ReceiptReading:
    signatures = reader.embedded_signatures
    if len(signatures) != 1:
        return ReceiptReading(SEVERAL if signatures else NOT_SIGNED)
    (signature,) = signatures
    signer = signature.signer_cert
    certificate = hashlib.sha256(signer.dump()).hexdigest()
    status = asyncio.run(_checked(signature))
    signed_at = signature.self_reported_timestamp
    fault = _fault(status, signer, certificates, signed_at)
    if fault:
        return ReceiptReading(fault, None, certificate)
    try:
        receipt = from_json(_data(reader))
    except (UnreadableReceipt, KeyError):
        return ReceiptReading(WITHOUT_DATA, None, certificate)
    return ReceiptReading("", receipt, certificate, _utc(signed_at), _stamped(status))


async def _checked(signature: EmbeddedPdfSignature) -> PdfSignatureStatus:
    """Integrity alone: whose certificate it is, is asked by comparing it."""
    context = ValidationContext(trust_roots=[], allow_fetching=False)
    return await async_validate_pdf_signature(signature, signer_validation_context=context)


def _fault(
    status: PdfSignatureStatus, signer: x509.Certificate, certificates: Sequence[bytes], signed_at: datetime | None
) -> str:
    if not status.intact:
        return ALTERED
    if not status.valid:
        return FORGED
    if status.coverage is not SignatureCoverageLevel.ENTIRE_FILE:
        return ADDED
    if signer.dump() not in certificates:
        return NOT_OURS
    if signed_at is None or not signer.not_valid_before <= signed_at <= signer.not_valid_after:
        return NOT_IN_FORCE
    return ""


def _stamped(status: PdfSignatureStatus) -> datetime | None:
    stamp = status.timestamp_validity
    return _utc(stamp.timestamp) if stamp is not None and stamp.intact and stamp.valid else None


def _utc(moment: datetime | None) -> datetime | None:
    return moment.astimezone(UTC) if moment else None


def _data(reader: PdfFileReader) -> bytes:
    """The attached data; raises KeyError where there are none."""
    names = list(reader.root["/Names"]["/EmbeddedFiles"]["/Names"])
    for name, specification in zip(names[::2], names[1::2], strict=True):
        if name == ATTACHED_AS:
            content: bytes = specification.get_object()["/EF"]["/F"].data
            if len(content) > _MOST_DATA:
                raise UnreadableReceipt("too large")
            return content
    raise KeyError(ATTACHED_AS)
