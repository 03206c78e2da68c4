"""How a document stands, in words for whoever asks: its state, the units' parts, its way to the province."""

from __future__ import annotations

from collections.abc import Iterator

from gateway.model.docket import Approval, Assignment, Docket, Forwarding
from gateway.model.document import Status
from gateway.model.wording import SHARE_WORDS, STATE_WORDS, STATUS_WORDS, arrival, moment, title
from gateway.policy.acts.authority import roles_of
from gateway.policy.acts.matter import LIVE, Matter, name_of, shown
from gateway.policy.acts.offers import offers
from gateway.policy.acts.records import Decision, Refusal, Surroundings
from gateway.policy.acts.requests import open_requests, request_words
from gateway.policy.acts.table import Who
from gateway.policy.calendar import standing

APPROVAL_WORDS = {
    Approval.NOT_REQUIRED: "Giám đốc được báo cáo",
    Approval.PENDING: "chờ Giám đốc cho ý kiến",
    Approval.GIVEN: "Giám đốc đã đồng ý",
    Approval.DECLINED: "Giám đốc không đồng ý",
}


def status(matter: Matter) -> Decision | Refusal:
    """For our own people everything; for sender and receiver the national status."""
    roles = roles_of(matter.asker, matter.docket)
    if roles <= {Who.SENDER, Who.RECEIVER}:
        text = f"{title(matter.docket.document.header)}: {_public(matter.docket)}."
    else:
        text = " ".join(sentences(matter.docket, matter.around))
    return matter.decided(matter.docket, text)


def _public(docket: Docket) -> str:
    if docket.status is Status.RECALLED:
        return "nơi gửi đã đề nghị thu hồi, chờ trả lời"
    return STATUS_WORDS[docket.status].lower()


def sentences(docket: Docket, around: Surroundings) -> Iterator[str]:
    """The whole standing, a sentence each."""
    document = docket.document
    yield f"Số đến {arrival(document)}, {title(document.header)}: {STATE_WORDS[docket.state]}."
    if docket.presented_to:
        yield f"Đã trình {name_of(docket.presented_to, around)}."
    for part in docket.assignments:
        yield _part(part, around)
    if docket.opinion:
        yield f"Ý kiến: {shown(docket.opinion)}"
    for request in open_requests(docket):
        until = f" đến {moment(request.deadline)}" if request.deadline else ""
        yield f"Đang chờ trả lời: đề nghị {request_words(request, around)}{until}."
    if docket.submission:
        yield f"Văn bản trình UBND tỉnh: {APPROVAL_WORDS[docket.submission.approval]}."
        for sent in docket.submission.forwardings:
            yield _forwarding(sent)
    for answer in docket.answers:
        yield f"Văn bản trả lời: {shown(answer.identifier)}."


def _part(part: Assignment, around: Surroundings) -> str:
    words = [f"{name_of(part.unit, around)} {'chủ trì' if part.lead else 'phối hợp'}: {SHARE_WORDS[part.state]}"]
    if part.specialist:
        words.append(f"giao {name_of(part.specialist, around)}")
    if part.deadline:
        left = f" ({standing(part.deadline, around.now, around.calendar)})" if part.state in LIVE else ""
        words.append(f"hạn {moment(part.deadline)}{left}")
    if part.note:
        words.append(shown(part.note))
    return f"{', '.join(words)}."


def _forwarding(sent: Forwarding) -> str:
    times = (
        (sent.answered_at, "đã có văn bản trả lời"),
        (sent.acknowledged_at, "nơi nhận đã xác nhận"),
        (sent.failed_at, "không tới nơi"),
        (sent.delivered_at, "đã tới hộp thư, chưa có xác nhận"),
    )
    came = next((f"{word} {moment(at)}" for at, word in times if at), "chưa có xác nhận")
    return f"Chuyển lần {sent.number} {moment(sent.ordered_at)}: {came}."


def help_text(matter: Matter) -> Decision | Refusal:
    """What this asker may do now, each as he would write it."""
    offered = offers(matter.docket, matter.asker, matter.around, matter.subject)
    told = "; ".join(f"{label}: “{reply.strip().replace(chr(10), ' / ')}”" for label, reply in offered)
    return matter.decided(matter.docket, f"Lúc này có thể ghi: {told}.")
