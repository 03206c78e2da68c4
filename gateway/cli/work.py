"""Commands on the work of a document: orders given on the machine, and the table of who may do what."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from gateway.cli.output import complain, print_json, say
from gateway.cli.session import AsJson, Config, actor, id_of, looking_for, office_of, run
from gateway.errors import NotOfStaff
from gateway.policy.acts import Decision, Refusal, as_markdown
from handlers.by_hand import order_by_hand


def act(
    document: Annotated[str, typer.Argument(metavar="ID", help="Mã văn bản, như D17.")],
    orders: Annotated[list[str], typer.Argument(metavar="LỆNH…", help='Mỗi lệnh một dòng, như "Chủ trì: VP".')],
    person: Annotated[str, typer.Option("--as", help="Làm thay ai: mã trong danh bạ, hoặc địa chỉ thư.")],
    config: Config = None,
    as_json: AsJson = False,
) -> None:
    """Thực hiện lệnh trên văn bản như thư trả lời của một người; nhật ký ghi cả người ấy và người gõ lệnh."""
    run(_act(id_of(document, "D"), "\n".join(orders), person, config, as_json=as_json))


async def _act(document_id: int, text: str, person: str, config: Path | None, *, as_json: bool) -> None:
    async with office_of(config) as office:
        try:
            with looking_for(f"D{document_id}"):
                done = await order_by_hand(document_id, text, person, actor(), office.desk)
        except NotOfStaff:
            complain(f"danh bạ không có công chức, đơn vị nào mang mã hoặc địa chỉ {person}")
            raise typer.Exit(1) from None
    for answer in done.answers:
        _tell(answer, as_json=as_json)
    for fault in done.faults:
        if as_json:
            print_json({"ok": False, "line": fault.line, "text": fault.text})
        else:
            complain(f"{fault.line}: {fault.text}")
    if not done.answers and not done.faults:
        complain("không đọc thấy lệnh nào; xem các từ khoá bằng vanthu acts")
    if done.faults or not done.answers or any(isinstance(answer, Refusal) for answer in done.answers):
        raise typer.Exit(1)


def _tell(answer: Decision | Refusal, *, as_json: bool) -> None:
    if isinstance(answer, Decision):
        if as_json:
            print_json({"ok": True, "act": answer.act.value, "text": answer.result})
        else:
            say(answer.result)
        return
    if as_json:
        print_json({"ok": False, "cause": answer.code, "text": answer.text, "clause": answer.clause})
    else:
        complain(f"{answer.text} ({answer.clause})" if answer.clause else answer.text)


def acts() -> None:
    """In bảng: ai được làm việc gì, khi nào, bằng từ khoá nào, theo điều khoản nào (dạng Markdown)."""
    say(as_markdown())
