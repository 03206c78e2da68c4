"""A gateway's own certificate, a document, and receipts for it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import cache
from pathlib import Path

from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from gateway.adapters.papers.keys import KeyInFile, read_certificates
from gateway.adapters.papers.sheet import Sheets
from gateway.adapters.papers.signing import ReceiptSigner
from gateway.demo.pki import Identity, make_authority, make_root, make_seal
from gateway.model.agency import Agency
from gateway.model.journal import JournalHead
from gateway.model.receipt import Receipt, ReceiptFile, to_json
from gateway.shipped import shipped

NOW = datetime(2026, 11, 23, 2, 15, tzinfo=UTC)
FONTS = shipped("templates") / "fonts"
AGENCY = Agency(
    name="Sở Giao thông vận tải tỉnh Quảng Ngãi",
    short_name="Sở GTVT",
    superior="Ủy ban nhân dân tỉnh Quảng Ngãi",
    mailbox="sgtvt@quangngai.gov.vn",
    records_office="Văn thư Sở",
    phones=("0255 3822 222",),
    place="Quảng Ngãi",
    regulation="Quy chế 955/QĐ-SGTVT",
)
EVERY_LETTER = "Ắ ằ ẳ ẵ ặ Ấ ầ ẩ ẫ ậ Ế ề ể ễ ệ Ố ồ ổ ỗ ộ Ớ ờ ở ỡ ợ Ứ ừ ử ữ ự ý ỳ ỷ ỹ ỵ Đ đ"
RECEIPT = Receipt(
    agency=AGENCY.name,
    document="D17",
    book="Sổ văn bản đến",
    arrival_number=17,
    year=2026,
    received_at=datetime(2026, 11, 23, 2, 3, 4, 567_890, tzinfo=UTC),
    registered_at=datetime(2026, 11, 23, 2, 4, tzinfo=UTC),
    sender="UBND huyện Sơn Tịnh <ubnd@sontinh.example.vn>",
    mail="M3",
    mail_sha256="ab" * 32,
    identifier="955/QĐ-UBND",
    issued_on=date(2026, 11, 20),
    document_type="Quyết định",
    abstract=f"Về việc ban hành <Quy chế> & phụ lục {EVERY_LETTER}",
    issuer="Ủy ban nhân dân huyện Sơn Tịnh",
    files=(
        ReceiptFile("QD-955.pdf", "Tệp PDF", 123_456, 3, "0123456789abcdef" * 4, "Sạch (ClamAV)", ("Hợp lệ: UBND",)),
        ReceiptFile("Phụ lục.xlsx", "Bảng tính", 4_096, None, "fedcba9876543210" * 4, "Sạch (ClamAV)", ()),
    ),
    paper="Không phải gửi bản giấy (Điều 5 khoản 1).",
    link="https://vanthu.example.vn/t/abcdefghijklmnopqrstuvwxyz",
    head=JournalHead(1234, "5a" * 32),
)


@dataclass(frozen=True, slots=True)
class StoppedClock:
    """Always the same moment."""

    moment: datetime = NOW

    def now(self) -> datetime:
        return self.moment


@dataclass(frozen=True, slots=True)
class Issued:
    """A gateway's certificate with those above it."""

    root: Identity
    authority: Identity
    gateway: Identity

    def written(self, folder: Path) -> tuple[Path, Path]:
        """Certificate with its chain, and key, as the operator has them."""
        certificate, key = folder / "phieu.pem", folder / "khoa.pem"
        certificate.write_bytes(self.gateway.pem + self.authority.pem)
        key.write_bytes(private(self.gateway))
        return certificate, key


def private(identity: Identity) -> bytes:
    return identity.key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())


@cache
def issued(name: str = "CỔNG THƯ CÔNG VĂN") -> Issued:
    root = make_root(NOW, "RootCA thử")
    authority = make_authority(root, NOW, "CA thử")
    return Issued(root, authority, make_seal(authority, NOW, name, AGENCY.name.upper()))


@cache
def sheets() -> Sheets:
    return Sheets(AGENCY, FONTS)


def signer(folder: Path, pki: Issued | None = None, *, now: datetime = NOW, **options: object) -> ReceiptSigner:
    certificate, key = (pki or issued()).written(folder)
    return ReceiptSigner(
        lambda: read_certificates(certificate),
        KeyInFile(lambda: key),
        StoppedClock(now),
        place=AGENCY.place,
        **options,  # type: ignore[arg-type]
    )


def made(folder: Path, receipt: Receipt = RECEIPT, pki: Issued | None = None) -> Path:
    """A signed receipt as a file."""
    path = folder / "phieu.pdf"
    path.write_bytes(signer(folder, pki).sign(sheets().draw(receipt), to_json(receipt)))
    return path
