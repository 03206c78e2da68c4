"""Which files are a document of their own, which its versions, and which appendices of what (Điều 11 khoản 1).

A file is a document of its own by the number and notation on its page 1. Appendices are told by what is missing there,
or by their names; which document they belong to by its number in their names, else by the place where they stand.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from gateway.model.document import Entry, RegisteredFile
from gateway.model.exchange import ExchangeMessage
from gateway.model.facts import Marks
from gateway.model.header import HeaderFields
from gateway.model.part import PartDecision
from gateway.model.signature import SignatureVerdict
from gateway.policy.case import Examined
from gateway.policy.header.identity import identifier_key, identity_key, may_be_same
from gateway.policy.header.text import clean, fold
from gateway.policy.sources.claim import FIELDS
from gateway.policy.sources.file_names import has_number, names_document, stem_tokens

_SURE = 0.6
_CERTAIN = 0.9
_READABLE_FIRST = (
    "application/pdf",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "application/msword",
    "text/plain",
)
_APPENDIX_NAME = re.compile(
    r"(?<![a-z])(?:phu ?luc|pl ?\d{0,2}|kem theo|dinh kem|bieu mau|giay bien nhan|bang ke|phieu gui|"
    r"danh (?:sach|muc) (?:van ban|tai lieu))(?![a-z])"
)
_SLIPS = frozenset({"phieu gui", "giay bien nhan", "giay bien nhan ho so"})
"""Types of slips that only say what comes with them; beside a document they are its appendices."""


@dataclass(frozen=True, slots=True)
class Grouped:
    """An entry, its book still to be named, with the files that bear its number and those that go with it."""

    entry: Entry
    versions: tuple[Examined, ...]
    appendices: tuple[Examined, ...] = ()


@dataclass(slots=True)
class _Group:
    """A document in the making; `numbered` is false where its files have no number."""

    versions: list[Examined]
    others: list[Examined] = field(default_factory=list)
    numbered: bool = True

    def is_same(self, file: Examined) -> bool:
        return self.numbered and may_be_same(self.versions[0].facts.header, file.facts.header)


def group(files: Sequence[Examined], exchanges: Sequence[ExchangeMessage] = ()) -> tuple[Grouped, ...]:
    """Entries in the order sent.

    Files before the first document belong to it; without any, all are one entry. Two files with one number and
    notation are the same document in two formats. An appendix whose name has the number of a document, or begins as
    the name of its file, belongs to that one, wherever it stands; any other to the document before it. What a message
    of exchange brings is sorted by itself, and not at all where it brings no document, as a recall does.
    """
    groups: list[_Group] = []
    beside: list[Examined] = []
    for message, lot in _lots(files, exchanges):
        if message is None:
            beside = lot
        elif message.brings_document:
            _sort(lot, groups, alone=True)
    _sort(beside, groups, alone=not groups)
    groups.sort(key=lambda each: files.index(each.versions[0]))
    return tuple(_grouped(each) for each in groups)


def _lots(
    files: Sequence[Examined], exchanges: Sequence[ExchangeMessage]
) -> list[tuple[ExchangeMessage | None, list[Examined]]]:
    """The files of each message of exchange, and those that stand in none."""
    lots: dict[str, tuple[ExchangeMessage | None, list[Examined]]] = {"": (None, [])}
    nearest_first = sorted(exchanges, key=lambda message: len(message.path), reverse=True)
    for file in files:
        around = next((each for each in nearest_first if file.part.path.startswith(f"{each.path}.")), None)
        lots.setdefault(around.path if around else "", (around, []))[1].append(file)
    return list(lots.values())


def _sort(files: Sequence[Examined], groups: list[_Group], *, alone: bool) -> None:
    """Add files to the groups, or new groups; without any number among them they are one of its own where `alone`."""
    own: list[_Group] = []
    loose: list[tuple[Examined, _Group | None]] = []
    for file in files:
        if not _is_document(file, files):
            loose.append((file, own[-1] if own else None))
            continue
        same = next((each for each in groups if each.is_same(file)), None)
        if same is None:
            same = _Group([file])
            groups.append(same)
        elif file not in same.versions:
            same.versions.append(file)
        own.append(same)
    if not own and alone:
        unread = sorted((file for file, _ in loose), key=_readability)
        groups.extend([_Group(unread[:1], unread[1:], numbered=False)] if unread else [])
        return
    for file, before in loose:
        (_named(file, own or groups) or before or (own or groups)[0]).others.append(file)


def decisions(grouped: Sequence[Grouped]) -> dict[str, tuple[PartDecision, str]]:
    """For each part path in the entries: the document itself, or its appendix, and why, in Vietnamese."""
    return {file.part_path: _decided(file, each) for each in grouped for file in each.entry.files}


def _decided(file: RegisteredFile, within: Grouped) -> tuple[PartDecision, str]:
    header = within.entry.header
    called = header.identifier or "chưa đọc được số, ký hiệu"
    if file.main:
        return PartDecision.DOCUMENT, f"Văn bản chính ({called})"
    if any(file.part_path == version.part.path for version in within.versions):
        return PartDecision.APPENDIX, f"Bản khác của văn bản {called}: cùng số, ký hiệu"
    if names_document(file.name, header):
        return PartDecision.APPENDIX, f"Kèm văn bản {called}: tên tệp ghi số, ký hiệu của văn bản"
    if is_appendix_name(file.name):
        return PartDecision.APPENDIX, f"Kèm văn bản {called}: theo tên tệp là phụ lục hoặc tài liệu kèm theo"
    return PartDecision.APPENDIX, f"Kèm văn bản {called}: tệp không có số, ký hiệu riêng"


def is_appendix_name(name: str) -> bool:
    """Whether a file's name says that it goes with another: `PL1.xlsx`, `Phụ lục kèm.docx`, `Giấy biên nhận.pdf`."""
    return _APPENDIX_NAME.search(re.sub(r"[\W_]+", " ", fold(clean(name)))) is not None


