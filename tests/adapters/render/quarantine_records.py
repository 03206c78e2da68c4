"""Notices that ask a clerk about mails which were set aside."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from gateway.model.finding import Finding, Outcome
from gateway.model.mail import MailStage
from gateway.model.notice import NoticeKind
from gateway.model.verdict import Disposition, Verdict
from gateway.ports import NoticeContext, Offer, Pending
from tests.adapters.render import records

CLERK = "vanthu@quangngai.example"
_NAMED = "Chấp nhận (bỏ qua: nghi mạo nhận nơi gửi; chưa quét mã độc)"
RELEASE, NAMED = Offer("Chấp nhận", "Chấp nhận:"), Offer(_NAMED, f"{_NAMED}:")
REPLAY = Offer("Xử lý lại", "Xử lý lại")
ENDING = (Offer("Không tiếp nhận", "Không tiếp nhận:"), Offer("Tiêu hủy", "Tiêu hủy:"))
TITLES = {
    "duplicate": "trùng văn bản",
    "impersonation": "nghi mạo nhận nơi gửi",
    "not_scanned": "chưa quét mã độc",
    "state_secret": "bí mật nhà nước",
}
IN_TIME = "đã giữ 1 giờ 20 phút làm việc; còn 40 phút làm việc"
LATE = "đã giữ 5 giờ làm việc; quá hạn 3 giờ làm việc"
SECRET = Finding("state_secret", "Điều 8 khoản 2 điểm a", Outcome.HOLD, "Văn bản có dấu chỉ độ mật.")
RULED = {
    "lines": [
        {
            "written": ["Không tiếp nhận: gửi nhầm cơ quan"],
            "ok": False,
            "text": "Thư M17 đã được chấp nhận lúc 09 giờ 10 phút, ngày 22/11/2026 (lan@quangngai.example)",
            "clause": "",
            "choices": [],
        }
    ],
    "note": "",
    "quoted": "Không tiếp nhận: gửi nhầm cơ quan",
    "about": "M17",
}
ASKED = {
    "order": ["Tiêu hủy: thư rác"],
    "text": "Nội dung thư M17 sẽ bị xóa hẳn, chỉ còn lại việc đã nhận và quyết định này. Việc này không thu hồi được.",
    "until": "2026-11-24T03:00:00+00:00",
    "about": "M17",
}


def pending(
    *offers: Offer,
    number: int = 17,
    stage: MailStage = MailStage.HELD,
    standing: str = IN_TIME,
    verdict: Verdict | None = None,
    waiting_for: str | None = None,
) -> Pending:
    address = f"sgtvt+{number}vQm2ZtR9mXw4LbN8cHf@quangngai.example"
    held = replace(records.mail(stage), id=number, waiting_for=waiting_for)
    return Pending(
        mail=held,
        parsed=records.PARSED,
        verdict=verdict,
        standing=standing,
        rules=tuple(TITLES.get(finding.rule, "") for finding in verdict.findings) if verdict else (),
        offers=offers,
        reply_to=address if offers else None,
        references=(f"<r-{number}vQm2ZtR9mXw4LbN8cHf@quangngai.example>",) if offers else (),
    )


PAPER = [
    "Số đến 12/2026, chờ bản giấy từ ngày 09/11/2026: Quyết định số 955/QĐ-SGTVT ngày 06/11/2026",
    "Số đến 15/2026, chờ bản giấy từ ngày 10/11/2026: Tờ trình số 07/TTr-STC ngày 09/11/2026",
]


def _sent(kind: NoticeKind, facts: Mapping[str, object], *pendings: Pending) -> NoticeContext:
    sent = records.notice(kind, CLERK)
    return NoticeContext(
        notice=replace(sent, owed=replace(sent.owed, mail_id=None, facts=facts)),
        mail=None,
        parsed=None,
        verdict=None,
        documents=(),
        pendings=pendings,
    )


def quarantine_contexts() -> dict[str, NoticeContext]:
    """The clerk's notices with buttons, the daily digest, and the answers to his decisions."""
    first = records.contexts()
    held = Verdict(Disposition.HOLD, (Finding("duplicate", "Điều 11 khoản 1 điểm b", Outcome.HOLD, "Số trùng."),))
    secret = Verdict(Disposition.HOLD, (SECRET,))
    dead = pending(REPLAY, *ENDING, number=18, stage=MailStage.DEAD, standing=LATE)
    many = (
        pending(RELEASE, *ENDING, verdict=held),
        dead,
        pending(NAMED, *ENDING, number=19, verdict=secret, standing=LATE),
        pending(number=20, stage=MailStage.PARSED, waiting_for="scanner"),
    )
    return {
        "clerk_attention_orders": replace(
            first["clerk_attention_unproved"],
            pendings=(pending(NAMED, *ENDING, verdict=first["clerk_attention_unproved"].verdict),),
        ),
        "clerk_attention_dead_orders": replace(
            first["clerk_attention_dead"],
            pendings=(replace(dead, mail=first["clerk_attention_dead"].mail or dead.mail),),
        ),
        "quarantine_digest": _sent(
            NoticeKind.QUARANTINE_DIGEST,
            {"mails": [17, 18, 19, 20], "sealed": 1, "paper": PAPER[:1], "paper_more": 0},
            *many,
        ),
        "quarantine_digest_paper": _sent(NoticeKind.QUARANTINE_DIGEST, {"mails": [], "paper": PAPER, "paper_more": 3}),
        "quarantine_digest_long": _sent(NoticeKind.QUARANTINE_DIGEST, {"mails": [17], "more": 12}, many[0]),
        "transcript_ruling": _sent(
            NoticeKind.TRANSCRIPT, RULED, pending(stage=MailStage.REGISTERED, standing="", verdict=held)
        ),
        "confirm_ruling": _sent(NoticeKind.CONFIRM, ASKED, replace(many[0], offers=())),
    }
