"""The morning: an agency's submission goes through the office to the province, and its answer comes back."""

from __future__ import annotations

import email
import email.policy
import hashlib
import urllib.request
from datetime import UTC, datetime
from email.message import EmailMessage
from pathlib import Path
from urllib.parse import urlencode

import pytest

from gateway.model.docket import Forwarding
from tests.replies import reply
from tests.story.letters import Letter
from tests.story.papers import appendix, attach, letter, paper
from tests.story.people import AGENCY, CLERK, DIRECTOR, PROVINCE
from tests.story.stage import Stage
from tests.web.browser import Browser

FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0"
TOLD_BY_STEP = {CLERK: ["news"], DIRECTOR: ["news"], AGENCY: ["news"]}
FILES = {
    "Tờ trình 214.txt": paper(
        "214/TTr-BQLDA",
        "TỜ TRÌNH",
        "Về việc phê duyệt dự án cầu Thạch Bích",
        to="Ủy ban nhân dân tỉnh Quảng Ngãi",
    ),
    "Phụ lục.pdf": appendix(),
}


@pytest.mark.timeout(300)
def test_a_submission_goes_to_the_province_and_its_answer_comes_back(stage: Stage, tmp_path: Path) -> None:
    submitted = the_agency_submits(stage)
    the_director_agrees(stage)
    sent = the_clerk_forwards(stage, submitted)
    a_scanner_and_a_person_look_at_the_link(stage, sent, tmp_path)
    the_province_acknowledges(stage, sent)
    the_province_answers(stage, sent)
    stage.close_the_books([1, 2])


def the_agency_submits(stage: Stage) -> bytes:
    """The agency has a receipt, the clerk a notice, and the Director is asked."""
    raw = letter("Tờ trình phê duyệt dự án cầu Thạch Bích", *FILES.items())
    stage.submit(raw)
    stage.arrive({AGENCY: ["receipt"], CLERK: ["clerk_document"], DIRECTOR: ["task"]})
    receipt = stage.last(AGENCY, "receipt")
    assert "số đến 1/" in receipt.subject
    assert all(hashlib.sha256(content).hexdigest() in receipt.text for content in FILES.values())
    assert stage.last(CLERK, "clerk_document").attachments == FILES
    asked = stage.last(DIRECTOR, "task")
    assert "XIN Ý KIẾN GỬI VĂN BẢN ĐẾN ỦY BAN NHÂN DÂN TỈNH" in asked.text
    assert asked.attachments == FILES
    assert next(iter(asked.buttons)).startswith("Đồng ý")
    seen = stage.page(receipt.link)
    assert "Mã trạng thái 03." in seen
    assert "Tờ trình số 214/TTr-BQLDA" in seen
    return raw


def the_director_agrees(stage: Stage) -> None:
    """From Outlook, above the quote, with a signature and a disclaimer; the clerk is told what to do now."""
    stage.answer(DIRECTOR, stage.last(DIRECTOR, "task"), "Đồng ý")
    stage.arrive({DIRECTOR: ["transcript"], CLERK: ["task"]})
    assert "Đã thực hiện đủ 1 việc" in stage.last(DIRECTOR, "transcript").text
    assert next(iter(stage.last(CLERK, "task").buttons)) == "Chuyển UBND"


def the_clerk_forwards(stage: Stage, submitted: bytes) -> Letter:
    """The province gets a cover letter with every byte of the agency's; its server's report comes back to us."""
    stage.answer(CLERK, stage.last(CLERK, "task"), "Chuyển UBND")
    stage.arrive({PROVINCE: ["submission"], CLERK: ["transcript"], DIRECTOR: ["news"], AGENCY: ["news"]})
    sent = stage.last(PROVINCE, "submission")
    assert "THƯ CHUYỂN VĂN BẢN TRÌNH" in sent.text
    assert sent.attachments == {**FILES, "thu-goc-M1.eml": submitted}
    assert all(hashlib.sha256(content).hexdigest() in sent.text for content in FILES.values())
    assert sent.link != stage.last(AGENCY, "receipt").link
    for person in (AGENCY, DIRECTOR):
        assert "VĂN BẢN ĐÃ GỬI ỦY BAN NHÂN DÂN TỈNH" in stage.last(person, "news").text
    stage.settle()
    story = stage.story("D1")
    (notice,) = [each for each in story["notices"] if each["kind"] == "submission"]
    assert notice["message_id"] == sent.message_id
    assert [report["action"] for report in notice["reports"]] == ["relayed"]
    assert story["work"][0]["submission"]["forwardings"][0]["relayed_at"]
    return sent


