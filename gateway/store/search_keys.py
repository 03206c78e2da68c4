"""Which documents have all of some keys, the newest first: what the index is asked, and how it is asked cheaply.

An index that is asked for a dozen words which every tenth document has goes through the places of all of them. Of many
keys only the rarest are asked for, as a look at the newest documents tells them; of the few documents that have those
the stored keys are looked at.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from sqlalchemy import ColumnElement, and_, cast, column, func, select, table
from sqlalchemy.dialects.postgresql import TSQUERY
from sqlalchemy.ext.asyncio import AsyncConnection

from gateway.model.searchable import LARGE_BLOCK, SMALL_BLOCK, block_key
from gateway.store import schema

_MANY = 6
_ASKED = 4
"""As many keys as leave few documents, and cost little more than one."""
_FEW = 400
_SAMPLE_BY_INDEX, _SAMPLE_OF_ROWS = 1_000, 50
"""How many of the newest documents tell what is rare. SQLite counts in its index, PostgreSQL reads their keys."""

_D = schema.document.c
_S = schema.search.c
_INDEX = table("search_index", column("rowid"), column("search_index"))


async def newest_with(connection: AsyncConnection, keys: Sequence[str], most: int, year: int | None) -> list[int]:
    """The ids of the newest documents that have all these keys, at most so many; none is newer than those of `year`."""
    if len(keys) > _MANY:
        few = await _by_the_rarest(connection, keys)
        if few is not None:
            return few[:most]
    if connection.dialect.name == "sqlite":
        query = select(_INDEX.c.rowid).where(_in_index(keys)).order_by(_INDEX.c.rowid.desc()).limit(most)
        return list((await connection.execute(query)).scalars())
    newest = select(func.max(_D.id))
    last = (await connection.execute(newest if year is None else newest.where(_D.year == year))).scalar() or 0
    ids: list[int] = []
    for window in _windows(last):
        # Else the planner might go through the whole register, newest first, to find the first few.
        found = select(_S.document_id).where(_has(_S["keys"], keys, *window)).cte("found").prefix_with("MATERIALIZED")
        query = select(found.c.document_id).order_by(found.c.document_id.desc()).limit(most)
        ids = list((await connection.execute(query)).scalars())
        if len(ids) == most:
            break
    return ids


def _windows(last: int) -> Iterator[list[str]]:
    """Ever more of the register: a word that many documents have is found among few, one that few have is soon found
    in all.
    """
    for size in (SMALL_BLOCK, LARGE_BLOCK):
        block = last >> size
        if block > 1:
            yield [f"('{block_key(size, block)}' | '{block_key(size, block - 1)}')"]
    yield []


async def _by_the_rarest(connection: AsyncConnection, keys: Sequence[str]) -> list[int] | None:
    """All documents with the keys, newest first; None where too many have the rarest of them to look at each."""
    rarest, others = await _by_rareness(connection, keys)
    if connection.dialect.name == "sqlite":
        having = select(_INDEX.c.rowid.label("id")).where(_in_index(rarest)).limit(_FEW).cte("having")
        stored = " " + _S["keys"] + " "
        has_others = and_(*(func.instr(stored, f" {key} ") > 0 for key in others))
        query = select(having.c.id, has_others).join(schema.search, _S.document_id == having.c.id)
    else:
        found = select(_S.document_id.label("id"), _S["keys"]).where(_has(_S["keys"], rarest))
        having = found.limit(_FEW).cte("having").prefix_with("MATERIALIZED")
        query = select(having.c.id, _has(having.c["keys"], others))
    rows = (await connection.execute(query)).all()
    return None if len(rows) == _FEW else sorted((found for found, whole in rows if whole), reverse=True)


async def _by_rareness(connection: AsyncConnection, keys: Sequence[str]) -> tuple[list[str], list[str]]:
    """The keys that the fewest of the newest documents have, and the rest."""
    if connection.dialect.name == "sqlite":
        since = select(func.max(_S.document_id) - _SAMPLE_BY_INDEX).scalar_subquery()
        newest = select(func.count()).select_from(_INDEX).where(_INDEX.c.rowid > since)
        counts: list[ColumnElement[Any]] = [newest.where(_in_index([key])).scalar_subquery() for key in keys]
    else:
        sample = select(_S["keys"]).order_by(_S.document_id.desc()).limit(_SAMPLE_OF_ROWS).subquery()
        counts = [func.count().filter(_has(sample.c["keys"], [key])) for key in keys]
    times = (await connection.execute(select(*counts))).one()
    ordered = [key for _, key in sorted(zip(times, keys, strict=True))]
    return ordered[:_ASKED], ordered[_ASKED:]


def _in_index(keys: Sequence[str]) -> ColumnElement[bool]:
    return _INDEX.c.search_index.bool_op("MATCH")(" AND ".join(f'"{key}"' for key in keys))


def _has(vector: ColumnElement[Any], keys: Sequence[str], *others: str) -> ColumnElement[bool]:
    """That the vector has all keys, and what else is asked for in the words of PostgreSQL."""
    return vector.bool_op("@@")(cast(" & ".join([*(f"'{key}'" for key in keys), *others]), TSQUERY))
