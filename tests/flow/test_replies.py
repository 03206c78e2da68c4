"""Replies as people write them in their mail programs, and what the office does with each."""

from __future__ import annotations

import itertools
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass, replace
from datetime import timedelta

import pytest
import pytest_asyncio

from gateway.model.notice import NoticeKind
from tests.flow.conftest import Bench
from tests.flow.reply_links import Link, links_in
from tests.flow.reply_stage import CLERK, DIRECTOR, HEAD, PROVINCE, SENDER, SPECIALIST, Floor, Stage, planted
from tests.flow.reply_table import ROWS
from tests.flow.staff import last
from tests.replies import CLIENTS, MARKING

pytestmark = pytest.mark.usefixtures("own_domain")


@pytest_asyncio.fixture(loop_scope="session")
async def floor(bench: Bench) -> AsyncIterator[Floor]:
    async with AsyncExitStack() as stack:
        yield await Floor.of(bench, stack)


def test_the_table_has_rows_from_every_program_and_names_each_once() -> None:
    rows = [row for table in ROWS.values() for row in table]
    assert len(rows) >= 80
    assert {row.client for row in rows} == set(CLIENTS)
    assert all(len({row.name for row in table}) == len(table) for table in ROWS.values())


@pytest.mark.parametrize("table", list(ROWS))
async def test_each_reply_does_what_it_says_and_nothing_else(floor: Floor, table: str) -> None:
    rows = ROWS[table]
    documents = await floor.stage([row.at for row in rows])
    sent = [
        (
            document,
            row.who,
            floor.reply(
                row.who,
                await floor.notice(row.who, document),
                row.text,
                client=row.client,
                language=row.language,
                html=row.html,
                position="bottom" if row.below else "top",
            ),
        )
        for row, document in zip(rows, documents, strict=True)
    ]
    found = list(zip(rows, await floor.outcomes(sent), strict=True))
    assert {row.name: (one.acts, dict(one.changed)) for row, one in found} == {
        row.name: (row.acts, dict(row.changed)) for row in rows
    }
    untold = {row.name: (words, one.told) for row, one in found for words in row.says if words not in one.told}
    assert untold == {}


@dataclass(frozen=True)
class Asked:
    """A notice with buttons: to whom, where the document stands, and the act of each button in its order."""

    name: str
    who: str
    at: Stage
    acts: tuple[str, ...]

    def pressed(self) -> list[int]:
        """The buttons to press: of those that do the same act for one unit each only the first."""
        return [place for place, act in enumerate(self.acts) if act not in self.acts[:place]]


_ASSIGNING = ("assign",) * 6
_ASKING = ("status", "help")
NOTICES = (
    Asked("the clerk's notice", CLERK, Stage.REGISTERED, ("present", "return", "submit", "correct", "void", *_ASKING)),
    Asked("a task to assign", DIRECTOR, Stage.PRESENTED, (*_ASSIGNING, "return", *_ASKING)),
    Asked("a task to transfer", CLERK, Stage.ASSIGNED, ("transfer", "submit", "correct", "void", *_ASKING)),
    Asked(
        "a task to accept",
        HEAD,
        Stage.TRANSFERRED,
        ("accept", "delegate", "progress", "finish", "return", "extend", *_ASKING),
    ),
    Asked("a task to handle", SPECIALIST, Stage.ACCEPTED, ("progress", "finish", "return", "extend", *_ASKING)),
    Asked(
        "more time to approve",
        DIRECTOR,
        Stage.MORE_TIME,
        ("approve", "decline", *_ASSIGNING, "extend", *_ASKING),
    ),
    Asked("a submission to approve", DIRECTOR, Stage.SUBMISSION, ("approve", "decline", *_ASSIGNING, *_ASKING)),
    Asked("a submission to send", CLERK, Stage.LET_GO, ("forward", "present", "return", "correct", "void", *_ASKING)),
    Asked(
        "a recall to approve",
        CLERK,
        Stage.RECALL_ASKED,
        ("approve", "decline", "present", "return", "submit", "correct", "void", *_ASKING),
    ),
    Asked("the submission itself", PROVINCE, Stage.FORWARDED, ("acknowledge", *_ASKING)),
    Asked("the sender's receipt", SENDER, Stage.REGISTERED, ("recall", *_ASKING)),
)


