"""Fixed records of the work on documents, from which the golden files of its notices are made. All are invented."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from gateway.adapters.render.steps import APPROVALS, NEWS, REMINDERS, TASKS
from gateway.model.docket import (
    Approval,
    Assignment,
    Declared,
    Docket,
    DocumentState,
    Forwarding,
    Request,
    RequestKind,
    ShareState,
    Submission,
)
from gateway.model.document import Document, Status
from gateway.model.mail import MailStage
from gateway.model.notice import NoticeKind
from gateway.model.tracking import TimelineStep
from gateway.ports import Conversation, NoticeContext, Offer
from tests.adapters.render.records import ATTACHMENTS, EARLIER, PARSED, REPORT, UNREAD_LETTER, mail, notice

CLERK = "vanthu@quangngai.example"
LEADER = "lanhdao@quangngai.example"
SENDER = "bql@trabong.example"
PROVINCE = "ubnd@tinh.example"
NAMES = {
    "giam-doc": "Nguyễn Văn An",
    "phong-khtc": "Phòng Kế hoạch – Tài chính",
    "phong-qlkc": "Phòng Quản lý kết cấu hạ tầng giao thông",
    "chuyen-vien-1": "Lê Thị Bình",
}
REFERENCES = ("<clerk_document.17.aa@quangngai.example>", "<task.17.bb@quangngai.example>")
DUE = datetime(2026, 12, 4, 10, 0, tzinfo=UTC)
ASSIGN = Offer("Phân công", "Chủ trì: \nPhối hợp: \nHạn: \nÝ kiến: ")
PRESENT = Offer("Trình lãnh đạo", "Trình: ")
RETURN = Offer("Trả lại nơi gửi", "Trả lại: ")
TRANSFER = Offer("Chuyển giao các đơn vị", "Chuyển")
ACCEPT = Offer("Đã nhận", "Đã nhận")
DELEGATE = Offer("Giao chuyên viên", "Giao: ")
EXTEND = Offer("Đề nghị gia hạn", "Gia hạn: ")
FINISH = Offer("Hoàn thành", "Hoàn thành: ")
YES = Offer("Đồng ý", "Đồng ý")
NO = Offer("Không đồng ý", "Không đồng ý: ")
RECALL = Offer("Thu hồi văn bản", "Thu hồi: ")
CORRECT = Offer("Sửa thông tin trong sổ", "Sửa: số=; ngày=; trích yếu=")
CLOCK = "Chuyển giao trước 11 giờ 15 phút, ngày 22/11/2026 (2 giờ hành chính, Điều 3 khoản 4)"
OPINION = "Phòng Kế hoạch – Tài chính tổng hợp, tham mưu văn bản trả lời; lưu ý số liệu quý IV."
FORWARDING = Forwarding(
    1, "Fw7kTq2ZtR9mXw4LbN8cHf3J", "<submission.17.5d41402a@quangngai.example>", PROVINCE, CLERK, REPORT.registered_at
)
OFFERS: dict[str, tuple[Offer, ...]] = {
    "present": (PRESENT, CORRECT, RETURN),
    "assign": (ASSIGN, Offer("Trả lại văn thư", "Trả lại: ")),
    "transfer": (TRANSFER,),
    "accept": (ACCEPT, DELEGATE, Offer("Trả lại", "Trả lại: ")),
    "handle": (Offer("Đang xử lý", "Đang xử lý"), FINISH, EXTEND),
    "approve": (YES, NO),
    "returned": (ASSIGN,),
    "correct": (CORRECT,),
    "submit": (YES, NO),
}
FACTS: dict[str, str] = {
    "text": "Phòng Kế hoạch – Tài chính đề nghị xử lý tiếp",
    "reason": "Chờ số liệu của Ủy ban nhân dân huyện Trà Bồng",
    "deadline": DUE.isoformat(),
    "by": "chuyen-vien-1",
    "for_whom": "Trần Văn Cường",
}


def docket(document: Document = REPORT, state: DocumentState = DocumentState.IN_PROGRESS) -> Docket:
    """A document on which two units work, with a question that waits."""
    return Docket(
        document=document,
        state=state,
        presented_to="giam-doc",
        opinion=OPINION,
        assignments=(
            Assignment("phong-khtc", True, ShareState.IN_PROGRESS, DUE, "chuyen-vien-1", "Đã xin số liệu."),
            Assignment("phong-qlkc", False, ShareState.TRANSFERRED),
        ),
        requests=(Request(RequestKind.EXTENSION, LEADER, REPORT.registered_at, "Chờ số liệu.", "phong-khtc", DUE),),
        submission=Submission(Declared.BY_CLERK, Approval.GIVEN, (FORWARDING,)),
        answer_to=SENDER,
    )


def conversation(offers: tuple[Offer, ...] = (), *, office: bool = True, of: Docket | None = None) -> Conversation:
    """What one reader knows of the work."""
    news = (
        TimelineStep(REPORT.registered_at, Status.RECEIVED, "Văn bản đã vào sổ"),
        TimelineStep(
            REPORT.registered_at, Status.RECEIVED, "Trình Nguyễn Văn An cho ý kiến", inside=True, who="Văn thư Sở"
        ),
        TimelineStep(DUE, Status.ASSIGNED, "Đã chuyển giao cho đơn vị giải quyết", who="Văn thư Sở"),
    )
    return Conversation(
        docket=of or docket(),
        offers=offers,
        reply_to="sgtvt+7kQm2ZtR9mXw4LbN8cHf3J@quangngai.example",
        references=REFERENCES,
        files_token="Pf2kTq7ZtR9mXw4LbN8cHf3J" if office else None,
        clocks=(CLOCK,) if office else (),
        news=news,
    )


def context(kind: NoticeKind, to: str, facts: dict[str, Any], *conversations: Conversation) -> NoticeContext:
    """A notice about the work; no mail caused it."""
    sent = notice(kind, to)
    return NoticeContext(
        notice=replace(sent, owed=replace(sent.owed, mail_id=None, facts=facts)),
        mail=None,
        parsed=None,
        verdict=None,
        documents=tuple(each.docket.document for each in conversations),
        conversations=conversations,
        names=NAMES,
    )


def task(step: str, subject: str = "") -> NoticeContext:
    """A task of the office."""
    facts = {"step": step, "subject": subject}
    if step in {"returned", "approve"}:
        facts |= FACTS
    return context(NoticeKind.TASK, LEADER, facts, conversation(OFFERS.get(step, (YES, NO))))


def news(step: str, *, office: bool) -> NoticeContext:
    """A piece of news for a clerk or for the sender, with all facts that there can be."""
    reader, offers = (CLERK, (CORRECT,)) if office else (SENDER, (RECALL,))
    return context(NoticeKind.NEWS, reader, {"step": step, **FACTS}, conversation(offers, office=office))


TRANSCRIPT = {
    "lines": [
        {
            "written": ["Chủ trì: Phòng KHTC", "Hạn: 4/12"],
            "ok": True,
            "text": "Phân công Phòng Kế hoạch – Tài chính chủ trì, hạn 17 giờ 00 phút, ngày 04/12/2026",
            "clause": "Điều 11 khoản 2",
            "choices": [],
        },
        {
            "written": ["Phối hợp: Phòng QL"],
            "ok": False,
            "text": "“Phòng QL” có thể là nhiều đơn vị",
            "clause": "Điều 11 khoản 2",
            "choices": [
                {"label": "Phòng QL kết cấu hạ tầng", "reply": "Phối hợp: Phòng Quản lý kết cấu hạ tầng giao thông"},
                {"label": "Phòng QL vận tải", "reply": "Phối hợp: Phòng Quản lý vận tải"},
            ],
        },
        {"written": ["Chuyển"], "ok": None, "text": "Chờ dòng trên được sửa", "clause": "", "choices": []},
    ],
    "state": "Đã phân công, chờ chuyển giao",
    "note": "Các dòng khác không bị ảnh hưởng.",
    "quoted": "Chủ trì: Phòng KHTC\nHạn: 4/12\nPhối hợp: Phòng QL\nChuyển\n\nCảm ơn.",
}
UNCERTAIN = {
    "lines": [],
    "state": "Đã trình, chờ ý kiến phân công",
    "note": "Không phân biệt được nội dung mới với phần trích lại của thư trước. Đề nghị viết lệnh ở đầu thư, phía "
    "trên dòng phân cách, rồi gửi lại.",
    "quoted": "Chủ trì: Phòng KHTC",
}


def work_contexts() -> dict[str, NoticeContext]:
    """One context for each step of tasks and reminders, and what is worth seeing of the other kinds."""
    tasks = {f"task_{step}": task(step) for step in TASKS if step != "approve"}
    tasks |= {f"task_approve_{question}": task("approve", question) for question in APPROVALS}
    tasks["task_approve_extension"] = task("approve", "extension:phong-khtc")
    reminders = {
        f"reminder_{step}": context(
            NoticeKind.REMINDER, CLERK, {"step": step, "subject": "phong-khtc"}, conversation((TRANSFER, FINISH))
        )
        for step in REMINDERS
    }
    told = {f"news_{step}": news(step, office=True) for step in NEWS}
    outside = {f"news_{step}_sender": news(step, office=False) for step in NEWS if NEWS[step].to_sender}
    unknown = {"news_unknown": news("something", office=True), "news_unknown_sender": news("something", office=False)}
    ordered = replace(
        context(NoticeKind.TRANSCRIPT, LEADER, TRANSCRIPT, conversation((ASSIGN,))),
        mail=mail(MailStage.REGISTERED),
        parsed=replace(PARSED, message_id="<reply.1@quangngai.example>"),
    )
    owed = ordered.notice.owed
    confirm = {
        "order": ["Chuyển UBND"],
        "text": "Văn bản sẽ được gửi đến hộp thư Ủy ban nhân dân tỉnh và không thu hồi được",
        "until": DUE.isoformat(),
    }
    other = conversation(
        (PRESENT, RETURN), of=replace(docket(UNREAD_LETTER, DocumentState.REGISTERED), assignments=(), requests=())
    )
    third = conversation((PRESENT,), of=replace(docket(EARLIER, DocumentState.REGISTERED), assignments=(), requests=()))
    many = (
        conversation((PRESENT, RETURN), of=replace(docket(state=DocumentState.REGISTERED), requests=())),
        replace(other, reply_to="sgtvt+9cQm2ZtR9mXw4LbN8cHf3J@quangngai.example"),
        replace(third, reply_to="sgtvt+3dQm2ZtR9mXw4LbN8cHf3J@quangngai.example"),
    )
    return (
        tasks
        | reminders
        | told
        | outside
        | unknown
        | {
            "transcript": ordered,
            "transcript_uncertain": replace(
                ordered, notice=replace(ordered.notice, owed=replace(owed, facts=UNCERTAIN))
            ),
            "transcript_stranger": replace(
                ordered,
                conversations=(),
                documents=(),
                notice=replace(ordered.notice, owed=replace(owed, facts=UNCERTAIN)),
            ),
            "confirm": context(NoticeKind.CONFIRM, CLERK, confirm, conversation()),
            "digest": context(NoticeKind.DIGEST, CLERK, {}, *many),
            "submission": replace(
                context(NoticeKind.SUBMISSION, PROVINCE, {}, conversation((ACCEPT,), office=False)),
                attachments=(*ATTACHMENTS, ("Thu-goc.eml", "message/rfc822", b"From: a@b.example\r\n\r\n...")),
            ),
        }
    )
