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
    return Resolver([dns_server.address], 0.5)
