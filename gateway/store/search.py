"""Finding documents by words: alike on both databases, best first, at a cost that a full register does not raise.

Of the keys of all terms the newest documents that have them are taken from the index, place by place: title, parties,
anywhere. What a key cannot tell (words side by side, the filter) is asked of those, at most `_LOOKED_AT` of them.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterator, Sequence
from dataclasses import replace
from functools import partial
from typing import Any

from sqlalchemy import CompoundSelect, or_, select, text, union
from sqlalchemy.ext.asyncio import AsyncConnection

from gateway.model.register_filter import EVERYTHING, RegisterFilter
from gateway.model.search import Found, Identifier, SearchQuestion, Term
from gateway.model.searchable import (
    Place,
    book_key,
    direction_key,
    key_of,
    side_by_side,
    year_key,
)
from gateway.store import schema
from gateway.store.listing import dockets_of
from gateway.store.search_keys import newest_with
from gateway.store.selection import chosen_of_few

_LOOKED_AT = 2_000
_D = schema.document.c
_S = schema.search.c
_TEXTS = {
    Place.TITLE: (_S.title,),
    Place.PARTIES: (_S.title, _S.parties),
    Place.ANYWHERE: (_S.title, _S.parties, _S.body),
}
_AT_ONCE = 200
"""Of as many the texts are in memory."""
_BY_INDEX = text("SELECT set_config('enable_seqscan', 'off', true), set_config('jit', 'off', true)")
"""For this transaction: the planner does not know what it costs to read the texts of a whole register."""


class _Asked:
    """What keys do not tell: that the words of terms stand side by side at a place, and the rest of the filter."""

    def __init__(self, terms: Sequence[Term], place: Place, wanted: RegisterFilter) -> None:
        self.patterns = [side_by_side(term.words, folded=term.folded) for term in terms]
        self.texts = _TEXTS[place] if terms else ()
        self.wanted = wanted
        self.of_each = bool(terms) or wanted != EVERYTHING


async def find(connection: AsyncConnection, question: SearchQuestion) -> Found:
    """The documents that answer the question. Those whose number is asked for come first, then by the place where all
    terms are found; of the same rank the newest first. `connection` is in a transaction.
    """
    if connection.dialect.name == "postgresql":
        await connection.execute(_BY_INDEX)
    found: dict[int, None] = {}
    partly = False
    few = await _few(connection, question)
    for look in _LOOKS:
        ids, cut = await look(connection, question, question.limit + len(found), few)
        found |= dict.fromkeys(ids)
        partly |= cut
        if len(found) >= question.limit or (few is not None and found.keys() >= set(few)):
            break
    return Found(tuple(await dockets_of(connection, list(found)[: question.limit])), partly)


async def _few(connection: AsyncConnection, question: SearchQuestion) -> list[int] | None:
    """All documents with all the words anywhere, where they are few: what they have in titles is then soon told."""
    keys = _keys(question, Place.ANYWHERE)
    newest = await newest_with(connection, keys, question.limit, question.wanted.year)
    return newest if len(newest) < question.limit else None


async def _numbered(
    connection: AsyncConnection, question: SearchQuestion, enough: int, _few: list[int] | None
) -> tuple[list[int], bool]:
    """Documents with all the numbers asked for, and the other terms anywhere."""
    numbers = [term.identifier for term in question.terms if term.identifier is not None]
    if not numbers:
        return [], False
    first, *others = map(_bearing, numbers)
    ids = first.subquery()
    others_too = [ids.c.id.in_(other) for other in others]
    query = select(ids.c.id).where(*others_too).order_by(ids.c.id.desc())
    asked = _Asked([term for term in question.terms if term.identifier is None], Place.ANYWHERE, question.wanted)
    most = max(_LOOKED_AT, enough) if asked.of_each else enough
    newest = list((await connection.execute(query.limit(most))).scalars())
    return await _checked(connection, newest, asked, most, enough)


def _bearing(number: Identifier) -> CompoundSelect[Any]:
    """Ids of the documents with a number of their own, or entered under it."""
    own = select(_S.document_id.label("id")).where(_S.number_key == number.number)
    if number.notation is not None:
        own = own.where(
            or_(_S.notation_key == number.notation, _S.notation_key.startswith(f"{number.notation}-", autoescape=True))
        )
    entered = select(_D.id).where(_D.arrival_number == (number.arrival or 0))
    if number.year is not None:
        own = own.where(_S.number_year == number.year)
        entered = entered.where(_D.year == number.year)
    return union(own, entered)


async def _at_place(
    connection: AsyncConnection, question: SearchQuestion, enough: int, few: list[int] | None, *, place: Place
) -> tuple[list[int], bool]:
    """Documents with all terms at the place."""
    known = few is not None and place is Place.ANYWHERE
    terms = [term for term in question.terms if len(term.words) > 1 or (few and not known)]
    asked = _Asked(terms, place, replace(question.wanted, book=None, year=None, direction=None))
    most = max(_LOOKED_AT, enough) if asked.of_each else enough
    newest = few
    if newest is None:
        newest = await newest_with(connection, _keys(question, place), most, question.wanted.year)
    return await _checked(connection, newest, asked, most, enough)


def _keys(question: SearchQuestion, place: Place) -> list[str]:
    words = {key_of(place, word) for term in question.terms for word in term.words}
    return sorted(words | set(_facts(question.wanted)))


def _facts(wanted: RegisterFilter) -> Iterator[str]:
    """What of the filter there are keys for."""
    if wanted.book is not None:
        yield book_key(wanted.book)
    if wanted.year is not None:
        yield year_key(wanted.year)
    if wanted.direction is not None:
        yield direction_key(wanted.direction)


async def _checked(
    connection: AsyncConnection, newest: list[int], asked: _Asked, most: int, enough: int
) -> tuple[list[int], bool]:
    """Those of which all is true that is asked; and whether older ones, which were not looked at, may be missing."""
    if not newest or not asked.of_each:
        return newest[:enough], False
    ids: list[int] = []
    some = _AT_ONCE if asked.texts else len(newest)
    for start in range(0, len(newest), some):
        query = select(_D.id, *asked.texts).join_from(schema.document, schema.search, _S.document_id == _D.id)
        query = query.where(_D.id.in_(newest[start : start + some]), chosen_of_few(asked.wanted))
        for found, *texts in (await connection.execute(query.order_by(_D.id.desc()))).all():
            if all(any(pattern.search(text) for text in texts) for pattern in asked.patterns):
                ids.append(found)
        if len(ids) >= enough:
            break
    return ids[:enough], len(newest) == most and len(ids) < enough


_LOOKS: tuple[Callable[..., Awaitable[tuple[list[int], bool]]], ...] = (
    _numbered,
    *(partial(_at_place, place=place) for place in Place),
)
"""From the best rank to the last."""
