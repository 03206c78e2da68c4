"""`vanthu register close`, `vanthu register closes`: days of the registers that are closed."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path
from typing import Annotated

import typer

from gateway.cli.output import complain, print_json, print_table, say, when
from gateway.cli.session import EX_USAGE, AsJson, Config, actor, office_of, records_of, run
from gateway.cli.whole_file import replacing, told_in_vietnamese
from gateway.model.day_close import DayClose
from gateway.model.wording import day
from gateway.receipts import FONTS
from gateway.shipped import shipped
from handlers.close_day import close_days


def close(config: Config = None, as_json: AsJson = False) -> None:
    """Đóng sổ mọi ngày đã qua mà chưa đóng; dịch vụ tự làm việc này sau nửa đêm."""
    run(_close(config, as_json=as_json))


async def _close(config: Path | None, *, as_json: bool) -> None:
    async with office_of(config) as office:
        closed = await close_days(office.desk, actor=actor(), source="cli")
    if as_json:
        for each in closed:
            print_json(_close_json(each))
    elif closed:
        say(f"Đã đóng sổ {len(closed)} ngày, từ {day(closed[0].day)} đến {day(closed[-1].day)}.")
    else:
        say("Mọi ngày đã qua đều đã đóng sổ.")


def closes(
    config: Config = None,
    year: Annotated[
        int | None, typer.Option(min=1000, max=9999, help="Chỉ các ngày của năm này.", show_default=False)
    ] = None,
    output: Annotated[
        Path | None, typer.Option("--output", "-o", help="Ghi biên bản đóng sổ ra tệp PDF này; cần --day.")
    ] = None,
    of_day: Annotated[
        datetime | None, typer.Option("--day", formats=["%Y-%m-%d", "%d/%m/%Y"], help="Chỉ ngày này.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """In các ngày đã đóng sổ: số văn bản, số đầu, số cuối của từng sổ, mã băm của nhật ký; lập biên bản một ngày."""
    if output is not None and of_day is None:
        complain("--output cần --day: mỗi biên bản cho một ngày")
        raise typer.Exit(EX_USAGE)
    place = output.absolute() if output else None
    run(_closes(config, year, of_day.date() if of_day else None, place, as_json=as_json))


async def _closes(
    config: Path | None, year: int | None, of_day: date | None, output: Path | None, *, as_json: bool
) -> None:
    async with records_of(config) as records:
        found = await records.queries.day_closes(year)
        settings = records.settings
        names = settings.books.names()
    if of_day is not None:
        found = [each for each in found if each.day == of_day]
        if not found:
            complain(f"ngày {day(of_day)} chưa đóng sổ")
            raise typer.Exit(1)
    if output is not None:
        from gateway.adapters.registers_out.pdf_close import write_close

        with told_in_vietnamese(output), replacing(output) as out:
            write_close(out, found[0], settings.agency.record(), names, shipped("templates") / FONTS)
        if not as_json:
            say(f"Đã ghi {output}: biên bản đóng sổ ngày {day(found[0].day)}.")
            return
    if as_json:
        for each in found:
            print_json(_close_json(each))
        return
    columns = ("Ngày", "Đóng lúc", "Văn bản", "Số trong ngày", "Hủy", "Sửa", "Sự kiện", "Mã băm cuối")
    rows = [
        (day(c.day), when(c.closed_at), c.entered, _numbers(c, names), c.voids, c.corrections, c.events, c.head)
        for c in found
    ]
    print_table("Các ngày đã đóng sổ", columns, rows)


def _numbers(closed: DayClose, names: dict[str, str]) -> str:
    """`Sổ văn bản đến: 12–18/2026`."""
    return "; ".join(
        f"{names.get(each.book, each.book)}: {each.first}–{each.last}/{each.year}"
        for each in closed.series
        if each.count
    )


def _close_json(closed: DayClose) -> dict[str, object]:
    return {
        "day": closed.day.isoformat(),
        "closed_at": closed.closed_at.isoformat(),
        "entered": closed.entered,
        "events": closed.events,
        "head": closed.head,
        **closed.counted,
    }
