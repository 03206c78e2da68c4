"""Working time: an agency's hours by season, days off, days worked instead, and what is due when (Điều 3 khoản 4)."""

from gateway.policy.calendar.clocks import Clocks, clocks_of, remind_at, standing, worked
from gateway.policy.calendar.schedule import Hours, Schedule, Season
from gateway.policy.calendar.sums import Skipped, Span, Sum, in_words
from gateway.policy.calendar.working_time import Calendar, NoWorkingTime, SpecialDay

__all__ = [
    "Calendar",
    "Clocks",
    "Hours",
    "NoWorkingTime",
    "Schedule",
    "Season",
    "Skipped",
    "Span",
    "SpecialDay",
    "Sum",
    "clocks_of",
    "in_words",
    "remind_at",
    "standing",
    "worked",
]
