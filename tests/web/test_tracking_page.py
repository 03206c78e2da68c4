"""What the holder of a tracking link sees, and what nobody else learns."""

from __future__ import annotations

import asyncio
import re
import shutil
import subprocess
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from gateway.model.docket import STATUS_OF, Approval, Docket, DocumentState, Request, RequestKind
from gateway.model.document import Direction, Document, Status
from gateway.model.facts import Scan, ScanVerdict
from gateway.model.header import HeaderFields
from gateway.model.signature import Signature, SignatureVerdict
from gateway.model.tracking import TimelineStep, TrackedDocument
from gateway.model.wording import SCAN_WORDS, SIGNATURE_WORDS, STATUS_WORDS
from gateway.web.page import STATE_NOTES, STATUS_NOTES
from tests.servers.chromium import widths
from tests.web.records import (
    ANSWERED,
    ARRIVED,
    DOCUMENT,
    FILES_TOKEN,
    FORWARDING,
    FORWARDING_TOKEN,
    NOW,
    SEAL,
    TOKEN,
    TRACKED,
    Site,
    after,
    in_state,
    submitted,
    words,
)

PATH = f"/t/{TOKEN}"
READING = ("GET", "HEAD")
WRITING = ("POST", "PUT", "PATCH", "DELETE", "OPTIONS")


async def test_the_page_tells_what_the_register_holds(site: Site) -> None:
    answer = await site.ask(PATH)
    assert answer.status == 200
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    seen = words(answer.text)
    for expected in (
        "Sở Giao thông vận tải",
        "Tờ trình số 214/TTr-UBND",
        "ngày 20/11/2026",
        "Về việc đề nghị thẩm định hồ sơ sửa chữa cầu Sông Vệ và đường gom hai bên đầu cầu <đoạn Km 1+200>",
        "Ủy ban nhân dân huyện Mộ Đức",
        "1284/2026",
        "Đang xử lý",
        "Mã trạng thái 05",
        "Khẩn",
        "PDF · 1,5 MB · 4 trang",
        "chưa đếm được số trang",
        "Tệp không có chữ ký số",
        "Trần Văn Mẫu",
        "Chuỗi chứng thư dùng SHA-1",
        *(file.sha256 for file in DOCUMENT.files),
    ):
        assert expected in seen


async def test_the_paper_is_told_by_its_clause_and_without_the_offices_reason(site: Site) -> None:
    text = (await site.ask(PATH)).text
    assert "gửi kèm bản giấy dù đã ký số (Điều 5 khoản 3)" in text
    assert DOCUMENT.paper.reason not in text


async def test_times_are_those_of_vietnam(site: Site) -> None:
    """Received at 08:52 UTC is 15:52 in Quảng Ngãi."""
    answer = await site.ask(PATH)
    assert "15 giờ 52 phút, ngày 20/11/2026" in words(answer.text)
    assert 'datetime="2026-11-20T15:52:07+07:00"' in answer.text


async def test_the_stamp_bears_the_day_and_year_of_the_register(site: Site) -> None:
    """17:30 UTC on 31 December is the first of January in Vietnam."""
    entered = replace(DOCUMENT, registered_at=datetime(2026, 12, 31, 17, 30, tzinfo=UTC), year=2027, arrival_number=1)
    site.archive.tracked = holding(entered)
    assert "Ngày 01/01/2027" in words((await site.ask(PATH)).text)


async def test_the_sender_and_the_token_stay_out_of_the_page(site: Site) -> None:
    site.archive.tracked = ANSWERED
    page = (await site.ask(PATH)).text
    assert DOCUMENT.sender not in page
    assert TOKEN not in page
    assert FORWARDING_TOKEN not in page


async def test_what_could_not_be_read_is_said(site: Site) -> None:
    site.archive.tracked = holding(replace(DOCUMENT, header=HeaderFields()))
    assert words((await site.ask(PATH)).text).count("chưa đọc được") == 5


@pytest.mark.parametrize("state", list(DocumentState))
async def test_every_state_has_its_national_status_its_sentence_and_its_sign(site: Site, state: DocumentState) -> None:
    site.archive.tracked = in_state(state)
    answer = await site.ask(PATH)
    seen = words(answer.text)
    status = STATUS_OF[state]
    assert STATUS_WORDS[status] in seen
    assert f"Mã trạng thái {status}." in seen
    assert STATE_NOTES.get(state, STATUS_NOTES[status]) in seen
    assert "Thiếu phụ lục 2" in seen
    assert re.search(r'aria-current="step">\s*<svg class="sign"', answer.text)


@pytest.mark.parametrize("status", list(Status))
async def test_every_status_has_its_word_in_the_steps(site: Site, status: Status) -> None:
    assert STATUS_NOTES[status]
    site.archive.tracked = replace(TRACKED, timeline=(*TRACKED.timeline, TimelineStep(NOW, status)))
    assert f"{STATUS_WORDS[status]} 09 giờ 05 phút, ngày 23/11/2026" in words((await site.ask(PATH)).text)


