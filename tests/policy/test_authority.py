"""Who may give orders by a mail: by author, tokens, thread and dates alone."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.model.token import Purpose, ThreadToken
from gateway.policy.authority import DENIAL_WORDS, Denial, Denied, Granted, authority
from tests.records import MORNING

HIS, HERS = "nvnam@so.example", "ltkcuc@so.example"
GIVEN = MORNING - timedelta(days=1)


def token(
    *,
    address: str = HIS,
    document: int = 1,
    purpose: Purpose = Purpose.WORK,
    expires: datetime = MORNING + timedelta(days=1),
) -> ThreadToken:
    return ThreadToken("t", document, address, purpose, "<n@x>", GIVEN, expires)


OLD = GIVEN - timedelta(hours=3)
CASES: dict[str, tuple[list[ThreadToken | None], set[int], dict[str, object], Denied]] = {
    "nothing borne": ([], set(), {}, Denied(Denial.NOT_BORNE)),
    "nothing borne, in his own thread": ([], {1}, {}, Denied(Denial.NOT_BORNE, 1)),
    "nothing borne, in a digest of many": ([], {1, 2}, {}, Denied(Denial.NOT_BORNE)),
    "never given": ([None], {1}, {}, Denied(Denial.UNKNOWN)),
    "one good and one never given": ([token(), None], {1}, {}, Denied(Denial.UNKNOWN)),
    "somebody else's": ([token(address=HERS)], set(), {}, Denied(Denial.FOREIGN)),
    "his own and somebody else's": ([token(), token(address=HERS)], set(), {}, Denied(Denial.FOREIGN)),
    "that of a link to files": ([token(purpose=Purpose.FILES)], set(), {}, Denied(Denial.WRONG_PURPOSE)),
    "two documents": ([token(), token(document=2)], set(), {}, Denied(Denial.OTHER_DOCUMENT)),
    "another document's thread": ([token()], {2}, {}, Denied(Denial.OTHER_DOCUMENT)),
    "expired this moment": ([token(expires=MORNING)], {1}, {}, Denied(Denial.EXPIRED, 1)),
    "written before the token was given": ([token()], {1}, {"dated": OLD}, Denied(Denial.OLDER, 1)),
    "from a colleague's account": ([token()], {1}, {"borrowed": True}, Denied(Denial.OTHER_ACCOUNT)),
}


@pytest.mark.parametrize("case", CASES)
def test_what_is_lacking_is_named(case: str) -> None:
    found, thread, more, expected = CASES[case]
    assert authority(HIS, found, thread, MORNING, **more) == expected  # type: ignore[arg-type]


ABOUT_MAIL = ThreadToken("t", None, HIS, Purpose.QUARANTINE, "<n@x>", GIVEN, MORNING + timedelta(days=1), mail_id=5)
MAIL_CASES: dict[str, tuple[list[ThreadToken | None], set[int], set[int], Granted | Denied]] = {
    "its thread": ([ABOUT_MAIL], set(), {5}, Granted(ABOUT_MAIL)),
    "a digest of many": ([ABOUT_MAIL], set(), {4, 5}, Granted(ABOUT_MAIL)),
    "no thread": ([ABOUT_MAIL], set(), set(), Granted(ABOUT_MAIL)),
    "another mail's thread": ([ABOUT_MAIL], set(), {4}, Denied(Denial.OTHER_DOCUMENT)),
    "a document's thread": ([ABOUT_MAIL], {5}, set(), Denied(Denial.OTHER_DOCUMENT)),
    "a mail and a document": ([ABOUT_MAIL, token(document=5)], set(), set(), Denied(Denial.OTHER_DOCUMENT)),
    "a document's token in a mail's thread": ([token()], set(), {1}, Denied(Denial.OTHER_DOCUMENT)),
    "nothing borne, in its thread": ([], set(), {5}, Denied(Denial.NOT_BORNE, None, 5)),
    "nothing borne, in two threads": ([], {1}, {5}, Denied(Denial.NOT_BORNE)),
    "expired": ([replace(ABOUT_MAIL, expires_at=MORNING)], set(), {5}, Denied(Denial.EXPIRED, None, 5)),
}


@pytest.mark.parametrize("case", MAIL_CASES)
def test_a_token_about_a_mail_is_for_that_mail_alone(case: str) -> None:
    found, thread, mails, expected = MAIL_CASES[case]
    assert authority(HIS, found, thread, MORNING, mails=mails) == expected


@pytest.mark.parametrize("purpose", [Purpose.WORK, Purpose.CONFIRM])
@pytest.mark.parametrize("thread", [set(), {1}, {1, 2}], ids=["no thread", "its thread", "a digest"])
def test_his_own_living_token_grants(purpose: Purpose, thread: set[int]) -> None:
    mine = token(purpose=purpose)
    assert authority(HIS, [mine], thread, MORNING, dated=MORNING) == Granted(mine)


def test_a_clock_that_is_a_little_slow_is_forgiven() -> None:
    assert isinstance(authority(HIS, [token()], {1}, MORNING, dated=GIVEN - timedelta(hours=1)), Granted)


@given(st.lists(st.sampled_from([HIS, HERS, "it@so.example"]), min_size=1, max_size=4))
def test_nobody_is_granted_anything_by_tokens_that_are_not_all_his(addresses: list[str]) -> None:
    granted = authority(HIS, [token(address=address) for address in addresses], set(), MORNING)
    assert isinstance(granted, Granted) == (set(addresses) == {HIS})


def test_the_answer_does_not_tell_whether_a_token_exists() -> None:
    assert DENIAL_WORDS[Denial.UNKNOWN] == DENIAL_WORDS[Denial.FOREIGN] == DENIAL_WORDS[Denial.WRONG_PURPOSE]
    assert set(DENIAL_WORDS) == set(Denial)
