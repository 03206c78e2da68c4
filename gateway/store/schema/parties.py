"""The directory: who writes to the office and who works in it."""

from __future__ import annotations

from sqlalchemy import Column, Date, ForeignKey, Index, PrimaryKeyConstraint, String, Table, text

from gateway.model.directory import PartyKind
from gateway.store.schema.columns import Json, Words, metadata, one_of

party = Table(
    "party",
    metadata,
    Column("code", String(40), primary_key=True),
    Column("kind", String(8), nullable=False),
    Column("name", Words, nullable=False),
    Column("parent", ForeignKey("party.code")),
    Column("networks", Json, nullable=False),
    Column("short_name", Words),
    Column("roles", Json, nullable=False, server_default=text("'[]'")),
    one_of("kind", PartyKind),
)

absence = Table(
    "absence",
    metadata,
    Column("person", ForeignKey("party.code"), nullable=False),
    Column("since", Date, nullable=False),
    Column("until", Date, nullable=False),
    Column("deputy", ForeignKey("party.code"), nullable=False),
    PrimaryKeyConstraint("person", "since"),
)

party_address = Table(
    "party_address",
    metadata,
    Column("address", String(320), primary_key=True),
    Column("party", ForeignKey("party.code"), nullable=False),
    Index("ix_party_address_party", "party"),
)

party_domain = Table(
    "party_domain",
    metadata,
    Column("domain", String(255), primary_key=True),
    Column("party", ForeignKey("party.code"), nullable=False),
    Index("ix_party_domain_party", "party"),
)
