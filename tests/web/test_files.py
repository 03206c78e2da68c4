"""Personal links: whom they show what, and how the bytes come out."""

from __future__ import annotations

import asyncio
import re
import time
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import IO, Any
from urllib.parse import unquote

import pytest
from hypothesis import given
from hypothesis import strategies as st
from structlog.testing import capture_logs

from gateway.model.document import RegisteredFile
from gateway.model.facts import Scan, ScanVerdict
from gateway.web.download import CHUNK, disposition, download
from gateway.web.page import masked
from tests.web.records import CONTENTS, DOCUMENT, FILES_TOKEN, PERSONAL, TOKEN, Site, words

PAGE = f"/f/{FILES_TOKEN}"


async def test_the_page_lists_the_files_and_says_whose_link_it_is_and_until_when(site: Site) -> None:
    answer = await site.ask(PAGE)
    assert answer.status == 200
    seen = words(answer.text)
    assert "Cấp cho l***c-sogtvt@…" in seen
    assert "Hết hạn lúc 09 giờ 05 phút, ngày 26/11/2026" in seen
    assert PERSONAL.address not in answer.text
    for position, file in enumerate(DOCUMENT.files, 1):
        assert f'href="{PAGE}/{position}"' in answer.text
        assert file.name in seen
        assert file.sha256 in seen


@pytest.mark.parametrize("position", [1, 2])
async def test_a_file_comes_as_it_was_received(site: Site, position: int) -> None:
    answer = await site.ask(f"{PAGE}/{position}")
    file, content = DOCUMENT.files[position - 1], CONTENTS[position - 1]
    assert answer.status == 200
    assert answer.body == content
    assert answer.headers["content-length"] == str(len(content))
    assert answer.headers["content-type"] == file.type
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["cache-control"] == "no-store"
    assert answer.headers["content-security-policy"].startswith("sandbox; default-src 'none'")
    assert "style-src" not in answer.headers["content-security-policy"]
    told = answer.headers["content-disposition"]
    assert told.startswith('attachment; filename="')
    assert unquote(told.partition("UTF-8''")[2]) == file.name


@pytest.mark.parametrize("meanwhile", ["it is opened", "a chunk is sent"])
async def test_the_file_is_closed_where_its_reader_goes_while(
    site: Site, monkeypatch: pytest.MonkeyPatch, meanwhile: str
) -> None:
    answer = await download(site.blobs, DOCUMENT.files[0], 1)
    opened: list[IO[Any]] = []
    open_at_once, loop, gone = Path.open, asyncio.get_running_loop(), asyncio.Event()

    def open_slowly(path: Path, mode: str) -> IO[Any]:
        if meanwhile == "it is opened":
            loop.call_soon_threadsafe(gone.set)
            time.sleep(0.05)
        opened.append(open_at_once(path, mode))
        return opened[-1]

    async def receive() -> dict[str, Any]:
        await gone.wait()
        return {"type": "http.disconnect"}

    async def send(message: Any) -> None:
        if message["type"] == "http.response.body":
            gone.set()
            await asyncio.Event().wait()

    monkeypatch.setattr(Path, "open", open_slowly)
    await answer({"type": "http"}, receive, send)
    (file,) = opened
    assert file.closed


async def test_the_sample_is_longer_than_one_chunk(site: Site) -> None:
    assert len((await site.ask(f"{PAGE}/1")).body) > CHUNK


async def test_head_tells_the_same_without_the_bytes(site: Site) -> None:
    for path in (PAGE, f"{PAGE}/1"):
        got, headed = await site.ask(path), await site.ask(path, "HEAD")
        assert headed.body == b""
        assert {**headed.headers, "date": ""} == {**got.headers, "date": ""}


@pytest.mark.parametrize("path", [PAGE, f"{PAGE}/1", f"{PAGE}/99"])
async def test_an_expired_link_says_how_to_get_another(site: Site, path: str) -> None:
    site.clock.at = PERSONAL.expires_at - timedelta(seconds=1)
    assert (await site.ask(PAGE)).status == 200
    site.clock.at = PERSONAL.expires_at
    answer = await site.ask(path)
    assert answer.status == 410
    assert "“Trạng thái”" in words(answer.text)
    assert "214/TTr-UBND" not in answer.text


@pytest.mark.parametrize(
    "path",
    [
        f"/f/{'a' * 26}",
        f"/f/{TOKEN}",
        "/f/a",
        f"/f/{'a' * 129}",
        f"/f/{'a' * 26}/1",
        f"{PAGE}/",
        f"{PAGE}/0",
        f"{PAGE}/3",
        f"{PAGE}/01",
        f"{PAGE}/1/2",
        f"{PAGE}/-1",
        f"{PAGE}/%D9%A1",
        f"{PAGE}/99999",
        f"/t/{FILES_TOKEN}",
    ],
)
async def test_whatever_opens_nothing_gets_the_same_page(site: Site, path: str) -> None:
    answer, unknown = await site.ask(path), await site.ask("/nothing")
    assert answer.status == 404
    assert answer.body == unknown.body
    assert {**answer.headers, "date": ""} == {**unknown.headers, "date": ""}


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE"])
async def test_files_are_only_read(site: Site, method: str) -> None:
    assert [(await site.ask(path, method)).status for path in (PAGE, f"{PAGE}/1")] == [405, 405]


