"""Destroying what a mail brought: its rows in one transaction, then every trace of its bytes, until none is left."""

from __future__ import annotations

import logging
from datetime import timedelta
from functools import partial

from gateway.clock import local
from gateway.errors import StorageFull, TemporaryError
from gateway.model.alarm import Alarm, AlarmCause
from gateway.model.docket import Docket
from gateway.model.journal import NewEvent
from gateway.model.mail import Mail, StoredBlob, Transport
from gateway.model.seal import DestructionCause, Remainder, Trace
from gateway.ports import Unit
from handlers.alarm import day, owe_alarm
from handlers.desk import Desk

log = logging.getLogger(__name__)

_SWEPT = (Trace.BLOB, Trace.TABLE)
"""What this machine removes by itself; copies in mailboxes are removed by those who look into them."""
_AT_ONCE = 200
_AGAIN = timedelta(seconds=20)
_LONGEST_WAIT = timedelta(minutes=10)
_COPY_PATIENCE = timedelta(hours=1)
_IN_THE_WAY = "còn giao dịch khác đang đọc cơ sở dữ liệu"


async def destroy_content(
    mail: Mail, unit: Unit, desk: Desk, *, cause: DestructionCause = DestructionCause.PURGED
) -> None:
    """Delete all rows of the mail's content in `unit` and owe the rest to `sweep`; the fact of the mail remains.

    PURGED takes the encrypted copy of a sealed mail as well. What other mails brought too stays theirs. Raises
    ValueError where the mail brought documents of the register.
    """
    await unit.destroy(mail, cause, desk.clock.now())


async def destroy_document(docket: Docket, actor: str, way: str, unit: Unit, desk: Desk) -> Docket:
    """Make a tombstone of a recalled document in `unit` and owe the rest to `sweep`; the docket as it is then.

    The journal keeps the SHA-256 of its files and of the mails that it came in, and why they went.
    """
    document, now = docket.document, desk.clock.now()
    note = f"Thu hồi theo đề nghị của nơi gửi ngày {local(now):%d/%m/%Y}; nội dung đã hủy"
    contents = await unit.entomb(document, note, now)
    data = {"cause": DestructionCause.RECALLED.value, "contents": list(contents)}
    await unit.record(NewEvent("content.recalled", actor, way, document.mail_id, document.id, data), now)
    return await unit.docket(document.id)


async def destroy_copy(mail_id: int, transport_id: str, raw: StoredBlob, unit: Unit, desk: Desk) -> None:
    """A mailbox brought the bytes of a destroyed mail once more: what came is removed as well."""
    now = desk.clock.now()
    await unit.owe_removal(mail_id, Trace.BLOB, raw.sha256, now)
    await unit.owe_removal(mail_id, Trace.MAILBOX, transport_id, now)


async def sweep(desk: Desk) -> int:
    """Remove what is owed to destruction and due now, and tell how many traces are gone. Raises TemporaryError.

    Called after a unit with `destroy_content` has committed; what a crash has left is due at the next start.
    """
    gone = 0
    blobs = await desk.store.remainders([Trace.BLOB], _AT_ONCE, due=desk.clock.now())
    for each in blobs:
        gone += await _remove_blob(each, desk)
    tables = await desk.store.remainders([Trace.TABLE], _AT_ONCE, due=desk.clock.now())
    if tables:
        gone += await _wipe(tables, desk)
    return gone


async def is_owed(desk: Desk) -> bool:
    """Whether `sweep` has anything to do now."""
    return bool(await desk.store.remainders(_SWEPT, 1, due=desk.clock.now()))


async def is_swept(mail_id: int, desk: Desk) -> bool:
    """Whether nothing of the content of a mail is left on this machine."""
    return not await desk.store.remainders(_SWEPT, 1, mail_id=mail_id)


