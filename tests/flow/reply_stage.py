"""Documents brought to where a reply finds them, many in one office; replies sent together, and what came of each."""

from __future__ import annotations

import email.policy
import itertools
import re
from collections.abc import Iterable, Mapping, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass, replace
from datetime import timedelta
from email.message import EmailMessage
from enum import Enum
from typing import Any

from gateway.clock import local
from gateway.model.directory import Directory, Party, PartyKind, Role
from gateway.model.docket import Docket
from gateway.model.mail import Mail, MailStage
from gateway.model.notice import NoticeKind
from gateway.policy.orders import read_orders
from handlers.act import Source, perform
from handlers.by_hand import order_by_hand
from handlers.conversation import tokens_in
from handlers.import_directory import import_directory
from handlers.outlook import asker_at
from handlers.staff import staff_of
from tests.flow.conftest import AGENCY, SENDERS_SERVER, Bench
from tests.flow.reading import CLERK, read, text_of
from tests.flow.staff import COMMITTEE, DIRECTOR, DOMAIN, HEAD, OTHER_HEAD, OUTSIDE, PROVINCE, SPECIALIST
from tests.mails import SENDER, mail, page_one
from tests.replies import reply

_MANY = 10_000
_BLOCK_END = re.compile(r"</(?:p|div|td|h1|h2|h3|li)>")
_BODY = re.compile(r"<body[^>]*>")


def _unit(code: str, name: str, short_name: str, *addresses: str) -> Party:
    return Party(code, PartyKind.UNIT, name, addresses, short_name=short_name)


def _person(code: str, name: str, unit: str, role: Role) -> Party:
    return Party(code, PartyKind.PERSON, name, (f"{code}@{DOMAIN}",), parent=unit, roles=(role,))


UNITS = (
    _unit("van-phong", "Văn phòng Sở", "VP"),
    _unit("khtc", "Phòng Kế hoạch - Tài chính", "P. KHTC"),
    _unit("vtai", "Phòng Quản lý vận tải", "P. Vận tải"),
    _unit("kcht", "Phòng Quản lý kết cấu hạ tầng giao thông", "P. KCHT"),
    _unit("ttra", "Thanh tra Sở", "TTr", f"thanhtra-sogtvt@{DOMAIN}"),
)
PEOPLE = (
    _person("hvphuong-sogtvt", "Hoàng Việt Phương", "van-phong", Role.LEADER),
    _person("ltkcuc-sogtvt", "Lê Thị Kim Cúc", "khtc", Role.UNIT_HEAD),
    _person("nvnam-sogtvt", "Nguyễn Văn Nam", "khtc", Role.SPECIALIST),
    _person("thnam-sogtvt", "Trần Hải Nam", "khtc", Role.SPECIALIST),
    _person("ptlan-sogtvt", "Phạm Thị Lan", "khtc", Role.SPECIALIST),
    _person("tvbinh-sogtvt", "Trần Văn Bình", "vtai", Role.UNIT_HEAD),
    _person("lvhung-sogtvt", "Lê Văn Hùng", "vtai", Role.SPECIALIST),
    _person("nqdung-sogtvt", "Nguyễn Quang Dũng", "kcht", Role.UNIT_HEAD),
)
OFFICE = Directory((AGENCY, COMMITTEE, *UNITS, *PEOPLE))


class Stage(Enum):
    """How far a document has come: the orders that brought it there, each with who gave it."""

    REGISTERED = frozenset[tuple[str, str]]()  # an empty tuple is lost as a value in Python 3.11.2
    PRESENTED = ((CLERK, "Trình: Hoàng Việt Phương"),)
    ASSIGNED = (*PRESENTED, (DIRECTOR, "Chủ trì: KHTC\nPhối hợp: vtai\nHạn: 4/12/2026"))
    ASSIGNED_OPENLY = (*PRESENTED, (DIRECTOR, "Chủ trì: KHTC\nPhối hợp: vtai"))
    TRANSFERRED = (*ASSIGNED, (CLERK, "Chuyển"))
    ACCEPTED = (*TRANSFERRED, (HEAD, "Giao: nvnam-sogtvt"))
    IN_PROGRESS = (*ACCEPTED, (SPECIALIST, "Đang xử lý"))
    MORE_TIME = (*IN_PROGRESS, (HEAD, "Gia hạn: 10/12/2026 lý do chờ số liệu của huyện"))
    MORE_TIME_TWICE = (*MORE_TIME, (OTHER_HEAD, "Gia hạn: 11/12/2026 lý do đi kiểm tra hiện trường"))
    FINISHED = (*IN_PROGRESS, (SPECIALIST, "Hoàn thành: đã lưu hồ sơ"))
    SUBMISSION = ((CLERK, "Trình UBND"),)
    LET_GO = (*SUBMISSION, (DIRECTOR, "Đồng ý"))
    FORWARDED = (*LET_GO, (CLERK, "Chuyển UBND"))
    RECALL_ASKED = ((SENDER, "Thu hồi: gửi nhầm phụ lục"),)
    RECALL_ASKED_LATE = (*IN_PROGRESS, *RECALL_ASKED)
    GIVEN_BACK = (*PRESENTED, (DIRECTOR, "Trả lại: cần hỏi lại nơi gửi"))


