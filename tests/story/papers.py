"""What the agency and the province mail: official documents with their files, made for the day."""

from __future__ import annotations

import email.policy
import io
import mimetypes
from datetime import datetime
from email.message import EmailMessage
from email.utils import format_datetime, localtime, make_msgid

from reportlab.lib.pagesizes import A4
from reportlab.pdfgen.canvas import Canvas

from gateway.clock import local
from tests.documents import REGULAR, use_fonts
from tests.servers.daemon import RECIPIENT
from tests.story.people import AGENCY, Person


def paper(
    identifier: str,
    title: str,
    abstract: str,
    *,
    issuer: str = "BAN QUẢN LÝ DỰ ÁN GIAO THÔNG",
    to: str = "Sở Giao thông vận tải tỉnh Quảng Ngãi",
) -> bytes:
    """An official document of today as plain text, with number, date and addressee."""
    today = local(datetime.now().astimezone())
    return (
        f"{issuer}\tCỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM\n\tĐộc lập - Tự do - Hạnh phúc\n"
        f"Số: {identifier}\tQuảng Ngãi, ngày {today:%d} tháng {today:%m} năm {today:%Y}\n\n{title}\n{abstract}\n\n"
        f"Kính gửi: {to}\n\nNội dung chi tiết nêu trong hồ sơ kèm theo.\n\nNơi nhận:\n- Như trên;\n- Lưu: VT.\n\n"
        "GIÁM ĐỐC\n\nPhạm Thị Mẫu\n"
    ).encode()


def appendix() -> bytes:
    """A PDF of one page that goes with a document and is none by itself."""
    use_fonts()
    target = io.BytesIO()
    canvas = Canvas(target, pagesize=A4, invariant=1)
    canvas.setFont(REGULAR, 11)
    canvas.drawString(90, 780, "PHỤ LỤC")
    canvas.drawString(90, 760, "Tổng mức đầu tư các hạng mục của dự án")
    canvas.save()
    return target.getvalue()


def letter(subject: str, *files: tuple[str, bytes], author: Person = AGENCY, body: str = "") -> bytes:
    """A mail that brings files to the gateway."""
    message = EmailMessage(policy=email.policy.SMTP)
    message["From"] = author.author
    message["To"] = RECIPIENT
    message["Subject"] = subject
    message["Date"] = format_datetime(localtime())
    message["Message-ID"] = make_msgid(domain=author.address.rpartition("@")[2])
    message.set_content(f"{body or 'Kính gửi Sở Giao thông vận tải, xin gửi văn bản kèm theo.'}\n")
    attach(message, *files)
    return message.as_bytes()


def attach(message: EmailMessage, *files: tuple[str, bytes]) -> None:
    """Add files, their types by their names."""
    for name, content in files:
        maintype, _, subtype = (mimetypes.guess_type(name)[0] or "application/octet-stream").partition("/")
        message.add_attachment(content, maintype=maintype, subtype=subtype, filename=name)
