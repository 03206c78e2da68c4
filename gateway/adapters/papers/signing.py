"""Puts the gateway's own signature on a receipt: PAdES B-B, or B-T where an authority stamps the time."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from io import BytesIO

from asn1crypto import x509
from pyhanko.pdf_utils import embed
from pyhanko.pdf_utils.generic import NameObject
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.misc import PdfError
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.pdf_utils.writer import BasePdfFileWriter
from pyhanko.sign.fields import MDPPerm, SigSeedSubFilter
from pyhanko.sign.general import SigningError
from pyhanko.sign.signers import PdfSignatureMetadata, PdfSigner, Signer
from pyhanko.sign.signers.pdf_signer import PdfSigningSession
from pyhanko.sign.timestamps import HTTPTimeStamper, TimeStamper
from pyhanko.sign.validation.generic_cms import extract_tst_data_iter
from reportlab.pdfgen.canvas import Canvas

from gateway.adapters.papers.keys import Key
from gateway.clock import Clock, local
from gateway.errors import ReceiptFailure, SettingsError
from gateway.model.receipt import ATTACHED_AS

log = logging.getLogger(__name__)

FIELD = "PhieuTiepNhan"
_REASON = "Phiếu tiếp nhận văn bản điện tử"
_DIGEST = "sha256"
_ROOM = 4 * 1024
"""Bytes of a signature beside its certificates."""
_CAUSE = 200
_STAMP_ROOM = 16 * 1024
"""Bytes of a time stamp with its own certificates: the authority is not asked beforehand how many it will be."""


@dataclass(frozen=True, slots=True)
class Trial:
    """What a trial showed: whose certificate signs and till when, and whether an authority stamped the time."""

    holder: str
    until: datetime
    stamped: bool


class ReceiptSigner:
    """Signs with the first of `certificates`, the others going along for those who check.

    `time_stamp` is the address of an authority (RFC 3161), waited for `wait` seconds: without its answer a receipt is
    signed all the same. `place` is where the agency is.
    """

    def __init__(
        self,
        certificates: Callable[[], Sequence[x509.Certificate]],
        key: Key,
        clock: Clock,
        *,
        place: str,
        time_stamp: str | None = None,
        wait: float = 10.0,
    ) -> None:
        self._certificates = certificates
        self._key = key
        self._clock = clock
        self._place = place
        self._time_stamp = time_stamp
        self._wait = wait

    def sign(self, sheet: bytes, data: bytes) -> bytes:
        """The sheet with `data` inside, whole under one signature that allows no change; raises ReceiptFailure.

        Waits for the time stamp, and must not run on an event loop.
        """
        try:
            certificates, now = self._certificates(), self._clock.now()
            in_force_or_fail(certificates[0], now)
            with self._key.opened(certificates) as signer:
                if self._time_stamp is None:
                    return self._signed(sheet, data, signer, now, None)
                stamper = HTTPTimeStamper(self._time_stamp, timeout=self._wait)
                try:
                    return self._signed(sheet, data, signer, now, stamper)
                except MemoryError:
                    raise
                except Exception as error:  # noqa: BLE001 - foreign bytes: whatever the authority answers
                    log.warning(
                        "receipt without time stamp", extra={"cause": f"{type(error).__name__}: {error}"[:_CAUSE]}
                    )
                    return self._signed(sheet, data, signer, now, None)
        except SettingsError as error:
            raise ReceiptFailure(str(error)) from None
        except (SigningError, PdfError) as error:
            raise ReceiptFailure(f"không ký được phiếu tiếp nhận ({error})") from None

    def try_out(self) -> Trial:
        """Sign an empty sheet as if it were a receipt; raises ReceiptFailure."""
        sheet = BytesIO()
        canvas = Canvas(sheet)
        canvas.showPage()
        canvas.save()
        (signature,) = PdfFileReader(BytesIO(self.sign(sheet.getvalue(), b"{}"))).embedded_signatures
        certificate = signature.signer_cert
        stamps = extract_tst_data_iter(signature.signer_info, signed=False)
        holder = str(certificate.subject.native.get("common_name", certificate.subject.human_friendly))
        return Trial(holder, certificate.not_valid_after, any(True for _ in stamps))

    def _signed(self, sheet: bytes, data: bytes, signer: Signer, now: datetime, stamper: TimeStamper | None) -> bytes:
        writer = IncrementalPdfFileWriter(BytesIO(sheet))
        file = embed.EmbeddedFileObject.from_file_data(writer, data=data, mime_type="application/json")
        spec = embed.FileSpec(ATTACHED_AS, file_name=ATTACHED_AS, embedded_data=file, af_relationship=_DATA)
        embed.embed_file(writer, spec)
        at_work = _Signer(
            PdfSignatureMetadata(
                field_name=FIELD,
                md_algorithm=_DIGEST,
                subfilter=SigSeedSubFilter.PADES,
                reason=_REASON,
                location=self._place,
                certify=True,
                docmdp_permissions=MDPPerm.NO_CHANGES,
            ),
            signer=signer,
            timestamper=stamper,
        )
        at_work.signed_at = now
        octets = _ROOM + sum(map(_size, self._certificates())) + (_STAMP_ROOM if stamper else 0)
        output = BytesIO()
        at_work.sign_pdf(writer, bytes_reserved=2 * octets, output=output)
        return output.getvalue()


def _size(certificate: x509.Certificate) -> int:
    return len(certificate.dump())


_DATA = NameObject("/Data")


class _Signer(PdfSigner):
    """pyHanko's signer at the moment that our own clock tells."""

    signed_at: datetime

    def init_signing_session(self, pdf_out: BasePdfFileWriter, existing_fields_only: bool = False) -> PdfSigningSession:
        """As the base class, with the time set."""
        session = super().init_signing_session(pdf_out, existing_fields_only=existing_fields_only)
        session.system_time = self.signed_at
        return session


def in_force_or_fail(certificate: x509.Certificate, now: datetime) -> None:
    """Raise ReceiptFailure where the certificate cannot sign by now."""
    begin, end = certificate.not_valid_before, certificate.not_valid_after
    if not begin <= now <= end:
        span = f"{local(begin):%d/%m/%Y} đến {local(end):%d/%m/%Y}"
        raise ReceiptFailure(f"receipts.certificate: chứng thư chỉ có hiệu lực từ {span}")
