"""The command that says which account a person gets."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from gateway.cli.directory import directory_in_use
from gateway.cli.output import complain, errors, print_json, say
from gateway.cli.session import AsJson, Config, run, settings_of
from gateway.policy.account_name import Account, Accounts

account = typer.Typer(no_args_is_help=True, help="Tài khoản của công chức, viên chức, người lao động.")

Names = Annotated[list[str], typer.Argument(metavar="HỌ_TÊN", help="Họ và tên đầy đủ, đặt trong dấu nháy.")]


@account.command("name")
def name_account(names: Names, config: Config = None, as_json: AsJson = False) -> None:
    """In tài khoản và địa chỉ thư đặt theo Điều 4 khoản 2 điểm a của quy chế; không tạo gì."""
    run(_name_all(names, config, as_json=as_json))


async def _name_all(names: list[str], config: Path | None, *, as_json: bool) -> None:
    settings = settings_of(config)
    accounts = Accounts(
        await directory_in_use(config, settings),
        suffix=settings.accounts.suffix,
        domain=settings.agency.mailbox.rpartition("@")[2],
        mailboxes=(settings.agency.mailbox, *settings.mail.recipients, *settings.mail.clerks, *settings.mail.it),
    )
    refused = False
    for name in names:
        try:
            _tell(accounts.give(name), as_json=as_json)
        except ValueError as error:
            complain(str(error))
            refused = True
    if refused:
        raise typer.Exit(1)


def _tell(given: Account, *, as_json: bool) -> None:
    if as_json:
        print_json(
            {
                "account": given.account,
                "address": given.address,
                "name": given.name,
                "notes": given.notes,
                "clashes": given.clashes,
            }
        )
        return
    say(f"{given.account}  {given.address}  {given.name}")
    for note in given.notes:
        errors.print(f"lưu ý: {note}", markup=False)