@dataclass(frozen=True)
class Staged:
    """A document of an office, with the mail that brought it."""

    id: int
    mail: Mail


@dataclass(frozen=True)
class Outcome:
    """What became of a reply: the acts done by it, what they changed in the docket, and the transcript."""

    acts: tuple[str, ...]
    changed: Mapping[str, str]
    answers: Mapping[NoticeKind, bytes]

    @property
    def transcript(self) -> bytes:
        """The answer to every mail with orders."""
        return self.answers[NoticeKind.TRANSCRIPT]

    @property
    def told(self) -> str:
        """The transcript as one line, without what it quotes of the reply."""
        text = text_of(self.transcript).partition("NỘI DUNG ĐÃ ĐỌC TRONG THƯ")[0]
        return " ".join(text.split())


class Floor:
    """An office in which many documents are worked on at the same moment."""

    def __init__(self, bench: Bench) -> None:
        self.bench = bench
        self._entered = 0
        self._sent = 0

    @classmethod
    async def of(cls, bench: Bench, until: AsyncExitStack, directory: Directory = OFFICE) -> Floor:
        """The office with its people, and no bound on the mails of one day."""
        desk = bench.office.desk
        work = replace(desk.work, digest_after=_MANY)
        correspondence = replace(desk.correspondence, answers_per_day=_MANY)
        await until.enter_async_context(bench.with_desk(work=work, correspondence=correspondence))
        await import_directory(directory, actor="test", desk=bench.office.desk)
        return cls(bench)

    async def stage(self, wanted: Sequence[Stage]) -> list[Staged]:
        """A new document for each stage, brought there, with all notices delivered."""
        bench, mails = self.bench, []
        for _ in wanted:
            self._entered += 1
            raw = mail(
                (f"van-ban-{self._entered}.txt", page_one(self._entered, abstract="Về việc báo cáo định kỳ")),
                message_id=f"<{self._entered}@agency.example>",
            )
            mails.append(await bench.receive(raw))
        await bench.work()
        documents = []
        for stage, entered in zip(wanted, mails, strict=True):
            found = await bench.office.queries.story(entered.id)
            assert found.mail.stage is MailStage.REGISTERED
            documents.append(Staged(found.documents[0].id, entered))
            for author, text in stage.value:
                await self._order(documents[-1].id, author, text)
        await bench.work()
        return documents

    async def _order(self, document: int, author: str, text: str) -> None:
        desk = self.bench.office.desk
        if author != SENDER:
            done = await order_by_hand(document, text, author, "test", desk)
            assert not done.faults
            assert all(hasattr(answer, "docket") for answer in done.answers), done.answers
            return
        staff = await staff_of(desk)
        orders = read_orders(text, now=desk.clock.now(), calendar=desk.work.calendar).orders
        async with desk.store.begin() as unit:
            for order in orders:
                docket = await unit.docket(document)
                await perform(order, docket, asker_at(author, docket, staff, desk), Source("web"), staff, unit, desk)

    async def notice(self, recipient: str, document: Staged) -> bytes:
        """The newest notice about a document to somebody."""
        told = (await self.bench.office.queries.story(document.mail.id)).notices
        own = [each for each in told if each.owed.recipient == recipient]
        return self._delivered(recipient, max(own, key=lambda each: each.id).owed.message_id)

    def _delivered(self, recipient: str, message_id: str) -> bytes:
        return next(raw for raw in self.bench.delivered(recipient) if f"Message-ID: {message_id}".encode() in raw)

    def next_id(self) -> str:
        """A Message-ID as no mail had before."""
        self._sent += 1
        return f"<tra-loi-{self._sent}@may-tinh.example>"

    def reply(self, author: str, notice: bytes, text: str, *, client: str = "gmail", **how: Any) -> bytes:
        """A reply of now, with whatever else `tests.replies.reply` can be told."""
        return reply(
            client,
            to=notice,
            text=text,
            author=author,
            date=self.bench.clock.now(),
            message_id=self.next_id(),
            **how,
        )

    async def document_of(self, address: str) -> int:
        """The document that a reply to this address is about."""
        (token,) = tokens_in((address,), (), self.bench.office.desk.correspondence)
        found = await self.bench.office.desk.store.token(token)
        assert found is not None
        assert found.document_id is not None
        return found.document_id

    async def acts_of(self, received: Mail) -> tuple[str, ...]:
        """What was done by a mail that came as orders."""
        story = await self.bench.office.queries.story(received.id)
        assert story.mail.stage is MailStage.APPLIED, story.mail.stage
        return tuple(
            each.event.kind.removeprefix("document.")
            for each in story.events
            if each.event.source == "reply" and each.event.kind.startswith("document.")
        )

    async def receive(self, author: str, raw: bytes) -> Mail:
        """A mail of one of the people, or of an agency, from where each of them sends."""
        to = re.findall(r"[^\s<>]+@[^\s<>]+", str(read(raw)["To"]))[-1]
        peer = SENDERS_SERVER if author == SENDER else OUTSIDE
        return await self.bench.receive(raw, mail_from=author, recipient=to, peer=peer)

    async def outcomes(self, sent: Iterable[tuple[Staged, str, bytes]]) -> list[Outcome]:
        """What became of mails, sent together, about documents of their own: (document, author, mail)."""
        store, received = self.bench.office.desk.store, []
        self.bench.clock.pass_(timedelta(minutes=1))
        for document, author, raw in sent:
            before = facts_of(await store.docket(document.id))
            received.append((document, author, before, await self.receive(author, raw)))
        await self.bench.work()
        found = []
        for document, author, before, answered in received:
            acts = await self.acts_of(answered)
            after = facts_of(await store.docket(document.id))
            changed = {name: after.get(name, "") for name in sorted({*before, *after})}
            changed = {name: value for name, value in changed.items() if before.get(name, "") != value}
            owed = [each.owed for each in (await self.bench.office.queries.story(answered.id)).notices]
            answers: dict[NoticeKind, bytes] = {
                each.kind: self._delivered(author, each.message_id)
                for each in owed
                if each.recipient == author and each.kind in {NoticeKind.TRANSCRIPT, NoticeKind.CONFIRM}
            }
            found.append(Outcome(acts, changed, answers))
        return found


