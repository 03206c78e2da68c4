"""Says in Vietnamese what is wrong with a configuration: key, value found, what it should be, remedy."""

from __future__ import annotations

import difflib
import json
from collections.abc import Iterator, Mapping
from datetime import date
from types import UnionType
from typing import Any, get_args

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from gateway.settings.keys import Keys
from gateway.settings.sections import Section

_HIDDEN = frozenset(
    {
        ("store", "database"),
        ("store", "database_password"),
        ("relay", "password"),
        ("imap", "mailboxes", "secret"),
        ("dkim", "key"),
        ("receipts", "pin"),
    }
)
_REFERENCES = ("file:", "credential:")
_LONGEST_SHOWN = 80
_SAYINGS = {
    "string_type": "phải là chữ, đặt trong dấu nháy",
    "string_too_short": "không được để trống",
    "string_pattern_mismatch": "có ký tự không dùng được ở đây",
    "int_type": "phải là số nguyên, không đặt trong dấu nháy",
    "bool_type": "phải là true hoặc false, không đặt trong dấu nháy",
    "tuple_type": "phải là danh sách trong ngoặc vuông",
    "model_type": "phải là một phần có các khóa riêng",
    "too_short": "phải có ít nhất {min_length} giá trị",
    "greater_than_equal": "phải từ {ge} trở lên",
    "less_than_equal": "phải từ {le} trở xuống",
    "literal_error": "phải là một trong {expected}",
    "enum": "phải là một trong {expected}",
    "missing": "còn thiếu khóa này",
}
_EXAMPLES: Mapping[tuple[str, ...], str] = {
    ("smtp", "tls_certificate"): '"/etc/vanthu/chung-thu.pem"',
    ("smtp", "tls_key"): '"credential:smtp-key"',
    ("store", "database_password"): '"credential:database-password"',
    ("signatures", "anchors"): '"/etc/vanthu/trust"',
    ("signatures", "seals"): '[{ certificate = "TCHQ", agency = "hai-quan" }]',
    ("signatures", "seals", "certificate"): '"TCHQ"',
    ("signatures", "seals", "agency"): '"hai-quan"',
    ("signatures", "pins"): '"/etc/vanthu/trust.toml"',
    ("signatures", "revocation_cache"): '"/var/lib/vanthu/revocation"',
    ("signatures", "fetch_hosts"): '["ocsp.ca.btc -> ocsp.ca.gov.vn"]',
    ("receipts", "certificate"): '"/etc/vanthu/phieu.pem"',
    ("receipts", "key"): '"credential:receipts-key"',
    ("receipts", "module"): '"/usr/lib/softhsm/libsofthsm2.so"',
    ("receipts", "token"): '"van-thu"',
    ("receipts", "label"): '"phieu"',
    ("receipts", "pin"): '"credential:receipts-pin"',
    ("receipts", "earlier"): '["/etc/vanthu/phieu-2026.pem"]',
    ("receipts", "time_stamp"): '"http://tsa.ca.gov.vn"',
    ("relay", "username"): '"sgtvt"',
    ("relay", "password"): '"credential:relay-password"',
    ("relay", "ca_file"): '"/etc/vanthu/ca.pem"',
    ("relay", "maildir"): '"/var/lib/vanthu/outgoing"',
    ("policy", "tables"): '"/etc/vanthu/policy"',
    ("imap", "mailboxes", "name"): '"so"',
    ("imap", "mailboxes", "host"): '"mail.quangngai.gov.vn"',
    ("imap", "mailboxes", "port"): "993",
    ("imap", "mailboxes", "tls"): '"tls"',
    ("imap", "mailboxes", "ca_file"): '"/etc/vanthu/ca.pem"',
    ("imap", "mailboxes", "username"): '"sgtvt@quangngai.gov.vn"',
    ("imap", "mailboxes", "login"): '"password"',
    ("imap", "mailboxes", "secret"): '"credential:imap-so"',
    ("imap", "mailboxes", "address"): '"sgtvt@quangngai.gov.vn"',
    ("imap", "mailboxes", "folder"): '"INBOX"',
    ("imap", "mailboxes", "done_folder"): '"Đã nhận"',
    ("imap", "mailboxes", "done_flag"): '"$VanthuTaken"',
    ("senders", "trusted_authserv"): '["mx.quangngai.gov.vn"]',
    ("senders", "nameservers"): '["10.0.0.53", "10.0.0.54:5353"]',
    ("senders", "directory"): '"/etc/vanthu/directory.toml"',
    ("dkim", "key"): '"credential:dkim-key"',
    ("hours", "schedule", "season"): '"16/4-15/10"',
}


def describe(error: ValidationError, defaults: Mapping[str, Any]) -> list[str]:
    """One line for every problem, in the order of the sections."""
    order = {name: place for place, name in enumerate(Keys.model_fields)}
    details = sorted(error.errors(include_url=False), key=lambda each: order.get(str(each["loc"][0]), len(order)))
    return list(dict.fromkeys(_line(each, defaults) for each in details if not _follows_from_another(each, details)))


def _follows_from_another(detail: ErrorDetails, details: list[ErrorDetails]) -> bool:
    """A list whose only item is wrong is also reported as too short: the item is the cause."""
    place = detail["loc"]
    inner = (each["loc"] for each in details if len(each["loc"]) > len(place))
    return detail["type"] == "too_short" and any(each[: len(place)] == place for each in inner)


