"""What a clerk decides by reply about a mail that was set aside, and the transcript of what became of it."""

from __future__ import annotations

from typing import Any

from gateway.model.directory import Role
from gateway.model.journal import NewEvent
from gateway.model.mail import Mail
from gateway.model.notice import NoticeKind
from gateway.model.quarantine import Ruling, RulingKind
from gateway.model.token import Purpose, ThreadToken
from gateway.policy.orders.rulings import RulingReading, read_rulings
from gateway.policy.quarantine import NOT_TOLD, Forbidden, rule_on
from gateway.ports import Unit
from handlers.conversation import owe_about_mail
from handlers.desk import Desk
from handlers.quarantine import Decider, carry_out, decided_before, rules_of
from handlers.transcript import (
    CONFIRMED_BEFORE,
    LONGEST_QUOTED,
    NOTHING_TO_CONFIRM,
    TO_CONFIRM,
    Written,
    answer_with_transcript,
    line,
)

_ONLY_TO_CONFIRM = (
    "Thư được trả lời chỉ dùng để xác nhận việc đã hỏi; quyết định khác không thực hiện. Đề nghị trả lời thư này và "
    "ghi lại quyết định."
)
_NOTHING_DECIDED = "Không đọc thấy quyết định nào trong phần mới viết, nên chưa có việc nào được thực hiện."
_ASKED = "{what}. Việc này không thu hồi được."
_WHAT = {
    RulingKind.PURGE: "Nội dung thư {mail} sẽ bị xóa hẳn, chỉ còn lại việc đã nhận và quyết định này",
    RulingKind.RELEASE: "Thư {mail} sẽ được xét lại và vào sổ nếu đủ điều kiện, dù bị giữ theo quy tắc quan trọng",
}


async def decide_by_reply(written: Written, token: ThreadToken, mail_id: int, unit: Unit, desk: Desk) -> None:
    """What the reply decides about the mail `mail_id`, in `unit`, by a token that allows it."""
    mail, bearer, authored = written.mail, written.bearer, written.parsed.authored
    about = await desk.store.mail(mail_id)
    reading = read_rulings(authored.text) if authored.certain else RulingReading(None, ())
    lines = [line((fault.line,), fault.text, ok=False) for fault in reading.faults]
    if reading.ruling is not None:
        meant = _meant(reading.ruling, token)
        if isinstance(meant, Ruling):
            about, told = await _rule(meant, reading.ruling.written, token, about, written, unit, desk)
            lines.append(told)
        else:
            lines.append(meant)
    note = authored.doubt if not authored.certain else "" if lines else _NOTHING_DECIDED
    facts = {"lines": lines, "note": note, "quoted": authored.text[:LONGEST_QUOTED]}
    await answer_with_transcript(written, about, facts, unit, desk)
    data = {
        "orders": int(reading.ruling is not None),
        "done": sum(each["ok"] is True for each in lines),
        "faults": len(reading.faults),
        "about": about.label,
    }
    await unit.record(NewEvent("orders.applied", bearer.author, "reply", mail.id, data=data), desk.clock.now())


def _meant(ruling: Ruling, token: ThreadToken) -> Ruling | dict[str, Any]:
    """The ruling that is to be carried out, which for a confirming reply is the one that was asked about.

    Else the line that says why none is.
    """
    confirming = token.ruling if token.purpose is Purpose.CONFIRM else None
    if ruling.kind is not RulingKind.CONFIRM:
        return line(ruling.written, _ONLY_TO_CONFIRM, ok=False) if confirming else ruling
    if confirming is None:
        return line(ruling.written, NOTHING_TO_CONFIRM, ok=False)
    return line(ruling.written, CONFIRMED_BEFORE, ok=None) if token.used_at is not None else confirming


async def _rule(
    ruling: Ruling, asked: tuple[str, ...], token: ThreadToken, about: Mail, written: Written, unit: Unit, desk: Desk
) -> tuple[Mail, dict[str, Any]]:
    """The mail as it stands after the ruling, and the line of the transcript."""
    actor, now = written.bearer.actor, desk.clock.now()
    is_clerk = actor is not None and actor.holds(Role.CLERK)
    if is_clerk and (before := await decided_before(about, ruling, desk)):
        return about, line(asked, before, ok=False)
    rules = await rules_of(about, desk)
    answer = rule_on(ruling, about.stage, rules, is_clerk=is_clerk, told=token.told)
    if isinstance(answer, Forbidden):
        if answer.code == NOT_TOLD:
            author, again = written.bearer.author, f"again {written.mail.label}"
            await owe_about_mail(NoticeKind.CLERK_ATTENTION, about, author, again, unit, desk, facts={})
        data = {"act": ruling.kind.value, "cause": answer.code, "about": about.label}
        await unit.record(NewEvent("order.refused", written.bearer.author, "reply", written.mail.id, data=data), now)
        return about, line(asked, answer.text, ok=False)
    sure = token.purpose is Purpose.CONFIRM or token.is_fresh(now, desk.work.fresh)
    if answer.is_final and not sure:
        await _put_back(ruling, about, written, unit, desk)
        return about, line(asked, TO_CONFIRM, ok=None)
    about, told = await carry_out(
        ruling, answer, about, Decider(written.bearer.author, "reply", written.mail.id), unit, desk
    )
    if answer.is_final:
        await unit.use_token(token, now)
    return about, line(asked, told, ok=True)


async def _put_back(ruling: Ruling, about: Mail, written: Written, unit: Unit, desk: Desk) -> None:
    """Ask for a confirming reply to what would be done."""
    until = desk.clock.now() + desk.work.confirm_valid
    text = _ASKED.format(what=_WHAT[ruling.kind].format(mail=about.label))
    facts = {"order": list(ruling.written), "text": text, "until": until.isoformat()}
    occasion = f"{written.mail.label} {ruling.kind.value}"
    author, cause = written.bearer.author, written.mail.id
    await owe_about_mail(
        NoticeKind.CONFIRM, about, author, occasion, unit, desk, facts=facts, ruling=ruling, mail_id=cause
    )
