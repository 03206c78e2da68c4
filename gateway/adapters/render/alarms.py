"""An alarm as a page: its fixed words, its facts, and commands that hold nothing but ids of ours."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from gateway.adapters.render.alarm_texts import Step, text_of
from gateway.adapters.render.view import TO_THE_OFFICE
from gateway.model.alarm import Alarm, AlarmCause
from gateway.model.notice import NoticeKind
from gateway.model.wording import ALARM_WORDS, NOTICE_WORDS, one_line

_LONGEST_FACT = 500
_LABELS: Mapping[str, str] = {
    "mail": "Thư",
    "author": "Thư ghi người gửi là",
    "reverse_path": "Địa chỉ trên phong bì",
    "peer": "Máy gửi",
    "findings": "Kết quả kiểm tra",
    "notice": "Thông báo",
    "kind": "Loại thông báo",
    "recipient": "Nơi nhận",
    "state": "Tình trạng",
    "response": "Máy chủ trả lời",
    "error": "Lỗi",
    "often": "Địa chỉ này",
    "mailbox": "Hộp thư",
    "folder": "Thư mục",
    "uid": "UID của thư",
    "correspondent": "Địa chỉ",
    "answers": "Số thư đã trả lời",
    "reason": "Lý do",
    "cause": "Tình trạng của mã",
    "document": "Văn bản",
    "file": "Tệp",
    "virus": "Mã độc",
    "engine": "Máy quét",
    "certificates": "Chứng thư",
    "machine": "Máy chủ",
    "since": "Từ lúc",
    "until": "Đến lúc",
}
"""The facts that are shown, in the order of the page."""
_STATES: Mapping[str, str] = {
    "hard": "địa chỉ không dùng được",
    "soft": "nơi nhận chưa nhận, vì lý do tạm thời",
    "gave_up": "đã ngừng gửi vì hết thời hạn",
    "not_made": "hệ thống không lập hoặc không chuyển được",
}
_CAUSES: Mapping[str, str] = {
    "no_token": "thư không mang mã",
    "unknown_token": "mã chưa từng được cấp",
    "foreign_token": "mã của người khác",
    "wrong_purpose": "mã không dùng để trả lời",
    "expired": "mã đã hết hạn",
    "other_document": "mã của văn bản khác",
    "older_than_token": "thư có ngày sớm hơn thông báo được trả lời",
    "other_account": "gửi từ tài khoản thư của người khác",
}
_ABOUT: Mapping[str, str] = {
    "notice": "thông báo ",
    "mailbox": "hộp thư ",
    "correspondent": "",
    "document": "văn bản ",
    "mail": "thư ",
}
_VALUES: Mapping[str, Mapping[str, str]] = {"state": _STATES, "cause": _CAUSES}
_IT = "cán bộ công nghệ thông tin"
_TO_IT = frozenset(
    {AlarmCause.IMPERSONATION, AlarmCause.MISUSED_TOKEN, AlarmCause.KEY_AT_HAND, AlarmCause.TRUST_ENDING}
)
_TO_BOTH = frozenset(
    {
        AlarmCause.RELAY_AWAY,
        AlarmCause.MAILBOX_AWAY,
        AlarmCause.SCANNER_AWAY,
        AlarmCause.SCANNER_BACK,
        AlarmCause.INFECTED_LATER,
        AlarmCause.COPY_LEFT,
    }
)
_HOLES = re.compile(r"\{(\w+)\}")
_IDS: Mapping[str, re.Pattern[str]] = {"mail": re.compile(r"M[0-9]{1,19}"), "notice": re.compile(r"N[0-9]{1,19}")}


@dataclass(frozen=True, slots=True)
class AlarmView:
    """An alarm as the template shows it. `readers` are whom it greets, `facts` are label and value."""

    title: str
    readers: str
    about: str
    facts: tuple[tuple[str, str], ...]
    happened: str
    meaning: str
    clause: str
    steps: tuple[Step, ...]
    grave: bool


def alarm_of(alarm: Alarm, mail_label: str, records_office: str) -> AlarmView:
    """The view of a cleaned alarm; `mail_label` is of the mail that caused it, empty where none did."""
    facts = {name: one_line(value, _LONGEST_FACT) for name, value in alarm.facts.items() if value}
    if mail_label:
        facts.setdefault("mail", mail_label)
    text = text_of(alarm.cause, facts)
    words = ALARM_WORDS[alarm.cause]
    return AlarmView(
        title=f"{words[0].upper()}{words[1:]}",
        readers=_readers(alarm.cause, facts, records_office),
        about=next((f"{kind}{facts[name]}" for name, kind in _ABOUT.items() if name in facts), ""),
        facts=tuple((label, _shown(name, facts[name])) for name, label in _LABELS.items() if name in facts),
        happened=text.happened,
        meaning=text.meaning,
        clause=text.clause,
        steps=tuple(_filled(step, facts) for step in text.steps if _can_be_filled(step, facts)),
        grave=text.grave,
    )


def _readers(cause: AlarmCause, facts: Mapping[str, str], records_office: str) -> str:
    """The clerks, the IT staff, or both: of mail to the office that failed, the others there are told."""
    if cause in _TO_IT:
        return f"{_IT[0].upper()}{_IT[1:]}"
    failed_inside = cause is AlarmCause.DELIVERY_FAILED and facts.get("kind") in TO_THE_OFFICE
    return f"{records_office}, {_IT}" if cause in _TO_BOTH or failed_inside else records_office


def _shown(name: str, value: str) -> str:
    if name == "kind" and value in set(NoticeKind):
        return NOTICE_WORDS[NoticeKind(value)]
    return _VALUES.get(name, {}).get(value, value)


def _can_be_filled(step: Step, facts: Mapping[str, str]) -> bool:
    """A command is something to copy and run: nothing but an id of ours comes into it."""
    return all(_IDS[name].fullmatch(facts.get(name, "")) for name in _HOLES.findall(step.command))


def _filled(step: Step, facts: Mapping[str, str]) -> Step:
    return Step(step.text, _HOLES.sub(lambda hole: facts[hole[1]], step.command))
