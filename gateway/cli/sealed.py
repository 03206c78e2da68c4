"""Commands on sealed mails: sealing by hand, the encrypted copy for the officer, and taking back what is no secret."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Coroutine
from pathlib import Path
from typing import Annotated, Any

import typer

from gateway.app import Office
from gateway.cli.output import complain, say
from gateway.cli.quarantine import MailId, Reason, stated
from gateway.cli.session import Config, actor, id_of, kept_by, looking_for, office_of, run
from gateway.cli.story import tell
from gateway.errors import StaleState
from gateway.model.wording import STAGE_WORDS
from handlers import seal as acts
from handlers.destroy import sweep

_SEALED, _SET_ASIDE = "đã niêm phong", "đang tạm giữ, không tiếp nhận hoặc xử lý không thành công"


def seal(mail: MailId, reason: Reason, config: Config = None) -> None:
    """Niêm phong một thư không vào sổ mà người xem biết là có nội dung bí mật nhà nước."""
    run(_seal(id_of(mail, "M"), stated(reason), config))


async def _seal(mail_id: int, reason: str, config: Path | None) -> None:
    async with office_of(config) as office:
        act = acts.seal_by_hand(mail_id, actor=actor(), reason=reason, desk=office.desk)
        await _done(act, mail_id, _SET_ASIDE, office)
        await sweep(office.desk)
        await tell(mail_id, kept_by(office), as_json=False, brief=True)


def copy(
    mail: MailId,
    to: Annotated[Path, typer.Option("--to", dir_okay=False, help="Tệp sẽ ghi; chưa được có sẵn.")],
    config: Config = None,
) -> None:
    """Lấy bản đã mã hóa (CMS) của một thư đã niêm phong, để người phụ trách mở bằng khóa riêng."""
    run(_copy(id_of(mail, "M"), to, config))


async def _copy(mail_id: int, to: Path, config: Path | None) -> None:
    async with office_of(config) as office:
        content = await _done(acts.encrypted_copy(mail_id, actor=actor(), desk=office.desk), mail_id, _SEALED, office)
    try:
        await asyncio.to_thread(_write_new, to, content)
    except FileExistsError:
        complain(f"{to}: tệp đã có; hãy ghi tên khác")
        raise typer.Exit(1) from None
    say(f"{to}: {len(content)} byte. Mở bằng khóa riêng của người phụ trách:")
    say(f"  openssl cms -decrypt -binary -inform DER -in {to} -inkey KHÓA -out M{mail_id}.eml")


def unseal(
    mail: MailId,
    opened: Annotated[Path, typer.Argument(metavar="TỆP", exists=True, dir_okay=False, help="Thư đã mở niêm phong.")],
    reason: Reason,
    config: Config = None,
) -> None:
    """Đưa trở lại một thư đã niêm phong mà người phụ trách xác định không phải bí mật nhà nước."""
    run(_unseal(id_of(mail, "M"), opened, stated(reason), config))


async def _unseal(mail_id: int, opened: Path, reason: str, config: Path | None) -> None:
    async with office_of(config) as office:
        content = await asyncio.to_thread(opened.read_bytes)
        act = acts.unseal(mail_id, content, actor=actor(), reason=reason, desk=office.desk)
        await _done(act, mail_id, _SEALED, office)
        say(f"M{mail_id}: đã đưa trở lại hàng đợi; hãy hủy tệp {opened} theo quy định")


async def _done(act: Coroutine[Any, Any, Any], mail_id: int, expected: str, office: Office) -> Any:
    """What the act gives; ends the program where the mail is not where it must be for that."""
    with looking_for(f"M{mail_id}"):
        try:
            return await act
        except StaleState:
            mail = await office.desk.store.mail(mail_id)
            complain(f"{mail.label} {STAGE_WORDS[mail.stage]}; việc này chỉ làm được với thư {expected}")
            raise typer.Exit(1) from None


def _write_new(path: Path, content: bytes) -> None:
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(content)
