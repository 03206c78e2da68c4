"""A notice to be answered, and mails of given bodies."""

from __future__ import annotations

import base64
import email.policy
import functools
from email.message import EmailMessage
from email.utils import format_datetime

from gateway.clock import local
from gateway.model.part import Authored
from gateway.model.wording import SEPARATOR
from tests.adapters.mime.mails import multipart, take
from tests.records import MORNING

HINTS = ("Duyệt", "Chủ trì: Phòng Kế hoạch - Tài chính", "Hạn: 05/12/2026", "Từ: Sở A")


@functools.cache
def notice(*lines: str, rich: bool = True) -> bytes:
    """A raw notice whose text begins with our separator and holds these lines."""
    text = "\n".join(
        [SEPARATOR, "", "Kính gửi đồng chí,", "Mời trả lời bằng một trong các dòng:", "", *lines, "", "Hết."]
    )
    message = EmailMessage(policy=email.policy.SMTP)
    message["From"] = "Văn thư Sở Giao thông vận tải <sgtvt@quangngai.gov.vn>"
    message["To"] = "Lãnh đạo Sở <lanh-dao@agency.example>"
    message["Reply-To"] = "sgtvt+vb12@quangngai.gov.vn"
    message["Subject"] = "[Đến 12/2026] Công văn số 955/QĐ-SGTVT"
    message["Date"] = format_datetime(local(MORNING))
    message["Message-ID"] = "<thong-bao-1@quangngai.gov.vn>"
    message["References"] = "<van-ban-1@quangngai.gov.vn>"
    message.set_content(text, cte="base64")
    if rich:
        body = "".join(f"<p>{line.replace('<', '&lt;')}</p>" for line in text.split("\n"))
        message.add_alternative(f"<html><body>{body}</body></html>", subtype="html", cte="base64")
    return message.as_bytes()


def leaf(content: str, kind: str, *, flowed: bool = False, delsp: bool = False) -> str:
    """A base64 part of text/`kind`."""
    more = f"{'; format=flowed' if flowed else ''}{'; delsp=yes' if delsp else ''}"
    encoded = base64.encodebytes(content.replace("\n", "\r\n").encode()).decode().replace("\n", "\r\n")
    return f"Content-Type: text/{kind}; charset=utf-8{more}\r\nContent-Transfer-Encoding: base64\r\n\r\n{encoded}"


def authored(
    text: str = "", html: str = "", *, subject: str = "Re: x", flowed: bool = False, delsp: bool = False
) -> Authored:
    """What was newly written in a mail of these bodies."""
    head = f"From: a@b.example\r\nSubject: {subject}\r\nIn-Reply-To: <1@b.example>\r\nMIME-Version: 1.0\r\n"
    parts = [leaf(text, "plain", flowed=flowed, delsp=delsp)] if text else []
    parts += [leaf(html, "html")] if html else []
    body = parts[0] if len(parts) == 1 else multipart("alternative", *parts)
    return take(head + body).mail.authored