@pytest.mark.parametrize("group", [NOTICES[:4], NOTICES[4:7], NOTICES[7:]], ids=["first", "middle", "last"])
async def test_each_button_of_a_notice_does_what_it_offers(floor: Floor, group: tuple[Asked, ...]) -> None:
    pressed = [(asked, place) for asked in group for place in asked.pressed()]
    documents = await floor.stage([asked.at for asked, _ in pressed])
    sent = []
    for (asked, place), document in zip(pressed, documents, strict=True):
        links = links_in(await floor.notice(asked.who, document))
        assert len(links) == len(asked.acts), asked.name
        sent.append((document, asked.who, links[place].mail(asked.who, floor.bench.clock.now(), floor.next_id())))
    found = await floor.outcomes(sent)
    assert [(asked.name, one.acts) for (asked, _), one in zip(pressed, found, strict=True)] == [
        (asked.name, (asked.acts[place],)) for asked, place in pressed
    ]


async def test_a_button_whose_other_lines_are_left_open_does_what_its_name_says(floor: Floor) -> None:
    document, other = await floor.stage([Stage.PRESENTED] * 2)
    pressed = links_in(await floor.notice(DIRECTOR, document))[2]
    assert pressed.body.startswith("Chủ trì: Phòng Kế hoạch - Tài chính\r\nPhối hợp: ")
    raw = pressed.mail(DIRECTOR, floor.bench.clock.now(), floor.next_id(), filled=False)
    copied = floor.reply(
        DIRECTOR,
        await floor.notice(DIRECTOR, other),
        "Chủ trì: Phòng Kế hoạch - Tài chính\nPhối hợp: …\nHạn: …\nÝ kiến: …",
    )
    for found in await floor.outcomes([(document, DIRECTOR, raw), (other, DIRECTOR, copied)]):
        assert found.acts == ("assign",)
        assert found.changed == {"state": "assigned", "khtc": "lead | assigned"}


async def test_the_button_of_a_question_to_confirm_does_what_was_asked(floor: Floor) -> None:
    sending, recalled = await floor.stage([Stage.LET_GO, Stage.REGISTERED])
    notices = [await floor.notice(CLERK, sending), await floor.notice(SENDER, recalled)]
    floor.bench.clock.pass_(timedelta(days=2))
    asked = await floor.outcomes(
        [
            (sending, CLERK, floor.reply(CLERK, notices[0], "Chuyển UBND", client="outlook")),
            (recalled, SENDER, floor.reply(SENDER, notices[1], "Thu hồi: gửi nhầm", client="thunderbird")),
        ]
    )
    assert [(one.acts, one.changed) for one in asked] == [((), {})] * 2
    sent = []
    for document, who, one in zip((sending, recalled), (CLERK, SENDER), asked, strict=True):
        (link,) = links_in(one.answers[NoticeKind.CONFIRM])
        assert link.body == "Xác nhận"
        sent.append((document, who, link.mail(who, floor.bench.clock.now(), floor.next_id())))
    assert [one.acts for one in await floor.outcomes(sent)] == [("forward",), ("recall",)]


async def test_the_buttons_of_a_transcript_do_what_they_offer(floor: Floor) -> None:
    acts = ("present", "return", "submit", "correct", "void", "status", "help")
    documents = await floor.stage([Stage.REGISTERED] * len(acts))
    asked = [
        (document, CLERK, floor.reply(CLERK, await floor.notice(CLERK, document), "Trạng thái"))
        for document in documents
    ]
    told = await floor.outcomes(asked)
    sent = []
    for place, (document, one) in enumerate(zip(documents, told, strict=True)):
        link = links_in(one.transcript)[place]
        sent.append((document, CLERK, link.mail(CLERK, floor.bench.clock.now(), floor.next_id())))
    assert [one.acts for one in await floor.outcomes(sent)] == [(act,) for act in acts]


async def test_the_buttons_of_a_digest_are_for_the_document_they_stand_with(floor: Floor) -> None:
    desk = floor.bench.office.desk
    async with floor.bench.with_desk(work=replace(desk.work, digest_after=0)):
        documents = await floor.stage([Stage.REGISTERED] * 3)
        floor.bench.clock.pass_(timedelta(hours=1))
        await floor.bench.work()
        links: dict[int, list[Link]] = {}
        for link in links_in(last(floor.bench, CLERK)):
            links.setdefault(await floor.document_of(link.to), []).append(link)
        assert set(links) == {document.id for document in documents}
        sent = [
            (document, CLERK, links[document.id][place].mail(CLERK, floor.bench.clock.now(), floor.next_id()))
            for place, document in enumerate(documents)
        ]
        found = await floor.outcomes(sent)
    assert [one.acts for one in found] == [("present",), ("return",), ("submit",)]


@dataclass(frozen=True)
class Unclear:
    """A name that several bear: what was written, and what each choice changes."""

    name: str
    who: str
    at: Stage
    text: str
    choices: tuple[dict[str, str], ...]


def _units(*codes: str) -> tuple[dict[str, str], ...]:
    return tuple({"state": "assigned", code: "lead | assigned | 04/12 17:00"} for code in codes)


