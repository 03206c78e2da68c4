"""Numbers of books: what was issued keeps its own, and what is in other hands is not struck out."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from gateway.model.act import Act, Correction, Order
from gateway.model.docket import Approval, DocumentState
from gateway.model.document import Direction
from gateway.policy.acts import Decision, Refusal, Who, decide
from tests.policy.acts.office import ASKERS, around, docket_in, forwarding, submission

CLERK = ASKERS[Who.CLERK]
ISSUED = replace(
    docket_in(DocumentState.ISSUED), document=replace(docket_in(DocumentState.ISSUED).document, direction=Direction.OUT)
)


def correcting(**values: Any) -> Decision | Refusal:
    return decide(Order(Act.CORRECT, correction=Correction(values)), ISSUED, CLERK, around())


@pytest.mark.parametrize(
    "values",
    [
        {"number": "999"},
        {"notation": "QĐ-UBND"},
        {"issuer": "Sở Tài chính"},
        {"issued_on": date(2025, 12, 31)},
        {"issued_on": None},
        {"number": None, "abstract": "Về việc khác"},
    ],
    ids=str,
)
def test_what_its_book_gave_an_issued_document_stays(values: dict[str, Any]) -> None:
    answer = correcting(**values)
    assert isinstance(answer, Refusal)
    assert answer.code == "given_by_book"


def test_the_rest_of_an_issued_document_is_put_right() -> None:
    answer = correcting(abstract="Về việc khác", copies="12", issued_on=date(2026, 9, 8))
    assert isinstance(answer, Decision)
    assert answer.docket.document.copies == 12


@pytest.mark.parametrize("state", [DocumentState.FORWARDED, DocumentState.FINISHED])
def test_what_the_province_has_is_not_struck_out(state: DocumentState) -> None:
    docket = replace(docket_in(state), submission=submission(Approval.GIVEN, forwarding()))
    assert isinstance(decide(Order(Act.VOID, text="nhầm"), docket, CLERK, around()), Refusal)
    kept = replace(docket_in(DocumentState.FINISHED), submission=submission())
    assert isinstance(decide(Order(Act.VOID, text="nhầm"), kept, CLERK, around()), Decision)
