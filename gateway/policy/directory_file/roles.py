"""The roles of a person in a directory file."""

from __future__ import annotations

import difflib
from collections.abc import Iterable

from gateway.model.directory import Role
from gateway.model.wording import ROLE_WORDS
from gateway.policy.directory_file.problems import Problems
from gateway.policy.header.text import clean, fold


def read_roles(values: Iterable[tuple[str, object]], problems: Problems) -> tuple[Role, ...]:
    """The roles at their places, in the order of the enumeration."""
    found: set[Role] = set()
    for place, value in values:
        role = next((role for role in Role if role == value), None)
        if role is None:
            problems.say(place, value, f"không có vai trò này; {_meant(value)}")
        elif role in found:
            problems.say(place, value, "đã ghi ở chính mục này; hãy bỏ một chỗ")
        else:
            found.add(role)
    return tuple(role for role in Role if role in found)


def _meant(value: object) -> str:
    """The role that a person may have meant: misspelt, or by its Vietnamese words."""
    names = {name: role for role in Role for name in (role.value, fold(clean(ROLE_WORDS[role])))}
    given = fold(clean(value)) if isinstance(value, str) else ""
    near = difflib.get_close_matches(given, names, n=1, cutoff=0.6)
    if near:
        return f"có phải là {names[near[0]]} ({ROLE_WORDS[names[near[0]]]})?"
    return f"hãy chọn trong: {', '.join(f'{role} ({ROLE_WORDS[role]})' for role in Role)}"
