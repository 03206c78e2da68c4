"""The hour, or the part of the day, in a deadline."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import time
from enum import StrEnum

from gateway.policy.orders.phrase import Phrase

_CLOCK = re.compile(
    r"(?<![\w/.:-])(?P<hour>\d{1,2}) ?(?:(?:h|g|gio)(?: ?(?P<minute>\d{1,2}) ?(?:phut|ph|p|')?(?!\d| ?[/.-]| thang)"
    r"|(?P<half> ?ruoi))?|:(?P<minutes>\d{2})(?::00)?(?: ?(?P<english>[ap]\.?m)\.?)?|(?P<alone>[ap]\.?m)\.?)(?!\w)"
)
_PART = re.compile(r"(?<!\w)(?:sang|chieu|trua|toi|morning|afternoon|evening|cob|eod)(?!\w)")
_HALF_DAY = 12
_LATE_MORNING = 11


class Part(StrEnum):
    """A part of the day; the evening is no working time, and means the end of it."""

    MORNING = "morning"
    AFTERNOON = "afternoon"
    EVENING = "evening"


@dataclass(frozen=True, slots=True)
class HoursRead:
    """Either a time of day in Vietnam, or a part of the day."""

    at: time | None
    part: Part | None


_PARTS = {
    "sang": Part.MORNING,
    "morning": Part.MORNING,
    "trua": Part.MORNING,
    "chieu": Part.AFTERNOON,
    "afternoon": Part.AFTERNOON,
    "toi": Part.EVENING,
    "evening": Part.EVENING,
    "eod": Part.EVENING,
    "cob": Part.EVENING,
}


def hours_in(phrase: Phrase) -> HoursRead | str | None:
    """The hour that `phrase` names, taken from it; None where it names none; a reason where there is no such hour."""
    clock, part = phrase.take(_CLOCK), phrase.take(_PART)
    if clock is None:
        return HoursRead(None, _PARTS[part.group()]) if part else None
    hour, minute = int(clock["hour"]), int(clock["minute"] or clock["minutes"] or (30 if clock["half"] else 0))
    half = (clock["english"] or clock["alone"] or "").replace(".", "")
    shifted = _half(hour, half) if half else _shifted(hour, part.group() if part else "")
    try:
        return HoursRead(time(shifted, minute), None) if shifted is not None else _impossible(clock.group())
    except ValueError:
        return _impossible(clock.group())


def _half(hour: int, half: str) -> int | None:
    if not 1 <= hour <= _HALF_DAY:
        return None
    return hour % _HALF_DAY + (_HALF_DAY if half == "pm" else 0)


def _shifted(hour: int, part: str) -> int | None:
    """The hour of 24; None where hour and part of the day contradict each other."""
    if part in {"sang", "morning"}:
        return hour if hour <= _HALF_DAY else None
    if part == "trua":
        return hour if hour >= _LATE_MORNING else hour + _HALF_DAY
    if part in {"chieu", "toi", "afternoon", "evening"}:
        if hour == 0:
            return None
        return hour if hour >= _HALF_DAY else hour + _HALF_DAY
    return hour


def _impossible(written: str) -> str:
    return f"Không có giờ “{written.strip()}”; hãy ghi như 16h30 hoặc 9h sáng."
