"""Carry out the orders in a mail, each by itself, and answer with a transcript of what became of them."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from typing import Any

from gateway.clock import local
from gateway.model.act import Act, Order
from gateway.model.directory import Role
from gateway.model.docket import Answer, Docket
from gateway.model.journal import NewEvent
from gateway.model.mail import Mail
from gateway.model.notice import NoticeKind
from gateway.model.part import CARRIES_DOCUMENT, ParsedMail
from gateway.model.token import Purpose, ThreadToken
from gateway.policy.acts import Asker, Decision, decide
from gateway.policy.authority import DENIAL_WORDS, Denial, Denied, authority
from gateway.policy.orders import Reading, read_orders
from gateway.policy.staff import Staff
from gateway.ports import Unit
from handlers.act import Source, perform, surroundings
from handlers.alarm import tell_of_misuse
from handlers.conversation import owe_about
from handlers.decide import decide_by_reply
from handlers.desk import Desk
from handlers.outlook import asker_at
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
    "Thư được trả lời chỉ dùng để xác nhận việc đã hỏi; lệnh khác không thực hiện. Đề nghị trả lời thư này, hoặc thông "
    "báo khác về văn bản, và ghi lại lệnh."
)
_NO_ORDERS = "Không đọc thấy lệnh nào trong phần mới viết, nên chưa có việc nào được thực hiện."
_NO_DOCUMENT = (
    "Thông báo được trả lời không gắn với riêng một văn bản nào, nên không có việc nào được thực hiện. Đề nghị mở "
    "thông báo về văn bản cần xử lý, hoặc bấm nút của văn bản ấy, và trả lời từ đó."
)
_FILES_NOT_ENTERED = (
    "Tệp kèm theo thư trả lời không được vào sổ. Nếu là văn bản đến thì gửi bằng một thư mới, không trả lời thông báo."
)


async def apply_orders(written: Written, staff: Staff, unit: Unit, desk: Desk) -> None:
    """What the mail asks for, in `unit`. The same mail once more, or its orders in another wrapping, does nothing."""
    mail, bearer, now = written.mail, written.bearer, desk.clock.now()
    if not await unit.take_orders(mail.id, None, _keys(written)):
        await unit.record(NewEvent("orders.replayed", bearer.author, "reply", mail.id), now)
        return
    found = [await unit.token(token) for token in bearer.tokens]
    granted = authority(
        bearer.author,
        found,
        bearer.thread,
        now,
        mails=bearer.mails,
        dated=written.parsed.date,
        borrowed=bearer.borrowed,
    )
    if isinstance(granted, Denied):
        await _deny(granted, written, unit, desk)
    elif granted.token.document_id is not None:
        await _carry_out(written, granted.token, granted.token.document_id, staff, unit, desk)
    elif granted.token.mail_id is not None:
        await decide_by_reply(written, granted.token, granted.token.mail_id, unit, desk)


async def _carry_out(
    written: Written, token: ThreadToken, document_id: int, staff: Staff, unit: Unit, desk: Desk
) -> None:
    """The orders about a document, by a token that allows them."""
    mail, bearer, now = written.mail, written.bearer, desk.clock.now()
    docket = await unit.docket(document_id)
    asker = asker_at(bearer.author, docket, staff, desk)
    reading = _read(written.parsed, desk)
    if asker.actor is None and not reading.orders:
        await _pass_on(written, docket, staff, unit, desk)
        if not reading.faults:
            return
    session = _Session(written, token, asker, staff, unit, desk, docket)
    lines = await session.run(reading) if written.parsed.authored.certain else []
    done = [line for line in lines if line["ok"]]
    note = written.parsed.authored.doubt if not written.parsed.authored.certain else "" if lines else _NO_ORDERS
    if _answer_in(written.parsed) and not (done and any(order.act is Act.FINISH for order in reading.orders)):
        note = f"{note} {_FILES_NOT_ENTERED}".lstrip()
    facts = {"lines": lines, "note": note, "quoted": written.parsed.authored.text[:LONGEST_QUOTED]}
    await answer_with_transcript(written, session.docket, facts, unit, desk, subject=token.subject)
    data = {"orders": len(reading.orders), "done": len(done), "faults": len(reading.faults)}
    event = NewEvent("orders.applied", bearer.author, "reply", mail.id, docket.document.id, data)
    await unit.record(event, now)


class _Session:
    """The orders of one mail, one after the other, each on the document as the one before left it."""

    def __init__(
        self, written: Written, token: ThreadToken, asker: Asker, staff: Staff, unit: Unit, desk: Desk, docket: Docket
    ) -> None:
        self._written = written
        self._token = token
        self._asker = asker
        self._staff = staff
        self._unit = unit
        self._desk = desk
        self.docket = docket

    async def run(self, reading: Reading) -> list[dict[str, Any]]:
        """A line of the transcript for each order and each fault."""
        lines = [await self._one(order) for order in reading.orders]
        return [*lines, *(line((fault.line,), fault.text, ok=False) for fault in reading.faults)]

    async def _one(self, order: Order) -> dict[str, Any]:
        if order.act is Act.CONFIRM:
            return await self._confirm(order)
        if self._token.purpose is not Purpose.WORK and not order.act.only_asks:
            return await self._refuse(order)
        around = surroundings(self._staff, self._desk)
        decided = decide(order, self.docket, self._asker, around, subject=self._token.subject)
        if not isinstance(decided, Decision) or not decided.irreversible:
            return await self._perform(order, order)
        fresh = self._token.is_fresh(self._desk.clock.now(), self._desk.work.fresh)
        return await self._once(order, order) if fresh else await self._put_back(order, decided)

    async def _refuse(self, order: Order) -> dict[str, Any]:
        """A token to confirm with allows nothing else."""
        data = {"act": order.act.value, "cause": Denial.WRONG_PURPOSE.value}
        mail, document = self._written.mail, self.docket.document
        event = NewEvent("order.refused", self._asker.address, "reply", mail.id, document.id, data)
        await self._unit.record(event, self._desk.clock.now())
        return line(order.written, _ONLY_TO_CONFIRM, ok=False)

    async def _confirm(self, order: Order) -> dict[str, Any]:
        if self._token.purpose is Purpose.WORK:
            return await self._perform(order, order)
        if order.fields:
            return await self._refuse(order)
        if self._token.order is None:
            return line(order.written, NOTHING_TO_CONFIRM, ok=False)
        if self._token.used_at is not None:
            return line(order.written, CONFIRMED_BEFORE, ok=None)
        return await self._once(self._token.order, order)

    async def _once(self, order: Order, asked: Order) -> dict[str, Any]:
        """What cannot be undone uses up the freshness of its token."""
        line = await self._perform(order, asked)
        if line["ok"]:
            now = self._desk.clock.now()
            await self._unit.use_token(self._token, now)
            self._token = replace(self._token, used_at=now)
        return line

    async def _put_back(self, order: Order, decided: Decision) -> dict[str, Any]:
        """Ask for a confirming reply to what would be done."""
        occasion = f"{self._written.mail.label} {order.act.value}"
        until = self._desk.clock.now() + self._desk.work.confirm_valid
        facts = {
            "order": list(order.written),
            "subject": self._token.subject,
            "text": decided.result,
            "until": until.isoformat(),
        }
        author = self._written.bearer.author
        await owe_about(
            NoticeKind.CONFIRM,
            self.docket.document,
            author,
            occasion,
            self._unit,
            self._desk,
            facts=facts,
            order=order,
            mail_id=self._written.mail.id,
        )
        return line(order.written, TO_CONFIRM, ok=None)

    async def _perform(self, order: Order, asked: Order) -> dict[str, Any]:
        performed = await perform(
            order,
            self.docket,
            self._asker,
            Source("reply", self._written.mail.id),
            self._staff,
            self._unit,
            self._desk,
            subject=self._token.subject,
            answered_by=_answer_in(self._written.parsed) if order.act is Act.FINISH else None,
        )
        self.docket, answer = performed.docket, performed.answer
        if isinstance(answer, Decision):
            return line(asked.written, answer.result, ok=True)
        choices = [{"label": choice.label, "reply": choice.reply} for choice in answer.choices]
        return line(asked.written, answer.text, ok=False, clause=answer.clause, choices=choices)


def _read(parsed: ParsedMail, desk: Desk) -> Reading:
    return read_orders(parsed.authored.text, now=desk.clock.now(), calendar=desk.work.calendar)


def _answer_in(parsed: ParsedMail) -> Answer | None:
    """The file that a specialist sends along when he is done."""
    names = [part.name for part in parsed.parts if part.decision in CARRIES_DOCUMENT and part.name]
    return Answer(names[0]) if names else None


async def _deny(denied: Denied, written: Written, unit: Unit, desk: Desk) -> None:
    """Tell one of the staff why nothing was done; who had his own right lapse gets a new one. IT hears of the rest.

    An agency is told only of its own right that lapsed, which tells it nothing about tokens of others.
    """
    mail, author, now = written.mail, written.bearer.author, desk.clock.now()
    data = {"cause": denied.cause.value, "tokens": len(written.bearer.tokens)}
    await unit.record(NewEvent("orders.denied", author, "reply", mail.id, denied.document_id, data), now)
    if denied.cause.looks_like_attack:
        await tell_of_misuse(mail, author, denied.cause.value, unit, desk)
    if written.bearer.actor is None and denied.cause is not Denial.EXPIRED:
        return
    aimless = denied.cause is Denial.NOT_BORNE and denied.document_id is None and denied.mail_id is None
    facts_told = {"lines": [], "note": _NO_DOCUMENT if aimless else DENIAL_WORDS[denied.cause], "quoted": ""}
    await answer_with_transcript(
        written, await _denied_about(denied, unit, desk), facts_told, unit, desk, suspect=denied.cause.looks_like_attack
    )


async def _denied_about(denied: Denied, unit: Unit, desk: Desk) -> Docket | Mail | None:
    if denied.document_id is not None:
        return await unit.docket(denied.document_id)
    return await desk.store.mail(denied.mail_id) if denied.mail_id is not None else None


async def _pass_on(written: Written, docket: Docket, staff: Staff, unit: Unit, desk: Desk) -> None:
    """An agency answers in words of its own: no order, but the clerk must read it."""
    author, mail = written.bearer.author, written.mail
    facts = {"step": "replied", "by": author, "text": written.parsed.authored.text[:LONGEST_QUOTED]}
    for clerk in staff.holders(Role.CLERK, local(desk.clock.now()).date()):
        await owe_about(
            NoticeKind.NEWS, docket.document, clerk.address, mail.label, unit, desk, facts=facts, mail_id=mail.id
        )
    event = NewEvent("document.replied", author, "reply", mail.id, docket.document.id)
    await unit.record(event, desk.clock.now())


def _keys(written: Written) -> list[str]:
    """By what a mail with orders is known again: its bytes, its Message-ID, what its author wrote under which token.

    A signed mail can be sent on by others with more header fields around it; the text, its date and its token stay.
    """
    parsed, author = written.parsed, written.bearer.author
    date = parsed.date.isoformat() if parsed.date else ""
    text = "\n".join((author, *sorted(written.bearer.tokens), date, parsed.authored.text))
    told = {"raw": written.mail.raw.sha256, "text": text}
    if parsed.message_id:
        told["id"] = f"{author} {parsed.message_id}"
    return [f"{kind}:{hashlib.sha256(words.encode()).hexdigest()}" for kind, words in sorted(told.items())]