async def test_steps_stand_in_their_order_and_those_inside_nowhere(site: Site) -> None:
    inside = TimelineStep(
        NOW, Status.ASSIGNED, "Hạn của Giám đốc: hôm nay", inside=True, who="giamdoc@quangngai.example"
    )
    signed = replace(TRACKED.timeline[2], who="giamdoc@quangngai.example")
    site.archive.tracked = replace(TRACKED, timeline=(*TRACKED.timeline[:2], signed, inside, TRACKED.timeline[3]))
    seen = words((await site.ask(PATH)).text)
    course = seen[seen.index("Quá trình xử lý") :]
    places = [course.index(word) for word in ("Đã đến", "Đã tiếp nhận", "Đã phân công", "Đang xử lý 08 giờ 10 phút")]
    assert places == sorted(places)
    assert "Hạn của Giám đốc" not in seen
    assert "giamdoc" not in seen


async def test_a_wish_to_recall_is_told_whatever_the_state(site: Site) -> None:
    asked = Request(RequestKind.RECALL, "vanthu@moduc.example", NOW)
    site.archive.tracked = in_state(DocumentState.IN_PROGRESS, asked)
    seen = words((await site.ask(PATH)).text)
    assert "Mã trạng thái 13." in seen
    assert STATUS_NOTES[Status.RECALLED] in seen
    assert "Tệp đã nhận (2)" in seen


@pytest.mark.parametrize("path", [PATH, f"/t/{FORWARDING_TOKEN}"])
async def test_of_a_recalled_document_numbers_and_days_are_left(site: Site, path: str) -> None:
    recalled = in_state(DocumentState.RECALLED, reason="")
    site.archive.tracked = recalled
    site.archive.forwarded = replace(recalled, forwarding=FORWARDING)
    page = (await site.ask(path)).text
    seen = words(page)
    for left in ("Đã được lấy lại", "214/TTr-UBND", "Ngày ban hành 20/11/2026", "Số đến 1284/2026", "Thời điểm nhận"):
        assert left in seen
    for gone in ("Sông Vệ", "Phụ lục", *(file.sha256 for file in DOCUMENT.files), "Trần Văn Mẫu"):
        assert gone not in seen
    assert "<form" not in page


async def test_a_recalled_document_without_a_number_does_not_show_its_abstract_instead(site: Site) -> None:
    bare = replace(DOCUMENT, header=HeaderFields(abstract="Về việc cầu Sông Vệ"))
    recalled = in_state(DocumentState.RECALLED)
    site.archive.tracked = replace(recalled, docket=replace(recalled.docket, document=bare))
    assert "Sông Vệ" not in (await site.ask(PATH)).text


async def test_a_returned_document_says_why(site: Site) -> None:
    site.archive.tracked = in_state(DocumentState.RETURNED, reason="Không thuộc thẩm quyền")
    assert "Lý do: Không thuộc thẩm quyền" in words((await site.ask(PATH)).text)


async def test_what_is_no_submission_has_no_way_to_tell(site: Site) -> None:
    assert "Đường đi" not in words((await site.ask(PATH)).text)


WAY = (
    "Văn thư tiếp nhận",
    "Báo cáo Giám đốc",
    "Chuyển Ủy ban nhân dân tỉnh Quảng Ngãi",
    "Máy chủ thư đã nhận",
    "Đã đến hộp thư",
    "Đã mở trang theo dõi",
    "Đã xác nhận nhận đủ",
    "Đã có văn bản trả lời",
)
REPORTED = replace(submitted(approval=Approval.PENDING), requests=(Request(RequestKind.FORWARD, "vanthu", after(0)),))


