"""The receiver of a submission: what his page shows, and what it takes to acknowledge."""

from __future__ import annotations

import asyncio
import re
import socket
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from urllib.parse import urlencode

import pytest
from hypothesis import given
from hypothesis import strategies as st
from structlog.testing import capture_logs

from gateway.model.docket import DocumentState
from gateway.web.form import parse_form
from gateway.web.pace import POSTS, WINDOW, Pace
from gateway.web.refusal import Refused
from tests.web.browser import Browser
from tests.web.records import ARRIVED, DOCUMENT, FORWARDING_TOKEN, NOW, RECEIVED, TOKEN, HttpAnswer, Site, words

PAGE = f"/t/{FORWARDING_TOKEN}"
FORM = f"{PAGE}/acknowledge"
TYPE = {"content-type": "application/x-www-form-urlencoded"}
NAME = "Lê Thị Mẫu, văn thư"
CLICKED = {
    "user-agent": "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0",
    "sec-fetch-mode": "navigate",
    "sec-fetch-user": "?1",
}


def filled(name: str = NAME, ticked: str = "yes", **others: str) -> bytes:
    return urlencode({"name": name, "all_received": ticked, **others}).encode()


async def post(
    site: Site, body: bytes = filled(), path: str = FORM, headers: dict[str, str] | None = None
) -> HttpAnswer:
    return await site.ask(path, "POST", headers=TYPE | (headers or {}), body=body)


async def test_the_page_tells_the_receiver_what_was_forwarded_and_by_whom(site: Site) -> None:
    answer = await site.ask(PAGE)
    assert answer.status == 200
    seen = words(answer.text)
    for expected in (
        "Tờ trình số 214/TTr-UBND",
        "Cơ quan trình Ủy ban nhân dân huyện Mộ Đức",
        "Hộp thư gửi vanthu@moduc.example",
        "Nơi chuyển Sở Giao thông vận tải",
        "Thời điểm chuyển 17 giờ 00 phút, ngày 20/11/2026",
        "Họ tên, chức vụ người nhận",
        "Đã nhận đủ 02 tệp của hồ sơ",
        "4 trang",
        *(file.name for file in DOCUMENT.files),
        *(file.sha256 for file in DOCUMENT.files),
    ):
        assert expected in seen


async def test_only_the_page_with_the_form_may_send_one(site: Site) -> None:
    assert "form-action 'self'" in (await site.ask(PAGE)).headers["content-security-policy"]
    site.archive.forwarded = replace(RECEIVED, forwarding=ARRIVED)
    answers = [await site.ask(path) for path in (PAGE, f"/t/{TOKEN}", "/nothing")]
    for answer in answers:
        assert "form-action 'none'" in answer.headers["content-security-policy"]
        assert "<form" not in answer.text


async def test_to_look_is_noted_and_acknowledges_nothing(site: Site) -> None:
    await site.ask(PAGE)
    await site.ask(PAGE, "HEAD", headers=CLICKED)
    await site.ask(PAGE, headers=CLICKED)
    assert site.desk.visits == [False, False, True]
    assert site.desk.acknowledged == []
    await site.ask(f"/t/{TOKEN}", headers=CLICKED)
    assert len(site.desk.visits) == 3


async def test_a_look_that_cannot_be_noted_is_shown_all_the_same(site: Site) -> None:
    site.desk.surprise = RuntimeError("no room")
    with capture_logs() as logs:
        assert (await site.ask(PAGE)).status == 200
    assert [entry["event"] for entry in logs] == ["web.visit_not_noted"]


async def test_a_complete_form_acknowledges_and_leads_back_to_the_page(site: Site) -> None:
    answer = await post(site)
    assert (answer.status, answer.headers["location"]) == (303, PAGE)
    assert site.desk.acknowledged == [(FORWARDING_TOKEN, NAME)]
    seen = words((await site.ask(PAGE)).text)
    assert "Đã xác nhận lúc 09 giờ 05 phút, ngày 23/11/2026 bởi Lê Thị Mẫu, văn thư." in seen


async def test_a_repeat_is_harmless(site: Site) -> None:
    assert [(await post(site)).status for _ in range(2)] == [303, 303]
    assert (await post(site, b"")).status == 303
    assert (await post(site, filled("Người khác"))).status == 303
    assert NAME in words((await site.ask(PAGE)).text)


