"""The directory of parties: who has a mail address, and all of them at once."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import delete, insert, select, text
from sqlalchemy.ext.asyncio import AsyncConnection

from gateway.model.directory import Party, PartyKind
from gateway.store import schema

_LONGEST_DOMAIN = 253


async def parties(connection: AsyncConnection) -> tuple[Party, ...]:
    """Everybody, by code."""
    found = await _complete(connection, (await connection.execute(select(schema.party))).all())
    # Databases disagree on the order of letters.
    return tuple(sorted(found, key=lambda party: party.code))


async def party_of(connection: AsyncConnection, address: str) -> Party | None:
    """Whose address this is: by itself, then by its domain, then by the nearest domain above that has subdomains."""
    address = schema.storable(address.lower())
    domain = address.rpartition("@")[2]
    if len(domain) > _LONGEST_DOMAIN:
        return None
    labels = domain.split(".")
    above = ["." + ".".join(labels[start:]) for start in range(1, len(labels))]
    exact = select(schema.party_address.c.party).where(schema.party_address.c.address == address)
    code = (await connection.execute(exact)).scalar()
    if code is None:
        near = schema.party_domain
        rows = await connection.execute(select(near.c.domain, near.c.party).where(near.c.domain.in_([domain, *above])))
        found = {row.domain: row.party for row in rows}
        code = next((found[name] for name in [domain, *above] if name in found), None)
    if code is None:
        return None
    row = (await connection.execute(select(schema.party).where(schema.party.c.code == code))).one_or_none()
    return (await _complete(connection, [row]))[0] if row is not None else None


async def replace(connection: AsyncConnection, everybody: Sequence[Party]) -> None:
    """Forget all parties and enter these; a person's unit must be among them. Two of these follow one another."""
    if connection.dialect.name == "postgresql":
        await connection.execute(text("LOCK TABLE party IN SHARE ROW EXCLUSIVE MODE"))
    for table in (schema.party_address, schema.party_domain):
        await connection.execute(delete(table))
    # People before their units: the foreign key must hold after each statement.
    await connection.execute(delete(schema.party).where(schema.party.c.parent.is_not(None)))
    await connection.execute(delete(schema.party))
    by_rank = sorted(everybody, key=lambda party: (party.parent is not None, party.code))
    rows = [
        {
            "code": party.code,
            "kind": party.kind.value,
            "name": party.name,
            "parent": party.parent,
            "networks": list(party.networks),
        }
        for party in by_rank
    ]
    addresses = [{"address": address, "party": party.code} for party in by_rank for address in party.addresses]
    domains = [{"domain": domain, "party": party.code} for party in by_rank for domain in party.domains]
    for table, entries in ((schema.party, rows), (schema.party_address, addresses), (schema.party_domain, domains)):
        if entries:
            await connection.execute(insert(table), entries)


async def _complete(connection: AsyncConnection, rows: Sequence[Any]) -> tuple[Party, ...]:
    codes = [row.code for row in rows]
    addresses = await _by_party(connection, schema.party_address, schema.party_address.c.address, codes)
    domains = await _by_party(connection, schema.party_domain, schema.party_domain.c.domain, codes)
    return tuple(
        Party(
            code=row.code,
            kind=PartyKind(row.kind),
            name=row.name,
            addresses=addresses.get(row.code, ()),
            domains=domains.get(row.code, ()),
            networks=tuple(row.networks),
            parent=row.parent,
        )
        for row in rows
    )


async def _by_party(connection: AsyncConnection, table: Any, column: Any, codes: Sequence[str]) -> dict[str, Any]:
    found: dict[str, list[str]] = {}
    query = select(table.c.party, column)
    if len(codes) == 1:
        query = query.where(table.c.party == codes[0])
    for party, value in await connection.execute(query):
        found.setdefault(party, []).append(value)
    return {party: tuple(sorted(values)) for party, values in found.items()}
