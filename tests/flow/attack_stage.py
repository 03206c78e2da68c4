"""An office at work with two documents, whose notices somebody has laid hands on."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from gateway.model.docket import Docket
from gateway.model.journal import NewEvent
from gateway.model.mail import Mail, MailStage
from gateway.model.notice import NoticeKind
from gateway.model.token import Purpose, ThreadToken
from handlers.conversation import owe_about
from tests.flow.attack_mails import STRANGER, Attack
from tests.flow.conftest import Bench
from tests.flow.reading import CLERK, IT, read, text_of
from tests.flow.staff import DIRECTOR, HEAD, OTHER_HEAD, SPECIALIST, answer, last, staffed
from tests.mails import SENDER, mail, page_one

READERS = (CLERK, DIRECTOR, HEAD, OTHER_HEAD, SPECIALIST, SENDER, STRANGER, IT)
_TOKEN = re.compile(r"[+<]r-([a-z2-7]{26})@")
_CHANGING = re.compile(r"\b[a-z2-7]{26}\b|\b[MND]\d+\b|\b[0-9a-f]{24}\b|\d\d:\d\d(?::\d\d)?|\d\d giờ \d\d(?: phút)?")


@dataclass
class Stage:
    """`first` is presented to the Director and tells him so, `second` is just registered."""

    bench: Bench
    first: int
    second: int

    async def dockets(self) -> tuple[Docket, ...]:
        """Both documents with their work."""
        return await self.bench.office.desk.store.dockets((self.first, self.second))

    async def notice(self, reader: str, document: int = 0) -> bytes:
        """The newest notice with a token that somebody got about a document, the first one by default."""
        for raw in reversed(self.bench.delivered(reader)):
            for token in await self.bench.office.desk.store.tokens_with(str(read(raw)["Message-ID"]).strip()):
                if token.document_id == (document or self.first):
                    return raw
        raise LookupError(f"{reader} got no notice about D{document}")

    async def token(self, reader: str, document: int = 0, purpose: Purpose = Purpose.WORK) -> str:
        """The token in it."""
        return (await self._token(reader, document, purpose)).token

    async def _token(self, reader: str, document: int, purpose: Purpose) -> ThreadToken:
        message_id = str(read(await self.notice(reader, document))["Message-ID"]).strip()
        borne = await self.bench.office.desk.store.tokens_with(message_id)
        return next(token for token in borne if token.purpose is purpose)

    async def send(self, sent: Attack) -> Mail:
        """The mail of an attack at its end."""
        return await self.bench.end_of(sent.raw, mail_from=sent.mail_from, peer=sent.peer, recipient=sent.recipient)

    async def journal(self, found: Mail) -> list[NewEvent]:
        """What is in the journal about a mail."""
        return [event.event for event in (await self.bench.office.queries.story(found.id)).events]

    async def told(self, found: Mail) -> dict[str, int]:
        """Who gets how many notices because of a mail."""
        notices = (await self.bench.office.queries.story(found.id)).notices
        return dict(Counter(notice.owed.recipient for notice in notices))

    def had(self) -> dict[str, int]:
        """How many notices everybody has."""
        return {reader: len(self.bench.delivered(reader)) for reader in READERS}


async def stage_of(bench: Bench) -> Stage:
    """Two documents of the agency: the first one presented."""
    await staffed(bench)
    documents = []
    for number in (7, 8):
        raw = mail((f"{number}.txt", page_one(number)), message_id=f"<{number}@agency.example>")
        received = await bench.end_of(raw)
        assert received.stage is MailStage.REGISTERED
        documents.append((await bench.office.queries.story(received.id)).documents[0].id)
        if number == 7:
            await answer(bench, CLERK, last(bench, CLERK), "Trình")
    stage = Stage(bench, documents[0], documents[1])
    assert [docket.revision for docket in await stage.dockets()] == [1, 0]
    return stage


async def tell(stage: Stage, reader: str, document: int = 0, *, subject: str = "") -> bytes:
    """Let somebody have a notice with a token about a document."""
    desk = stage.bench.office.desk
    async with desk.store.begin() as unit:
        docket = await unit.docket(document or stage.first)
        facts = {"step": "extended", "subject": subject, "text": "Để biết."}
        occasion = f"kể riêng {len(stage.bench.delivered(reader))}"
        await owe_about(NoticeKind.NEWS, docket.document, reader, occasion, unit, desk, facts=facts)
    await stage.bench.work()
    return last(stage.bench, reader)


def token_in(notice: bytes) -> str:
    """The token that a reply to this notice bears."""
    found = _TOKEN.search(str(read(notice)["Reply-To"]))
    assert found is not None
    return found[1]


def shown(notice: bytes) -> str:
    """A notice as its reader sees it, without ids, tokens and times of the day."""
    return _CHANGING.sub("#", f"{read(notice)['Subject']}\n{text_of(notice)}")


def causes(events: Sequence[NewEvent], kind: str) -> list[object]:
    """The causes of all events of this kind."""
    return [(event.data or {}).get("cause") for event in events if event.kind == kind]


@dataclass(frozen=True)
class Loot:
    """What an attacker may have got hold of: tokens for the first document by whose they are, and more.

    `files` opens the specialist's files, `verp` stands in the reverse-path of the Director's notice, whose Message-ID
    is `thread`. `second` is the clerk's token for the other document, `second_thread` the notice that bore it.
    """

    clerk: str
    director: str
    specialist: str
    other_head: str
    files: str
    verp: str
    second: str
    thread: str
    clerks_thread: str
    second_thread: str
    notice: bytes


async def loot_of(stage: Stage) -> Loot:
    """Every token of the office."""
    await tell(stage, SPECIALIST)
    await tell(stage, OTHER_HEAD)
    notice = await stage.notice(DIRECTOR)
    bounces = re.search(rb"\+b-([^@]+)@", notice)
    assert bounces is not None
    return Loot(
        clerk=await stage.token(CLERK),
        director=await stage.token(DIRECTOR),
        specialist=await stage.token(SPECIALIST),
        other_head=await stage.token(OTHER_HEAD),
        files=await stage.token(SPECIALIST, purpose=Purpose.FILES),
        verp=bounces[1].decode(),
        second=await stage.token(CLERK, stage.second),
        thread=id_of(notice),
        clerks_thread=id_of(await stage.notice(CLERK)),
        second_thread=id_of(await stage.notice(CLERK, stage.second)),
        notice=notice,
    )


def id_of(raw: bytes) -> str:
    """The Message-ID."""
    return str(read(raw)["Message-ID"]).strip()
