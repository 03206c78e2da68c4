"""Files by content: their facts, proofs of their signatures, their scans, and the outages of what looks into them."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, Index, String, Table

from gateway.store.schema.columns import Json, Moment, Sha256, Words, metadata

blob_fact = Table(
    "blob_fact",
    metadata,
    Column("sha256", Sha256, primary_key=True),
    Column("facts", Json, nullable=False),
    Column("text", Words, nullable=False),
)

proof = Table(
    "proof",
    metadata,
    Column("file_sha256", Sha256, primary_key=True),
    Column("sha256", Sha256, primary_key=True),
    Index("ix_proof_sha256", "sha256"),
)

scan = Table(
    "scan",
    metadata,
    Column("sha256", Sha256, primary_key=True),
    Column("verdict", String(12), nullable=False),
    Column("engine", Words, nullable=False),
    Column("name", Words),
    Column("scanned_at", Moment, nullable=False),
    Column("signatures", BigInteger),
)

outage = Table(
    "outage",
    metadata,
    Column("service", String(80), primary_key=True),
    Column("since", Moment, nullable=False),
    Column("reason", Words, nullable=False),
    Column("told_at", Moment),
)
