"""Noon: an ordinary document goes from the clerk to the specialist and is done, by replies alone."""

from __future__ import annotations

import pytest

from tests.story.papers import letter, paper
from tests.story.people import AGENCY, CLERK, DIRECTOR, HEAD, SECOND_UNIT, SPECIALIST, UNIT
from tests.story.stage import Stage

FILES = {"Báo cáo 07.txt": paper("07/BC-BQLDA", "BÁO CÁO", "Về tiến độ các công trình giao thông")}
DONE = "Hoàn thành: đã có văn bản gửi các huyện\nVăn bản trả lời: 12/SGTVT-KHTC"


@pytest.mark.timeout(300)
def test_a_document_is_assigned_handled_and_done_and_the_sender_sees_it(stage: Stage) -> None:
    the_agency_mails(stage)
    the_clerk_presents(stage)
    the_director_assigns(stage)
    the_clerk_transfers(stage)
    the_head_hands_on(stage)
    the_specialist_begins(stage)
    the_second_unit_gives_back(stage)
    the_specialist_is_done(stage)
    stage.close_the_books([1])


def the_agency_mails(stage: Stage) -> None:
    """Received, checked and entered: status 03."""
    stage.submit(letter("Báo cáo tiến độ tháng", *FILES.items()))
    stage.arrive({AGENCY: ["receipt"], CLERK: ["clerk_document"]})
    sees(stage, "03", "")


def the_clerk_presents(stage: Stage) -> None:
    """In the webmail of the province."""
    stage.answer(CLERK, stage.last(CLERK, "clerk_document"), "Trình", client="zimbra")
    stage.arrive({CLERK: ["transcript"], DIRECTOR: ["task"]})
    assert f"Đã trình {DIRECTOR.name}" in stage.last(CLERK, "transcript").text
    task = stage.last(DIRECTOR, "task")
    assert "VĂN BẢN TRÌNH CHO Ý KIẾN PHÂN CÔNG" in task.text
    assert task.attachments == FILES


def the_director_assigns(stage: Stage) -> None:
    """On his way, from his phone, in several lines."""
    lines = "Chủ trì: KHTC\nPhối hợp: P. Vận tải\nHạn: 3 ngày\nÝ kiến: Tham mưu văn bản đôn đốc các huyện."
    stage.answer(DIRECTOR, stage.last(DIRECTOR, "task"), lines, client="iphone")
    stage.arrive({DIRECTOR: ["transcript"], CLERK: ["task"]})
    task = stage.last(CLERK, "task").text
    for expected in ("VĂN BẢN CẦN CHUYỂN GIAO", UNIT.name, SECOND_UNIT.name, "Tham mưu văn bản đôn đốc các huyện."):
        assert expected in task
    sees(stage, "04", "")


def the_clerk_transfers(stage: Stage) -> None:
    """The units have it, with the Director's words; the sender hears who handles it."""
    stage.answer(CLERK, stage.last(CLERK, "task"), "Chuyển", client="roundcube")
    stage.arrive({CLERK: ["transcript"], UNIT: ["task"], HEAD: ["task"], SECOND_UNIT: ["task"], AGENCY: ["news"]})
    for person in (UNIT, HEAD, SECOND_UNIT):
        task = stage.last(person, "task")
        assert "Tham mưu văn bản đôn đốc các huyện." in task.text
        assert task.attachments == FILES
    sees(stage, "04", f"chuyển giao {UNIT.name} chủ trì")
    assert "Tham mưu" not in stage.last(AGENCY, "news").text


def the_head_hands_on(stage: Stage) -> None:
    """Two orders in one reply."""
    stage.answer(HEAD, stage.last(HEAD, "task"), "Đã nhận\nGiao: Nam")
    stage.arrive({HEAD: ["transcript"], SPECIALIST: ["task"]})
    assert "Đã thực hiện đủ 2 việc" in stage.last(HEAD, "transcript").text
    assert "VĂN BẢN ĐƯỢC GIAO GIẢI QUYẾT" in stage.last(SPECIALIST, "task").text


def the_specialist_begins(stage: Stage) -> None:
    """By the button of his notice, as it is: status 05."""
    stage.click(SPECIALIST, stage.last(SPECIALIST, "task"), "Đang xử lý")
    stage.arrive({SPECIALIST: ["transcript"], AGENCY: ["news"]})
    assert "đang xử lý" in stage.last(SPECIALIST, "transcript").text
    sees(stage, "05", f"{UNIT.name} đang xử lý văn bản.")


def the_second_unit_gives_back(stage: Stage) -> None:
    """Clerk and Director have to know; the work of the lead goes on, and the sender is not troubled."""
    stage.answer(SECOND_UNIT, stage.last(SECOND_UNIT, "task"), "Trả lại: không thuộc chức năng")
    stage.arrive({SECOND_UNIT: ["transcript"], DIRECTOR: ["task"], CLERK: ["task"]})
    for person in (DIRECTOR, CLERK):
        assert "không thuộc chức năng" in stage.last(person, "task").text
    sees(stage, "05", "")


def the_specialist_is_done(stage: Stage) -> None:
    """The sender learns the number of the answer: status 06."""
    stage.answer(SPECIALIST, stage.last(SPECIALIST, "transcript"), DONE)
    stage.arrive({SPECIALIST: ["transcript"], AGENCY: ["news"], HEAD: ["news"], CLERK: ["news"], DIRECTOR: ["news"]})
    for person in (AGENCY, HEAD, CLERK, DIRECTOR):
        assert "VĂN BẢN ĐÃ GIẢI QUYẾT XONG" in stage.last(person, "news").text
    sees(stage, "06", "12/SGTVT-KHTC")


def sees(stage: Stage, status: str, told: str) -> None:
    """What the page shows to the sender, and the last mail says where there is something new."""
    page = stage.page(stage.last(AGENCY, "receipt").link)
    assert f"Mã trạng thái {status}." in page
    assert told in page
    if told:
        assert told in stage.last(AGENCY, "news").text
