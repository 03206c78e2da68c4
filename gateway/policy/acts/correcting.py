"""To correct what the register says of a document (Điều 11 khoản 1 điểm b)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime

from gateway.model.wording import UNREAD, day, one_line
from gateway.policy.acts.matter import Matter, shown
from gateway.policy.acts.records import Choice, Decision, Refusal

FIELD_WORDS: Mapping[str, str] = {
    "number": "số",
    "notation": "ký hiệu",
    "issued_on": "ngày",
    "document_type": "loại",
    "abstract": "trích yếu",
    "issuer": "cơ quan ban hành",
    "signer": "người ký",
}
_EARLIEST_YEAR = 1945


def correct(matter: Matter) -> Decision | Refusal:
    """New values in place of what was read; they are certain from then on."""
    values = matter.order.correction.values
    header = matter.docket.document.header
    if not values:
        known = ", ".join(FIELD_WORDS.values())
        text = f"Chưa ghi gì để sửa; sửa được: {known}."
        return matter.refused("nothing_to_correct", text, Choice("Sửa thông tin", matter.row.reply))
    new: dict[str, str | date] = {}
    for name, value in values.items():
        checked = _checked(matter, name, value)
        if isinstance(checked, Refusal):
            return checked
        new[name] = checked
    changed = {name: value for name, value in new.items() if getattr(header, name) != value}
    if not changed:
        return matter.refused("already", "Sổ đã ghi đúng như vậy.")
    after = replace(header, **changed, confidence={**header.confidence, **dict.fromkeys(changed, 1.0)})  # type: ignore[arg-type]
    told = [f"{FIELD_WORDS[name]}: {_said(getattr(header, name))} → {_said(getattr(after, name))}" for name in changed]
    document = replace(matter.docket.document, header=after)
    return matter.decided(
        replace(matter.docket, document=document),
        f"Đã sửa {'; '.join(told)}.",
        journal={"fields": sorted(changed)},
    )


def _checked(matter: Matter, name: str, value: str | date) -> str | date | Refusal:
    if name not in FIELD_WORDS:
        return matter.refused(
            "unknown_field", f"Sổ không có mục “{shown(name)}”; sửa được: {', '.join(FIELD_WORDS.values())}."
        )
    word = FIELD_WORDS[name]
    if name != "issued_on":
        text = one_line(value) if isinstance(value, str) else ""
        return text or matter.refused("empty_value", f"Chưa ghi giá trị mới của mục {word}.")
    if isinstance(value, datetime):
        value = value.date()
    if not isinstance(value, date):
        return matter.refused("bad_date", f"Mục {word} phải là ngày tháng, như 15/9/2026.")
    if value > matter.around.today:
        return matter.refused("bad_date", f"Ngày ban hành {day(value)} chưa tới.")
    if value.year < _EARLIEST_YEAR:
        return matter.refused("bad_date", f"Ngày ban hành {day(value)} trước năm {_EARLIEST_YEAR}.")
    return value


def _said(value: str | date | None) -> str:
    if isinstance(value, date):
        return day(value)
    return f"“{shown(value)}”" if value else UNREAD
