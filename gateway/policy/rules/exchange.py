"""Messages of exchange (edXML) that bring no document: recalls, and how a document of ours fares elsewhere."""

from __future__ import annotations

from collections.abc import Iterator

from gateway.model.document import Status
from gateway.model.exchange import ExchangeMessage
from gateway.model.finding import Finding, Outcome
from gateway.model.wording import STATUS_WORDS
from gateway.policy.answers import Answer
from gateway.policy.case import Case

RULE = "exchange_message"
_CLAUSE = "Điều 3 khoản 5"
_FOR_A_PERSON = frozenset({Status.REFUSED, Status.RECALLED, Status.DISAGREED})

RECALL = Answer(
    RULE,
    "recall",
    _CLAUSE,
    Outcome.HOLD,
    "Thông điệp edXML đề nghị thu hồi (lấy lại) văn bản {document}{reason}; không phải văn bản mới nên không vào sổ.",
    "",
    "Văn thư tìm văn bản trong sổ và trả lời nơi gửi. Cho qua thì thư được lưu hồ sơ, không vào sổ.",
    {"document": "267/UBND-KT", "reason": ": ban hành nhầm phụ lục"},
)
STATUS = Answer(
    RULE,
    "status",
    _CLAUSE,
    Outcome.HOLD,
    "Thông điệp edXML báo trạng thái “{status}” về văn bản {document}{reason}.",
    "",
    "Văn thư xem và báo người có trách nhiệm. Cho qua thì thư được lưu hồ sơ, không vào sổ.",
    {"status": "Từ chối", "document": "267/UBND-KT", "reason": ": gửi nhầm nơi nhận"},
)
ANSWERS = (RECALL, STATUS)


def exchange_message(case: Case) -> Iterator[Finding]:
    """A recall, a refusal or a request to give back is a person's to answer, and never a document to be entered."""
    for message in case.parsed.exchanges:
        about, reason = message.identifier or "chưa rõ số, ký hiệu", _reason(message)
        if message.asks_back:
            yield RECALL.finding(document=about, reason=reason)
        elif message.status is not None and not _is_for_the_file(message):
            yield STATUS.finding(status=_status(message), document=about, reason=reason)


def only_reports_status(case: Case) -> bool:
    """Whether the mail has nothing but messages on how documents fare that nobody has to act on."""
    messages = case.parsed.exchanges
    return bool(messages) and not case.files and all(map(_is_for_the_file, messages))


def told_status(case: Case) -> str:
    """What the messages of such a mail tell, in Vietnamese; "" of any other mail."""
    if not only_reports_status(case):
        return ""
    told = (f"“{_status(each)}” về văn bản {each.identifier}" for each in case.parsed.exchanges)
    return f"Thông điệp edXML báo trạng thái {', '.join(dict.fromkeys(told))}"


def _is_for_the_file(message: ExchangeMessage) -> bool:
    return message.status in set(Status) - _FOR_A_PERSON


def _status(message: ExchangeMessage) -> str:
    known = next((each for each in Status if each == message.status), None)
    return STATUS_WORDS[known] if known else (message.status or "")


def _reason(message: ExchangeMessage) -> str:
    said = message.description or message.reason
    return f": {said[:300].rstrip('. ')}" if said else ""
