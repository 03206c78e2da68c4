"""Make the bytes of an owed notice, once; they are kept, so that every copy sent is the same."""

from __future__ import annotations

from gateway.model.document import Document
from gateway.model.notice import Notice, NoticeKind
from gateway.ports import NoticeContext
from handlers.authenticate import named_party
from handlers.desk import Desk
from handlers.dossier import Dossier
from handlers.owe import answerable


async def notify(notice: Notice, desk: Desk, dossier: Dossier | None) -> Notice:
    """From `owed` to `ready`."""
    owed = notice.owed
    documents = await desk.store.documents(owed.document_ids)
    attachments: tuple[tuple[str, str, bytes], ...] = ()
    left_out: tuple[str, ...] = ()
    if owed.kind is NoticeKind.CLERK_DOCUMENT:
        attachments, left_out = await _attached(documents, desk)
    parsed = await dossier.if_parsed() if dossier else None
    authentication = await dossier.if_authenticated() if dossier else None
    context = NoticeContext(
        notice=notice,
        mail=dossier.mail if dossier else None,
        parsed=parsed,
        verdict=await dossier.if_judged() if dossier else None,
        documents=documents,
        attachments=attachments,
        left_out=left_out,
        authentication=authentication,
        sender=await named_party(parsed, desk) if parsed else None,
        answer_to=answerable(dossier.mail, parsed, authentication, desk.correspondence) if dossier and parsed else None,
    )
    content = await desk.renderer.render(context)
    if desk.signer is not None:
        content = await desk.signer.sign(content)
    rendered = await desk.blobs.put(content)
    async with desk.store.begin() as unit:
        return await unit.notice_ready(notice, rendered, desk.clock.now())


async def _attached(
    documents: tuple[Document, ...], desk: Desk
) -> tuple[tuple[tuple[str, str, bytes], ...], tuple[str, ...]]:
    """The files in order while they fit, and the names of those that do not."""
    room = desk.correspondence.attach_up_to
    attached: list[tuple[str, str, bytes]] = []
    left_out: list[str] = []
    for file in (file for document in documents for file in document.files):
        name = file.name or f"van-ban-{file.part_path}"
        if file.size > room:
            left_out.append(name)
            continue
        room -= file.size
        attached.append((name, file.type, await desk.blobs.read(file.sha256)))
    return tuple(attached), tuple(left_out)
