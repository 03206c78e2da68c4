"""The work on documents as one reader may see it: state, parts, clocks, news, and the replies that act on it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import quote

from gateway.adapters.render.cleaning import cleaned, cleaned_lines
from gateway.adapters.render.mailto import mailto
from gateway.adapters.render.steps import (
    APPROVALS,
    NEWS,
    REMINDERS,
    TASKS,
    UNKNOWN_NEWS,
    UNKNOWN_REMINDER,
    UNKNOWN_TASK,
    StepText,
    Table,
)
from gateway.adapters.render.view import DocumentView, reads_as_office, reads_as_sender
from gateway.model import wording
from gateway.model.docket import Assignment, Docket, RequestKind
from gateway.model.document import Document
from gateway.model.notice import NoticeKind
from gateway.model.tracking import TimelineStep
from gateway.ports import Conversation, NoticeContext, Offer

_LAST_NEWS = 8
_OPEN_ENDED = "…"
_STEP_TEXTS: Mapping[NoticeKind, Table] = {
    NoticeKind.TASK: Table(TASKS, UNKNOWN_TASK, APPROVALS),
    NoticeKind.NEWS: Table(NEWS, UNKNOWN_NEWS),
    NoticeKind.REMINDER: Table(REMINDERS, UNKNOWN_REMINDER),
}
_REQUESTS: Mapping[RequestKind, str] = {
    RequestKind.FORWARD: "chờ ý kiến gửi Ủy ban nhân dân tỉnh",
    RequestKind.EXTENSION: "chờ ý kiến về việc gia hạn",
    RequestKind.RECALL: "chờ ý kiến về việc nơi gửi lấy lại văn bản",
}


@dataclass(frozen=True, slots=True)
class OfferView:
    """A reply to choose: the words of its button, its lines as people write them, and the link that opens it."""

    label: str
    lines: tuple[str, ...]
    link: str


@dataclass(frozen=True, slots=True)
class PartView:
    """One unit's part in words; `details` are label and value."""

    unit: str
    duty: str
    details: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class WorkView:
    """One document with the work on it; `parts`, `opinion`, `clocks` and `files_link` are for the office alone."""

    view: DocumentView
    subject: str
    state: str
    reply_to: str
    offers: tuple[OfferView, ...]
    presented_to: str
    opinion: str
    parts: tuple[PartView, ...]
    clocks: tuple[str, ...]
    news: tuple[TimelineStep, ...]
    files_link: str
    files_until: datetime | None


@dataclass(frozen=True, slots=True)
class StepView:
    """What a task, a piece of news or a reminder says; `details` are label and value from the facts."""

    heading: str
    lead: str
    todo: tuple[str, ...]
    clause: str
    tone: str
    details: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class LineView:
    """One order of a mail with what came of it. `result` is true where it was carried out, None where it waits."""

    written: tuple[str, ...]
    result: bool | None
    text: str
    clause: str
    choices: tuple[OfferView, ...]


def subject_of(document: Document) -> str:
    """The subject of all mails about a document, the same whatever happens to it, so that they stay together."""
    header = document.header
    urgency = document.marks.urgency
    mark = f"[{wording.URGENCY_WORDS[urgency].upper()}] " if urgency else ""
    named = header.abstract and (header.identifier or header.issued_on)
    abstract = f", {header.abstract}" if named else ""
    return f"{mark}Số đến {wording.arrival(document)}: {wording.title(header)}{abstract}"


def works_of(
    context: NoticeContext, raw: tuple[Conversation, ...], documents: tuple[DocumentView, ...], public_url: str
) -> tuple[WorkView, ...]:
    """The conversations of a cleaned context in their order; `raw` still has the line ends of the replies."""
    views = {view.document.id: view for view in documents}
    return tuple(
        _work(context, conversation, uncleaned.offers, views[conversation.docket.document.id], public_url)
        for conversation, uncleaned in zip(context.conversations, raw, strict=True)
        if conversation.docket.document.id in views
    )


def _work(
    context: NoticeContext, conversation: Conversation, offers: tuple[Offer, ...], view: DocumentView, public_url: str
) -> WorkView:
    docket, office = conversation.docket, reads_as_office(context)
    reply_to = conversation.reply_to or ""
    subject = subject_of(docket.document)
    message_id = context.notice.owed.message_id
    told = office or reads_as_sender(context)
    news = [step for step in conversation.news if step.text and told and (office or not step.inside)][-_LAST_NEWS:]
    opens_files = office or context.notice.owed.kind is NoticeKind.SUBMISSION
    token = conversation.files_token if opens_files else None
    return WorkView(
        view=view,
        subject=subject,
        state=_state(docket),
        reply_to=reply_to,
        offers=tuple(
            offer_view(offer.label, offer.reply, reply_to, subject, message_id) for offer in offers if reply_to
        ),
        presented_to=_named(docket.presented_to, context.names) if office else "",
        opinion=docket.opinion if office else "",
        parts=tuple(_part(part, context.names) for part in docket.assignments if office),
        clocks=conversation.clocks if office else (),
        news=tuple(news),
        files_link=f"{public_url}/f/{quote(token, safe='')}" if token else "",
        files_until=conversation.files_until if token else None,
    )


def offer_view(label: str, reply: str, reply_to: str, subject: str, message_id: str) -> OfferView:
    """A reply to choose, for who answers to `reply_to` the notice `message_id`."""
    lines = cleaned_lines(reply)
    shown = tuple(f"{line} {_OPEN_ENDED}" if line.endswith(":") else line for line in lines)
    return OfferView(cleaned(label), shown, mailto(reply_to, subject, lines, message_id))