async def test_an_infected_file_is_not_given_out(site: Site) -> None:
    hold(site, replace(DOCUMENT.files[0], scan=Scan(ScanVerdict.INFECTED, "ClamAV", "Eicar")))
    page = (await site.ask(PAGE)).text
    assert f'href="{PAGE}/1"' not in page
    assert "Không cho tải" in words(page)
    answer = await site.ask(f"{PAGE}/1")
    assert answer.status == 403
    assert answer.headers["content-type"].startswith("text/html")


@pytest.mark.parametrize("method", ["GET", "HEAD"])
async def test_a_file_that_newer_signatures_find_infected_is_not_given_out(site: Site, method: str) -> None:
    site.desk.rescanned[DOCUMENT.files[0].sha256] = ScanVerdict.INFECTED
    assert [(await site.ask(f"{PAGE}/{position}", method)).status for position in (1, 2)] == [403, 200]


@pytest.mark.parametrize("method", ["GET", "HEAD"])
async def test_a_file_that_cannot_be_scanned_is_not_given_out(site: Site, method: str) -> None:
    site.desk.rescanned[DOCUMENT.files[0].sha256] = ScanVerdict.NOT_SCANNED
    assert [(await site.ask(f"{PAGE}/{position}", method)).status for position in (1, 2)] == [403, 200]


async def test_while_no_scanner_answers_no_file_is_given_out_and_the_page_says_to_come_again(site: Site) -> None:
    site.desk.scanner_away = True
    answer = await site.ask(f"{PAGE}/1")
    assert answer.status == 503
    assert "thử lại sau ít phút" in words(answer.text)
    assert (await site.ask(PAGE)).status == 200


@pytest.mark.parametrize("method", ["GET", "HEAD"])
@pytest.mark.parametrize("fault", ["missing", "changed", "shortened"])
async def test_bytes_that_are_not_those_received_are_not_sent(site: Site, method: str, fault: str) -> None:
    path = site.blobs.path(DOCUMENT.files[0].sha256)
    if fault == "missing":
        path.unlink()
    else:
        path.write_bytes(CONTENTS[0][:-1] + (b"!" if fault == "changed" else b""))
    with capture_logs() as logs:
        answer = await site.ask(f"{PAGE}/1", method)
    assert answer.status == 500
    assert "content-disposition" not in answer.headers
    (entry,) = logs
    if method == "GET":
        assert f"<code>{entry['incident']}</code>" in answer.text
        assert str(path) not in answer.text


@pytest.mark.parametrize("told", ["", "text/html\r\nX-Evil: 1", "nonsense", "TEXT/HTML; charset=x"])
async def test_a_type_that_is_none_is_sent_as_bytes(site: Site, told: str) -> None:
    hold(site, replace(DOCUMENT.files[0], type=told))
    answer = await site.ask(f"{PAGE}/1")
    assert answer.headers["content-type"] == "application/octet-stream"
    assert "x-evil" not in answer.headers


def hold(site: Site, file: RegisteredFile) -> None:
    site.archive.personal = replace(PERSONAL, document=replace(DOCUMENT, files=(file,)))


@pytest.mark.parametrize(
    ("name", "plain", "whole"),
    [
        ("Tờ trình.pdf", "To trinh.pdf", "Tờ trình.pdf"),
        ('a"b\\c/d.pdf', "a_b_c_d.pdf", "a_b_c_d.pdf"),
        ("../../etc/passwd", "_.._etc_passwd", "_.._etc_passwd"),
        ("a\r\nSet-Cookie: x.pdf", "a Set-Cookie_ x.pdf", "a Set-Cookie_ x.pdf"),
        ("\u202efdp.exe", "fdp.exe", "fdp.exe"),
        ("100%;x'.pdf", "100__x_.pdf", "100%;x'.pdf"),
        ("", "tep-3", "tep-3"),
        ("...", "tep-3", "tep-3"),
        ("x" * 300 + ".pdf", "x" * 146 + ".pdf", "x" * 146 + ".pdf"),
        ("x" * 300, "x" * 150, "x" * 150),
    ],
    ids=["vietnamese", "quotes", "folders", "lines", "direction", "signs", "none", "dots", "long", "long-without-end"],
)
def test_a_file_name_is_told_in_ascii_and_whole(name: str, plain: str, whole: str) -> None:
    told = disposition(name, 3)
    assert told.startswith(f'attachment; filename="{plain}"; ')
    assert unquote(told.partition("UTF-8''")[2]) == whole


@given(st.text(max_size=400))
def test_any_file_name_makes_a_header(name: str) -> None:
    assert re.fullmatch(r'attachment; filename="[ -~]+"; filename\*=UTF-8\'\'[A-Za-z0-9_.~%-]+', disposition(name, 1))


@pytest.mark.parametrize(
    ("address", "shown"),
    [
        ("lethimauc-sogtvt@quangngai.example", "l***c-sogtvt@…"),
        ("giamdoc@quangngai.example", "g***c@…"),
        ("an@quangngai.example", "a***@…"),
        ("nguyen-van-mau@quangngai.example", "n***n-mau@…"),
        ("-x@quangngai.example", "***-x@…"),
    ],
)
def test_an_address_is_shown_so_that_only_its_owner_knows_it(address: str, shown: str) -> None:
    assert masked(address) == shown
