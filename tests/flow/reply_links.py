"""The buttons of a notice: links that open a written reply (RFC 6068), and the mail that such a link sends."""

from __future__ import annotations

import email.policy
import itertools
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from email.message import EmailMessage
from email.utils import format_datetime
from html import unescape
from urllib.parse import unquote

from gateway.clock import local
from tests.flow.reading import read

_HREF = re.compile(r'href="(mailto:[^"]+)"')
BLANKS: Mapping[str, str] = {
    "Chủ trì:": "KHTC",
    "Trình:": "Hoàng Việt Phương",
    "Giao:": "Phạm Thị Lan",
    "Hoàn thành:": "đã trả lời bằng văn bản",
    "Trả lại:": "không thuộc chức năng",
    "Gia hạn:": "15/12/2026 lý do chờ số liệu",
    "Không đồng ý:": "hồ sơ chưa đủ",
    "Thu hồi:": "gửi nhầm phụ lục",
    "Hủy số:": "vào sổ hai lần",
    "Chuyển lại UBND:": "thư trước bị trả về",
}
"""What a person fills into a line that a button leaves open; other open lines he may leave as they are."""
_FIELDS = {"số=;": "số={}/BC-STD;", "ngày=;": "ngày=19/11/2026;", "trích yếu=": "trích yếu=Về việc khác"}
_numbers = itertools.count(501)
"""No two documents are given the same number: that would be refused."""


@dataclass(frozen=True)
class Link:
    """A button's link, decoded."""

    to: str
    subject: str
    body: str
    in_reply_to: str

    def filled(self) -> str:
        """The body after a person wrote into its blanks, the last colon of a line being where he goes on."""
        return "\r\n".join(_fill(line) for line in self.body.split("\r\n"))

    def mail(self, author: str, date: datetime, message_id: str, *, filled: bool = True) -> bytes:
        """What a mail program sends after the button was pressed."""
        message = EmailMessage(policy=email.policy.SMTP)
        message["From"], message["To"], message["Subject"] = author, self.to, self.subject
        message["Date"], message["Message-ID"] = format_datetime(local(date)), message_id
        if self.in_reply_to:
            message["In-Reply-To"] = self.in_reply_to
        message.set_content((self.filled() if filled else self.body).replace("\r\n", "\n"))
        return message.as_bytes()


def links_in(notice: bytes) -> list[Link]:
    """The buttons of a notice in their order; what asks for help of a person is none of them."""
    rich = read(notice).get_body(("html",))
    assert rich is not None
    links = [_link(unescape(href)) for href in _HREF.findall(str(rich.get_content()))]
    return [link for link in links if link.body]


def _link(href: str) -> Link:
    address, _, query = href.removeprefix("mailto:").partition("?")
    fields = {name.lower(): unquote(value) for name, _, value in (one.partition("=") for one in query.split("&"))}
    return Link(unquote(address), fields.get("subject", ""), fields.get("body", ""), fields.get("in-reply-to", ""))


def _fill(line: str) -> str:
    for blank, value in _FIELDS.items():
        line = line.replace(blank, value.format(next(_numbers))) if line.startswith("Sửa:") else line
    open_line = line.rstrip()
    if not open_line.endswith(":"):
        return line
    known = next((value for keyword, value in BLANKS.items() if open_line.startswith(keyword)), "")
    return f"{open_line} {known}"
