"""Removing from a mailbox the mails whose content was destroyed, wherever in it they are by now."""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Sequence

from gateway.adapters.imap_in.connection import Connection
from gateway.adapters.imap_in.options import MailboxOptions
from gateway.adapters.imap_in.problems import MailboxProblem
from gateway.adapters.imap_in.receiver import Receiver
from gateway.model.seal import Remainder

_PASSES = 4
_STAYS = "Thư đã xóa lại hiện ra trong hộp thư"

log = logging.getLogger(__name__)


class Removal:
    """One try for every mail that is to go; the folder of the mailbox is open again afterwards."""

    def __init__(self, options: MailboxOptions, connection: Connection, receiver: Receiver) -> None:
        self._options = options
        self._connection = connection
        self._receiver = receiver

    async def run(self) -> None:
        """Remove what can be removed, and tell of each. Raises what ends the connection, and TemporaryError."""
        doomed = await self._receiver.doomed(f"{self._options.name}/{self._options.place}/")
        if not doomed:
            return
        folders = await self._connection.folders()
        for mail in doomed:
            try:
                found = await self._remove(mail, folders)
            except MailboxProblem as problem:
                self._connection.check()
                log.warning("imap copy not removed: %s: %s", mail.name, problem)
                await self._receiver.not_removed(mail, str(problem))
            else:
                log.info("imap copies removed: %s, %d", mail.name, found)
                await self._receiver.removed(mail, found)
        await self._connection.open_folder()

    async def _remove(self, mail: Remainder, folders: Sequence[str]) -> int:
        """How many copies there were; looked for until there is none, because a server may make an expunged mail
        appear in another folder.
        """
        total = 0
        for _ in range(_PASSES):
            found = sum([await self._remove_from(folder, mail) for folder in folders])
            if not found:
                return total
            total += found
        raise MailboxProblem(_STAYS)

    async def _remove_from(self, folder: str, mail: Remainder) -> int:
        await self._connection.enter(folder)
        same = [uid for uid in await self._connection.of_size(mail.size) if await self._sha256(uid) == mail.sha256]
        if same:
            await self._connection.remove(same)
        return len(same)

    async def _sha256(self, uid: int) -> str:
        digest, offset, length = hashlib.sha256(), 0, self._options.piece_bytes
        while piece := (await self._connection.content([uid], offset, length)).get(uid):
            digest.update(piece)
            offset += len(piece)
            if len(piece) < length:
                break
        return digest.hexdigest()
