"""Every notice of the golden files, by its name."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

from gateway.model.document import LinkKind
from gateway.model.finding import Outcome
from gateway.model.verdict import Disposition, Verdict
from gateway.model.wording import link_words
from gateway.policy.header.asking import asked_fields
from gateway.policy.rules import RULES
from gateway.ports import NoticeContext, Offer
from tests.adapters.render import records
from tests.adapters.render.quarantine_records import quarantine_contexts
from tests.adapters.render.sealed_records import sealed_contexts
from tests.adapters.render.work_records import PRESENT, RECALL, RETURN, conversation, docket, work_contexts

RELATED = link_words(LinkKind.SAME_NUMBER, records.EARLIER, younger=True)
CONFIRM = Offer("Xác nhận thông tin đã đọc", "Xác nhận")
MEND = Offer("Sửa thông tin trong sổ", "Sửa: trích yếu=; hạn trả lời=10/12/2026")


@cache
def contexts() -> dict[str, NoticeContext]:
    """One context for each golden pair."""
    first = records.contexts()
    mine = conversation((CONFIRM, MEND, PRESENT, RETURN), of=replace(docket(), assignments=(), requests=(), opinion=""))
    recall = (conversation((RECALL,), office=False),)
    found = (
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
    return {name: _asking(context) for name, context in found.items()}


def _asking(context: NoticeContext) -> NoticeContext:
    """The context with what a clerk is asked about each of its documents, and what they stand to."""
    documents = (*context.documents, *(each.docket.document for each in context.conversations))
    asked = {each.id: asked_fields(each, records.EVIDENCE) for each in documents}
    return replace(context, asked=asked, related={records.REPORT.id: (RELATED,)})


def _every(disposition: Disposition, outcome: Outcome) -> Verdict:
    """All that rules can say with one outcome, as the catalogue has it."""
    answers = (answer for rule in RULES for answer in rule.answers)
    told = (answer.finding("QD 12.pdf", **answer.example) for answer in answers)
    return Verdict(disposition, tuple(finding for finding in told if finding.outcome is outcome))
