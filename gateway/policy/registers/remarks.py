"""Ghi chú: what a register says of an entry beside its columns."""

from __future__ import annotations

from gateway.model.docket import Docket, DocumentState
from gateway.model.wording import SECRECY_WORDS, URGENCY_WORDS, day
from gateway.policy.registers.columns import local_day

_ENDS = {
    DocumentState.VOIDED: "(hủy)",
    DocumentState.RECALLED: "Thu hồi",
    DocumentState.RETURNED: "Trả lại nơi gửi",
}


def incoming_remarks(docket: Docket, repeats: int) -> str:
    """How the entry ended where that was no ordinary end, marks, paper, repeats, and what the clerk noted."""
    told = [*_end(docket), *_marks(docket), *_paper(docket)]
    if docket.submission is not None:
        told.append("Văn bản trình UBND tỉnh")
    if repeats:
        told.append(f"Gửi lặp lại {repeats} lần")
    return _joined(told, docket)


def outgoing_remarks(docket: Docket) -> str:
    """How the entry ended, marks, and what the clerk noted."""
    return _joined([*_end(docket), *_marks(docket)], docket)


def _end(docket: Docket) -> list[str]:
    """How it ended, unless the note says so already."""
    end = _ENDS.get(docket.state)
    if end is None or end.strip("()").lower() in docket.document.note.lower():
        return []
    purged = docket.document.purged_at
    return [f"{end} ngày {day(local_day(purged))}" if purged else end]


def _marks(docket: Docket) -> list[str]:
    marks = docket.document.marks
    told = [SECRECY_WORDS[marks.secrecy]] if marks.secrecy else []
    return [*told, URGENCY_WORDS[marks.urgency]] if marks.urgency else told


def _paper(docket: Docket) -> list[str]:
    paper = docket.document.paper
    if paper.received_at is not None:
        return [f"Đã nhận bản giấy ngày {day(local_day(paper.received_at))}"]
    if docket.state.is_end and docket.state is not DocumentState.FINISHED:
        return []
    return ["Chưa nhận bản giấy"] if paper.is_owed else []


def _joined(told: list[str], docket: Docket) -> str:
    return "; ".join([*told, docket.document.note] if docket.document.note else told)
