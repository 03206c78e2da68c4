"""Commands on paper copies: what is owed, what came, and the Director's word (Điều 5 khoản 1, 2, 3)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, time
from pathlib import Path
from typing import Annotated

import typer

from gateway.cli.output import complain, paper_json, print_json, print_table, say, when
from gateway.cli.session import AsJson, Config, actor, kept_by, looking_for, office_of, records_of, run
from gateway.cli.which import document_id_of
from gateway.clock import VIETNAM
from gateway.errors import NotOfStaff, UnfitDecision
from gateway.model.document import Document
from gateway.model.wording import UNREAD, arrival
from gateway.model.wording import paper as told_paper
from handlers.desk import Desk
from handlers.paper import PaperOrder, order_paper, to_receive, to_require, to_waive

paper = typer.Typer(no_args_is_help=True, help="Bản giấy của văn bản đến (Điều 5 khoản 1, 2, 3).")

Number = Annotated[str, typer.Argument(metavar="SỐ", help="Số đến 17/2026, hoặc mã văn bản D17.")]
Reason = Annotated[str, typer.Option("--reason", help="Lý do, ghi vào nhật ký.")]
Leader = Annotated[
    str | None, typer.Option("--as", help="Người có thẩm quyền đã cho ý kiến: mã trong danh bạ, hoặc địa chỉ thư.")
]


@paper.command()
def owed(config: Config = None, as_json: AsJson = False) -> None:
    """In các văn bản còn chờ bản giấy, chờ từ khi nào."""
    run(_owed(config, as_json=as_json))


async def _owed(config: Path | None, *, as_json: bool) -> None:
    async with records_of(config) as records:
        documents = await records.store.paper_owed()
    if as_json:
        for document in documents:
            print_json(_owed_json(document))
        return
    columns = ("Số đến", "Chờ từ", "Nhắc từ", "Số, ký hiệu", "Cơ quan ban hành", "Căn cứ", "Lý do")
    print_table("Văn bản còn chờ bản giấy", columns, [_row(document) for document in documents])


def _owed_json(document: Document) -> dict[str, object]:
    return {
        "id": document.label,
        "arrival_number": document.arrival_number,
        "year": document.year,
        "since": document.received_at.isoformat(),
        "identifier": document.header.identifier,
        "issuer": document.header.issuer,
        "sender": document.sender,
        **paper_json(document.paper),
    }


def _row(document: Document) -> tuple[object, ...]:
    paper, header = document.paper, document.header
    due = when(paper.due_at) if paper.due_at else ""
    said = (header.identifier or UNREAD, header.issuer or UNREAD)
    return (arrival(document), when(document.received_at), due, *said, paper.clause, paper.reason)


async def _order(
    number: str,
    order_of: Callable[[Desk], PaperOrder],
    config: Path | None,
    *,
    leader: str | None = None,
    as_json: bool,
) -> None:
    async with office_of(config) as office:
        try:
            document_id = await document_id_of(number, kept_by(office))
            with looking_for(number):
                document = await order_paper(document_id, order_of(office.desk), actor(), office.desk, leader=leader)
        except NotOfStaff:
            complain(f"{leader} không phải là người có thẩm quyền trong danh bạ")
            raise typer.Exit(1) from None
        except UnfitDecision as error:
            complain(str(error))
            raise typer.Exit(1) from None
    if as_json:
        print_json(_owed_json(document))
    else:
        say(f"Số đến {arrival(document)}: {told_paper(document.paper, reason=True)}")


@paper.command()
def received(
    number: Number,
    config: Config = None,
    on: Annotated[
        datetime | None, typer.Option("--on", formats=["%Y-%m-%d", "%d/%m/%Y"], help="Ngày nhận; không ghi là lúc này.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Ghi nhận đã nhận bản giấy của một văn bản."""
    order = to_receive(_on_day(on.date()) if on else None)
    run(_order(number, lambda _: order, config, as_json=as_json))


def _on_day(day: date) -> datetime:
    """The first moment of a local day: paper has no hour."""
    return datetime.combine(day, time(), VIETNAM)


@paper.command()
def require(
    number: Number, reason: Reason, config: Config = None, leader: Leader = None, as_json: AsJson = False
) -> None:
    """Giám đốc yêu cầu gửi kèm bản giấy của một văn bản, dù quy chế xếp vào loại không kèm."""
    run(_order(number, lambda desk: to_require(reason, desk), config, leader=leader, as_json=as_json))


@paper.command()
def waive(
    number: Number, reason: Reason, config: Config = None, leader: Leader = None, as_json: AsJson = False
) -> None:
    """Giám đốc cho phép không gửi bản giấy của một văn bản."""
    run(_order(number, lambda _: to_waive(reason), config, leader=leader, as_json=as_json))
