"""The public test suite for RFC 7208, through real DNS on loopback."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from gateway.adapters.mail_auth import Resolver, check_spf
from tests.adapters.mail_auth.spf_suite import Scenario, read_suite
from tests.servers.dns import DnsServer

SUITE = Path(__file__).parents[4] / "shared" / "corpora" / "auth" / "pyspf" / "rfc7208-tests.yml"
CASES = 203
ANSWER_SECONDS = 1.0


async def _differences(scenario: Scenario) -> dict[str, str]:
    """Cases of one scenario, all judged at once, whose result the suite does not allow."""
    with DnsServer() as server:
        scenario.serve(server)
        resolver = Resolver([server.address], ANSWER_SECONDS)
        found = await asyncio.gather(
            *(check_spf(case.host, case.mail_from, case.helo, resolver) for case in scenario.cases)
        )
    return {
        case.name: f"{check.result} ({check.detail}), allowed {case.results}"
        for case, check in zip(scenario.cases, found, strict=True)
        if check.result not in case.results
    }


@pytest.mark.corpus
async def test_every_case_of_the_public_suite_has_the_result_it_names() -> None:
    scenarios = list(read_suite(SUITE.read_text(encoding="utf-8")))
    assert sum(len(scenario.cases) for scenario in scenarios) == CASES
    differences: dict[str, str] = {}
    for scenario in scenarios:
        differences |= await _differences(scenario)
    assert differences == {}