def _is_document(file: Examined, files: Sequence[Examined]) -> bool:
    """Whether a file has a number of its own.

    What its name or type calls an appendix has none, though it prints the number it was issued with, unless that is
    surely read and another than those beside it. Slips are documents only where nothing else is.
    """
    header = file.facts.header
    sure = _sureness(file)
    if header.identifier is None or sure < _SURE:
        return False
    others = [
        each
        for each in files
        if each is not file and _sureness(each) >= _SURE and not is_appendix_name(each.part.name) and not _is_slip(each)
    ]
    if _is_slip(file):
        return not others
    if not is_appendix_name(file.part.name) or not others:
        return True
    return sure >= _CERTAIN and not any(may_be_same(header, each.facts.header) for each in others)


def _sureness(file: Examined) -> float:
    header = file.facts.header
    if header.identifier is None:
        return 0.0
    return min(header.confidence.get("number", 0.0), header.confidence.get("notation", 0.0))


def _is_slip(file: Examined) -> bool:
    return fold(clean(file.facts.header.document_type or "")) in _SLIPS


def _named(file: Examined, groups: Sequence[_Group]) -> _Group | None:
    """The document that the name of an appendix names; None where it names none, or several."""
    for names in (names_document, has_number):
        by_number = [each for each in groups if names(file.part.name, each.versions[0].facts.header)]
        if len(by_number) == 1:
            return by_number[0]
    own = stem_tokens(file.part.name)
    by_stem = [
        (len(stem), each)
        for each in groups
        for version in each.versions
        if (stem := stem_tokens(version.part.name)) and own[: len(stem)] == stem and len(own) >= len(stem)
    ]
    if not by_stem:
        return None
    longest = max(length for length, _ in by_stem)
    nearest = [each for length, each in by_stem if length == longest]
    return nearest[0] if all(each is nearest[0] for each in nearest) else None


def _key_of_all(members: Sequence[Examined]) -> str:
    """Where no number tells documents apart, only all their files together do: covers are often the same."""
    contents = sorted(file.facts.sha256 for file in members)
    return contents[0] if len(contents) == 1 else hashlib.sha256("\n".join(contents).encode()).hexdigest()


def _readability(file: Examined) -> tuple[bool, int]:
    known = file.facts.type in _READABLE_FIRST
    place = _READABLE_FIRST.index(file.facts.type) if known else len(_READABLE_FIRST)
    return is_appendix_name(file.part.name), place


def _grouped(found: _Group) -> Grouped:
    main = max(found.versions, key=_standing)
    members = [*found.versions, *found.others]
    ordered = [main] + [file for file in members if file is not main]
    header = _complete(_with_origin(main), [_with_origin(file) for file in found.versions if file is not main])
    entry = Entry(
        book="",
        header=header,
        marks=_marks(members),
        files=tuple(_registered(file, main=file is main) for file in ordered),
        content_key=main.facts.sha256 if identifier_key(header) else _key_of_all(members),
        identity_key=identity_key(header),
        identifier_key=identifier_key(header),
    )
    return Grouped(entry, tuple(found.versions), tuple(found.others))


def _standing(file: Examined) -> tuple[int, int]:
    """A signed version is the original, an unsigned one beside it a convenience; of these the one that only reads."""
    signed = max((_WORTH.get(signature.verdict, 0) for signature in file.facts.signatures), default=0)
    return signed, -_readability(file)[1]


_WORTH: Mapping[SignatureVerdict, int] = {
    SignatureVerdict.VALID: 3,
    SignatureVerdict.VALID_WEAK: 3,
    SignatureVerdict.UNTRUSTED: 2,
    SignatureVerdict.INVALID: 1,
    SignatureVerdict.UNKNOWN: 1,
}


def _with_origin(file: Examined) -> HeaderFields:
    """The fields of a file, their evidence with the file it is in."""
    header = file.facts.header
    named = {name: replace(each, file=each.file or file.facts.sha256) for name, each in header.evidence.items()}
    return replace(header, evidence=named)


def _complete(header: HeaderFields, others: Sequence[HeaderFields]) -> HeaderFields:
    """Fill what the main file did not yield from its other versions."""
    for other in others:
        gaps = [name for name in FIELDS if getattr(header, name) is None and getattr(other, name) is not None]
        header = replace(
            header,
            **{name: getattr(other, name) for name in gaps},
            confidence={**header.confidence, **{name: other.confidence.get(name, 0.0) for name in gaps}},
            evidence={**header.evidence, **{name: other.evidence[name] for name in gaps if name in other.evidence}},
        )
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
