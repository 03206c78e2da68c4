"""What holds of the MIME reader for any bytes at all."""

from __future__ import annotations

import shutil
import tempfile
import time
import unicodedata
from pathlib import Path

from gateway.adapters.filetype import sniff
from gateway.adapters.mime import parse_mail
from gateway.model.mail import MailKind
from gateway.model.part import ParsedMail, PartDecision
from gateway.model.wording import SEPARATOR

LARGEST_INPUT = 256 * 1024
MOST_SECONDS = 2.0


class Broken(AssertionError):
    """An invariant that one input breaks."""


class Bench:
    """Parses inputs in a folder of its own, made in `within`, and checks each result."""

    def __init__(self, within: Path | None = None) -> None:
        self._folder = Path(tempfile.mkdtemp(dir=within))
        self._raw = self._folder / "raw"
        self.slowest = 0.0

    def __enter__(self) -> Bench:
        return self

    def __exit__(self, *_: object) -> None:
        shutil.rmtree(self._folder)

    def check(self, content: bytes) -> ParsedMail:
        """Parse and check; raises Broken, or whatever the reader raises."""
        scratch = self._folder / "scratch"
        scratch.mkdir()
        try:
            self._raw.write_bytes(content)
            started = time.process_time()
            mail = parse_mail(self._raw, scratch, sniff, own_instance="vanthu-1")
            seconds = time.process_time() - started
            self.slowest = max(self.slowest, seconds)
            _check(mail, scratch)
        finally:
            shutil.rmtree(scratch)
        if len(content) <= LARGEST_INPUT and seconds >= MOST_SECONDS:
            raise Broken(f"{seconds:.2f} s for {len(content)} bytes")
        return mail


def _check(mail: ParsedMail, scratch: Path) -> None:
    _demand(bool(mail.parts or mail.problems), "neither parts nor problems")
    paths = [part.path for part in mail.parts]
    _demand(len(set(paths)) == len(paths), "a path stands twice")
    for part in mail.parts:
        _demand(bool(part.reason), f"no reason for {part.path}")
        if part.sha256 is None:
            passed = part.decision in {PartDecision.CONTAINER, PartDecision.IGNORED}
            _demand(passed, f"{part.path} is {part.decision} and has no content")
        else:
            kept = scratch / part.sha256
            _demand(kept.is_file() and kept.stat().st_size == part.size, f"{part.path} was not written as it is")
    texts = [mail.subject, mail.sender, mail.sender_name, mail.body_text, mail.message_id or "", *mail.in_reply_to]
    texts += [text for part in mail.parts for text in (part.name, part.declared_type, part.type, part.reason)]
    for text in (*texts, *mail.problems, *_claimed(mail), *_reported(mail), *_authored(mail)):
        text.encode()
    _demand(len(mail.problems) <= 101, "more problems than the bound")
    _demand((mail.report is not None) == (mail.kind is MailKind.REPORT), "a report without the kind, or the other way")
    _demand(mail.automatic is not None or mail.kind is not MailKind.AUTOMATIC, "automatic without a reason")


def _authored(mail: ParsedMail) -> list[str]:
    found = mail.authored
    _demand(found.certain == (not found.doubt), "certain with a doubt, or uncertain without one")
    _demand(len(found.text) <= 20_000, "much that is new")
    lines = found.text.split("\n")
    _demand(all(unicodedata.category(letter) != "Cc" for line in lines for letter in line), "a control in the new text")
    _demand(not found.text or found.text.splitlines() == lines, "a line break that is none of ours")
    _demand(unicodedata.is_normalized("NFC", found.text), "new text that is not composed")
    _demand(SEPARATOR not in found.text, "our separator is not new")
    return [found.text, found.doubt]


def _claimed(mail: ParsedMail) -> list[str]:
    claims = mail.claims
    _demand(len(claims.authors) <= 20 and len(claims.signatures) <= 10 and len(claims.results) <= 20, "many claims")
    _demand(not claims.authors or mail.sender in claims.authors, "the sender is not among the authors")
    texts = [*claims.authors, claims.return_path or "", *claims.results]
    texts += [text for signature in claims.signatures for text in (signature.domain, signature.selector)]
    _demand(all(len(text) <= 4_000 for text in texts), "a long claim")
    return texts


def _reported(mail: ParsedMail) -> list[str]:
    if mail.report is None:
        return []
    _demand(len(mail.report.recipients) <= 100, "many recipients")
    texts = [mail.report.envelope_id or "", mail.report.message_id or ""]
    for recipient in mail.report.recipients:
        texts += [recipient.status, recipient.final_recipient, recipient.original_recipient, recipient.diagnostic]
    _demand(all(len(text) <= 1_000 for text in texts), "a long text in the report")
    return texts


def _demand(holds: bool, otherwise: str) -> None:
    if not holds:
        raise Broken(otherwise)
