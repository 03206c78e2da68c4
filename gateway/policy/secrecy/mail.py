"""Where in a whole mail there are signs of a state secret."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from gateway.model.facts import FileFacts, Secrecy
from gateway.model.page import Line, Page
from gateway.model.part import ParsedMail
from gateway.policy.header.secrecy import secrecy_on
from gateway.policy.header.sign import CHECK, Sign
from gateway.policy.header.text import fold
from gateway.policy.secrecy.wording import sign_in

FIRST_LINES = 15
PASSED_ON_LINES = 60
_READ = 20_000
_ENDING = re.compile(r"(?:\.(?:pdf|docx?|xlsx?|txt|jpe?g|png|tiff?|zip|rar))?\.[a-z0-9]{1,5}$", re.IGNORECASE)
# The motto of the State or of the Party, or the number, one of which every document has.
_HEAD = re.compile(r"cong hoa xa hoi|dang cong san|^\W*so ?[:.]? ?[\w.…]{0,12} ?/", re.MULTILINE)
_FOLDERS = re.compile(r"[/\\]")
_BROKEN = re.compile(r"\b(?:bi|bao|co|va|van ban|tai lieu|cong van|ho so|do|muc)$")


class Where(StrEnum):
    """Parts of a mail, as people are told."""

    FILE = "tệp văn bản"
    SUBJECT = "tiêu đề thư"
    NAME = "tên tệp"
    BODY = "nội dung thư"


@dataclass(frozen=True, slots=True)
class Sighting:
    """A sign and where it is; of the words themselves nothing is kept."""

    where: Where
    sign: Sign


def sightings(parsed: ParsedMail, files: Sequence[FileFacts]) -> Iterator[Sighting]:
    """Every place of the mail with a sign: the files' pages, the subject, the names of all parts, what was written."""
    for facts in files:
        if facts.marks.secrecy is not None:
            yield Sighting(Where.FILE, Sign(facts.marks.secrecy))
        elif CHECK in facts.unknown:
            yield Sighting(Where.FILE, Sign(Secrecy.MAT, certain=False))
    for subject in (parsed.subject, *parsed.attached_subjects):
        if sign := sign_in(subject):
            yield Sighting(Where.SUBJECT, sign)
    for name in (*(part.name for part in parsed.parts), *parsed.packed_names):
        if sign := sign_in_name(name):
            yield Sighting(Where.NAME, sign)
    yield from (Sighting(Where.BODY, sign) for sign in _in_body(parsed))


def sign_in_name(name: str) -> Sign | None:
    """The sign in a file's name, or in a folder's of an archive."""
    pieces = [piece for piece in _FOLDERS.split(_ENDING.sub("", name)) if piece]
    found = [sign for piece in pieces if (sign := sign_in(piece)) is not None]
    return max(found, key=lambda sign: sign.certain, default=None)


def _in_body(parsed: ParsedMail) -> Iterator[Sign]:
    """Signs in every text, each read by itself.

    Of what the sender wrote the first lines are read, of a mail passed on also its head, and any text as a page: it may
    be a whole document. What an answer quotes is no line of its sender's.
    """
    yield from _unless_listed(_written(parsed))
    for text in parsed.other_texts:
        if not parsed.authored.quotes:
            yield from _unless_listed(_in_lines(text, FIRST_LINES))
    for text in parsed.attached_texts:
        yield from _unless_listed(_in_lines(text, PASSED_ON_LINES))
    for text in (parsed.body_text, *parsed.other_texts, *parsed.attached_texts):
        if sign := _on_page(text):
            yield sign


def _written(parsed: ParsedMail) -> Iterator[Sign]:
    yield from _in_lines(parsed.authored.text or parsed.body_text, FIRST_LINES)
    if parsed.authored.forwarded:
        yield from _in_lines(parsed.body_text, PASSED_ON_LINES)


def _unless_listed(signs: Iterable[Sign]) -> list[Sign]:
    """No signs where all levels are told, as in a text about them."""
    found = list(signs)
    return found if len({sign.level for sign in found}) < len(Secrecy) else []


def _on_page(text: str) -> Sign | None:
    """The sign of a document that is written into a mail, head and all; other texts have no place for a mark."""
    if not _HEAD.search(fold(text[:_READ])):
        return None
    lines = tuple(Line(line) for line in text[:_READ].splitlines())
    return secrecy_on([Page(1, lines)])


def _in_lines(text: str, most: int) -> Iterator[Sign]:
    for line in _sentences(text[:_READ])[:most]:
        if sign := sign_in(line, sends=True):
            yield sign


def _sentences(text: str) -> list[str]:
    """Lines that are not blank, each with the following that run on in small letters or from an unfinished phrase."""
    found: list[str] = []
    blank = True
    for line in map(str.strip, text.splitlines()):
        if found and line and not blank and (line[:1].islower() or _BROKEN.search(fold(found[-1]))):
            found[-1] += f" {line}"
        elif line:
            found.append(line)
        blank = not line
    return found
