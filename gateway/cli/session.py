"""What commands share: the configuration, an open database, and errors as one line."""

from __future__ import annotations

import asyncio
import getpass
import os
from collections.abc import AsyncIterator, Coroutine
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Annotated, Any, TypeVar

import typer
from pydantic import ValidationError
from sqlalchemy.exc import SQLAlchemyError

from gateway.app import Office, open_office
from gateway.cli.output import complain
from gateway.errors import GatewayError, SettingsError, StaleState
from gateway.log import configure
from gateway.serve import prepare_database
from gateway.settings import Settings, load_settings

T = TypeVar("T")

EX_CONFIG = 78
"""sysexits.h: the configuration is wrong, so that the service manager does not try again."""

STANDARD_PLACE = Path("/etc/vanthu/gateway.toml")

Config = Annotated[
    Path | None,
    typer.Option(
        "--config", "-c", help=f"Tệp cấu hình; không ghi thì dùng {STANDARD_PLACE} nếu có.", show_default=False
    ),
]
AsJson = Annotated[bool, typer.Option("--json", help="In mỗi đối tượng JSON một dòng, cho máy đọc.")]


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
    """Run a command's work; an expected failure is one line and exit code 1 (78 for the configuration)."""
    try:
        return asyncio.run(work)
    except SettingsError as error:
        complain(str(error))
        raise typer.Exit(EX_CONFIG) from None
    except StaleState as error:
        complain(f"trạng thái đã khác: {error}")
    except KeyError as error:
        complain(f"không tìm thấy: {error.args[0]}")
    except (GatewayError, OSError) as error:
        complain(str(error))
    except (SQLAlchemyError, ValidationError) as error:
        complain(f"cơ sở dữ liệu trả lời không như mong đợi ({type(error).__name__})")
    except KeyboardInterrupt:
        complain("đã dừng theo yêu cầu")
    raise typer.Exit(1)


@asynccontextmanager
async def office_of(config: Path | None) -> AsyncIterator[Office]:
    """The office of a configuration, its database made if it is new."""
    settings = settings_of(config)
    await prepare_database(settings)
    async with open_office(settings) as office:
        yield office


def actor() -> str:
    """Who sits at the keyboard, for the journal: the login name, also behind sudo."""
    return f"cli:{os.environ.get('SUDO_USER') or getpass.getuser()}"


def id_of(label: str, letter: str) -> int:
    """The number in `M17`; ends the program with one line where `label` is none."""
    digits = label.upper().removeprefix(letter)
    if not digits.isascii() or not digits.isdigit():
        complain(f"“{label}” không phải là mã dạng {letter}17")
        raise typer.Exit(2)
    return int(digits)
