from __future__ import annotations

from collections.abc import Iterator

import pytest

from gateway.adapters.mail_auth import Resolver
from tests.servers.dns import DnsServer


@pytest.fixture
def dns_server() -> Iterator[DnsServer]:
    with DnsServer() as server:
        yield server


@pytest.fixture
def resolver(dns_server: DnsServer) -> Resolver:
    """One that waits, since a busy machine answers late: no question of its tests is left to time out."""
    return Resolver([dns_server.address], 10.0)
