"""Search finds what is in the register, best first, and the same on both databases; what is gone is found no more."""

from __future__ import annotations

import random
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import delete, text, update

from gateway.model.docket import DocumentState
from gateway.model.document import Entry, RegisteredFile
from gateway.model.facts import FileFacts, Marks
from gateway.model.header import HeaderFields
from gateway.model.register_filter import EVERYTHING, RegisterFilter
from gateway.model.search import SearchQuestion, Term
from gateway.model.searchable import Place, folded, identifier_keys, words_of
from gateway.policy.search import terms_of
from gateway.store import schema, search_keys
from gateway.store import search as searching
from gateway.store.database import Database
from gateway.store.queries import Queries
from gateway.store.search_index import forget_changes, index_documents
from gateway.store.sqlstore import SqlStore
from tests.conftest import new_database
from tests.records import CLEAN, MORNING, envelope, header, raw, sha256
from tests.store.registered import SENDER, docketed, kept


@dataclass(frozen=True)
class Written:
    """A document for the register: its fields, the text of its files, its book and year."""

    header: HeaderFields
    texts: tuple[str, ...] = ("",)
    book: str = "den"
    year: int = 2026


async def enter(store: SqlStore, documents: Sequence[Written]) -> None:
    """All of them, in one mail and one transaction."""
    mail = await store.accept(envelope("m"), raw("m"), MORNING)
    async with store.begin() as unit:
        for number, written in enumerate(documents):
            names = [sha256(f"{number}.{place}") for place, _ in enumerate(written.texts)]
            facts = zip(names, written.texts, strict=True)
            await unit.keep_facts([FileFacts(name, 1, "application/pdf", text=text) for name, text in facts])
            files = tuple(
                RegisteredFile(f"{number}.{place}", "van-ban.pdf", "application/pdf", 1, name, 1, place == 0, CLEAN)
                for place, name in enumerate(names)
            )
            entry = Entry(written.book, written.header, Marks(), files, f"content {number}", None)
            await unit.register(mail, entry, MORNING, written.year, SENDER, answer_to=None)


async def ids(queries: Queries, words: str, wanted: RegisterFilter = EVERYTHING, limit: int = 100) -> list[int]:
    found = await queries.search(SearchQuestion(terms_of(words), wanted, limit))
    return [docket.document.id for docket in found.dockets]


_WORDS = (
    *("quy", "chế", "che", "chè", "quản", "lý", "quan", "hòa", "hoà", "hoa", "đường", "duong", "Đường", "955", "07"),
    *("7", "sở", "giao", "thông", "và", "QĐ", "SGTVT", "an", "toàn"),
)
_DAYS = ("955QĐ", "ngày 07/9/2017", "1 tháng 3 năm 2026", "ngay 07 thang 09 nam 2017")
_NOTATIONS = ("QĐ-SGTVT", "QĐ-UBND", "2017/QĐ-UBND", "BC-SGTVT", None)


def _some(chance: random.Random, most: int) -> str:
    return " ".join(chance.choices(_WORDS, k=chance.randint(0, most)))


def _documents(chance: random.Random) -> list[Written]:
    return [
        Written(
            HeaderFields(
                number=chance.choice(("955", "07", "7", "12a", None)),
                notation=chance.choice(_NOTATIONS),
                issued_on=chance.choice((date(2017, 9, 7), date(2026, 3, 1), None)),
                document_type=chance.choice(("Quyết định", None)),
                abstract=_some(chance, 4),
                issuer=_some(chance, 3),
            ),
            texts=tuple(_some(chance, 12) for _ in range(chance.randint(1, 3))),
            book=chance.choice(("den", "giay-moi")),
            year=chance.choice((2017, 2026)),
        )
        for _ in range(50)
    ]


def _question(chance: random.Random) -> SearchQuestion:
    pieces = [_some(chance, 1) or "quy", f'"{_some(chance, 2)} quan"', _number(chance)]
    words = " ".join(chance.sample(pieces, chance.randint(1, 2)))
    wanted = RegisterFilter(
        book=chance.choice((None, None, "den")),
        year=chance.choice((None, None, 2017)),
        issued_from=chance.choice((None, None, date(2020, 1, 1))),
    )
    return SearchQuestion(terms_of(words), wanted, chance.choice((3, 100)))


def _number(chance: random.Random) -> str:
    return chance.choice(
        ("955", "7", "955/QĐ", "955-QĐ-UBND", "07/2017", "955/2017/QĐ-UBND", "3/2026", "12a/BC", *_DAYS)
    )


