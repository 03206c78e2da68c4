"""`vanthu stamp`: the arrival stamp on a copy of page 1."""

from __future__ import annotations

import asyncio
import re
import shutil
from pathlib import Path
from typing import Annotated

import typer

from gateway.app import Office
from gateway.cli.output import complain, say
from gateway.cli.session import Config, office_of, run
from gateway.clock import local
from gateway.model.docket import Docket, DocumentState
from gateway.model.document import Document
from gateway.model.stamp import Stamp, StampColour
from gateway.model.wording import STATE_WORDS
from gateway.receipts import FONTS
from gateway.shipped import shipped
from gateway.workers import stamp_job
from handlers.outlook import names_in
from handlers.staff import staff_of

_NUMBER = re.compile(r"(\d{1,9})(?:/(\d{4}))?")
_COPY = "trang-1.pdf"


def stamp(
    number: Annotated[str, typer.Argument(metavar="SỐ", help="Số đến, như 17/2026; không ghi năm là năm nay.")],
    output: Annotated[Path, typer.Option("--output", "-o", dir_okay=False, help="Tệp PDF sẽ ghi ra.")],
    colour: Annotated[
        StampColour, typer.Option("--colour", help="Màu dấu: red (đỏ) hoặc blue (xanh).")
    ] = StampColour.RED,
    file_notation: Annotated[str, typer.Option("--file-notation", help="Số và ký hiệu hồ sơ.")] = "",
    config: Config = None,
) -> None:
    """Đóng dấu “ĐẾN” lên bản sao trang 1 của tệp chính; bản gốc giữ nguyên cùng chữ ký số."""
    run(_stamp(number.strip(), output.absolute(), colour, file_notation, config))


async def _stamp(number: str, output: Path, colour: StampColour, file_notation: str, config: Path | None) -> None:
    async with office_of(config) as office:
        document = await _document(number, office)
        docket = await office.desk.store.docket(document.id)
        if docket.state in {DocumentState.VOIDED, DocumentState.RECALLED}:
            complain(f"số đến {number}: văn bản {STATE_WORDS[docket.state]}")
            raise typer.Exit(1)
        drawn = Stamp(
            agency=office.settings.agency.name,
            number=f"{document.arrival_number}/{document.year}",
            arrived_on=f"{local(document.received_at):%d/%m/%Y}",
            passed_to=await _passed_to(docket, office),
            file_notation=file_notation,
            colour=colour,
        )
        await _draw(document, drawn, output, office)


async def _draw(document: Document, drawn: Stamp, output: Path, office: Office) -> None:
    main = next(file for file in document.files if file.main)
    source, fonts = office.blobs.path(main.sha256), shipped("templates") / FONTS
    async with office.blobs.scratch() as scratch:
        copy = scratch / _COPY
        stamped = await office.sandbox.run(stamp_job, source, main.type, copy, drawn, fonts)
        if stamped.fault:
            complain(f"{main.name}: {stamped.fault}")
            raise typer.Exit(1)
        await asyncio.to_thread(shutil.copyfile, copy, output)
    say(f"Đã ghi {output}: trang 1 của {main.name}, số đến {drawn.number}.")
    if stamped.spot and not stamped.spot.free:
        say("Trang không còn chỗ trống đủ rộng; dấu đè lên một phần chữ ở đầu trang.")


async def _document(number: str, office: Office) -> Document:
    found = _NUMBER.fullmatch(number)
    if found is None:
        complain(f"“{number}” không phải là số đến như 17/2026")
        raise typer.Exit(2)
    year = int(found[2]) if found[2] else local(office.desk.clock.now()).year
    documents = await office.queries.by_number(int(found[1]), year)
    if not documents:
        complain(f"sổ không có số đến {found[1]}/{year}")
        raise typer.Exit(1)
    if len(documents) > 1:
        labels = ", ".join(document.label for document in documents)
        complain(f"nhiều sổ có số đến {found[1]}/{year}: {labels}; hãy đóng dấu tay")
        raise typer.Exit(1)
    return documents[0]


async def _passed_to(docket: Docket, office: Office) -> str:
    """To whom the document went: the lead unit, or who it was presented to."""
    code = docket.lead.unit if docket.lead else docket.presented_to
    if code is None:
        return ""
    return names_in(await staff_of(office.desk), office.desk).get(code, code)
