"""Sealing a mail with signs of a state secret: encrypted for its officer, the plain copy destroyed, the fact told."""

from __future__ import annotations

import asyncio
import hashlib
import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from gateway.errors import DamagedBlob, NotTheSealed, StaleState
from gateway.model.alarm import Alarm, AlarmCause
from gateway.model.facts import Secrecy
from gateway.model.journal import NewEvent
from gateway.model.mail import Mail, MailStage, StoredBlob
from gateway.model.notice import NoticeKind, OwedNotice
from gateway.model.seal import DestructionCause, Seal, Sealing
from gateway.policy.rules.secrecy import STATE_SECRET
from gateway.ports import Unit
from handlers.alarm import day, hour, message_id_of, owe_alarm
from handlers.desk import Desk
from handlers.destroy import destroy_content, is_swept
from handlers.dossier import Dossier
from handlers.owe import answerable, owe, owe_answer
from handlers.withhold import seen_level

log = logging.getLogger(__name__)

_SEALED = "sealed"
_SET_ASIDE = frozenset({MailStage.HELD, MailStage.REFUSED, MailStage.DEAD})


@dataclass(frozen=True, slots=True)
class _Known:
    """What was found out about a mail and may be remembered: its mark, and who sent it."""

    level: Secrecy | None
    author: str
    proved: bool
    answer_to: str | None


@dataclass(frozen=True, slots=True)
class _Order:
    """By whom a mail is sealed, by what way, and why."""

    actor: str
    source: str
    reason: str = ""


_BY_RULE = _Order("gateway", "pipeline")


async def seal(mail: Mail, desk: Desk, dossier: Dossier) -> Mail:
    """From `judged` to `sealed`, once the encrypted copy is durable; raises StorageFull, SealingFailure."""
    moved = await _seal(mail, desk, dossier, _BY_RULE)
    log.info("mail sealed", extra={"mail": mail.label})
    return moved


async def seal_by_hand(mail_id: int, *, actor: str, reason: str, desk: Desk) -> None:
    """Seal a mail that was set aside, because a person knows it for a secret; raises KeyError, and as `seal` does."""
    mail = await desk.store.mail(mail_id)
    if mail.stage not in _SET_ASIDE:
        raise StaleState(f"{mail.label} is {mail.stage}, not set aside")
    await _seal(mail, desk, Dossier(mail, desk.store), _Order(actor, "cli", reason))
    desk.wake()


async def seal_again(mail: Mail, desk: Desk) -> Mail | None:
    """A mail with the very bytes of a sealed one, from `accepted` to `sealed`, unread; None for any other.

    So what is sent again is known by its SHA-256, for which that is kept.
    """
    before = await desk.store.seal_of_bytes(mail.raw.sha256)
    if before is None or before.mail_id == mail.id or STATE_SECRET.rule in await desk.store.waived(mail.id):
        return None
    known = _Known(before.level, mail.envelope.mail_from, proved=False, answer_to=None)
    sealing = Sealing(mail.raw.sha256, before.certificate, before.holder, key_at_hand=False)
    return await _close(mail, known, sealing, before.sealed, _BY_RULE, desk)


async def unseal(mail_id: int, opened: bytes, *, actor: str, reason: str, desk: Desk) -> None:
    """Take back a sealed mail that is no secret, as its officer `opened` it, and judge it anew.

    Raises KeyError, StaleState, StorageFull, and NotTheSealed where these are not the bytes that were sealed.
    """
    mail = await desk.store.mail(mail_id)
    before = await desk.store.seal(mail_id)
    if mail.stage is not MailStage.SEALED or before is None:
        raise StaleState(f"{mail.label} is {mail.stage}, not {MailStage.SEALED}")
    if not await is_swept(mail_id, desk):
        raise NotTheSealed(f"{mail.label}: bản rõ còn đang được hủy; hãy thử lại sau ít phút")
    if await asyncio.to_thread(_sha256, opened) != mail.raw.sha256:
        raise NotTheSealed(f"{mail.label}: tệp không phải là thư đã niêm phong (mã băm SHA-256 khác)")
    raw = await desk.blobs.put(opened)
    now = desk.clock.now()
    async with desk.store.begin() as unit:
        await unit.restore(mail_id, actor, now)
        await unit.waive(mail_id, STATE_SECRET.rule, actor=actor, reason=reason, at=now)
        await unit.revive(mail, MailStage.ACCEPTED, now)
        data = {"reason": reason, "sha256": raw.sha256}
        await unit.record(NewEvent("mail.unsealed", actor, "cli", mail_id, data=data), now)
    desk.wake()


async def encrypted_copy(mail_id: int, *, actor: str, desk: Desk) -> bytes:
    """The encrypted mail, for its officer; who fetched it is journalled. Raises KeyError, StaleState, DamagedBlob."""
    mail = await desk.store.mail(mail_id)
    before = await desk.store.seal(mail_id)
    if mail.stage is not MailStage.SEALED or before is None:
        raise StaleState(f"{mail.label} is {mail.stage}, not {MailStage.SEALED}")
    content = await desk.blobs.read(before.sealed.sha256)
    async with desk.store.begin() as unit:
        data = {"sha256": before.sealed.sha256}
        await unit.record(NewEvent("seal.copied", actor, "cli", mail_id, data=data), desk.clock.now())
    return content


