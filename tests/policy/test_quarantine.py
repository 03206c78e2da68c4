"""Who may decide what about a mail that was set aside, and how it stands against the two hours."""

from __future__ import annotations

from datetime import timedelta

import pytest

from gateway.model.finding import ONLY_BY_NAME
from gateway.model.mail import MailStage
from gateway.model.quarantine import Ruling, RulingKind
from gateway.policy.orders.rulings import read_rulings
from gateway.policy.quarantine import NOT_TOLD, STAGES, Forbidden, Permitted, held, offers, rule_on, title_of
from gateway.policy.rules import RULES
from tests.policy.acts.office import CALENDAR
from tests.records import MORNING

TWO_HOURS = timedelta(hours=2)
DECIDING = [kind for kind in RulingKind if kind is not RulingKind.CONFIRM]


def ruled(
    ruling: Ruling, stage: MailStage, *rules: str, clerk: bool = True, by_mail: bool = True
) -> Permitted | Forbidden:
    return rule_on(ruling, stage, rules, is_clerk=clerk, told=rules if by_mail else None)


@pytest.mark.parametrize(
    ("rules", "told", "named", "permitted"),
    [
        (("duplicate",), ("duplicate",), (), True),
        (("duplicate",), ("duplicate", "readable"), (), True),
        (("duplicate", "readable"), ("duplicate",), (), False),
        (("readable",), (), (), False),
        (("readable",), ("duplicate",), ("readable",), True),
        (("state_secret",), ("duplicate",), (), False),
        (("readable",), None, (), True),
    ],
    ids=["told", "told-of-more", "one-more", "never-told", "named", "only-by-name", "by-command"],
)
def test_a_release_by_mail_waives_only_what_the_clerk_was_told_of_or_names(
    rules: tuple[str, ...], told: tuple[str, ...] | None, named: tuple[str, ...], permitted: bool
) -> None:
    ruling = Ruling(RulingKind.RELEASE, "đã hỏi", named)
    answer = rule_on(ruling, MailStage.HELD, rules, is_clerk=True, told=told)
    assert isinstance(answer, Permitted) is permitted
    assert permitted or (isinstance(answer, Forbidden) and answer.code == NOT_TOLD)


@pytest.mark.parametrize("kind", DECIDING)
@pytest.mark.parametrize("stage", list(MailStage))
def test_each_decision_is_for_mails_that_stand_where_it_makes_sense(kind: RulingKind, stage: MailStage) -> None:
    by_mail, by_command = (ruled(Ruling(kind, "x"), stage, by_mail=way) for way in (True, False))
    assert isinstance(by_command, Permitted) is (stage in STAGES[kind])
    assert isinstance(by_mail, Permitted) is (stage in STAGES[kind] and stage is not MailStage.SEALED)


@pytest.mark.parametrize("kind", DECIDING)
def test_nobody_but_a_clerk_decides(kind: RulingKind) -> None:
    for stage in MailStage:
        assert isinstance(ruled(Ruling(kind, "x"), stage, clerk=False), Forbidden)


@pytest.mark.parametrize("rule", sorted(ONLY_BY_NAME))
@pytest.mark.parametrize("by_title", [False, True], ids=["by key", "by title"])
def test_what_is_set_aside_only_by_name_must_be_named(rule: str, by_title: bool) -> None:
    name = title_of(rule).upper() if by_title else rule
    unnamed = ruled(Ruling(RulingKind.RELEASE, "x"), MailStage.HELD, rule, "readable")
    assert isinstance(unnamed, Forbidden)
    assert f"Chấp nhận (bỏ qua: {title_of(rule)})" in unnamed.text
    named = ruled(Ruling(RulingKind.RELEASE, "x", (name,)), MailStage.HELD, rule, "readable")
    assert named == Permitted(RulingKind.RELEASE, frozenset({rule, "readable"}), is_final=True)
    other = next(iter(ONLY_BY_NAME - {rule}))
    assert isinstance(ruled(Ruling(RulingKind.RELEASE, "x", (other,)), MailStage.HELD, rule), Forbidden)


def test_an_ordinary_release_waives_what_holds_and_can_be_taken_back() -> None:
    assert ruled(Ruling(RulingKind.RELEASE, "x"), MailStage.HELD, "readable") == Permitted(
        RulingKind.RELEASE, frozenset({"readable"})
    )


def test_a_rule_that_there_is_not_is_told() -> None:
    answer = ruled(Ruling(RulingKind.RELEASE, "x", ("vi rút",)), MailStage.HELD, "readable")
    assert isinstance(answer, Forbidden)
    assert "Không có quy tắc “vi rút”" in answer.text


@pytest.mark.parametrize("stage", [MailStage.HELD, MailStage.DEAD])
@pytest.mark.parametrize(
    "rules", [(), ("readable",), ("impersonation", "not_scanned"), tuple(rule.key for rule in RULES)], ids=len
)
def test_every_button_with_a_reason_may_be_carried_out(stage: MailStage, rules: tuple[str, ...]) -> None:
    offered = offers(stage, rules)
    assert len(offered) == 3
    for _, reply in offered:
        ruling = read_rulings(f"{reply} đã xem xét" if reply.endswith(":") else reply).ruling
        assert ruling is not None
        assert isinstance(ruled(ruling, stage, *rules), Permitted)


@pytest.mark.parametrize("stage", [stage for stage in MailStage if stage not in {MailStage.HELD, MailStage.DEAD}])
def test_nothing_is_offered_where_nothing_waits(stage: MailStage) -> None:
    assert offers(stage, ()) == ()


@pytest.mark.parametrize(
    ("after", "words", "late"),
    [
        (timedelta(), "đã giữ dưới 1 phút làm việc; còn 2 giờ làm việc", False),
        (timedelta(hours=1, minutes=20), "đã giữ 1 giờ 20 phút làm việc; còn 40 phút làm việc", False),
        (timedelta(hours=2), "đã giữ 2 giờ làm việc; đến hạn", False),
        (timedelta(hours=2, minutes=30), "đã giữ 2 giờ 30 phút làm việc; quá hạn 30 phút làm việc", True),
        (timedelta(days=1), "đã giữ 8 giờ làm việc; quá hạn 6 giờ làm việc", True),
    ],
    ids=["at once", "within", "at the end", "after", "a day later"],
)
def test_held_time_is_told_in_working_time_against_the_two_hours(after: timedelta, words: str, late: bool) -> None:
    found = held(MORNING, MORNING + after, CALENDAR, TWO_HOURS)
    assert (found.words, found.overdue) == (words, late)
    assert CALENDAR.between(MORNING, found.due) == TWO_HOURS
