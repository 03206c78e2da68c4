"""Mail as somebody finds it in his mailbox: what it says, which buttons it has, where its link leads."""

from __future__ import annotations

import email
import email.policy
import re
from dataclasses import dataclass
from email.message import EmailMessage
from email.utils import format_datetime, getaddresses, localtime, make_msgid
from functools import cached_property
from html import unescape
from urllib.parse import parse_qs, unquote, urlsplit

from tests.story.people import Person

_ANSWERED = re.compile(r"^(?:re|tl|trả lời):\s*", re.IGNORECASE)
_BUTTON = re.compile(r'<a href="(mailto:[^"]+)"[^>]*>(.*?)</a>', re.DOTALL)
_ROOT = re.compile(r"<d\d+\.[0-9a-f]{16}@")
PERSONAL = "personal"
"""The kind of a mail that the gateway did not write."""


@dataclass(frozen=True, slots=True)
class Button:
    """A reply that is written already, as the link of a button opens it."""

    label: str
    to: str
    subject: str
    body: str

    @property
    def is_complete(self) -> bool:
        """Whether it can be sent as it is, with nothing to fill in."""
        return bool(self.body) and not any(line.rstrip().endswith(("=", ":")) for line in self.body.splitlines())

    def mail(self, author: Person) -> bytes:
        """What is sent by whoever clicks on it and sends: no quote, no thread, his program's footer at most."""
        message = EmailMessage(policy=email.policy.SMTP)
        message["From"] = author.author
        message["To"] = self.to
        message["Subject"] = self.subject
        message["Date"] = format_datetime(localtime())
        message["Message-ID"] = make_msgid(domain="dien-thoai.example")
        message.set_content(f"{self.body}\n\nĐược gửi từ thiết bị Galaxy của tôi\n")
        return message.as_bytes()


@dataclass(frozen=True)
class Letter:
    """A mail in a mailbox, with what its server wrote on top of it."""

    raw: bytes

    @cached_property
    def message(self) -> EmailMessage:
        """Parsed."""
        message = email.message_from_bytes(self.raw, policy=email.policy.default)
        assert isinstance(message, EmailMessage)
        return message

    @cached_property
    def message_id(self) -> str:
        """With its brackets."""
        return str(self.message["Message-ID"]).strip()

    @property
    def kind(self) -> str:
        """Of a notice of the gateway, by its Message-ID; PERSONAL of any other mail."""
        return self.message_id[1:].partition(".")[0] if self.message["X-Vanthu-Instance"] else PERSONAL

    @property
    def subject(self) -> str:
        """Without the `Re:` of mail programs."""
        return _ANSWERED.sub("", " ".join(str(self.message["Subject"]).split()))

    @cached_property
    def references(self) -> tuple[str, ...]:
        """The Message-IDs of its thread."""
        return tuple(str(self.message["References"] or "").split())

    @property
    def root(self) -> str | None:
        """The Message-ID that all mails about its document name."""
        return next((each for each in self.references if _ROOT.match(each)), None)

    @cached_property
    def body(self) -> str:
        """The text part."""
        return self._part("plain")

    @cached_property
    def text(self) -> str:
        """The text part on one line, as it is read."""
        return " ".join(self.body.split())

    @cached_property
    def html(self) -> str:
        """The HTML part."""
        return self._part("html")

    @property
    def reply_to(self) -> str:
        """The address that a reply goes to."""
        ((_, address),) = getaddresses([str(self.message["Reply-To"] or self.message["From"])])
        return address

    @cached_property
    def buttons(self) -> dict[str, Button]:
        """The buttons by their labels."""
        found = [_button(unescape(link), unescape(label)) for link, label in _BUTTON.findall(self.html)]
        return {button.label: button for button in found if button.body}

    @property
    def link(self) -> str:
        """The path of the tracking page that it leads to."""
        found = re.search(r"http://127\.0\.0\.1:\d+(/t/[\w-]+)", self.body)
        assert found is not None, self.text
        return found[1]

    @cached_property
    def attachments(self) -> dict[str, bytes]:
        """The files by their names."""
        found = [part for part in self.message.walk() if part.get_content_disposition() == "attachment"]
        return {str(part.get_filename()): bytes(part.get_payload(decode=True) or b"") for part in found}

    def _part(self, subtype: str) -> str:
        body = self.message.get_body((subtype,))
        assert body is not None, f"{self.message_id} has no {subtype} part"
        return str(body.get_content())


def _button(link: str, label: str) -> Button:
    parts = urlsplit(link)
    fields = parse_qs(parts.query, keep_blank_values=True)
    (subject,), (body,) = fields.get("subject", [""]), fields.get("body", [""])
    return Button(" ".join(label.split()), unquote(parts.path), subject, body)