def a_scanner_and_a_person_look_at_the_link(stage: Stage, sent: Letter, folder: Path) -> None:
    """To look acknowledges nothing, whoever looks."""
    stage.page(sent.link)
    fetched = forwarding(stage)
    assert fetched.fetched_at
    assert not fetched.opened_at
    with Browser(folder, agent=FIREFOX) as browser:
        browser.open(f"http://127.0.0.1:{stage.gateway.web_port}{sent.link}")
        assert "Việc mở trang này chưa phải là xác nhận" in browser.ask("document.body.innerText")
    opened = forwarding(stage)
    assert opened.opened_at
    assert not opened.acknowledged_at


def the_province_acknowledges(stage: Stage, sent: Letter) -> None:
    """By a reply from a phone; the page then takes the same once more, and nothing comes of it."""
    stage.answer(PROVINCE, sent, "Đã nhận")
    stage.arrive({PROVINCE: ["transcript"], **TOLD_BY_STEP})
    for person in TOLD_BY_STEP:
        assert "NƠI NHẬN ĐÃ XÁC NHẬN NHẬN VĂN BẢN" in stage.last(person, "news").text
    assert "Đã xác nhận lúc" in stage.page(sent.link)
    assert "Đã xác nhận nhận đủ" in stage.page(stage.last(AGENCY, "receipt").link)
    form = urlencode({"name": "Trần Văn Thử, văn thư", "all_received": "yes"}).encode()
    address = f"http://127.0.0.1:{stage.gateway.web_port}{sent.link}/acknowledge"
    with urllib.request.urlopen(address, form) as page:
        assert "Trần Văn Thử" not in page.read().decode()


def the_province_answers(stage: Stage, sent: Letter) -> None:
    """With a document of its own, which is registered like any other and answers the submission."""
    raw = reply(PROVINCE.client, to=sent.raw, text="Gửi Sở văn bản trả lời.", author=PROVINCE.author, date=now())
    message = email.message_from_bytes(raw, policy=email.policy.SMTP)
    assert isinstance(message, EmailMessage)
    answer = paper("1820/UBND-CN", "", "V/v phê duyệt dự án cầu Thạch Bích", issuer="ỦY BAN NHÂN DÂN TỈNH QUẢNG NGÃI")
    attach(message, ("1820.txt", answer))
    stage.send(PROVINCE, sent.reply_to, message.as_bytes())
    stage.arrive({PROVINCE: ["receipt"], **TOLD_BY_STEP})
    stage.arrive({CLERK: ["clerk_document"]})
    assert "số đến 2/" in stage.last(PROVINCE, "receipt").subject
    for person in TOLD_BY_STEP:
        told = stage.last(person, "news").text
        assert "ĐÃ CÓ VĂN BẢN TRẢ LỜI" in told
        assert "1820/UBND-CN" in told
    seen = stage.page(stage.last(AGENCY, "receipt").link)
    assert "Mã trạng thái 06." in seen
    assert "Văn bản trả lời: 1820/UBND-CN" in seen


def forwarding(stage: Stage) -> Forwarding:
    """The one sending of the submission as it stands."""
    submission = stage.docket().submission
    assert submission is not None
    (sent,) = submission.forwardings
    return sent


def now() -> datetime:
    return datetime.now(UTC)
