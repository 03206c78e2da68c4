"""Mail that is not shown to be from whom it says it is (Điều 8 khoản 2 điểm c)."""

from __future__ import annotations

from collections.abc import Iterator

from gateway.model import wording
from gateway.model.authentication import Authentication
from gateway.model.finding import Finding, Outcome
from gateway.policy.answers import Answer
from gateway.policy.case import Case
from gateway.policy.sender import IMPERSONATION, UNCHECKED_SENDER, UNKNOWN_SENDER, Reception, reception

_RECEIVED = "Điều 11 khoản 1 điểm a"
_MOST_SHOWN = 3
_WHO = "vanthu@stc.quangngai.gov.vn"
_NOT_PROVED = "SPF không đạt, không có chữ ký DKIM"

UNPROVED = Answer(
    IMPERSONATION,
    "unproved",
    "Điều 8 khoản 2 điểm c",
    Outcome.HOLD,
    "Thư ghi người gửi là {author} ({name}) nhưng không chứng minh được là của nơi ấy, nghi mạo nhận: {why}.",
    note="Xác minh với nơi gửi qua số điện thoại đã biết trước khi quyết định, không dùng thông tin liên lạc trong "
    "thư; không trả lời thư này.",
    example={"author": _WHO, "name": "Sở Tài chính", "why": _NOT_PROVED},
)
UNCHECKED = Answer(
    UNCHECKED_SENDER,
    "unchecked",
    _RECEIVED,
    Outcome.HOLD,
    "Chưa kiểm tra được nơi gửi {author}: {why}.",
    note="Máy chủ DNS không trả lời. Khi DNS hoạt động lại, chấp nhận thư thì hệ thống kiểm tra lại nơi gửi.",
    example={"author": _WHO, "why": "máy chủ DNS không trả lời"},
)
ASKED = Answer(
    UNKNOWN_SENDER,
    "asked",
    _RECEIVED,
    Outcome.HOLD,
    "Nơi gửi {author} chưa có trong danh bạ của cơ quan.",
    "Cơ quan gửi thường xuyên đề nghị đăng ký địa chỉ với văn thư.",
    example={"author": _WHO},
)
IGNORED = Answer(
    UNKNOWN_SENDER,
    "ignored",
    _RECEIVED,
    Outcome.HOLD,
    "Nơi gửi {author} không có trong danh bạ và chưa xác thực được: {why}.",
    note="Thư này không được trả lời, vì địa chỉ có thể bị mạo nhận.",
    example={"author": _WHO, "why": _NOT_PROVED},
)


def impersonation(case: Case) -> Iterator[Finding]:
    """A mail in a known sender's name that he cannot be shown to have sent is kept for the clerk, unanswered."""
    if case.authentication is not None and reception(case) is Reception.SUSPECT:
        name = case.sender.name if case.sender else "chính cơ quan này"
        yield UNPROVED.finding(author=_authors(case), name=name, why=_why(case.authentication))


def unchecked_sender(case: Case) -> Iterator[Finding]:
    """Where DNS was away for too long, a person decides, and suspects nobody for that."""
    if case.authentication is not None and reception(case) is Reception.CHECK:
        yield UNCHECKED.finding(author=_authors(case), why=_why(case.authentication))


def unknown_sender(case: Case) -> Iterator[Finding]:
    """Whoever is not in the directory waits for the clerk; told so only where his address is proved."""
    if case.authentication is None:
        return
    decided = reception(case)
    if decided is Reception.ASK:
        yield ASKED.finding(author=_authors(case))
    elif decided is Reception.IGNORE:
        yield IGNORED.finding(author=_authors(case), why=_why(case.authentication))


def _authors(case: Case) -> str:
    """Whom From names, all of them where there are several."""
    return ", ".join(case.parsed.claims.authors[:_MOST_SHOWN]) or "không rõ địa chỉ"


def _why(authentication: Authentication) -> str:
    """What was found out, to go on with after a colon."""
    words = wording.authentication(authentication, None)
    return f"{words[:1].lower()}{words[1:]}"
