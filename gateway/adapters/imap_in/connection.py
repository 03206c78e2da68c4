"""One connection to a mailbox, from the greeting to LOGOUT; every wait on the network has its deadline."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from typing import TypeVar

from aioimaplib import AioImapException, Response

from gateway.adapters.imap_in import answers, door, folder_names, replies
from gateway.adapters.imap_in.options import MailboxOptions
from gateway.adapters.imap_in.problems import BrokenProtocol, MailboxProblem
from gateway.adapters.imap_in.wire import Wire

T = TypeVar("T")

_FAREWELL_SECONDS = 2.0
_HEADER_BYTES = 2048
_NO_SUCH_FOLDER = frozenset({"", "NONEXISTENT", "TRYCREATE"})
_UNSET = {"\\SEEN": "UNSEEN", "\\FLAGGED": "UNFLAGGED", "\\ANSWERED": "UNANSWERED"}


@dataclass(frozen=True, slots=True)
class Announced:
    """What the server says of a mail before we read it: bytes, and whom its header names as sender."""

    size: int
    sender: str


class Connection:
    """A mailbox that is open. It is over once a method raises MailboxProblem, AioImapException or OSError."""

    def __init__(self, options: MailboxOptions, wire: Wire) -> None:
        self._options = options
        self._wire = wire
        self._permanent_flags: frozenset[str] | None = None
        self._created = False
        self._idle_refused = False
        self.uidvalidity = 0
        self.read_only = False
        self.news = wire.news
        self.refusal: MailboxProblem | None = None
        """Set where the server said NO to the last reading: what is not in that answer need not be gone."""

    @property
    def can_idle(self) -> bool:
        """Whether idle() is of use: the server offers it, and did not refuse it since."""
        return "IDLE" in self._wire.capabilities and not self._idle_refused

    @property
    def can_move(self) -> bool:
        """Whether a mail is moved in one step (MOVE, RFC 6851)."""
        return "MOVE" in self._wire.capabilities

    @property
    def can_expunge(self) -> bool:
        """Whether mails can be expunged by their UIDs (UIDPLUS, RFC 4315)."""
        return "UIDPLUS" in self._wire.capabilities

    def keeps(self, flag: str) -> bool:
        """Whether the open folder keeps a flag; a server that does not say keeps all (RFC 3501 section 6.3.1)."""
        allowed = self._permanent_flags
        if allowed is None or flag.upper() in allowed:
            return True
        return "\\*" in allowed and not flag.startswith("\\")

    def check(self) -> None:
        """Raise why the connection has ended, if it has."""
        self._wire.check()

    async def open_folder(self) -> None:
        """SELECT, also when it is open: a server may keep showing a folder that was deleted and made anew meanwhile."""
        await self.enter(folder_names.on_wire(self._options.folder))

    async def enter(self, name: str) -> None:
        """Open any folder by its name on the wire, in place of the one that is open."""
        folder = self._options.folder if name == folder_names.on_wire(self._options.folder) else name
        self.uidvalidity = 0
        self._wire.uidvalidity = None
        response = await self._command(self._wire.select(name))
        replies.expect_ok(response, f"mở thư mục {folder}")
        flags = replies.permanent_flags(response)
        self._permanent_flags = self._permanent_flags if flags is None else flags
        self.read_only = replies.code(response) == "READ-ONLY"
        if not self._wire.uidvalidity:
            raise MailboxProblem(f"Thư mục {folder} không có UIDVALIDITY nên không phân biệt được thư")
        self.uidvalidity = self._wire.uidvalidity

    async def has_folder(self, name: str) -> bool:
        """Whether a folder is there, which is not opened for it."""
        status = await self._command(self._wire.simple_command("STATUS", folder_names.on_wire(name), "(UIDVALIDITY)"))
        if status.result == "NO" and replies.code(status) in _NO_SUCH_FOLDER:
            return False
        replies.expect_ok(status, f"xem thư mục {name}")
        return True

    async def folders(self) -> list[str]:
        """The names on the wire of all folders that can be opened, ours first."""
        response = await self._command(self._wire.simple_command("LIST", '""', '"*"'))
        replies.expect_ok(response, "liệt kê thư mục")
        ours = (self._options.folder, self._options.done_folder)
        known = [folder_names.on_wire(name) for name in ours if name]
        return list(dict.fromkeys([*known, *answers.found_folders(response.lines[:-1])]))

    async def of_size(self, size: int) -> list[int]:
        """The UIDs of mails of exactly so many bytes, those marked as deleted too."""
        return await self._search("LARGER", str(size - 1), "SMALLER", str(size + 1))

    async def remove(self, uids: Sequence[int]) -> None:
        """Delete mails for good, and no other. A MailboxProblem leaves the connection alive.

        Without UIDPLUS (RFC 4315) the server expunges whatever is marked as deleted: only where that is ours alone.
        """
        if self.read_only:
            raise MailboxProblem("Thư mục chỉ cho đọc nên không xóa được thư")
        await self._flag(uids, "\\Deleted")
        if self.can_expunge:
            replies.expect_ok(await self._command(self._wire.uid("EXPUNGE", answers.uid_set(uids))), "xóa thư")
            return
        if set(await self._search("DELETED")) - set(uids):
            raise MailboxProblem("Thư mục còn thư khác đang đánh dấu xóa, mà máy chủ thư không xóa riêng từng thư được")
        replies.expect_ok(await self._command(self._wire.expunge()), "xóa thư")

    async def refresh(self) -> None:
        """Let the server tell what is new."""
        await self._command(self._wire.simple_command("NOOP"))

    async def unfinished(self) -> list[int]:
        """The UIDs of mails that are not finished and not deleted, oldest first."""
        self.news.clear()
        self._wire.check()
        criteria = ["UNDELETED"] if self._options.done_folder else [_unset(self._options.done_flag), "UNDELETED"]
        return await self._search(*criteria)

    async def exists(self, uid: int) -> bool:
        """Whether the mail is still in the folder."""
        await self.refresh()
        return bool(await self._search("UID", str(uid)))

    async def announced(self, uids: Sequence[int]) -> dict[int, Announced]:
        """Size and sender of mails, as far as the server gives them: see _fetch."""
        if not uids:
            return {}
        wanted = f"(UID RFC822.SIZE BODY.PEEK[HEADER.FIELDS (RETURN-PATH FROM)]<0.{_HEADER_BYTES}>)"
        found = {}
        for uid, values in (await self._fetch(uids, wanted)).items():
            await asyncio.sleep(0)
            size = answers.number(values.get("RFC822.SIZE"))
            header = next((value for name, value in values.items() if name.startswith("BODY[")), None)
            if size is not None:
                found[uid] = Announced(size, answers.sender_of(header or b""))
        return found

    async def content(self, uids: Sequence[int], offset: int, length: int) -> dict[int, bytes]:
        """Up to `length` bytes of each mail from `offset` on, as far as the server gives them: see _fetch."""
        wanted = f"(UID BODY.PEEK[]<{offset}.{length}>)"
        found = {}
        for uid, values in (await self._fetch(uids, wanted)).items():
            names = (f"BODY[]<{offset}>", "BODY[]") if offset == 0 else (f"BODY[]<{offset}>",)
            content = next((values[name] for name in names if values.get(name) is not None), None)
            if content is not None:
                found[uid] = content
        return found

    async def finish(self, uids: Sequence[int], copied: set[int]) -> None:
        """Flag or move mails; those that are gone do not matter. A MailboxProblem leaves the connection alive.

        `copied` are mails of which the other folder has a copy already, kept up to date here for the next attempt.
        """
        if self.read_only:
            raise MailboxProblem(
                f"Thư mục {self._options.folder} chỉ cho đọc: thư đã nhận không đánh dấu, chuyển đi được"
            )
        if not self._options.done_folder:
            await self._flag(uids, self._options.done_flag)
        elif not await self._move(uids, copied):
            await self.refresh()
            present = await self._search("UID", answers.uid_set(uids))
            if present and not await self._move(present, copied):
                raise MailboxProblem("Thư đã nhận bị chuyển hoặc xóa cùng lúc ở nơi khác; lần sau chuyển tiếp")

    async def idle(self, seconds: float, stopping: asyncio.Event) -> None:
        """Wait for news with IDLE (RFC 2177), at most so long; a server that refuses IDLE is not asked again."""
        idling = asyncio.ensure_future(self._wire.idle())
        try:
            await self._within(self._options.deadlines.command, self._begun(idling))
            await first_of(seconds, self.news, stopping, also=idling)
            if not idling.done():
                self._wire.idle_done()
            response = await self._within(self._options.deadlines.command, idling)
            self._idle_refused = response.result != "OK"
        finally:
            idling.cancel()
            await asyncio.gather(idling, return_exceptions=True)

    async def close(self) -> None:
        """Say LOGOUT where no answer is outstanding, and give the connection back."""
        with suppress(MailboxProblem, AioImapException, OSError, TimeoutError):
            async with asyncio.timeout(_FAREWELL_SECONDS):
                if self._wire.is_quiet:
                    await self._wire.logout()
        self._wire.fail(ConnectionResetError("closed by us"))
        with suppress(TimeoutError):
            async with asyncio.timeout(_FAREWELL_SECONDS):
                await self._wire.ended.wait()

    async def _begun(self, idling: asyncio.Future[Response]) -> None:
        begun = asyncio.ensure_future(self._wire.wait_for_idle_response())
        try:
            await asyncio.wait({begun, idling}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            begun.cancel()

    async def _search(self, *criteria: str) -> list[int]:
        response = await self._command(self._wire.search(*criteria, charset=None, by_uid=True))
        replies.expect_ok(response, "SEARCH")
        return answers.found_uids(response.lines[:-1])

    async def _fetch(self, uids: Sequence[int], wanted: str) -> dict[int, dict[str, answers.Value]]:
        """What is wanted of each mail that the server gave, also where it did not come to the end of its answer.

        Where nothing came, the error is raised; else the next command raises it, if the connection is over.
        """
        self.refusal = None
        found: dict[int, dict[str, answers.Value]] = {}
        error = await self._asked(self._wire.fetch(answers.uid_set(uids), wanted, by_uid=True))
        responses, self._wire.fetched = self._wire.fetched, []
        for response in responses:
            try:
                values = answers.attributes(response)
            except BrokenProtocol as broken:
                error = error or broken
                continue
            uid = answers.number(values.get("UID"))
            if uid is not None and uid in uids:
                found.setdefault(uid, {}).update(values)
        if error is not None and not found:
            raise error
        return found

    async def _asked(self, fetching: Awaitable[Response]) -> Exception | None:
        """Wait for the end of a FETCH; why there is none."""
        try:
            response = await self._within(self._options.deadlines.piece, fetching)
        except (AioImapException, MailboxProblem, OSError) as error:
            if self._wire.uidvalidity != self.uidvalidity:
                raise
            self._wire.fail(error)
            return error
        if response.result != "OK":
            self.refusal = MailboxProblem(replies.with_code("Máy chủ thư từ chối: đọc thư", response))
        return None

    async def _flag(self, uids: Sequence[int], flag: str) -> None:
        self._expect_kept(flag)
        stored = await self._command(self._wire.uid("STORE", answers.uid_set(uids), "+FLAGS.SILENT", f"({flag})"))
        replies.expect_ok(stored, f"nhãn {flag}")

    def _expect_kept(self, flag: str) -> None:
        if not self.keeps(flag):
            raise MailboxProblem(f"Máy chủ thư không lưu nhãn {flag} trong thư mục {self._options.folder}")

    async def _move(self, uids: Sequence[int], copied: set[int]) -> bool:
        """False where the server moved none because some are gone (RFC 5530 section 3, EXPUNGEISSUED)."""
        if self.can_move:
            return await self._to_done_folder("MOVE", uids)
        self._expect_kept("\\Deleted")
        missing = [uid for uid in uids if uid not in copied]
        if missing and not await self._to_done_folder("COPY", missing):
            return False
        copied.update(missing)
        await self._flag(uids, "\\Deleted")
        copied.difference_update(uids)
        if self.can_expunge:
            replies.expect_ok(await self._command(self._wire.uid("EXPUNGE", answers.uid_set(uids))), "EXPUNGE")
        return True

    async def _to_done_folder(self, command: str, uids: Sequence[int]) -> bool:
        """MOVE or COPY, into a folder that is made where it is missing; False for EXPUNGEISSUED."""
        name = folder_names.on_wire(self._options.done_folder)
        response = await self._command(self._wire.uid(command, answers.uid_set(uids), name))
        if response.result == "NO" and replies.code(response) == "TRYCREATE" and not self._created:
            await self._create(name)
            response = await self._command(self._wire.uid(command, answers.uid_set(uids), name))
        if response.result == "NO" and replies.code(response) == "EXPUNGEISSUED":
            return False
        replies.expect_ok(response, f"chuyển thư sang thư mục {self._options.done_folder}")
        return True

    async def _create(self, name: str) -> None:
        """Once a connection; a server that refuses says so again at the next attempt to move."""
        self._created = True
        created = await self._command(self._wire.simple_command("CREATE", name))
        if created.result == "OK":
            await self._command(self._wire.simple_command("SUBSCRIBE", name))

    async def _command(self, work: Awaitable[T]) -> T:
        return await self._within(self._options.deadlines.command, work)

    async def _within(self, seconds: float, work: Awaitable[T]) -> T:
        result = await self._wire.within(seconds, work)
        if self.uidvalidity and self._wire.uidvalidity != self.uidvalidity:
            raise MailboxProblem("Máy chủ thư vừa đánh số lại các thư (UIDVALIDITY); sẽ mở lại hộp thư")
        return result


@asynccontextmanager
async def connected(options: MailboxOptions) -> AsyncIterator[Connection]:
    """Connect, log in and open the folder; close at the end."""
    wire = Wire(asyncio.get_running_loop(), literal_bytes=max(options.piece_bytes, _HEADER_BYTES))
    connection = Connection(options, wire)
    try:
        await door.enter(wire, options)
        await connection.open_folder()
        yield connection
    finally:
        if wire.transport is not None:
            await connection.close()


async def first_of(seconds: float, *events: asyncio.Event, also: asyncio.Future[Response] | None = None) -> None:
    """Wait until one of the events is set, `also` is done or the time is over; none of these is an error."""
    waiting: set[asyncio.Future[object]] = {asyncio.ensure_future(event.wait()) for event in events}
    try:
        await asyncio.wait(
            {*waiting, also} if also is not None else waiting, timeout=seconds, return_when=asyncio.FIRST_COMPLETED
        )
    finally:
        for each in waiting:
            each.cancel()


def _unset(flag: str) -> str:
    return _UNSET.get(flag.upper()) or f"UNKEYWORD {flag}"