@pytest.mark.parametrize(
    ("body", "fault"),
    [
        pytest.param(b"", "Đề nghị ghi họ tên", id="empty"),
        pytest.param(filled(""), "Đề nghị ghi họ tên", id="no-name"),
        pytest.param(filled(" \t "), "Đề nghị ghi họ tên", id="blank-name"),
        pytest.param(filled("\u200b\u202e\x00A"), "Đề nghị ghi họ tên", id="one-visible-letter"),
        pytest.param(filled("x" * 121), "dài quá 120 ký tự", id="long-name"),
        pytest.param(filled(ticked=""), "đánh dấu xác nhận", id="box-empty"),
        pytest.param(urlencode({"name": NAME}).encode(), "đánh dấu xác nhận", id="box-missing"),
        pytest.param(filled(ticked="no"), "đánh dấu xác nhận", id="box-otherwise"),
        pytest.param(filled(name=NAME, ticked="").replace(b"name", b"email"), "Đề nghị ghi họ tên", id="other-fields"),
    ],
)
async def test_an_incomplete_form_is_shown_again_and_acknowledges_nothing(site: Site, body: bytes, fault: str) -> None:
    answer = await post(site, body)
    assert answer.status == 422
    assert "form-action 'self'" in answer.headers["content-security-policy"]
    assert "Chưa xác nhận được." in words(answer.text)
    assert fault in words(answer.text)
    assert site.desk.acknowledged == []


async def test_what_was_typed_stays_in_the_form_as_text(site: Site) -> None:
    page = (await post(site, filled('"><script>alert(1)</script>', ticked=""))).text
    assert "<script" not in page
    assert 'value="&#34;&gt;&lt;script&gt;' in page


@pytest.mark.parametrize(
    ("name", "noted"),
    [("  Lê  Thị\tMẫu ", "Lê Thị Mẫu"), ("Lê Thị Mẫu", "Lê Thị Mẫu"), ("An", "An"), ("x" * 120, "x" * 120)],
    ids=["blanks", "decomposed", "shortest", "longest"],
)
async def test_the_name_is_noted_tidily(site: Site, name: str, noted: str) -> None:
    await post(site, filled(name))
    assert site.desk.acknowledged == [(FORWARDING_TOKEN, noted)]


@pytest.mark.parametrize(
    ("headers", "body", "status"),
    [
        pytest.param({"content-type": "application/json"}, b'{"name": "An"}', 415, id="json"),
        pytest.param({"content-type": "multipart/form-data; boundary=x"}, b"--x--", 415, id="multipart"),
        pytest.param({"content-type": "text/plain"}, filled(), 415, id="plain"),
        pytest.param({"content-type": ""}, filled(), 415, id="no-type"),
        pytest.param({}, filled() + b"&more=" + b"x" * 8192, 413, id="large"),
        pytest.param({}, b"name=%FF%FE&all_received=yes", 400, id="not-utf-8"),
        pytest.param({}, b"name=\xff\xfe&all_received=yes", 400, id="raw-bytes"),
        pytest.param({}, b"&".join([b"a=b"] * 9), 400, id="many-fields"),
        pytest.param({}, filled() + b"&name=Khac", 400, id="name-twice"),
        pytest.param({"sec-fetch-site": "cross-site"}, filled(), 403, id="cross-site"),
        pytest.param({"sec-fetch-site": "same-site"}, filled(), 403, id="same-site"),
        pytest.param({"origin": "https://evil.example"}, filled(), 403, id="foreign-origin"),
        pytest.param({"origin": "http://["}, filled(), 403, id="no-origin-at-all"),
    ],
)
async def test_what_is_not_our_form_is_refused_with_a_page(
    site: Site, headers: dict[str, str], body: bytes, status: int
) -> None:
    answer = await post(site, body, headers=headers)
    assert answer.status == status
    assert "Đề nghị mở lại đường dẫn" in words(answer.text)
    assert site.desk.acknowledged == []


async def test_a_body_without_end_is_cut_off(site: Site) -> None:
    """The length is not told in advance, and no more is read than a form may have."""

    def pour() -> bytes:
        host, _, port = site.address.rpartition(":")
        with socket.create_connection((host, int(port)), timeout=10) as connection:
            head = f"POST {FORM} HTTP/1.1\r\nHost: x\r\nContent-Type: {TYPE['content-type']}\r\n"
            connection.sendall(head.encode() + b"Transfer-Encoding: chunked\r\n\r\n" + b"2001\r\n" + b"x" * 0x2001)
            return connection.recv(65536)

    assert (await asyncio.to_thread(pour)).startswith(b"HTTP/1.1 413 ")


