"""What templates see: cleaned records, sorted by what the notices speak of."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from io import BytesIO
from urllib.parse import quote

import segno

from gateway.model import wording
from gateway.model.asked import AskedField
from gateway.model.authentication import Judge
from gateway.model.directory import address_key
from gateway.model.document import Document
from gateway.model.finding import ONLY_BY_NAME, Finding, Outcome
from gateway.model.mail import Mail, MailStage
from gateway.model.notice import NoticeKind
from gateway.model.part import READ, Part, PartDecision
from gateway.model.verdict import Verdict
from gateway.ports import NoticeContext

_SECRECY_CLAUSE = "Điều 8 khoản 2 điểm a"
_HIDDEN = (Outcome.HOLD, Outcome.REFUSE)
_BESIDE_FILES = frozenset({NoticeKind.RECEIPT, NoticeKind.CLERK_DOCUMENT})
TO_THE_OFFICE = frozenset(
    {
        NoticeKind.CLERK_DOCUMENT,
        NoticeKind.CLERK_ATTENTION,
        NoticeKind.ALARM,
        NoticeKind.TASK,
        NoticeKind.REMINDER,
        NoticeKind.DIGEST,
        NoticeKind.QUARANTINE_DIGEST,
    }
)
ANSWERS = frozenset(
    {
        NoticeKind.RECEIPT,
        NoticeKind.REPEAT,
        NoticeKind.REFUSAL,
        NoticeKind.HOLD,
        NoticeKind.TRANSCRIPT,
        NoticeKind.CONFIRM,
        NoticeKind.SEALED,
    }
)
"""What answers a mail of its reader."""
ABOUT_WORK = frozenset(
    {
        NoticeKind.CLERK_DOCUMENT,
        NoticeKind.TASK,
        NoticeKind.NEWS,
        NoticeKind.REMINDER,
        NoticeKind.TRANSCRIPT,
        NoticeKind.CONFIRM,
        NoticeKind.SUBMISSION,
    }
)
"""What stands in the conversation about one document."""
_SENT_FILES = frozenset({*READ, PartDecision.IGNORED})
_SUSPECTED = "impersonation"
_TOLD_ONCE_AN_HOUR = frozenset({_SUSPECTED, "unchecked_sender", "unknown_sender"})
_OF_THE_OFFICE = frozenset({"fields_read", "signing_seal", "signing_person", "signing_for_another"})
_MASK = 4


@dataclass(frozen=True, slots=True)
class DocumentView:
    """A document with the name of its book and its tracking link, `repeated` where an earlier mail brought it first.

    `asked` are the fields that a clerk is asked about, `related` phrases on other documents that it stands to.

    `link` is None for a reader who is neither the office nor the one who sent the document: the
    link opens whatever is written about it later.
    """

    document: Document
    book: str
    link: str | None
    repeated: bool
    code_name: str
    content_id: str
    asked: tuple[AskedField, ...] = ()
    related: tuple[str, ...] = ()

    def code(self) -> bytes:
        """The link as a QR code, PNG. A fixed mask: trying all eight triples the time for no gain on a screen."""
        png = BytesIO()
        segno.make_qr(self.link or "", error="m", mask=_MASK).save(png, kind="png", scale=4, border=4)
        return png.getvalue()

    def doubtful(self, *fields: str) -> float | None:
        """The lowest confidence of fields read by machine, where it is low enough for a clerk to look again."""
        found = [each.confidence for each in self.asked if each.name in fields and each.confidence is not None]
        return min(found, default=None)

    def without(self, field: str) -> bool:
        """Whether a person has said that the document has no such thing."""
        header = self.document.header
        return getattr(header, field) is None and field in header.confidence


@dataclass(frozen=True, slots=True)
class FindingView:
    """One finding, or several that say the same of several files."""

    text: str
    clause: str
    remedy: str
    note: str
    files: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class MailView:
    """The mail as far as it may be spoken of.

    `withheld` says why its subject and file names are not (Điều 8 khoản 2 điểm a), empty where they
    are; `readable` is false where it was never parsed. All is empty where there is no mail.
    """

    label: str
    sender: str
    sender_name: str
    subject: str
    files: tuple[Part, ...]
    problems: tuple[str, ...]
    withheld: str
    readable: bool

    @property
    def addressee(self) -> str:
        """Whom an answer greets."""
        return self.sender_name or self.sender or "Quý cơ quan"


def documents_of(
    context: NoticeContext, public_url: str, instance: str, books: Mapping[str, str]
) -> tuple[DocumentView, ...]:
    """The documents in their order, each with its link `public_url/t/token` where this reader may have it.

    `books` has the name of each book by its code.
    """
    known = {document.id for document in context.documents}
    worked_on = (each.docket.document for each in context.conversations)
    documents = (*context.documents, *(document for document in worked_on if document.id not in known))
    tokens = {document.id: _link_token(context, document) for document in documents}
    return tuple(
        DocumentView(
            document=document,
            book=books.get(document.book, document.book),
            link=f"{public_url}/t/{quote(token, safe='')}" if (token := tokens[document.id]) else None,
            repeated=context.mail is not None and document.mail_id != context.mail.id,
            code_name=f"ma-qr-so-den-{document.arrival_number}-{document.year}.png",
            content_id=f"qr-{document.label}@{instance}",
            asked=context.asked.get(document.id, ()),
            related=context.related.get(document.id, ()),
        )
        for document in documents
    )


def _link_token(context: NoticeContext, document: Document) -> str | None:
    """The token of the page that this reader may open; of a submission, that of the forwarding it is."""
    owed = context.notice.owed
    docket = next((each.docket for each in context.conversations if each.docket.document.id == document.id), None)
    if owed.kind is NoticeKind.SUBMISSION:
        forwardings = docket.submission.forwardings if docket and docket.submission else ()
        return next((each.token for each in reversed(forwardings) if each.message_id == owed.message_id), None)
    reader = owed.recipient.casefold()
    own = {document.sender.casefold(), (docket.answer_to or "").casefold() if docket else ""}
    return document.token if reads_as_office(context) or reader in own else None


def reads_as_office(context: NoticeContext) -> bool:
    """Whether the reader may see the office's own work.

    Of news he may where a personal link to the files was given to him, unless he is the one who sent the document.
    """
    owed = context.notice.owed
    if owed.kind is not NoticeKind.NEWS:
        return owed.kind in TO_THE_OFFICE
    return not reads_as_sender(context) and any(each.files_token for each in context.conversations)


def reads_as_sender(context: NoticeContext) -> bool:
    """Whether the reader is who sent one of the documents."""
    dockets = [each.docket for each in context.conversations]
    senders = {docket.answer_to or "" for docket in dockets} | {docket.document.sender for docket in dockets}
    return address_key(context.notice.owed.recipient) in {address_key(address) for address in senders}


def findings_of(context: NoticeContext, outcome: Outcome) -> tuple[FindingView, ...]:
    """The findings of one outcome that concern this reader, those that say the same as one.

    No file names where the content may be secret, and no notes but to the office.
    """
    office = reads_as_office(context)
    hidden = bool(withheld(context.mail, context.verdict))
    files: dict[tuple[str, str, str, str], dict[str, None]] = {}
    for finding in context.verdict.findings if context.verdict else ():
        if finding.outcome is not outcome or _said_elsewhere(finding, context) or not (office or _for_sender(finding)):
            continue
        same = files.setdefault((finding.text, finding.clause, finding.remedy, finding.note if office else ""), {})
        if finding.file and not hidden:
            same[finding.file] = None
    return tuple(FindingView(*said, tuple(names)) for said, names in files.items())


def _for_sender(finding: Finding) -> bool:
    """What the reader of headers missed, and pages that nobody could count, is the office's own work; so is what the
    clerk has to compare of signatures.
    """
    return finding.rule not in _OF_THE_OFFICE and not (
        finding.rule == "counted" and finding.outcome is Outcome.WARN and finding.file
    )


def _said_elsewhere(finding: Finding, context: NoticeContext) -> bool:
    """Whether the finding is of a signature that stands with its verdict under its file."""
    if finding.rule != "signatures" or context.notice.owed.kind not in _BESIDE_FILES:
        return False
    own = context.mail.id if context.mail else None
    new = [document for document in context.documents if document.mail_id == own] or context.documents
    return any(file.name == finding.file for document in new for file in document.files)


def mail_of(context: NoticeContext) -> MailView:
    """The mail, from its own headers where they could be read, else from the envelope."""
    mail, parsed, why = context.mail, context.parsed, withheld(context.mail, context.verdict)
    return MailView(
        label=mail.label if mail else "",
        sender=(parsed.sender if parsed else "") or (mail.envelope.mail_from if mail else ""),
        sender_name=parsed.sender_name if parsed else "",
        subject=parsed.subject if parsed and not why else "",
        files=_files(parsed.parts) if parsed and not why else (),
        problems=parsed.problems if parsed and not why else (),
        withheld=why if parsed else "",
        readable=parsed is not None,
    )


def processing_of(mail: Mail) -> dict[str, object]:
    """When the mail came and how far it got, by the names that templates use."""
    names = ("received_at", "stage", "failed_stage", "attempts", "last_error")
    return {name: getattr(mail, name) for name in names}


def proof_of(context: NoticeContext) -> str:
    """Who the sender is by the directory and how he proved it, for the office; empty where nobody looked."""
    found = context.authentication
    if found is None:
        return ""
    proof = wording.authentication(found, context.sender)
    stranger = context.sender is None and found.author and found.judge is not Judge.OPERATOR
    return f"{proof}; chưa có trong danh bạ" if stranger else proof


def sender_is_unproved(context: NoticeContext) -> bool:
    """Whether the address of the sender may be somebody else's."""
    found = context.authentication
    return found is not None and not found.proved


