"""Take a mail apart: every part gets a decision, every content its place in the blob store."""

from __future__ import annotations

from gateway.errors import SandboxFailure
from gateway.model.mail import Mail, MailStage
from handlers.desk import Desk
from handlers.dossier import Dossier
from handlers.seal import seal_again


async def parse(mail: Mail, desk: Desk, dossier: Dossier) -> Mail:
    """From `accepted` to `parsed`; raises SandboxFailure where the mail broke its worker, StorageFull.

    A mail that was sealed before goes to `sealed` unread.
    """
    if (sealed := await seal_again(mail, desk)) is not None:
        return sealed
    async with desk.blobs.scratch() as folder:
        parsed = await desk.parser.parse(desk.blobs.path(mail.raw.sha256), folder)
        contents = sorted({part.sha256 for part in parsed.parts if part.sha256})
        if any(not sha256.isalnum() for sha256 in contents):
            raise SandboxFailure("tiến trình kiểm tra trả về kết quả không hợp lệ")
        stored = await desk.blobs.adopt([folder / sha256 for sha256 in contents])
        if [blob.sha256 for blob in stored] != contents:
            raise SandboxFailure("nội dung các phần không khớp mã băm")
    async with desk.store.begin() as unit:
        await unit.keep_parsed(mail.id, parsed)
        moved = await unit.move(mail, MailStage.PARSED)
    dossier.keep_parsed(parsed)
    return moved
