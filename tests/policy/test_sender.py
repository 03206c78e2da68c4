"""The table of senders, row by row, and whom an answer may reach."""

from __future__ import annotations

import tomllib
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.model.authentication import Authentication, AuthResult, DkimCheck, DmarcCheck, Judge, SpfCheck
from gateway.model.directory import Party, PartyKind
from gateway.model.finding import Outcome
from gateway.model.verdict import Disposition
from gateway.policy.active import ActiveTable
from gateway.policy.case import Case
from gateway.policy.content import ContentRules
from gateway.policy.formats import FormatTable
from gateway.policy.judgement import judge
from gateway.policy.sender import (
    SENDER_RULES,
    Reception,
    answer_address,
    is_from_network_of,
    reception,
)
from tests.records import parsed, raw

TABLE = Path(__file__).resolve().parents[2] / "config" / "policy" / "formats.toml"
FORMATS = FormatTable.from_rows(**tomllib.loads(TABLE.read_text(encoding="utf-8")))
ACTIVE = ActiveTable.from_rows(tomllib.loads(TABLE.with_name("active.toml").read_text(encoding="utf-8"))["content"])
PARTY = Party("known", PartyKind.AGENCY, "Sở Đã biết", networks=("192.0.2.0/24", "2001:db8::/32"))
AUTHOR = "a@known.example"
PROVED = Authentication(Judge.OWN, AUTHOR, AUTHOR, aligned=True, reverse_path_proved=True)
FAILED = Authentication(Judge.OWN, AUTHOR, AUTHOR, SpfCheck(AuthResult.FAIL), dmarc=DmarcCheck(AuthResult.FAIL))
NOTHING = Authentication(Judge.NOBODY, AUTHOR, AUTHOR)
NOT_KNOWN = Authentication(Judge.OWN, AUTHOR, AUTHOR, SpfCheck(AuthResult.TEMPERROR))
BY_HAND = Authentication(Judge.OPERATOR, AUTHOR, AUTHOR)
FROM_NETWORK = Authentication(Judge.NETWORK, AUTHOR, AUTHOR, aligned=True)
BROKEN_DKIM = replace(NOTHING, judge=Judge.OWN, dkim=(DkimCheck(AuthResult.FAIL, "known.example"),))

results = st.sampled_from(AuthResult)
authentications = st.builds(
    Authentication,
    judge=st.sampled_from(Judge),
    author=st.sampled_from(["", AUTHOR]),
    reverse_path=st.sampled_from([None, "", AUTHOR, "bounce@service.example"]),
    spf=st.builds(SpfCheck, results),
    dkim=st.lists(st.builds(DkimCheck, results, st.just("d.example")), max_size=2).map(tuple),
    dmarc=st.builds(DmarcCheck, results),
    aligned=st.booleans(),
    reverse_path_proved=st.booleans(),
)


def case(authentication: Authentication, *, known: bool, accept_unknown: bool = False) -> Case:
    return Case(
        parsed=parsed(),
        raw=raw("thư"),
        files=(),
        scans=(),
        candidates=(),
        content=ContentRules(FORMATS, ACTIVE),
        authentication=authentication,
        sender=PARTY if known else None,
        accept_unknown=accept_unknown,
    )


@pytest.mark.parametrize(
    ("authentication", "known", "expected"),
    [
        (PROVED, True, Reception.ACCEPT),
        (FROM_NETWORK, True, Reception.ACCEPT),
        (FAILED, True, Reception.SUSPECT),
        (NOTHING, True, Reception.SUSPECT),
        (NOT_KNOWN, True, Reception.CHECK),
        (BROKEN_DKIM, True, Reception.SUSPECT),
        (PROVED, False, Reception.ASK),
        (FAILED, False, Reception.IGNORE),
        (NOTHING, False, Reception.IGNORE),
        (NOT_KNOWN, False, Reception.CHECK),
        (BY_HAND, True, Reception.ACCEPT),
        (BY_HAND, False, Reception.ACCEPT),
    ],
)
def test_the_table(authentication: Authentication, known: bool, expected: Reception) -> None:
    assert reception(case(authentication, known=known)) is expected


def test_configuration_accepts_proved_strangers_and_no_others() -> None:
    assert reception(case(PROVED, known=False, accept_unknown=True)) is Reception.ACCEPT
    assert reception(case(FAILED, known=False, accept_unknown=True)) is Reception.IGNORE


def test_an_address_of_our_own_that_is_not_proved_is_suspected() -> None:
    assert reception(replace(case(FAILED, known=False), names_us=True)) is Reception.SUSPECT


@given(authentications, st.booleans(), st.booleans())
def test_whoever_is_not_proved_is_held_and_never_answered(
    authentication: Authentication, known: bool, accept_unknown: bool
) -> None:
    verdict = judge(case(authentication, known=known, accept_unknown=accept_unknown))
    if not authentication.proved:
        assert verdict.disposition is Disposition.HOLD
        assert answer_address(authentication) is None
        held = {finding.rule for finding in verdict.findings if finding.outcome is Outcome.HOLD}
        assert held & SENDER_RULES


@given(authentications)
def test_an_answer_goes_to_a_proved_address_only_and_never_to_the_null_one(authentication: Authentication) -> None:
    address = answer_address(authentication)
    if address is None:
        return
    assert authentication.proved
    assert authentication.reverse_path != ""
    if authentication.judge is Judge.OPERATOR:
        assert address == authentication.reverse_path
    else:
        assert address == authentication.author or authentication.reverse_path_proved


@pytest.mark.parametrize(
    ("peer", "expected"),
    [("192.0.2.7", True), ("192.0.3.7", False), ("2001:db8::9", True), ("", False), ("mail.known.example", False)],
)
def test_networks(peer: str, expected: bool) -> None:
    assert is_from_network_of(PARTY, peer) is expected
