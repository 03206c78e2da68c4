"""Which files are a document of their own and which are appendices of the one before (Điều 11 khoản 1)."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import replace

from gateway.model.document import Entry, RegisteredFile
from gateway.model.facts import Marks
from gateway.model.header import HeaderFields
from gateway.model.part import PartDecision
from gateway.model.signature import SignatureVerdict
from gateway.policy.case import Examined
from gateway.policy.header.identity import identifier_key, identity_key, may_be_same

_SURE = 0.6
_READABLE_FIRST = (
    "application/pdf",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "application/msword",
    "text/plain",
)


def group(files: Sequence[Examined], book: str) -> tuple[Entry, ...]:
    """Entries in the order sent. Files before the first document belong to it; without any, all are one entry.

    Two files with one number and notation are the same document in two formats.
    """
    groups: list[list[Examined]] = []
    latest = leading = list[Examined]()
    for file in files:
        if not _is_document(file):
            latest.append(file)
            continue
        same = next((g for g in groups if may_be_same(g[0].facts.header, file.facts.header)), None)
        if same is None:
            same = []
            groups.append(same)
        same.append(file)
        latest = same
    if groups:
        groups[0].extend(leading)
    elif leading:
        groups = [sorted(leading, key=_readability)]
    return tuple(_entry(members, book) for members in groups)


def decisions(entries: Sequence[Entry]) -> dict[str, PartDecision]:
    """For each part path in the entries: the document itself, or its appendix."""
    return {
        file.part_path: PartDecision.DOCUMENT if file.main else PartDecision.APPENDIX
        for entry in entries
        for file in entry.files
    }


def _is_document(file: Examined) -> bool:
    header = file.facts.header
    sure = min(header.confidence.get("number", 0.0), header.confidence.get("notation", 0.0))
    return header.identifier is not None and sure >= _SURE


def _key_of_all(members: Sequence[Examined]) -> str:
    """Where no number tells documents apart, only all their files together do: covers are often the same."""
    contents = sorted(file.facts.sha256 for file in members)
    return contents[0] if len(contents) == 1 else hashlib.sha256("\n".join(contents).encode()).hexdigest()


def _readability(file: Examined) -> int:
    return _READABLE_FIRST.index(file.facts.type) if file.facts.type in _READABLE_FIRST else len(_READABLE_FIRST)


def _entry(members: list[Examined], book: str) -> Entry:
    first = members[0].facts.header
    versions = [f for f in members if _is_document(f) and may_be_same(f.facts.header, first)] or members[:1]
    main = max(versions, key=_standing)
    ordered = [main] + [file for file in members if file is not main]
    header = _complete(main.facts.header, [file.facts.header for file in versions if file is not main])
    return Entry(
        book=book,
        header=header,
        marks=_marks(members),
        files=tuple(_registered(file, main=file is main) for file in ordered),
        content_key=main.facts.sha256 if identifier_key(header) else _key_of_all(members),
        identity_key=identity_key(header),
        identifier_key=identifier_key(header),
    )


def _standing(file: Examined) -> int:
    """A signed version is the original, an unsigned one beside it a convenience."""
    return max((_WORTH.get(signature.verdict, 0) for signature in file.facts.signatures), default=0)


_WORTH = {
    SignatureVerdict.VALID: 3,
    SignatureVerdict.VALID_WEAK: 3,
    SignatureVerdict.UNTRUSTED: 2,
    SignatureVerdict.INVALID: 1,
    SignatureVerdict.UNKNOWN: 1,
}


def _complete(header: HeaderFields, others: Sequence[HeaderFields]) -> HeaderFields:
    """Fill what the main file did not yield from its other versions."""
    for other in others:
        gaps = {
            name: getattr(other, name)
            for name in ("issued_on", "document_type", "abstract", "issuer", "signer", "addressee")
            if getattr(header, name) is None and getattr(other, name) is not None
        }
        confidence = dict(header.confidence) | {name: other.confidence.get(name, 0.0) for name in gaps}
        header = replace(header, **gaps, confidence=confidence)
    return header


def _marks(members: Sequence[Examined]) -> Marks:
    secrecy = next((f.facts.marks.secrecy for f in members if f.facts.marks.secrecy), None)
    urgency = next((f.facts.marks.urgency for f in members if f.facts.marks.urgency), None)
    return Marks(secrecy, urgency)


def _registered(file: Examined, *, main: bool) -> RegisteredFile:
    return RegisteredFile(
        part_path=file.part.path,
        name=file.part.name,
        type=file.facts.type,
        size=file.facts.size,
        sha256=file.facts.sha256,
        pages=file.facts.pages,
        main=main,
        scan=file.scan,
        signatures=file.facts.signatures,
    )
