"""What a person decides about a mail that was set aside, carried out in one place whatever way it came by."""

from __future__ import annotations

from dataclasses import dataclass

from gateway.errors import NotWaivable, StaleState, TemporaryError, UnfitDecision
from gateway.model.finding import ONLY_BY_NAME, Finding, Outcome
from gateway.model.journal import NewEvent
from gateway.model.mail import Mail, MailStage
from gateway.model.notice import NoticeKind
from gateway.model.quarantine import Ruling, RulingKind
from gateway.model.verdict import Disposition, Verdict
from gateway.model.wording import STAGE_WORDS, moment
from gateway.policy.quarantine import STAGES, Forbidden, Permitted, holding_rules, rule_on
from gateway.ports import Unit
from handlers.desk import Desk
from handlers.destroy import destroy_content, sweep
from handlers.owe import answerable, owe

_EVENTS = {
    RulingKind.RELEASE: "mail.released",
    RulingKind.REFUSE: "mail.refused",
    RulingKind.REPLAY: "mail.replayed",
    RulingKind.PURGE: "mail.purged",
}
_DONE = {
    RulingKind.RELEASE: "được chấp nhận",
    RulingKind.REFUSE: "được quyết định không tiếp nhận",
    RulingKind.REPLAY: "được cho xử lý lại",
    RulingKind.PURGE: "được tiêu hủy nội dung",
}
_NOT_AGAIN = "không thực hiện lần nữa."


@dataclass(frozen=True, slots=True)
class Decider:
    """Who decides, by what way (`cli`, `reply`), and in which mail."""

    actor: str
    way: str
    mail_id: int | None = None


async def carry_out(
    ruling: Ruling, permitted: Permitted, about: Mail, decider: Decider, unit: Unit, desk: Desk
) -> tuple[Mail, str]:
    """Do in `unit` what policy permits; the mail as it stands then, and in Vietnamese what was done.

    Raises StaleState where another decision came first. Content that is purged is gone once `sweep` has run.
    """
    now = desk.clock.now()
    match permitted.kind:
        case RulingKind.RELEASE:
            moved = await _release(ruling, permitted.waived, about, decider, unit, desk)
            told = f"Đã chấp nhận thư {about.label}; hệ thống xét lại và vào sổ nếu đủ điều kiện."
        case RulingKind.REFUSE:
            moved, told = await _refuse(ruling, about, unit, desk)
        case RulingKind.REPLAY:
            moved = await _replay(about, unit, desk)
            told = f"Đã đưa thư {about.label} trở lại hàng đợi."
        case RulingKind.PURGE:
            moved = await _purge(about, unit, desk)
            told = f"Đã tiêu hủy nội dung thư {about.label}; chỉ còn lại việc đã nhận và quyết định này."
        case RulingKind.CONFIRM:
            raise ValueError("what is confirmed is carried out, not the confirming")
    data: dict[str, object] = {"reason": ruling.reason, "was": about.stage.value}
    if permitted.kind is RulingKind.RELEASE:
        data["rules"] = sorted(permitted.waived)
    if about.failed_stage is not None:
        data["stage"] = about.failed_stage.value
    if decider.mail_id is not None:
        data["mail"] = f"M{decider.mail_id}"
    await unit.record(NewEvent(_EVENTS[permitted.kind], decider.actor, decider.way, about.id, data=data), now)
    return moved, told


async def rules_of(about: Mail, desk: Desk) -> tuple[str, ...]:
    """The keys of the rules that hold a mail."""
    verdict = await desk.store.verdict(about.id)
    return holding_rules(verdict.findings) if verdict else ()


async def decided_before(about: Mail, ruling: Ruling, desk: Desk) -> str:
    """Who has decided already what stands against this ruling, in Vietnamese; empty where nobody has."""
    found = await desk.store.last_event(about.id, tuple(_EVENTS.values()))
    if found is None or found.event.source == "pipeline":
        return ""
    fits = about.stage in STAGES.get(ruling.kind, frozenset())
    if fits and found.event.kind != _EVENTS[RulingKind.PURGE]:
        return ""
    done = next(_DONE[kind] for kind, event in _EVENTS.items() if event == found.event.kind)
    now = f"hiện nay: {STAGE_WORDS[about.stage]}"
    return f"Thư {about.label} đã {done} lúc {moment(found.at)} ({found.event.actor}); {now}; {_NOT_AGAIN}"


async def _release(
    ruling: Ruling, waived: frozenset[str], about: Mail, decider: Decider, unit: Unit, desk: Desk
) -> Mail:
    now = desk.clock.now()
    for rule in sorted(waived):
        await unit.waive(about.id, rule, actor=decider.actor, reason=ruling.reason, at=now)
    return await unit.revive(about, await _from_where(about, desk), now)


