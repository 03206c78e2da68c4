"""`vanthu register issue` and `void`: a number of the outgoing book given, a number given in error struck out."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path
from typing import Annotated

import typer

from gateway.app import Office
from gateway.cli.output import complain, entry_json, print_json, say
from gateway.cli.session import AsJson, Config, actor, kept_by, looking_for, office_of, run
from gateway.cli.which import document_id_of
from gateway.errors import UnfitDecision
from gateway.model.act import Act, Order
from gateway.model.wording import arrival, day
from gateway.policy.acts import Decision
from gateway.workers import sniff_job
from handlers.by_hand import order_by_operator
from handlers.issue import IssuedFile, IssueOrder
from handlers.issue import issue as enter_issued

_COPY = 1024 * 1024
_DAYS = ["%Y-%m-%d", "%d/%m/%Y"]


def void(
    number: Annotated[str, typer.Argument(metavar="SỐ", help="Số đến 17/2026, hoặc mã văn bản D17.")],
    reason: Annotated[str, typer.Option("--reason", help="Lý do hủy; ghi vào sổ và nhật ký.")],
    config: Config = None,
    as_json: AsJson = False,
) -> None:
    """Hủy một số vào sổ nhầm: dòng và số vẫn nằm trong sổ, ghi chú nêu lý do."""
    run(_void(number, reason, config, as_json=as_json))


async def _void(number: str, reason: str, config: Path | None, *, as_json: bool) -> None:
    async with office_of(config) as office:
        document_id = await document_id_of(number, kept_by(office))
        with looking_for(number):
            performed = await order_by_operator(document_id, Order(Act.VOID, text=reason), actor(), office.desk)
    if not isinstance(performed.answer, Decision):
        complain(performed.answer.text)
        raise typer.Exit(1)
    if as_json:
        print_json({**entry_json(performed.docket.document), "state": performed.docket.state.value})
    else:
        say(performed.answer.result)


def issue(
    files: Annotated[
        list[Path],
        typer.Argument(exists=True, dir_okay=False, readable=True, help="Tệp văn bản, rồi các phụ lục."),
    ],
    config: Config = None,
    kind: Annotated[str, typer.Option("--type", help="Tên loại, như Quyết định, Công văn.")] = "",
    abstract: Annotated[str, typer.Option("--abstract", help="Trích yếu.")] = "",
    signer: Annotated[str, typer.Option("--signer", help="Người ký.")] = "",
    capacity: Annotated[str, typer.Option("--capacity", help="Quyền hạn, chức vụ người ký.")] = "",
    to: Annotated[list[str] | None, typer.Option("--to", help="Nơi nhận; ghi nhiều lần được.")] = None,
    number: Annotated[int | None, typer.Option("--number", min=1, help="Số đã ghi trên văn bản, để đối chiếu.")] = None,
    notation: Annotated[str, typer.Option("--notation", help="Ký hiệu; không ghi thì theo loại: QĐ-SGTVT.")] = "",
    on: Annotated[
        datetime | None,
        typer.Option("--date", formats=_DAYS, help="Ngày ban hành; không ghi là ngày trong tệp, hoặc hôm nay."),
    ] = None,
    reply_by: Annotated[datetime | None, typer.Option("--reply-by", formats=_DAYS, help="Hạn trả lời.")] = None,
    copies: Annotated[int | None, typer.Option("--copies", min=1, help="Số lượng bản.")] = None,
    kept: Annotated[str, typer.Option("--kept-by", help="Đơn vị, người nhận bản lưu.")] = "",
    note: Annotated[str, typer.Option("--note", help="Ghi chú.")] = "",
    answers: Annotated[
        list[str] | None,
        typer.Option("--answers", help="Văn bản đến được trả lời: 12/2026 hoặc D17; ghi nhiều lần được."),
    ] = None,
    not_secret: Annotated[
        bool, typer.Option("--not-secret", help="Đã xem tệp: chỗ giống dấu chỉ độ mật không phải dấu mật.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Đăng ký văn bản đi: cấp số tiếp theo của sổ, quét và lưu tệp.

    Mục không ghi thì lấy theo tệp, nếu đọc được chắc chắn. Chỉ vào sổ; cổng không gửi văn bản đi.
    """
    said = {
        "document_type": kind,
        "abstract": abstract,
        "signer": signer,
        "capacity": capacity,
        "recipients": "; ".join(to or ()),
        "notation": notation,
    }
    days = {"issued_on": on, "reply_by": reply_by}
    fields: dict[str, str | date] = {**said, **{name: at.date() for name, at in days.items() if at is not None}}
    order = IssueOrder((), fields, number, copies, kept, note, not_secret=not_secret)
    run(_issue(files, order, answers or [], config, as_json=as_json))


async def _issue(
    files: list[Path], order: IssueOrder, answers: list[str], config: Path | None, *, as_json: bool
) -> None:
    async with office_of(config) as office:
        ids = [await document_id_of(each, kept_by(office)) for each in answers]
        taken = tuple([await _taken(file, office) for file in files])
        whole = replace(order, files=taken, answers=tuple(ids))
        try:
            with looking_for(", ".join(answers)):
                document = await enter_issued(whole, office.settings.agency.record(), actor(), office.desk)
        except UnfitDecision as error:
            complain(str(error))
            raise typer.Exit(1) from None
    if as_json:
        print_json(entry_json(document))
        return
    name = office.settings.books.names()[document.book]
    issued_on = f" ngày {day(document.header.issued_on)}" if document.header.issued_on else ""
    say(f"{name}: số đi {arrival(document)}, {document.label}. Văn bản số {document.header.identifier}{issued_on}.")


async def _taken(file: Path, office: Office) -> IssuedFile:
    """The bytes in the blob store, with their true type."""
    writer = office.blobs.writer()
    try:
        with await asyncio.to_thread(file.open, "rb") as content:
            while chunk := await asyncio.to_thread(content.read, _COPY):
                await writer.write(chunk)
        blob = await writer.commit()
    finally:
        await writer.discard()
    return IssuedFile(file.name, blob, await office.sandbox.run(sniff_job, office.blobs.path(blob.sha256)))
