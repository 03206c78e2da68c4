"""Records made of strangers' words, made harmless before any template or header sees them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields, is_dataclass, replace
from enum import Enum
from typing import Any, TypeVar, cast

from gateway.model.wording import one_line

Record = TypeVar("Record")

_LONGEST_TEXT = 2000


def cleaned(record: Record) -> Record:
    """The same record with every string in it as one harmless line (`wording.one_line`), however deep it lies.

    Done once for all, so that no field can be forgotten: what templates and headers get has
    no line ends, controls, invisible or direction-changing characters, and bounded length.
    """
    return cast("Record", _cleaned(record))


def cleaned_lines(text: str) -> tuple[str, ...]:
    """The lines of a text that has several, each made harmless; none are empty at either end."""
    return tuple(one_line(line) for line in text[:_LONGEST_TEXT].strip().splitlines())


def _cleaned(value: Any) -> Any:
    match value:
        case Enum():
            return value
        case str():
            return one_line(value)
        case tuple() | list():
            return type(value)(map(_cleaned, value))
        case Mapping():
            return {_cleaned(key): _cleaned(item) for key, item in value.items()}
        case _ if is_dataclass(value) and not isinstance(value, type):
            return replace(value, **{field.name: _cleaned(getattr(value, field.name)) for field in fields(value)})
        case _:
            return value
