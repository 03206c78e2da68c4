"""File names made to be taken for something else, by what is left of them after decoding."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from enum import StrEnum

_DEVICES = frozenset(
    {
        "con",
        "prn",
        "aux",
        "nul",
        "conin$",
        "conout$",
        *(f"{port}{number}" for port in ("com", "lpt") for number in range(10)),
    }
)
_CLASS_ID = re.compile(r"\.\{[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\}\Z", re.IGNORECASE)
_STREAM = re.compile(r"\.[a-z0-9]{1,5}:[^:]{0,60}\.[a-z0-9]{1,5}\Z|::?\$(?:data|index_allocation)", re.IGNORECASE)
_LAST_PIECE = re.compile(r"\.([^.\s]{1,8})\Z")
_ENDING = ". \t\u00a0"


class NameTrick(StrEnum):
    """Foreign letters in the extension; a class that Windows hides and opens by; a device that Windows opens in place
    of a file; a second stream of a file; a program's extension before the last one.
    """

    FOREIGN_LETTERS = "foreign_letters"
    CLASS_ID = "class_id"
    DEVICE = "device"
    STREAM = "stream"
    INNER_PROGRAM = "inner_program"


def trick(name: str, runs: Callable[[str], bool]) -> NameTrick | None:
    """The first trick in a file name, None where there is none; `runs` tells the extensions of programs."""
    name = name.rstrip(_ENDING)
    stem, *extensions = name.split(".")
    piece = _LAST_PIECE.search(name)
    if piece and any(_foreign(letter) for letter in piece[1]):
        return NameTrick.FOREIGN_LETTERS
    if _CLASS_ID.search(name):
        return NameTrick.CLASS_ID
    if stem.strip().lower() in _DEVICES:
        return NameTrick.DEVICE
    if _STREAM.search(name):
        return NameTrick.STREAM
    inner = [each.strip().lower() for each in extensions[:-1]]
    if inner and runs(inner[-1]):
        return NameTrick.INNER_PROGRAM
    return None


def _foreign(letter: str) -> bool:
    """A letter or digit that looks like a Latin one and is none; Vietnamese is written in Latin letters."""
    if letter.isascii() or not letter.isalnum():
        return False
    name = unicodedata.name(letter, "")
    return not name.startswith("LATIN ")