def facts_of(docket: Docket) -> dict[str, str]:
    """A docket in words that a table can be written in; moments as Vietnamese clocks show them."""
    header, submission = docket.document.header, docket.submission
    facts = {
        "state": docket.state.value,
        "presented": docket.presented_to or "",
        "opinion": docket.opinion,
        "answers": ", ".join(answer.identifier for answer in docket.answers),
        "submission": submission.approval.value if submission else "",
        "sent": str(len(submission.forwardings)) if submission and submission.forwardings else "",
        "acknowledged": str(sum(bool(each.acknowledged_at) for each in submission.forwardings)) if submission else "",
        "identifier": header.identifier or "",
        "abstract": header.abstract or "",
        "issued": f"{header.issued_on:%d/%m/%Y}" if header.issued_on else "",
    }
    for part in docket.assignments:
        due = f"{local(part.deadline):%d/%m %H:%M}" if part.deadline else ""
        words = ("lead" if part.lead else "with", part.state.value, due, part.specialist, part.note)
        facts[part.unit] = " | ".join(word for word in words if word)
    for request in docket.requests:
        until = f"{local(request.deadline):%d/%m %H:%M}" if request.deadline else ""
        facts[f"asks {request.subject}"] = " | ".join(word for word in ("open", until, request.text) if word)
    return {name: value for name, value in facts.items() if value not in {"", "0"}}


def planted(notice: bytes, orders: Sequence[str]) -> bytes:
    """The notice with orders at every place of its text, as if we had sent it so: what is quoted then holds them."""
    old, places = read(notice), itertools.cycle(orders)
    plain, rich = old.get_body(("plain",)), old.get_body(("html",))
    assert plain is not None
    assert rich is not None
    message = EmailMessage(policy=email.policy.SMTP)
    for name in ("From", "To", "Reply-To", "Subject", "Date", "Message-ID", "References"):
        if old[name]:
            message[name] = str(old[name])
    lines = str(plain.get_content()).splitlines()
    message.set_content("\n".join(f"{next(places)}\n{line}" for line in (*lines, "")))
    page = _BLOCK_END.sub(lambda end: f"<div>{next(places)}</div>{end.group()}", str(rich.get_content()))
    page = _BODY.sub(lambda begun: f"{begun.group()}<p>{next(places)}</p>", page)
    message.add_alternative(page, subtype="html")
    return message.as_bytes()


__all__ = [
    "CLERK",
    "DIRECTOR",
    "HEAD",
    "OTHER_HEAD",
    "PROVINCE",
    "SENDER",
    "SPECIALIST",
    "Floor",
    "Outcome",
    "Stage",
    "Staged",
    "planted",
]
