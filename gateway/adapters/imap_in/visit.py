"""One look into the folder: what is not finished is fetched, made durable, entered, and only then finished."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace

from gateway.adapters.imap_in.connection import Connection
from gateway.adapters.imap_in.memory import Memory
from gateway.adapters.imap_in.options import MailboxOptions, Tls
from gateway.adapters.imap_in.problems import MailboxProblem
from gateway.adapters.imap_in.receiver import Receiver
from gateway.errors import StorageFull, TemporaryError
from gateway.model.mail import Envelope, StoredBlob, Transport
from gateway.ports import Blobs, BlobWriter

BATCH = 200
"""Mails about which server and database are asked at once."""

FINISH_AFTER = 50
"""So many entered mails are finished without waiting for the end of the visit."""

PATIENCE = 4
"""Attempts at one mail before somebody is told and it rests; the first may have been in company."""

REFUSALS = 3
"""So many mails refused in a row, and none given: the server refuses us and not a mail."""

_COMMITS = 16
_ROOM_BYTES = 1024

TOO_LARGE = "Thư lớn hơn mức cho phép ({size} byte, tối đa {most} byte)"
NO_CONTENT = "Máy chủ thư không đưa ra nội dung của thư"
UNSTEADY = "Máy chủ thư mỗi lần đưa ra nội dung một khác của thư"
TROUBLE = "Nhiều lần không đọc được nội dung của thư từ máy chủ thư"
SURPRISE = "Lỗi ngoài dự kiến khi ghi nhận thư ({error})"

log = logging.getLogger(__name__)


class Visit:
    """One look. `run` raises what ends the connection, and StorageFull or TemporaryError if nothing can be entered."""

    def __init__(
        self,
        options: MailboxOptions,
        connection: Connection,
        blobs: Blobs,
        receiver: Receiver,
        memory: Memory,
        stopping: asyncio.Event,
    ) -> None:
        self._options = options
        self._connection = connection
        self._blobs = blobs
        self._receiver = receiver
        self._memory = memory
        self._stopping = stopping
        self._entering: set[asyncio.Task[None]] = set()
        self._slots = asyncio.Semaphore(_COMMITS)
        self._failure: StorageFull | TemporaryError | None = None
        self._done: list[int] = []
        self._suspects: list[int] = []
        self._given: set[str] = set()
        self._refusals = 0
        self.has_progressed = False
        """Whether the server gave anything of a mail."""
        self.blames_a_mail = False
        """Whether it ended while a mail was read alone, whose reading had failed before."""
        self.problem = ""
        """Vietnamese: why mails that are entered could not be finished."""
        self.wait: float | None = None
        """Seconds until the first mail that has to wait may be taken."""

    async def run(self) -> None:
        """Look at every mail that is not finished. Whatever happens, mails on their way into the store are awaited."""
        try:
            uids = await self._connection.unfinished()
            self._memory.forget_all_but(uids)
            tried = self._memory.tried
            self._suspects = [uid for uid in uids if uid in tried]
            fresh = [uid for uid in uids if uid not in tried]
            for start in range(0, len(fresh), BATCH):
                if self._is_over:
                    break
                await self._batch(fresh[start : start + BATCH])
            self._suspects.sort(key=lambda uid: (tried.get(uid, 0), uid))
            for start in range(0, len(self._suspects), BATCH):
                await self._one_by_one(self._suspects[start : start + BATCH])
        finally:
            await self._entered()
        await self._finish()
        self._memory.finishing_fails = bool(self.problem)
        if self._failure is not None:
            raise self._failure

    @property
    def _is_over(self) -> bool:
        return self._stopping.is_set() or self._failure is not None

    async def _batch(self, uids: Sequence[int]) -> None:
        """Mails whose reading never failed, many at a time; of what fails, it remains open whose fault it is."""
        wanted = await self._not_taken(uids)
        await self._announce([uid for uid in wanted if uid not in self._memory.announced])
        present = [uid for uid in wanted if uid in self._memory.announced]
        for uid in present:
            await self._leave_if_too_large(uid)
        for group in self._groups(present):
            await self._take(group)
            if len(self._done) >= FINISH_AFTER:
                await self._finish()
            if self._is_over:
                return

    async def _one_by_one(self, uids: Sequence[int]) -> None:
        """Mails whose reading failed before: one of them may end the connection each time, so that they come last."""
        if self._is_over:
            return
        for uid in await self._not_taken(uids):
            if self._is_over:
                return
            if await self._is_due(uid):
                self.blames_a_mail = True
                await self._read_alone(uid)
                self.blames_a_mail = False

    async def _is_due(self, uid: int) -> bool:
        """Mails that were tried often enough are told of, and rest; a doubtful one until the server gives others."""
        memory, now = self._memory, asyncio.get_running_loop().time()
        if memory.tried.get(uid, 0) < PATIENCE:
            return True
        if uid not in memory.again_at:
            await self._leave(uid, TROUBLE)
            memory.again_at[uid] = now + self._options.retry
            return False
        return now >= memory.again_at[uid] or (bool(self._given) and uid in memory.doubtful)

    async def _read_alone(self, uid: int) -> None:
        if uid not in self._memory.announced:
            await self._announce([uid])
        if uid in self._memory.announced and not await self._leave_if_too_large(uid) and self._may_take(uid):
            await self._take([uid])

    async def _not_taken(self, uids: Sequence[int]) -> list[int]:
        ids = {self._transport_id(uid): uid for uid in uids}
        taken = {ids[transport_id] for transport_id in await self._receiver.taken(list(ids))}
        self._done += sorted(taken)
        return [uid for uid in uids if uid not in taken]

    async def _announce(self, uids: Sequence[int]) -> None:
        if not uids:
            return
        self._try(uids)
        found = await self._connection.announced(uids)
        self._memory.announced |= found
        for uid in found:
            self._memory.was_read(uid)
        self._heard("announced", uids, found)

    def _heard(self, what: str, asked: Sequence[int], found: Collection[int]) -> None:
        """Raise MailboxProblem where the server refuses one mail after the other, and gave this of no other."""
        if found:
            self._given.add(what)
            self.has_progressed = True
            self._tell_progress()
        if len(asked) > 1:
            self._suspects += [uid for uid in asked if uid not in found]
            return
        refusal = self._connection.refusal
        self._refusals = 0 if refusal is None else self._refusals + 1
        if refusal is not None and self._refusals == REFUSALS and what not in self._given:
            raise refusal

    def _tell_progress(self) -> None:
        """Not while entered mails cannot be finished: then the mailbox does not fare well."""
        if not self.problem and not self._memory.finishing_fails:
            self._receiver.progressed()

    def _groups(self, uids: Sequence[int]) -> Iterator[list[int]]:
        """Mails that may be taken now; small ones together, as many as surely fit into one piece."""
        group: list[int] = []
        longest = 0
        for uid in uids:
            mail = self._memory.announced[uid]
            if mail.size > self._options.max_message_bytes or not self._may_take(uid):
                continue
            length = mail.size + _ROOM_BYTES
            if group and max(longest, length) * (len(group) + 1) > self._options.piece_bytes:
                yield group
                group, longest = [], 0
            group.append(uid)
            longest = max(longest, length)
        if group:
            yield group

    def _may_take(self, uid: int) -> bool:
        if uid in self._memory.admitted:
            return True
        mail = self._memory.announced[uid]
        wait = self._receiver.admit(mail.sender, mail.size)
        if wait > 0:
            self.wait = wait if self.wait is None else min(self.wait, wait)
            return False
        self._memory.admitted.add(uid)
        return True

    async def _take(self, group: Sequence[int]) -> None:
        announced = self._memory.announced
        self._try(group)
        length = min(self._options.piece_bytes, max(announced[uid].size for uid in group) + _ROOM_BYTES)
        first_pieces = await self._connection.content(group, 0, length)
        found = [uid for uid in group if first_pieces.get(uid)]
        self._heard("content", group, found)
        if not found and len(group) == 1:
            await self._without_content(group[0])
        for uid in found:
            piece = first_pieces.pop(uid)
            writer = self._blobs.writer()
            handed_over = False
            try:
                await writer.write(piece)
                if len(piece) == announced[uid].size < length:
                    await self._enter_later(uid, writer)
                    handed_over = True
                else:
                    await self._take_in_pieces(uid, writer, len(piece))
            except StorageFull as error:
                self._failure = error
                return
            finally:
                if not handed_over:
                    await writer.discard()

    async def _take_in_pieces(self, uid: int, writer: BlobWriter, offset: int) -> None:
        """The rest of a mail after its first piece: to the size announced, or to where the server ends twice alike."""
        raw = await self._read_to_end(uid, writer, offset)
        if raw is None:
            return
        size = self._memory.announced[uid].size
        if raw.size != size:
            again = self._blobs.writer()
            try:
                second = await self._read_to_end(uid, again, 0)
            finally:
                await again.discard()
            if second is None:
                return
            if second != raw:
                await self._leave(uid, UNSTEADY)
                return
            log.warning("imap size differs: %s announced %d, gave %d", self._transport_id(uid), size, raw.size)
        await self._enter_later(uid, raw)

    async def _read_to_end(self, uid: int, writer: BlobWriter, offset: int) -> StoredBlob | None:
        """Write from `offset` on and commit; None where the mail is too large, gone, or the visit is over."""
        size, length = self._memory.announced[uid].size, self._options.piece_bytes
        piece_was_short = False
        while not (offset == size and piece_was_short):
            if self._is_over:
                return None
            piece = (await self._connection.content([uid], offset, length)).get(uid, b"")
            if not piece:
                if self._connection.refusal is None and await self._connection.exists(uid):
                    break
                return None
            self._tell_progress()
            await writer.write(piece)
            offset += len(piece)
            piece_was_short = len(piece) < length
            if offset > self._options.max_message_bytes:
                self._memory.announced[uid] = replace(self._memory.announced[uid], size=offset)
                await self._leave_if_too_large(uid)
                return None
        return await writer.commit()

    async def _without_content(self, uid: int) -> None:
        if self._connection.refusal is None and await self._connection.exists(uid):
            await self._leave(uid, NO_CONTENT)

    def _try(self, uids: Sequence[int]) -> None:
        """Counted before it is known how it ends, because it may end the connection."""
        memory, now = self._memory, asyncio.get_running_loop().time()
        for uid in uids:
            memory.tried[uid] = memory.tried.get(uid, 0) + 1
            if uid in memory.again_at:
                memory.again_at[uid] = now + self._options.retry
            if self._given:
                memory.doubtful.discard(uid)
            else:
                memory.doubtful.add(uid)

    async def _enter_later(self, uid: int, content: BlobWriter | StoredBlob) -> None:
        """Once few enough mails are on their way into the store; a writer is discarded there from then on."""
        await self._slots.acquire()
        task = asyncio.create_task(self._enter(uid, content))
        self._entering.add(task)
        task.add_done_callback(self._entering.discard)

    async def _enter(self, uid: int, content: BlobWriter | StoredBlob) -> None:
        """Durable, then entered, then to be finished. A surprise leaves this mail and stops no other."""
        try:
            raw = content if isinstance(content, StoredBlob) else await content.commit()
            label = await self._receiver.accept(self._envelope(uid), raw)
            self._done.append(uid)
            self._memory.was_read(uid)
            log.info("imap mail taken: %s is %s, %d bytes", self._transport_id(uid), label, raw.size)
        except (StorageFull, TemporaryError) as error:
            self._memory.was_read(uid)
            self._failure = self._failure or error
        except Exception as error:
            log.exception("imap mail not taken: %s", self._transport_id(uid))
            await self._leave_quietly(uid, SURPRISE.format(error=type(error).__name__))
        finally:
            if not isinstance(content, StoredBlob):
                await content.discard()
            self._slots.release()

    async def _entered(self) -> None:
        """Wait for what is on its way into the store, also when we are told to end at once."""
        cancelled: asyncio.CancelledError | None = None
        while self._entering:
            try:
                await asyncio.shield(asyncio.gather(*self._entering))
            except asyncio.CancelledError as error:
                cancelled = error
        if cancelled is not None:
            raise cancelled

    async def _finish(self) -> None:
        """A failure leaves the mails where they are: the next visit finds them taken and tries again."""
        uids, self._done = sorted(self._done), []
        for start in range(0, len(uids), BATCH):
            try:
                await self._connection.finish(uids[start : start + BATCH], self._memory.copied)
            except MailboxProblem as error:
                self._connection.check()
                self.problem = str(error)

    async def _leave(self, uid: int, reason: str) -> None:
        """Tell it once, and nothing vaguer of a mail whose fault is known."""
        known = {said for other, said in self._memory.told if other == uid}
        if reason in known or (known and reason == TROUBLE):
            return
        await self._receiver.left(self._memory.uidvalidity, uid, reason)
        self._memory.told.add((uid, reason))
        log.warning("imap mail left: %s", self._transport_id(uid))

    async def _leave_if_too_large(self, uid: int) -> bool:
        size, most = self._memory.announced[uid].size, self._options.max_message_bytes
        if size > most:
            await self._leave(uid, TOO_LARGE.format(size=size, most=most))
        return size > most

    async def _leave_quietly(self, uid: int, reason: str) -> None:
        try:
            await self._leave(uid, reason)
        except (StorageFull, TemporaryError) as error:
            self._failure = self._failure or error

    def _transport_id(self, uid: int) -> str:
        return f"{self._options.name}/{self._options.place}/{self._memory.uidvalidity}/{uid}"

    def _envelope(self, uid: int) -> Envelope:
        return Envelope(
            transport=Transport.IMAP,
            transport_id=self._transport_id(uid),
            mail_from="",
            recipients=(self._options.address,),
            peer=self._options.host,
            tls=self._options.tls is not Tls.NONE,
        )