def silence_of(context: NoticeContext) -> str:
    """Why the sender is told nothing, after `vì`; empty where he is told."""
    if context.answer_to is not None:
        return ""
    if sender_is_unproved(context):
        return "chưa xác thực được địa chỉ"
    return "thư do máy gửi hoặc không có địa chỉ để trả lời"


def holding_of(context: NoticeContext) -> dict[str, object]:
    """What follows for the clerk from the rules that hold the mail, by the names that templates use.

    `waivers` are the rules that a release must name, `suspected` is true of a mail that may be forged, `one_of_many`
    where the clerk is told of the first such mail of an hour alone.
    """
    findings = context.verdict.findings if context.verdict else ()
    rules = {finding.rule for finding in findings if finding.outcome is Outcome.HOLD}
    return {
        "waivers": sorted(rules & ONLY_BY_NAME),
        "suspected": _SUSPECTED in rules,
        "one_of_many": bool(rules & _TOLD_ONCE_AN_HOUR),
    }


def withheld(mail: Mail | None, verdict: Verdict | None) -> str:
    """Why subject and file names would better not travel in the open; empty where they may."""
    findings = verdict.findings if verdict else ()
    if (mail and mail.stage is MailStage.SEALED) or any(
        f.outcome in _HIDDEN and f.clause.startswith(_SECRECY_CLAUSE) for f in findings
    ):
        return "không nêu trong thư này, vì nội dung có dấu hiệu bí mật nhà nước"
    return "" if verdict else "không nêu trong thư này, vì nội dung chưa được kiểm tra"


def _files(parts: Sequence[Part]) -> tuple[Part, ...]:
    return tuple(part for part in parts if part.name and part.decision in _SENT_FILES)