def _line(detail: ErrorDetails, defaults: Mapping[str, Any]) -> str:
    place = tuple(detail["loc"])
    names = tuple(part for part in place if isinstance(part, str) and part in _known_names())
    if detail["type"] == "extra_forbidden":
        return f"{_dotted(place)}: không có khóa này; {_instead(place)}"
    saying = _saying(detail)
    section = _section_at(place)
    if detail["type"] == "value_error" and section is not None:
        return f"{_dotted(place)}: {saying}."
    if section is not None:
        table = f"[[{_dotted(place[:-1])}]]" if isinstance(place[-1], int) else f"[{_dotted(place)}]"
        return f"{_dotted(place)}: {saying}; hãy ghi thành phần {table} với các khóa của nó."
    if detail["type"] == "tuple_type" and _section_at((*place, 0)) is not None:
        return f"{_dotted(place)}: phải là danh sách; hãy ghi mỗi mục thành [[{_dotted(place)}]] với các khóa của nó."
    value = "" if detail["type"] == "missing" else f" = {_shown(names, detail['input'])}"
    return f"{_dotted(place)}{value}: {saying}. Ví dụ đúng: {names[-1]} = {_example(names, defaults)}"


def _saying(detail: ErrorDetails) -> str:
    context = detail.get("ctx", {})
    if detail["type"] == "value_error":
        return str(context.get("error", detail["msg"]))
    expected = str(context.get("expected", "")).replace("'", '"').replace(" or ", ", ")
    return _SAYINGS.get(detail["type"], detail["msg"]).format_map({**context, "expected": expected})


def _instead(place: tuple[int | str, ...]) -> str:
    """The remedy for an unknown key: the nearest name here, or the section where the name does exist."""
    unknown, outer = str(place[-1]), place[:-1]
    section = _section_at(outer)
    here = list(section.model_fields) if section else []
    near = difflib.get_close_matches(unknown, here, n=1, cutoff=0.6)
    if near:
        return f"có phải là {near[0]}?"
    elsewhere = [name for name, inner in _sections(Keys) if unknown in inner.model_fields]
    if elsewhere and not any(isinstance(part, int) for part in outer):
        return f"khóa {unknown} thuộc phần [{elsewhere[0]}]."
    return f"hãy bỏ đi, hoặc chọn trong: {', '.join(here)}."


def _section_at(place: tuple[int | str, ...]) -> type[Section] | None:
    """The section whose table stands at `place`, or None where a plain value stands there."""
    section: type[Section] | None = Keys
    for part in place:
        if isinstance(part, int):
            continue
        if section is None or part not in section.model_fields:
            return None
        section = _section_of(section.model_fields[part].annotation)
    return section if not place or isinstance(place[-1], int) or len(place) == 1 else None


def _section_of(annotation: object) -> type[Section] | None:
    if isinstance(annotation, type) and issubclass(annotation, Section):
        return annotation
    if isinstance(annotation, UnionType):
        return None
    inner = [_section_of(each) for each in get_args(annotation)]
    return next((each for each in inner if each is not None), None)


def _sections(outer: type[Section]) -> Iterator[tuple[str, type[Section]]]:
    for name, info in outer.model_fields.items():
        inner = _section_of(info.annotation)
        if inner is not None:
            yield name, inner
            yield from ((f"{name}.{deeper}", each) for deeper, each in _sections(inner))


def _known_names() -> frozenset[str]:
    return frozenset(Keys.model_fields) | {key for _, section in _sections(Keys) for key in section.model_fields}


def _dotted(place: tuple[int | str, ...]) -> str:
    """`hours.schedule[1].shifts[2]`, counted from 1 as people do."""
    text = ""
    for part in place:
        text += f"[{part + 1}]" if isinstance(part, int) else f".{part}" if text else part
    return text


def _shown(names: tuple[str, ...], value: object) -> str:
    if names in _HIDDEN and not str(value).startswith(_REFERENCES):
        return "(không hiện)"
    text = toml(_without_tables(value))
    return text if len(text) <= _LONGEST_SHOWN else f"{text[:_LONGEST_SHOWN]}…"


def _without_tables(value: object) -> object:
    """A table where none belongs may hold a secret under any name: of it only that it is one is shown."""
    if isinstance(value, list):
        return [_without_tables(each) for each in value]
    return _Table() if isinstance(value, dict) else value


class _Table:
    def __str__(self) -> str:
        return "{…}"


def _example(names: tuple[str, ...], defaults: Mapping[str, Any]) -> str:
    if names in _EXAMPLES:
        return _EXAMPLES[names]
    value: Any = defaults
    for name in names:
        value = value[0] if isinstance(value, list) else value
        value = value[name]
    return toml(value)


def toml(value: object) -> str:
    """A value as it stands in a TOML file."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return json.dumps(value, ensure_ascii=False)
    if isinstance(value, list):
        return "[" + ", ".join(toml(each) for each in value) + "]"
    if isinstance(value, dict):
        return "{" + ", ".join(f"{name} = {toml(each)}" for name, each in value.items()) + "}"
    return value.isoformat() if isinstance(value, date) else str(value)
