"""Model records to plain JSON and back, by their own type annotations."""

from __future__ import annotations

from collections.abc import Hashable
from functools import cache
from typing import Any, TypeVar, cast

from pydantic import TypeAdapter

from gateway.store.schema import storable

T = TypeVar("T")


@cache
def _adapter(kind: Hashable) -> TypeAdapter[Any]:
    return TypeAdapter(cast("type[Any]", kind))


def dump(kind: type[T], value: T) -> Any:
    """`value` as JSON-able data whose every text a database can hold."""
    return _storable(_adapter(cast("Hashable", kind)).dump_python(value, mode="json", warnings=False))


def _storable(data: Any) -> Any:
    if isinstance(data, str):
        return storable(data)
    if isinstance(data, dict):
        return {storable(key): _storable(item) for key, item in data.items()}
    if isinstance(data, list):
        return [_storable(item) for item in data]
    return data


def load(kind: type[T], data: Any) -> T:
    """The record that `dump` made; raises pydantic.ValidationError where the data is not one."""
    loaded: T = _adapter(cast("Hashable", kind)).validate_python(data, strict=False)
    return loaded
