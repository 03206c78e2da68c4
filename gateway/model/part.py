"""The parts of a mail and what was decided about each."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from gateway.model.authentication import SenderClaims
from gateway.model.exchange import ExchangeMessage
from gateway.model.mail import MailKind
from gateway.model.report import Report


class PartDecision(StrEnum):
    """What a part is to the records office. Every part has exactly one."""

    DOCUMENT = "document"
    APPENDIX = "appendix"
    INLINE = "inline"
    BODY = "body"
    SIGNATURE = "signature"
    CONTAINER = "container"
    RETURNED = "returned"
    IGNORED = "ignored"


CARRIES_DOCUMENT = frozenset({PartDecision.DOCUMENT, PartDecision.APPENDIX})
"""The parts that a document is made of."""
READ = CARRIES_DOCUMENT | {PartDecision.RETURNED}
"""The files that are read; those that a report returns only for marks of secrecy, as they were not sent to us."""


@dataclass(frozen=True, slots=True)
class Part:
    """One part, keyed by its path (`1`, `2.1`, `2.winmail.1`), never by its name.

    `name` is the file name after RFC 2231, RFC 2047 and raw 8-bit decoding, in NFC; empty
    where the sender gave none. `sha256` is of the decoded content and None for pure
    containers (multipart), which have no content of their own. `reason` is Vietnamese.
    """

    path: str
    name: str
    declared_type: str
    type: str
    size: int
    sha256: str | None
    decision: PartDecision
    reason: str


@dataclass(frozen=True, slots=True)
class Authored:
    """What the sender newly wrote, told from what is quoted.

    `text` is NFC with line feeds. `certain` is false where the two could not be told apart: nothing may be executed
    then, `doubt` says why in Vietnamese, and `text` holds only what is surely not quoted. `quotes` is true where
    something quoted was found, `forwarded` where the mail passes on another instead of answering it.
    """

    text: str = ""
    certain: bool = True
    doubt: str = ""
    quotes: bool = False
    forwarded: bool = False


@dataclass(frozen=True, slots=True)
class ParsedMail:
    """The envelope headers a person reads, the kind, and every part with its decision.

    `problems` names what could not be read, in Vietnamese; nothing is dropped in silence.
    `sender` is the address in From, `sender_name` its display name, both decoded.
    `automatic` says why no answer may be sent (RFC 3834 section 2), or is None. With the kind DOCUMENT it says that a
    machine or a list sent the mail, which carries documents all the same: a person decides about it, and it is
    never answered.
    `incomplete` is true where not all that was sent is there to be judged: a cap left parts unopened, or bytes of a
    document, or the end of the mail with whatever files stood there, were lost in transfer (`problems` says which).
    `addressed` are the addresses that the header says the mail came to, the first 20, in lower case.
    `claims` is what the header says of the sender, `report` what a mail of the kind REPORT reports.
    `authored` is what the sender newly wrote; commands are read from nothing else.
    `name_tricks` says in Vietnamese, by the path of a part, with what the name that was sent misleads people; `name` in
    the part is without it.
    `attached_subjects` and `attached_texts` are of the mails attached, also of what a report returns; `other_texts` are
    the mail's own texts beside `body_text`, as alternatives have them; `packed_names` are of the files in archives that
    were not opened. All four are bounded, a text to its beginning, and read only for marks of secrecy.
    """

    message_id: str | None
    sender: str
    sender_name: str
    subject: str
    date: datetime | None
    kind: MailKind
    automatic: str | None
    in_reply_to: tuple[str, ...]
    body_text: str
    parts: tuple[Part, ...]
    problems: tuple[str, ...]
    incomplete: bool = False
    addressed: tuple[str, ...] = ()
    claims: SenderClaims = field(default_factory=SenderClaims)
    report: Report | None = None
    authored: Authored = field(default_factory=Authored)
    name_tricks: Mapping[str, str] = field(default_factory=dict)
    attached_subjects: tuple[str, ...] = ()
    attached_texts: tuple[str, ...] = ()
    other_texts: tuple[str, ...] = ()
    packed_names: tuple[str, ...] = ()
    exchanges: tuple[ExchangeMessage, ...] = ()
