"""`vanthu register export`: a register as the law has it printed, signed and bound, or as a table to work with."""

from __future__ import annotations

import sys
from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import IO, Annotated, Any, Protocol

import typer
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from gateway.cli.output import complain, errors, print_json, say
from gateway.cli.session import EX_USAGE, AsJson, Config, Records, records_of, run
from gateway.cli.whole_file import replacing, told_in_vietnamese
from gateway.clock import VIETNAM, SystemClock, local
from gateway.model.document import Direction
from gateway.model.journal import JournalHead
from gateway.model.legal_register import Cover, LegalRegister, RegisterForm, RegisterRow, Spanned
from gateway.model.register_filter import RegisterFilter
from gateway.model.wording import count, moment
from gateway.policy.books import Book
from gateway.policy.registers import FORMS, row_of
from gateway.receipts import FONTS
from gateway.shipped import shipped

_STANDARD_OUTPUT = "-"
_DAYS = ["%Y-%m-%d", "%d/%m/%Y"]


class ExportFormat(StrEnum):
    """What file comes out."""

    PDF = "pdf"
    XLSX = "xlsx"
    CSV = "csv"


class RegisterWriter(Protocol):
    """Writes a register row by row."""

    def add(self, row: RegisterRow) -> None:
        """Write a row."""
        ...

    def close(self, spanned: Spanned) -> None:
        """Write what ends the file, which stays open."""
        ...


@dataclass(frozen=True, slots=True)
class _Wanted:
    """What was asked for; the bounds are local days, both among them."""

    register: LegalRegister
    year: int
    book: Book
    since: date | None
    until: date | None
    volume: int | None

    @property
    def form(self) -> RegisterForm:
        """The register's form."""
        return FORMS[self.register]

    @property
    def chosen(self) -> RegisterFilter:
        """The entries."""
        return RegisterFilter(
            book=self.book.code,
            year=self.year,
            arrived_from=_midnight(self.since) if self.since else None,
            arrived_before=_midnight(self.until + timedelta(days=1)) if self.until else None,
        )


def export(
    register: Annotated[
        LegalRegister,
        typer.Option(
            "--register", help="Sổ đăng ký văn bản đến (den), văn bản đi (di), theo dõi giải quyết (theo-doi)."
        ),
    ],
    output: Annotated[str, typer.Option("--output", "-o", help="Tệp sẽ ghi ra; csv có thể ghi - để in ra màn hình.")],
    file_format: Annotated[
        ExportFormat, typer.Option("--format", help="pdf để in và đóng quyển; xlsx, csv để làm việc tiếp.")
    ] = ExportFormat.PDF,
    year: Annotated[
        int | None, typer.Option(min=1000, max=9999, help="Năm của sổ; không ghi là năm nay.", show_default=False)
    ] = None,
    book: Annotated[
        str | None, typer.Option(help="Tên ngắn của sổ; không ghi là sổ chính.", show_default=False)
    ] = None,
    since: Annotated[datetime | None, typer.Option("--from", formats=_DAYS, help="Từ ngày đến, kể cả ngày ấy.")] = None,
    until: Annotated[datetime | None, typer.Option("--to", formats=_DAYS, help="Đến hết ngày.")] = None,
    volume: Annotated[int | None, typer.Option(min=1, max=999, help="Quyển số, in ở bìa.")] = None,
    config: Config = None,
    as_json: AsJson = False,
) -> None:
    """Xuất sổ theo mẫu Phụ lục IV Nghị định 30/2020/NĐ-CP, đủ các cột."""
    to_screen = output == _STANDARD_OUTPUT
    if to_screen and (file_format is not ExportFormat.CSV or as_json):
        complain("chỉ csv, không kèm --json, mới in ra màn hình được; hãy ghi tên tệp vào --output")
        raise typer.Exit(EX_USAGE)
    bounds = (since.date() if since else None, until.date() if until else None)
    days = [day for day in bounds if day is not None]
    year = year or (days[0].year if days else local(SystemClock().now()).year)
    if any(day.year != year for day in days) or days != sorted(days):
        complain(f"--from, --to phải là hai ngày của năm {year}, ngày trước đứng trước; mỗi năm một sổ")
        raise typer.Exit(EX_USAGE)
    place = None if to_screen else Path(output).absolute()
    run(_export(register, file_format, place, year, book, bounds, volume, config, as_json=as_json))


async def _export(
    register: LegalRegister,
    file_format: ExportFormat,
    place: Path | None,
    year: int,
    code: str | None,
    bounds: tuple[date | None, date | None],
    volume: int | None,
    config: Path | None,
    *,
    as_json: bool,
) -> None:
    async with records_of(config) as records:
        wanted = _Wanted(register, year, _book(register, code, records), *bounds, volume)
        head, now = await records.store.journal_head(), SystemClock().now()
        open_writer = _writers(wanted, records, head, now)[file_format]
        with _opened(place) as (out, scratch):
            spanned = await _fill(open_writer(out, scratch), wanted, records)
    if place is None:
        return
    if as_json:
        print_json(_summary(wanted, file_format, place, spanned))
    else:
        say(f"Đã ghi {place}: {wanted.form.heading.lower()} năm {year}, {count(spanned.rows)} văn bản.")