@pytest.mark.parametrize(
    ("docket", "told"),
    [
        pytest.param(submitted(approval=Approval.PENDING), ["15 giờ 52 phút", *["Chưa"] * 7], id="received"),
        pytest.param(REPORTED, ["15 giờ 52 phút", "17 giờ 00 phút", *["Chưa"] * 6], id="reported"),
        pytest.param(submitted(), ["15 giờ 52 phút", "Đã thực hiện", *["Chưa"] * 6], id="approved"),
        pytest.param(
            submitted(FORWARDING, approval=Approval.NOT_REQUIRED),
            ["15 giờ 52 phút", "Đã thực hiện", "17 giờ 00 phút", *["Chưa"] * 5],
            id="forwarded",
        ),
        pytest.param(
            submitted(replace(FORWARDING, relayed_at=after(1), acknowledged_at=after(2))),
            ["15 giờ 52 phút", "Đã thực hiện", "17 giờ 00 phút", "18 giờ 00 phút"]
            + ["Chưa ghi nhận được"] * 2
            + ["19 giờ 00 phút", "Chưa"],
            id="acknowledged-without-reports",
        ),
        pytest.param(
            ANSWERED.docket,
            ["15 giờ 52 phút", "Đã thực hiện"]
            + [f"{hour} giờ 00 phút, ngày 20/11/2026" for hour in (17, 18, 19, 20, 21)]
            + ["19 giờ 00 phút, ngày 22/11/2026 3021/UBND-KTN"],
            id="answered",
        ),
    ],
)
async def test_a_submission_shows_its_whole_way(site: Site, docket: Docket, told: list[str]) -> None:
    site.archive.tracked = replace(TRACKED, docket=docket)
    seen = words((await site.ask(PATH)).text)
    assert "Đường đi của hồ sơ trình" in seen
    for leg, moment in zip(WAY, told, strict=True):
        assert f"{leg} {moment}" in seen
    assert seen.count("Chưa ") - seen.count("Chưa ghi nhận được") >= told.count("Chưa")


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        pytest.param({"fetched_at": after(1)}, "Máy tự động truy cập; chưa thấy người mở.", id="machine"),
        pytest.param({"fetched_at": after(1), "opened_at": after(2)}, "Có vẻ do người mở.", id="person"),
        pytest.param({"failed_at": after(1), "failure": "550 5.1.1"}, "Thư chuyển không tới được hộp thư", id="failed"),
        pytest.param({"number": 2}, "Lần chuyển thứ 2.", id="again"),
        pytest.param(
            {"acknowledged_at": after(1), "acknowledged_by": "lethimau-ubnd@quangngai.example"},
            "l***u-ubnd@…",
            id="by-mail",
        ),
    ],
)
async def test_the_way_tells_what_is_peculiar_about_it(site: Site, changes: dict[str, Any], told: str) -> None:
    last = replace(FORWARDING, **changes)
    site.archive.tracked = replace(TRACKED, docket=submitted(*[FORWARDING] * (last.number - 1), last))
    seen = words((await site.ask(PATH)).text)
    assert told in seen
    assert "550 5.1.1" not in seen


async def test_a_failure_that_mail_came_through_after_all_is_not_told(site: Site) -> None:
    site.archive.tracked = replace(TRACKED, docket=submitted(replace(ARRIVED, failed_at=after(1))))
    assert "không tới được" not in words((await site.ask(PATH)).text)


@pytest.mark.parametrize("scan", list(ScanVerdict))
async def test_every_scan_verdict_is_told_in_words(site: Site, scan: ScanVerdict) -> None:
    site.archive.tracked = with_file(scan=Scan(scan, "ClamAV"))
    assert f"Mã độc {SCAN_WORDS[scan]}" in words((await site.ask(PATH)).text)


@pytest.mark.parametrize("verdict", list(SignatureVerdict))
async def test_every_signature_verdict_is_told_in_words(site: Site, verdict: SignatureVerdict) -> None:
    site.archive.tracked = with_file(signatures=(replace(SEAL, verdict=verdict, cause="Lý do cụ thể"),))
    seen = words((await site.ask(PATH)).text)
    assert f"Chữ ký số {SIGNATURE_WORDS[verdict]}" in seen
    assert ("Lý do cụ thể" in seen) is (verdict is not SignatureVerdict.VALID)


@pytest.mark.parametrize(
    ("direction", "heading"), [(Direction.IN, "Số đến"), (Direction.OUT, "Số đi"), (Direction.THROUGH, "Số đến")]
)
async def test_the_number_is_named_after_the_direction(site: Site, direction: Direction, heading: str) -> None:
    site.archive.tracked = holding(replace(DOCUMENT, direction=direction))
    assert f"{heading} 1284/2026" in words((await site.ask(PATH)).text)


async def test_names_chosen_by_strangers_stay_text(site: Site) -> None:
    """Neither markup nor direction marks of a file name or abstract reach the page as such."""
    hostile = "<script>alert(1)</script>\u202egpj.exe\r\n\"'><img src=x>"
    header = HeaderFields(number=hostile, notation=hostile, document_type=hostile, abstract=hostile, issuer=hostile)
    document = replace(DOCUMENT, header=header, files=(replace(DOCUMENT.files[0], name=hostile),))
    site.archive.tracked = holding(document)
    page = (await site.ask(PATH)).text
    assert "<script" not in page
    assert "<img" not in page
    assert "\u202e" not in page
    assert "&lt;script&gt;" in page


async def test_no_page_needs_a_script_or_another_request(site: Site) -> None:
    for path in (PATH, f"/f/{FILES_TOKEN}", "/nothing"):
        page = (await site.ask(path)).text
        assert not re.search(r"<script|\son\w+=|\bsrc=|<link|<form|@import|url\(|\sstyle=", page)


