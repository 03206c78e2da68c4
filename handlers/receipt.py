"""The receipts that go with a confirmation to the sender: made once, and on record with what they are."""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Sequence
from dataclasses import dataclass

from gateway.errors import ReceiptFailure
from gateway.model.docket import Docket
from gateway.model.document import Document
from gateway.model.journal import NewEvent
from gateway.model.mail import Mail
from gateway.model.wording import paper, sentence
from handlers.desk import Desk

log = logging.getLogger(__name__)

_PDF = "application/pdf"


@dataclass(frozen=True, slots=True)
class Receipts:
    """The receipts as attachments (name, media type, bytes), and what the journal is to know of them."""

    attachments: tuple[tuple[str, str, bytes], ...] = ()
    events: tuple[NewEvent, ...] = ()


async def receipts_for(mail: Mail, dockets: Sequence[Docket], desk: Desk) -> Receipts:
    """A receipt for each document that this mail brought; none where the gateway has no certificate.

    The confirmation never waits for a key that cannot sign: it goes without, and the journal says why.
    """
    if desk.receipts is None:
        return Receipts()
    attachments, events = [], []
    for document in (docket.document for docket in dockets if docket.document.mail_id == mail.id):
        head = await desk.store.journal_head()
        try:
            content = await desk.receipts.make(document, mail, head, paper=sentence(paper(document.paper)))
        except ReceiptFailure as failure:
            log.warning("receipt not signed", extra={"document": document.label, "cause": str(failure)})
            events.append(_event("receipt.failed", document, mail, {"cause": str(failure)}))
            continue
        attachments.append((_name(document), _PDF, content))
        digest = hashlib.sha256(content).hexdigest()
        events.append(_event("receipt.made", document, mail, {"sha256": digest, "head": head.sequence}))
    return Receipts(tuple(attachments), tuple(events))


def _event(kind: str, document: Document, mail: Mail, data: dict[str, object]) -> NewEvent:
    return NewEvent(kind, "gateway", "pipeline", mail.id, document.id, data)


def _name(document: Document) -> str:
    return f"phieu-tiep-nhan-{document.arrival_number}-{document.year}.pdf"
