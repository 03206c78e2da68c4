"""Stamps of others on page 1: the gazette centre's copy signature and another office's arrival stamp."""

from __future__ import annotations

import re
from collections.abc import Sequence

from gateway.policy.header import words
from gateway.policy.header.layout import Cell
from gateway.policy.header.text import starts_lower

_COPY_END = re.compile(
    r"(?:[\w.+-]{1,64}@[\w.-]{1,100}"
    r"|\d{1,2}[./-]\d{1,2}[./-]\d{4},? \d{1,2}:\d\d(?::\d\d)?(?: ?[+-]\d\d:?\d\d)?|[+-]\d\d:\d\d)"
)
_SIGNATURE_LINE = re.compile(
    r"(?:(?:nguoi ky|ky boi|co quan|thoi gian ky|ngay ky|email|signed by|date|ly do|don vi) ?:"
    r"|ky so boi|digitally signed)"
)
_ARRIVAL = re.compile(r"(?:cong van den|van ban den|cv den|c\.v den|vb den|den|dau den)\W{0,5}")
_ARRIVAL_FIELD = re.compile(
    r"(?P<name>so(?: den)?|ngay(?: den)?|gio(?: den)?|chuyen|luu(?: ho so)?|so va ky hieu hs|ho so)\b ?[:.]?"
)
_LONGEST_WALK = 3
_LONGEST_ARRIVAL = 8


def stamp_cells(cells: Sequence[Cell]) -> frozenset[int]:
    """The places of cells that belong to a stamp and not to the document."""
    found: set[int] = set()
    for place, cell in enumerate(cells):
        folded = cell.folded
        if _COPY_END.fullmatch(folded):
            found.add(place)
            found |= _copy_stamp_above(cells, place, found)
        elif _SIGNATURE_LINE.match(folded):
            found.add(place)
            found |= _run_on(cells, place)
        elif _ARRIVAL.fullmatch(folded) and folded.strip(" .:") and cell.text.strip()[:1].isupper():
            found.add(place)
            found |= _arrival_fields(cells, place)
    return frozenset(found)


def _copy_stamp_above(cells: Sequence[Cell], end: int, known: set[int]) -> set[int]:
    """The copying centre's name stands right above its address: up to the line that begins an agency's name."""
    for back in range(1, _LONGEST_WALK + 1):
        place = end - back
        if place < 0 or place in known:
            break
        folded = cells[place].folded
        if words.AGENCY_HEAD.match(folded) and not words.MOTTO_START.startswith(folded):
            return set(range(place, end))
        if words.RULE.fullmatch(cells[place].text) or words.SLOGAN.search(folded):
            break
    return set()


def _run_on(cells: Sequence[Cell], place: int) -> set[int]:
    """A signature line that wraps: `Ký bởi: Ủy ban nhân dân` / `tỉnh Quảng Ngãi`."""
    following = place + 1
    if following < len(cells) and starts_lower(cells[following].text) and not cells[following].gap:
        return {following}
    return set()


def _arrival_fields(cells: Sequence[Cell], start: int) -> set[int]:
    """The fields of an arrival stamp, each once: a second `Số:` is the document's own."""
    found: set[int] = set()
    seen: set[str] = set()
    for place in range(start + 1, min(start + 1 + _LONGEST_ARRIVAL, len(cells))):
        field = _ARRIVAL_FIELD.match(cells[place].folded)
        if field is None or field["name"][:2] in seen:
            break
        seen.add(field["name"][:2])
        found.add(place)
    return found
