"""What is wrong in a directory file: one Vietnamese line each that names entry, key, value and remedy."""

from __future__ import annotations

import difflib
import json
import re
from collections.abc import Iterable, Mapping
from datetime import date

_BARE_KEY = re.compile(r"[A-Za-z0-9_-]+")
_LONGEST_SHOWN = 80


class Problems:
    """The lines told so far."""

    def __init__(self) -> None:
        self.lines: list[str] = []

    def say(self, place: str, value: object, what: str) -> None:
        """The value at `place` is wrong."""
        shown = str(value) if type(value) is date else json.dumps(value, ensure_ascii=False, default=str)
        shown = shown if len(shown) <= _LONGEST_SHOWN else f"{shown[:_LONGEST_SHOWN]}…"
        self.lines.append(f"{place} = {shown}: {what}.")

    def known_keys(self, place: str, row: Mapping[str, object], keys: Mapping[str, str]) -> dict[str, object]:
        """The row with its known keys only. `keys` has an example of each that must not be missing, else ""."""
        for key in row:
            if key not in keys:
                self.lines.append(f"{place}.{key_name(key)}: không có khóa này; {instead(key, keys)}")
        for key, example in keys.items():
            if example and key not in row:
                self.lines.append(f"{place}.{key}: còn thiếu khóa này; hãy ghi thêm {example}.")
        return {key: value for key, value in row.items() if key in keys}

    def listed(self, place: str, row: Mapping[str, object]) -> list[tuple[str, object]]:
        """The values of the list at the key that ends `place`, each with its own place."""
        values = row.get(place.rpartition(".")[2], [])
        if isinstance(values, list):
            return [(f"{place}[{number}]", each) for number, each in enumerate(values, 1)]
        self.say(place, values, "phải là danh sách trong ngoặc vuông")
        return []


def key_name(name: str) -> str:
    """A key as it stands in the file: TOML puts those of other letters into quotes."""
    return name if _BARE_KEY.fullmatch(name) else json.dumps(name, ensure_ascii=False)


def instead(unknown: str, known: Iterable[str]) -> str:
    """Which of `known` was meant by `unknown`, or all of them."""
    names = {each.strip("[]"): each for each in known}
    near = difflib.get_close_matches(unknown, names, n=1, cutoff=0.6)
    return f"có phải là {names[near[0]]}?" if near else f"hãy bỏ đi, hoặc chọn trong: {', '.join(names.values())}."
