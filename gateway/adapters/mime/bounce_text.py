"""Delivery reports written for people, in no standard form: qmail, Exim, sendmail, Exchange, Gmail, Vietnamese hosts.

Everything here is a guess and marked so. The order is: whom it is about, whether it was given up or will go on, why.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from gateway.adapters.mime.bounce_words import COPY, FAILED, GIVEN_UP, GOES_ON, REASONS
from gateway.adapters.mime.envelope import read_authors, read_message_id
from gateway.adapters.mime.headers import Headers
from gateway.adapters.mime.plain import plain
from gateway.adapters.mime.words import clean, decode_words
from gateway.model.report import RecipientReport, ReportedAction

_MOST_TEXT = 64 * 1024
_MOST_GUESSED = 20
_LONGEST_DIAGNOSTIC = 500
_LONGEST_LINE = 2_000

_ADDRESS = re.compile(r"[^\s<>@,;:\"'()\[\]=]{1,64}@[a-z0-9](?:[a-z0-9.-]{0,251}[a-z0-9])?", re.IGNORECASE)
# A line that begins with an address is about that address.
_LEADING = re.compile(
    r"^[ \t>*•-]{0,12}[<'\"“‘]?(?:mailto:|smtp:)?([^\s<>@,;:\"'()\[\]=]{1,64}@[^\s<>,;:\"'()\[\]”’]{1,255})"
)
_ROBOTS = ("mailer-daemon@", "postmaster@", "mail-daemon@", "mdaemon@", "microsoftexchange")
_MESSAGE_ID = re.compile(r"^[ \t>]*message-id:[ \t]*(<[^<>\s]{1,900}>)", re.IGNORECASE | re.MULTILINE)

_PAIRED = re.compile(r"(?<!\d)[245]\d\d[ -]{1,3}#?([245]\.[0-7]\.\d{1,3})(?![.\d])")
_MARKED = re.compile(r"#([245]\.[0-7]\.\d{1,3})(?![.\d])")
_ENHANCED = re.compile(r"(?<![\w.-])([45]\.[0-7]\.\d{1,3})(?![.\d])")
_REPLY = re.compile(r"(?<![\w.:/-])(4[0-5]\d|5[0-5]\d)(?=[ -][^\d\s])")


@dataclass(frozen=True, slots=True)
class Guess:
    """Recipients with `guessed` set, and the Message-ID of the mail that came back within the text."""

    recipients: tuple[RecipientReport, ...] = ()
    message_id: str | None = None


def guess_recipients(headers: Headers, text: str) -> Guess:
    """What a text and a header in no standard form say; no recipients where they cannot be understood."""
    text = text[:_MOST_TEXT]
    returned = _MESSAGE_ID.search(text)
    message_id = read_message_id(returned[1]) if returned else None
    lines = [line[:_LONGEST_LINE] for line in _own_words(text)]
    subject = plain(clean(decode_words(headers.text("subject") or ""), _LONGEST_LINE))
    whole = plain("\n".join(lines))
    about = _recipients(headers, lines)
    said = {words: _said(subject, plain(words), whole) for words in dict.fromkeys(about.values())}
    recipients = [
        RecipientReport(found.action, found.status, address, "", clean(words, _LONGEST_DIAGNOSTIC), guessed=True)
        for address, words in about.items()
        if (found := said[words]) is not None
    ]
    return Guess(tuple(recipients), message_id)


@dataclass(frozen=True, slots=True)
class _Said:
    action: ReportedAction
    status: str


def _said(subject: str, words: str, whole: str) -> _Said | None:
    """What is said of one address, by the words about it (all in plain letters), then by the whole text."""
    action = _action(subject, words, whole)
    if action is None:
        return None
    status = _status(words) or _reason(words) or _status(whole) or _reason(whole) or _reason(subject)
    return _Said(action, status or _reply_class(words) or _reply_class(whole))


def _own_words(text: str) -> list[str]:
    """Lines up to the copy of what came back. The first line is never one: some texts open with such words."""
    lines = text.splitlines()
    for number, line in enumerate(lines):
        if number and COPY.match(plain(line[:_LONGEST_LINE])):
            return lines[:number]
    return lines


def _recipients(headers: Headers, lines: list[str]) -> dict[str, str]:
    """Whom it is about, each with the text that is about that address."""
    sections = dict(_sections(lines, _own_addresses(headers)))
    failed = [author.address for value in headers.texts("x-failed-recipients") for author in read_authors(value)]
    if failed:
        spoken = {address.lower(): about for address, about in sections.items()}
        everything = "\n".join(lines)
        sections = {address: spoken.get(address.lower(), everything) for address in failed}
    return dict(list(sections.items())[:_MOST_GUESSED])


def _own_addresses(headers: Headers) -> set[str]:
    """To whom the report was sent, and by whom: neither is what it is about."""
    fields = [value for name in ("to", "delivered-to", "x-original-to", "from") for value in headers.texts(name)]
    return {author.address.lower() for value in fields for author in read_authors(value)}


def _sections(lines: list[str], own: set[str]) -> Iterator[tuple[str, str]]:
    """Addresses that lines begin with, each with what follows up to the next; else all that the text names."""
    leads = [(number, address) for number, line in enumerate(lines) if (address := _leading(line, own))]
    if leads:
        ends = [number for number, _ in leads[1:]] + [len(lines)]
        said: dict[str, list[str]] = {}
        for (number, address), end in zip(leads, ends, strict=True):
            said.setdefault(address, []).extend(lines[number:end])
        for address, about in said.items():
            yield address, "\n".join(about)
        return
    everything = "\n".join(lines)
    named = (_bare(match[0]) for match in _ADDRESS.finditer(everything))
    for address in dict.fromkeys(named):
        if _is_foreign(address, own):
            yield address, everything


def _leading(line: str, own: set[str]) -> str:
    match = _LEADING.match(line)
    address = _bare(match[1]) if match else ""
    return address if address and _is_foreign(address, own) else ""


def _bare(address: str) -> str:
    local, _, domain = address.rpartition("@")
    return f"{local}@{domain.lower().rstrip('.-')}"


def _is_foreign(address: str, own: set[str]) -> bool:
    lower = address.lower()
    return lower not in own and not lower.startswith(_ROBOTS) and "." in lower.rpartition("@")[2]


def _action(subject: str, words: str, whole: str) -> ReportedAction | None:
    """Given up, or going on; what is said of one address counts before what the whole text says."""
    for text in (words, whole, subject):
        if GIVEN_UP.search(text):
            return ReportedAction.FAILED
        if GOES_ON.search(text):
            return ReportedAction.DELAYED
    if any(FAILED.search(text) for text in (words, whole, subject)):
        return ReportedAction.FAILED
    code = _status(words) or _status(whole) or _reply_class(words) or _reply_class(whole)
    return ReportedAction.FAILED if code.startswith("5") or _reason(words) else None


def _status(text: str) -> str:
    for pattern in (_PAIRED, _MARKED, _ENHANCED):
        found = pattern.search(text)
        if found:
            return found[1]
    return ""


def _reason(text: str) -> str:
    return next((code for code, pattern in REASONS if pattern.search(text)), "")


def _reply_class(text: str) -> str:
    found = _REPLY.search(text)
    return f"{found[1][0]}.0.0" if found else ""
