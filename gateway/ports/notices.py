"""What a notice may speak of, put together by handlers and turned into bytes by the renderer."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from gateway.model.asked import AskedField
from gateway.model.authentication import Authentication
from gateway.model.directory import Party
from gateway.model.docket import Docket
from gateway.model.document import Document
from gateway.model.mail import Mail
from gateway.model.notice import Notice
from gateway.model.part import ParsedMail
from gateway.model.tracking import TimelineStep
from gateway.model.verdict import Verdict


@dataclass(frozen=True, slots=True)
class Offer:
    """An act that a reader may ask for: the words on its button, and the text of the reply that asks for it."""

    label: str
    reply: str


@dataclass(frozen=True, slots=True)
class Conversation:
    """One document as one reader of a notice sees its work.

    `reply_to` is the address that takes his orders, None where he has none to give; `references` are the Message-IDs
    that keep his mails about it together. `files_token` opens the files by a personal link, till `files_until`.
    `clocks` are lines in Vietnamese on what is due and why. `news` are the steps so far, oldest first.
    """

    docket: Docket
    offers: tuple[Offer, ...] = ()
    reply_to: str | None = None
    references: tuple[str, ...] = ()
    files_token: str | None = None
    files_until: datetime | None = None
    clocks: tuple[str, ...] = ()
    news: tuple[TimelineStep, ...] = ()


@dataclass(frozen=True, slots=True)
class Pending:
    """One mail that was set aside, as the reader of a notice sees it.

    `standing` says in Vietnamese how long it is held and what is left of its time, empty where nothing runs; `rules`
    are the Vietnamese titles of those that hold it. `offers`, `reply_to` and `references` as in Conversation, empty
    where he may not decide.
    """

    mail: Mail
    parsed: ParsedMail | None
    verdict: Verdict | None
    standing: str = ""
    rules: tuple[str, ...] = ()
    offers: tuple[Offer, ...] = ()
    reply_to: str | None = None
    references: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class NoticeContext:
    """All that a notice may speak of. `attachments` are (name, media type, content); an alarm may have no mail.

    `answer_to` is the address at which the sender of the mail is told what becomes of it, None where nobody is.
    `conversations` are there for kinds that speak of the work, one for each document, `pendings` for those that ask a
    clerk about mails that were set aside. `names` gives the names of the
    codes of units and people. `asked` are the doubtful and missing fields of each document by its id, `related` says of
    each in Vietnamese how it stands to others in the register.
    """

    notice: Notice
    mail: Mail | None
    parsed: ParsedMail | None
    verdict: Verdict | None
    documents: tuple[Document, ...]
    attachments: tuple[tuple[str, str, bytes], ...] = ()
    left_out: tuple[str, ...] = ()
    authentication: Authentication | None = None
    sender: Party | None = None
    answer_to: str | None = None
    conversations: tuple[Conversation, ...] = ()
    names: Mapping[str, str] = field(default_factory=dict)
    pendings: tuple[Pending, ...] = ()
    asked: Mapping[int, tuple[AskedField, ...]] = field(default_factory=dict)
    related: Mapping[int, tuple[str, ...]] = field(default_factory=dict)
