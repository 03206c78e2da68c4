"""The way of a document through the office, and who hears of what."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

from gateway.model.act import Act, Correction, Deadline, Order, Share
from gateway.model.directory import Absence
from gateway.model.docket import Approval, Docket, DocumentState, RequestKind, ShareState
from gateway.model.document import Status
from gateway.model.notice import NoticeKind
from gateway.model.timer import Timer, TimerKind
from gateway.policy.acts import Asker, Decision, Refusal, Who, decide, offers, on_timer, timers_at_entry, told_at_entry
from tests.policy.acts.office import (
    AGENCY,
    ASKED,
    ASKERS,
    CALENDAR,
    DUE,
    LATER,
    NOW,
    OFFICE,
    PROVINCE,
    SENDER,
    SENIOR,
    around,
    asker,
    docket_in,
    forwarding,
    fresh,
    order_of,
    staff,
    submission,
)

CLERK, LEADER, HEAD, SPECIALIST = (ASKERS[who] for who in (Who.CLERK, Who.LEADER, Who.UNIT, Who.SPECIALIST))


def done(order: Order, docket: Docket, who: Asker) -> Decision:
    answer = decide(order, docket, who, around())
    assert isinstance(answer, Decision), answer
    return answer


def refused(order: Order, docket: Docket, who: Asker, code: str) -> Refusal:
    answer = decide(order, docket, who, around())
    assert isinstance(answer, Refusal), answer
    assert answer.code == code
    return answer


def told(answer: Decision, kind: NoticeKind) -> dict[str, str]:
    return {each.address: each.step for each in answer.told if each.kind is kind}


def test_a_document_goes_from_the_register_to_its_answer() -> None:
    presented = done(Order(Act.PRESENT), fresh(), CLERK)
    assert told(presented, NoticeKind.TASK) == {f"lanhdao@{OFFICE}": "assign"}
    assigned = done(order_of(Act.ASSIGN), presented.docket, LEADER)
    assert set(told(assigned, NoticeKind.TASK).values()) == {"transfer"}
    transferred = done(Order(Act.TRANSFER), assigned.docket, CLERK)
    tasks = told(transferred, NoticeKind.TASK)
    assert {f"vp@{OFFICE}", f"truongvp@{OFFICE}", f"khtc@{OFFICE}"} <= tasks.keys()
    assert told(transferred, NoticeKind.NEWS) == {AGENCY: "assigned"}
    assert transferred.docket.status is Status.ASSIGNED
    assert ((TimerKind.REMIND_TRANSFER, TimerKind.TRANSFER_DUE), None) in transferred.cancel
    assert Timer(TimerKind.DEADLINE_DUE, LATER.at, "vp") in transferred.set_timers
    delegated = done(Order(Act.DELEGATE, person="Dung"), transferred.docket, HEAD)
    assert delegated.docket.state is DocumentState.ACCEPTED
    assert told(delegated, NoticeKind.TASK) == {f"cvvp@{OFFICE}": "handle"}
    working = done(Order(Act.PROGRESS), delegated.docket, SPECIALIST)
    assert told(working, NoticeKind.NEWS) == {AGENCY: "in_progress"}
    finished = done(Order(Act.FINISH, answer="12/SGTVT-VP"), working.docket, SPECIALIST)
    assert finished.docket.status is Status.FINISHED
    news = told(finished, NoticeKind.NEWS)
    assert {AGENCY, f"vanthu@{OFFICE}", f"lanhdao@{OFFICE}", f"truongvp@{OFFICE}", f"khtc@{OFFICE}"} <= news.keys()
    assert f"cvvp@{OFFICE}" not in news


def test_several_leaders_are_a_choice() -> None:
    here = around(staff(SENIOR))
    answer = decide(Order(Act.PRESENT), fresh(), CLERK, here)
    assert isinstance(answer, Refusal)
    assert {choice.reply for choice in answer.choices} == {"Trình: Nguyễn Văn Nam", "Trình: Hoàng Thị Lan"}


def test_a_deputy_decides_on_behalf_of_the_absent() -> None:
    away = Absence("lanhdao", date(2026, 11, 20), date(2026, 11, 30), "truongkhtc")
    here = around(staff(absences=(away,)))
    answer = decide(order_of(Act.ASSIGN), docket_in(DocumentState.PRESENTED), asker("truongkhtc", here), here)
    assert isinstance(answer, Decision)
    assert answer.result.startswith("Thay mặt Nguyễn Văn Nam")
    assert answer.journal["for"] == "lanhdao"


def test_the_clerk_never_assigns() -> None:
    refused(order_of(Act.ASSIGN), docket_in(DocumentState.PRESENTED), CLERK, "not_yours")
    docket = docket_in(DocumentState.ASSIGNED)
    refused(Order(Act.TRANSFER, lead=Share("KHTC")), docket, CLERK, "not_assigned")


def test_an_assignment_that_is_not_clear_says_how_to_mend_it() -> None:
    docket = docket_in(DocumentState.PRESENTED)
    assert (
        refused(Order(Act.ASSIGN), docket, LEADER, "needs_lead").choices[0].reply
        == "Chủ trì: Phòng Kế hoạch - Tài chính"
    )
    refused(Order(Act.ASSIGN, lead=Share("Phòng lạ kỳ")), docket, LEADER, "unknown_name")
    refused(Order(Act.ASSIGN, lead=Share("VP"), supporting=(Share("Văn phòng"),)), docket, LEADER, "same_unit")
    past = Deadline(NOW - timedelta(hours=1), "sáng nay")
    refused(Order(Act.ASSIGN, lead=Share("VP"), deadline=past), docket, LEADER, "past_deadline")


def test_a_supporting_unit_that_is_due_after_the_lead_is_remarked() -> None:
    late = Share("KHTC", Deadline(LATER.at + timedelta(days=1), "2/12"))
    order = Order(Act.ASSIGN, lead=Share("VP", LATER), supporting=(late,))
    assert "sau thời hạn của đơn vị chủ trì" in done(order, docket_in(DocumentState.PRESENTED), LEADER).result


def test_a_unit_that_gives_back_makes_the_leader_assign_anew() -> None:
    docket = docket_in(DocumentState.ACCEPTED)
    refused(Order(Act.RETURN), docket, HEAD, "needs_reason")
    answer = done(order_of(Act.RETURN), docket, HEAD)
    assert answer.docket.state is DocumentState.PRESENTED
    assert answer.docket.lead is not None
    assert answer.docket.lead.state is ShareState.RETURNED
    assert told(answer, NoticeKind.TASK)[f"lanhdao@{OFFICE}"] == "reassign"
    again = done(Order(Act.ASSIGN, lead=Share("KHTC")), answer.docket, LEADER)
    assert again.docket.state is DocumentState.ASSIGNED


def test_units_that_stay_keep_their_work_when_another_is_added() -> None:
    docket = docket_in(DocumentState.IN_PROGRESS)
    answer = done(Order(Act.ASSIGN, lead=Share("VP"), supporting=(Share("KHTC"),)), docket, LEADER)
    assert answer.docket.state is DocumentState.IN_PROGRESS
    moved = done(Order(Act.TRANSFER), answer.docket, CLERK)
    assert told(moved, NoticeKind.TASK).keys() == {f"khtc@{OFFICE}", f"truongkhtc@{OFFICE}"}
    assert moved.docket.state is DocumentState.IN_PROGRESS


def test_a_correction_tells_old_and_new_and_keeps_to_the_possible() -> None:
    docket = docket_in(DocumentState.REGISTERED)
    answer = done(order_of(Act.CORRECT), docket, CLERK)
    assert "“955” → “956”" in answer.result
    assert answer.docket.document.header.number == "956"
    tomorrow = Order(Act.CORRECT, correction=Correction({"issued_on": date(2026, 11, 24)}))
    refused(tomorrow, docket, CLERK, "bad_date")
    refused(Order(Act.CORRECT, correction=Correction({"issued_on": date(1944, 1, 1)})), docket, CLERK, "bad_date")
    refused(Order(Act.CORRECT, correction=Correction({"confidence": "1"})), docket, CLERK, "unknown_field")


def test_an_extension_is_asked_for_and_granted() -> None:
    asked = done(Order(Act.EXTEND, deadline=LATER), docket_in(DocumentState.IN_PROGRESS), SPECIALIST)
    assert [(each.step, each.subject) for each in asked.told] == [("approve", "extension:vp")]
    answer = decide(Order(Act.APPROVE), asked.docket, LEADER, around(), subject="extension:vp")
    assert isinstance(answer, Decision)
    assert answer.docket.lead is not None
    assert answer.docket.lead.deadline == LATER.at
    assert not answer.docket.requests
    twice = decide(Order(Act.APPROVE), answer.docket, LEADER, around(), subject="extension:vp")
    assert isinstance(twice, Refusal)
    assert twice.code == "already"


def test_of_several_questions_the_one_is_meant_that_is_named() -> None:
    docket = docket_in(DocumentState.IN_PROGRESS, ASKED[RequestKind.EXTENSION], ASKED[RequestKind.RECALL])
    unclear = refused(Order(Act.APPROVE), docket, LEADER, "ambiguous_request")
    assert {choice.reply for choice in unclear.choices} == {"Đồng ý: gia hạn Văn phòng", "Đồng ý: thu hồi"}
    answer = done(Order(Act.DECLINE, text="thu hồi: đã giải quyết xong"), docket, LEADER)
    assert answer.journal["row"] == "decline_recall"
    assert answer.journal["reason"] == "đã giải quyết xong"


def test_a_recall_waits_for_an_answer_and_stops_the_units() -> None:
    asked = done(order_of(Act.RECALL), docket_in(DocumentState.IN_PROGRESS), SENDER)
    assert asked.docket.status is Status.RECALLED
    assert told(asked, NoticeKind.NEWS) == {AGENCY: "recall_asked"}
    refused(order_of(Act.FINISH), asked.docket, SPECIALIST, "recall_open")
    agreed = done(Order(Act.APPROVE), asked.docket, CLERK)
    assert agreed.docket.status is Status.AGREED
    assert told(agreed, NoticeKind.NEWS)[f"cvvp@{OFFICE}"] == "recalled"
    kept = done(Order(Act.DECLINE, text="đã xử lý"), asked.docket, LEADER)
    assert kept.docket.state is DocumentState.IN_PROGRESS
    assert [each.facts["status"] for each in kept.told if each.address == AGENCY] == [Status.DISAGREED.value]


def test_a_submission_goes_once_after_the_director_has_agreed() -> None:
    first = refused(Order(Act.FORWARD), fresh(), CLERK, "not_a_submission")
    assert first.choices[0].reply == "Trình UBND"
    declared = done(Order(Act.SUBMIT), fresh(), CLERK)
    refused(Order(Act.FORWARD), declared.docket, CLERK, "approval_missing")
    agreed = done(Order(Act.APPROVE), declared.docket, LEADER)
    assert offers(agreed.docket, CLERK, around())[0][1] == "Chuyển UBND"
    sent = done(Order(Act.FORWARD), agreed.docket, CLERK)
    assert sent.irreversible
    assert sent.forward is not None
    assert sent.forward.number == 1
    assert sent.docket.state is DocumentState.FORWARDED
    entered = replace(sent.docket, submission=submission(Approval.GIVEN, forwarding()))
    refused(Order(Act.FORWARD), entered, CLERK, "already_forwarded")
    refused(Order(Act.FORWARD, again=True), entered, CLERK, "needs_reason")
    receipt = done(Order(Act.ACCEPT), entered, ASKERS[Who.RECEIVER])
    assert receipt.act is Act.ACKNOWLEDGE
    assert told(receipt, NoticeKind.NEWS).keys() >= {AGENCY, f"lanhdao@{OFFICE}", f"vanthu@{OFFICE}"}
    failed = replace(sent.docket, submission=submission(Approval.GIVEN, forwarding(failed_at=NOW)))
    assert done(Order(Act.FORWARD), failed, CLERK).forward is not None


def test_nothing_is_told_to_a_sender_who_could_not_be_proved() -> None:
    docket = replace(docket_in(DocumentState.ASSIGNED), answer_to=None)
    assert AGENCY not in [each.address for each in done(Order(Act.TRANSFER), docket, CLERK).told]


def test_the_clocks_of_a_document_run_from_its_receipt() -> None:
    timers = {timer.kind: timer.due for timer in timers_at_entry(fresh(), around())}
    assert timers[TimerKind.TRANSFER_DUE] == CALENDAR.add(NOW, timedelta(hours=2))
    assert timers[TimerKind.HAND_OVER_DUE] == CALENDAR.end_of_day(NOW)
    assert timers[TimerKind.REMIND_TRANSFER] < timers[TimerKind.TRANSFER_DUE]


def test_who_has_to_act_is_reminded_and_of_what_is_overdue_clerk_and_leader_hear_too() -> None:
    reminder, overdue = Timer(TimerKind.REMIND_DEADLINE, DUE, "vp"), Timer(TimerKind.DEADLINE_DUE, DUE, "vp")
    docket = docket_in(DocumentState.IN_PROGRESS)
    reminded = {each.address for each in on_timer(reminder, docket, around()).told}
    assert reminded == {f"cvvp@{OFFICE}", f"vp@{OFFICE}", f"truongvp@{OFFICE}"}
    late = {each.address for each in on_timer(overdue, docket, around(now=DUE)).told}
    assert late > reminded
    assert {f"vanthu@{OFFICE}", f"lanhdao@{OFFICE}"} <= late
    assert not on_timer(overdue, docket_in(DocumentState.FINISHED), around(now=DUE)).told


def test_the_province_that_does_not_answer_is_the_clerks_concern() -> None:
    timer = Timer(TimerKind.ACKNOWLEDGEMENT_DUE, NOW, "1")
    docket = docket_in(DocumentState.FORWARDED)
    assert {each.address for each in on_timer(timer, docket, around()).told} >= {f"vanthu@{OFFICE}"}
    assert PROVINCE not in {each.address for each in on_timer(timer, docket, around()).told}


def test_the_director_hears_of_a_submission_at_its_entry() -> None:
    asked = replace(fresh(), submission=submission(Approval.PENDING))
    assert [(each.kind, each.subject) for each in told_at_entry(asked, around())] == [(NoticeKind.TASK, "forward")]
    only_told = replace(fresh(), submission=submission(Approval.NOT_REQUIRED))
    assert [each.kind for each in told_at_entry(only_told, around())] == [NoticeKind.NEWS]
    assert told_at_entry(fresh(), around()) == ()


def test_the_standing_is_told_whole_inside_and_briefly_outside() -> None:
    docket = docket_in(DocumentState.IN_PROGRESS)
    inside = done(Order(Act.STATUS), docket, CLERK).result
    assert "Văn phòng chủ trì: đang xử lý" in inside
    outside = done(Order(Act.STATUS), docket, SENDER).result
    assert "Văn phòng" not in outside
    assert "đang xử lý" in outside


def test_a_specialist_gives_back_to_who_heads_the_unit() -> None:
    docket = docket_in(DocumentState.IN_PROGRESS)
    refused(Order(Act.RETURN), docket, SPECIALIST, "needs_reason")
    answer = done(order_of(Act.RETURN), docket, SPECIALIST)
    assert answer.docket.lead is not None
    assert answer.docket.lead.specialist is None
    assert told(answer, NoticeKind.TASK) == {f"truongvp@{OFFICE}": "delegate"}
