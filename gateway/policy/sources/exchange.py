"""What a message of exchange (edXML) says of its document, and which of the mail's documents that is."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date

from gateway.model.exchange import ExchangeMessage
from gateway.model.header import EvidenceSource, HeaderFields
from gateway.policy.grouping import Grouped
from gateway.policy.header.identity import identifier_key
from gateway.policy.header.text import squeeze
from gateway.policy.sources.claim import FIELDS, Claim

CALLED = "thông điệp edXML"
_FILLED, _FILLED_DOUBTFULLY, _AGREED = 0.92, 0.7, 0.97
_LONGEST, _LONGEST_TEXT = {"number": 30, "notation": 60}, 2_000
_NUMBER = re.compile(r"\d{1,6}[^\W\d_]{0,3}")
_NOTATION = re.compile(r"(?:\d{4}/)?[^\W\d_][\w.&]*(?:[-/][\w.&]+)*")


def claim_of_message(message: ExchangeMessage, file: str, header: HeaderFields, received: date) -> Claim:
    """The fields that the sender's system wrote.

    They fill no field for sure where the message is about another number; nor does a number that is none, or a day to
    come. What is no value at all, for its length, is passed over.
    """
    said: dict[str, str | date | None] = {
        "number": message.number,
        "notation": message.notation,
        "issued_on": message.issued_on,
        "document_type": message.type_name,
        "abstract": message.subject,
        "issuer": message.organ or message.superior,
        "superior": message.superior if message.organ and message.superior != message.organ else None,
        "signer": message.signer,
        "capacity": " / ".join(each for each in (message.competence, message.position) if each),
        "recipients": "; ".join(message.to_places),
        "reply_by": message.due_on,
    }
    values = {
        name: value
        for name, value in said.items()
        if value and not (isinstance(value, str) and len(value) > _LONGEST.get(name, _LONGEST_TEXT))
    }
    key = identifier_key(header)
    fills = dict.fromkeys(FIELDS, _FILLED_DOUBTFULLY if key is not None and key != _key(message) else _FILLED)
    if not _NUMBER.fullmatch(message.number) or not _NOTATION.fullmatch(message.notation):
        fills |= dict.fromkeys(("number", "notation"), _FILLED_DOUBTFULLY)
    if message.issued_on is not None and message.issued_on > received:
        fills["issued_on"] = _FILLED_DOUBTFULLY
    text = squeeze(f"{message.identifier} {message.subject} ({message.document_id})")
    return Claim(
        EvidenceSource.EXCHANGE,
        CALLED,
        values,
        file=file,
        text=text[:300],
        fills=fills,
        agreed=dict.fromkeys(FIELDS, _AGREED),
        disputes=frozenset(FIELDS),
    )


def message_of_each(grouped: Sequence[Grouped], messages: Sequence[ExchangeMessage]) -> dict[int, ExchangeMessage]:
    """By the place of a document, the message that is about it: one that holds it or lists its files, by number.

    A message that holds documents of other numbers alone is about the first of them, and contradicts it.
    """
    found: dict[int, ExchangeMessage] = {}
    held = {place for place, each in enumerate(grouped) if any(_is_within(each, message) for message in messages)}
    for message in messages:
        if not message.brings_document:
            continue
        key = _key(message)
        within = [place for place in sorted(held) if _is_within(grouped[place], message)]
        near = within or _beside(grouped, message, [place for place in range(len(grouped)) if place not in held])
        near = [place for place in near if place not in found]
        by_number = [place for place in near if key and grouped[place].entry.identifier_key == key]
        unread = [place for place in near if grouped[place].entry.identifier_key is None]
        for place in [*by_number, *unread, *near][:1]:
            found[place] = message
    return found


def _beside(grouped: Sequence[Grouped], message: ExchangeMessage, places: list[int]) -> list[int]:
    """Of documents that came beside the messages: those whose files it lists, or whose number it has, or the only."""
    key, listed = _key(message), {name.casefold() for name in message.listed}
    named = [place for place in places if any(f.name.casefold() in listed for f in grouped[place].entry.files)]
    numbered = [place for place in places if key and grouped[place].entry.identifier_key == key]
    return named or numbered or (places if len(places) == 1 else [])


def _is_within(grouped: Grouped, message: ExchangeMessage) -> bool:
    return any(file.part_path.startswith(f"{message.path}.") for file in grouped.entry.files)


def _key(message: ExchangeMessage) -> str | None:
    return identifier_key(HeaderFields(number=message.number or None, notation=message.notation or None))
