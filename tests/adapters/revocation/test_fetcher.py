"""Lists and answers fetched from real servers on this machine, good ones and bad ones."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path
from typing import TypeVar

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from gateway.adapters.revocation.fetcher import FetchOptions, RevocationFetcher, Run
from gateway.adapters.sandbox import Sandbox
from gateway.adapters.signatures import load_anchors
from gateway.errors import SandboxFailure
from gateway.model.signature import ProofKind, Wanted
from tests.adapters.revocation.authority import DAY, LIST_URL, NOW, RESPONDER_URL, authority
from tests.flow.clock import StandingClock

T = TypeVar("T")
LIST = Wanted(LIST_URL, ProofKind.CRL, *authority().chain)
ANSWER = Wanted(RESPONDER_URL, ProofKind.OCSP, *authority().chain)
ELEVEN_MEGABYTES = 11 * 1024 * 1024


async def in_thread(job: Callable[..., T], *args: object) -> T:
    return await asyncio.to_thread(job, *args)


class Place:
    """A server that answers as told, and a fetcher that reaches it under the names in certificates."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.clock, self.asked = folder, StandingClock(NOW), 0
        self.behave: Callable[[web.Request], Awaitable[web.StreamResponse]] = well
        self.port = 0

    async def handle(self, request: web.Request) -> web.StreamResponse:
        self.asked += 1
        return await self.behave(request)

    def fetcher(self, run: Run = in_thread, *, seconds: float = 20) -> RevocationFetcher:
        here = f"127.0.0.1:{self.port}"
        hosts = {"crl.authority.example": here, "ocsp.authority.example": here}
        return RevocationFetcher(FetchOptions(self.folder, seconds, hosts), run, self.clock)

    def files(self) -> set[str]:
        return {path.name for path in self.folder.iterdir()} if self.folder.exists() else set()

    def problem(self, wanted: Wanted) -> str:
        told = json.loads((self.folder / f"{wanted.file_name}.json").read_text(encoding="utf-8"))
        return str(told["problem"])


async def well(request: web.Request) -> web.StreamResponse:
    if request.method == "POST":
        assert request.content_type == "application/ocsp-request"
        return web.Response(body=authority().answer(await request.read()))
    return web.Response(body=authority().revoked())


@pytest.fixture
async def place(tmp_path: Path) -> AsyncIterator[Place]:
    found = Place(tmp_path / "cache")
    async with serving(found):
        yield found


@asynccontextmanager
async def serving(place: Place) -> AsyncIterator[None]:
    app = web.Application()
    app.router.add_route("*", "/{path:.*}", place.handle)
    server = TestServer(app, host="127.0.0.1")
    await server.start_server(shutdown_timeout=0)
    place.port = server.port or 0
    try:
        yield
    finally:
        await server.close()


async def test_a_list_and_an_answer_come_into_the_folder_as_signatures_are_checked_with(place: Place) -> None:
    assert await place.fetcher().fetch([LIST, ANSWER]) == 2
    for wanted in (LIST, ANSWER):
        assert place.files() >= {wanted.file_name, f"{wanted.file_name}.json"}
    assert len(place.files()) == 4
    trust = place.folder.with_name("trust")
    trust.mkdir()
    anchors = load_anchors(trust, place.folder)
    assert anchors.crls == ((place.folder / LIST.file_name).read_bytes(),)
    assert anchors.ocsps == ((place.folder / ANSWER.file_name).read_bytes(),)
    assert anchors.cached == {*anchors.crls, *anchors.ocsps}


async def test_what_is_known_is_asked_for_again_only_after_its_next_update(place: Place) -> None:
    assert await place.fetcher().fetch([LIST]) == 1
    place.clock.moment = NOW + DAY - timedelta(seconds=1)
    assert await place.fetcher().fetch([LIST]) == 0
    assert place.asked == 1
    place.clock.moment = NOW + DAY
    assert await place.fetcher().fetch([LIST]) == 1
    assert place.asked == 2


