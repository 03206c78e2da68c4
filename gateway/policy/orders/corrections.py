"""`Sửa: số=…; ngày=…; trích yếu="…"`: register fields with their new values."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date

from gateway.model.act import Correction
from gateway.model.wording import one_line
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
    "nguoi ky": "signer",
}
_NAMES = "|".join(sorted((name.replace(" ", r"[ ,]{1,2}") for name in _FIELDS), key=len, reverse=True))
_QUOTES = {'"': '"', "“": "”", "«": "»", "„": "“"}
_FIELD = re.compile(rf"\s*(?P<name>{_NAMES})\s*[=:]\s*")
_NEXT = re.compile(rf"\s*[;\n,]\s*(?=(?:{_NAMES})\s*=)|\s+(?=(?:{_NAMES})\s*=)|\s*[;\n]\s*")
_FIGURES = re.compile(r"\d{1,5}[a-zđ]{0,3}", re.IGNORECASE)
_HOW = "Các trường sửa được: số, ký hiệu, ngày, loại, trích yếu, cơ quan, người ký; ghi như số=955; ngày=15/9/2026"


def correction_in(value: str, *, today: date) -> Correction | str:
    """The fields and new values of a correction; else, in Vietnamese, what could not be read."""
    values: dict[str, str | date] = {}
    rest = value
    while rest.strip(" ;,.\n"):
        found = _FIELD.match(fold(rest))
        if not found:
            return (
                f"Không rõ trường “{one_line(rest.strip(), 60)}”. {_HOW}. Giá trị có dấu chấm phẩy đặt trong ngoặc kép."
            )
        written, rest = _value(rest[found.end() :])
        name = _FIELDS[" ".join(words(found["name"]))]
        if not written:
            return f"Trường “{found['name']}” chưa có giá trị. {_HOW}."
        read = _read(name, written, today)
        if isinstance(read, str):
            return read
        if any(values.get(one, new) != new for one, new in read.items()):
            return f"Trường “{found['name']}” có hai giá trị khác nhau; hãy ghi một."
        values.update(read)
    return Correction(values) if values else f"Chưa ghi thông tin cần sửa. {_HOW}."


def identifier_in(text: str) -> tuple[str, str] | None:
    """The number and notation that all of `text` is, as `123/SGTVT-VP`; None where it is none.

    Written in small letters throughout, a notation is put into capitals.
    """
    found = number_in(text.upper() if text.islower() else text) if len(text) <= MAX_LENGTH else None
    return (found.number, found.notation) if found and found.number and not found.rest else None


def _value(rest: str) -> tuple[str, str]:
    """The value that `rest` begins with, and what follows it."""
    closing = _QUOTES.get(rest[:1])
    end = rest.find(closing, 1) if closing else -1
    if end > 0:
        return rest[1:end].strip(), rest[end + 1 :].lstrip(" ;,\n")
    found = _NEXT.search(fold(rest))
    if not found:
        return rest.strip(" ;,\n"), ""
    return rest[: found.start()].strip(" ;,\n"), rest[found.end() :]


def _read(name: str, written: str, today: date) -> dict[str, str | date] | str:
    if name in {"number", "identifier"}:
        return _number(written)
    if name == "notation":
        whole = identifier_in(f"1/{written}")
        return (
            {"notation": whole[1]}
            if whole
            else f"“{one_line(written, 60)}” không phải ký hiệu văn bản; hãy ghi như QĐ-SGTVT."
        )
    if name == "issued_on":
        return _issued(written, today)
    return {name: " ".join(written.split())}


def _issued(written: str, today: date) -> dict[str, str | date] | str:
    day = date_of(written)
    if day is None:
        return f"“{one_line(written, 60)}” không phải ngày ban hành; hãy ghi đủ ngày, tháng, năm như 15/9/2026."
    if day > today:
        return f"Ngày ban hành {day.day}/{day.month}/{day.year} sau hôm nay; hãy xem lại."
    return {"issued_on": day}


def _number(written: str) -> dict[str, str | date] | str:
    if _FIGURES.fullmatch(written):
        return {"number": written}
    whole = identifier_in(written)
    if whole is None:
        return f"“{one_line(written, 60)}” không phải số văn bản; hãy ghi như số=955 hoặc số=955/QĐ-SGTVT."
    return {"number": whole[0], "notation": normal_notation(whole[1])}