def _book(register: LegalRegister, code: str | None, records: Records) -> Book:
    """The book that was named, else the main one; ends the program where there is no such book of that direction."""
    books = records.settings.books
    direction = Direction.OUT if register is LegalRegister.OUTGOING else Direction.IN
    if code is None:
        return books.issued if direction is Direction.OUT else books.main
    fitting = {book.code: book for book in books.all if book.direction is direction}
    if code not in fitting:
        complain(f"không có sổ {code}; có: {', '.join(fitting)}")
        raise typer.Exit(1)
    return fitting[code]


def _writers(
    wanted: _Wanted, records: Records, head: JournalHead, now: datetime
) -> Mapping[ExportFormat, Callable[[IO[bytes], Path], RegisterWriter]]:
    """How each kind of file is begun; the libraries of one are loaded for it alone."""
    agency, books = records.settings.agency.record(), records.settings.books
    ordinary = wanted.book in {books.main, books.issued}
    cover = Cover(
        agency.superior, agency.name, agency.place, "" if ordinary else wanted.book.name, wanted.year, wanted.volume
    )

    def pdf(out: IO[bytes], scratch: Path) -> RegisterWriter:
        from gateway.adapters.registers_out.pdf_register import PdfRegister

        stamp = _printed_from(head, now)
        fonts = shipped("templates") / FONTS
        return PdfRegister(out, wanted.form, cover, scratch=scratch, fonts=fonts, stamp=stamp)

    def xlsx(out: IO[bytes], scratch: Path) -> RegisterWriter:
        from gateway.adapters.registers_out.xlsx_file import XlsxRegister

        return XlsxRegister(out, wanted.form, cover, scratch=scratch, made=now)

    def csv(out: IO[bytes], _scratch: Path) -> RegisterWriter:
        from gateway.adapters.registers_out.csv_file import CsvRegister

        return CsvRegister(out, wanted.form)

    return {ExportFormat.PDF: pdf, ExportFormat.XLSX: xlsx, ExportFormat.CSV: csv}


@contextmanager
def _opened(place: Path | None) -> Iterator[tuple[IO[bytes], Path]]:
    """The file, or a pipe where there is none, and a folder for what is not in it yet: on the disk that has room."""
    if place is None:
        with TemporaryDirectory() as scratch:
            yield sys.stdout.buffer, Path(scratch)
        return
    with (
        told_in_vietnamese(place),
        replacing(place) as out,
        TemporaryDirectory(prefix=".", suffix=".part", dir=place.resolve().parent) as scratch,
    ):
        yield out, Path(scratch)


async def _fill(writer: RegisterWriter, wanted: _Wanted, records: Records) -> Spanned:
    spanned = Spanned()
    with _progress(await records.queries.count(wanted.chosen), wanted.form.heading) as advance:
        async for rows in _rows(wanted, records):
            for row in rows:
                writer.add(row)
                spanned = spanned.with_row(row)
            advance(len(rows))
        writer.close(spanned)
    return spanned


async def _rows(wanted: _Wanted, records: Records) -> AsyncIterator[list[RegisterRow]]:
    directory = await records.store.own_directory()
    names = {party.code: party.name for party in directory.parties}
    repeats = {} if wanted.register is LegalRegister.OUTGOING else await records.queries.repeats()
    async for dockets in records.queries.stream_register(wanted.chosen):
        yield [row_of(wanted.register, docket, names, repeats.get(docket.document.id, 0)) for docket in dockets]


@contextmanager
def _progress(total: int, heading: str) -> Iterator[Callable[[int], Any]]:
    """A bar on a terminal, nothing elsewhere."""
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=errors, transient=True, disable=not errors.is_terminal) as progress:
        task = progress.add_task(heading, total=total)
        yield lambda more: progress.advance(task, more)


def _printed_from(head: JournalHead, now: datetime) -> str:
    return f"Xuất từ hệ thống lúc {moment(now)}; nhật ký đến sự kiện số {head.sequence}, mã băm SHA-256 {head.hash}."


def _summary(wanted: _Wanted, file_format: ExportFormat, place: Path, spanned: Spanned) -> dict[str, object]:
    return {
        "file": str(place),
        "format": file_format.value,
        "register": wanted.register.value,
        "book": wanted.book.code,
        "year": wanted.year,
        "rows": spanned.rows,
        "voided": spanned.struck,
        "first": spanned.first,
        "last": spanned.last,
        "since": spanned.since.isoformat() if spanned.since else None,
        "until": spanned.until.isoformat() if spanned.until else None,
    }


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), VIETNAM)