def _people(*codes: str) -> tuple[dict[str, str], ...]:
    return tuple({"state": "accepted", "khtc": f"lead | accepted | 04/12 17:00 | {code}"} for code in codes)


UNCLEAR = (
    Unclear("two people called Nam", HEAD, Stage.TRANSFERRED, "Giao: Nam", _people("nvnam-sogtvt", "thnam-sogtvt")),
    Unclear("the same without accents", HEAD, Stage.TRANSFERRED, "giao: anh nam a", ()),
    Unclear(
        "the beginning of two units",
        DIRECTOR,
        Stage.PRESENTED,
        "Chủ trì: Phòng Quản\nHạn: 4/12",
        _units("kcht", "vtai"),
    ),
    Unclear(
        "the same without accents or head",
        DIRECTOR,
        Stage.PRESENTED,
        "chu tri: quan ly\nhan: 4/12",
        _units("kcht", "vtai"),
    ),
    Unclear(
        "a supporting unit",
        DIRECTOR,
        Stage.PRESENTED,
        "Chủ trì: KHTC\nPhối hợp: quản lý\nHạn: 4/12",
        tuple(
            {
                "state": "assigned",
                "khtc": "lead | assigned | 04/12 17:00",
                code: "with | assigned | 04/12 17:00",
            }
            for code in ("kcht", "vtai")
        ),
    ),
)


async def test_a_name_that_several_bear_does_nothing_and_each_choice_by_link_does_its_own(floor: Floor) -> None:
    clear = [(case, place) for case in UNCLEAR for place in range(max(1, len(case.choices)))]
    documents = await floor.stage([case.at for case, _ in clear])
    asked = [
        (document, case.who, floor.reply(case.who, await floor.notice(case.who, document), case.text, client=client))
        for (case, _), document, client in zip(clear, documents, itertools.cycle(CLIENTS), strict=False)
    ]
    told = await floor.outcomes(asked)
    assert [(case.name, one.acts, one.changed) for (case, _), one in zip(clear, told, strict=True)] == [
        (case.name, (), {}) for case, _ in clear
    ]
    sent, wanted = [], []
    for (case, place), document, one in zip(clear, documents, told, strict=True):
        if case.choices:
            links = links_in(one.transcript)
            assert "Có thể là một trong các cách viết sau" in one.told
            raw = links[place].mail(case.who, floor.bench.clock.now(), floor.next_id(), filled=False)
            sent.append((document, case.who, raw))
            wanted.append((case.name, case.choices[place]))
    found = await floor.outcomes(sent)
    assert [(name, one.changed) for (name, _), one in zip(wanted, found, strict=True)] == wanted


QUOTED = ("Trình", "Trả lại: gửi nhầm", "Sửa: trích yếu=Đã bị sửa", "Trình UBND", "Trạng thái")


@pytest.mark.parametrize("language", ["vi", "en"])
async def test_no_order_is_taken_from_quoted_text(floor: Floor, language: str) -> None:
    ways = itertools.product(CLIENTS, ("top", "bottom"), (False, True))
    found = await _answered(floor, "Đã xem, cảm ơn.", [(*way, language) for way in ways])
    assert found
    assert set(found.values()) == {()}


async def test_of_an_order_and_the_orders_quoted_only_the_new_one_is_done(floor: Floor) -> None:
    ways = itertools.product(CLIENTS, ("top", "bottom"), (None,), ("vi", "en"))
    found = await _answered(floor, "Trạng thái", list(ways))
    assert found == {way: ("status",) if way[1] == "top" or way[0] in MARKING else () for way in found}


_Way = tuple[str, str, bool | None, str]


async def _answered(floor: Floor, text: str, ways: Sequence[_Way]) -> dict[_Way, tuple[str, ...]]:
    """What is done by a reply of each client, position, with HTML or not, language, to a notice full of orders."""
    (document,) = await floor.stage([Stage.REGISTERED])
    notice = planted(await floor.notice(CLERK, document), QUOTED)
    desk, store, received = floor.bench.office.desk, floor.bench.office.desk.store, {}
    before = await store.docket(document.id)
    async with floor.bench.with_desk(correspondence=replace(desk.correspondence, answers_per_day=0)):
        for way in ways:
            client, position, html, language = way
            floor.bench.clock.pass_(timedelta(seconds=1))
            raw = floor.reply(CLERK, notice, text, client=client, position=position, html=html, language=language)
            received[way] = await floor.receive(CLERK, raw)
        await floor.bench.work()
    assert await store.docket(document.id) == before
    return {way: await floor.acts_of(mail) for way, mail in received.items()}
