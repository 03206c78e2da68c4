"""Sealing: the officer's certificate, or a pair of our own whose private key should not be here."""

from __future__ import annotations

import asyncio
from datetime import timedelta

from gateway.adapters.cms import read_certificate
from gateway.adapters.cms.certificate import holder_of
from gateway.checkup.result import CheckResult, Task, fail, ok, warn
from gateway.clock import local
from gateway.errors import SealingFailure, SettingsError
from gateway.sealing import officers_certificate, own_pair

SOON = timedelta(days=60)

_NAME = "sealing"
_RENEW = "Hãy xin gia hạn, rồi ghi chứng thư mới vào secrecy.certificate; giữ khóa cũ để mở các thư đã niêm phong."
_NAME_OFFICERS = "Hãy ghi địa chỉ người phụ trách bảo vệ bí mật nhà nước vào secrecy.officers."
_OWN = "Nên ghi chứng thư của người phụ trách bảo vệ bí mật nhà nước vào secrecy.certificate."


async def sealing(task: Task) -> list[CheckResult]:
    """Content can be encrypted to somebody, in force, and what opens it lies elsewhere."""
    found = await asyncio.to_thread(_certificate, task)
    if not task.settings.secrecy.officers:
        found.append(warn(_NAME, "khi niêm phong chỉ báo văn thư, chưa có người phụ trách nào", _NAME_OFFICERS))
    return found


def _certificate(task: Task) -> list[CheckResult]:
    own = own_pair(task.settings)
    try:
        certificate = officers_certificate(task.settings, task.now)
    except SettingsError as error:
        found = [fail(_NAME, str(error), "")]
    else:
        if certificate is None:
            found = [_own(task)]
        else:
            until = certificate.not_valid_after_utc
            told = f"mã hóa cho {holder_of(certificate)}, chứng thư có hạn tới {local(until):%d/%m/%Y}"
            found = [warn(_NAME, f"{told}, sắp hết", _RENEW) if until - task.now < SOON else ok(_NAME, told)]
    if own.key.exists():
        moving = f"Hãy chuyển {own.key} sang nơi an toàn, thử mở được rồi xóa hẳn trên máy này."
        found.append(warn(_NAME, "khóa riêng để mở các thư đã niêm phong còn nằm trên máy này", moving))
    return found


def _own(task: Task) -> CheckResult:
    own = own_pair(task.settings)
    if not own.certificate.exists():
        return warn(_NAME, "chưa có chứng thư; lần niêm phong đầu tiên hệ thống tự tạo một cặp khóa", _OWN)
    try:
        until = read_certificate(own.certificate).not_valid_after_utc
    except SealingFailure as error:
        return fail(_NAME, str(error), _OWN)
    return warn(_NAME, f"dùng cặp khóa tự tạo, chứng thư có hạn tới {local(until):%d/%m/%Y}", _OWN)
