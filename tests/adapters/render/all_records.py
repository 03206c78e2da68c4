"""Every notice of the golden files, by its name."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

from gateway.model.finding import Outcome
from gateway.model.verdict import Disposition, Verdict
from gateway.policy.rules import RULES
from gateway.ports import NoticeContext
from tests.adapters.render import records
from tests.adapters.render.quarantine_records import quarantine_contexts
from tests.adapters.render.sealed_records import sealed_contexts
from tests.adapters.render.work_records import CORRECT, PRESENT, RECALL, RETURN, conversation, docket, work_contexts


@cache
def contexts() -> dict[str, NoticeContext]:
    """One context for each golden pair."""
    first = records.contexts()
    mine = conversation((PRESENT, CORRECT, RETURN), of=replace(docket(), assignments=(), requests=(), opinion=""))
    recall = (conversation((RECALL,), office=False),)
    return (
        first
        | work_contexts()
        | sealed_contexts()
        | quarantine_contexts()
        | {
            "clerk_document_orders": replace(
                first["clerk_document"],
                conversations=(mine,),
                left_out=("Bản vẽ.pdf (phần mềm diệt vi-rút không xác nhận là sạch)",),
            ),
            "refusal_every_answer": replace(first["refusal"], verdict=_every(Disposition.REFUSE, Outcome.REFUSE)),
            "hold_every_answer": replace(first["hold"], verdict=_every(Disposition.HOLD, Outcome.HOLD)),
            "receipt_every_warning": replace(
                first["receipt_single"], verdict=_every(Disposition.REGISTER, Outcome.WARN)
            ),
            "receipt_recall": replace(first["receipt_single"], conversations=recall),
        }
    )


def _every(disposition: Disposition, outcome: Outcome) -> Verdict:
    """All that rules can say with one outcome, as the catalogue has it."""
    answers = (answer for rule in RULES for answer in rule.answers)
    told = (answer.finding("QD 12.pdf", **answer.example) for answer in answers)
    return Verdict(disposition, tuple(finding for finding in told if finding.outcome is outcome))
