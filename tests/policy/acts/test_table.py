"""What may be done is what the table says: every act, in every state, by everybody."""

from __future__ import annotations

import pytest

from gateway.model.act import Act
from gateway.model.docket import DocumentState, RequestKind
from gateway.model.wording import STATE_WORDS
from gateway.policy.acts import TABLE, ActRow, Decision, Refusal, Who, as_markdown, decide, offers
from gateway.policy.acts.authority import roles_of
from gateway.policy.acts.table import rows_of
from gateway.policy.orders import KEYWORDS
from tests.policy.acts.office import ASKED, ASKERS, STRANGERS, around, docket_in, doubtful, order_of

KINDS: list[RequestKind | None] = [None, *RequestKind]
HARMLESS = {
    "already", "not_a_submission", "unknown_forwarding", "approval_missing", "recall_open", "nothing_to_extend",
    "already_forwarded", "not_later", "no_deadline",
}  # fmt: skip


def allowed(act: Act, who: Who, state: DocumentState, kind: RequestKind | None) -> list[ActRow]:
    about = kind if act in {Act.APPROVE, Act.DECLINE} else None
    return [row for row in rows_of(act) if row.about is about and who in row.who and state in row.states]


@pytest.mark.parametrize("kind", KINDS, ids=str)
@pytest.mark.parametrize("act", Act, ids=str)
def test_an_act_is_decided_where_the_table_lets_it_and_refused_elsewhere(act: Act, kind: RequestKind | None) -> None:
    for state in DocumentState:
        docket = docket_in(state, *([ASKED[kind]] if kind else []))
        for who, asker in ASKERS.items():
            roles = roles_of(asker, docket)
            answer = decide(order_of(act), docket, asker, around())
            meant = Act.ACKNOWLEDGE if act is Act.ACCEPT and roles == {Who.RECEIVER} else act
            rows = [row for each in roles for row in allowed(meant, each, state, kind)]
            if isinstance(answer, Decision):
                assert any(answer.docket.state in row.to for row in rows), (act, state, who, kind)
                assert answer.result
                assert answer.irreversible == any(row.irreversible for row in rows)
            else:
                expected = HARMLESS | {"wrong_state"} if rows else {"not_yours", "wrong_state", "already"}
                expected |= {"nothing_asked", "nothing_to_confirm"}
                assert answer.code in expected, (act, state, who, kind, answer)
                assert answer.text


@pytest.mark.parametrize("row", TABLE, ids=lambda row: row.name)
def test_every_row_can_be_had(row: ActRow) -> None:
    found = []
    for state in sorted(row.states):
        docket = docket_in(state, *([ASKED[row.about]] if row.about else []))
        docket = doubtful(docket) if row.act is Act.CONFIRM else docket
        for who in sorted(row.who):
            for act in (row.act, Act.SUBMIT):
                answer = decide(order_of(act), docket, ASKERS[who], around())
                found.append(answer.journal.get("row") if isinstance(answer, Decision) else None)
    assert row.name in found


@pytest.mark.parametrize("stranger", STRANGERS)
@pytest.mark.parametrize("act", Act, ids=str)
def test_who_is_nothing_to_a_document_does_nothing_and_learns_nothing(act: Act, stranger: str) -> None:
    for state in DocumentState:
        docket = docket_in(state)
        answer = decide(order_of(act), docket, STRANGERS[stranger], around())
        assert isinstance(answer, Refusal)
        assert answer.code in {"not_yours", "nothing_to_confirm"}
        assert not any(word in answer.text for word in STATE_WORDS.values())
        assert not offers(docket, STRANGERS[stranger], around())


@pytest.mark.parametrize("state", DocumentState, ids=str)
def test_what_is_offered_stands_or_asks_for_what_a_person_fills_in(state: DocumentState) -> None:
    acts = {label: [row.act for row in TABLE if row.label == label] for label in {row.label for row in TABLE}}
    for asker in ASKERS.values():
        for label, reply in offers(docket_in(state), asker, around()):
            assert reply
            answers = [decide(order_of(act), docket_in(state), asker, around()) for act in acts.get(label, ())]
            assert not answers or any(isinstance(answer, Decision) for answer in answers), (label, answers)


def test_names_and_keywords_are_those_of_the_grammar() -> None:
    assert len({row.name for row in TABLE}) == len(TABLE)
    known = {word.keyword for word in KEYWORDS}
    assert {row.keyword for row in TABLE} <= known
    assert {row.act for row in TABLE} == set(Act)


def test_the_printed_table_has_a_line_for_each_row() -> None:
    lines = as_markdown().splitlines()
    assert len(lines) == len(TABLE) + 2
    assert {line.count("|") for line in lines} == {7}
    for row, line in zip(TABLE, lines[2:], strict=True):
        assert row.keyword in line
        assert row.clause in line