async def test_several_who_want_the_same_ask_once(place: Place) -> None:
    fetcher = place.fetcher()
    assert await asyncio.gather(*(fetcher.fetch([LIST, LIST]) for _ in range(5))) == [1] * 5
    assert place.asked == 1


async def test_who_gives_up_waiting_ends_it_for_nobody_else(place: Place) -> None:
    come, go = asyncio.Event(), asyncio.Event()

    async def held_up(request: web.Request) -> web.StreamResponse:
        come.set()
        await go.wait()
        return await well(request)

    place.behave, fetcher = held_up, place.fetcher()
    impatient = asyncio.create_task(fetcher.fetch([LIST]))
    await come.wait()
    patient = asyncio.create_task(fetcher.fetch([LIST]))
    await asyncio.sleep(0)
    impatient.cancel()
    go.set()
    assert await patient == 1
    assert place.asked == 1


async def test_a_clock_set_back_asks_again(place: Place) -> None:
    await place.fetcher().fetch([LIST])
    place.clock.moment = NOW - DAY
    assert await place.fetcher().fetch([LIST]) == 1


@pytest.mark.parametrize("damage", ["unlink", "note", "half-note"])
async def test_what_is_gone_or_damaged_is_asked_for_again(place: Place, damage: str) -> None:
    await place.fetcher().fetch([LIST])
    kept, note = place.folder / LIST.file_name, place.folder / f"{LIST.file_name}.json"
    match damage:
        case "unlink":
            kept.unlink()
        case "note":
            note.write_bytes(b"\xff")
        case _:
            note.write_text('{"url": "x", "asked_at": "2026-11-23", "again_at": "2099-01-01", "problem": ""}')
    assert await place.fetcher().fetch([LIST]) == 1
    assert kept.exists()


def answering(status: int = 200, body: bytes = b"", **headers: str) -> Callable[[web.Request], Awaitable[web.Response]]:
    async def answer(_request: web.Request) -> web.Response:
        return web.Response(status=status, body=body, headers=headers)

    return answer


async def dripping(request: web.Request) -> web.StreamResponse:
    response = web.StreamResponse()
    await response.prepare(request)
    while True:
        await response.write(b"0")
        await asyncio.sleep(0.01)


