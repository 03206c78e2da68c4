"""Commands on the outbox: the notices that did not arrive, and sending one again."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from gateway.cli.output import complain, print_json, print_table, say
from gateway.cli.session import AsJson, Config, actor, id_of, looking_for, office_of, records_of, run
from gateway.errors import StaleState
from gateway.model.journal import NewEvent
from gateway.model.notice import Notice, OwedNotice
from gateway.model.wording import ALARM_WORDS, DELIVERY_WORDS, NOTICE_STAGE_WORDS, NOTICE_WORDS

outbox = typer.Typer(no_args_is_help=True, help="Thông báo gửi đi.")

_COLUMNS = ("Mã", "Loại", "Thư", "Người nhận", "Trạng thái", "Tới đâu", "Số lần thử", "Lỗi gần nhất")


@outbox.command("list")
def list_outbox(
    config: Config = None,
    everything: Annotated[bool, typer.Option("--all", help="In cả thông báo đã gửi xong.")] = False,
    as_json: AsJson = False,
) -> None:
    """In các thông báo chưa gửi xong, và thông báo đã gửi mà được báo là không tới."""
    run(_list(config, everything=everything, as_json=as_json))


async def _list(config: Path | None, *, everything: bool, as_json: bool) -> None:
    async with records_of(config) as records:
        notices = await records.queries.outbox(open_only=not everything)
    if as_json:
        for notice in notices:
            print_json(_notice_json(notice))
        return
    print_table("Thông báo", _COLUMNS, [_row(notice) for notice in notices])


def _row(notice: Notice) -> tuple[object, ...]:
    return (
        notice.label,
        kind_words(notice.owed),
        _mail(notice),
        notice.owed.recipient,
        NOTICE_STAGE_WORDS[notice.stage],
        DELIVERY_WORDS[notice.delivery] if notice.delivery else "",
        notice.attempts,
        notice.last_error,
    )


def kind_words(owed: OwedNotice) -> str:
    """What a notice is; of an alarm its cause as well."""
    words = NOTICE_WORDS[owed.kind]
    return f"{words}: {ALARM_WORDS[owed.alarm.cause]}" if owed.alarm else words


def _notice_json(notice: Notice) -> dict[str, Any]:
    alarm = notice.owed.alarm
    return {
        "id": notice.label,
        "kind": notice.owed.kind.value,
        "mail": _mail(notice),
        "to": notice.owed.recipient,
        "message_id": notice.owed.message_id,
        "stage": notice.stage.value,
        "attempts": notice.attempts,
        "last_error": notice.last_error,
        "delivery": notice.delivery.value if notice.delivery else None,
        "alarm": {"cause": alarm.cause.value, "facts": dict(alarm.facts)} if alarm else None,
    }


def _mail(notice: Notice) -> str | None:
    """The label of the mail that caused it; no mail causes some alarms."""
    return None if notice.owed.mail_id is None else f"M{notice.owed.mail_id}"


@outbox.command("retry")
def retry(
    notice: Annotated[str, typer.Argument(metavar="ID", help="Mã thông báo, như N17.")], config: Config = None
) -> None:
    """Gửi lại một thông báo đã ngừng gửi, hoặc đã gửi mà được báo là không tới."""
    run(_retry(id_of(notice, "N"), config))


async def _retry(notice_id: int, config: Path | None) -> None:
    async with office_of(config) as office:
        now = office.desk.clock.now()
        async with office.desk.store.begin() as unit:
            with looking_for(f"N{notice_id}"):
                found = await unit.notice(notice_id)
            try:
                await unit.notice_retry(found, now)
            except StaleState:
                complain(f"{found.label} {_standing(found)}; chỉ gửi lại thông báo không gửi được hoặc không tới")
                raise typer.Exit(1) from None
            data = {"notice": found.owed.kind.value, "to": found.owed.recipient}
            await unit.record(NewEvent("notice.retried", actor(), "cli", found.owed.mail_id, data=data), now)
        say(f"{found.label}: sẽ được gửi lại")


def _standing(notice: Notice) -> str:
    far = f" ({DELIVERY_WORDS[notice.delivery]})" if notice.delivery else ""
    return f"{NOTICE_STAGE_WORDS[notice.stage]}{far}"
