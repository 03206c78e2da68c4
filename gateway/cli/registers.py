"""Commands on the register, the quarantine and the journal."""

from __future__ import annotations

from collections.abc import Coroutine
from pathlib import Path
from typing import Annotated, Any

import typer

from gateway.app import Office
from gateway.cli.output import complain, entry_json, print_json, print_table, say, when
from gateway.cli.session import (
    EX_USAGE,
    AsJson,
    Config,
    actor,
    id_of,
    kept_by,
    looking_for,
    office_of,
    records_of,
    run,
)
from gateway.cli.story import explain, tell
from gateway.cli.words import waits_for
from gateway.errors import StaleState
from gateway.model.document import Document
from gateway.model.mail import Mail
from gateway.model.wording import STAGE_WORDS, STATUS_WORDS, UNREAD, day
from handlers import quarantine as acts

register = typer.Typer(no_args_is_help=True, help="Sổ văn bản đến.")
quarantine = typer.Typer(no_args_is_help=True, help="Thư tạm giữ, thư xử lý không thành công.")
audit = typer.Typer(no_args_is_help=True, help="Nhật ký nghiệp vụ.")

Limit = Annotated[int, typer.Option(min=1, max=1_000_000, help="Số dòng nhiều nhất.")]
Reason = Annotated[str, typer.Option("--reason", help="Lý do, ghi vào nhật ký.")]
MailId = Annotated[str, typer.Argument(metavar="ID", help="Mã thư, như M17.")]

_HELD, _FAILED = "đang tạm giữ", "xử lý không thành công"

register.command("show")(explain)
quarantine.command("show")(explain)


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
    )


@quarantine.command("list")
def list_quarantine(config: Config = None, as_json: AsJson = False) -> None:
    """In các thư chờ người quyết định, và thư đang chờ máy quét hoặc ổ đĩa."""
    run(_set_aside(config, as_json=as_json))


async def _set_aside(config: Path | None, *, as_json: bool) -> None:
    async with records_of(config) as records:
        waiting = await records.queries.set_aside()
        if as_json:
            for aside in waiting:
                print_json(
                    {
                        "id": aside.mail.label,
                        "stage": aside.mail.stage.value,
                        "received_at": aside.mail.received_at.isoformat(),
                        "from": aside.sender,
                        "subject": aside.subject,
                        "waiting_for": aside.mail.waiting_for,
                        "failed_stage": aside.mail.failed_stage.value if aside.mail.failed_stage else None,
                        "last_error": aside.mail.last_error,
                    }
                )
            return
        rows = [
            (aside.mail.label, _standing(aside.mail), when(aside.mail.received_at), aside.sender, aside.subject)
            for aside in waiting
        ]
        print_table("Thư tạm giữ", ("Mã", "Tình trạng", "Nhận lúc", "Người gửi", "Tiêu đề"), rows)


def _standing(mail: Mail) -> str:
    waits = f", đang chờ {waits_for(mail.waiting_for)}" if mail.waiting_for else ""
    return f"{STAGE_WORDS[mail.stage]}{waits}"


@quarantine.command("release")
def release(
    mail: MailId,
    reason: Reason,
    waive: Annotated[
        list[str] | None,
        typer.Option("--waive", metavar="RULE", help="Quy tắc chỉ được bỏ qua khi ghi đích danh; dùng được nhiều lần."),
    ] = None,
    config: Config = None,
) -> None:
    """Chấp nhận một thư đang giữ: bỏ qua các quy tắc đã giữ nó và xét lại."""
    run(_release(id_of(mail, "M"), _stated(reason), frozenset(waive or ()), config))


async def _release(mail_id: int, reason: str, waive: frozenset[str], config: Path | None) -> None:
    async with office_of(config) as office:
        act = acts.release(mail_id, actor=actor(), reason=reason, waive=waive, desk=office.desk)
        await _done(act, mail_id, _HELD, office)
        await tell(mail_id, kept_by(office), as_json=False, brief=True)


@quarantine.command("refuse")
def refuse(mail: MailId, reason: Reason, config: Config = None) -> None:
    """Không tiếp nhận một thư đang giữ, và báo cho người gửi."""
    run(_refuse(id_of(mail, "M"), _stated(reason), config))


async def _refuse(mail_id: int, reason: str, config: Path | None) -> None:
    async with office_of(config) as office:
        await _done(acts.refuse(mail_id, actor=actor(), reason=reason, desk=office.desk), mail_id, _HELD, office)
        await tell(mail_id, kept_by(office), as_json=False, brief=True)


def replay(mail: MailId, config: Config = None) -> None:
    """Xử lý lại một thư đã hỏng ba lần, từ đúng bước đã hỏng."""
    run(_replay(id_of(mail, "M"), config))


async def _replay(mail_id: int, config: Path | None) -> None:
    async with office_of(config) as office:
        await _done(acts.replay(mail_id, actor=actor(), desk=office.desk), mail_id, _FAILED, office)
        say(f"M{mail_id}: đã đưa trở lại hàng đợi")


def _stated(reason: str) -> str:
    """The reason for the journal; ends the program where it is blank."""
    if stated := " ".join(reason.split()):
        return stated
    complain("--reason: lý do không được để trống")
    raise typer.Exit(EX_USAGE)


async def _done(act: Coroutine[Any, Any, None], mail_id: int, expected: str, office: Office) -> None:
    """Await what a person decided; ends the program where the mail is not where it must be for that."""
    with looking_for(f"M{mail_id}"):
        try:
            await act
        except StaleState:
            mail = await office.desk.store.mail(mail_id)
            complain(f"{mail.label} {STAGE_WORDS[mail.stage]}; việc này chỉ làm được với thư {expected}")
            raise typer.Exit(1) from None


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
                "cause": report.cause or None,
            }
        )
    elif whole:
        say(f"Nhật ký nguyên vẹn: {report.events} sự kiện, mã băm cuối {report.head}")
    else:
        say(f"Nhật ký HỎNG ở sự kiện {report.broken_at}: {report.cause}")
    return whole
