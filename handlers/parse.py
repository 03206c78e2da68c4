"""Take a mail apart: every part gets a decision, every content its place in the blob store."""

from __future__ import annotations

import asyncio
import shutil
import tempfile
from pathlib import Path

from gateway.model.journal import NewEvent
from gateway.model.mail import Mail, MailStage
from handlers.desk import Desk


async def parse(mail: Mail, desk: Desk) -> Mail:
    """From `accepted` to `parsed`; raises SandboxFailure where the mail broke its worker."""
    folder = Path(await asyncio.to_thread(tempfile.mkdtemp, dir=desk.scratch))
    try:
        parsed = await desk.parser.parse(desk.blobs.path(mail.raw.sha256), folder)
        contents = sorted({part.sha256 for part in parsed.parts if part.sha256})
        await desk.blobs.adopt([folder / sha256 for sha256 in contents])
    finally:
        await asyncio.to_thread(shutil.rmtree, folder, ignore_errors=True)
    async with desk.store.begin() as unit:
        await unit.keep_parsed(mail.id, parsed)
        data = {"kind": parsed.kind.value, "parts": len(parsed.parts)}
        await unit.record(NewEvent("mail.parsed", "gateway", "pipeline", mail.id, data=data), desk.clock.now())
        return await unit.move(mail, MailStage.PARSED)