async def _seal(mail: Mail, desk: Desk, dossier: Dossier, order: _Order) -> Mail:
    known = await _known(mail, desk, dossier)
    async with desk.blobs.scratch() as folder:
        sealing, sealed = await _encrypt(mail, folder, desk)
    moved = await _close(mail, known, sealing, sealed, order, desk)
    dossier.forget()
    return moved


async def _known(mail: Mail, desk: Desk, dossier: Dossier) -> _Known:
    """What died before it was parsed or inspected is sealed all the same."""
    parsed, found = await dossier.if_parsed(), await dossier.if_authenticated()
    if parsed is None or found is None:
        return _Known(None, mail.envelope.mail_from, proved=False, answer_to=None)
    verdict = await dossier.if_judged()
    seen = seen_level(parsed, [*(await dossier.facts()).values()])
    return _Known(
        level=verdict.level if verdict and verdict.level else seen,
        author=found.author or mail.envelope.mail_from,
        proved=found.proved,
        answer_to=answerable(mail, parsed, found, desk.correspondence),
    )


async def _encrypt(mail: Mail, folder: Path, desk: Desk) -> tuple[Sealing, StoredBlob]:
    sealing = await desk.sealer.seal(desk.blobs.path(mail.raw.sha256), folder / _SEALED)
    if sealing.content_sha256 != mail.raw.sha256:
        raise DamagedBlob(mail.raw.sha256)
    (sealed,) = await desk.blobs.adopt([folder / _SEALED])
    return sealing, sealed


async def _close(mail: Mail, known: _Known, sealing: Sealing, sealed: StoredBlob, order: _Order, desk: Desk) -> Mail:
    """Seal, destruction, notices and the mail's end, in one transaction."""
    now = desk.clock.now()
    kept = Seal(mail.id, now, known.level, known.author, known.proved, sealed, sealing.certificate, sealing.holder)
    async with desk.store.begin() as unit:
        moved = await unit.move(mail, MailStage.SEALED)
        await destroy_content(mail, unit, desk, cause=DestructionCause.SEALED)
        await unit.keep_seal(kept)
        await _tell(moved, kept, known, unit, desk, by_hand=order.source == "cli")
        if sealing.key_at_hand:
            await _warn_of_key(moved, unit, desk, now)
        data = {
            "level": known.level.value if known.level else None,
            "certificate": sealing.certificate,
            "sealed_sha256": sealed.sha256,
        }
        if order.reason:
            data["reason"] = order.reason
        event = NewEvent(f"mail.{MailStage.SEALED.value}", order.actor, order.source, mail.id, data=data)
        await unit.record(event, now)
    return moved


async def _tell(mail: Mail, kept: Seal, known: _Known, unit: Unit, desk: Desk, *, by_hand: bool) -> None:
    """The fact alone: to the sender, if he may be answered, to the officers and to the clerks.

    Of mails whose sender is not proved the office is told once an hour: anybody could send a thousand.
    """
    to, seen = desk.correspondence, {"by_hand": True} if by_hand else {}
    await owe_answer(NoticeKind.SEALED, mail, known.answer_to, unit, desk, facts={"reader": "sender", **seen})
    facts: dict[str, object] = {
        **seen,
        "author": known.author,
        "proved": known.proved,
        "level": known.level.value if known.level else None,
        "holder": kept.holder,
        "certificate": kept.certificate,
        "told": known.answer_to is not None,
    }
    clerks = [clerk for clerk in to.clerks if clerk not in to.officers]
    for reader, people in (("officer", to.officers), ("clerk", clerks)):
        await _tell_office(mail, people, facts | {"reader": reader}, unit, desk, often=known.proved)


async def _tell_office(
    mail: Mail, people: Sequence[str], facts: dict[str, object], unit: Unit, desk: Desk, *, often: bool
) -> None:
    if often:
        await owe(NoticeKind.SEALED, mail, people, unit, desk, facts=facts)
        return
    now, kind = desk.clock.now(), NoticeKind.SEALED
    for person in people:
        message_id = message_id_of(kind.value, (kind.value, hour(now), person), desk)
        await unit.owe(OwedNotice(kind, person, message_id, mail.id, facts=facts | {"first": True}), now)


async def _warn_of_key(mail: Mail, unit: Unit, desk: Desk, now: datetime) -> None:
    """Once a day for as long as the private key lies beside what it opens."""
    to = desk.correspondence
    people = tuple(dict.fromkeys((*to.it, *to.officers)))
    await owe_alarm(Alarm(AlarmCause.KEY_AT_HAND, {"mail": mail.label}), f"key {day(now)}", people, unit, desk, mail)


def _sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
