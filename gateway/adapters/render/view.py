"""What templates see: cleaned records, sorted by what the notices speak of."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from io import BytesIO
from urllib.parse import quote

import segno

from gateway.model.document import Document
from gateway.model.finding import Finding, Outcome
from gateway.model.mail import MailStage
from gateway.model.part import Part, PartDecision
from gateway.ports import NoticeContext

_SECRECY_CLAUSE = "Điều 8 khoản 2 điểm a"
_HIDDEN = (Outcome.HOLD, Outcome.REFUSE)
_SENT_FILES = frozenset({PartDecision.DOCUMENT, PartDecision.APPENDIX, PartDecision.IGNORED})
_LOW_CONFIDENCE = 0.8
_MASK = 4


@dataclass(frozen=True, slots=True)
class DocumentView:
    """A document with its tracking link. `repeated` is true where an earlier mail brought it first."""

    document: Document
    link: str
    repeated: bool
    code_name: str
    content_id: str

    def code(self) -> bytes:
        """The link as a QR code, PNG. A fixed mask: trying all eight triples the time for no gain on a screen."""
        png = BytesIO()
        segno.make_qr(self.link, error="m", mask=_MASK).save(png, kind="png", scale=4, border=4)
        return png.getvalue()

    def doubtful(self, field: str) -> float | None:
        """The confidence of a field read by machine, where it is low enough for a clerk to look again."""
        confidence = self.document.header.confidence.get(field)
        return confidence if confidence is not None and confidence < _LOW_CONFIDENCE else None


@dataclass(frozen=True, slots=True)
class MailView:
    """The mail as far as it may be spoken of.

    `secret` hides its subject and file names (Điều 8 khoản 2 điểm a), `readable` is false where it was never parsed.
    """

    label: str
    sender: str
    sender_name: str
    subject: str
    files: tuple[Part, ...]
    problems: tuple[str, ...]
    secret: bool
    readable: bool

    @property
    def addressee(self) -> str:
        """Whom an answer greets."""
        return self.sender_name or self.sender or "Quý cơ quan"


def documents_of(context: NoticeContext, public_url: str, instance: str) -> tuple[DocumentView, ...]:
    """The documents in their order, each with its link `public_url/t/token`."""
    return tuple(
        DocumentView(
            document=document,
            link=f"{public_url}/t/{quote(document.token, safe='')}",
            repeated=document.mail_id != context.mail.id,
            code_name=f"ma-qr-so-den-{document.arrival_number}-{document.year}.png",
            content_id=f"qr-{document.label}@{instance}",
        )
        for document in context.documents
    )


def findings_of(context: NoticeContext, outcome: Outcome) -> tuple[Finding, ...]:
    """The findings of one outcome, without file names where the content may be secret."""
    findings = [f for f in (context.verdict.findings if context.verdict else ()) if f.outcome is outcome]
    return tuple(replace(f, file=None) for f in findings) if _secret(context) else tuple(findings)


def mail_of(context: NoticeContext) -> MailView:
    """The mail, from its own headers where they could be read, else from the envelope."""
    parsed, secret = context.parsed, _secret(context)
    return MailView(
        label=context.mail.label,
        sender=(parsed.sender if parsed else "") or context.mail.envelope.mail_from,
        sender_name=parsed.sender_name if parsed else "",
        subject=parsed.subject if parsed and not secret else "",
        files=_files(parsed.parts) if parsed and not secret else (),
        problems=parsed.problems if parsed and not secret else (),
        secret=secret,
        readable=parsed is not None,
    )


def _secret(context: NoticeContext) -> bool:
    findings = context.verdict.findings if context.verdict else ()
    return context.mail.stage is MailStage.SEALED or any(
        f.outcome in _HIDDEN and f.clause.startswith(_SECRECY_CLAUSE) for f in findings
    )


def _files(parts: Sequence[Part]) -> tuple[Part, ...]:
    return tuple(part for part in parts if part.name and part.decision in _SENT_FILES)
