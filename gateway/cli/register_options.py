"""The options by which entries of the register are chosen, the same wherever they are listed, searched or printed."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from typing import Annotated, TypeVar

import typer

from gateway.cli.output import complain
from gateway.cli.session import EX_USAGE, Records
from gateway.clock import VIETNAM, SystemClock
from gateway.model.directory import PartyKind
from gateway.model.docket import DocumentState
from gateway.model.document import Direction, Status
from gateway.model.facts import Urgency
from gateway.model.register_filter import RegisterFilter
from gateway.model.searchable import folded, words_of
from gateway.model.wording import STATE_WORDS, STATUS_WORDS, URGENCY_WORDS

Word = TypeVar("Word", bound=StrEnum)

Book = Annotated[str | None, typer.Option(help="Tên ngắn của sổ.")]
Year = Annotated[int | None, typer.Option(min=1000, max=9999, help="Năm của sổ, bốn chữ số.")]
Arrived = Annotated[str | None, typer.Option("--from", metavar="NGÀY", help="Đến từ ngày này, ví dụ 07/09/2026.")]
ArrivedTo = Annotated[str | None, typer.Option("--to", metavar="NGÀY", help="Đến chậm nhất ngày này.")]
Issued = Annotated[str | None, typer.Option("--issued-from", metavar="NGÀY", help="Ban hành từ ngày này.")]
IssuedTo = Annotated[str | None, typer.Option("--issued-to", metavar="NGÀY", help="Ban hành chậm nhất ngày này.")]
Arrival = Annotated[str | None, typer.Option(metavar="SỐ", help="Số đến, một số hoặc một khoảng: 17, 10-20, 10-.")]
OfStatus = Annotated[
    str | None, typer.Option("--status", help="Tình trạng theo mã quốc gia 01…16 hoặc bằng lời: “đang xử lý”.")
]
OfState = Annotated[
    str | None, typer.Option("--state", help=f"Bước xử lý: {', '.join(state.value for state in DocumentState)}.")
]
Unit = Annotated[str | None, typer.Option(help="Đơn vị được giao: mã hoặc tên gọi tắt trong danh bạ.")]
Overdue = Annotated[bool, typer.Option("--overdue", help="Chỉ văn bản có phần việc quá hạn.")]
OfDirection = Annotated[str | None, typer.Option("--direction", help="“den”, “di” hoặc “trinh” (chuyển tiếp).")]
Sender = Annotated[str | None, typer.Option(help="Địa chỉ thư của nơi gửi, hoặc @ và tên miền.")]
OfUrgency = Annotated[str | None, typer.Option("--urgency", help="“khan”, “thuong_khan” hoặc “hoa_toc”.")]
PaperOwed = Annotated[bool, typer.Option("--paper-owed", help="Chỉ văn bản còn chờ bản giấy.")]

_DAY = re.compile(r"(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})")
_RANGE = re.compile(r"(\d{1,9})(?:\s*(-|–|\.\.)\s*(\d{1,9})?)?")
_SENDER = re.compile(r"[^\s@]*@[^\s@]+")
_YEARS = range(1900, 2200)
_DIRECTIONS: Mapping[Direction, str] = {Direction.IN: "den", Direction.OUT: "di", Direction.THROUGH: "trinh"}


@dataclass(frozen=True, slots=True)
class Chosen:
    """What was written after each option."""

    book: str | None = None
    year: int | None = None
    arrived_from: str | None = None
    arrived_to: str | None = None
    issued_from: str | None = None
    issued_to: str | None = None
    arrival: str | None = None
    status: str | None = None
    state: str | None = None
    unit: str | None = None
    overdue: bool = False
    direction: str | None = None
    sender: str | None = None
    urgency: str | None = None
    paper_owed: bool = False


async def filter_of(chosen: Chosen, records: Records) -> RegisterFilter:
    """What the options mean; ends the program with one line where one of them cannot be meant."""
    arrival = _range(chosen.arrival)
    status = _word("--status", chosen.status, Status, STATUS_WORDS)
    state = _word("--state", chosen.state, DocumentState, STATE_WORDS)
    since, until = _days("--from", chosen.arrived_from, "--to", chosen.arrived_to)
    issued_from, issued_to = _days("--issued-from", chosen.issued_from, "--issued-to", chosen.issued_to)
    return RegisterFilter(
        book=await _book(chosen.book, records),
        year=chosen.year,
        arrival_from=arrival[0],
        arrival_to=arrival[1],
        arrived_from=_midnight(since),
        arrived_before=_midnight(until + timedelta(days=1)) if until else None,
        issued_from=issued_from,
        issued_to=issued_to,
        direction=_word("--direction", chosen.direction, Direction, _DIRECTIONS),
        statuses=frozenset({status} if status else ()),
        states=frozenset({state} if state else ()),
        unit=await _unit(chosen.unit, records),
        overdue_at=SystemClock().now() if chosen.overdue else None,
        sender=_sender(chosen.sender),
        urgency=_word("--urgency", chosen.urgency, Urgency, URGENCY_WORDS),
        paper_owed=chosen.paper_owed,
    )


def _refuse(option: str, written: str, meant: str) -> typer.Exit:
    complain(f"{option}: “{written}” không dùng được; {meant}")
    return typer.Exit(EX_USAGE)


def _day(option: str, written: str | None) -> date | None:
    if written is None:
        return None
    found = _DAY.fullmatch(written.strip())
    try:
        day = date(int(found[3]), int(found[2]), int(found[1])) if found else date.fromisoformat(written.strip())
    except ValueError:
        raise _refuse(option, written, "ngày ghi dạng 07/09/2026") from None
    if day.year not in _YEARS:
        raise _refuse(option, written, f"năm từ {_YEARS[0]} đến {_YEARS[-1]}")
    return day


def _days(since: str, first: str | None, until: str, last: str | None) -> tuple[date | None, date | None]:
    """Both ends of a range of days, by the names of their options."""
    days = _day(since, first), _day(until, last)
    if days[0] and days[1] and days[0] > days[1]:
        raise _refuse(since, first or "", f"ngày này sau ngày của {until}")
    return days


def _midnight(day: date | None) -> datetime | None:
    return datetime.combine(day, time(), VIETNAM) if day else None


def _range(written: str | None) -> tuple[int | None, int | None]:
    if written is None:
        return None, None
    found = _RANGE.fullmatch(written.strip())
    if found is None:
        raise _refuse("--arrival", written, "ghi một số hoặc một khoảng, như 17, 10-20, 10-")
    first = int(found[1])
    last = int(found[3]) if found[3] else None if found[2] else first
    if last is not None and first > last:
        raise _refuse("--arrival", written, "số đầu phải không lớn hơn số cuối")
    return first, last


def _sender(written: str | None) -> str | None:
    if written is None or _SENDER.fullmatch(written):
        return written
    raise _refuse("--sender", written, "ghi địa chỉ thư, hoặc @ và tên miền, như @quangngai.gov.vn")


async def _book(written: str | None, records: Records) -> str | None:
    """A book that there is, or one that is kept no more and has entries."""
    names = records.settings.books.names()
    if written is None or written in names or await records.queries.count(RegisterFilter(book=written)):
        return written
    known = ", ".join(f"{code} ({name})" for code, name in names.items())
    raise _refuse("--book", written, f"có: {known}")


def _word(option: str, written: str | None, of: type[Word], told: Mapping[Word, str]) -> Word | None:
    """A member by its value or by its words, with marks or without."""
    if written is None:
        return None
    said = _plain(written)
    for member in of:
        if said in {_plain(member.value), _plain(told[member])}:
            return member
    known = ", ".join(f"{member.value} ({told[member]})" for member in of)
    raise _refuse(option, written, f"có: {known}")


def _plain(words: str) -> str:
    return folded(" ".join(words_of(words)))


async def _unit(written: str | None, records: Records) -> str | None:
    if written is None:
        return None
    said = _plain(written)
    units = [party for party in (await records.store.own_directory()).parties if party.kind is PartyKind.UNIT]
    for unit in units:
        if said in {_plain(name) for name in (unit.code, unit.short_name, unit.name) if name}:
            return unit.code
    known = ", ".join(unit.short_name or unit.code for unit in units) or "danh bạ chưa có đơn vị nào"
    raise _refuse("--unit", written, f"có: {known}")
