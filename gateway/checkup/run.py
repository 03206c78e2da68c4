"""Runs all checks side by side."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterable

from gateway.checkup import certificates, machine, mailboxes, own_mail, receipts, sealing, senders, servers
from gateway.checkup.result import REMEDIES, CheckResult, CheckState, Task, fail, ok
from gateway.clock import Clock, SystemClock
from gateway.errors import GatewayError
from gateway.settings import Settings

StoreCheck = Callable[[Settings], Awaitable[str]]
"""Connects to the database and looks at its schema; tells in Vietnamese what it found, or raises GatewayError."""

Check = Callable[[Task], Awaitable[list[CheckResult]]]

SECONDS = 60.0

CHECKS: dict[str, Check] = {
    "secrets": machine.secrets,
    "blobs": machine.blobs,
    "scanner": servers.scanner,
    "imap": mailboxes.mailboxes,
    "relay": servers.relay,
    "dns": senders.nameservers,
    "senders": senders.trusted_servers,
    "directory": senders.directory,
    "dkim": own_mail.dkim,
    "domain": own_mail.domain,
    "templates": machine.templates,
    "anchors": certificates.anchors,
    "sandbox": machine.sandbox,
    "archives": machine.archives,
    "ocr": machine.ocr,
    "tls": certificates.tls,
    "sealing": sealing.sealing,
    "receipts": receipts.receipts,
    "web": servers.web,
}


async def check(
    settings: Settings, *, store_check: StoreCheck, clock: Clock | None = None, seconds: float = SECONDS
) -> list[CheckResult]:
    """Every check at once, each with `seconds` of time; none stops the others, and none raises."""
    task = Task(settings, (clock or SystemClock()).now())

    async def database(_task: Task) -> list[CheckResult]:
        return [ok("database", await store_check(settings))]

    checks: dict[str, Check] = {"database": database, **CHECKS}
    found = await asyncio.gather(*(_guarded(name, each, task, seconds) for name, each in checks.items()))
    return [result for results in found for result in results]


async def _guarded(name: str, check_: Check, task: Task, seconds: float) -> list[CheckResult]:
    remedy = REMEDIES.get(name, "")
    try:
        async with asyncio.timeout(seconds):
            return await check_(task)
    except TimeoutError:
        return [fail(name, f"không xong sau {seconds:g} giây", remedy)]
    except GatewayError as error:
        return [fail(name, str(error), remedy)]
    except OSError as error:
        place = f"{error.filename}: " if error.filename else ""
        return [fail(name, f"{place}{error.strerror or type(error).__name__}", remedy)]
    except Exception as error:  # noqa: BLE001 - one broken check must not hide what the others found
        return [fail(name, f"phép kiểm tra gặp lỗi {type(error).__name__}", remedy)]


def worst(results: Iterable[CheckResult]) -> CheckState:
    """The state of the whole: what the command's exit code tells."""
    states = {result.state for result in results}
    return next((state for state in (CheckState.FAIL, CheckState.WARN) if state in states), CheckState.OK)
