"""The header fields a person reads: author, date, message ids (RFC 5322 section 3.6)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone
from email.utils import parsedate_tz
from itertools import islice

from gateway.adapters.mime.headers import Headers
from gateway.adapters.mime.limits import LIMITS
from gateway.adapters.mime.words import clean, decode_words

_ADDRESS = re.compile(r"[^\s<>@,;:\"()\[\]]{1,128}@[^\s<>@,;:\"()]{1,255}|\"[^\"\r\n]{1,128}\"@[^\s<>@,;:\"()]{1,255}")
_TOKEN = re.compile(r"\"(?:[^\"\\]|\\.)*\"?|\((?:[^()\\]|\\.)*\)?|<[^<>]*>?|[,;:]|[^\"(<,;:]+", re.DOTALL)
_MESSAGE_ID = re.compile(r"<\s*([^<>]{1,900}?)\s*>")
_ESCAPE = re.compile(r"\\(.)", re.DOTALL)
_COMMENT = re.compile(r"\([^()]*\)")
_LONGEST_NAME = 300
_RECEIVERS = ("delivered-to", "x-original-to", "envelope-to", "to", "cc")
_FIELDS = 5
_LONGEST_FIELD = 10_000
_LONGEST_ID = 998


@dataclass(frozen=True, slots=True)
class Author:
    """One mailbox: address (domain in lower case) and display name, decoded."""

    address: str
    name: str


def read_authors(value: str) -> list[Author]:
    """The mailboxes of a From or Sender field in order, however badly written, if they have an address."""
    authors = _authors(value)
    if not authors and "=?" in value:
        # The whole mailbox inside encoded words (forbidden by RFC 2047 section 5, and sent).
        authors = _authors(decode_words(value))
    return authors


def _authors(value: str) -> list[Author]:
    authors: list[Author] = []
    words: list[str] = []
    comments: list[str] = []
    address = ""
    for token in [*_TOKEN.findall(value), ","]:
        first = token[0]
        if first == "<":
            another = _author(address, words, comments) if address else None
            if another:
                # Readers differ in which of two addresses they show, so both are authors.
                authors.append(another)
                words, comments = [], []
            address = _address(token.strip("<>")) or ("" if another else address)
        elif first == "(":
            comments.append(token.strip("()"))
        elif first == '"':
            words.append(_ESCAPE.sub(r"\1", token.strip('"')))
        elif first == ":":
            words = []
        elif first in ",;":
            author = _author(address, words, comments)
            if author:
                authors.append(author)
                authors += [] if address else _further(words)
                words, comments, address = [], [], ""
        else:
            words.append(token.strip())
    return authors


def _further(words: list[str]) -> list[Author]:
    """Addresses that follow the first with blanks between, where commas should stand."""
    text = clean(_COMMENT.sub("", " ".join(words)), _LONGEST_NAME)
    return [Author(_address(match[0]), "") for match in _ADDRESS.finditer(text)][1:]


def _author(address: str, words: list[str], comments: list[str]) -> Author | None:
    text = " ".join(word for word in words if word)
    if not address:
        address = _address(text)
        text = "" if address else text
    if not address:
        return None
    name = clean(decode_words(text or " ".join(comments)), _LONGEST_NAME).strip("'\"")
    return Author(address, name)


def _address(text: str) -> str:
    match = _ADDRESS.search(clean(_COMMENT.sub("", text).removeprefix("mailto:"), _LONGEST_NAME))
    if not match:
        return ""
    local, _, domain = match[0].rpartition("@")
    return f"{local}@{domain.lower().rstrip('.')}"


def read_reverse_path(value: str) -> str:
    """The address in a Return-Path, "" for the null one, its bare text where it is no address."""
    return _address(value) or clean(_COMMENT.sub("", value), _LONGEST_NAME).strip("<> ")


def read_addressed(headers: Headers) -> tuple[str, ...]:
    """The first addresses that the mail came to, in lower case: those that servers noted, then those in To and Cc."""
    fields = [value for name in _RECEIVERS for value in headers.texts(name)[:_FIELDS]]
    found = (author.address.lower() for value in fields for author in read_authors(value[:_LONGEST_FIELD]))
    return tuple(islice(dict.fromkeys(found), LIMITS.addressed))


def read_date(value: str) -> datetime | None:
    """The moment of a Date field as aware UTC, or None where it cannot be one; no zone counts as UTC."""
    try:
        fields = parsedate_tz(clean(value, 200))
        if fields is None:
            return None
        year, month, day, hour, minute, second = fields[:6]
        zone = timezone(timedelta(seconds=fields[9] or 0))
        return datetime(year, month, day, hour, minute, min(second, 59), tzinfo=zone).astimezone(UTC)
    except (ValueError, OverflowError, TypeError, IndexError):
        return None


def read_message_id(value: str) -> str | None:
    """A Message-ID with its angle brackets, which are added where the sender left them out."""
    match = _MESSAGE_ID.search(value)
    bare = match[1] if match else value.strip().strip("<>")
    bare = clean(bare, _LONGEST_ID).replace(" ", "")
    return f"<{bare}>" if bare else None


def read_references(headers: Headers) -> tuple[str, ...]:
    """Ids of In-Reply-To, then of References, each once; of a long thread the newest are kept."""
    replied = [_MESSAGE_ID.findall(value) for value in headers.texts("in-reply-to")]
    older = [_MESSAGE_ID.findall(value) for value in headers.texts("references")]
    ids = [found for group in replied for found in group][: LIMITS.references]
    ids += [found for group in older for found in group][-LIMITS.references :]
    cleaned = (clean(found, _LONGEST_ID).replace(" ", "") for found in ids)
    return tuple(dict.fromkeys(f"<{found}>" for found in cleaned if found))[: LIMITS.references]
