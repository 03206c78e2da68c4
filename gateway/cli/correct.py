"""`vanthu register correct` and `confirm`: the register's fields, put right or said to be right on the machine."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from gateway.app import Office
from gateway.cli.output import complain, entry_json, print_json, say
from gateway.cli.session import EX_USAGE, AsJson, Config, actor, kept_by, looking_for, office_of, run
from gateway.cli.which import document_id_of
from gateway.clock import local
from gateway.errors import AlreadyRegistered
from gateway.model.act import Act, Correction, Order
from gateway.policy.acts import Decision, Refusal
from gateway.policy.orders.corrections import correction_of, field_names_in
from handlers.act import Performed
from handlers.by_hand import order_by_operator

Number = Annotated[str, typer.Argument(metavar="SỐ", help="Số đến 17/2026, hoặc mã văn bản D17.")]
_TRIES = 3


def correct(
    number: Number,
    assignments: Annotated[
        list[str],
        typer.Argument(metavar="MỤC=GIÁ_TRỊ…", help='Như số=955 "trích yếu=Về việc họp"; không có thì ghi “không có”.'),
    ],
    config: Config = None,
    reason: Annotated[str, typer.Option("--reason", help="Lý do, ghi vào nhật ký.")] = "",
    as_json: AsJson = False,
) -> None:
    """Sửa thông tin của một văn bản trong sổ; giá trị cũ được lưu, các quy tắc khi vào sổ được xét lại."""
    run(_correct(number, assignments, reason, config, as_json=as_json))


async def _correct(number: str, assignments: list[str], reason: str, config: Path | None, *, as_json: bool) -> None:
    async with office_of(config) as office:
        read = correction_of(assignments, today=local(office.desk.clock.now()).date())
        if isinstance(read, str):
            complain(read)
            raise typer.Exit(EX_USAGE)
        correction = Correction(read.values, reason or read.reason, read.same_as)
        order = Order(Act.CORRECT, (f"Sửa: {'; '.join(assignments)}",), correction=correction)
        await _order(number, order, office, as_json=as_json)


def confirm(
    number: Number,
    fields: Annotated[
        list[str] | None,
        typer.Argument(metavar="MỤC…", help="Như số ngày; không ghi là mọi mục đang hỏi.", show_default=False),
    ] = None,
    config: Config = None,
    as_json: AsJson = False,
) -> None:
    """Xác nhận thông tin máy đọc chưa chắc, mà hệ thống đang hỏi, là đúng."""
    run(_confirm(number, fields or [], config, as_json=as_json))


async def _confirm(number: str, fields: list[str], config: Path | None, *, as_json: bool) -> None:
    names = field_names_in(",".join(fields))
    if isinstance(names, str):
        complain(names)
        raise typer.Exit(EX_USAGE)
    async with office_of(config) as office:
        await _order(number, Order(Act.CONFIRM, ("Xác nhận",), fields=names), office, as_json=as_json)


async def _order(number: str, order: Order, office: Office, *, as_json: bool) -> None:
    document_id = await document_id_of(number, kept_by(office))
    with looking_for(number):
        performed = await _performed(document_id, order, office)
    answer = performed.answer
    if as_json:
        print_json(_answer_json(performed))
    elif isinstance(answer, Decision):
        say(answer.result)
    else:
        complain(f"{answer.text} ({answer.clause})" if answer.clause else answer.text)
    if isinstance(answer, Refusal):
        raise typer.Exit(1)


async def _performed(document_id: int, order: Order, office: Office) -> Performed:
    """What became of it; where another document of the same number came at that moment, it is decided knowing that."""
    for _ in range(_TRIES - 1):
        try:
            return await order_by_operator(document_id, order, actor(), office.desk)
        except AlreadyRegistered:
            continue
    return await order_by_operator(document_id, order, actor(), office.desk)


def _answer_json(performed: Performed) -> dict[str, Any]:
    answer = performed.answer
    entry = entry_json(performed.docket.document)
    if isinstance(answer, Decision):
        return {"ok": True, "text": answer.result, "entry": entry}
    return {"ok": False, "cause": answer.code, "text": answer.text, "clause": answer.clause, "entry": entry}
