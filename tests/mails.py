"""Mails as agencies send them, made in code."""

from __future__ import annotations

import email.policy
import mimetypes
from collections.abc import Mapping
from email.message import EmailMessage
from email.utils import format_datetime

from gateway.clock import local
from tests.records import MORNING

SENDER = "vanthu@agency.example"
RECIPIENT = "sgtvt@quangngai.gov.vn"


def mail(
    *files: tuple[str, bytes],
    subject: str = "Gửi văn bản",
    body: str = "Kính gửi Sở Giao thông vận tải.",
    message_id: str = "<1@agency.example>",
    headers: Mapping[str, str] | None = None,
) -> bytes:
    """A multipart mail with CRLF line ends; media types follow the names."""
    message = EmailMessage(policy=email.policy.SMTP)
    message["From"] = f"Văn thư cơ quan gửi <{SENDER}>"
    message["To"] = RECIPIENT
    message["Subject"] = subject
    message["Date"] = format_datetime(local(MORNING))
    message["Message-ID"] = message_id
    for name, value in (headers or {}).items():
        message[name] = value
    message.set_content(body + "\n")
    for name, content in files:
        kind = mimetypes.guess_type(name)[0] or "application/octet-stream"
        maintype, _, subtype = kind.partition("/")
        message.add_attachment(content, maintype=maintype, subtype=subtype, filename=name)
    return message.as_bytes()


def page_one(number: int, *, notation: str = "BC-STD", abstract: str = "Về việc báo cáo định kỳ") -> bytes:
    """A small official document as plain text: the quickest thing that has a number."""
    return (
        "SỞ TRÌNH DIỄN\tCỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM\n\tĐộc lập - Tự do - Hạnh phúc\n"
        f"Số: {number:02d}/{notation}\tQuảng Ngãi, ngày 20 tháng 11 năm 2026\n\nBÁO CÁO\n{abstract}\n\n"
        "Kính gửi: Sở Giao thông vận tải\n\nNội dung báo cáo.\n\nNơi nhận:\n- Như trên;\n- Lưu: VT.\n\n"
        "GIÁM ĐỐC\n\nNguyễn Văn Trình\n"
    ).encode()
