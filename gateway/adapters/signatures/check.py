"""Every signature of a PDF file, checked against trust anchors without any network."""

from __future__ import annotations

import asyncio
import logging
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import BinaryIO

from asn1crypto import x509
from pyhanko.pdf_utils.crypt import AuthStatus, StandardSecurityHandler
from pyhanko.pdf_utils.generic import DictionaryObject, IndirectObject
from pyhanko.pdf_utils.misc import PdfError
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.fields import enumerate_sig_fields
from pyhanko.sign.general import CMSExtractionError
from pyhanko.sign.validation.errors import SignatureValidationError
from pyhanko.sign.validation.generic_cms import extract_tst_data_iter
from pyhanko.sign.validation.pdf_embedded import EmbeddedPdfSignature, async_validate_pdf_signature
from pyhanko.sign.validation.settings import KeyUsageConstraints
from pyhanko.sign.validation.utils import CMSAlgorithmUsagePolicy
from pyhanko_certvalidator import ValidationContext
from pyhanko_certvalidator.policy_decl import DisallowWeakAlgorithmsPolicy

from gateway.adapters.signatures import holder
from gateway.adapters.signatures.anchors import TrustAnchors
from gateway.adapters.signatures.unsigned import surely_unsigned, without_junk
from gateway.adapters.signatures.verdict import conclude, coverage_of, time_notes
from gateway.clock import VIETNAM, Clock, SystemClock
from gateway.errors import GatewayError
from gateway.model.signature import Coverage, Signature, SignatureVerdict, SignerKind

for library in ("pyhanko", "pyhanko_certvalidator"):
    logging.getLogger(library).setLevel(logging.CRITICAL + 1)  # their messages quote the stranger's file

SYSTEM_CLOCK = SystemClock()

ALGORITHMS = CMSAlgorithmUsagePolicy.lift_policy(
    DisallowWeakAlgorithmsPolicy(  # type: ignore[no-untyped-call] # its constructor has no types
        weak_hash_algos=frozenset({"md2", "md5"}), rsa_key_size_threshold=1024
    )
)
"""SHA-1 passes here, or nothing more could be learnt of the chain; `verdict.weaknesses` then names it."""

KEY_USAGE = KeyUsageConstraints(key_usage={"digital_signature", "non_repudiation"})

Revision = int
NO_REVISION: Revision = 1 << 62


class UnreadablePdf(GatewayError):
    """The file cannot be searched for signatures: whether there are any is not known. `str()` is Vietnamese."""


def validate_signatures(path: Path, anchors: TrustAnchors, clock: Clock = SYSTEM_CLOCK) -> tuple[Signature, ...]:
    """The signatures of a PDF file in the order they were made; () where there is none. Raises UnreadablePdf.

    Certificates are judged at the time of the time stamp, else of signing, else now: a certificate
    that has expired since does not spoil what was signed before. The time of signing is what the
    signer's machine claimed; only `timestamped_at` is another's word for it. Time stamps over the
    whole document are no signatures of anybody and are left out. Not for use inside an event loop.

    A file whose structure cannot be followed has no signature where nothing in it can be one.
    """
    with path.open("rb") as stream:
        try:
            reader, fields = _signed_fields(stream)
        except UnreadablePdf:
            if _has_none(stream):
                return ()
            raise
        checked = [_check(reader, name, field, anchors, clock) for name, field in fields]
    return tuple(signature for _, signature in sorted(filter(None, checked), key=lambda found: found[0]))


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


def _signed_fields(stream: BinaryIO) -> tuple[PdfFileReader, list[tuple[str, DictionaryObject]]]:
    """The filled signature fields, one for each signature dictionary."""
    try:
        reader = PdfFileReader(stream, strict=False)  # strict refuses hybrid cross-references, which Word writes
        locked = reader.encrypted and not _opened(reader)
        fields: dict[object, tuple[str, DictionaryObject]] = {}
        for name, _, field in [] if locked else enumerate_sig_fields(reader, filled_status=True):
            entry = field.get_object()
            value = entry.raw_get("/V")
            fields.setdefault(value.reference if isinstance(value, IndirectObject) else id(entry), (name, entry))
    except MemoryError:
        raise
    except Exception as problem:
        raise UnreadablePdf("không đọc được cấu trúc tệp PDF để tìm chữ ký số") from problem
    if locked:
        raise UnreadablePdf("tệp PDF được mã hóa nên không kiểm tra được chữ ký số")
    return reader, list(fields.values())


def _opened(reader: PdfFileReader) -> bool:
    """Whether an encrypted file opens without a password."""
    return (
        isinstance(reader.security_handler, StandardSecurityHandler)
        and reader.decrypt(b"").status is not AuthStatus.FAILED
    )