def _answer(documents: Sequence[Written], question: SearchQuestion) -> list[int]:
    """What search promises, said plainly."""
    ranked = []
    entered: dict[tuple[str, int], int] = {}
    for document_id, written in enumerate(documents, 1):
        arrival = entered[written.book, written.year] = entered.get((written.book, written.year), 0) + 1
        wanted, fields = question.wanted, written.header
        fits = wanted.book in {None, written.book} and wanted.year in {None, written.year}
        fits &= wanted.issued_from is None or (fields.issued_on is not None and fields.issued_on >= wanted.issued_from)
        rank = _rank(written, arrival, question.terms)
        if fits and rank is not None:
            ranked.append((rank, -document_id))
    return [-document_id for _, document_id in sorted(ranked)][: question.limit]


def _rank(written: Written, arrival: int, terms: Sequence[Term]) -> int | None:
    fields = written.header
    day = f"{fields.issued_on:%d/%m/%Y}" if fields.issued_on else ""
    title = (fields.number, fields.notation, day, fields.document_type, fields.abstract)
    texts = {
        Place.TITLE: [" ".join(part or "" for part in title)],
        Place.PARTIES: [" ".join((fields.issuer or "", SENDER))],
        Place.ANYWHERE: [
            " ".join((_in_words(fields.issued_on), *written.texts, *("van-ban.pdf" for _ in written.texts)))
        ],
    }
    known: list[str] = []
    numbers = [term for term in terms if term.identifier]
    others = [term for term in terms if not term.identifier]
    ranks = []
    for rank, place in enumerate(Place, 1):
        known += texts[place]
        if all(any(_stands(term, each) for each in known) for term in terms):
            ranks.append(rank)
    borne = numbers and all(_bears(written, arrival, term) for term in numbers)
    if borne and all(any(_stands(term, each) for each in known) for term in others):
        ranks.append(0)
    return min(ranks, default=None)


def _in_words(day: date | None) -> str:
    return f"ngày {day.day} tháng {day.month} năm {day.year}" if day else ""


def _stands(term: Term, within: str) -> bool:
    words = [folded(word) for word in words_of(within)] if term.folded else words_of(within)
    wide = len(term.words)
    return any(tuple(words[place : place + wide]) == term.words for place in range(len(words)))


def _bears(written: Written, arrival: int, term: Term) -> bool:
    asked, fields = term.identifier, written.header
    assert asked is not None
    number, notation, year = identifier_keys(fields.number, fields.notation)
    year = year or (fields.issued_on.year if fields.issued_on else None)
    own = number == asked.number and asked.year in {None, year}
    own &= asked.notation is None or f"{notation or ''}-".startswith(f"{asked.notation}-")
    entered = asked.arrival == arrival and asked.year in {None, written.year}
    return own or entered


@asynccontextmanager
async def opened(url: str) -> AsyncIterator[SqlStore]:
    store = SqlStore(Database(url))
    try:
        yield store
    finally:
        await store.database.close()


@pytest.fixture
def both_urls(request: pytest.FixtureRequest, tmp_path: Path) -> list[str]:
    return [new_database(kind, request, tmp_path) for kind in ("sqlite", "postgresql")]


