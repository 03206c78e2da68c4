"""Whether a document is meant for the province (Điều 5 khoản 4): by its sender, its addressee or a rule."""

from __future__ import annotations

import re
from collections.abc import Iterator

from gateway.model.docket import Declared
from gateway.model.header import HeaderFields
from gateway.policy.header.text import starts_lower
from gateway.policy.submission_words import SubmissionRule, SubmissionWords, comparable

__all__ = ["SubmissionRule", "SubmissionWords", "declared_as_submission"]

_LONGEST_SUBJECT = 1000
_LONGEST_BODY = 20_000
_LONGEST_LINE = 1000
_LINES = 10
_WRAPPED = 55
_LONGEST_ADDRESSEE = 1000
_TAG = re.compile(r"[\[【(<{] ?(?P<inside>[^\])}>】]{1,60}?) ?[\])}>】]")
_ANSWERED = re.compile(r"(?:(?:re|fw|fwd|tl|trả lời|chuyển tiếp|tra loi|chuyen tiep) ?: ?)+", re.IGNORECASE)
_CLAUSE_END = re.compile(r"[,;.:!?()\n\[\]]")
# Below these stands what somebody else wrote, or who the sender is.
_OTHERS_WORDS = re.compile(
    r"-{2,} ?(?:original message|forwarded message|thu goc|tin nhan goc|thu da chuyen tiep|thu chuyen tiep)"
    r"|(?:from|tu|nguoi gui) ?: .*@|begin forwarded message|_{8,}"
    r"|(?:on|vao|luc|ngay|thu|date)\b.{5,200}(?:wrote|da viet) ?:$"
)
_SIGNATURE = "--"


def declared_as_submission(
    subject: str, body: str, addressed: tuple[str, ...], header: HeaderFields, words: SubmissionWords
) -> Declared | None:
    """How the document with this `header` came to be a submission, or None where it is not one.

    `subject` and `body` are the mail's as plain text, `addressed` those of our own addresses that it was sent to. What
    the province itself issued is never one. Never raises.
    """
    if header.issuer and words.is_province.fullmatch(comparable(header.issuer[:_LONGEST_ADDRESSEE])):
        return None
    if _sent_to_plus(addressed, words) or _said_by_sender(subject, body, words):
        return Declared.BY_SENDER
    if header.addressee and _names_province(header.addressee, words):
        return Declared.BY_ADDRESSEE
    if any(rule.fits(header.document_type or "", header.issuer or "") for rule in words.rules):
        return Declared.BY_RULE
    return None


def _sent_to_plus(addressed: tuple[str, ...], words: SubmissionWords) -> bool:
    return any(address.lower().rpartition("@")[0].partition("+")[2] == words.plus for address in addressed)


def _said_by_sender(subject: str, body: str, words: SubmissionWords) -> bool:
    title = " ".join(subject[:_LONGEST_SUBJECT].split())
    return _tagged(title, words) or _declares(comparable(title), words) or _declares(_opening(body), words)


def _tagged(subject: str, words: SubmissionWords) -> bool:
    """Whether the subject begins with a tag: `[TRINH UBND] …`; other tags may stand before it."""
    tags = {comparable(each) for each in words.tags}
    rest = _ANSWERED.sub("", subject, count=1).strip()
    while found := _TAG.match(rest):
        if comparable(found["inside"].replace("-", " ")) in tags:
            return True
        rest = _ANSWERED.sub("", rest[found.end() :].strip(), count=1)
    return False


def _declares(text: str, words: SubmissionWords) -> bool:
    """Whether the comparable `text` has a phrase of the table that no word before it undoes."""
    for found in words.phrase.finditer(text):
        before = text[: found.start()]
        clause = _CLAUSE_END.split(before)[-1]
        if not words.undone_before.search(clause) and not words.undone_within.search(clause):
            return True
    return False


def _opening(body: str) -> str:
    """The first lines of the sender's own text, comparable; those that only the line's width parts are joined."""
    text, before = "", ""
    for number, line in enumerate(_own_lines(body)):
        if number == _LINES:
            break
        wrapped = starts_lower(line) or len(before) >= _WRAPPED
        text += (" " if wrapped else "\n") + comparable(line)
        before = line
    return text.strip()


def _own_lines(body: str) -> Iterator[str]:
    """Lines that have words and are not quoted, down to the signature or another's mail."""
    for raw in body[:_LONGEST_BODY].splitlines():
        line = raw[:_LONGEST_LINE].strip()
        if line == _SIGNATURE or _OTHERS_WORDS.match(comparable(line)):
            return
        if line and not line.startswith((">", "|")):
            yield line


def _names_province(addressee: str, words: SubmissionWords) -> bool:
    """Whether the province is one of those addressed, by itself or as who the document shall go on to."""
    text = comparable(addressee[:_LONGEST_ADDRESSEE])
    return any(found["named"] for found in words.addressed_to.finditer(text)) or _declares(text, words)
