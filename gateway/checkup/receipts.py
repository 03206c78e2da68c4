"""Receipts as evidence: the certificate is in force, its key signs, and the authority stamps the time."""

from __future__ import annotations

import asyncio
from datetime import timedelta

from gateway.checkup.result import CheckResult, Task, ok, warn
from gateway.clock import SystemClock, local
from gateway.receipts import receipt_signer

SOON = timedelta(days=60)

_NAME = "receipts"
_HINT = "Muốn kèm phiếu có chữ ký số thì ghi receipts.certificate và khóa của chứng thư ấy (receipts.key hoặc module)."
_RENEW = "Hãy xin gia hạn, ghi chứng thư mới vào receipts.certificate, chuyển chứng thư cũ sang receipts.earlier."
_STAMP = "Hãy xem receipts.time_stamp, receipts.time_stamp_wait; chưa có dấu thời gian thì phiếu vẫn được ký."


async def receipts(task: Task) -> list[CheckResult]:
    """A trial receipt can be signed; raises ReceiptFailure where not."""
    signer = receipt_signer(task.settings, SystemClock())
    if signer is None:
        return [warn(_NAME, "không có chứng thư nên thư xác nhận không kèm phiếu tiếp nhận dạng PDF", _HINT)]
    trial = await asyncio.to_thread(signer.try_out)
    told = f"ký thử được bằng {trial.holder}, chứng thư có hạn tới {local(trial.until):%d/%m/%Y}"
    found = [warn(_NAME, f"{told}, sắp hết", _RENEW) if trial.until - task.now < SOON else ok(_NAME, told)]
    url = task.settings.receipts.time_stamp
    if url and not trial.stamped:
        found.append(warn(_NAME, f"{url} không cấp dấu thời gian", _STAMP))
    return found
