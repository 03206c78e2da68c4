"""The acts of the records office as one pure table: who may do what, what follows, who hears of it (Điều 11)."""

from gateway.policy.acts.clocks import on_timer, timers_at_entry, told_at_entry
from gateway.policy.acts.decide import decide
from gateway.policy.acts.offers import offers
from gateway.policy.acts.records import (
    Asker,
    Choice,
    CorrectionFacts,
    Decision,
    ForwardOrder,
    Refusal,
    Surroundings,
    TimerDecision,
    Told,
    WorkRules,
)
from gateway.policy.acts.table import TABLE, ActRow, Who, as_markdown

__all__ = [
    "TABLE",
    "ActRow",
    "Asker",
    "Choice",
    "CorrectionFacts",
    "Decision",
    "ForwardOrder",
    "Refusal",
    "Surroundings",
    "TimerDecision",
    "Told",
    "Who",
    "WorkRules",
    "as_markdown",
    "decide",
    "offers",
    "on_timer",
    "timers_at_entry",
    "told_at_entry",
]
