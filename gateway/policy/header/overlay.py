"""Figures written into blanks: a number and day that a seal's signature put beside the page's own text."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from gateway.model.page import Box, Line, Page
from gateway.policy.header.layout import MAX_LINE_LENGTH, MAX_LINES
from gateway.policy.header.text import clean, fold, plain_punctuation
from gateway.policy.header.wrapped import least_sure

_FIGURES = re.compile(r"\d{1,5}[A-Za-zĐđ]?")
_NUMBER_BLANK = re.compile(r"^ *so ?[:.;]?(?P<blank>[ ._…]{0,60})/")
_DATE_BLANK = re.compile(r"ngay(?P<blank>[ ._…]{1,60})thang")
_MONTH_BLANK = re.compile(r"thang(?P<blank>[ ._…]{1,60})nam")


def with_figures_placed(page: Page) -> Page:
    """The page with every lone figure that lies on a blank of a number or date line moved into that blank.

    A page without positions comes back as it is.
    """
    head = page.lines[:MAX_LINES]
    lone = {
        place: line for place, line in enumerate(page.lines) if line.box and _FIGURES.fullmatch(_text(line).strip())
    }
    if not lone:
        return page
    used: set[int] = set()
    lines: list[Line] = []
    for line in head:
        fills = [place for place in _on(line, lone, used) if _text(line).strip() != _text(lone[place]).strip()]
        text, taken = _filled(_text(line), [(place, _text(lone[place]).strip()) for place in fills])
        used.update(taken)
        sure = least_sure(line, *(lone[place] for place in taken))
        lines.append(replace(line, text=text, sure=sure) if taken else line)
    lines.extend(page.lines[MAX_LINES:])
    return replace(page, lines=tuple(line for place, line in enumerate(lines) if place not in used))


def _text(line: Line) -> str:
    return clean(line.text[:MAX_LINE_LENGTH])


def _on(line: Line, lone: dict[int, Line], used: set[int]) -> Iterator[int]:
    """The lone figures whose middle lies on `line`, from left to right."""
    if line.box is None:
        return
    places = [
        (other.box.left, place)
        for place, other in lone.items()
        if place not in used and other.box is not None and _middle_within(other.box, line.box)
    ]
    yield from (place for _, place in sorted(places))


def _middle_within(inner: Box, outer: Box) -> bool:
    across, down = (inner.left + inner.right) / 2, (inner.top + inner.bottom) / 2
    slack = (outer.bottom - outer.top) / 2
    return outer.left <= across <= outer.right and outer.top - slack <= down <= outer.bottom + slack


def _filled(text: str, fills: Sequence[tuple[int, str]]) -> tuple[str, list[int]]:
    taken: list[int] = []
    waiting = list(fills)
    for pattern in (_NUMBER_BLANK, _DATE_BLANK, _MONTH_BLANK):
        found = pattern.search(fold(plain_punctuation(text)))
        if found is None or not waiting:
            continue
        place, figures = waiting.pop(0)
        text = f"{text[: found.start('blank')]} {figures} {text[found.end('blank') :]}"
        taken.append(place)
    return text, taken
