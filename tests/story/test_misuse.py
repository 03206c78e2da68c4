"""Meanwhile: what machines answer, and what is done with another's notice, changes nothing."""

from __future__ import annotations

import email
import email.policy
from email.message import EmailMessage
from email.utils import format_datetime, localtime, make_msgid

import pytest

from gateway.model.docket import Approval
from tests.replies import reply
from tests.story.letters import PERSONAL, Letter
from tests.story.papers import letter, paper
from tests.story.people import AGENCY, CLERK, DIRECTOR, HEAD, IT
from tests.story.stage import Stage

FILES = {
    "Tờ trình 215.txt": paper(
        "215/TTr-BQLDA", "TỜ TRÌNH", "Về việc điều chỉnh dự án đường Mỹ Trà", to="Ủy ban nhân dân tỉnh Quảng Ngãi"
    )
}


@pytest.mark.timeout(300)
def test_neither_a_machine_nor_a_colleague_decides_for_the_director(stage: Stage) -> None:
    stage.submit(letter("Tờ trình điều chỉnh dự án", *FILES.items()))
    stage.arrive({AGENCY: ["receipt"], CLERK: ["clerk_document"], DIRECTOR: ["task"]})
    asked = stage.last(DIRECTOR, "task")
    his_mailbox_answers_by_itself(stage, asked)
    a_colleague_uses_his_notice(stage, asked)
    he_decides_himself(stage, asked)
    stage.close_the_books([1])


def his_mailbox_answers_by_itself(stage: Stage, asked: Letter) -> None:
    """The note of absence quotes the whole notice with its ready-made orders; nobody hears of it."""
    note = EmailMessage(policy=email.policy.SMTP)
    note["From"] = DIRECTOR.author
    note["To"] = asked.reply_to
    note["Subject"] = f"Trả lời tự động: {asked.subject}"
    note["Date"] = format_datetime(localtime())
    note["Message-ID"] = make_msgid(domain="quangngai.gov.vn")
    note["In-Reply-To"] = asked.message_id
    note["References"] = " ".join((*asked.references, asked.message_id))
    note["Auto-Submitted"] = "auto-replied"
    note.set_content(f"Tôi đi công tác đến hết tuần.\n\n{asked.body}")
    stage.send(DIRECTOR, asked.reply_to, note.as_bytes(), reverse_path="")
    stage.settle()
    assert approval(stage) is Approval.PENDING


def a_colleague_uses_his_notice(stage: Stage, asked: Letter) -> None:
    """The Director passes it on, and she clicks on his button: she is told no, IT hears of it."""
    raw = reply("outlook", to=asked.raw, text="Cúc xem giúp.", author=DIRECTOR.author, forwards=True)
    stage.send(DIRECTOR, HEAD.address, raw)
    stage.arrive({HEAD: [PERSONAL]})
    passed_on = stage.last(HEAD, PERSONAL)
    stage.click(HEAD, passed_on, next(label for label in passed_on.buttons if label.startswith("Đồng ý")))
    stage.arrive({HEAD: ["transcript"], IT: ["alarm"]})
    told = stage.last(HEAD, "transcript").text
    assert "Không có việc nào được thực hiện" in told
    assert all(word not in told for word in ("215/TTr-BQLDA", "Mỹ Trà")), "she learns nothing of the document"
    assert HEAD.address in stage.last(IT, "alarm").text
    assert approval(stage) is Approval.PENDING


def he_decides_himself(stage: Stage, asked: Letter) -> None:
    """His own notice is as good as before."""
    stage.answer(DIRECTOR, asked, "Không đồng ý: hồ sơ thiếu phụ lục")
    stage.arrive({DIRECTOR: ["transcript"], CLERK: ["task"]})
    assert "hồ sơ thiếu phụ lục" in stage.last(CLERK, "task").text
    assert approval(stage) is Approval.DECLINED


def approval(stage: Stage) -> Approval | None:
    """Where the Director's answer stands."""
    submission = stage.docket().submission
    return submission.approval if submission else None