async def _remove_blob(blob: Remainder, desk: Desk) -> bool:
    try:
        destroyed = await desk.blobs.destroy(blob.name, partial(desk.store.is_used, blob.name))
    except (OSError, StorageFull) as error:
        await _again(blob, f"{type(error).__name__}: {error}", desk)
        return False
    now = desk.clock.now()
    async with desk.store.begin() as unit:
        if not destroyed:
            data = {"sha256": blob.name}
            await unit.record(NewEvent("content.shared", "gateway", "destruction", blob.mail_id, data=data), now)
        await unit.removed(blob)
        await _finished(blob, unit, desk)
    return True


async def _wipe(tables: list[Remainder], desk: Desk) -> int:
    names = sorted({each.name for each in tables})
    try:
        wiped = await desk.store.wipe(names, max(each.since for each in tables))
        reason = _IN_THE_WAY
    except (TemporaryError, StorageFull) as error:
        wiped, reason = False, str(error)
    if not wiped:
        for each in tables:
            await _again(each, reason, desk)
        return 0
    async with desk.store.begin() as unit:
        for each in tables:
            await unit.removed(each)
            await _finished(each, unit, desk)
    return len(tables)


async def _again(remainder: Remainder, reason: str, desk: Desk) -> None:
    ids = {"mail": f"M{remainder.mail_id}", "trace": remainder.trace.value, "cause": reason}
    log.warning("trace not removed yet", extra=ids)
    wait = min(_AGAIN * (remainder.attempts + 1), _LONGEST_WAIT)
    async with desk.store.begin() as unit:
        await unit.postpone_removal(remainder, desk.clock.now() + wait, reason)


async def _finished(last: Remainder, unit: Unit, desk: Desk) -> None:
    """Journal that nothing of a mail's content is left, when that was the last trace of it."""
    if not await unit.has_remainders(last.mail_id):
        event = NewEvent("content.destroyed", "gateway", "destruction", last.mail_id)
        await unit.record(event, desk.clock.now())


async def copies_in(mailbox: str, desk: Desk) -> list[Remainder]:
    """The copies of destroyed mails that came from a mailbox, by the beginning of its transport ids."""
    return await desk.store.remainders([Trace.MAILBOX], _AT_ONCE, prefix=mailbox)


async def copy_removed(copy: Remainder, *, found: int, desk: Desk) -> None:
    """The mailbox has it no more; `found` is how many copies were there."""
    now = desk.clock.now()
    async with desk.store.begin() as unit:
        data = {"transport_id": copy.name, "found": found}
        event = NewEvent("content.expunged", "gateway", Transport.IMAP.value, copy.mail_id, data=data)
        await unit.record(event, now)
        await unit.removed(copy)
        await _finished(copy, unit, desk)


async def copy_left(copy: Remainder, reason: str, desk: Desk) -> None:
    """It could not be removed from its mailbox; the next look tries again."""
    async with desk.store.begin() as unit:
        await unit.postpone_removal(copy, desk.clock.now(), reason)


async def tell_of_copies(desk: Desk) -> None:
    """Tell people once a day of each copy that lies in a mailbox longer than it should. Raises TemporaryError."""
    now = desk.clock.now()
    for copy in await desk.store.remainders([Trace.MAILBOX], _AT_ONCE):
        if now - copy.since < _COPY_PATIENCE:
            continue
        mailbox = copy.name.partition("/")[0]
        facts = {"mail": f"M{copy.mail_id}", "mailbox": mailbox, "since": f"{local(copy.since):%H:%M ngày %d/%m/%Y}"}
        if copy.last_error:
            facts["reason"] = copy.last_error
        to = dict.fromkeys((*desk.correspondence.office, *desk.correspondence.officers))
        mail = await desk.store.mail(copy.mail_id)
        async with desk.store.begin() as unit:
            alarm = Alarm(AlarmCause.COPY_LEFT, facts)
            await owe_alarm(alarm, f"{copy.name} {day(now)}", tuple(to), unit, desk, mail)
