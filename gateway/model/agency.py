"""The agency that runs the gateway, as notices and pages name it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Agency:
    """Name, superior, address and the telephones of Điều 8 khoản 1 điểm b. `mailbox` is the public address."""

    name: str
    short_name: str
    superior: str
    mailbox: str
    records_office: str
    phones: tuple[str, ...]
    place: str
    regulation: str
