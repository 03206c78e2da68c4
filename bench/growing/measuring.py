"""What people wait for, timed on one database: registering, searching, a page of the list, an export."""

from __future__ import annotations

import random
import time
from collections.abc import Awaitable, Callable, Iterator, Sequence
from datetime import timedelta

from bench.growing.archive import UNITS, Archived, archived
from gateway.model.document import Entry, RegisteredFile
from gateway.model.facts import FileFacts, Marks, Scan, ScanVerdict
from gateway.model.header import HeaderFields
from gateway.model.mail import Envelope, StoredBlob, Transport
from gateway.model.register_filter import EVERYTHING, RegisterFilter, RegisterOrder
from gateway.model.search import SearchQuestion
from gateway.policy.search import terms_of
from gateway.store.database import Database
from gateway.store.queries import Queries
from gateway.store.sqlstore import SqlStore

Samples = dict[str, list[float]]
Work = Callable[[], Awaitable[object]]

TIMES = 40
_YEAR = 2040
_PAGE = 100
_EXPORTED = 1_000
_CLEAN = Scan(ScanVerdict.CLEAN, "ClamAV")
_COMMON = (
    "giao thông",
    "bao cao",
    "thiết kế",
    "đường",
    "don vi",
    "an toàn",
    "thi cong",
    "huyện",
    "nha thau",
    "kế hoạch",
)
_PHRASES = ('"trật tự an toàn giao thông"', '"bao cao tinh hinh"', '"đường huyện"', '"công trình giao thông"')


async def measured(url: str, documents: int) -> Samples:
    """Seconds of each work in a register of so many documents, by what is done; all is done once before it counts."""
    database = Database(url)
    store, queries = SqlStore(database), Queries(database)
    samples: Samples = {}
    try:
        for name, works in (*_reading(queries, documents), ("register", _registering(store, documents))):
            for place, work in enumerate(works):
                began = time.perf_counter()
                await work()
                if place >= TIMES // 4:
                    samples.setdefault(name, []).append(time.perf_counter() - began)
    finally:
        await database.close()
    return samples


def _reading(queries: Queries, documents: int) -> Iterator[tuple[str, Iterator[Work]]]:
    chance = random.Random(documents)
    known = [next(archived(number, number)) for number in chance.choices(range(1, documents + 1), k=TIMES * 5 // 4)]
    for name, questions in _questions(known):
        yield f"search {name}", (_asked(queries, question) for question in questions)
    for name, chosen in _lists(known):
        yield f"list {name}", (_paged(queries, wanted, _PAGE, RegisterOrder.NEWEST) for wanted in chosen)
    parts = [RegisterFilter(book="den", year=each.year, arrival_from=each.arrival_number) for each in known]
    yield "export", (_paged(queries, wanted, _EXPORTED, RegisterOrder.NUMBER) for wanted in parts)


def _questions(known: Sequence[Archived]) -> Iterator[tuple[str, list[SearchQuestion]]]:
    forms: Sequence[Callable[[Archived], str]] = (
        lambda each: each.number,
        lambda each: f"{each.number}/{each.notation}",
        lambda each: f"{each.arrival_number}/{each.year}",
    )
    yield "number", [_question(forms[place % 3](each)) for place, each in enumerate(known)]
    yield "rare words", [_question(each.text.partition("mã ")[2].partition(".")[0]) for each in known]
    yield "common words", [_question(_COMMON[place % len(_COMMON)]) for place, _ in enumerate(known)]
    yield "words of a title", [_question(" ".join(each.abstract.split()[1:])) for each in known]
    yield "phrase", [_question(_PHRASES[place % len(_PHRASES)]) for place, _ in enumerate(known)]
    yield (
        "with filter",
        [
            _question(
                _COMMON[place % len(_COMMON)],
                RegisterFilter(year=each.year, unit=each.unit, issued_from=each.issued_on - timedelta(days=30)),
            )
            for place, each in enumerate(known)
        ],
    )


def _question(words: str, wanted: RegisterFilter = EVERYTHING) -> SearchQuestion:
    return SearchQuestion(terms_of(words), wanted)


def _lists(known: Sequence[Archived]) -> Iterator[tuple[str, list[RegisterFilter]]]:
    yield "newest", [EVERYTHING for _ in known]
    yield "of a unit", [RegisterFilter(unit=UNITS[place % len(UNITS)]) for place, _ in enumerate(known)]
    yield "overdue", [RegisterFilter(overdue_at=each.deadline + timedelta(seconds=1)) for each in known]
    yield (
        "of some days",
        [
            RegisterFilter(arrived_from=each.arrived_at, arrived_before=each.arrived_at + timedelta(days=3))
            for each in known
        ],
    )
    yield "issued on a day", [RegisterFilter(issued_from=each.issued_on, issued_to=each.issued_on) for each in known]
    yield "of a sender", [RegisterFilter(sender=each.sender) for each in known]


def _asked(queries: Queries, question: SearchQuestion) -> Work:
    return lambda: queries.search(question)


def _paged(queries: Queries, wanted: RegisterFilter, enough: int, order: RegisterOrder) -> Work:
    async def read() -> None:
        left = enough
        async for some in queries.stream_register(wanted, chunk=min(enough, 500), order=order):
            left -= len(some)
            if left <= 0:
                return

    return read


def _registering(store: SqlStore, documents: int) -> Iterator[Work]:
    for document in archived(documents + 1, documents + TIMES * 5 // 4):
        yield _registered(store, document)


def _registered(store: SqlStore, document: Archived) -> Work:
    async def register() -> None:
        name = f"new-{document.id}"
        sha256 = f"{document.id:064x}"
        envelope = Envelope(Transport.SMTP, name, document.sender, ("sgtvt@quangngai.gov.vn",), "192.0.2.1", "mx")
        mail = await store.accept(envelope, StoredBlob(sha256, 200_000), document.arrived_at)
        header = HeaderFields(
            number=document.number,
            notation=document.notation,
            issued_on=document.issued_on,
            document_type=document.document_type,
            abstract=document.abstract,
            issuer=document.issuer,
            signer=document.signer,
        )
        file = RegisteredFile("2", "van-ban.pdf", "application/pdf", 180_000, sha256, 2, True, _CLEAN)
        entry = Entry("den", header, Marks(), (file,), sha256, None)
        async with store.begin() as unit:
            await unit.keep_facts([FileFacts(sha256, 180_000, "application/pdf", 2, document.text)])
            await unit.register(mail, entry, document.arrived_at, _YEAR, document.sender, answer_to=None)

    return register
