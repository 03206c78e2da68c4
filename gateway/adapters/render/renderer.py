"""The Renderer port over jinja2."""

from __future__ import annotations

import asyncio
import hashlib
import re
from collections.abc import Mapping
from dataclasses import replace
from email.utils import format_datetime
from functools import cache
from pathlib import Path
from urllib.parse import urlsplit

from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape

from gateway.adapters.render import headers, layout, mime
from gateway.adapters.render.alarms import alarm_of
from gateway.adapters.render.cleaning import cleaned, cleaned_lines
from gateway.adapters.render.identity import identity, reply_address
from gateway.adapters.render.quarantine import confirming_mail, pendings_of
from gateway.adapters.render.view import (
    ABOUT_WORK,
    DocumentView,
    documents_of,
    findings_of,
    holding_of,
    mail_of,
    processing_of,
    proof_of,
    reads_as_office,
    sender_is_unproved,
    silence_of,
)
from gateway.adapters.render.work import (
    confirming,
    lines_of,
    moment_or_words,
    reader_of,
    step_of,
    subject_of,
    works_of,
)
from gateway.clock import Clock, local
from gateway.model import wording
from gateway.model.agency import Agency
from gateway.model.finding import Outcome
from gateway.model.notice import NoticeKind
from gateway.ports import NoticeContext

_WITH_CODE = frozenset({NoticeKind.RECEIPT, NoticeKind.REPEAT, NoticeKind.SUBMISSION})
_WITHOUT_MAIL = (ABOUT_WORK - {NoticeKind.CLERK_DOCUMENT}) | {
    NoticeKind.DIGEST,
    NoticeKind.QUARANTINE_DIGEST,
    NoticeKind.ALARM,
}
_QUOTES_NOTHING = frozenset({NoticeKind.ALARM, NoticeKind.SEALED})
_ACCENTS = {"link": "#0f4c81", "ok": "#0a6634", "doubt": "#8a5200", "bad": "#a51d1d"}
_FILES = ("subject.txt", "body.txt", "body.html")
_INSTANCE = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9.-]{0,62}[A-Za-z0-9])?")
_FILTERS = (
    wording.moment,
    wording.day,
    wording.letter_date,
    wording.size,
    wording.count,
    wording.pages,
    wording.percent,
    wording.file_type,
    wording.arrival,
    wording.paper,
    wording.title,
    wording.signer,
    wording.sentence,
    wording.read_from,
    layout.paragraph,
    moment_or_words,
    subject_of,
)
_WORDS = {
    "SCAN_WORDS": wording.SCAN_WORDS,
    "SIGNATURE_WORDS": wording.SIGNATURE_WORDS,
    "COVERAGE_WORDS": wording.COVERAGE_WORDS,
    "SECRECY_WORDS": wording.SECRECY_WORDS,
    "URGENCY_WORDS": wording.URGENCY_WORDS,
    "STAGE_WORDS": wording.STAGE_WORDS,
    "STATUS_WORDS": wording.STATUS_WORDS,
    "UNREAD": wording.UNREAD,
    "FIELD_WORDS": wording.FIELD_WORDS,
    "SEPARATOR": wording.SEPARATOR,
    "accents": _ACCENTS,
    "field": layout.field,
    "item": layout.item,
}


