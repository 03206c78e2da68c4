"""The evening: an agency asks for its document back, and gets it."""

from __future__ import annotations

import pytest

from tests.story.letters import Letter
from tests.story.papers import letter, paper
from tests.story.people import AGENCY, CLERK, DIRECTOR
from tests.story.stage import Stage

ABSTRACT = "Về việc xin cấp phép thi công nút giao"
FILES = {"Công văn 33.txt": paper("33/BQLDA-KT", "CÔNG VĂN", ABSTRACT)}


@pytest.mark.timeout(300)
def test_a_document_is_given_back_to_the_agency_that_sent_it_by_mistake(stage: Stage) -> None:
    stage.submit(letter("Xin cấp phép thi công", *FILES.items()))
    stage.arrive({AGENCY: ["receipt"], CLERK: ["clerk_document"]})
    stage.answer(CLERK, stage.last(CLERK, "clerk_document"), "Trình")
    stage.arrive({CLERK: ["transcript"], DIRECTOR: ["task"]})
    receipt = stage.last(AGENCY, "receipt")
    the_agency_asks_and_is_told_no(stage, receipt)
    it_asks_again_and_confirms(stage, receipt)
    the_clerk_agrees(stage, receipt)
    what_is_over_is_over(stage, receipt)
    stage.close_the_books([1])


def the_agency_asks_and_is_told_no(stage: Stage, receipt: Letter) -> None:
    """Clerk and Director are asked; while they are, the page says so."""
    stage.answer(AGENCY, receipt, "Lấy lại: gửi nhầm")
    stage.arrive({AGENCY: ["transcript", "news"]})
    the_office_is_asked(stage, "gửi nhầm")
    assert "Mã trạng thái 13." in stage.page(receipt.link)
    stage.answer(CLERK, stage.last(CLERK, "task"), "Không đồng ý: văn bản đã trình lãnh đạo")
    stage.arrive({CLERK: ["transcript"], AGENCY: ["news"], DIRECTOR: ["news"]})
    assert "văn bản đã trình lãnh đạo" in stage.last(AGENCY, "news").text
    assert "Mã trạng thái 03." in stage.page(receipt.link)


def it_asks_again_and_confirms(stage: Stage, receipt: Letter) -> None:
    """One answer to a mail is taken at its word; the next one that cannot be undone has to be confirmed."""
    stage.answer(AGENCY, receipt, "Lấy lại: gửi nhầm phụ lục của đơn vị khác")
    stage.arrive({AGENCY: ["transcript", "confirm"]})
    assert "chưa thực hiện" in stage.last(AGENCY, "transcript").text.lower()
    assert stage.docket().requests == ()
    stage.answer(AGENCY, stage.last(AGENCY, "confirm"), "Xác nhận")
    stage.arrive({AGENCY: ["transcript", "news"]})
    the_office_is_asked(stage, "gửi nhầm phụ lục của đơn vị khác")


def the_clerk_agrees(stage: Stage, receipt: Letter) -> None:
    """With the button; a stone marks the place where the document stood."""
    assert ABSTRACT in stage.page(receipt.link)
    asked = stage.last(CLERK, "task")
    stage.click(CLERK, asked, next(label for label in asked.buttons if label.startswith("Đồng ý")))
    stage.arrive({CLERK: ["transcript"], AGENCY: ["news"], DIRECTOR: ["news"]})
    for person in (AGENCY, DIRECTOR):
        assert "VĂN BẢN ĐÃ ĐƯỢC LẤY LẠI" in stage.last(person, "news").text
    tombstone = stage.page(receipt.link)
    assert "Đã được lấy lại" in tombstone
    assert ABSTRACT not in tombstone
    assert not any(name in tombstone for name in FILES)


def what_is_over_is_over(stage: Stage, receipt: Letter) -> None:
    """Neither the agency nor the Director can do more to it, and both are told."""
    stage.answer(AGENCY, receipt, "Lấy lại: gửi nhầm")
    stage.answer(DIRECTOR, stage.last(DIRECTOR, "task"), "Đồng ý")
    stage.arrive({AGENCY: ["transcript"], DIRECTOR: ["transcript"]})
    for person in (AGENCY, DIRECTOR):
        assert "Chưa thực hiện việc nào" in stage.last(person, "transcript").text


def the_office_is_asked(stage: Stage, reason: str) -> None:
    """Clerk and Director, with the agency's own words."""
    stage.arrive({CLERK: ["task"], DIRECTOR: ["task"]})
    for person in (CLERK, DIRECTOR):
        asked = stage.last(person, "task")
        assert "NƠI GỬI ĐỀ NGHỊ LẤY LẠI VĂN BẢN" in asked.text
        assert reason in asked.text