@pytest.mark.parametrize(
    "headers",
    [
        pytest.param({}, id="nothing-told"),
        pytest.param({"origin": "null"}, id="no-referrer-page"),
        pytest.param({"origin": "null", "sec-fetch-site": "same-origin"}, id="browser"),
        pytest.param({"origin": "https://our.example", "host": "our.example"}, id="own-origin"),
        pytest.param({"origin": "https://our.example", "x-forwarded-host": "our.example"}, id="behind-a-proxy"),
        pytest.param({"content-type": "Application/X-WWW-Form-URLEncoded; charset=UTF-8"}, id="type-with-charset"),
    ],
)
async def test_our_own_form_is_taken_as_browsers_send_it(site: Site, headers: dict[str, str]) -> None:
    assert (await post(site, headers=headers)).status == 303
    assert site.desk.acknowledged == [(FORWARDING_TOKEN, NAME)]


@pytest.mark.parametrize("token", [TOKEN, "A" * 22, "a"], ids=["of-the-sender", "unknown", "malformed"])
async def test_only_the_link_of_a_forwarding_acknowledges(site: Site, token: str) -> None:
    answer = await post(site, path=f"/t/{token}/acknowledge")
    assert answer.status == 404
    assert answer.body == (await site.ask("/nothing")).body
    assert site.desk.acknowledged == []


async def test_what_was_taken_back_is_not_acknowledged(site: Site) -> None:
    docket = replace(RECEIVED.docket, state=DocumentState.RECALLED)
    site.archive.forwarded = replace(RECEIVED, docket=docket)
    answer = await post(site)
    assert answer.status == 409
    assert "đã được lấy lại" in words(answer.text)
    assert site.desk.acknowledged == []


@pytest.mark.parametrize("method", ["GET", "HEAD", "PUT", "DELETE"])
async def test_the_form_is_only_posted(site: Site, method: str) -> None:
    answer = await site.ask(FORM, method)
    assert (answer.status, answer.headers["allow"]) == (405, "POST")
    assert site.desk.acknowledged == []


async def test_too_many_posts_wait_a_minute(site: Site) -> None:
    assert [(await post(site, b"")).status for _ in range(POSTS + 1)] == [422] * POSTS + [429]
    answer = await post(site)
    assert answer.status == 429
    assert answer.headers["retry-after"] == "60"
    assert "thử lại sau một phút" in words(answer.text)
    assert site.desk.acknowledged == []
    site.clock.at += WINDOW
    assert (await post(site)).status == 303


def test_each_key_has_its_own_pace_and_old_keys_are_forgotten() -> None:
    pace = Pace()
    assert [pace.admits("a", NOW) for _ in range(POSTS + 1)] == [True] * POSTS + [False]
    assert pace.admits("b", NOW)
    assert pace.admits("a", NOW - timedelta(days=1)), "a clock set back locks nobody out"
    for number in range(5000):
        assert pace.admits(f"c{number}", NOW)
    assert pace.admits("b", NOW)


@given(st.binary(max_size=300))
def test_any_bytes_are_a_form_or_refused(body: bytes) -> None:
    with suppress(Refused):
        assert parse_form(body).name.isprintable()


@given(st.text(max_size=200), st.booleans())
def test_a_form_is_read_as_it_was_written(name: str, ticked: bool) -> None:
    body = urlencode({"name": name, "all_received": "yes" if ticked else ""}, errors="replace").encode()
    form = parse_form(body)
    assert form.all_received is ticked
    assert bool(form.faults) is not (ticked and 2 <= len(form.name) <= 120)


async def test_a_person_acknowledges_in_a_real_browser(site: Site, tmp_path: Path) -> None:
    """Chromium keeps to the policy of the page and sends `Origin: null`, for the page tells no referrer."""
    address = f"http://{site.address}{PAGE}"

    def acknowledge() -> str:
        with Browser(tmp_path) as browser:
            browser.open(address)
            browser.run("document.querySelector('button').click()")
            assert browser.ask("document.activeElement.id") == "name", "an empty form is not even sent"
            browser.run(f"document.getElementById('name').value = '{NAME}'")
            browser.run("document.getElementById('all_received').click()")
            browser.follow("document.querySelector('button').click()")
            return browser.ask("document.body.innerText + location.href")

    shown = await asyncio.to_thread(acknowledge)
    assert site.desk.acknowledged == [(FORWARDING_TOKEN, NAME)]
    assert f"bởi {NAME}." in shown
    assert shown.endswith(address)


async def test_the_form_is_labelled_for_those_who_do_not_see_it(site: Site) -> None:
    page = (await post(site, b"")).text
    fields = re.findall(r'<input id="(\w+)"', page)
    assert fields == ["name", "all_received"]
    for field in fields:
        assert f'<label for="{field}">' in page
        assert f'href="#{field}"' in page
    assert page.count('aria-invalid="true"') == 2
    assert 'role="alert"' in page
    assert re.search(r"<main\b.*<h1>.*</main>", page, re.DOTALL)
