"""What stands in the single columns of a register."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from zoneinfo import ZoneInfo

from gateway.model.docket import Assignment, Docket
from gateway.model.document import Document
from gateway.model.header import HeaderFields
from gateway.model.wording import SHARE_WORDS, STATE_WORDS, UNREAD, day
from gateway.policy.books import printed_number

VIETNAM = ZoneInfo("Asia/Ho_Chi_Minh")


def local_day(moment: datetime) -> date:
    """The calendar day in Vietnam."""
    return moment.astimezone(VIETNAM).date()


def arrived_on(document: Document) -> date:
    """Ngày đến: the day of the durable receipt."""
    return local_day(document.received_at)


def transferred_on(docket: Docket) -> date | None:
    """Ngày chuyển."""
    return local_day(docket.transferred_at) if docket.transferred_at else None


def identifier(header: HeaderFields) -> str | None:
    """Số, ký hiệu văn bản: as much of it as there is."""
    if header.number and header.notation:
        return f"{header.number}/{header.notation}"
    return header.number or header.notation


def outgoing_identifier(document: Document) -> str | None:
    """Số, ký hiệu văn bản đi: with the number it was given where none was read."""
    header = document.header
    if header.number:
        return identifier(header)
    number = printed_number(document.arrival_number)
    return f"{number}/{header.notation}" if header.notation else number


def abstract(header: HeaderFields) -> str:
    """Tên loại và trích yếu nội dung văn bản; an entry of which nothing could be read says so."""
    return " ".join(words for words in (header.document_type, header.abstract) if words) or UNREAD


def described(header: HeaderFields) -> str:
    """Tên loại, số, ký hiệu, ngày, tháng và tên cơ quan, tổ chức ban hành văn bản."""
    told = [header.document_type or "Văn bản"]
    if number := identifier(header):
        told.append(f"số {number}")
    if header.issued_on:
        told.append(f"ngày {day(header.issued_on)}")
    if header.issuer:
        told.append(f"của {header.issuer}")
    return " ".join(told) if len(told) > 1 else abstract(header)


def receivers(docket: Docket, names: Mapping[str, str]) -> str | None:
    """Đơn vị hoặc người nhận: the lead unit first, each with its specialist; before that, who it was presented to."""
    if docket.assignments:
        return "; ".join(_receiver(part, names) for part in _lead_first(docket))
    return names.get(docket.presented_to, docket.presented_to) if docket.presented_to else None


def _receiver(part: Assignment, names: Mapping[str, str]) -> str:
    unit = names.get(part.unit, part.unit)
    return f"{unit} ({names.get(part.specialist, part.specialist)})" if part.specialist else unit


def deadline(docket: Docket, names: Mapping[str, str]) -> date | str | None:
    """Thời hạn giải quyết: one day where all units have the same one, else each unit's; before that, the day until
    which the document asks for an answer.
    """
    parts = _lead_first(docket)
    days = [local_day(part.deadline) if part.deadline else None for part in parts]
    given = {due for due in days if due is not None}
    if not given:
        return docket.document.header.reply_by
    if len(set(days)) == 1 or len(parts) == 1:
        return given.pop()
    return "; ".join(
        f"{names.get(part.unit, part.unit)}: {day(due)}" for part, due in zip(parts, days, strict=True) if due
    )


def progress(docket: Docket, names: Mapping[str, str]) -> str:
    """Tiến độ giải quyết: the state, and of several units what each has come to."""
    state = STATE_WORDS[docket.state]
    if len(docket.assignments) <= 1 or docket.state.is_end:
        told = [state]
    else:
        told = [state, *(f"{names.get(p.unit, p.unit)}: {SHARE_WORDS[p.state]}" for p in _lead_first(docket))]
    sendings = docket.submission.forwardings if docket.submission else ()
    if sendings and (acknowledged := sendings[-1].acknowledged_at):
        told.append(f"nơi nhận văn bản trình xác nhận ngày {day(local_day(acknowledged))}")
    return "; ".join(told)


def answers(docket: Docket) -> str | None:
    """Số, ký hiệu văn bản trả lời."""
    return "; ".join(answer.identifier for answer in docket.answers) or None


def _lead_first(docket: Docket) -> list[Assignment]:
    return sorted(docket.assignments, key=lambda part: not part.lead)
