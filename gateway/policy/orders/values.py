"""What the value after a keyword says: units, a person, a moment, fields or free text."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import TYPE_CHECKING

from gateway.model.act import Act, Deadline
from gateway.model.wording import one_line
from gateway.policy.header.text import fold
from gateway.policy.orders.corrections import correction_in, field_names_in, identifier_in
from gateway.policy.orders.drafts import Said
from gateway.policy.orders.keywords import KeywordRow, Slot, Takes
from gateway.policy.orders.letters import key
from gateway.policy.orders.lines import MAX_LINE
from gateway.policy.orders.moments import VIETNAM, read_moment
from gateway.policy.orders.shares import shares_in
from gateway.policy.orders.spans import span_of

if TYPE_CHECKING:
    from gateway.policy.calendar import Calendar

REASON_HOSTS = frozenset({Act.RETURN, Act.DECLINE, Act.RECALL, Act.VOID, Act.EXTEND, Act.FORWARD})
"""Orders whose reason may stand on a line `Lý do: …` of its own."""

_MAY_STAY_OPEN = frozenset({Slot.SUPPORTING, Slot.DEADLINE, Slot.OPINION})
"""Lines that the ready-made reply of a button brings along, to be filled in or left open."""
_OPEN_END = " .…"
"""How notices print a line that is to be filled in: `Hạn: …`."""
_LONGEST_NAME = 200
_REASON = re.compile(r"[\s,;.(]+(?:vi ly do|ly do|li do|vi|do|because|reason)(?: la)?\s*:?\s+")
_ANSWER = re.compile(r"(?:^|[\s,;.(]+)(?:van ban|cong van) tra loi(?: so)?\s*:\s*")
_ANSWER_WORDS = re.compile(r"(?:(?:van ban|cong van|vb|cv|so)[\s:]+)+")
_UBND = re.compile(r"(?:ubnd|uy ban(?: nhan dan)?)(?: tinh)?[.\s]*")
_ROLES = re.compile(r"(?<!\w)(?:chu tri|phoi hop)(?!\w)")
_SEVERAL = re.compile(r"[,;\n]|\sva\s")


@dataclass(frozen=True, slots=True)
class _Seen:
    """From where a value is read: the day of its mail, and how moments are understood."""

    today: date
    moment: Callable[[str], Deadline | str]


def with_value(said: Said, value: str, *, now: datetime, calendar: Calendar) -> Said:
    """`said` with what its value says, or with the fault of that value."""
    row = said.row
    if not value.strip(_OPEN_END):
        lacking = row.takes.required and row.act not in REASON_HOSTS
        return replace(said, fault=_missing(row), left_open=row.slot in _MAY_STAY_OPEN) if lacking else said
    if len(value) > MAX_LINE:
        return replace(said, fault=f"Nội dung dài quá {MAX_LINE} chữ; hãy rút gọn hoặc gửi thành tệp đính kèm.")

    def moment(written: str) -> Deadline | str:
        return read_moment(written, now=now, calendar=calendar)

    return _READERS[row.takes](said, value, _Seen(now.astimezone(VIETNAM).date(), moment))


def _missing(row: KeywordRow) -> str:
    return f"Lệnh “{row.keyword}” chưa có nội dung; hãy viết như “{row.example}”."


def _units(said: Said, value: str, seen: _Seen) -> Said:
    if said.row.takes is Takes.RECEIVERS and _UBND.fullmatch(fold(value)):
        return replace(said, fault="Chuyển đến Ủy ban nhân dân tỉnh là lệnh riêng; hãy viết “Chuyển UBND”.")
    shares = shares_in(value, seen.moment, at_commas=said.row.takes is not Takes.UNIT)
    if isinstance(shares, str):
        return replace(said, fault=shares)
    if not shares or any(not share.unit or len(share.unit) > _LONGEST_NAME for share in shares):
        return replace(said, fault=_missing(said.row))
    if said.row.takes is Takes.UNIT and len(shares) > 1:
        return replace(said, fault="Chỉ một đơn vị chủ trì; hãy ghi các đơn vị khác trên dòng “Phối hợp: …”.")
    return replace(said, shares=shares)


def _leader(said: Said, value: str, _: _Seen) -> Said:
    if _UBND.fullmatch(fold(value)):
        return replace(said, fault="Trình Ủy ban nhân dân tỉnh là lệnh riêng; hãy viết “Trình UBND”.")
    return replace(said, person=one_line(value, _LONGEST_NAME).strip(" .,;"))


def _handler(said: Said, value: str, seen: _Seen) -> Said:
    if _ROLES.search(fold(value)):
        return replace(said, fault="Hãy ghi đơn vị trên các dòng “Chủ trì: …” và “Phối hợp: …”.")
    shares = shares_in(value, seen.moment, at_commas=False)
    if isinstance(shares, str):
        return replace(said, fault=shares)
    if not shares:
        return replace(said, fault=_missing(said.row))
    if len(shares) > 1 or _SEVERAL.search(fold(shares[0].unit)):
        return replace(said, fault="Chỉ giao một chuyên viên chủ trì; hãy ghi một tên, như “Giao: Nguyễn Văn Nam”.")
    if len(shares[0].unit) > _LONGEST_NAME:
        return replace(said, fault=_missing(said.row))
    return replace(said, person=shares[0].unit, deadline=shares[0].deadline)


def _extension(said: Said, value: str, seen: _Seen) -> Said:
    found = _REASON.search(fold(value))
    until, reason = (value[: found.start()], value[found.end() :].strip(" )")) if found else (value, "")
    if span_of(key(until).strip(" .,;")) or key(until).startswith("them "):
        return replace(said, fault="Hãy ghi ngày mới của thời hạn, như “Gia hạn: 20/9 lý do chờ số liệu”.")
    read = seen.moment(until)
    if isinstance(read, str):
        hint = "" if found else " Lý do, nếu có, ghi sau chữ “lý do”."
        return replace(said, fault=f"{read}{hint}")
    return replace(said, deadline=read, text=reason)


def _answer(said: Said, value: str, _: _Seen) -> Said:
    bare = value[words.end() :] if (words := _ANSWER_WORDS.match(fold(value))) else value
    dated = fold(bare).find(" ngay ")
    read = identifier_in((bare[:dated] if dated > 0 else bare).strip(" .,;"))
    if read is None:
        return replace(
            said, fault=f"“{one_line(value, 60)}” không phải số và ký hiệu văn bản; hãy viết như “{said.row.example}”."
        )
    return replace(said, answer="/".join(read))


def _finish(said: Said, value: str, seen: _Seen) -> Said:
    found = _ANSWER.search(fold(value))
    if not found:
        return replace(said, text=value)
    answered = _answer(said, value[found.end() :], seen)
    return answered if answered.fault else replace(answered, text=value[: found.start()].strip())


def _moment(said: Said, value: str, seen: _Seen) -> Said:
    read = seen.moment(value)
    return replace(said, fault=read) if isinstance(read, str) else replace(said, deadline=read)


def _fields(said: Said, value: str, seen: _Seen) -> Said:
    read = correction_in(value, today=seen.today)
    return replace(said, fault=read) if isinstance(read, str) else replace(said, correction=read)


def _field_names(said: Said, value: str, _: _Seen) -> Said:
    read = field_names_in(value)
    return replace(said, fault=read) if isinstance(read, str) else replace(said, fields=read)


def _text(said: Said, value: str, seen: _Seen) -> Said:
    return _finish(said, value, seen) if said.row.act is Act.FINISH else replace(said, text=value)


_READERS: Mapping[Takes, Callable[[Said, str, _Seen], Said]] = {
    Takes.NOTHING: _text,
    Takes.NOTE: _text,
    Takes.TEXT: _text,
    Takes.UNIT: _units,
    Takes.UNITS: _units,
    Takes.RECEIVERS: _units,
    Takes.LEADER: _leader,
    Takes.HANDLER: _handler,
    Takes.MOMENT: _moment,
    Takes.EXTENSION: _extension,
    Takes.FIELDS: _fields,
    Takes.FIELD_NAMES: _field_names,
    Takes.NUMBER: _answer,
}
