"""Each document of a mail beside the register: a repeat, something like it for the clerk, or new (Điều 11 khoản 1)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from gateway.clock import local
from gateway.model.document import Document, Entry, LinkKind
from gateway.model.exchange import ExchangeBusiness
from gateway.model.mail import Mail
from gateway.policy.case import Candidate
from gateway.policy.header import may_be_same
from gateway.policy.header.identity import identifier_key
from gateway.policy.sources.confront import Confronted
from handlers.desk import Desk

_SUPERSEDES = frozenset({ExchangeBusiness.UPDATE, ExchangeBusiness.REPLACE})
_IN_ONE_MAIL = "Hai văn bản trong thư có cùng số, ký hiệu và cơ quan ban hành."
_ONE_FILE = "Hai thông điệp edXML trong thư có cùng một tệp nhưng số, ký hiệu khác nhau."
_CLASHES = {
    LinkKind.SAME_FILE: "Văn bản này đã có trong sổ, nhưng lần này thư có thêm tệp chưa có.",
    LinkKind.SAME_NUMBER: "Số, ký hiệu trùng với một văn bản đã có trong sổ, nhưng nội dung tệp khác.",
}
_OTHER_NUMBER = "Tệp của văn bản này đã có trong sổ với số, ký hiệu khác và mã định danh khác trong thông điệp edXML."
_SAME_ID = "Mã định danh trong thông điệp edXML trùng với một văn bản đã có trong sổ, nhưng nội dung tệp khác."


async def candidates(
    mail: Mail, documents: Sequence[Confronted], waived: frozenset[str], desk: Desk
) -> tuple[Candidate, ...]:
    """The documents in their order, one that came twice once.

    What a person has declared another document gets keys of its own, and is linked to those it is like.
    """
    found: list[Candidate] = []
    for number, document in enumerate(documents, 1):
        entry = document.grouped.entry
        twins = [before.entry for before in found if entry.content_key == before.entry.content_key]
        if twins and not any(_is_sent_as_another(entry, twin) for twin in twins):
            continue
        candidate = await _beside_register(document, [before.entry for before in found], desk)
        if candidate.clash is not None and "duplicate" in waived:
            candidate = replace(candidate, entry=entry.apart(f"{mail.label}.{number}"), clash=None)
        business = document.message.business if document.message else None
        found.append(replace(candidate, disagreements=document.disagreements, business=business))
    return tuple(found)


async def _beside_register(document: Confronted, before: Sequence[Entry], desk: Desk) -> Candidate:
    entry, message = document.grouped.entry, document.message
    if any(entry.identity_key is not None and entry.identity_key == other.identity_key for other in before):
        return Candidate(entry, clash=_IN_ONE_MAIL)
    if any(entry.content_key == other.content_key for other in before):
        return Candidate(entry, clash=_ONE_FILE)
    known = await desk.store.registered_as(entry.content_key, entry.identifier_key, entry.exchange_id)
    mine = {file.sha256 for file in entry.files}
    # A repeat of any of them comes before a likeness to another: a replacement once accepted may be sent again.
    for other in known:
        if mine <= {file.sha256 for file in other.files} and not _is_sent_as_another(entry, other):
            return Candidate(entry, repeats=other.id, known=_place(other))
    superseding = message is not None and message.business in _SUPERSEDES
    alike = [(other, kind, clash) for other in known if (told := _likeness(entry, other)) for kind, clash in [told]]
    if alike:
        links = tuple((other.id, LinkKind.REPLACES if superseding else kind) for other, kind, _ in alike)
        first, _, clash = alike[0]
        return Candidate(entry, clash=clash, known=_place(first), links=links)
    older = await _named_by(message.replaces if message and superseding else (), desk)
    links = tuple((other.id, LinkKind.REPLACES) for other in older)
    return Candidate(entry, links=links, known=_place(older[0]) if older else "")


def _likeness(entry: Entry, other: Document) -> tuple[LinkKind, str] | None:
    """How a new document is like a known one, and what the clerk is told of it; None where it only seemed so.

    One under the id of another's message stands to it as one with its number does: both name a document.
    """
    if entry.files[0].sha256 in {file.sha256 for file in other.files}:
        if _is_sent_as_another(entry, other):
            return LinkKind.SAME_FILE, _OTHER_NUMBER
        return LinkKind.SAME_FILE, _CLASHES[LinkKind.SAME_FILE]
    if may_be_same(entry.header, other.header):
        return LinkKind.SAME_NUMBER, _CLASHES[LinkKind.SAME_NUMBER]
    if entry.exchange_id is not None and entry.exchange_id == other.exchange_id:
        return LinkKind.SAME_NUMBER, _SAME_ID
    return None


def _is_sent_as_another(entry: Entry, other: Entry | Document) -> bool:
    """Whether messages of exchange brought the same file under two ids and two numbers: a person has to look."""
    ids, numbers = {entry.exchange_id, other.exchange_id}, {entry.identifier_key, identifier_key(other.header)}
    return None not in ids | numbers and len(ids) == len(numbers) == 2  # noqa: PLR2004


async def _named_by(exchange_ids: Sequence[str], desk: Desk) -> list[Document]:
    """The documents in the register that a message says it takes the place of."""
    found = {
        document.id: document
        for exchange_id in exchange_ids
        for document in await desk.store.registered_as("", None, exchange_id)
    }
    return list(found.values())


def _place(document: Document) -> str:
    number, day = f"{document.arrival_number}/{document.year}", f"{local(document.registered_at):%d/%m/%Y}"
    return f"Đã vào sổ: {document.label}, số đến {number}, ngày {day}."
