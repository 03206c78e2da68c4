"""Reading what a worker answered, believing it no more than the foreign bytes it has read."""

from __future__ import annotations

import io
import pickle
from collections import OrderedDict, defaultdict
from dataclasses import is_dataclass
from datetime import date, datetime, time, timedelta, timezone
from enum import Enum
from pathlib import PosixPath, PurePosixPath

PLAIN = {
    (kind.__module__, kind.__qualname__): kind
    for kind in (
        *(set, frozenset, bytearray, complex, OrderedDict, defaultdict),
        *(date, datetime, time, timedelta, timezone, PosixPath, PurePosixPath),
    )
} | {("builtins", "list"): list, ("builtins", "dict"): dict}

OWN_MODULES = ("gateway.model.", "gateway.adapters.")


class _Reader(pickle.Unpickler):
    """Builds plain values and this project's records and enums, and calls nothing else."""

    def find_class(self, module: str, name: str) -> object:
        """The named class; raises UnpicklingError for any other."""
        if (module, name) in PLAIN:
            return PLAIN[module, name]
        if (module, name) == ("builtins", "getattr"):  # how Python 3.11.0 to 3.11.3 name a member of an enum
            return _member
        if module.startswith(OWN_MODULES) and name.isidentifier():
            found = super().find_class(module, name)
            if isinstance(found, type) and (is_dataclass(found) or issubclass(found, Enum)):
                return found
        raise pickle.UnpicklingError("an answer names a class that results are not made of")


def _member(kind: object, name: object) -> Enum:
    """A member by its name, of an enum and of nothing else."""
    if isinstance(kind, type) and issubclass(kind, Enum) and isinstance(name, str) and name in kind.__members__:
        return kind[name]
    raise pickle.UnpicklingError("an answer asks for an attribute")


def read_answer(content: bytes) -> tuple[str, object]:
    """(`ready`, `failed`, `done`, `memory` or `raised`, what belongs to it); raises UnpicklingError."""
    try:
        match _Reader(io.BytesIO(content)).load():
            case (str() as kind, value):
                return kind, value
    except pickle.UnpicklingError:
        raise
    except Exception as problem:
        raise pickle.UnpicklingError("an answer cannot be read") from problem
    raise pickle.UnpicklingError("an answer has the wrong shape")
