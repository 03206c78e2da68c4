"""What a worker answers, written and read: plain values, this project's records and enums, and nothing else.

Not a pickle: even one whose classes are picked may set attributes of those classes (its BUILD), in the daemon and so
for every other mail. Here JSON is read and records are filled, so that the daemon believes a worker no more than the
foreign bytes it has read.
"""

from __future__ import annotations

import base64
import importlib
import json
from collections.abc import Callable
from dataclasses import fields, is_dataclass
from datetime import date, datetime, timedelta
from enum import Enum
from functools import cache
from pathlib import Path, PosixPath
from typing import Any

OWN_MODULES = ("gateway.model.", "gateway.adapters.")
MOST_VALUES = 3_000_000
"""Of brackets and commas, in texts too: each may stand for a value that takes far more memory than its bytes."""

_PLAIN = frozenset({type(None), bool, int, float, str})
_KINDS: dict[type, tuple[str, Callable[[Any], list[Any]]]] = {
    list: ("list", lambda value: [_plain(each) for each in value]),
    tuple: ("tuple", lambda value: [_plain(each) for each in value]),
    set: ("set", lambda value: [_plain(each) for each in value]),
    frozenset: ("frozenset", lambda value: [_plain(each) for each in value]),
    dict: ("dict", lambda value: [_plain(each) for pair in value.items() for each in pair]),
    bytes: ("bytes", lambda value: [base64.b64encode(value).decode("ascii")]),
    date: ("date", lambda value: [value.isoformat()]),
    datetime: ("datetime", lambda value: [value.isoformat()]),
    timedelta: ("timedelta", lambda value: [value.days, value.seconds, value.microseconds]),
    PosixPath: ("path", lambda value: [str(value)]),
}
_READERS: dict[str, Callable[[list[Any]], Any]] = {
    "list": list,
    "tuple": tuple,
    "set": set,
    "frozenset": frozenset,
    "dict": lambda values: dict(zip(values[::2], values[1::2], strict=True)),
    "bytes": lambda values: base64.b64decode(values[0], validate=True),
    "date": lambda values: date.fromisoformat(*values),
    "datetime": lambda values: datetime.fromisoformat(*values),
    "timedelta": lambda values: timedelta(*values),
    "path": lambda values: Path(*values),
    "member": lambda values: _member(*values),
    "record": lambda values: _record(*values),
}


class UnreadableAnswer(Exception):
    """What came is not what `write_answer` makes."""


def write_answer(kind: str, value: object) -> bytes:
    """An answer of this kind; raises TypeError where the value is made of anything else."""
    return json.dumps([kind, _plain(value)], ensure_ascii=False).encode("utf-8", "surrogatepass")


def read_answer(content: bytes) -> tuple[str, object]:
    """The kind of an answer (see `worker`) and what belongs to it; raises UnreadableAnswer."""
    if content.count(b"[") + content.count(b",") > MOST_VALUES:
        raise UnreadableAnswer("too many values")
    try:
        kind, value = json.loads(content.decode("utf-8", "surrogatepass"))
        read = _built(value)
    except Exception as problem:  # whatever goes wrong, a stranger may have wanted it
        raise UnreadableAnswer("not an answer") from problem
    if not isinstance(kind, str):
        raise UnreadableAnswer("not an answer")
    return kind, read


def _plain(value: object) -> Any:
    """The value as JSON has it: what is no text, number or nothing is a list that begins with its kind."""
    if type(value) in _PLAIN:
        return value
    if isinstance(value, Enum):
        return ["member", *_name(type(value)), value.name]
    if is_dataclass(value) and not isinstance(value, type):
        return ["record", *_name(type(value)), *(_plain(getattr(value, field.name)) for field in fields(value))]
    kind, parts = _KINDS.get(type(value), (None, None))
    if kind is None or parts is None:
        raise TypeError(f"results are not made of {type(value).__name__}")
    return [kind, *parts(value)]


def _built(value: Any) -> Any:
    if not isinstance(value, list):
        if type(value) not in _PLAIN:
            raise TypeError("results have no objects of JSON")
        return value
    kind, *values = value
    return _READERS[kind]([_built(each) for each in values])


def _name(kind: type) -> tuple[str, str]:
    return kind.__module__, kind.__qualname__


def _member(module: str, name: str, member: str) -> Enum:
    kind = _own(module, name)
    if not issubclass(kind, Enum):
        raise TypeError("not an enum")
    return kind.__members__[member]


def _record(module: str, name: str, *values: object) -> object:
    kind = _own(module, name)
    if not is_dataclass(kind):
        raise TypeError("not a record")
    record = object.__new__(kind)
    for field, value in zip(fields(kind), values, strict=True):
        object.__setattr__(record, field.name, value)
    return record


@cache
def _own(module: str, name: str) -> type:
    """A class of this project, no more."""
    if not module.startswith(OWN_MODULES) or not name.isidentifier():
        raise TypeError("not one of ours")
    found = getattr(importlib.import_module(module), name)
    if not isinstance(found, type) or found.__module__ != module:
        raise TypeError("not one of ours")
    return found