def _check(
    reader: PdfFileReader, name: str, field: DictionaryObject, anchors: TrustAnchors, clock: Clock
) -> tuple[Revision, Signature] | None:
    """One signature with its place in the file's history; None for a time stamp over the document."""
    embedded = None
    try:
        embedded = EmbeddedPdfSignature(reader, field, name)
        if embedded.sig_object_type == "/DocTimeStamp":
            return None
        return embedded.signed_revision, _judged(embedded, anchors, clock)
    except MemoryError:
        raise
    except Exception as problem:  # noqa: BLE001 - whatever a forged structure breaks, it is a fact about one signature
        verdict, cause = _failure(embedded, problem)
    certificate = None
    with suppress(Exception):
        certificate = embedded.signer_cert if embedded else None
    return embedded.signed_revision if embedded else NO_REVISION, _unjudged(certificate, verdict, cause)


def _judged(embedded: EmbeddedPdfSignature, anchors: TrustAnchors, clock: Clock) -> Signature:
    now = clock.now()
    signed_at = _aware(embedded.self_reported_timestamp)
    stamp = _claimed_stamp(embedded)
    context = _context(anchors, min(stamp or signed_at or now, now))
    status = asyncio.run(
        async_validate_pdf_signature(
            embedded,
            signer_validation_context=context,
            ts_validation_context=_context(anchors, min(stamp or now, now)),
            key_usage_settings=KEY_USAGE,
            algorithm_policy=ALGORITHMS,
        )
    )
    coverage = coverage_of(status, contiguous=_contiguous(embedded))
    verdict, cause = conclude(status, coverage, context.certificate_registry)
    stamping = status.timestamp_validity
    stamp_holds = bool(stamping and stamping.intact and stamping.valid and stamping.trusted)
    notes = time_notes(signed_at, stamp, stamped=stamp is not None, trusted=stamp_holds)
    certificate = status.signing_cert
    return Signature(
        verdict=verdict,
        cause="; ".join([cause, *notes]),
        signer=holder.common_name(certificate),
        organisation=holder.organisation(certificate),
        kind=holder.kind(certificate),
        coverage=coverage,
        intact=status.intact,
        valid=status.valid,
        trusted=status.trust_problem_indic is None if status.valid else None,
        signed_at=signed_at,
        timestamped_at=stamp if stamp_holds else None,
    )


def _unjudged(certificate: x509.Certificate | None, verdict: SignatureVerdict, cause: str) -> Signature:
    return Signature(
        verdict=verdict,
        cause=cause,
        signer=holder.common_name(certificate) if certificate else "",
        organisation=holder.organisation(certificate) if certificate else "",
        kind=holder.kind(certificate) if certificate else SignerKind.UNKNOWN,
        coverage=Coverage.MODIFIED,
        intact=None,
        valid=None,
        trusted=None,
        signed_at=None,
        timestamped_at=None,
    )


def _failure(embedded: EmbeddedPdfSignature | None, problem: Exception) -> tuple[SignatureVerdict, str]:
    """A signature that no reader could take for one is invalid; a check that broke leaves it unknown."""
    if embedded is None and isinstance(problem, (PdfError, ValueError, CMSExtractionError)):
        return SignatureVerdict.INVALID, "dữ liệu chữ ký thiếu hoặc hỏng"
    if isinstance(problem, SignatureValidationError):
        return SignatureVerdict.INVALID, "cấu trúc chữ ký trái với tiêu chuẩn"
    return SignatureVerdict.UNKNOWN, f"không kiểm tra được chữ ký ({type(problem).__name__})"


def _context(anchors: TrustAnchors, moment: datetime) -> ValidationContext:
    return ValidationContext(
        trust_roots=anchors.root_certificates(),
        other_certs=anchors.intermediate_certificates(),
        moment=moment,
        allow_fetching=False,
        revocation_mode="soft-fail",
        algorithm_usage_policy=ALGORITHMS,
    )


def _claimed_stamp(embedded: EmbeddedPdfSignature) -> datetime | None:
    """The time in the signature's time stamp, not yet believed."""
    for token in extract_tst_data_iter(embedded.signer_info, signed=False):
        return _aware(token["encap_content_info"]["content"].parsed["gen_time"].native)
    return None


def _aware(moment: datetime | None) -> datetime | None:
    """In UTC. PDF dates may lack a zone; signers here are in Vietnam."""
    if moment is None:
        return None
    return (moment if moment.tzinfo else moment.replace(tzinfo=VIETNAM)).astimezone(UTC)


def _contiguous(embedded: EmbeddedPdfSignature) -> bool:
    """Whether the byte range starts at 0 and leaves out exactly the hexadecimal string of this signature."""
    numbers = [int(number) for number in embedded.byte_range]
    if len(numbers) != 4 or numbers[0] != 0 or min(numbers) < 0:  # noqa: PLR2004 - ISO 32000 12.8.1: two pairs
        return False
    _, start, end, _ = numbers
    stream = embedded.reader.stream
    stream.seek(start)
    gap = stream.read(end - start) if end > start else b""
    if not (gap.startswith(b"<") and gap.endswith(b">")):
        return False
    with suppress(ValueError):
        return bytes.fromhex(gap[1:-1].decode("ascii")) == embedded.pkcs7_content
    return False
