"""Composition of receipts: whose certificate signs them, and which certificates ever did."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gateway.clock import Clock
from gateway.errors import ReceiptFailure, SettingsError
from gateway.settings import Settings
from gateway.shipped import shipped

if TYPE_CHECKING:
    from gateway.adapters.papers.maker import SignedReceipts
    from gateway.adapters.papers.signing import ReceiptSigner

FONTS = "fonts"


def receipts_of(settings: Settings, clock: Clock) -> SignedReceipts | None:
    """The maker of receipts, None where no certificate is set."""
    signer = receipt_signer(settings, clock)
    if signer is None:
        return None
    from gateway.adapters.papers.maker import SignedReceipts
    from gateway.adapters.papers.sheet import Sheets

    return SignedReceipts(
        Sheets(settings.agency.record(), shipped("templates") / FONTS),
        signer,
        agency=settings.agency.record(),
        books=settings.books.names(),
        public_url=settings.web.public_url,
    )


def receipt_signer(settings: Settings, clock: Clock) -> ReceiptSigner | None:
    """Who signs receipts, None where no certificate is set. Files are read and tokens opened at each receipt."""
    section = settings.receipts
    certificate = section.certificate
    if certificate is None:
        return None
    from gateway.adapters.papers.keys import KeyInFile, KeyInToken, read_certificates
    from gateway.adapters.papers.signing import ReceiptSigner

    if section.key is not None:
        key: KeyInFile | KeyInToken = KeyInFile(section.key.path)
    elif section.module and section.token and section.label and section.pin:
        key = KeyInToken(section.module, section.token, section.label, section.pin.reveal)
    else:
        raise SettingsError("receipts: thiếu khóa")
    return ReceiptSigner(
        lambda: read_certificates(certificate.path()),
        key,
        clock,
        place=settings.agency.place,
        time_stamp=section.time_stamp,
        wait=section.time_stamp_wait.total_seconds(),
    )


def own_certificates(settings: Settings) -> tuple[bytes, ...]:
    """The certificates by which receipts are or were signed, in DER; raises SettingsError for an unreadable one."""
    from gateway.adapters.papers.keys import read_certificates

    section = settings.receipts
    named = [section.certificate] if section.certificate else []
    try:
        return tuple(read_certificates(each.path())[0].dump() for each in (*named, *section.earlier))
    except ReceiptFailure as error:
        raise SettingsError(str(error)) from None
