"""To correct what the register says of a document, and to confirm what it asks (Điều 11 khoản 1 điểm b)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date, datetime, timedelta

from gateway.model.docket import Docket
from gateway.model.document import Direction, Document
from gateway.model.facts import Urgency
from gateway.model.header import HeaderFields
from gateway.model.wording import FIELD_WORDS, day, one_line
from gateway.policy.acts.entered import IN_HEADER, Value, confirmed, said, value_in, with_values
from gateway.policy.acts.matter import Matter, shown
from gateway.policy.acts.rechecks import refused_by_rules, remarks_on
from gateway.policy.acts.records import Choice, Decision, Refusal
from gateway.policy.header.asking import asked_of
from gateway.policy.header.confidence import ASK_BELOW

_EARLIEST_YEAR = 1945
_FURTHEST = timedelta(days=3660)
_OF_OUTGOING = frozenset({"copies", "kept_by"})
_LONGEST = 2000
_LONGEST_PREFILLED = 120
_QUOTES = ('""', "«»", "‘’")
_IN_QUOTES = frozenset(";,=\"“”'‘«„\n")


def correct(matter: Matter) -> Decision | Refusal:
    """New values in place of what was read; they are certain from then on. A value that stands there is confirmed."""
    values, document = matter.order.correction.values, matter.docket.document
    if not values:
        text = f"Chưa ghi gì để sửa; sửa được: {', '.join(FIELD_WORDS.values())}."
        return matter.refused("nothing_to_correct", text, Choice("Sửa thông tin", matter.row.reply))
    new: dict[str, Value] = {}
    for name, value in values.items():
        checked = _checked(matter, name, value)
        if isinstance(checked, Refusal):
            return checked
        new[name] = checked
    changed = tuple(name for name, value in new.items() if value_in(document, name) != value)
    asked = asked_of(document.header)
    settled = tuple(name for name in new if name in asked and name not in changed)
    if not changed and not settled:
        return matter.refused("already", "Sổ đã ghi đúng như vậy.")
    after = with_values(document, {name: new[name] for name in (*changed, *settled)}, matter.asker.address)
    refusal = refused_by_rules(matter, after, changed)
    if refusal is not None:
        return refusal
    told = [f"{FIELD_WORDS[name]}: {_before(document, name)} → {_after(after, name)}" for name in changed]
    sentences = [f"Đã sửa {'; '.join(told)}."] if told else []
    if settled:
        sentences.append(f"Đã xác nhận {_listed(after, settled)}.")
    return _decided(matter, after, [*sentences, *remarks_on(matter, after, changed)], changed, settled)


def confirm(matter: Matter) -> Decision | Refusal:
    """What was read is right: all that is asked, or the named fields. What was not read nobody can confirm."""
    document = matter.docket.document
    asked = asked_of(document.header)
    if not asked:
        return matter.refused("nothing_to_confirm", "Trong sổ không có thông tin nào đang chờ xác nhận.")
    wanted = matter.order.fields or tuple(name for name in asked if value_in(document, name) is not None)
    empty = [name for name in (matter.order.fields or asked) if name in IN_HEADER and value_in(document, name) is None]
    if not wanted or (matter.order.fields and empty):
        first = FIELD_WORDS[empty[0]]
        text = (
            f"Chưa có giá trị để xác nhận: {_words(empty)}; hãy ghi “Sửa: {first}=…”, văn bản không có thì ghi "
            f"“Sửa: {first}=không có”."
        )
        return matter.refused(
            "nothing_read", text, Choice("Sửa thông tin", correction_reply(matter.docket, matter.row.reply))
        )
    settled = tuple(name for name in wanted if name in asked)
    if not settled:
        return matter.refused("already", f"Không cần xác nhận: {_words(wanted)}.")
    after = replace(document, header=confirmed(document.header, settled, matter.asker.address))
    sentences = [f"Đã xác nhận {_listed(after, settled)}."]
    left = asked_of(after.header)
    if left:
        sentences.append(f"Còn chờ bổ sung, xác nhận: {_words(left)}.")
    return _decided(matter, after, sentences, (), settled)


def correction_reply(docket: Docket, otherwise: str) -> str:
    """The ready-made order to correct, with what is asked as it was read; `otherwise` where nothing is asked."""
    asked = asked_of(docket.document.header)
    fields = [_prefilled(docket.document.header, name) for name in asked]
    return f"Sửa: {'; '.join(fields)}" if fields else otherwise


def _prefilled(header: HeaderFields, name: str) -> str:
    value = getattr(header, name)
    written = day(value) if isinstance(value, date) else one_line(value or "")
    if len(written) > _LONGEST_PREFILLED:
        written = ""
    if _IN_QUOTES & set(written):
        quotes = next((pair for pair in _QUOTES if pair[1] not in written), None)
        written = f"{quotes[0]}{written}{quotes[1]}" if quotes else ""
    return f"{FIELD_WORDS[name]}={written}"


def _decided(
    matter: Matter, after: Document, sentences: list[str], changed: tuple[str, ...], settled: tuple[str, ...]
) -> Decision:
    correction = matter.order.correction
    journal = {
        **({"fields": sorted(changed)} if changed else {}),
        **({"confirmed": sorted(settled)} if settled else {}),
        **({"reason": correction.reason} if correction.reason else {}),
        **({"same_as": correction.same_as} if correction.same_as else {}),
    }
    return matter.decided(replace(matter.docket, document=after), " ".join(sentences), journal=journal)


def _before(document: Document, name: str) -> str:
    """Only what readers look for can be unread; what a person has said is not there is not there."""
    unread = name in IN_HEADER and document.header.confidence.get(name, 0.0) < ASK_BELOW
    return said(value_in(document, name)) if unread else _after(document, name)


def _after(document: Document, name: str) -> str:
    value = value_in(document, name)
    return "không có" if value is None else said(value)


def _listed(document: Document, names: tuple[str, ...]) -> str:
    return ", ".join(f"{FIELD_WORDS[name]} {_after(document, name)}" for name in names)


def _words(names: list[str] | tuple[str, ...]) -> str:
    return ", ".join(FIELD_WORDS[name] for name in names)


def _checked(matter: Matter, name: str, value: str | date | None) -> Value | Refusal:
    if name not in FIELD_WORDS:
        return matter.refused(
            "unknown_field", f"Sổ không có mục “{shown(name)}”; sửa được: {', '.join(FIELD_WORDS.values())}."
        )
    if name in _OF_OUTGOING and matter.docket.document.direction is not Direction.OUT:
        return matter.refused("wrong_book", f"Mục {FIELD_WORDS[name]} chỉ có ở sổ văn bản đi.")
    if value is None:
        return None
    return _CHECKS.get(name, _text)(matter, name, value)


def _text(matter: Matter, name: str, value: str | date) -> Value | Refusal:
    text = one_line(value, _LONGEST) if isinstance(value, str) else ""
    return text or matter.refused("empty_value", f"Chưa ghi giá trị mới của mục {FIELD_WORDS[name]}.")


def _day(matter: Matter, name: str, value: str | date) -> date | Refusal:
    if isinstance(value, datetime):
        value = value.date()
    if not isinstance(value, date):
        return matter.refused("bad_date", f"Mục {FIELD_WORDS[name]} phải là ngày tháng, như 15/9/2026.")
    if value.year < _EARLIEST_YEAR:
        return matter.refused("bad_date", f"Mục {FIELD_WORDS[name]}: ngày {day(value)} trước năm {_EARLIEST_YEAR}.")
    return value


def _issued_on(matter: Matter, name: str, value: str | date) -> Value | Refusal:
    read = _day(matter, name, value)
    if isinstance(read, date) and read > matter.around.today:
        return matter.refused("bad_date", f"Ngày ban hành {day(read)} chưa tới.")
    return read


def _reply_by(matter: Matter, name: str, value: str | date) -> Value | Refusal:
    read = _day(matter, name, value)
    if isinstance(read, date) and read > matter.around.today + _FURTHEST:
        return matter.refused("bad_date", f"Hạn trả lời {day(read)} quá xa; hãy xem lại.")
    return read


def _document_type(matter: Matter, name: str, value: str | date) -> Value | Refusal:
    """A type of the table, as the table writes it."""
    types = matter.around.rules.types
    found = types.named(value) if isinstance(value, str) else None
    if found is not None:
        return found.name
    names = ", ".join(one.name.lower() for one in types.types)
    return matter.refused("unknown_type", f"“{shown(str(value))}” không có trong danh mục tên loại văn bản: {names}.")


def _urgency(matter: Matter, name: str, value: str | date) -> Value | Refusal:
    levels = {level.value: level for level in Urgency}
    found = levels.get(value) if isinstance(value, str) else None
    return found or matter.refused("unknown_urgency", f"“{shown(str(value))}” không phải mức {FIELD_WORDS[name]}.")


def _copies(matter: Matter, name: str, value: str | date) -> Value | Refusal:
    if isinstance(value, str) and value.isascii() and value.isdecimal() and 0 < int(value) < 10**6:
        return int(value)
    return matter.refused("bad_copies", f"Mục {FIELD_WORDS[name]} phải là số bản, như 12.")


_CHECKS: Mapping[str, Callable[[Matter, str, str | date], Value | Refusal]] = {
    "issued_on": _issued_on,
    "reply_by": _reply_by,
    "document_type": _document_type,
    "urgency": _urgency,
    "copies": _copies,
}
