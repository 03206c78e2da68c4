"""Wrong usage told in Vietnamese, as one line: the parser itself speaks English."""

from __future__ import annotations

import re
from typing import Any

from typer.exceptions import TyperException

_QUOTED = re.compile(r"'([^']*)'")
_FAULTS = (
    ("does not exist", "không có tệp “{}”"),
    ("is a directory", "“{}” là thư mục, không phải tệp"),
    ("is not readable", "không đọc được tệp “{}”"),
    ("than or equal to", "số nằm ngoài khoảng cho phép"),
    ("valid integer", "phải là số"),
)


def misuse(error: TyperException) -> str:
    """What was wrong on the command line, and where to read how it is meant."""
    return f"{_told(error)}; xem {_command(error)} --help"


def wants_help(error: TyperException) -> bool:
    """Whether a group of commands was called with nothing after it: its help is the answer."""
    return type(error).__name__ == "NoArgsIsHelpError"


def _told(error: Any) -> str:
    said: str = error.message
    kind = type(error).__name__
    if kind == "BadParameter":
        fault = next((words for phrase, words in _FAULTS if phrase in said), "giá trị không dùng được")
        return f"{_name(error)}: {fault.format(_value(said))}"
    if kind == "MissingParameter":
        return f"thiếu {_name(error)}"
    if kind in {"NoSuchOption", "BadOptionUsage"}:
        return f"tùy chọn {error.option_name} không có hoặc dùng không đúng"
    if said.startswith("No such command"):
        return f"không có lệnh “{_value(said)}”"
    return "lệnh thừa tham số hoặc dùng không đúng cách"


def _value(said: str) -> str:
    """The value that the parser's sentence is about."""
    quoted = _QUOTED.search(said)
    return quoted[1] if quoted else ""


def _name(error: Any) -> str:
    """`--reason`, or the name that the help gives an argument."""
    if error.param is None:
        return "tham số"
    longest: str = max(error.param.opts, key=len)
    return longest if longest.startswith("-") else error.param.metavar or longest.upper()


def _command(error: Any) -> str:
    context = getattr(error, "ctx", None)
    return context.command_path if context else "vanthu"
