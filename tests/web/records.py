"""One document with everything on it, and what stands in for the store behind the site."""

from __future__ import annotations

import asyncio
import http.client
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from pathlib import Path

from gateway.model.agency import Agency
from gateway.model.document import Direction, Document, RegisteredFile, Status
from gateway.model.facts import (
    Coverage,
    HeaderFields,
    Marks,
    Scan,
    ScanVerdict,
    Signature,
    SignatureVerdict,
    SignerKind,
    Urgency,
)
from gateway.model.health import Health, HealthCheck
from gateway.model.tracking import TimelineStep, TrackedDocument

TEMPLATES = Path(__file__).parents[2] / "templates"
TOKEN = "Zk3v9QxT7bLw2RfHn8YcPd"
NOW = datetime(2026, 11, 23, 2, 5, tzinfo=UTC)

AGENCY = Agency(
    name="Sở Giao thông vận tải",
    short_name="Sở GTVT Quảng Ngãi",
    superior="Ủy ban nhân dân tỉnh Quảng Ngãi",
    mailbox="sgtvt@quangngai.example",
    records_office="Văn thư Sở Giao thông vận tải",
    phones=("0255 000 0001", "0255 000 0002"),
    place="Quảng Ngãi",
    regulation="Quy chế ban hành kèm theo Quyết định số 955/QĐ-SGTVT ngày 07/9/2017",
)

SEAL = Signature(
    verdict=SignatureVerdict.VALID,
    cause="",
    signer="Ủy ban nhân dân huyện Mộ Đức",
    organisation="Tỉnh Quảng Ngãi",
    kind=SignerKind.SEAL,
    coverage=Coverage.WHOLE,
    intact=True,
    valid=True,
    trusted=True,
    signed_at=datetime(2026, 11, 20, 8, 41, tzinfo=UTC),
    timestamped_at=None,
)
PERSON = replace(
    SEAL,
    verdict=SignatureVerdict.VALID_WEAK,
    cause="Chuỗi chứng thư dùng SHA-1",
    signer="Trần Văn Mẫu",
    organisation="Ủy ban nhân dân huyện Mộ Đức",
    kind=SignerKind.PERSON,
    coverage=Coverage.EXTENDED_ALLOWED,
)

DOCUMENT = Document(
    id=17,
    mail_id=21,
    book="den",
    year=2026,
    arrival_number=1284,
    token=TOKEN,
    received_at=datetime(2026, 11, 20, 8, 52, 7, tzinfo=UTC),
    registered_at=datetime(2026, 11, 20, 8, 52, 19, tzinfo=UTC),
    direction=Direction.IN,
    status=Status.IN_PROGRESS,
    header=HeaderFields(
        number="214",
        notation="TTr-UBND",
        issued_on=date(2026, 11, 20),
        document_type="Tờ trình",
        abstract="Về việc đề nghị thẩm định hồ sơ sửa chữa cầu Sông Vệ và đường gom hai bên đầu cầu <đoạn Km 1+200>",
        issuer="Ủy ban nhân dân huyện Mộ Đức",
    ),
    marks=Marks(urgency=Urgency.KHAN),
    files=(
        RegisteredFile(
            part_path="2",
            name="214-TTr-UBND về sửa chữa cầu Sông Vệ.signed.pdf",
            type="application/pdf",
            size=1_540_321,
            sha256="9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
            pages=4,
            main=True,
            scan=Scan(ScanVerdict.CLEAN, "ClamAV 1.0.9/27000"),
            signatures=(PERSON, SEAL),
        ),
        RegisteredFile(
            part_path="3",
            name="Phụ lục 1 – Dự toán_kinh_phí_sửa_chữa_cầu_và_đường_gom_hai_bên_đầu_cầu_bản_cuối_cùng.xlsx",
            type="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
            size=48_211,
            sha256="60303ae22b998861bce3b28f33eec1be758a213c86c93c076dbe9f558c11c752",
            pages=None,
            main=False,
            scan=Scan(ScanVerdict.CLEAN, "ClamAV 1.0.9/27000"),
        ),
    ),
    sender="vanthu@moduc.example",
)

TRACKED = TrackedDocument(
    document=DOCUMENT,
    timeline=(
        TimelineStep(DOCUMENT.received_at, Status.ARRIVED),
        TimelineStep(DOCUMENT.registered_at, Status.RECEIVED, "Số đến 1284, Sổ văn bản đến năm 2026"),
        TimelineStep(datetime(2026, 11, 20, 9, 30, tzinfo=UTC), Status.ASSIGNED, "Phòng Quản lý kết cấu hạ tầng"),
        TimelineStep(datetime(2026, 11, 23, 1, 10, tzinfo=UTC), Status.IN_PROGRESS),
    ),
)


@dataclass
class Archive:
    """A store of one document that remembers what it was asked, and breaks on order."""

    tracked: TrackedDocument = TRACKED
    asked: list[str] = field(default_factory=list)
    surprise: Exception | None = None

    async def by_token(self, token: str) -> TrackedDocument | None:
        self.asked.append(token)
        if self.surprise:
            raise self.surprise
        return self.tracked if token == self.tracked.document.token else None


@dataclass
class Condition:
    """A state of health, set by the test."""

    state: Health = field(default_factory=lambda: Health(True, (HealthCheck("scanner", True, "ClamAV trả lời"),)))

    async def health(self) -> Health:
        return self.state


class StoppedClock:
    """It is always NOW."""

    def now(self) -> datetime:
        return NOW


@dataclass(frozen=True)
class Answer:
    """One HTTP answer; header names in lower case."""

    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def text(self) -> str:
        return self.body.decode()


@dataclass
class Site:
    """The running site with what stands behind it."""

    address: str
    archive: Archive
    condition: Condition

    async def ask(self, path: str, method: str = "GET") -> Answer:
        return await asyncio.to_thread(self._ask, path, method)

    def _ask(self, path: str, method: str) -> Answer:
        connection = http.client.HTTPConnection(self.address, timeout=10)
        try:
            connection.request(method, path)
            response = connection.getresponse()
            headers = {name.lower(): value for name, value in response.getheaders()}
            return Answer(response.status, headers, response.read())
        finally:
            connection.close()


def at_status(status: Status, reason: str = "Thiếu phụ lục 2") -> TrackedDocument:
    """The sample document at another status."""
    steps = (TRACKED.timeline[0], TimelineStep(NOW, status, reason))
    return TrackedDocument(replace(DOCUMENT, status=status), steps)
