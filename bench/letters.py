"""Mails with signed PDF files for the daemon to work on, every document another one."""

from __future__ import annotations

import random
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from functools import cache

from gateway.demo.pki import Pki, make_pki, sign_pdf
from tests.documents import decision_pdf
from tests.mails import mail

SIGNED_BYTES = 200_000
_SIGNATURE_BYTES = 6_000
_LAST_XREF = re.compile(rb"startxref\s+(\d+)\s+%%EOF\s*\Z")
_SIZE = re.compile(rb"/Size (\d+)")
_ROOT = re.compile(rb"/Root (\d+ \d+ R)")


@cache
def authority() -> Pki:
    """The PKI of this run; its anchors belong into the trust folder of the daemon."""
    now = datetime.now(UTC)
    return make_pki(
        now,
        seal="SỞ GIAO THÔNG VẬN TẢI",
        organisation="ỦY BAN NHÂN DÂN TỈNH QUẢNG NGÃI",
        unit="VĂN PHÒNG",
        person="Nguyễn Văn Bình",
    )


def signed_decision(number: int, size: int = SIGNED_BYTES) -> bytes:
    """A decision of two pages with this number, sealed, of about `size` bytes."""
    pdf = padded(decision_pdf(number=str(number)), size - _SIGNATURE_BYTES, seed=number)
    return sign_pdf(pdf, authority().seal, field="Signature1", signed_at=datetime.now(UTC))


def letters(count: int, first: int = 1) -> Iterator[bytes]:
    """Mails with one signed decision each, numbers counting from `first`."""
    for number in range(first, first + count):
        yield letter(number, signed_decision(number))


def letter(number: int, *documents: bytes) -> bytes:
    """One mail with these PDF files."""
    files = [(f"Quyết định {number}-{place}.pdf", content) for place, content in enumerate(documents, 1)]
    return mail(*files, subject=f"Gửi Quyết định số {number}/QĐ-SGTVT", message_id=f"<{number}@agency.example>")


def padded(pdf: bytes, size: int, seed: int) -> bytes:
    """`pdf` with one more stream of noise, added as an incremental update, so that it has about `size` bytes.

    A stream stands for the pictures and fonts that make real files large: readers step over it.
    """
    found, roots, sizes = _LAST_XREF.search(pdf), _ROOT.findall(pdf), _SIZE.findall(pdf)
    if found is None or not roots or not sizes:
        raise ValueError("not a PDF file with a plain cross-reference table")
    number = int(sizes[-1])
    noise = random.Random(seed).randbytes(max(0, size - len(pdf)))
    body = b"%d 0 obj\n<< /Length %d >>\nstream\n%b\nendstream\nendobj\n" % (number, len(noise), noise)
    table = b"xref\n%d 1\n%010d 00000 n \n" % (number, len(pdf))
    trailer = b"trailer\n<< /Size %d /Root %b /Prev %b >>\n" % (number + 1, roots[-1], found[1])
    end = b"startxref\n%d\n%%%%EOF\n" % (len(pdf) + len(body))
    return pdf + body + table + trailer + end
