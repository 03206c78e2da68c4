"""The half of DKIM that asks DNS, in the daemon: key records for what a mail claims (RFC 6376 section 3.6)."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from gateway.adapters.mail_auth.resolver import DnsFailure, Resolver
from gateway.model.authentication import DkimClaim
from gateway.model.domain_name import a_label

MOST_SIGNATURES = 10
"""Signatures of one mail that are looked at, from the top."""
RECORD_LIMIT = 8192


@dataclass(frozen=True, slots=True)
class DkimKeys:
    """Key records by the name they stand under.

    What is in neither has no usable record. `unavailable` are names for which DNS did not answer.
    """

    records: Mapping[str, bytes] = field(default_factory=dict)
    unavailable: frozenset[str] = frozenset()


def key_name(domain: str, selector: str) -> str:
    """Where the key of a signature stands, empty where d= or s= is no name."""
    name, part = a_label(domain), a_label(selector)
    return f"{part}._domainkey.{name}" if name and part and "." in name else ""


async def fetch_keys(claims: Sequence[DkimClaim], resolver: Resolver) -> DkimKeys:
    """The key records of the first MOST_SIGNATURES claims. Never raises."""
    names = sorted({key_name(claim.domain, claim.selector) for claim in claims[:MOST_SIGNATURES]} - {""})
    found = await asyncio.gather(*(_record(name, resolver) for name in names))
    answers = dict(zip(names, found, strict=True))
    return DkimKeys(
        records={name: record for name, record in answers.items() if isinstance(record, bytes)},
        unavailable=frozenset(name for name, record in answers.items() if isinstance(record, DnsFailure)),
    )


async def _record(name: str, resolver: Resolver) -> bytes | DnsFailure | None:
    """The one record that has a key; several make none, for which of them is meant is undefined (section 3.6.2.2)."""
    try:
        records = await resolver.txt(name)
    except DnsFailure as problem:
        return problem
    keys = [record for record in records if b"p=" in record and len(record) <= RECORD_LIMIT]
    return keys[0] if len(keys) == 1 else None