@pytest.mark.parametrize("seed", range(2))
async def test_both_databases_answer_alike_and_as_promised(
    seed: int, both_urls: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whether the index is asked for all words or, in the second round, for the rarest of any two."""
    if seed:
        for name, value in (("_MANY", 1), ("_ASKED", 1), ("_FEW", 12), ("_SAMPLE_BY_INDEX", 20)):
            monkeypatch.setattr(search_keys, name, value)
        monkeypatch.setattr(searching, "_AT_ONCE", 3)
    chance = random.Random(seed)
    documents = _documents(chance)
    async with opened(both_urls[0]) as one, opened(both_urls[1]) as other:
        for store in (one, other):
            await enter(store, documents)
        for _ in range(60):
            question = _question(chance)
            answers = [
                [docket.document.id for docket in (await Queries(store.database).search(question)).dockets]
                for store in (one, other)
            ]
            expected = _answer(documents, question)
            assert answers == [expected, expected], question


async def test_every_field_and_every_file_is_found(store: SqlStore, queries: Queries) -> None:
    fields = HeaderFields(
        number="955",
        notation="QĐ-SGTVT",
        issued_on=date(2017, 9, 7),
        document_type="Quyết định",
        abstract="Ban hành quy chế",
        issuer="Sở Giao thông vận tải",
        superior="Ủy ban nhân dân tỉnh",
        signer="Nguyễn Văn An",
        capacity="KT. GIÁM ĐỐC",
        addressee="Các phòng chuyên môn",
        recipients="Lưu: VT",
    )
    await enter(store, [Written(fields, ("trang đầu", "phụ lục thứ hai")), Written(HeaderFields())])
    asked = (
        "955",
        "quyet dinh",
        "07/9/2017",
        "quy chế",
        "vận tải",
        "ủy ban",
        "uỷ ban",
        "văn an",
        "giam doc",
        "chuyên môn",
    )
    for words in (*asked, "lưu vt", "trang dau", '"phụ lục thứ"'):
        assert await ids(queries, words) == [1], words
    for words in ("van-ban.pdf", SENDER):
        assert await ids(queries, words) == [2, 1], words
    for words in ("quy che không có", '"chế quy"', "quỳ", "956", "100%"):
        assert await ids(queries, words) == [], words


async def test_a_correction_is_found_and_what_was_wrong_no_more(store: SqlStore, queries: Queries) -> None:
    before = await docketed(store)
    corrected = replace(before.document, header=replace(header("17"), abstract="Về việc kiểm tra tải trọng"))
    await kept(store, before, replace(before, document=corrected))
    assert await ids(queries, "tai trong") == await ids(queries, "17") == [before.document.id]
    assert await ids(queries, "quy chế") == await ids(queries, "955") == []


async def test_a_voided_entry_is_found_as_what_it_is(store: SqlStore, queries: Queries) -> None:
    before = await docketed(store)
    await kept(store, before, replace(before, state=DocumentState.VOIDED))
    (found,) = (await queries.search(SearchQuestion(terms_of("quy chế")))).dockets
    assert found.state is DocumentState.VOIDED


async def test_what_is_destroyed_leaves_no_word(store: SqlStore, queries: Queries) -> None:
    """Neither for search nor in the index's own pages."""
    await enter(store, [Written(header(), ("bí ẩn xyzzy",)), Written(header("17"), ("khác",))])
    async with store.database.write() as connection:
        table = schema.document
        await connection.execute(update(table).where(table.c.id == 1).values(purged_at=MORNING, abstract=None))
        await connection.execute(delete(schema.blob_fact))
        await index_documents(connection, [1])
    await forget_changes(store.database)
    assert await ids(queries, "xyzzy") == []
    assert await ids(queries, "quy chế") == [2]
    assert await ids(queries, "955/QĐ-SGTVT") == [1]
    if store.database.is_sqlite:
        async with store.database.read() as connection:
            await connection.execute(text("INSERT INTO search_index (search_index) VALUES ('integrity-check')"))
            pages = (await connection.execute(text("SELECT block FROM search_index_data"))).scalars().all()
        assert not any(b"xyzzy" in page for page in pages)


async def test_of_more_than_can_be_looked_at_the_newest_count(
    store: SqlStore, queries: Queries, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(searching, "_LOOKED_AT", 3)
    abstracts = ["quy chế"] * 5 + ["chế quy"] * 4
    await enter(store, [Written(replace(header(str(n)), abstract=abstract)) for n, abstract in enumerate(abstracts)])
    for words, expected in (('"quy chế"', ([], True)), ('"chế quy"', ([9, 8], False)), ("quy chế", ([9, 8], False))):
        found = await queries.search(SearchQuestion(terms_of(words), limit=2))
        assert ([docket.document.id for docket in found.dockets], found.partly) == expected


async def test_older_blocks_are_looked_through_too(
    store: SqlStore, queries: Queries, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever the size of a block, all is found in the same order."""
    for module in ("gateway.store.search_keys", "gateway.model.searchable"):
        monkeypatch.setattr(f"{module}.SMALL_BLOCK", 1)
        monkeypatch.setattr(f"{module}.LARGE_BLOCK", 2)
    await enter(
        store, [Written(replace(header(str(number)), abstract=f"từ chung {number % 3}")) for number in range(20)]
    )
    assert await ids(queries, "tu chung") == list(range(20, 0, -1))
    assert await ids(queries, "chung", limit=3) == [20, 19, 18]
    assert await ids(queries, '"chung 1"') == list(range(20, 0, -3))
