"""`Sửa: số=…; ngày=…; trích yếu="…"`: register fields with their new values; `Xác nhận: số, ngày`: their names."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from datetime import date

from gateway.model.act import Correction
from gateway.model.facts import Urgency
from gateway.model.wording import FIELD_WORDS, URGENCY_WORDS, one_line
from gateway.policy.header.number import MAX_LENGTH, normal_notation, number_in
from gateway.policy.header.text import fold
from gateway.policy.orders.days import date_of
from gateway.policy.orders.letters import words

_FIELDS: Mapping[str, str] = {
    "so": "number",
    "so van ban": "number",
    "so ky hieu": "identifier",
    "so va ky hieu": "identifier",
    "ky hieu": "notation",
    "ki hieu": "notation",
    "ngay": "issued_on",
    "ngay ban hanh": "issued_on",
    "ngay van ban": "issued_on",
    "ngay ky": "issued_on",
    "loai": "document_type",
    "ten loai": "document_type",
    "loai van ban": "document_type",
    "trich yeu": "abstract",
    "noi dung": "abstract",
    "co quan": "issuer",
    "co quan ban hanh": "issuer",
    "noi ban hanh": "issuer",
    "tac gia": "issuer",
    "co quan chu quan": "superior",
    "co quan cap tren": "superior",
    "nguoi ky": "signer",
    "quyen han": "capacity",
    "chuc vu": "capacity",
    "chuc vu nguoi ky": "capacity",
    "quyen han chuc vu": "capacity",
    "kinh gui": "addressee",
    "noi nhan": "recipients",
    "do khan": "urgency",
    "muc do khan": "urgency",
    "han tra loi": "reply_by",
    "thoi han tra loi": "reply_by",
    "ghi chu": "note",
    "so ban": "copies",
    "so luong ban": "copies",
    "ban luu": "kept_by",
    "noi luu": "kept_by",
    "nguoi nhan ban luu": "kept_by",
    "ly do": "reason",
    "li do": "reason",
    "trung voi": "same_as",
    "trung so voi": "same_as",
}
_WHY = frozenset({"reason", "same_as"})
"""What stands among the fields and is none."""
_NAMES = "|".join(sorted((name.replace(" ", r"[ ,]{1,2}") for name in _FIELDS), key=len, reverse=True))
_QUOTES = {'"': '"', "“": "”", "«": "»", "„": "“", "'": "'", "‘": "’"}
_FIELD = re.compile(rf"\s*(?P<name>{_NAMES})\s*[=:]\s*")
_AFTER_QUOTE = re.compile(rf"\s*(?:$|[;,\n]|(?:{_NAMES})\s*=)")
_NEXT = re.compile(rf"\s*[;\n,]\s*(?=(?:{_NAMES})\s*=)|\s+(?=(?:{_NAMES})\s*=)|\s*[;\n]\s*")
_FIGURES = re.compile(r"(?=0*[1-9])\d{1,5}[a-zđ]{0,3}", re.IGNORECASE)
_COPIES = re.compile(r"[1-9]\d{0,5}")
_LABEL = re.compile(r"d\d{1,18}", re.IGNORECASE)
_EMPTY = "khong co"
_ALL = frozenset({"tat ca", "toan bo", "het", "dung", "dung het", "cac muc"})
"""What people write for every field that is asked."""
_LISTED = re.compile(r"[,;\n]|\s(?:và|va)\s", re.IGNORECASE)
_LONGEST = 2_000
"""Letters of a value; what is longer is asked for once more, never cut."""
_HOW = f"Các trường sửa được: {', '.join(FIELD_WORDS.values())}; ghi như số=955; ngày=15/9/2026"


def correction_in(value: str, *, today: date) -> Correction | str:
    """The fields and new values of a correction; else, in Vietnamese, what could not be read.

    Fields that a ready-made reply left open are passed over where others are filled in; `không có` empties a field.
    """
    pairs: list[tuple[str, str]] = []
    rest = value
    while rest.strip(" ;,.\n"):
        found = _FIELD.match(fold(rest))
        if not found:
            return (
                f"Không rõ trường “{one_line(rest.strip(), 60)}”. {_HOW}. Giá trị có dấu chấm phẩy đặt trong ngoặc kép."
            )
        written, rest = _value(rest[found.end() :])
        pairs.append((found["name"], written))
    return _correction(pairs, today)


def correction_of(assignments: Iterable[str], *, today: date) -> Correction | str:
    """The same from `số=955`, `trích yếu=Về việc họp; báo cáo`, …, each a whole by itself."""
    pairs: list[tuple[str, str]] = []
    for each in assignments:
        found = _FIELD.match(fold(each))
        if not found:
            return f"Không rõ trường “{one_line(each, 60)}”. {_HOW}."
        pairs.append((found["name"], each[found.end() :].strip()))
    return _correction(pairs, today)


def field_names_in(value: str) -> tuple[str, ...] | str:
    """The fields that `số, ký hiệu và ngày` names, none for all; else, in Vietnamese, what is none."""
    if " ".join(words(value)) in _ALL:
        return ()
    names: dict[str, None] = {}
    for written in _LISTED.split(value):
        told = " ".join(words(written))
        name = _FIELDS.get(told)
        if told and (name is None or name in _WHY):
            return f"Không rõ trường “{one_line(written.strip(), 60)}”. Các trường: {', '.join(FIELD_WORDS.values())}."
        names |= dict.fromkeys(("number", "notation") if name == "identifier" else (name,) if name else ())
    return tuple(names)


def _correction(pairs: Iterable[tuple[str, str]], today: date) -> Correction | str:
    values: dict[str, str | date | None] = {}
    open_field = ""
    for word, written in pairs:
        if not written.strip(" .…"):
            open_field = open_field or word
            continue
        if len(written) > _LONGEST:
            return f"Trường “{_called(word)}” dài quá {_LONGEST} chữ; hãy ghi ngắn hơn."
        read = _read(_FIELDS[" ".join(words(word))], written, today)
        if isinstance(read, str):
            return read
        if any(values.get(one, new) != new for one, new in read.items()):
            return f"Trường “{_called(word)}” có hai giá trị khác nhau; hãy ghi một."
        values.update(read)
    reason, same_as = (str(values.pop(name, "")) for name in ("reason", "same_as"))
    if values:
        return Correction(values, reason, same_as)
    if open_field:
        return f"Trường “{_called(open_field)}” chưa có giá trị. {_HOW}."
    return f"Chưa ghi thông tin cần sửa. {_HOW}."


def _called(word: str) -> str:
    """The field that somebody named without accents, as people are told it."""
    name = _FIELDS[" ".join(words(word))]
    return {"identifier": "số, ký hiệu", "reason": "lý do", "same_as": "trùng với"}.get(name) or FIELD_WORDS[name]


def identifier_in(text: str) -> tuple[str, str] | None:
    """The number and notation that all of `text` is, as `123/SGTVT-VP`; None where it is none.

    Written in small letters throughout, a notation is put into capitals.
    """
    found = number_in(text.upper() if text.islower() else text) if len(text) <= MAX_LENGTH else None
    return (found.number, found.notation) if found and found.number and not found.rest else None


def _value(rest: str) -> tuple[str, str]:
    """The value that `rest` begins with, and what follows it."""
    closing = _QUOTES.get(rest[:1])
    end = _end_of_quote(rest, closing) if closing else -1
    if end > 0:
        return rest[1:end].strip(), rest[end + 1 :].lstrip(" ;,\n")
    found = _NEXT.search(fold(rest))
    if not found:
        return rest.strip(" ;,\n"), ""
    return rest[: found.start()].strip(" ;,\n"), rest[found.end() :]


def _end_of_quote(rest: str, closing: str) -> int:
    """Where the quotation that `rest` begins with ends: before another field, so that it may hold quotations itself."""
    folded, ends = fold(rest), [place for place in range(1, len(rest)) if rest[place] == closing]
    whole = (place for place in ends if _AFTER_QUOTE.match(folded, place + 1))
    return next(whole, ends[0] if ends else -1)


def _read(name: str, written: str, today: date) -> dict[str, str | date | None] | str:
    if fold(written).strip(" .") == _EMPTY and name not in _WHY:
        return dict.fromkeys(("number", "notation") if name == "identifier" else (name,))
    reader = _READERS.get(name)
    if reader is not None:
        return reader(written, today)
    return {name: " ".join(written.split())}


def _notation(written: str, _: date) -> dict[str, str | date | None] | str:
    whole = identifier_in(f"1/{written}")
    if whole is None:
        return f"“{one_line(written, 60)}” không phải ký hiệu văn bản; hãy ghi như QĐ-SGTVT."
    return {"notation": whole[1]}


def _issued(written: str, today: date) -> dict[str, str | date | None] | str:
    day = date_of(written)
    if day is None:
        return f"“{one_line(written, 60)}” không phải ngày ban hành; hãy ghi đủ ngày, tháng, năm như 15/9/2026."
    if day > today:
        return f"Ngày ban hành {day.day}/{day.month}/{day.year} sau hôm nay; hãy xem lại."
    return {"issued_on": day}


def _reply_by(written: str, _: date) -> dict[str, str | date | None] | str:
    day = date_of(written)
    if day is None:
        return f"“{one_line(written, 60)}” không phải ngày; hạn trả lời ghi đủ ngày, tháng, năm như 30/9/2026."
    return {"reply_by": day}


def _urgency(written: str, _: date) -> dict[str, str | date | None] | str:
    told = " ".join(words(written))
    found = next((level for level, word in URGENCY_WORDS.items() if " ".join(words(word)) == told), None)
    if told in {"thuong", "binh thuong"}:
        return {"urgency": None}
    if found is None:
        levels = ", ".join(URGENCY_WORDS[level] for level in Urgency)
        return f"“{one_line(written, 60)}” không phải mức độ khẩn; hãy ghi một trong: {levels}, hoặc không có."
    return {"urgency": found.value}


def _copies(written: str, _: date) -> dict[str, str | date | None] | str:
    if not _COPIES.fullmatch(written):
        return f"“{one_line(written, 60)}” không phải số bản; hãy ghi bằng chữ số như số bản=12."
    return {"copies": written}


def _same_as(written: str, _: date) -> dict[str, str | date | None] | str:
    if not _LABEL.fullmatch(written):
        return f"“{one_line(written, 60)}” không phải mã văn bản; hãy ghi như trùng với=D12."
    return {"same_as": written.upper()}


def _number(written: str, _: date) -> dict[str, str | date | None] | str:
    written = written.rstrip(" .")
    if _FIGURES.fullmatch(written):
        return {"number": written}
    whole = identifier_in(written)
    if whole is None:
        return f"“{one_line(written, 60)}” không phải số văn bản; hãy ghi như số=955 hoặc số=955/QĐ-SGTVT."
    return {"number": whole[0], "notation": normal_notation(whole[1])}


_READERS: Mapping[str, Callable[[str, date], dict[str, str | date | None] | str]] = {
    "number": _number,
    "identifier": _number,
    "notation": _notation,
    "issued_on": _issued,
    "reply_by": _reply_by,
    "urgency": _urgency,
    "copies": _copies,
    "same_as": _same_as,
}
