"""Make the bytes of an owed notice, once; they are kept, so that every copy sent is the same."""

from __future__ import annotations

from collections.abc import Sequence

from gateway.model.docket import Docket
from gateway.model.document import RegisteredFile
from gateway.model.mail import Mail
from gateway.model.notice import Notice, NoticeKind
from gateway.ports import NoticeContext
from handlers.desk import Desk
from handlers.dossier import Dossier
from handlers.outlook import conversations_of, names_in
from handlers.owe import answerable
from handlers.staff import staff_of

_WITH_FILES = frozenset({NoticeKind.CLERK_DOCUMENT, NoticeKind.TASK})
_ORIGINAL = "application/octet-stream"
"""Not message/rfc822, which no transfer encoding may protect from servers on the way (RFC 2046 section 5.2.1)."""


async def notify(notice: Notice, desk: Desk, dossier: Dossier | None) -> Notice:
    """From `owed` to `ready`."""
    owed = notice.owed
    dockets = await desk.store.dockets(owed.document_ids)
    attachments: tuple[tuple[str, str, bytes], ...] = ()
    left_out: tuple[str, ...] = ()
    if owed.kind in _WITH_FILES:
        attachments, left_out = await _attached(_files(dockets), desk.correspondence.attach_up_to, desk)
    elif owed.kind is NoticeKind.SUBMISSION:
        attachments, left_out = await _submitted(dockets, desk)
    parsed = await dossier.if_parsed() if dossier else None
    authentication = await dossier.if_authenticated() if dossier else None
    staff = await staff_of(desk)
    context = NoticeContext(
        notice=notice,
        mail=dossier.mail if dossier else None,
        parsed=parsed,
        verdict=await dossier.if_judged() if dossier else None,
        documents=tuple(docket.document for docket in dockets),
        attachments=attachments,
        left_out=left_out,
        authentication=authentication,
        sender=await dossier.party() if dossier and parsed else None,
        answer_to=answerable(dossier.mail, parsed, authentication, desk.correspondence) if dossier and parsed else None,
        conversations=await conversations_of(notice, dockets, staff, desk),
        names=names_in(staff, desk),
    )
    content = await desk.renderer.render(context)
    if desk.signer is not None:
        content = await desk.signer.sign(content)
    rendered = await desk.blobs.put(content)
    async with desk.store.begin() as unit:
        return await unit.notice_ready(notice, rendered, desk.clock.now())


def _files(dockets: Sequence[Docket]) -> list[RegisteredFile]:
    return [file for docket in dockets for file in docket.document.files]


async def _attached(
    files: Sequence[RegisteredFile], room: int, desk: Desk
) -> tuple[tuple[tuple[str, str, bytes], ...], tuple[str, ...]]:
    """The files in order while they fit, and the names of those that do not."""
    attached: list[tuple[str, str, bytes]] = []
    left_out: list[str] = []
    for file in files:
        name = file.name or f"van-ban-{file.part_path}"
        if file.size > room:
            left_out.append(name)
            continue
        room -= file.size
        attached.append((name, file.type, await desk.blobs.read(file.sha256)))
    return tuple(attached), tuple(left_out)


async def _submitted(
    dockets: Sequence[Docket], desk: Desk
) -> tuple[tuple[tuple[str, str, bytes], ...], tuple[str, ...]]:
    """The files of a submission, then, where there is room, the mail that brought them, every byte as it came."""
    room = desk.work.forward_up_to
    attached, left_out = await _attached(_files(dockets), room, desk)
    room -= sum(len(content) for _, _, content in attached)
    for mail in [await desk.store.mail(docket.document.mail_id) for docket in dockets]:
        name = _original_name(mail)
        if mail.raw.size > room:
            left_out = (*left_out, name)
            continue
        attached = (*attached, (name, _ORIGINAL, await desk.blobs.read(mail.raw.sha256)))
    return attached, left_out


def _original_name(mail: Mail) -> str:
    return f"thu-goc-{mail.label}.eml"
