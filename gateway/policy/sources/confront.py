"""All documents of a mail confronted with all that speaks of them beside their page 1."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from gateway.model.exchange import ExchangeMessage
from gateway.model.header import EvidenceSource
from gateway.model.part import ParsedMail
from gateway.policy.case import Examined
from gateway.policy.grouping import Grouped
from gateway.policy.header.identity import identifier_key, identity_key
from gateway.policy.sources.claim import FIELDS, Claim, Disagreement
from gateway.policy.sources.exchange import claim_of_message, message_of_each
from gateway.policy.sources.file_names import claim_of_name
from gateway.policy.sources.mail_words import Named, about_in, named_in
from gateway.policy.sources.same import same
from gateway.policy.sources.weigh import weigh

_CALLED = "lời thư"
_WORDS_FILL = {"number": 0.8, "notation": 0.8, "issued_on": 0.8, "abstract": 0.65}
_WORDS_AGREE = {"number": 0.95, "notation": 0.95, "issued_on": 0.95, "abstract": 0.92}
_VERSION_AGREES = 0.95


@dataclass(frozen=True, slots=True)
class Confronted:
    """A document with its fields weighed, what its sources disagree on, and the message of exchange about it."""

    grouped: Grouped
    disagreements: tuple[Disagreement, ...] = ()
    message: ExchangeMessage | None = None


def confront(grouped: Sequence[Grouped], parsed: ParsedMail, mail: str, received: date) -> tuple[Confronted, ...]:
    """The documents as all sources together give them; `mail` is the SHA-256 of the raw mail, `received` its local day.

    Heard in this order: messages of exchange, other versions of the document, the mail's words, names of files. The
    content key stays what page 1 makes it, so that a document sent again without its message is known again.
    """
    contents = {part.path: part.sha256 or "" for part in parsed.parts}
    messages = message_of_each(grouped, parsed.exchanges)
    words = _of_words(grouped, messages, parsed, mail)
    found: list[Confronted] = []
    for place, each in enumerate(grouped):
        message, entry = messages.get(place), each.entry
        claims = [*_claims(each, message, contents, received), *words.get(place, ()), *_of_names(each)]
        header, disagreements = weigh(entry.header, claims)
        entry = replace(
            entry,
            header=header,
            identity_key=identity_key(header),
            identifier_key=identifier_key(header),
            exchange_id=(message.document_id or None) if message else None,
        )
        found.append(Confronted(replace(each, entry=entry), disagreements, message))
    return tuple(found)


def _claims(
    each: Grouped, message: ExchangeMessage | None, contents: Mapping[str, str], received: date
) -> Iterator[Claim]:
    if message is not None:
        yield claim_of_message(message, contents.get(message.path, ""), each.entry.header, received)
    main = next(file.part_path for file in each.entry.files if file.main)
    for version in each.versions:
        if version.part.path != main:
            yield _of_version(version)


def _of_version(version: Examined) -> Claim:
    header = version.facts.header
    return Claim(
        EvidenceSource.TEXT,
        f"bản khác của văn bản (“{version.label}”)",
        {name: value for name in FIELDS if (value := getattr(header, name)) is not None},
        file=version.facts.sha256,
        agreed=dict.fromkeys((name for name in FIELDS if header.confidence.get(name, 0.0) >= _SURE), _VERSION_AGREES),
        disputes=frozenset(name for name in FIELDS if header.confidence.get(name, 0.0) >= _SURE),
    )


_SURE = 0.9


def _of_names(each: Grouped) -> Iterator[Claim]:
    """Of what page 1 says: one hand wrote the mail's words and gave the files their names."""
    for version in each.versions:
        if (claim := claim_of_name(version.part.name, each.entry.header)) is not None:
            yield claim


def _of_words(
    grouped: Sequence[Grouped], messages: Mapping[int, ExchangeMessage], parsed: ParsedMail, mail: str
) -> dict[int, list[Claim]]:
    """What the mail's words say of which document.

    One that they name is confirmed. Of what no document bears, one is held against the one document that they do not
    name; with more on either side nobody can tell which is meant.
    """
    named = named_in(parsed)
    claims: dict[int, list[Claim]] = {place: [] for place in range(len(grouped))}
    unnamed: list[int] = []
    used: set[tuple[str, str]] = set()
    for place, each in enumerate(grouped):
        mine = [one for one in named if _is_about(one, _best(each, messages.get(place)))]
        used |= {(one.number, one.notation) for one in mine}
        claims[place] += [_claim(one, mail) for one in mine]
        if not mine:
            unnamed.append(place)
    left = {(one.number, one.notation): one for one in named}
    rest = [one for key, one in left.items() if key not in used]
    if len(rest) == 1 and len(unnamed) == 1:
        claims[unnamed[0]].append(_claim(rest[0], mail))
    if len(grouped) == 1 and (about := about_in(parsed.subject)) is not None:
        claims[0].append(
            Claim(
                EvidenceSource.MAIL,
                _CALLED,
                {"abstract": about},
                file=mail,
                text=parsed.subject,
                fills=_WORDS_FILL,
                agreed=_WORDS_AGREE,
            )
        )
    return claims


def _best(each: Grouped, message: ExchangeMessage | None) -> tuple[str, str]:
    """Number and notation as read, else as the message has them; empty where neither does."""
    header = each.entry.header
    if header.number and header.notation:
        return header.number, header.notation
    return (message.number, message.notation) if message else ("", "")


def _is_about(one: Named, mine: tuple[str, str]) -> bool:
    number, notation = mine
    if not number or not notation:
        return False
    return bool(same("number", number, one.number)) and same("notation", notation, one.notation) is not False


def _claim(one: Named, mail: str) -> Claim:
    values = {"number": one.number, "notation": one.notation}
    return Claim(
        EvidenceSource.MAIL,
        _CALLED,
        {**values, "issued_on": one.issued_on} if one.issued_on else values,
        file=mail,
        text=one.words,
        fills=_WORDS_FILL,
        agreed=_WORDS_AGREE,
        disputes=frozenset(values) | {"issued_on"},
    )
