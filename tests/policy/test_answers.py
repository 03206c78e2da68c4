"""Every answer says what was found, under which clause, and how to mend it, in Vietnamese."""

from __future__ import annotations

import re
from string import Formatter

import pytest

from gateway.model.finding import Outcome
from gateway.policy.answers import Answer
from gateway.policy.rules import RULES

ANSWERS = [answer for rule in RULES for answer in rule.answers]
CLAUSE = re.compile(r"Điều \d+ khoản \d+(?: điểm [a-zđ])?")
VIETNAMESE = re.compile(r"[ăâđêôơưàáảãạằắẳẵặầấẩẫậèéẻẽẹềếểễệìíỉĩịòóỏõọồốổỗộờớởỡợùúủũụừứửữựỳýỷỹỵ]", re.IGNORECASE)

each_answer = pytest.mark.parametrize("answer", ANSWERS, ids=lambda answer: f"{answer.rule}-{answer.name}")


def test_no_two_answers_have_one_name_and_each_belongs_to_its_rule() -> None:
    assert len({(answer.rule, answer.name) for answer in ANSWERS}) == len(ANSWERS)
    assert all(answer.rule == rule.key for rule in RULES for answer in rule.answers)


@each_answer
def test_the_example_of_an_answer_has_just_the_facts_of_its_texts(answer: Answer) -> None:
    texts = (answer.found, answer.mend, answer.note)
    wanted = {name for text in texts for _, name, _, _ in Formatter().parse(text) if name}
    assert set(answer.example) == wanted


@each_answer
def test_an_answer_names_a_clause_and_is_a_finished_sentence_in_vietnamese(answer: Answer) -> None:
    told = answer.finding("tệp.pdf", **answer.example)
    assert CLAUSE.fullmatch(told.clause)
    for text in filter(None, (told.text, told.remedy, told.note)):
        assert VIETNAMESE.search(text)
        assert text.endswith((".", "!", "?"))
        assert text[:1] == text[:1].upper()
        assert "{" not in text
        assert "  " not in text


@each_answer
def test_who_is_refused_learns_how_to_mend_it_and_who_is_held_what_comes(answer: Answer) -> None:
    told = answer.finding(**answer.example)
    if told.outcome in {Outcome.REFUSE, Outcome.SEAL}:
        assert told.remedy
    elif told.outcome is Outcome.HOLD:
        assert told.remedy or told.note