async def _from_where(about: Mail, desk: Desk) -> MailStage:
    """What was never asked of the sender, or could not be answered, is asked now, and closed files are opened."""
    found = await desk.store.authentication(about.id)
    return MailStage.ACCEPTED if found is None else MailStage.PARSED


async def _refuse(ruling: Ruling, about: Mail, unit: Unit, desk: Desk) -> tuple[Mail, str]:
    """End it and tell its sender why, if he may be told. A person decided: no machine could draw this from us."""
    verdict, parsed = await desk.store.verdict(about.id), await desk.store.parsed(about.id)
    authentication = await desk.store.authentication(about.id)
    found = verdict.findings if verdict else ()
    text = f"Văn thư không tiếp nhận: {ruling.reason}"
    decided = Finding("clerk", "Điều 11 khoản 1 điểm a", Outcome.REFUSE, text)
    await unit.keep_verdict(about.id, Verdict(Disposition.REFUSE, (*found, decided)))
    sender = answerable(about, parsed, authentication, desk.correspondence) if parsed else None
    await owe(NoticeKind.REFUSAL, about, (sender,) if sender else (), unit, desk)
    answered = "nơi gửi được báo kèm lý do" if sender else "nơi gửi không được báo, vì chưa xác thực hoặc là máy"
    return await unit.move(about, MailStage.REFUSED), f"Đã không tiếp nhận thư {about.label}; {answered}."


async def _replay(about: Mail, unit: Unit, desk: Desk) -> Mail:
    if about.failed_stage is None:
        raise StaleState(f"{about.label} does not say where it died")
    return await unit.revive(about, about.failed_stage, desk.clock.now())


async def _purge(about: Mail, unit: Unit, desk: Desk) -> Mail:
    """Nobody waits any more for what is gone; a sealed mail stays sealed."""
    moved = await unit.move(about, MailStage.REFUSED if about.stage in _ENDED_BY_PURGE else about.stage)
    await destroy_content(about, unit, desk)
    return moved


_ENDED_BY_PURGE = frozenset({MailStage.HELD, MailStage.DEAD})


async def release(mail_id: int, *, actor: str, reason: str, waive: frozenset[str], desk: Desk) -> None:
    """Waive the rules that hold the mail and judge it again; raises KeyError, StaleState, NotWaivable."""
    await _by_command(mail_id, Ruling(RulingKind.RELEASE, reason, tuple(sorted(waive))), actor, desk)


async def refuse(mail_id: int, *, actor: str, reason: str, desk: Desk) -> None:
    """End a held or dead mail as refused and tell its sender why; raises KeyError, StaleState."""
    await _by_command(mail_id, Ruling(RulingKind.REFUSE, reason), actor, desk)


async def replay(mail_id: int, *, actor: str, desk: Desk) -> None:
    """Put a dead mail back to the stage it died at; raises KeyError, StaleState."""
    await _by_command(mail_id, Ruling(RulingKind.REPLAY), actor, desk)


async def purge(mail_id: int, *, actor: str, reason: str, desk: Desk) -> None:
    """Destroy the content of a mail that is held, refused, dead or sealed; raises KeyError, StaleState.

    What cannot be removed at once the runner goes on to remove.
    """
    await _by_command(mail_id, Ruling(RulingKind.PURGE, reason), actor, desk)
    try:
        await sweep(desk)
    except TemporaryError:
        desk.wake()


async def _by_command(mail_id: int, ruling: Ruling, actor: str, desk: Desk) -> None:
    about = await desk.store.mail(mail_id)
    rules = await rules_of(about, desk)
    if before := await decided_before(about, ruling, desk):
        raise UnfitDecision(before)
    answer = rule_on(ruling, about.stage, rules, is_clerk=True, told=None)
    if isinstance(answer, Forbidden):
        raise _refused(answer, about, ruling, frozenset(rules))
    async with desk.store.begin() as unit:
        await carry_out(ruling, answer, about, Decider(actor, "cli"), unit, desk)
    desk.wake()


def _refused(answer: Forbidden, about: Mail, ruling: Ruling, rules: frozenset[str]) -> StaleState | NotWaivable:
    if unnamed := (rules & ONLY_BY_NAME) - frozenset(ruling.named):
        named = " ".join(f"--waive {rule}" for rule in sorted(unnamed))
        return NotWaivable(
            f"{about.label} bị giữ theo quy tắc chỉ được bỏ qua khi ghi đích danh; nếu chắc chắn: {named}"
        )
    if answer.code == "unknown_rule":
        return NotWaivable(answer.text)
    return UnfitDecision(f"{about.label}: {answer.text}")
