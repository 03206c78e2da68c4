"""What stands in a mail beside its own subject and text, where a mark of secrecy may be as well."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

from gateway.adapters.mime.body import beginning
from gateway.adapters.mime.charset import decode_unlabelled
from gateway.adapters.mime.headers import read_headers
from gateway.adapters.mime.limits import LIMITS
from gateway.adapters.mime.node import Node, Problems
from gateway.adapters.mime.words import clean, decode_words
from gateway.model.part import PartDecision

_HEADER_TYPES = frozenset({"text/rfc822-headers", "message/global-headers"})
_ZIP = "application/zip"
# A file header of the central directory up to the name, as APPNOTE.TXT 4.3.12 has it.
_IN_DIRECTORY = re.compile(rb"PK\x01\x02.{24}(?P<length>..).{16}", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Beside:
    """Each thing once, in the order sent; see `ParsedMail` for what they are."""

    subjects: tuple[str, ...]
    attached: tuple[str, ...]
    own: tuple[str, ...]
    packed: tuple[str, ...]


def read_beside(nodes: Sequence[Node], subjects: Iterable[str], subject: str, text: str, problems: Problems) -> Beside:
    """Everything beside `subject` and `text`, which people are shown; `subjects` are undecoded. Never raises."""
    titles = dict.fromkeys(clean(decode_words(raw), LIMITS.subject) for raw in (*subjects, *_returned(nodes)))
    bodies = [node for node in nodes if node.decision is PartDecision.BODY and node.size]
    attached = _texts(node for node in bodies if node.nested)
    own = _texts(node for node in bodies if not node.nested)
    titles.pop(subject, None)
    own.pop(text.strip()[: LIMITS.other_text], None)
    if max(len(titles), len(attached), len(own)) > LIMITS.other_texts:
        problems.add(
            f"Thư có quá {LIMITS.other_texts} lời thư hoặc thư đính kèm, phần còn lại không xem dấu chỉ độ mật."
        )
    return Beside(
        tuple(titles)[: LIMITS.attached_subjects],
        tuple(attached)[: LIMITS.other_texts],
        tuple(own)[: LIMITS.other_texts],
        tuple(dict.fromkeys(islice(_packed(nodes), LIMITS.packed_names))),
    )


def _returned(nodes: Sequence[Node]) -> Iterator[str]:
    """Subjects in the headers that a report returns without the mail."""
    for node in nodes:
        if node.declared in _HEADER_TYPES and node.content is not None:
            with node.content.open("rb") as file:
                content = file.read(LIMITS.header_block)
            yield from read_headers(content, 0, len(content)).headers.texts("subject")


def _texts(bodies: Iterable[Node]) -> dict[str, None]:
    """The beginnings of texts, one more than are kept where there are more."""
    found: dict[str, None] = {}
    for node in bodies:
        if text := beginning(node, LIMITS.other_text):
            found[text] = None
        if len(found) > LIMITS.other_texts + 1:
            break
    return found


def _packed(nodes: Sequence[Node]) -> Iterator[str]:
    """The names in zip files that stayed files, of folders too, as their directories have them."""
    for node in nodes:
        if node.content is None or not node.type.startswith(_ZIP) or node.decision is PartDecision.CONTAINER:
            continue
        content = node.content.read_bytes()
        for found in _IN_DIRECTORY.finditer(content):
            length = int.from_bytes(found["length"], "little")
            yield clean(decode_unlabelled(content[found.end() : found.end() + length]), LIMITS.packed_name)
