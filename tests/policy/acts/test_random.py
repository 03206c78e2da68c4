"""Whatever anybody orders in whatever order, the work on a document stays in good order."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from gateway.model.act import Act, Correction, Deadline, Order, Share
from gateway.model.docket import Docket, DocumentState
from gateway.model.notice import NoticeKind
from gateway.policy.acts import Asker, Decision, decide, offers, on_timer
from gateway.policy.acts.table import TABLE
from tests.policy.acts.office import (
    AGENCY,
    ASKERS,
    CALENDAR,
    NOW,
    OFFICE,
    PROVINCE,
    RULES,
    SENIOR,
    STRANGERS,
    asker,
    forwarding,
    fresh,
    staff,
)
from tests.policy.acts.office import around as surroundings

STAFF = staff(SENIOR)
EVERYBODY = [*ASKERS.values(), *STRANGERS.values(), asker("cvkhtc"), asker("phogd", surroundings(STAFF))]
names = st.sampled_from(
    ["VP", "Văn phòng", "KHTC", "ke hoach", "phòng", "Không có", "", "Nguyễn Văn Nam", "cvvp", "Lan"]
)
moments = st.integers(-48, 90_000).map(lambda hours: NOW + timedelta(hours=hours))
deadlines = st.none() | moments.map(lambda at: Deadline(at, "hạn"))
texts = st.sampled_from(["", " ", "lý do", "gia hạn Văn phòng: lý do", "thu hồi"]) | st.text(max_size=20)
shares = st.builds(Share, names, deadlines)
values = st.dictionaries(
    st.sampled_from(["number", "issued_on", "abstract", "confidence", "lạ"]),
    texts | st.dates(date(1900, 1, 1), date(2100, 1, 1)) | moments,
    max_size=3,
)
orders = st.builds(
    Order,
    st.sampled_from(list(Act)),
    lead=st.none() | shares,
    supporting=st.lists(shares, max_size=3).map(tuple),
    deadline=deadlines,
    person=st.none() | names,
    text=texts,
    answer=st.none() | st.just("12/SGTVT-VP"),
    correction=values.map(Correction),
    again=st.booleans(),
)
subjects = st.sampled_from(["", "", "", "forward", "recall", "extension:vp", "extension:khtc", "extension:", "vp"])
steps = st.lists(st.tuples(orders, st.sampled_from(EVERYBODY), subjects), max_size=25)


@given(steps, st.booleans())
def test_any_orders_by_anybody_keep_the_work_in_order(
    taken: Sequence[tuple[Order, Asker, str]], approval_required: bool
) -> None:
    around = surroundings(STAFF, rules=replace(RULES, approval_required=approval_required))
    docket, may_be_told = fresh(), {AGENCY, PROVINCE}
    for order, who, subject in taken:
        answer = decide(order, docket, who, around, subject=subject)
        offers(docket, who, around, subject)
        if not isinstance(answer, Decision):
            assert answer.text
            continue
        _check(answer, docket, order, who, may_be_told)
        for timer in answer.set_timers:
            assert timer.due in _ends(timer.due) or CALENDAR.is_open(timer.due)
            on_timer(timer, answer.docket, around)
        docket = _forwarded(answer)


def _check(answer: Decision, before: Docket, order: Order, who: Asker, may_be_told: set[str]) -> None:
    after = answer.docket
    (row,) = [row for row in TABLE if row.name == answer.journal["row"]]
    assert before.state in row.states
    assert after.state in row.to
    if before.state.is_end:
        assert after.state in {before.state, DocumentState.VOIDED}
    if after.state.is_end:
        assert not after.requests
    assert sum(part.lead for part in after.assignments) == bool(after.assignments)
    assert len({part.unit for part in after.assignments}) == len(after.assignments)
    addresses = [told.address for told in answer.told]
    assert len(addresses) == len(set(addresses))
    assert all(address in may_be_told or address.endswith(f"@{OFFICE}") for address in addresses)
    assert who.address not in addresses or (answer.act is Act.RECALL and who.address == AGENCY)
    assert all(told.kind in {NoticeKind.TASK, NoticeKind.NEWS} and told.step for told in answer.told)
    for part in after.assignments:
        assert part.deadline is None or part.deadline in _ends(part.deadline) or CALENDAR.is_open(part.deadline)
    sent = before.submission.forwardings if before.submission else ()
    if answer.forward and sent:
        assert order.again
        assert answer.forward.reason
        assert answer.forward.number == len(sent) + 1


def _ends(at: datetime) -> set[datetime]:
    return {end for _, end in CALENDAR.shifts((at + timedelta(hours=7)).date())}


def _forwarded(answer: Decision) -> Docket:
    """As the handler enters it."""
    submission = answer.docket.submission
    if answer.forward is None or submission is None:
        return answer.docket
    sent = (*submission.forwardings, forwarding(answer.forward.number))
    return replace(answer.docket, submission=replace(submission, forwardings=sent))
