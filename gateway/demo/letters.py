"""The mails of the demonstration, and what should become of each."""

from __future__ import annotations

import email.policy
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from email.message import EmailMessage
from email.utils import format_datetime
from pathlib import Path

from gateway.adapters.demo_scanner import EICAR
from gateway.clock import local
from gateway.demo.cast import OTHER_SERVER, SENDER, SERVER, STRANGER
from gateway.demo.pki import Pki, sign_pdf
from gateway.model.mail import MailStage

SAMPLES = Path(__file__).parent / "samples"
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


@dataclass(frozen=True, slots=True)
class Letter:
    """A mail to be sent, what it shows, and the end it must come to. `client` is the IP address it is sent from."""

    shows: str
    content: bytes
    expected: MailStage
    sender: str = SENDER
    client: str = SERVER


def letters(pki: Pki, recipient: str, now: datetime) -> list[Letter]:
    """The mails, in the order to send them. Signs documents: not for the event loop."""

    def mail(subject: str, *files: tuple[str, str, bytes], sender: str = SENDER, **headers: str) -> bytes:
        return _mail(sender, recipient, now, subject, *files, headers=headers)

    decision = mail("Gửi Quyết định số 12/QĐ-STD", ("Quyết định 12.pdf", "application/pdf", _signed_decision(pki, now)))
    docx = ("Công văn 345.docx", DOCX, (SAMPLES / "cong-van.docx").read_bytes())
    return [
        Letter("quyết định PDF đã ký số", decision, MailStage.REGISTERED),
        Letter("công văn docx chưa ký số", mail("Gửi công văn số 345/STD-VP", docx), MailStage.REGISTERED),
        Letter("tệp thử mã độc EICAR", mail("Gửi tài liệu", ("tai-lieu.txt", "text/plain", EICAR)), MailStage.REFUSED),
        Letter("thư không có tệp đính kèm", mail("Hỏi về lịch họp"), MailStage.REFUSED),
        Letter(
            "định dạng không được phép (ZIP)",
            mail("Gửi hồ sơ", ("ho-so.zip", "application/zip", _EMPTY_ZIP)),
            MailStage.REFUSED,
        ),
        Letter("gửi lại đúng thư thứ nhất", decision, MailStage.NOTED),
        Letter("mạo danh: tên Sở Trình diễn, gửi từ máy khác", decision, MailStage.HELD, client=OTHER_SERVER),
        Letter(
            "nơi gửi chưa có trong danh bạ",
            mail("Gửi báo giá", docx, sender=STRANGER),
            MailStage.HELD,
            STRANGER,
            OTHER_SERVER,
        ),
        Letter(
            "trả lời tự động khi vắng mặt",
            mail("Trả lời tự động: đi công tác", **{"Auto-Submitted": "auto-replied"}),
            MailStage.NOTED,
        ),
        Letter(
            "tờ trình nhờ chuyển UBND tỉnh",
            mail("[TRÌNH UBND] Tờ trình số 27/TTr-STD", ("Tờ trình 27.txt", "text/plain", _submission(now))),
            MailStage.REGISTERED,
        ),
    ]


_EMPTY_ZIP = b"PK\x05\x06" + bytes(18)


def _submission(now: datetime) -> bytes:
    return (
        "SỞ TRÌNH DIỄN\tCỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM\n\tĐộc lập - Tự do - Hạnh phúc\n"
        f"Số: 27/TTr-STD\tQuảng Ngãi, ngày {local(now):%d} tháng {local(now).month} năm {local(now).year}\n\n"
        "TỜ TRÌNH\nVề việc phê duyệt chủ trương nâng cấp đường tỉnh 624\n\n"
        "Kính gửi: Ủy ban nhân dân tỉnh Quảng Ngãi\n\nSở Trình diễn kính trình xem xét, phê duyệt.\n\n"
        "Nơi nhận:\n- Như trên;\n- Lưu: VT.\n\nGIÁM ĐỐC\n\nNguyễn Văn Trình\n"
    ).encode()


def _signed_decision(pki: Pki, now: datetime) -> bytes:
    """Signed as an issued document is: the head of the agency first, then the seal (Điều 6)."""
    content = (SAMPLES / "quyet-dinh.pdf").read_bytes()
    content = sign_pdf(content, pki.person, field="Signature1", signed_at=now, box=(360, 120, 520, 170))
    return sign_pdf(content, pki.seal, field="Signature2", signed_at=now, box=(300, 110, 400, 190), stamper=pki.stamp)


def _mail(
    sender: str,
    recipient: str,
    now: datetime,
    subject: str,
    *files: tuple[str, str, bytes],
    headers: Mapping[str, str],
) -> bytes:
    mail = EmailMessage()
    name = "Văn thư Sở Trình diễn" if sender == SENDER else "Công ty Ví dụ"
    mail["From"] = f"{name} <{sender}>"
    mail["To"] = recipient
    mail["Subject"] = subject
    mail["Date"] = format_datetime(local(now))
    for field, value in headers.items():
        mail[field] = value
    mail.set_content(f"Kính gửi Sở Giao thông vận tải,\n\n{name} kính gửi văn bản kèm theo.\n\nTrân trọng.\n")
    for name, media_type, content in files:
        maintype, _, subtype = media_type.partition("/")
        mail.add_attachment(content, maintype=maintype, subtype=subtype, filename=name)
    return mail.as_bytes(policy=email.policy.SMTP)
