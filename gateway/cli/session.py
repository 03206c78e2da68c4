"""What commands share: the configuration, an open database, and errors as one line."""

from __future__ import annotations

import asyncio
import getpass
import os
from collections.abc import AsyncIterator, Coroutine, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, TypeVar

import typer
from pydantic import ValidationError
from sqlalchemy.exc import SQLAlchemyError

from gateway.app import Office, open_office
from gateway.cli.output import complain
from gateway.cli.words import waits_for
from gateway.errors import GatewayError, SettingsError, StaleState, TemporaryError
from gateway.log import configure
from gateway.ports import Store
from gateway.serve import prepare_database
from gateway.settings import Settings, load_settings
from gateway.store import migrations
from gateway.store.database import Database
from gateway.store.queries import Queries
from gateway.store.sqlstore import SqlStore

T = TypeVar("T")

EX_USAGE = 2
EX_INTERRUPTED = 130
EX_CONFIG = 78
"""sysexits.h: the configuration is wrong, so that the service manager does not try again."""

STANDARD_PLACE = Path("/etc/vanthu/gateway.toml")
_LARGEST_ID = 2**63 - 1
_MOST_DIGITS = 19

Config = Annotated[
    Path | None,
    typer.Option(
        "--config", "-c", help=f"Tệp cấu hình; không ghi thì dùng {STANDARD_PLACE} nếu có.", show_default=False
    ),
]
AsJson = Annotated[bool, typer.Option("--json", help="In mỗi đối tượng JSON một dòng, cho máy đọc.")]


@dataclass(frozen=True, slots=True)
class Records:
    """What reading commands need: nothing of it makes or changes a file."""

    settings: Settings
    queries: Queries
    store: Store


def settings_of(config: Path | None) -> Settings:
    """The operator's configuration; ends the program with EX_CONFIG where it is wrong."""
    if config is None and STANDARD_PLACE.exists():
        config = STANDARD_PLACE
    try:
        settings = load_settings(config)
    except SettingsError as error:
        complain(f"cấu hình sai.\n{error}")
        raise typer.Exit(EX_CONFIG) from None
    configure(settings.log.level)
    return settings


def run(work: Coroutine[Any, Any, T]) -> T:
    """Run a command's work; an expected failure is one line and exit code 1 (78 for the configuration).

    Raises BrokenPipeError where nobody reads the output any more.
    """
    try:
        return asyncio.run(work)
    except BrokenPipeError:
        raise
    except SettingsError as error:
        complain(str(error))
        raise typer.Exit(EX_CONFIG) from None
    except StaleState:
        complain("trạng thái đã thay đổi trong lúc thực hiện; hãy xem lại rồi thử lại")
    except TemporaryError as error:
        complain(f"{waits_for(error.waiting_for)}: {str(error).removeprefix(f'{error.waiting_for}: ')}")
    except TimeoutError:
        complain("chờ quá lâu mà chưa xong; xem tình trạng bằng vanthu quarantine list")
    except (GatewayError, OSError) as error:
        complain(str(error))
    except (SQLAlchemyError, ValidationError):
        complain("cơ sở dữ liệu trả lời không như mong đợi; hãy chạy vanthu check")
    except KeyboardInterrupt:
        complain("đã dừng theo yêu cầu")
        raise typer.Exit(EX_INTERRUPTED) from None
    raise typer.Exit(1)


@asynccontextmanager
async def office_of(config: Path | None) -> AsyncIterator[Office]:
    """The office of a configuration, its database made if it is new."""
    settings = settings_of(config)
    await prepare_database(settings)
    async with open_office(settings) as office:
        yield office


@asynccontextmanager
async def records_of(config: Path | None) -> AsyncIterator[Records]:
    """The records of a configuration, to be read; ends the program where there is no database yet."""
    settings = settings_of(config)
    place, url = settings.store.database, settings.store.url()
    missing = isinstance(place, Path) and not await asyncio.to_thread(place.exists)
    revision = None if missing else await migrations.current(url)
    if revision is None:
        name = f" {place}" if isinstance(place, Path) else ""
        complain(f"chưa có cơ sở dữ liệu{name}; hãy chạy vanthu serve hoặc vanthu migrate")
        raise typer.Exit(1)
    if revision != migrations.newest():
        raise SettingsError(
            f"store.database: cấu trúc đang ở bản {revision}, phần mềm cần bản {migrations.newest()}; "
            "hãy sao lưu rồi chạy vanthu migrate."
        )
    database = Database(url)
    try:
        yield Records(settings, Queries(database), SqlStore(database, settings.books.first_numbers()))
    finally:
        await database.close()


def kept_by(office: Office) -> Records:
    """The records of an open office."""
    return Records(office.settings, office.queries, office.desk.store)


@contextmanager
def looking_for(label: str) -> Iterator[None]:
    """Say which record there is not, and end the program, where a look-up within finds none."""
    try:
        yield
    except KeyError:
        complain(f"không tìm thấy {label}")
        raise typer.Exit(1) from None


def actor() -> str:
    """Who sits at the keyboard, for the journal: the login name, also behind sudo."""
    return f"cli:{os.environ.get('SUDO_USER') or getpass.getuser()}"


def id_of(label: str, letter: str) -> int:
    """The number in `M17`; ends the program with one line where `label` is none."""
    digits = label.strip().upper().removeprefix(letter)
    known = digits.isascii() and digits.isdigit() and len(digits) <= _MOST_DIGITS
    if not known or int(digits) > _LARGEST_ID:
        complain(f"“{label}” không phải là mã dạng {letter}17")
        raise typer.Exit(EX_USAGE)
    return int(digits)