class JinjaRenderer:
    """Renders notices from `templates/<notice>/{subject.txt,body.txt,body.html}`.

    `sender` is the address in From, `public_url` the base of tracking links, `books` the
    name of each book by its code, `instance` the
    id by which this installation knows its own mail again (RFC 3834 section 3.1.7). Every
    template is compiled here; raises jinja2.TemplateError where one is missing or broken and
    ValueError where an argument does not fit into a header.
    """

    def __init__(
        self,
        templates: Path,
        *,
        agency: Agency,
        sender: str,
        sender_name: str,
        instance: str,
        public_url: str,
        books: Mapping[str, str],
        clock: Clock,
    ) -> None:
        if not _INSTANCE.fullmatch(instance):
            raise ValueError("instance must be letters, digits, points and hyphens")
        if urlsplit(public_url).scheme not in {"http", "https"}:
            raise ValueError("public_url must begin with http:// or https://")
        self._from = headers.mailbox("From", sender_name, sender)
        self._domain = sender.rpartition("@")[2]
        self._agency = cleaned(agency)
        self._instance = instance
        self._public_url = public_url.rstrip("/")
        self._clock = clock
        self._books = dict(books)
        environment = _environment(templates)
        self._templates = {
            (kind, file): environment.get_template(f"{kind.value}/{file}") for kind in NoticeKind for file in _FILES
        }

    async def render(self, context: NoticeContext) -> bytes:
        """The whole mail (RFC 5322), ready for the wire with CRLF line ends. Works in a thread."""
        return await asyncio.to_thread(self._render, context)

    def _render(self, context: NoticeContext) -> bytes:
        kind, now = context.notice.owed.kind, self._clock.now()
        clean = cleaned(_without_bulk(context))
        documents = documents_of(clean, self._public_url, self._instance, self._books)
        works = works_of(clean, context.conversations, documents, self._public_url)
        work = works[0] if works else None
        pendings = pendings_of(clean, context)
        values: dict[str, object] = {
            "agency": self._agency,
            "now": now,
            "notice": clean.notice,
            "mail": mail_of(clean),
            "proof": proof_of(clean),
            "unproved": sender_is_unproved(clean),
            "silence": silence_of(clean),
            **holding_of(clean),
            "all_documents": documents,
            "documents": [view for view in documents if not view.repeated],
            "repeats": [view for view in documents if view.repeated],
            "refusals": findings_of(clean, Outcome.REFUSE),
            "holds": findings_of(clean, Outcome.HOLD),
            "warnings": findings_of(clean, Outcome.WARN),
            "attachments": [(headers.file_name(name), len(octets)) for name, _, octets in context.attachments],
            "left_out": clean.left_out,
            "facts": clean.notice.owed.facts,
            "works": works,
            "work": work,
            "office": reads_as_office(clean),
            "reader": reader_of(clean, self._agency.records_office),
            "answerable": reply_address(clean) is not None,
            "step": step_of(clean),
            "lines": lines_of(clean, context, work),
            "quoted": cleaned_lines(str(context.notice.owed.facts.get("quoted") or "")),
            "confirming": confirming(clean, work) or confirming_mail(clean),
            "pendings": pendings,
            "pending": pendings[0] if len(pendings) == 1 else None,
        }
        if clean.mail is not None:
            values |= processing_of(clean.mail)
        if kind is NoticeKind.ALARM:
            alarm = clean.notice.owed.alarm
            if alarm is None:
                raise ValueError(f"{context.notice.label} is an alarm without a cause")
            values["alarm"] = alarm_of(alarm, clean.mail.label if clean.mail else "", self._agency.records_office)
        elif clean.mail is None and kind not in _WITHOUT_MAIL:
            raise ValueError(f"{context.notice.label} speaks of a mail, but has none")
        subject, text, html = (self._templates[kind, file].render(values) for file in _FILES)
        codes = tuple(view for view in documents if view.link) if kind in _WITH_CODE else ()
        head = [
            self._from,
            headers.recipient(context.notice.owed.recipient),
            headers.subject(subject),
            headers.plain("Date", format_datetime(local(now))),
            *identity(context, self._instance, self._domain),
        ]
        return b"".join([*head, *_body(context, layout.tidied(text), layout.tidied(html), codes)])


@cache
def _environment(templates: Path) -> Environment:
    """The templates of a folder, which a process compiles once however many renderers it makes."""
    environment = Environment(
        loader=FileSystemLoader(templates),
        autoescape=select_autoescape(enabled_extensions=("html",)),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
    environment.filters.update({function.__name__: function for function in _FILTERS})
    environment.globals.update(_WORDS)
    return environment


def _without_bulk(context: NoticeContext) -> NoticeContext:
    """The context without what no template shows and what may be large."""
    quoted = context.parsed if context.notice.owed.kind not in _QUOTES_NOTHING else None
    parsed = replace(quoted, body_text="") if quoted else None
    return replace(context, parsed=parsed, attachments=())


def _body(context: NoticeContext, text: str, html: str, codes: tuple[DocumentView, ...]) -> mime.Part:
    """mixed(alternative(text, related(html, codes)), attachments), without roofs over a single part."""
    seed = hashlib.sha256(context.notice.owed.message_id.encode()).hexdigest()[:24]
    shown = mime.text("html", html)
    if codes:
        images = [mime.inline_image(view.code_name, view.content_id, view.code()) for view in codes]
        shown = mime.multipart("related", f"r{seed}", [shown, *images], start="text/html")
    body = mime.multipart("alternative", f"a{seed}", [mime.text("plain", text), shown])
    if not context.attachments:
        return body
    files = [mime.attachment(name, media_type, octets) for name, media_type, octets in context.attachments]
    return mime.multipart("mixed", f"m{seed}", [body, *files])