async def test_head_is_get_without_a_body(site: Site) -> None:
    got, headed = await site.ask(PATH), await site.ask(PATH, "HEAD")
    assert headed.status == 200
    assert headed.body == b""
    assert {k: v for k, v in headed.headers.items() if k != "date"} == {
        k: v for k, v in got.headers.items() if k != "date"
    }


@pytest.mark.parametrize("method", WRITING)
@pytest.mark.parametrize("token", [TOKEN, "A" * 22])
async def test_other_methods_are_refused_alike_for_every_token(site: Site, method: str, token: str) -> None:
    answer = await site.ask(f"/t/{token}", method)
    assert answer.status == 405
    assert set(answer.headers["allow"].split(", ")) == set(READING)
    assert site.archive.asked == []


async def test_an_unknown_and_a_malformed_token_get_the_same_page(site: Site) -> None:
    """Nothing in the answer tells whether a link ever existed, was cut off, or was made up."""
    unknown = await site.ask(f"/t/{'A' * 22}")
    wrong = [f"/t/{TOKEN}x", f"/t/{TOKEN[:-1]}", "/t/a", f"/t/{'A' * 5000}", "/t/%00", "/t/%27%20or%201=1", "/t/"]
    for other in [await site.ask(path) for path in [*wrong, f"{PATH}/", "/t", "/", "/index.html", "/T/" + TOKEN]]:
        assert other.status == unknown.status == 404
        assert other.body == unknown.body
        assert {**other.headers, "date": ""} == {**unknown.headers, "date": ""}
    assert "Không tìm thấy trang" in words(unknown.text)


async def test_what_cannot_be_a_token_is_not_asked_of_the_store(site: Site) -> None:
    for path in ("/t/a", f"/t/{'A' * 129}", "/t/%E1%BA%A1" + "A" * 22, "/t/" + "A" * 22 + "%0A"):
        await site.ask(path)
    assert site.archive.asked == []


def holding(document: Document) -> TrackedDocument:
    return replace(TRACKED, docket=replace(TRACKED.docket, document=document))


def with_file(*, scan: Scan | None = None, signatures: tuple[Signature, ...] | None = None) -> TrackedDocument:
    main = DOCUMENT.files[0]
    changed = replace(
        main,
        scan=main.scan if scan is None else scan,
        signatures=main.signatures if signatures is None else signatures,
    )
    return holding(replace(DOCUMENT, files=(changed,)))


async def test_no_page_scrolls_sideways_on_a_phone(site: Site) -> None:
    file = replace(DOCUMENT.files[0], name="phu_luc_" * 30 + ".pdf")
    number = replace(DOCUMENT.header, number="1" * 40, notation="TTr-UBND-" * 8)
    pages = [(await site.ask(PATH)).text, (await site.ask("/nothing")).text]
    site.archive.tracked = long = holding(replace(DOCUMENT, files=(file,), header=number))
    pages.append((await site.ask(PATH)).text)
    site.archive.tracked = replace(ANSWERED, docket=replace(ANSWERED.docket, document=long.document))
    site.archive.forwarded = replace(site.archive.forwarded, docket=site.archive.tracked.docket)
    site.archive.personal = replace(site.archive.personal, document=long.document, address="a" * 200 + "@b.example")
    pages.extend([(await site.ask(path)).text for path in (PATH, f"/t/{FORWARDING_TOKEN}", f"/f/{FILES_TOKEN}")])
    for width in (320, 390, 1100):
        assert await asyncio.to_thread(widths, pages, width=width) == [width] * len(pages)


@pytest.mark.parametrize("width", [390, 1100])
async def test_the_served_page_is_drawn_with_its_style(site: Site, tmp_path: Path, width: int) -> None:
    """The policy admits the style sheet by its hash: the seal's red line stands at the top of the window."""
    picture = tmp_path / "page.png"
    await asyncio.to_thread(draw, f"http://{site.address}{PATH}", picture, tmp_path, width)
    with Image.open(picture) as drawn:
        assert drawn.convert("RGB").getpixel((drawn.width // 2, 1)) == (0xA3, 0x16, 0x1A)
        assert len(drawn.convert("RGB").getcolors(maxcolors=2**24) or ()) > 50


def draw(url: str, picture: Path, folder: Path, width: int) -> None:
    """A window of its own, for the page forbids frames; Chromium makes it 500 pixels wide at least."""
    program = shutil.which("chromium")
    if program is None:
        pytest.fail("Chromium is missing: install the Debian package chromium")
    flags = ("--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars", "--no-first-run")
    subprocess.run(
        [
            program,
            *flags,
            f"--user-data-dir={folder / 'profile'}",
            f"--window-size={width},1200",
            f"--screenshot={picture}",
            url,
        ],
        check=True,
        capture_output=True,
        timeout=60,
    )
