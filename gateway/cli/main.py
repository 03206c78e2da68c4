"""The commands, and the daemon."""

from __future__ import annotations

import asyncio
import os
import sys
from pathlib import Path
from typing import Annotated

import typer
import uvloop
from typer.exceptions import TyperException

from gateway import __version__
from gateway.checkup import CheckState, check, worst
from gateway.cli import (
    account_name,
    answers,
    closes,
    directory,
    export,
    files,
    metadata,
    outbox,
    paper,
    quarantine,
    registers,
    sealed,
    stamp,
    story,
    trust,
    verify,
    work,
)
from gateway.cli.output import complain, print_json, say
from gateway.cli.session import EX_CONFIG, EX_USAGE, AsJson, Config, run, settings_of
from gateway.cli.usage import misuse, wants_help
from gateway.errors import SettingsError
from gateway.serve import serve as serve_gateway
from gateway.settings import Settings
from gateway.store import migrations

app = typer.Typer(
    name="vanthu",
    help="Cổng thư công văn theo Quy chế 955/QĐ-SGTVT.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)
app.add_typer(registers.register, name="register")
app.add_typer(quarantine.quarantine, name="quarantine")
app.add_typer(outbox.outbox, name="outbox")
app.add_typer(paper.paper, name="paper")
app.add_typer(registers.audit, name="audit")
app.add_typer(directory.directory, name="directory")
app.add_typer(account_name.account, name="account")
app.add_typer(trust.trust, name="trust")
registers.register.command()(export.export)
registers.register.command()(metadata.metadata)
registers.register.command()(closes.close)
registers.register.command()(closes.closes)
quarantine.quarantine.command()(sealed.seal)
quarantine.quarantine.command()(sealed.copy)
quarantine.quarantine.command()(sealed.unseal)
app.command()(files.ingest)
app.command()(quarantine.replay)
app.command()(files.parse)
app.command()(files.inspect)
app.command()(story.explain)
app.command()(work.act)
app.command()(work.acts)
app.command()(answers.answers)
app.command()(stamp.stamp)
app.command()(verify.verify)


@app.command()
def demo(
    once: Annotated[
        bool, typer.Option("--once", help="Tự kết thúc; mã thoát khác 0 nếu có thư không tới đích.")
    ] = False,
) -> None:
    """Chạy thử: một cổng dùng xong bỏ, thư thật gửi qua, bảng kết quả và liên kết để mở."""
    from gateway.demo.run import run_demo

    if not run(run_demo(once=once)):
        raise typer.Exit(1)


@app.command()
def serve(config: Config = None) -> None:
    """Chạy dịch vụ cho tới khi nhận SIGTERM."""
    settings = settings_of(config)
    try:
        uvloop.run(serve_gateway(settings))
    except SettingsError as error:
        complain(str(error))
        raise typer.Exit(EX_CONFIG) from None


@app.command("check")
def check_settings(config: Config = None, as_json: AsJson = False) -> None:
    """Thử mọi thứ cổng cần: cấu hình, cơ sở dữ liệu, máy quét, máy chủ chuyển thư; nói chỗ sai và cách sửa."""
    settings = settings_of(config)
    results = run(check(settings, store_check=_look_at_store))
    for result in results:
        if as_json:
            fields = {"detail": result.detail, "remedy": result.remedy}
            print_json({"name": result.name, "state": result.state.value} | fields)
        else:
            say(f"{_STATES[result.state]}  {result.name}: {result.detail}")
            if result.remedy:
                say(f"        {result.remedy}")
    if worst(results) is CheckState.FAIL:
        raise typer.Exit(1)


_STATES = {CheckState.OK: "đạt  ", CheckState.WARN: "lưu ý", CheckState.FAIL: "HỎNG "}


async def _look_at_store(settings: Settings) -> str:
    place = settings.store.database
    if isinstance(place, Path) and not await asyncio.to_thread(place.exists):
        return f"chưa có tệp {place}; vanthu serve sẽ tạo"
    revision = await migrations.current(settings.store.url())
    if revision is None:
        return "kết nối được; chưa có bảng nào, vanthu serve sẽ tạo"
    if revision != migrations.newest():
        raise SettingsError(f"cấu trúc ở bản {revision}, phần mềm cần bản {migrations.newest()}")
    return f"kết nối được; cấu trúc đúng bản {revision}"


@app.command()
def migrate(config: Config = None) -> None:
    """Đưa cơ sở dữ liệu lên đúng cấu trúc của bản phần mềm này."""
    settings = settings_of(config)
    if isinstance(settings.store.database, Path):
        settings.store.database.parent.mkdir(parents=True, exist_ok=True)
    run(migrations.migrate(settings.store.url()))
    say(f"Cơ sở dữ liệu đã ở bản {migrations.newest()}.")


@app.command()
def version() -> None:
    """In phiên bản."""
    say(__version__)


def main() -> None:
    """The entry point of the console script."""
    try:
        code = app(standalone_mode=False)
        sys.stdout.flush()
    except BrokenPipeError:
        code = _unread()
    except TyperException as error:
        code = EX_USAGE
        if wants_help(error):
            say(error.format_message())
        else:
            complain(misuse(error))
    sys.exit(code if isinstance(code, int) else 0)


def _unread() -> int:
    """Nobody reads on: end in silence, also at the interpreter's own last flush."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return 1
