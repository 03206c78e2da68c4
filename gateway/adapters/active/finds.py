"""What an examination gathers: the things found, each once, and what could not be read."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable
from dataclasses import dataclass, field

from gateway.errors import GatewayError
from gateway.model.facts import ActiveContent, ActiveKind

MOST_FINDS = 200
MOST_OF_A_KIND = 20
LONGEST_PLACE = 80
LONGEST_DETAIL = 120
DEEPEST = 4
MOST_BYTES = 1_500_000_000


class PartlyExamined(GatewayError):
    """Not all of a file could be read, so that what was `found` may not be everything. The text is Vietnamese."""

    def __init__(self, cause: str, found: tuple[ActiveContent, ...]) -> None:
        super().__init__(cause)
        self.found = found


@dataclass(slots=True)
class Finds:
    """The answer in the making. `inside` examines a file found within this one, given its bytes and its place."""

    inside: Callable[[bytes, str], None]
    kept: dict[ActiveContent, None] = field(default_factory=dict)
    unread: list[str] = field(default_factory=list)
    depth: int = 0
    unpacked: int = 0

    def add(self, kind: ActiveKind, place: str = "", detail: str = "") -> None:
        """Keep one thing; the same twice, or more of a kind than anybody reads, is kept once."""
        find = ActiveContent(kind, printable(place, LONGEST_PLACE), printable(detail, LONGEST_DETAIL))
        of_kind = sum(kept.kind is kind for kept in self.kept)
        if len(self.kept) < MOST_FINDS and of_kind < MOST_OF_A_KIND:
            self.kept[find] = None

    def could_not_read(self, what: str) -> None:
        """Note a part in which something could hide."""
        what = printable(what, LONGEST_DETAIL)
        if what not in self.unread and len(self.unread) < MOST_OF_A_KIND:
            self.unread.append(what)

    def count(self, size: int) -> bool:
        """Count unpacked bytes; False, and a bomb is told, once all of them together are beyond reason."""
        self.unpacked += size
        if self.unpacked > MOST_BYTES:
            self.add(ActiveKind.BOMB, detail="các phần bung ra lớn quá mức")
        return self.unpacked <= MOST_BYTES


def printable(text: str, longest: int) -> str:
    """One short line without control, format or unpaired characters."""
    kept = "".join(" " if char.isspace() else char for char in text[: 4 * longest] if char.isspace() or _shows(char))
    line = unicodedata.normalize("NFC", " ".join(kept.split()))
    return line if len(line) <= longest else f"{line[: longest - 1]}…"


def _shows(char: str) -> bool:
    return unicodedata.category(char)[0] != "C"