async def endless(request: web.Request) -> web.StreamResponse:
    response = web.StreamResponse()
    await response.prepare(request)
    for _ in range(ELEVEN_MEGABYTES // 2**16):
        await response.write(bytes(2**16))
    return response


async def silent(_request: web.Request) -> web.StreamResponse:
    await asyncio.sleep(60)
    return web.Response()


async def in_a_circle(_request: web.Request) -> web.StreamResponse:
    return web.Response(status=302, headers={"Location": "/again"})


BAD = {
    "404": (answering(404), "mã 404"),
    "500 with a list": (answering(500, authority().revoked()), "mã 500"),
    "empty": (answering(), "không đọc được"),
    "a page": (answering(body=b"<html>"), "không đọc được"),
    "cut": (answering(body=authority().revoked()[:-9]), "không đọc được"),
    "another issuer's list": (answering(body=authority("Gốc khác").revoked()), "không đọc được"),
    "told to be huge": (answering(body=bytes(ELEVEN_MEGABYTES)), "10 MB"),
    "huge": (endless, "10 MB"),
    "dripping": (dripping, "0.5 giây"),
    "silent": (silent, "0.5 giây"),
    "elsewhere": (answering(302, Location="http://ca.gov.vn/list.crl"), "sang máy khác"),
    "to this machine": (answering(302, Location="http://localhost/list.crl"), "sang máy khác"),
    "to another port": (answering(302, Location="http://127.0.0.1:22/"), "cổng 22"),
    "to a file": (answering(302, Location="file:///etc/passwd"), "sang máy khác"),
    "in a circle": (in_a_circle, "quá nhiều lần"),
}


@pytest.mark.parametrize("how", BAD)
async def test_a_bad_answer_leaves_nothing_and_is_left_alone_for_an_hour(place: Place, how: str) -> None:
    place.behave, cause = BAD[how]
    seconds = 0.5 if "giây" in cause else 20
    assert await place.fetcher(seconds=seconds).fetch([LIST]) == 0
    assert place.files() == {f"{LIST.file_name}.json"}
    assert cause in place.problem(LIST)
    asked, place.behave = place.asked, well
    place.clock.moment = NOW + timedelta(minutes=59)
    assert await place.fetcher().fetch([LIST]) == 0
    assert place.asked == asked
    place.clock.moment = NOW + timedelta(hours=1)
    assert await place.fetcher().fetch([LIST]) == 1


async def test_a_redirect_on_the_same_machine_is_followed(place: Place) -> None:
    async def moved(request: web.Request) -> web.StreamResponse:
        if request.path == "/new":
            return await well(request)
        return web.Response(status=307, headers={"Location": "/new"})

    place.behave = moved
    assert await place.fetcher().fetch([LIST, ANSWER]) == 2


async def test_an_authority_that_is_away_takes_nothing_that_is_known(place: Place) -> None:
    await place.fetcher().fetch([LIST])
    known = (place.folder / LIST.file_name).read_bytes()
    place.behave, place.clock.moment = answering(503), NOW + 2 * DAY
    assert await place.fetcher().fetch([LIST]) == 0
    assert (place.folder / LIST.file_name).read_bytes() == known
    assert "mã 503" in place.problem(LIST)


async def test_nobody_listens(place: Place) -> None:
    fetcher = place.fetcher()
    place.port = 1
    gone = place.fetcher()
    assert await gone.fetch([LIST, ANSWER]) == 0
    assert "không kết nối được" in place.problem(LIST)
    assert await fetcher.fetch([LIST]) == 0
    assert place.asked == 0


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "[::1]", "127.1"])
async def test_an_address_inside_that_nobody_configured_is_never_connected_to(tmp_path: Path, host: str) -> None:
    place = Place(tmp_path / "cache")
    async with serving(place):
        for url in (f"http://{host}:{place.port}/x.crl", f"http://{host}/x.crl"):
            stranger = Wanted(url, ProofKind.CRL, LIST.certificate, LIST.issuer)
            fetcher = RevocationFetcher(FetchOptions(place.folder, 20), in_thread, place.clock)
            assert await fetcher.fetch([stranger]) == 0
            assert place.problem(stranger)
    assert place.asked == 0


async def test_what_breaks_its_worker_is_not_kept(place: Place) -> None:
    async def broken(job: Callable[..., T], *args: object) -> T:
        raise SandboxFailure(f"tiến trình kiểm tra bị hỏng: {job.__name__}, {len(args)}")

    assert await place.fetcher(broken).fetch([LIST]) == 0
    assert place.files() == {f"{LIST.file_name}.json"}


async def test_a_folder_that_cannot_be_written_is_no_failure_of_the_mail(place: Place) -> None:
    place.folder.write_bytes(b"no folder")
    assert await place.fetcher().fetch([LIST, ANSWER]) == 0


async def test_only_so_much_is_asked_for_at_once(place: Place) -> None:
    many = [
        Wanted(f"http://crl.authority.example/{number}.crl", ProofKind.CRL, LIST.certificate, LIST.issuer)
        for number in range(60)
    ]
    assert await place.fetcher().fetch(many) == place.asked == 40


async def test_closing_ends_what_is_under_way(place: Place) -> None:
    come = asyncio.Event()

    async def held_up(request: web.Request) -> web.StreamResponse:
        come.set()
        return await silent(request)

    place.behave, fetcher = held_up, place.fetcher(seconds=600)
    waiting = asyncio.create_task(fetcher.fetch([LIST]))
    await come.wait()
    await fetcher.close()
    with pytest.raises(asyncio.CancelledError):
        await waiting
    assert place.files() == set()


async def test_workers_read_what_came(place: Place) -> None:
    sandbox = Sandbox(1, 2**30, 60, 100)
    try:
        assert await place.fetcher(sandbox.run).fetch([LIST, ANSWER]) == 2
        place.behave, place.clock.moment = answering(body=b"<html>"), NOW + 2 * DAY
        assert await place.fetcher(sandbox.run).fetch([LIST, ANSWER]) == 0
    finally:
        await sandbox.close()
