"""How commands speak: plain tables for people, one JSON object a line for machines, one line for an error."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from rich.console import Console
from rich.table import Table

from gateway.clock import local
from gateway.model.authentication import SenderClaims
from gateway.model.document import Document
from gateway.model.exchange import ExchangeMessage
from gateway.model.facts import ActiveContent, ActiveKind, FileFacts, Scan
from gateway.model.finding import Finding
from gateway.model.header import Evidence, HeaderFields
from gateway.model.paper import Paper
from gateway.model.part import ParsedMail
from gateway.model.report import Report
from gateway.model.signature import Signature
from gateway.policy.header.asking import asked_about

console = Console(highlight=False, soft_wrap=True)
errors = Console(stderr=True, highlight=False, soft_wrap=True)


def print_json(value: Any) -> None:
    """One object on one line, Vietnamese letters as they are."""
    sys.stdout.write(json.dumps(value, ensure_ascii=False, default=str) + "\n")


def print_table(title: str, columns: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    """A table that wraps long words instead of cutting them; an empty one says so."""
    table = Table(title=title, title_justify="left", show_lines=False)
    for column in columns:
        table.add_column(column, overflow="fold")
    for row in rows:
        table.add_row(*("" if cell is None else str(cell) for cell in row))
    if table.row_count:
        console.print(table, markup=False, soft_wrap=False)
    else:
        console.print(f"{title}: không có.", markup=False)


def say(line: str) -> None:
    """A plain line for people."""
    console.print(line, markup=False)


def complain(line: str) -> None:
    """An error as one readable line."""
    errors.print(f"vanthu: {line}", markup=False)


def when(moment: datetime | None) -> str:
    """A moment in Vietnamese time, to the second."""
    return f"{local(moment):%d/%m/%Y %H:%M:%S}" if moment else ""


def entry_json(document: Document) -> dict[str, Any]:
    """An entry of the register, as `register list` prints it."""
    return {
        "id": document.label,
        "mail": f"M{document.mail_id}" if document.mail_id is not None else None,
        "direction": document.direction.value,
        "book": document.book,
        "year": document.year,
        "arrival_number": document.arrival_number,
        "arrived_at": document.received_at.isoformat(),
        "registered_at": document.registered_at.isoformat(),
        **_fields_json(document.header),
        "asked": list(asked_about(document)),
        "urgency": document.marks.urgency.value if document.marks.urgency else None,
        "copies": document.copies,
        "kept_by": document.kept_by or None,
        "status": document.status.value,
        "sender": document.sender,
        "note": document.note or None,
        "paper": paper_json(document.paper),
        "files": [
            {
                "name": file.name,
                "type": file.type,
                "size": file.size,
                "sha256": file.sha256,
                "pages": file.pages,
                "main": file.main,
                "scan": scan_json(file.scan),
                "signatures": [signature_json(signature) for signature in file.signatures],
            }
            for file in document.files
        ],
    }


def paper_json(paper: Paper) -> dict[str, Any]:
    """Whether paper goes with a document, and what has become of it."""
    return {
        "duty": paper.duty.value,
        "clause": paper.clause or None,
        "reason": paper.reason or None,
        "due_at": paper.due_at.isoformat() if paper.due_at else None,
        "received_at": paper.received_at.isoformat() if paper.received_at else None,
    }


def parsed_json(file: str, parsed: ParsedMail) -> dict[str, Any]:
    """A mail taken apart, as `parse` prints it."""
    return {
        "file": file,
        "message_id": parsed.message_id,
        "from": parsed.sender,
        "from_name": parsed.sender_name,
        "subject": parsed.subject,
        "date": parsed.date.isoformat() if parsed.date else None,
        "kind": parsed.kind.value,
        "automatic": parsed.automatic,
        "problems": list(parsed.problems),
        "parts": [
            {
                "path": part.path,
                "name": part.name,
                "declared_type": part.declared_type,
                "type": part.type,
                "size": part.size,
                "sha256": part.sha256,
                "decision": part.decision.value,
                "reason": part.reason,
            }
            for part in parsed.parts
        ],
        "addressed": list(parsed.addressed),
        "incomplete": parsed.incomplete,
        "claims": _claims_json(parsed.claims),
        "report": _report_json(parsed.report) if parsed.report else None,
        "exchanges": [exchange_json(message) for message in parsed.exchanges],
    }


def exchange_json(message: ExchangeMessage) -> dict[str, Any]:
    """The header of a message of exchange (QCVN 102:2016)."""
    return {
        "path": message.path,
        "document_id": message.document_id or None,
        "number": message.number or None,
        "notation": message.notation or None,
        "issued_on": message.issued_on.isoformat() if message.issued_on else None,
        "place": message.place or None,
        "type": message.type_name or None,
        "subject": message.subject or None,
        "organ_id": message.organ_id or None,
        "organ": message.organ or None,
        "superior": message.superior or None,
        "signer": message.signer or None,
        "competence": message.competence or None,
        "position": message.position or None,
        "due_on": message.due_on.isoformat() if message.due_on else None,
        "to_places": list(message.to_places),
        "priority": message.priority,
        "pages": message.pages,
        "copies": message.copies,
        "business": message.business.name.lower() if message.business else None,
        "status": message.status,
        "about": message.identifier or None,
        "files": list(message.listed),
    }


def _claims_json(claims: SenderClaims) -> dict[str, Any]:
    return {
        "authors": list(claims.authors),
        "return_path": claims.return_path,
        "dkim": [{"domain": claim.domain, "selector": claim.selector} for claim in claims.signatures],
        "results": list(claims.results),
    }


def _report_json(report: Report) -> dict[str, Any]:
    return {
        "envelope_id": report.envelope_id,
        "message_id": report.message_id,
        "recipients": [
            {
                "action": reported.action.value,
                "status": reported.status,
                "final_recipient": reported.final_recipient,
                "original_recipient": reported.original_recipient,
                "diagnostic": reported.diagnostic,
                "guessed": reported.guessed,
            }
            for reported in report.recipients
        ],
    }


def facts_json(file: str, facts: FileFacts, scan: Scan, findings: Iterable[Finding]) -> dict[str, Any]:
    """The facts of a file, as `inspect` prints them."""
    return {
        "file": file,
        "sha256": facts.sha256,
        "size": facts.size,
        "type": facts.type,
        "pages": facts.pages,
        "scan": scan_json(scan),
        "encoding": facts.encoding.value,
        "encrypted": facts.encrypted,
        "marks": {
            "secrecy": facts.marks.secrecy.value if facts.marks.secrecy else None,
            "urgency": facts.marks.urgency.value if facts.marks.urgency else None,
        },
        "header": header_json(facts.header),
        "active": active_json(facts.active),
        "signatures": [signature_json(signature) for signature in facts.signatures],
        "notes": list(facts.notes),
        "unknown": dict(facts.unknown),
        "findings": [finding_json(finding) for finding in findings],
    }


def active_json(contents: Iterable[ActiveContent]) -> list[str]:
    """The kinds of what could run, each once; macros of every sort are told as `macro` too."""
    kinds = list(dict.fromkeys(content.kind for content in contents))
    if ActiveKind.MACRO not in kinds and {ActiveKind.AUTO_MACRO, ActiveKind.SUSPICIOUS_MACRO} & set(kinds):
        kinds.insert(0, ActiveKind.MACRO)
    return [kind.value for kind in kinds]


def header_json(header: HeaderFields) -> dict[str, Any]:
    """The fields read from a document, with how sure each is and what it was read from."""
    confidence = {name: round(value, 3) for name, value in header.confidence.items()}
    evidence = {name: _evidence_json(one) for name, one in header.evidence.items()}
    return _fields_json(header) | {"confidence": confidence, "evidence": evidence}


def _evidence_json(evidence: Evidence) -> dict[str, Any]:
    """`box` as fractions of the page: left, top, right, bottom."""
    box = evidence.box
    return {
        "source": evidence.source.value,
        "page": evidence.page,
        "text": evidence.text,
        "box": [box.left, box.top, box.right, box.bottom] if box else None,
    }


def _fields_json(header: HeaderFields) -> dict[str, Any]:
    return {
        "number": header.number,
        "notation": header.notation,
        "issued_on": header.issued_on.isoformat() if header.issued_on else None,
        "document_type": header.document_type,
        "abstract": header.abstract,
        "issuer": header.issuer,
        "superior": header.superior,
        "signer": header.signer,
        "capacity": header.capacity,
        "addressee": header.addressee,
        "recipients": header.recipients,
        "reply_by": header.reply_by.isoformat() if header.reply_by else None,
    }


def scan_json(scan: Scan) -> dict[str, Any]:
    """A scan."""
    return {"verdict": scan.verdict.value, "engine": scan.engine, "name": scan.name}


def signature_json(signature: Signature) -> dict[str, Any]:
    """A signature with its three judgements apart."""
    return {
        "verdict": signature.verdict.value,
        "cause": signature.cause,
        "signer": signature.signer,
        "organisation": signature.organisation,
        "kind": signature.kind.value,
        "coverage": signature.coverage.value,
        "intact": signature.intact,
        "valid": signature.valid,
        "trusted": signature.trusted,
        "signed_at": signature.signed_at.isoformat() if signature.signed_at else None,
        "timestamped_at": signature.timestamped_at.isoformat() if signature.timestamped_at else None,
        "notes": list(signature.notes),
    }


def finding_json(finding: Finding) -> dict[str, Any]:
    """A finding with its clause."""
    return {
        "rule": finding.rule,
        "clause": finding.clause,
        "outcome": finding.outcome.value,
        "text": finding.text,
        "remedy": finding.remedy,
        "file": finding.file,
        "note": finding.note,
    }
