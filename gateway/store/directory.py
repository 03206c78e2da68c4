"""The directory of parties: who has a mail address, and all of them at once with their absences."""

from __future__ import annotations

from collections.abc import Sequence
from operator import attrgetter
from typing import Any

from sqlalchemy import delete, insert, select, text
from sqlalchemy.ext.asyncio import AsyncConnection

from gateway.model.directory import Absence, Directory, Party, PartyKind, Role, address_key
from gateway.store import schema

_NAMED_AT_ONCE = 500
"""More codes than these are not worth naming one by one."""


async def whole(connection: AsyncConnection, *, own: bool = False) -> Directory:
    """Everybody by code, or only units and people, and the absences by person and day."""
    query = select(schema.party)
    query = query.where(schema.party.c.kind != PartyKind.AGENCY.value) if own else query
    found = await _complete(connection, (await connection.execute(query)).all())
    away = [
        Absence(row.person, row.since, row.until, row.deputy)
        for row in await connection.execute(select(schema.absence))
    ]
    # Databases disagree on the order of letters.
    return Directory(
        tuple(sorted(found, key=attrgetter("code"))), tuple(sorted(away, key=attrgetter("person", "since")))
    )


async def party_of(connection: AsyncConnection, address: str) -> Party | None:
    """Whose address this is: by itself, then by its domain, then by the nearest domain above that has subdomains."""
    address = schema.storable(address_key(address))
    if not address:
        return None
    domain = address.rpartition("@")[2]
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


async def replace(connection: AsyncConnection, directory: Directory) -> None:
    """Forget all parties and absences and enter these; a person's unit must be among them, and so must whoever is away
    and his deputy. Two of these follow one another.
    """
    if connection.dialect.name == "postgresql":
        await connection.execute(text("LOCK TABLE party IN SHARE ROW EXCLUSIVE MODE"))
    for table in (schema.absence, schema.party_address, schema.party_domain):
        await connection.execute(delete(table))
    # People before their units: the foreign key must hold after each statement.
    await connection.execute(delete(schema.party).where(schema.party.c.parent.is_not(None)))
    await connection.execute(delete(schema.party))
    by_rank = sorted(directory.parties, key=lambda party: (party.parent is not None, party.code))
    rows = [
        {
            "code": party.code,
            "kind": party.kind.value,
            "name": party.name,
            "parent": party.parent,
            "networks": list(party.networks),
            "short_name": party.short_name,
            "roles": [role.value for role in party.roles],
        }
        for party in by_rank
    ]
    addresses = [{"address": address, "party": party.code} for party in by_rank for address in party.addresses]
    domains = [{"domain": domain, "party": party.code} for party in by_rank for domain in party.domains]
    absences = [
        {"person": away.person, "since": away.since, "until": away.until, "deputy": away.deputy}
        for away in directory.absences
    ]
    for table, entries in (
        (schema.party, rows),
        (schema.party_address, addresses),
        (schema.party_domain, domains),
        (schema.absence, absences),
    ):
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
            short_name=row.short_name,
            roles=tuple(Role(role) for role in row.roles),
        )
        for row in rows
    )


async def _by_party(connection: AsyncConnection, table: Any, column: Any, codes: Sequence[str]) -> dict[str, Any]:
    found: dict[str, list[str]] = {}
    query = select(table.c.party, column)
    if len(codes) <= _NAMED_AT_ONCE:
        query = query.where(table.c.party.in_(codes))
    for party, value in await connection.execute(query):
        found.setdefault(party, []).append(value)
    return {party: tuple(sorted(values)) for party, values in found.items()}
