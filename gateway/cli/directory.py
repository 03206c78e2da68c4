"""Commands on the directory of agencies, units and people: check, import, list."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Annotated

import typer

from gateway.cli.output import complain, errors, print_json, print_table, say
from gateway.cli.session import EX_USAGE, AsJson, Config, actor, office_of, records_of, run, settings_of
from gateway.errors import SettingsError
from gateway.model.directory import Party
from gateway.model.wording import PARTY_WORDS
from gateway.policy.directory_changes import Change, changes
from gateway.policy.directory_file import doubts, from_rows
from gateway.settings import Settings, read_toml
from handlers.import_directory import import_directory

directory = typer.Typer(no_args_is_help=True, help="Danh bạ cơ quan, đơn vị, cá nhân.")

DirectoryFile = Annotated[
    Path | None,
    typer.Argument(
        exists=True,
        dir_okay=False,
        readable=True,
        metavar="FILE",
        help="Tệp danh bạ; không ghi thì dùng tệp ở senders.directory.",
        show_default=False,
    ),
]


@directory.command("check")
def check_directory(file: DirectoryFile = None, config: Config = None, as_json: AsJson = False) -> None:
    """Kiểm tra một tệp danh bạ và in những gì nạp nó sẽ thay đổi; không thay đổi gì."""
    run(_check(file, config, as_json=as_json))


async def _check(file: Path | None, config: Path | None, *, as_json: bool) -> None:
    settings = settings_of(config)
    parties = _parties_of(file, settings)
    found = changes(await _known(config, settings), parties)
    if not as_json:
        say(f"Danh bạ đúng: {_counted(parties)}.")
    _tell(found, as_json=as_json)


@directory.command("import")
def import_file(file: DirectoryFile = None, config: Config = None, as_json: AsJson = False) -> None:
    """Nạp một tệp danh bạ thay cho danh bạ đang dùng, và in những gì đã thay đổi."""
    run(_import(file, config, as_json=as_json))


async def _import(file: Path | None, config: Path | None, *, as_json: bool) -> None:
    parties = _parties_of(file, settings_of(config))
    async with office_of(config) as office:
        found = await import_directory(parties, actor=actor(), desk=office.desk)
    if not as_json:
        say(f"Đã nạp danh bạ: {_counted(parties)}.")
    _tell(found, as_json=as_json)


@directory.command("list")
def list_directory(config: Config = None, as_json: AsJson = False) -> None:
    """In danh bạ đang dùng, theo mã."""
    run(_list(config, as_json=as_json))


async def _list(config: Path | None, *, as_json: bool) -> None:
    async with records_of(config) as records:
        parties = await records.store.directory()
    if as_json:
        for party in parties:
            print_json(
                {
                    "code": party.code,
                    "kind": party.kind.value,
                    "name": party.name,
                    "addresses": party.addresses,
                    "domains": party.domains,
                    "networks": party.networks,
                    "unit": party.parent,
                }
            )
        return
    rows = [
        (
            party.code,
            PARTY_WORDS[party.kind],
            party.name,
            "\n".join(party.addresses),
            "\n".join((*party.domains, *party.networks)),
            party.parent,
        )
        for party in parties
    ]
    print_table("Danh bạ", ("Mã", "Loại", "Tên", "Địa chỉ", "Tên miền, mạng", "Đơn vị"), rows)


def _parties_of(file: Path | None, settings: Settings) -> tuple[Party, ...]:
    """The parties of the file given or configured, doubts told; ends the program where the file has faults."""
    place = file or settings.senders.directory
    if place is None:
        complain("chưa có tệp danh bạ; hãy ghi tên tệp sau lệnh, hoặc ghi khóa senders.directory trong cấu hình")
        raise typer.Exit(EX_USAGE)
    try:
        parties = from_rows(read_toml(place), own_addresses=settings.mail.recipients)
    except (SettingsError, ValueError) as error:
        complain(f"danh bạ sai.\n{place}:\n{error}")
        raise typer.Exit(1) from None
    for doubt in doubts(parties):
        errors.print(f"lưu ý: {doubt}", markup=False)
    return parties


async def _known(config: Path | None, settings: Settings) -> Sequence[Party]:
    """The parties known so far: none where there is no database yet."""
    place = settings.store.database
    if isinstance(place, Path) and not await asyncio.to_thread(place.exists):
        return ()
    async with records_of(config) as records:
        return await records.store.directory()


def _tell(found: Sequence[Change], *, as_json: bool) -> None:
    for change in found:
        if as_json:
            print_json({"change": change.kind.value, "code": change.code, "text": change.text})
        else:
            say(f"  {change.text}")
    if not found and not as_json:
        say("Không có gì thay đổi.")


def _counted(parties: Iterable[Party]) -> str:
    kinds = [party.kind for party in parties]
    return ", ".join(f"{kinds.count(kind)} {word}" for kind, word in PARTY_WORDS.items())
