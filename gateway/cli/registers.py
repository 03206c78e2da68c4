"""Commands on the register and the journal."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Any

import typer

from gateway.cli import register_options as options
from gateway.cli.correct import confirm, correct
from gateway.cli.entries import issue, void
from gateway.cli.output import complain, entry_json, print_json, print_table, say, when
from gateway.cli.session import EX_USAGE, AsJson, Config, records_of, run
from gateway.cli.story import explain
from gateway.model.docket import Docket, DocumentState
from gateway.model.document import Document
from gateway.model.register_filter import RegisterOrder
from gateway.model.search import SearchQuestion
from gateway.model.wording import PAPER_WORDS, STATE_WORDS, STATUS_WORDS, UNREAD, day
from gateway.policy.search import terms_of

register = typer.Typer(no_args_is_help=True, help="Sổ văn bản đến.")
audit = typer.Typer(no_args_is_help=True, help="Nhật ký nghiệp vụ.")

Limit = Annotated[int, typer.Option(min=1, max=100_000_000, help="Số dòng nhiều nhất.")]

_AT_ONCE = 200
_STRUCK = frozenset({DocumentState.VOIDED, DocumentState.RECALLED})

register.command("show")(explain)
register.command("correct")(correct)
register.command("confirm")(confirm)
register.command("issue")(issue)
register.command("void")(void)


@register.command("list")
def list_register(
    config: Config = None,
    book: options.Book = None,
    year: options.Year = None,
    arrived_from: options.Arrived = None,
    arrived_to: options.ArrivedTo = None,
    issued_from: options.Issued = None,
    issued_to: options.IssuedTo = None,
    arrival: options.Arrival = None,
    status: options.OfStatus = None,
    state: options.OfState = None,
    unit: options.Unit = None,
    overdue: options.Overdue = False,
    direction: options.OfDirection = None,
    sender: options.Sender = None,
    urgency: options.OfUrgency = None,
    paper_owed: options.PaperOwed = False,
    newest: Annotated[bool, typer.Option("--newest", help="Văn bản vào sổ sau cùng in trước.")] = False,
    limit: Limit = 1_000_000,
    as_json: AsJson = False,
) -> None:
    """In các văn bản đã vào sổ, theo số đến."""
    chosen = options.Chosen(
        book,
        year,
        arrived_from,
        arrived_to,
        issued_from,
        issued_to,
        arrival,
        status,
        state,
        unit,
        overdue,
        direction,
        sender,
        urgency,
        paper_owed,
    )
    order = RegisterOrder.NEWEST if newest else RegisterOrder.NUMBER
    run(_list(config, chosen, order, limit, as_json=as_json))


@register.command("search")
def search_register(
    words: Annotated[
        list[str],
        typer.Argument(
            metavar="TỪ…",
            help="Từ có dấu hoặc không dấu; số văn bản như 955, 955/QĐ, 955-QĐ-SGTVT; số đến như 12/2026; "
            "cụm từ trong ngoặc kép.",
        ),
    ],
    config: Config = None,
    book: options.Book = None,
    year: options.Year = None,
    arrived_from: options.Arrived = None,
    arrived_to: options.ArrivedTo = None,
    issued_from: options.Issued = None,
    issued_to: options.IssuedTo = None,
    arrival: options.Arrival = None,
    status: options.OfStatus = None,
    state: options.OfState = None,
    unit: options.Unit = None,
    overdue: options.Overdue = False,
    direction: options.OfDirection = None,
    sender: options.Sender = None,
    urgency: options.OfUrgency = None,
    paper_owed: options.PaperOwed = False,
    limit: Annotated[int, typer.Option(min=1, max=1_000, help="Số dòng nhiều nhất.")] = 100,
    as_json: AsJson = False,
) -> None:
    """Tìm văn bản có đủ các từ đã cho, trong mọi thông tin của sổ và lời văn của tệp; hợp nhất in trước."""
    chosen = options.Chosen(
        book,
        year,
        arrived_from,
        arrived_to,
        issued_from,
        issued_to,
        arrival,
        status,
        state,
        unit,
        overdue,
        direction,
        sender,
        urgency,
        paper_owed,
    )
    run(_search(config, _quoted(words), chosen, limit, as_json=as_json))


def _quoted(words: list[str]) -> str:
    """What the shell took as one word with blanks was in quotes."""
    if len(words) == 1:
        return words[0]
    return " ".join(f'"{word}"' if " " in word and '"' not in word else word for word in words)


async def _list(
    config: Path | None, chosen: options.Chosen, order: RegisterOrder, limit: int, *, as_json: bool
) -> None:
    async with records_of(config) as records:
        wanted = await options.filter_of(chosen, records)
        title, left = records.settings.book.name, limit
        async for some in records.queries.stream_register(wanted, chunk=min(limit, _AT_ONCE), order=order):
            _show(title, some[:left], as_json=as_json)
            title, left = "", left - len(some)
            if left <= 0:
                return
        if left == limit:
            _show(title, (), as_json=as_json)


async def _search(config: Path | None, words: str, chosen: options.Chosen, limit: int, *, as_json: bool) -> None:
    try:
        terms = terms_of(words)
    except ValueError as error:
        complain(str(error))
        raise typer.Exit(EX_USAGE) from None
    async with records_of(config) as records:
        wanted = await options.filter_of(chosen, records)
        found = await records.queries.search(SearchQuestion(terms, wanted, limit))
    _show(records.settings.book.name, found.dockets, as_json=as_json)
    if found.partly:
        complain("mới xem các văn bản mới nhất có những từ này; thêm từ hoặc điều kiện để tìm cả văn bản cũ hơn")


def _show(title: str, dockets: Sequence[Docket], *, as_json: bool) -> None:
    if as_json:
        for docket in dockets:
            print_json(docket_json(docket))
        sys.stdout.flush()
        return
    columns = (
        "Số đến",
        "Ngày đến",
        "Số, ký hiệu",
        "Ngày",
        "Tên loại và trích yếu",
        "Cơ quan ban hành",
        "Tình trạng",
        "Bản giấy",
    )
    print_table(title, columns, map(_row, dockets))


def docket_json(docket: Docket) -> dict[str, Any]:
    """An entry as `register list` and `register search` print it, with how far its work has come."""
    return entry_json(docket.document) | {
        "state": docket.state.value,
        "units": [part.unit for part in docket.assignments],
    }


def _row(docket: Docket) -> tuple[object, ...]:
    document = docket.document
    header = document.header
    named = " ".join(word for word in (header.document_type, header.abstract) if word)
    return (
        f"{document.arrival_number}/{document.year}",
        when(document.received_at),
        header.identifier or UNREAD,
        day(header.issued_on) if header.issued_on else "",
        named or UNREAD,
        header.issuer,
        STATE_WORDS[docket.state] if docket.state in _STRUCK else STATUS_WORDS[document.status],
        _paper(document),
    )


def _paper(document: Document) -> str:
    if document.paper.received_at is not None:
        return "đã nhận"
    return PAPER_WORDS[document.paper.duty]


@audit.command("verify")
def verify(config: Config = None, as_json: AsJson = False) -> None:
    """Kiểm tra chuỗi băm của nhật ký; mã thoát 1 nếu nhật ký đã bị sửa."""
    if not run(_verify(config, as_json=as_json)):
        raise typer.Exit(1)


async def _verify(config: Path | None, *, as_json: bool) -> bool:
    async with records_of(config) as records:
        report = await records.queries.audit()
    whole = report.broken_at is None
    if as_json:
        print_json(
            {
                "whole": whole,
                "events": report.events,
                "head": report.head,
                "broken_at": report.broken_at,
                "days_closed": report.days,
                "cause": report.cause or None,
            }
        )
    elif whole:
        say(f"Nhật ký nguyên vẹn: {report.events} sự kiện, mã băm cuối {report.head}")
        if report.days:
            say(f"Đã đóng sổ {report.days} ngày, đều khớp với nhật ký.")
    else:
        say(f"Nhật ký HỎNG ở sự kiện {report.broken_at}: {report.cause}")
    return whole
