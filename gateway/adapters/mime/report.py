"""What a report says of mail sent before: delivery status (RFC 3464, RFC 6533), disposition (RFC 8098), or a text."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterable, Sequence

from gateway.adapters.mime.bounce_text import guess_recipients
from gateway.adapters.mime.envelope import read_message_id, read_references
from gateway.adapters.mime.headers import Headers, read_headers
from gateway.adapters.mime.node import Node
from gateway.adapters.mime.words import clean, decode_words
from gateway.model.report import RecipientReport, Report, ReportedAction

MOST_RECIPIENTS = 100
LONGEST_DIAGNOSTIC = 500
_MOST_READ = 64 * 1024
_LONGEST_ADDRESS = 320
_MOST_PARTS = 20

DELIVERY_TYPES = frozenset({"message/delivery-status", "message/global-delivery-status"})
DISPOSITION_TYPES = frozenset({"message/disposition-notification", "message/global-disposition-notification"})
FEEDBACK_TYPE = "message/feedback-report"
REPORT_TYPES = DELIVERY_TYPES | DISPOSITION_TYPES | {FEEDBACK_TYPE}
"""Types of the parts in which a report is written by a standard."""
_HEADER_TYPES = frozenset({"text/rfc822-headers", "message/global-headers"})

_STATUS = re.compile(r"(?<![\d.])([245]\.\d{1,3}\.\d{1,3})(?![\d.]*\d)")
_TYPED = re.compile(r"\s*([A-Za-z0-9-]{1,60})\s*;\s*(.*)\Z", re.DOTALL)
_COMMENT = re.compile(r"\([^()]*\)")
# Most writers have undone xtext already (RFC 3461 section 4), and in their addresses a plus sign is a plus sign: only
# what xtext must write so, and hardly any address says otherwise, is undone.
_XTEXT = re.compile(r"\+(2B|3D|20)")
_UTF8_XTEXT = re.compile(r"\\x\{([0-9A-Fa-f]{2,6})\}")

_ACTIONS: dict[str, ReportedAction] = {
    action.value: action for action in ReportedAction if action is not ReportedAction.DISPLAYED
}
_CLASSES = {"2": ReportedAction.DELIVERED, "4": ReportedAction.DELAYED, "5": ReportedAction.FAILED}
# Whoever answers so has the mail; `denied` and `failed` (RFC 3798, RFC 2298) speak of the answer, not of the mail.
_DISPOSITIONS = {
    "displayed": ReportedAction.DISPLAYED,
    "deleted": ReportedAction.DELIVERED,
    "dispatched": ReportedAction.DELIVERED,
    "processed": ReportedAction.DELIVERED,
    "denied": ReportedAction.DELIVERED,
    "failed": ReportedAction.DELIVERED,
}


def read_report(headers: Headers, nodes: Sequence[Node], text: str) -> Report:
    """What a mail of the kind REPORT reports; without recipients where it cannot be understood. Never raises.

    `text` is the mail's own text, read only where no part follows a standard.
    """
    own = [node for node in nodes if not node.nested]
    envelope_id: str | None = None
    message_id: str | None = None
    recipients: list[RecipientReport] = []
    for node in _of(own, DELIVERY_TYPES):
        for group in _groups(node):
            envelope_id = envelope_id or _envelope_id(group)
            recipients += _delivery(group)
    for node in _of(own, DISPOSITION_TYPES):
        for group in _groups(node):
            message_id = message_id or read_message_id(group.text("original-message-id") or "")
            recipients += _disposition(group)
    message_id = message_id or _returned_id(own)
    if not recipients and not any(node.declared == FEEDBACK_TYPE for node in own):
        guess = guess_recipients(headers, text)
        recipients = list(guess.recipients)
        message_id = message_id or guess.message_id
    if message_id is None:
        message_id = next(iter(read_references(headers)), None)
    return Report(envelope_id, message_id, tuple(dict.fromkeys(recipients))[:MOST_RECIPIENTS])


def _of(nodes: Iterable[Node], types: frozenset[str]) -> list[Node]:
    return [node for node in nodes if node.declared in types][:_MOST_PARTS]


def _read(node: Node) -> bytes:
    if node.content is None:
        return b""
    with node.content.open("rb") as file:
        return file.read(_MOST_READ)


def _groups(node: Node) -> list[Headers]:
    """The groups of fields between blank lines (RFC 3464 section 2.1); lines that are no fields are passed over."""
    content = _read(node)
    groups: list[Headers] = []
    position = 0
    while position < len(content):
        block = read_headers(content, position, len(content))
        if block.headers.fields:
            groups.append(block.headers)
        if block.body > position:
            position = block.body
        else:
            after = content.find(b"\n", position)
            position = len(content) if after < 0 else after + 1
    return groups


def _envelope_id(group: Headers) -> str | None:
    return _plain_text(group.text("original-envelope-id") or "") or None


def _plain_text(text: str) -> str:
    text = _XTEXT.sub(lambda match: chr(int(match[1], 16)), clean(decode_words(text), LONGEST_DIAGNOSTIC))
    return clean(_UTF8_XTEXT.sub(_character, text), LONGEST_DIAGNOSTIC)


def _character(match: re.Match[str]) -> str:
    code = int(match[1], 16)
    return chr(code) if code <= sys.maxunicode else match[0]


def _address(value: str | None) -> str:
    """An address without its type, its domain in lower case."""
    typed = _TYPED.match(value or "")
    bare = _plain_text(_COMMENT.sub("", typed[2] if typed else value or "")).strip("<> ")[:_LONGEST_ADDRESS]
    local, at, domain = bare.rpartition("@")
    return f"{local}@{domain.lower().rstrip('.')}" if at else bare


def _delivery(group: Headers) -> list[RecipientReport]:
    final, original = _address(group.text("final-recipient")), _address(group.text("original-recipient"))
    said = group.text("action")
    if not final and not original and said is None:
        return []
    typed = _TYPED.match(group.text("diagnostic-code") or "")
    diagnostic = clean(decode_words(typed[2] if typed else group.text("diagnostic-code") or ""), LONGEST_DIAGNOSTIC)
    found = _STATUS.search(group.text("status") or "") or _STATUS.search(diagnostic)
    status = found[1] if found else ""
    action = _ACTIONS.get(_COMMENT.sub("", said or "").strip(" \t;.").lower())
    guessed = action is None
    action = action or _CLASSES.get(status[:1])
    if action is None:
        return []
    return [RecipientReport(action, status, final, original, diagnostic, guessed)]


def _disposition(group: Headers) -> list[RecipientReport]:
    said = group.text("disposition")
    if said is None:
        return []
    kind = _COMMENT.sub("", said).rpartition(";")[2].strip()
    action = _DISPOSITIONS.get(re.split(r"[/,\s]", kind)[0].lower())
    if action is None:
        return []
    final, original = _address(group.text("final-recipient")), _address(group.text("original-recipient"))
    return [RecipientReport(action, "", final, original, clean(said, LONGEST_DIAGNOSTIC))]


def _returned_id(nodes: Sequence[Node]) -> str | None:
    """Message-ID of the mail that came back, whole or its header alone."""
    found = (node.message_id or _message_id_of_header(node) for node in nodes)
    return next((message_id for message_id in found if message_id), None)


def _message_id_of_header(node: Node) -> str | None:
    if node.declared not in _HEADER_TYPES:
        return None
    content = _read(node)
    return read_message_id(read_headers(content, 0, len(content)).headers.text("message-id") or "")
