"""What the people of the demonstration answer to the office's mails, as a telephone or a web mailer sends it."""

from __future__ import annotations

import email
import email.policy
import html
from dataclasses import dataclass
from datetime import datetime
from email.message import EmailMessage
from email.utils import format_datetime, make_msgid, parseaddr, parsedate_to_datetime

from gateway.clock import local
from gateway.demo.cast import CLERK, DIRECTOR, HEAD, NAMES_OF, PROVINCE
from gateway.model.docket import DocumentState
from gateway.model.notice import NoticeKind

CIRCULAR, SUBMISSION = 2, 3
"""The documents that are worked on, by their id: the second and the third that the letters bring."""


@dataclass(frozen=True, slots=True)
class Reply:
    """One answer: `author` replies to the newest notice of that kind to him about that document.

    `expected` is where the document must stand afterwards. `done` is what the transcript must say of the orders: None
    where they wait for a confirming reply.
    """

    shows: str
    author: str
    kind: NoticeKind
    document_id: int
    text: str
    expected: DocumentState
    done: bool | None = True

    def answers(self, message_id: str) -> bool:
        """Whether that is the Message-ID of a notice meant."""
        return message_id.startswith(f"<{self.kind.value}.d{self.document_id}.")


REPLIES: tuple[Reply, ...] = (
    Reply("Giám đốc", DIRECTOR, NoticeKind.TASK, SUBMISSION, "Đồng ý", DocumentState.REGISTERED),
    Reply("Văn thư", CLERK, NoticeKind.TASK, SUBMISSION, "chuyen ubnd", DocumentState.FORWARDED),
    Reply("UBND tỉnh", PROVINCE, NoticeKind.SUBMISSION, SUBMISSION, "Đã nhận", DocumentState.FORWARDED),
    Reply(
        "Văn thư, lần nữa",
        CLERK,
        NoticeKind.TASK,
        SUBMISSION,
        "Chuyển lại UBND: gửi thêm phụ lục",
        DocumentState.FORWARDED,
        done=None,
    ),
    Reply("Văn thư", CLERK, NoticeKind.CLERK_DOCUMENT, CIRCULAR, "Trình", DocumentState.PRESENTED),
    Reply(
        "Giám đốc",
        DIRECTOR,
        NoticeKind.TASK,
        CIRCULAR,
        "Chủ trì: Vận tải\nPhối hợp: KHTC\nHạn: 5 ngày làm việc\nÝ kiến: Cử người tham gia đoàn kiểm tra.",
        DocumentState.ASSIGNED,
    ),
    Reply("Văn thư", CLERK, NoticeKind.TASK, CIRCULAR, "Chuyển", DocumentState.TRANSFERRED),
    Reply("Trưởng phòng", HEAD, NoticeKind.TASK, CIRCULAR, "Giao: Nam", DocumentState.TRANSFERRED, done=False),
    Reply(
        "Trưởng phòng, ghi rõ tên",
        HEAD,
        NoticeKind.TRANSCRIPT,
        CIRCULAR,
        "Giao: Nguyễn Văn Nam",
        DocumentState.ACCEPTED,
    ),
)
"""In the order they are sent."""


def reply_to(notice: bytes, reply: Reply, now: datetime) -> tuple[str, bytes]:
    """The address to send to, and the whole mail: new text above the quoted notice, as text and as HTML."""
    old = email.message_from_bytes(notice, policy=email.policy.default)
    plain, rich = old.get_body(("plain",)), old.get_body(("html",))
    if plain is None or rich is None:
        raise ValueError("a notice has both texts")
    _, recipient = parseaddr(str(old["Reply-To"]))
    written = f"{reply.text}\n\nĐã gửi từ iPhone của tôi"
    sent = local(parsedate_to_datetime(str(old["Date"])))
    attribution = f"Vào {sent:%H:%M, %d/%m/%Y}, {old['From']} đã viết:"
    quoted = "\n".join(f"> {line}" for line in str(plain.get_content()).splitlines())
    mail = EmailMessage(policy=email.policy.SMTP)
    mail["From"] = f"{NAMES_OF[reply.author]} <{reply.author}>"
    mail["To"] = recipient
    mail["Subject"] = f"Re: {old['Subject']}"
    mail["Date"] = format_datetime(local(now))
    mail["Message-ID"] = make_msgid(domain=reply.author.partition("@")[2])
    mail["In-Reply-To"] = str(old["Message-ID"])
    mail["References"] = f"{old['References'] or ''} {old['Message-ID']}".strip()
    mail.set_content(f"{written}\n\n{attribution}\n{quoted}\n")
    lines = "".join(f"<div>{html.escape(line) or '<br>'}</div>" for line in written.split("\n"))
    cited = f'<div class="gmail_attr">{html.escape(attribution)}</div>'
    mail.add_alternative(
        f'<div dir="auto">{lines}</div><br><div class="gmail_quote">{cited}'
        f'<blockquote class="gmail_quote">{rich.get_content()}</blockquote></div>',
        subtype="html",
    )
    return recipient, mail.as_bytes()
