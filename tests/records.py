"""Small records for tests that need a mail or an entry and do not care which."""

from __future__ import annotations

import hashlib
from datetime import UTC, date, datetime, timedelta

from gateway.model.document import Entry, RegisteredFile
from gateway.model.facts import Marks, Scan, ScanVerdict
from gateway.model.header import HeaderFields
from gateway.model.mail import Envelope, MailKind, StoredBlob, Transport
from gateway.model.part import ParsedMail, Part, PartDecision
from gateway.ports import Claim

MORNING = datetime(2026, 11, 23, 1, 15, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
CLEAN = Scan(ScanVerdict.CLEAN, "ClamAV thử nghiệm")


def sha256(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def claim(owner: str, now: datetime = MORNING, *, limit: int = 5) -> Claim:
    """A claim whose lease lasts a minute."""
    return Claim(owner, now, now + MINUTE, now + 2 * MINUTE, limit)


def envelope(transport_id: str, mail_from: str = "vanthu@agency.example") -> Envelope:
    return Envelope(Transport.SMTP, transport_id, mail_from, ("sgtvt@quangngai.gov.vn",), "127.0.0.1", "client")


def raw(text: str) -> StoredBlob:
    return StoredBlob(sha256(text), len(text))


def header(number: str = "955") -> HeaderFields:
    return HeaderFields(
        number=number,
        notation="QĐ-SGTVT",
        issued_on=date(2017, 9, 7),
        document_type="Quyết định",
        abstract="Về việc ban hành Quy chế quản lý và sử dụng phần mềm",
        issuer="Sở Giao thông vận tải tỉnh Quảng Ngãi",
        signer="Nguyễn Văn An",
        confidence=dict.fromkeys(
            ("number", "notation", "issued_on", "document_type", "abstract", "issuer", "signer"), 0.95
        ),
    )


def entry(content: str, *, book: str = "den", identity: str | None = None) -> Entry:
    file = RegisteredFile("2", "van-ban.pdf", "application/pdf", len(content), sha256(content), 2, True, CLEAN)
    return Entry(book, header(), Marks(), (file,), sha256(content), identity)


def parsed(*names: str, kind: MailKind = MailKind.DOCUMENT) -> ParsedMail:
    parts = tuple(
        Part(f"{number}", name, "application/pdf", "application/pdf", 4, sha256(name), PartDecision.DOCUMENT, "tệp")
        for number, name in enumerate(names, 1)
    )
    return ParsedMail(
        message_id="<a@agency.example>",
        sender="vanthu@agency.example",
        sender_name="Văn thư",
        subject="Gửi văn bản",
        date=MORNING,
        kind=kind,
        automatic=None,
        in_reply_to=(),
        body_text="Kính gửi",
        parts=parts,
        problems=(),
    )
