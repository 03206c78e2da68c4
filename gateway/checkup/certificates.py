"""Certificates: those that signatures are traced to, and our own for TLS."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import Path

from asn1crypto.x509 import Certificate

from gateway.adapters.trust_store import LocalTrustFolder
from gateway.checkup.result import REMEDIES, CheckResult, Task, fail, ok, warn
from gateway.clock import local
from gateway.model.trust import AuthorityCertificate
from gateway.policy.trust import Term, expiry_warning, lacks_issuer, term
from gateway.settings import LOOPBACK, Settings

SOON = timedelta(days=30)


async def anchors(task: Task) -> list[CheckResult]:
    """Trusted roots are there and in force, and intermediates lead to them."""
    from gateway.adapters.signatures.anchors import load_anchors

    folder = task.settings.anchors
    await asyncio.to_thread(load_anchors, folder, task.settings.signatures.revocation_cache)
    return [_judge_anchors(folder, await LocalTrustFolder(folder).kept(), task.now)]


def _judge_anchors(folder: Path, kept: Sequence[AuthorityCertificate], now: datetime) -> CheckResult:
    roots = [each for each in kept if each.root]
    current = [each for each in roots if term(each, now) in {Term.CURRENT, Term.SOON}]
    if not current:
        return fail("anchors", f"{folder}: không có chứng thư gốc nào còn hạn", REMEDIES["anchors"])
    told = f"{len(current)} chứng thư gốc còn hạn, {len(kept) - len(roots)} chứng thư trung gian"
    remarks = [warning for each in kept if (warning := expiry_warning(each, now))]
    remarks += [f"{each.name}: thiếu chứng thư phát hành {each.issuer}" for each in kept if lacks_issuer(each, kept)]
    if remarks:
        return warn("anchors", "; ".join([told, *remarks]), REMEDIES["anchors"])
    return ok("anchors", told)


async def tls(task: Task) -> list[CheckResult]:
    """Our own certificate fits its key and our name, and is in force."""
    return [await asyncio.to_thread(_read_certificate, task.settings, task.now)]


def _read_certificate(settings: Settings, now: datetime) -> CheckResult:
    smtp = settings.smtp
    if smtp.tls_certificate is None or smtp.tls_key is None:
        if smtp.enabled and smtp.listen.host not in LOOPBACK:
            return warn("tls", "nhận thư từ ngoài mà không có TLS", "Hãy ghi smtp.tls_certificate và smtp.tls_key.")
        return ok("tls", "không dùng TLS ở cổng nhận thư")
    try:
        ssl.create_default_context(ssl.Purpose.CLIENT_AUTH).load_cert_chain(
            smtp.tls_certificate.path(), smtp.tls_key.path(), password=""
        )
    except ssl.SSLError as error:
        reason = error.reason or "không đọc được"
        return fail("tls", f"chứng thư và khóa không dùng được ({reason})", REMEDIES["tls"])
    return _judge_certificate(_first_certificate(smtp.tls_certificate.path()), smtp.hostname, now)


def _judge_certificate(own: Certificate, hostname: str, now: datetime) -> CheckResult:
    until = f"chứng thư có hạn tới {local(own.not_valid_after):%d/%m/%Y}"
    if not own.not_valid_before <= now <= own.not_valid_after:
        return fail("tls", f"{until}, không có hiệu lực lúc này", REMEDIES["tls"])
    if not own.is_valid_domain_ip(hostname):
        return warn("tls", f"{until}, không cấp cho {hostname}", "Hãy sửa smtp.hostname hoặc xin chứng thư khác.")
    if own.not_valid_after - now < SOON:
        return warn("tls", f"{until}, sắp hết", "Hãy gia hạn chứng thư.")
    return ok("tls", until)


def _first_certificate(file: Path) -> Certificate:
    """The certificate itself, which its chain follows; raises ValueError, OSError."""
    from pyhanko.keys import load_certs_from_pemder

    found: list[Certificate] = list(load_certs_from_pemder([str(file)]))  # type: ignore[no-untyped-call]
    return found[0]
