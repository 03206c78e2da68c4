"""Every notice of the golden files, by its name."""

from __future__ import annotations

from dataclasses import replace

from gateway.ports import NoticeContext
from tests.adapters.render import records
from tests.adapters.render.work_records import CORRECT, PRESENT, RECALL, RETURN, conversation, docket, work_contexts


def contexts() -> dict[str, NoticeContext]:
    """One context for each golden pair."""
    first = records.contexts()
    mine = conversation((PRESENT, CORRECT, RETURN), of=replace(docket(), assignments=(), requests=(), opinion=""))
    recall = (conversation((RECALL,), office=False),)
    return (
        first
        | work_contexts()
        | {
            "clerk_document_orders": replace(first["clerk_document"], conversations=(mine,), left_out=("Bản vẽ.pdf",)),
            "receipt_recall": replace(first["receipt_single"], conversations=recall),
        }
    )
