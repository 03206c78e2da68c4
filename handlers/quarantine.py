"""What a person decides about a mail that was set aside: release, refuse, or try again after a fix."""

from __future__ import annotations

from gateway.errors import NotWaivable, StaleState
from gateway.model.authentication import Authentication
from gateway.model.finding import ONLY_BY_NAME, Finding, Outcome
from gateway.model.journal import NewEvent
from gateway.model.mail import Mail, MailStage
from gateway.model.notice import NoticeKind
from gateway.model.verdict import Disposition, Verdict
from handlers.desk import Desk
from handlers.owe import answerable, owe


async def release(mail_id: int, *, actor: str, reason: str, waive: frozenset[str], desk: Desk) -> None:
    """Waive the rules that hold the mail and judge it again; raises KeyError, StaleState, NotWaivable."""
    mail = await _standing_at(mail_id, MailStage.HELD, desk)
    verdict = await desk.store.verdict(mail_id)
    rules = {f.rule for f in verdict.findings if f.outcome is Outcome.HOLD} if verdict else set()
    if unnamed := (rules & ONLY_BY_NAME) - waive:
        named = " ".join(f"--waive {rule}" for rule in sorted(unnamed))
        raise NotWaivable(f"{mail.label} bị giữ theo quy tắc chỉ được bỏ qua khi ghi đích danh; nếu chắc chắn: {named}")
    now = desk.clock.now()
    async with desk.store.begin() as unit:
        for rule in sorted(rules):
            await unit.waive(mail_id, rule, actor=actor, reason=reason, at=now)
        await unit.revive(mail, _from_where(await desk.store.authentication(mail_id)), now)
        data = {"rules": sorted(rules), "reason": reason}
        await unit.record(NewEvent("mail.released", actor, "cli", mail_id, data=data), now)
    desk.wake()


def _from_where(found: Authentication | None) -> MailStage:
    """What was never asked of the sender, or could not be answered, is asked now."""
    if found is None:
        return MailStage.ACCEPTED
    return MailStage.PARSED if found.undecided else MailStage.INSPECTED


async def refuse(mail_id: int, *, actor: str, reason: str, desk: Desk) -> None:
    """End a held mail as refused and tell its sender why; raises KeyError, StaleState."""
    mail = await _standing_at(mail_id, MailStage.HELD, desk)
    verdict, parsed = await desk.store.verdict(mail_id), await desk.store.parsed(mail_id)
    authentication = await desk.store.authentication(mail_id)
    held = verdict.findings if verdict else ()
    decided = Finding("clerk", "Điều 11 khoản 1 điểm a", Outcome.REFUSE, f"Văn thư không tiếp nhận: {reason}")
    now = desk.clock.now()
    async with desk.store.begin() as unit:
        await unit.keep_verdict(mail_id, Verdict(Disposition.REFUSE, (*held, decided)))
        if parsed is not None:
            sender = answerable(mail, parsed, authentication, desk.correspondence)
            # A person decided: this is no answer that a machine could draw from us.
            await owe(NoticeKind.REFUSAL, mail, (sender,) if sender else (), unit, desk)
        await unit.move(mail, MailStage.REFUSED)
        await unit.record(NewEvent("mail.refused", actor, "cli", mail_id, data={"reason": reason}), now)
    desk.wake()


async def replay(mail_id: int, *, actor: str, desk: Desk) -> None:
    """Put a dead mail back to the stage it died at; raises KeyError, StaleState."""
    mail = await _standing_at(mail_id, MailStage.DEAD, desk)
    if mail.failed_stage is None:
        raise StaleState(f"{mail.label} does not say where it died")
    now = desk.clock.now()
    async with desk.store.begin() as unit:
        await unit.revive(mail, mail.failed_stage, now)
        data = {"stage": mail.failed_stage.value}
        await unit.record(NewEvent("mail.replayed", actor, "cli", mail_id, data=data), now)
    desk.wake()


async def _standing_at(mail_id: int, stage: MailStage, desk: Desk) -> Mail:
    mail = await desk.store.mail(mail_id)
    if mail.stage is not stage:
        raise StaleState(f"{mail.label} is {mail.stage}, not {stage}")
    return mail
