"""Make the bytes of an owed notice, once; they are kept, so that every copy sent is the same."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import partial

from gateway.errors import StaleState
from gateway.model.docket import Docket, DocumentState
from gateway.model.document import RegisteredFile
from gateway.model.mail import Mail
from gateway.model.notice import Notice, NoticeKind
from gateway.ports import NoticeContext, Pending, Unit
from handlers.desk import Desk
from handlers.dossier import Dossier
from handlers.outgoing import kept_back
from handlers.outlook import asked_in, conversations_of, names_in, related_in
from handlers.owe import answerable
from handlers.pending import pendings_of
from handlers.receipt import Receipts, receipts_for
from handlers.staff import staff_of

_WITH_FILES = frozenset({NoticeKind.CLERK_DOCUMENT, NoticeKind.TASK})
_TOO_LARGE = "vượt dung lượng cho phép"
_UNCLEAN = "phần mềm diệt vi-rút không xác nhận là sạch"
_ORIGINAL = "application/octet-stream"
"""Not message/rfc822, which no transfer encoding may protect from servers on the way (RFC 2046 section 5.2.1)."""


async def notify(notice: Notice, desk: Desk, dossier: Dossier | None) -> Notice:
    """From `owed` to `ready`; raises TemporaryError where it is to carry files and there is no scanner."""
    owed = notice.owed
    dockets = await desk.store.dockets(owed.document_ids)
    carried, receipts = _Carried(), Receipts()
    if owed.kind in _WITH_FILES:
        carried = await _attached(await _clean(dockets, desk), desk.correspondence.attach_up_to, desk)
    elif owed.kind is NoticeKind.SUBMISSION:
        carried = await _submitted(dockets, desk)
    elif owed.kind is NoticeKind.RECEIPT and dossier is not None:
        receipts = await receipts_for(dossier.mail, dockets, desk)
        carried = _Carried(receipts.attachments)
    parsed = await dossier.if_parsed() if dossier else None
    authentication = await dossier.if_authenticated() if dossier else None
    staff = await staff_of(desk)
    context = NoticeContext(
        notice=notice,
        mail=dossier.mail if dossier else None,
        parsed=parsed,
        verdict=await dossier.if_judged() if dossier else None,
        documents=tuple(docket.document for docket in dockets),
        attachments=carried.attachments,
        left_out=carried.left_out,
        authentication=authentication,
        sender=await dossier.party() if dossier and parsed else None,
        answer_to=answerable(dossier.mail, parsed, authentication, desk.correspondence) if dossier and parsed else None,
        conversations=await conversations_of(notice, dockets, staff, desk),
        names=names_in(staff, desk),
        pendings=await pendings_of(notice, staff, desk),
        asked=await asked_in(dockets, desk),
        related=await related_in(dockets, desk),
    )
    content = await desk.renderer.render(context)
    if desk.signer is not None:
        content = await desk.signer.sign(content)
    rendered = await desk.blobs.put(content)
    try:
        async with desk.store.begin() as unit:
            await _still_there(context.pendings, unit)
            await _none_recalled(dockets, unit)
            for event in receipts.events:
                await unit.record(event, desk.clock.now())
            return await unit.notice_ready(notice, rendered, desk.clock.now(), attached=carried.contents)
    except StaleState:
        await desk.blobs.destroy(rendered.sha256, partial(desk.store.is_used, rendered.sha256))
        raise


async def _still_there(pendings: Sequence[Pending], unit: Unit) -> None:
    """Raise StaleState where the content of a mail was destroyed after it was quoted."""
    for mail_id in sorted(pending.mail.id for pending in pendings if pending.parsed is not None):
        if await unit.is_destroyed(mail_id):
            raise StaleState(f"M{mail_id} was destroyed while a notice about it was made")


async def _none_recalled(dockets: Sequence[Docket], unit: Unit) -> None:
    """Raise StaleState where one of several documents was recalled after it was quoted beside others.

    A notice about one document alone ends with its recall.
    """
    for docket in dockets if len(dockets) > 1 else ():
        now = await unit.docket(docket.document.id)
        if now.state is DocumentState.RECALLED is not docket.state:
            raise StaleState(f"{docket.document.label} was recalled while a notice about it was made")


@dataclass(frozen=True, slots=True)
class _Carried:
    """The files that a notice brings along: name, media type, bytes; what stays behind, with the reason; SHA-256."""

    attachments: tuple[tuple[str, str, bytes], ...] = ()
    left_out: tuple[str, ...] = ()
    contents: tuple[str, ...] = ()


def _files(dockets: Sequence[Docket]) -> list[RegisteredFile]:
    return [file for docket in dockets for file in docket.document.files]


async def _clean(dockets: Sequence[Docket], desk: Desk) -> list[RegisteredFile | str]:
    """The files that may leave; of each other one its name, with the reason."""
    files = _files(dockets)
    unclean = await kept_back([file.sha256 for file in files], dockets, desk)
    return [f"{_name(file)} ({_UNCLEAN})" if file.sha256 in unclean else file for file in files]


async def _attached(files: Sequence[RegisteredFile | str], room: int, desk: Desk) -> _Carried:
    """The files in order while they fit."""
    attached: list[tuple[str, str, bytes]] = []
    left_out: list[str] = []
    contents: list[str] = []
    for file in files:
        if isinstance(file, str):
            left_out.append(file)
        elif file.size > room:
            left_out.append(f"{_name(file)} ({_TOO_LARGE})")
        else:
            room -= file.size
            attached.append((_name(file), file.type, await desk.blobs.read(file.sha256)))
            contents.append(file.sha256)
    return _Carried(tuple(attached), tuple(left_out), tuple(contents))


async def _submitted(dockets: Sequence[Docket], desk: Desk) -> _Carried:
    """The files of a submission, then, where there is room, the mail that brought them, every byte as it came."""
    room = desk.work.forward_up_to
    carried = await _attached(_files(dockets), room, desk)
    room -= sum(len(content) for _, _, content in carried.attachments)
    mails = [docket.document.mail_id for docket in dockets]
    for mail in [await desk.store.mail(mail_id) for mail_id in mails if mail_id is not None]:
        name = _original_name(mail)
        if mail.raw.size > room:
            carried = replace(carried, left_out=(*carried.left_out, f"{name} ({_TOO_LARGE})"))
            continue
        original = (name, _ORIGINAL, await desk.blobs.read(mail.raw.sha256))
        carried = _Carried((*carried.attachments, original), carried.left_out, (*carried.contents, mail.raw.sha256))
    return carried


def _name(file: RegisteredFile) -> str:
    return file.name or f"van-ban-{file.part_path}"


def _original_name(mail: Mail) -> str:
    return f"thu-goc-{mail.label}.eml"
