"""Commands on the register and the journal."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from gateway.cli.correct import confirm, correct
from gateway.cli.entries import issue, void
from gateway.cli.output import entry_json, print_json, print_table, say, when
from gateway.cli.session import (
    AsJson,
    Config,
    records_of,
    run,
)
from gateway.cli.story import explain
from gateway.model.document import Document
from gateway.model.wording import PAPER_WORDS, STATUS_WORDS, UNREAD, day

register = typer.Typer(no_args_is_help=True, help="Sổ văn bản đến.")
audit = typer.Typer(no_args_is_help=True, help="Nhật ký nghiệp vụ.")

Limit = Annotated[int, typer.Option(min=1, max=1_000_000, help="Số dòng nhiều nhất.")]

register.command("show")(explain)
register.command("correct")(correct)
register.command("confirm")(confirm)
register.command("issue")(issue)
register.command("void")(void)


@register.command("list")
def list_register(
    config: Config = None,
    year: Annotated[int | None, typer.Option(min=1000, max=9999, help="Năm của sổ, bốn chữ số.")] = None,
    book: Annotated[str | None, typer.Option(help="Tên ngắn của sổ.")] = None,
    limit: Limit = 100_000,
    as_json: AsJson = False,
) -> None:
    """In các văn bản đã vào sổ, theo số đến."""
    run(_list(config, "", year, book, limit, as_json=as_json))


@register.command("search")
def search_register(
    words: Annotated[list[str], typer.Argument(help="Số, ký hiệu, tên loại, trích yếu, cơ quan ban hành.")],
    config: Config = None,
    limit: Limit = 100,
    as_json: AsJson = False,
) -> None:
    """Tìm văn bản có đủ các từ đã cho."""
    run(_list(config, " ".join(words), None, None, limit, as_json=as_json))


async def _list(
    config: Path | None, words: str, year: int | None, book: str | None, limit: int, *, as_json: bool
) -> None:
    async with records_of(config) as records:
        documents = await records.queries.register(book=book, year=year, words=words, limit=limit)
        if as_json:
            for document in documents:
                print_json(entry_json(document))
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
        print_table(records.settings.book.name, columns, [_row(document) for document in documents])


def _row(document: Document) -> tuple[object, ...]:
    header = document.header
    named = " ".join(word for word in (header.document_type, header.abstract) if word)
    return (
        f"{document.arrival_number}/{document.year}",
        when(document.received_at),
        header.identifier or UNREAD,
        day(header.issued_on) if header.issued_on else "",
        named or UNREAD,
        header.issuer,
        STATUS_WORDS[document.status],
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
