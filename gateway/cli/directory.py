"""Commands on the directory of agencies, units and people: check, import, list."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer

from gateway.cli.output import complain, errors, print_json, print_table, say
from gateway.cli.session import EX_USAGE, AsJson, Config, actor, office_of, records_of, run, settings_of
from gateway.errors import SettingsError
from gateway.model.directory import Absence, Directory, Party
from gateway.model.wording import PARTY_WORDS, ROLE_WORDS
from gateway.policy.account_name import unlike_the_rule
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
    read = _read(file, settings)
    for line in unlike_the_rule(read, settings.accounts.suffix):
        _notice(line)
    found = changes(await directory_in_use(config, settings), read)
    if not as_json:
        say(f"Danh bạ đúng: {_counted(read)}.")
    _tell(found, as_json=as_json)


@directory.command("import")
def import_file(file: DirectoryFile = None, config: Config = None, as_json: AsJson = False) -> None:
    """Nạp một tệp danh bạ thay cho danh bạ đang dùng, và in những gì đã thay đổi."""
    run(_import(file, config, as_json=as_json))


async def _import(file: Path | None, config: Path | None, *, as_json: bool) -> None:
    read = _read(file, settings_of(config))
    async with office_of(config) as office:
        found = await import_directory(read, actor=actor(), desk=office.desk)
    if not as_json:
        say(f"Đã nạp danh bạ: {_counted(read)}.")
    _tell(found, as_json=as_json)


@directory.command("list")
def list_directory(config: Config = None, as_json: AsJson = False) -> None:
    """In danh bạ đang dùng, theo mã."""
    run(_list(config, as_json=as_json))


async def _list(config: Path | None, *, as_json: bool) -> None:
    async with records_of(config) as records:
        in_use = await records.store.directory()
    if as_json:
        for party in in_use.parties:
            print_json(_party_json(party, in_use.absences))
        return
    rows = [
        (
            party.code,
            "\n".join((PARTY_WORDS[party.kind], *(f"– {ROLE_WORDS[role]}" for role in party.roles))),
            f"{party.name} ({party.short_name})" if party.short_name else party.name,
            "\n".join(party.addresses),
            "\n".join((*party.domains, *party.networks)),
            party.parent,
        )
        for party in in_use.parties
    ]
    print_table("Danh bạ", ("Mã", "Loại, vai trò", "Tên", "Địa chỉ", "Tên miền, mạng", "Đơn vị"), rows)
    if in_use.absences:
        away = [
            (each.person, f"{each.since:%d/%m/%Y}", f"{each.until:%d/%m/%Y}", each.deputy) for each in in_use.absences
        ]
        print_table("Vắng mặt", ("Người vắng mặt", "Từ ngày", "Đến hết ngày", "Người thay"), away)


def _party_json(party: Party, absences: Sequence[Absence]) -> dict[str, object]:
    return {
        "code": party.code,
        "kind": party.kind.value,
        "name": party.name,
        "addresses": party.addresses,
        "domains": party.domains,
        "networks": party.networks,
        "unit": party.parent,
        "short_name": party.short_name,
        "roles": [role.value for role in party.roles],
        "absences": [
            {"since": each.since.isoformat(), "until": each.until.isoformat(), "deputy": each.deputy}
            for each in absences
            if each.person == party.code
        ],
    }


def _read(file: Path | None, settings: Settings) -> Directory:
    """The directory of the file given or configured, doubts told; ends the program where the file has faults."""
    place = file or settings.senders.directory
    if place is None:
        complain("chưa có tệp danh bạ; hãy ghi tên tệp sau lệnh, hoặc ghi khóa senders.directory trong cấu hình")
        raise typer.Exit(EX_USAGE)
    try:
        read = from_rows(read_toml(place), own_addresses=settings.mail.recipients)
    except (SettingsError, ValueError) as error:
        complain(f"danh bạ sai.\n{place}:\n{error}")
        raise typer.Exit(1) from None
    for doubt in doubts(read):
        _notice(doubt)
    return read


async def directory_in_use(config: Path | None, settings: Settings) -> Directory:
    """The directory as it was last imported: empty where there is no database yet."""
    place = settings.store.database
    if isinstance(place, Path) and not await asyncio.to_thread(place.exists):
        return Directory()
    async with records_of(config) as records:
        return await records.store.directory()


def _notice(line: str) -> None:
    errors.print(f"lưu ý: {line}", markup=False)


def _tell(found: Sequence[Change], *, as_json: bool) -> None:
    for change in found:
        if as_json:
            print_json({"change": change.kind.value, "code": change.code, "text": change.text})
        else:
            say(f"  {change.text}")
    if not found and not as_json:
        say("Không có gì thay đổi.")


def _counted(read: Directory) -> str:
    kinds = [party.kind for party in read.parties]
    counts = [f"{kinds.count(kind)} {word}" for kind, word in PARTY_WORDS.items()]
    return ", ".join([*counts, f"{len(read.absences)} kỳ vắng mặt"] if read.absences else counts)
