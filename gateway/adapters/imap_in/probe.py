"""A look at a mailbox for its operator: whether the way in works, and what the server lacks for our way of working."""

from __future__ import annotations

from dataclasses import dataclass

from aioimaplib import AioImapException

from gateway.adapters.imap_in.connection import Connection, connected
from gateway.adapters.imap_in.options import MailboxOptions
from gateway.adapters.imap_in.problems import MailboxProblem, describe


@dataclass(frozen=True, slots=True)
class Probe:
    """What was found in a mailbox that can be opened. `waiting` is how many mails are there to be taken.

    `can_expunge` is UIDPLUS. `lacking_flag` is the flag that finishing a mail needs and that the folder does not keep,
    empty where none is lacking. `done_folder_missing` is true where it is named and will have to be created.
    """

    waiting: int
    read_only: bool
    can_idle: bool
    can_move: bool
    can_expunge: bool
    lacking_flag: str
    done_folder_missing: bool


async def probe(options: MailboxOptions) -> Probe:
    """Connect, log in, open the folder and look; no mail, flag or folder is changed.

    Raises MailboxProblem with one Vietnamese line, nothing else.
    """
    try:
        async with connected(options) as connection:
            return await _look(connection, options)
    except (AioImapException, OSError) as error:
        raise MailboxProblem(describe(error)) from error


async def _look(connection: Connection, options: MailboxOptions) -> Probe:
    needed = options.done_flag
    if options.done_folder:
        needed = "" if connection.can_move else "\\Deleted"
    return Probe(
        waiting=len(await connection.unfinished()),
        read_only=connection.read_only,
        can_idle=connection.can_idle,
        can_move=connection.can_move,
        can_expunge=connection.can_expunge,
        lacking_flag="" if not needed or connection.keeps(needed) else needed,
        done_folder_missing=bool(options.done_folder) and not await connection.has_folder(options.done_folder),
    )
