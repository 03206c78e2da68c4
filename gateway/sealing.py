"""Composition of sealing: to whose certificate, and whether that may be used."""

from __future__ import annotations

from datetime import datetime

from cryptography import x509

from gateway.adapters.cms import CmsSealer, OwnPair, read_certificate
from gateway.clock import Clock, local
from gateway.errors import SealingFailure, SettingsError
from gateway.settings import Settings

_FOLDER = "niem-phong"
_REMEDY = "hãy ghi chứng thư RSA còn hạn của người phụ trách vào secrecy.certificate, hoặc để trống để hệ thống tự tạo."


def own_pair(settings: Settings) -> OwnPair:
    """The pair of keys that serves where no certificate is named; its folder lies among the blobs."""
    return OwnPair(settings.store.blobs / _FOLDER, settings.agency.name)


def sealer_of(settings: Settings, clock: Clock) -> CmsSealer:
    """Who encrypts sealed mail."""
    certificate = settings.secrecy.certificate
    return CmsSealer(certificate.path if certificate else None, own_pair(settings), clock)


def officers_certificate(settings: Settings, now: datetime) -> x509.Certificate | None:
    """The certificate that is named, None for none; raises SettingsError where it cannot be used, or not now."""
    reference = settings.secrecy.certificate
    if reference is None:
        return None
    try:
        certificate = read_certificate(reference.path())
    except SealingFailure as error:
        raise SettingsError(f"secrecy.certificate: {error}; {_REMEDY}") from None
    begin, end = certificate.not_valid_before_utc, certificate.not_valid_after_utc
    if not begin <= now <= end:
        span = f"{local(begin):%d/%m/%Y} đến {local(end):%d/%m/%Y}"
        raise SettingsError(f"secrecy.certificate: chứng thư chỉ có hiệu lực từ {span}; {_REMEDY}")
    return certificate
