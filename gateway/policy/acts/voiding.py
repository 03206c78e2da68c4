"""A number given in error: the row stays in the book with its number, nothing is done with it any more."""

from __future__ import annotations

from dataclasses import replace

from gateway.model.docket import Docket, DocumentState, ShareState
from gateway.model.document import Direction, Status
from gateway.model.notice import NoticeKind
from gateway.model.wording import arrival
from gateway.policy.acts.matter import ACKNOWLEDGEMENT, AT_WORK, CLOCKS, DEADLINES, HAND_OVER, Matter, ended, shown
from gateway.policy.acts.records import Decision, Refusal

_HAVE_COPIES = frozenset({*AT_WORK, ShareState.FINISHED})
_STOP = "Số đã hủy vì vào sổ nhầm: dừng xử lý và hủy các bản sao."


def void(matter: Matter) -> Decision | Refusal:
    """The clerk strikes out an entry, saying why; who works on the document stops.

    No number is taken out of a series (Nghị định 30/2020/NĐ-CP Điều 15, Điều 22): the row stays, and its note says why
    it does not count. The same document may be entered again under a number of its own.
    """
    reason = matter.order.text
    if not reason.strip():
        return matter.needs_reason()
    docket = matter.docket
    if docket.submission is not None and docket.submission.forwardings:
        text = "Văn bản đã chuyển UBND tỉnh nên không hủy số; nội dung sai thì sửa thông tin trong sổ."
        return matter.refused("forwarded", text)
    after, told = _struck_out(docket, reason), matter.telling()
    number = f"{_kind_of_number(docket)} {arrival(docket.document)}"
    public = f"{number} đã hủy: {shown(reason)}"
    told.sender("voided", Status.REFUSED, public, reason=reason)
    for part in docket.assignments:
        if part.state in _HAVE_COPIES:
            told.person(part.specialist, NoticeKind.NEWS, "voided", text=_STOP, reason=reason)
            told.unit(part.unit, NoticeKind.NEWS, "voided", text=_STOP, reason=reason)
    if docket.presented_to:
        told.leader(NoticeKind.NEWS, "voided", reason=reason)
    told.clerks(NoticeKind.NEWS, "voided", reason=reason)
    return matter.decided(
        after,
        f"Đã hủy {number[0].lower()}{number[1:]}: {shown(reason)}",
        public=public,
        told=told,
        journal={"reason": reason},
        cancel=[((*CLOCKS, *HAND_OVER, *DEADLINES, *ACKNOWLEDGEMENT), None)],
    )


def _struck_out(docket: Docket, reason: str) -> Docket:
    before = docket.document.note
    note = f"{before}; hủy số: {reason}" if before else f"Hủy số: {reason}"
    return ended(replace(docket, document=replace(docket.document, note=note)), DocumentState.VOIDED)


def _kind_of_number(docket: Docket) -> str:
    return "Số đi" if docket.document.direction is Direction.OUT else "Số đến"