def _state(docket: Docket) -> str:
    waiting = dict.fromkeys(_REQUESTS[request.kind] for request in docket.requests)
    state = wording.STATE_WORDS[docket.state]
    return "; ".join([f"{state[:1].upper()}{state[1:]}", *waiting])


def _part(part: Assignment, names: Mapping[str, str]) -> PartView:
    details = {
        "Tình trạng": wording.SHARE_WORDS[part.state],
        "Thời hạn": wording.moment(part.deadline) if part.deadline else "",
        "Chuyên viên": _named(part.specialist, names),
        "Ghi chú": part.note,
    }
    return PartView(
        _named(part.unit, names), "Chủ trì" if part.lead else "Phối hợp", tuple((k, v) for k, v in details.items() if v)
    )


def _named(code: str | None, names: Mapping[str, str]) -> str:
    return names.get(code, code) if code else ""


def step_of(context: NoticeContext) -> StepView | None:
    """What the facts of a cleaned task, piece of news or reminder come to for its reader; None for other kinds."""
    owed = context.notice.owed
    if owed.kind not in _STEP_TEXTS:
        return None
    facts, office, table = owed.facts, reads_as_office(context), _STEP_TEXTS[owed.kind]
    text = table.text(_fact(facts, "step"), _fact(facts, "subject"))
    said = wording.sentence(_fact(facts, "text"))
    fixed = text is not table.unknown and (text.lead if office else text.to_sender if reads_as_sender(context) else "")
    return StepView(
        heading=text.heading,
        lead=fixed or said or UNKNOWN_NEWS.lead,
        todo=text.todo if office else (),
        clause=text.clause if office or text.with_reason else "",
        tone=text.tone,
        details=_details(context, text, said if fixed else ""),
    )


def _details(context: NoticeContext, text: StepText, said: str) -> tuple[tuple[str, str], ...]:
    """The facts that this reader may know; words come with a status where they are meant for the sender."""
    facts, office = context.notice.owed.facts, reads_as_office(context)
    known = {wording.sentence(each.docket.opinion) for each in context.conversations}
    details = {
        "Nội dung": said if (office or facts.get("status")) and said not in known else "",
        "Lý do": _fact(facts, "reason") if office or text.with_reason else "",
    }
    if office:
        details |= {
            "Đơn vị": _fact(facts, "unit") or _unit(facts, context.names),
            "Chuyên viên": _fact(facts, "who"),
            "Vai trò": _fact(facts, "role"),
            "Thời hạn": moment_or_words(facts.get("deadline")),
            "Báo thay cho": _fact(facts, "for_whom"),
            "Người thực hiện": _named(_fact(facts, "by"), context.names),
        }
    return tuple((label, value) for label, value in details.items() if value)


def _unit(facts: Mapping[str, Any], names: Mapping[str, str]) -> str:
    """The unit of a question such as `extension:van-phong`, or of a timer about a unit."""
    subject = _fact(facts, "subject")
    code = subject.partition(":")[2] or subject
    return names.get(code, "")


def lines_of(context: NoticeContext, raw: NoticeContext, work: WorkView | None) -> tuple[LineView, ...]:
    """The orders of a transcript with their results, from a cleaned context; `raw` still has the replies' line ends."""
    return tuple(
        LineView(
            written=tuple(map(str, line.get("written") or ())),
            result=line.get("ok"),
            text=wording.sentence(str(line.get("text") or "")),
            clause=str(line.get("clause") or ""),
            choices=_choices(uncleaned.get("choices") or (), context, work),
        )
        for line, uncleaned in zip(_lines_in(context), _lines_in(raw), strict=True)
    )


def _lines_in(context: NoticeContext) -> Sequence[Mapping[str, Any]]:
    return context.notice.owed.facts.get("lines") or ()


def _choices(
    choices: Iterable[Mapping[str, str]], context: NoticeContext, work: WorkView | None
) -> tuple[OfferView, ...]:
    reply_to, subject = (work.reply_to, work.subject) if work else ("", "")
    return tuple(
        offer_view(choice["label"], choice["reply"], reply_to, subject, context.notice.owed.message_id)
        for choice in choices
    )


def confirming(context: NoticeContext, work: WorkView | None) -> OfferView | None:
    """The one button of a mail that asks to confirm."""
    if work is None or not work.reply_to:
        return None
    return offer_view("Xác nhận", "Xác nhận", work.reply_to, work.subject, context.notice.owed.message_id)


def reader_of(context: NoticeContext, records_office: str) -> str:
    """Whom a mail about the work greets, from a cleaned context: a name the facts give, or what the step implies."""
    owed = context.notice.owed
    named = _named(_fact(owed.facts, "to"), context.names)
    if named:
        return named
    if owed.kind is NoticeKind.TASK and owed.facts.get("step") in {"present", "transfer", "correct"}:
        return records_office
    if owed.kind is NoticeKind.TASK and owed.facts.get("step") == "assign" and context.conversations:
        return _named(context.conversations[0].docket.presented_to, context.names) or owed.recipient
    return _named(owed.recipient.lower(), context.names) or owed.recipient


def _fact(facts: Mapping[str, Any], name: str) -> str:
    value = facts.get(name)
    return value if isinstance(value, str) else ""


def moment_or_words(value: object) -> str:
    """A moment in ISO 8601 as people read it; other words as they are."""
    words = value if isinstance(value, str) else ""
    try:
        at = datetime.fromisoformat(words)
    except ValueError:
        return words
    return wording.moment(at) if at.tzinfo else words
