"""The signatures embedded in one PDF file, each looked at with what the whole file has to say about it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import suppress
from datetime import UTC, datetime
from itertools import islice

from asn1crypto import cms
from asn1crypto.algos import DigestAlgorithm
from asn1crypto.core import VOID
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.validation.errors import SignatureValidationError
from pyhanko.sign.validation.pdf_embedded import EmbeddedPdfSignature

from gateway.adapters.signatures import evidence
from gateway.adapters.signatures.anchors import TrustAnchors
from gateway.adapters.signatures.chain import ALGORITHMS
from gateway.adapters.signatures.changes import Changes
from gateway.adapters.signatures.entries import entry
from gateway.adapters.signatures.holder import one_line
from gateway.adapters.signatures.record import WEAK_HASH, Finding
from gateway.adapters.signatures.signer import algorithm, digest, verified
from gateway.adapters.signatures.stamps import Stamp, judge_stamp
from gateway.clock import VIETNAM
from gateway.model.signature import Carrier

SUBFILTERS = {"/adbe.pkcs7.detached", "/ETSI.CAdES.detached", "/PBAD.PAdES"}
STAMP_SUBFILTER = "/ETSI.RFC3161"
MOST_TOKENS = 3
BANNED = "chữ ký dùng thuật toán không được chấp nhận"


class Document:
    """The signatures of one file; `signatures` are those of somebody, without the time stamps over the document."""

    def __init__(self, reader: PdfFileReader, embedded: Sequence[EmbeddedPdfSignature], anchors: TrustAnchors) -> None:
        self._anchors = anchors
        self._changes = Changes(reader, embedded, frozenset(each for each in embedded if _is_stamp(each)))
        self._store = evidence.in_store(reader)
        self.signatures = [each for each in embedded if not _is_stamp(each)]
        over_all = [each for each in embedded if _is_stamp(each)]
        self._proofs = list(self._document_stamps(over_all))

    def finding(self, signature: EmbeddedPdfSignature) -> Finding:
        """What is to be said of one signature; raises SignatureValidationError and what a forged structure breaks."""
        kind, filtered = (entry(signature.sig_object, name) for name in ("/Type", "/SubFilter"))
        if kind == "/DocTimeStamp" or filtered not in SUBFILTERS:
            raise SignatureValidationError("not a kind of signature that is known")
        if signature.signed_data["encap_content_info"]["content"] is not VOID:
            raise SignatureValidationError("a detached signature with content of its own")
        certificate, info = signature.signer_cert, signature.signer_info
        intact, valid = verified(info, certificate, "data", signature.compute_digest())
        after = self._changes.after(signature, contiguous=contiguous(signature))
        known = self._store.joined(evidence.in_message(signature.signed_data, info))
        later = [moment for end, moment in self._proofs if end >= _end(signature)]
        words = after.words()
        return Finding(
            carrier=Carrier.PDF,
            name=one_line(signature.fq_name),
            coverage=after.coverage,
            intact=intact,
            valid=valid,
            certificate=certificate,
            others=[*signature.other_embedded_certs, *known.certificates],
            signed_at=_aware(signature.self_reported_timestamp),
            stamp=self._stamp(signature, min(later, default=None)),
            algorithm=algorithm(info),
            weak=(WEAK_HASH,) if signature.md_algorithm == "sha1" else (),
            broken=(after.why if _allowed(signature) else BANNED) if intact and valid else "",
            notes=(words,) if words else (),
            crls=known.crls,
            ocsps=known.ocsps,
            existed_by=min(later, default=None),
        )

    def _stamp(self, signature: EmbeddedPdfSignature, existed_by: datetime | None) -> Stamp | None:
        """The first time stamp of the signature that holds, else the first."""
        value = signature.signer_info["signature"].native
        found: list[Stamp] = []
        for token in _tokens(signature):
            stamp = judge_stamp(token, lambda name: digest(name, value), self._anchors, self._store, existed_by)
            found += [stamp] if stamp else []
        return next((stamp for stamp in found if stamp.holds), found[0] if found else None)

    def _document_stamps(self, stamps: Sequence[EmbeddedPdfSignature]) -> Iterator[tuple[int, datetime]]:
        """Up to which byte the file was there by which moment, from the last stamp to the first (EN 319 142-1 5.5)."""
        existed_by: datetime | None = None
        for each in sorted(stamps, key=lambda stamp: stamp.signed_revision, reverse=True):
            stamp = None
            with suppress(ValueError, TypeError, KeyError, AttributeError):
                if contiguous(each):
                    token = cms.ContentInfo.load(each.pkcs7_content)
                    stamp = judge_stamp(token, each.compute_digest, self._anchors, self._store, existed_by)
            if stamp and stamp.holds:
                existed_by = stamp.moment
                yield _end(each), stamp.moment


def contiguous(signature: EmbeddedPdfSignature) -> bool:
    """Whether the byte range starts at 0 and leaves out exactly the hexadecimal string of this signature."""
    numbers = [int(number) for number in signature.byte_range]
    if len(numbers) != 4 or numbers[0] != 0 or min(numbers) < 0:  # noqa: PLR2004 - ISO 32000 12.8.1: two pairs
        return False
    _, start, end, _ = numbers
    stream = signature.reader.stream
    stream.seek(start)
    gap = stream.read(end - start) if end > start else b""
    if not (gap.startswith(b"<") and gap.endswith(b">")):
        return False
    with suppress(ValueError):
        return bytes.fromhex(gap[1:-1].decode("ascii")) == signature.pkcs7_content
    return False


def _allowed(signature: EmbeddedPdfSignature) -> bool:
    """Whether hash and mechanism may be used at all, and together (EdDSA names its hash)."""
    hashed, mechanism = signature.signer_info["digest_algorithm"], signature.signer_info["signature_algorithm"]
    judged = (
        ALGORITHMS.digest_algorithm_allowed(hashed, None),
        ALGORITHMS.signature_algorithm_allowed(mechanism, None, signature.signer_cert.public_key),
        ALGORITHMS.digest_combination_allowed(mechanism, DigestAlgorithm({"algorithm": signature.md_algorithm}), None),
    )
    return all(each.allowed for each in judged)


def _is_stamp(signature: EmbeddedPdfSignature) -> bool:
    """A time stamp over the document (ISO 32000-2 section 12.8.5); some are written without `/Type`."""
    try:
        return entry(signature.sig_object, "/SubFilter") == STAMP_SUBFILTER
    except MemoryError:
        raise
    except Exception:  # noqa: BLE001 - what cannot be read is taken for a signature, and found broken there
        return False


def _end(signature: EmbeddedPdfSignature) -> int:
    """The position after the last byte that is covered."""
    return int(signature.byte_range[2]) + int(signature.byte_range[3])


def _tokens(signature: EmbeddedPdfSignature) -> Iterator[cms.ContentInfo]:
    """The time stamps over the signature's value (RFC 3161 appendix A)."""
    for attribute in signature.signer_info["unsigned_attrs"] or ():
        if attribute["type"].native == "signature_time_stamp_token":
            yield from islice(attribute["values"], MOST_TOKENS)


def _aware(moment: datetime | None) -> datetime | None:
    """In UTC. PDF dates may lack a zone; signers here are in Vietnam."""
    if moment is None:
        return None
    return (moment if moment.tzinfo else moment.replace(tzinfo=VIETNAM)).astimezone(UTC)
