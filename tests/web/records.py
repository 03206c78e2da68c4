"""One document with everything on it, and what stands in for the store behind the site."""

from __future__ import annotations

import asyncio
import hashlib
import http.client
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from html import unescape
from pathlib import Path
from typing import TypeVar

from gateway.errors import TemporaryError
from gateway.model.agency import Agency
from gateway.model.docket import Answer, Approval, Declared, Docket, DocumentState, Forwarding, Request, Submission
from gateway.model.document import Direction, Document, RegisteredFile, Status
from gateway.model.facts import Marks, Scan, ScanVerdict, Urgency
from gateway.model.header import HeaderFields
from gateway.model.health import Health, HealthCheck
from gateway.model.paper import Paper, PaperDuty
from gateway.model.signature import Coverage, Signature, SignatureVerdict, SignerKind
from gateway.model.tracking import PersonalFiles, TimelineStep, TrackedDocument
from gateway.store.blobs import LocalBlobs

T = TypeVar("T")
TEMPLATES = Path(__file__).parents[2] / "templates"
TOKEN = "Zk3v9QxT7bLw2RfHn8YcPd"
FORWARDING_TOKEN = "h_T2mNq8-WsXc4VbRk6LpJ"
FILES_TOKEN = "k7q2m4x9c3v5b8n1t6r0w2e4y3"
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

CONTENTS = (b"%PDF-1.7\n" + bytes(range(256)) * 6000, b"PK\x03\x04 du toan")

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
            size=len(CONTENTS[0]),
            sha256=hashlib.sha256(CONTENTS[0]).hexdigest(),
            pages=4,
            main=True,
            scan=Scan(ScanVerdict.CLEAN, "ClamAV 1.0.9/27000"),
            signatures=(PERSON, SEAL),
        ),
        RegisteredFile(
            part_path="3",
            name="Phụ lục 1 – Dự toán_kinh_phí_sửa_chữa_cầu_và_đường_gom_hai_bên_đầu_cầu_bản_cuối_cùng.xlsx",
            type="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
            size=len(CONTENTS[1]),
            sha256=hashlib.sha256(CONTENTS[1]).hexdigest(),
            pages=None,
            main=False,
            scan=Scan(ScanVerdict.CLEAN, "ClamAV 1.0.9/27000"),
        ),
    ),
    sender="vanthu@moduc.example",
    paper=Paper(PaperDuty.DESPITE, "Điều 5 khoản 3", "Quyết định cá biệt: phải lưu bản giấy."),
)

TRACKED = TrackedDocument(
    docket=Docket(DOCUMENT, DocumentState.IN_PROGRESS),
    timeline=(
        TimelineStep(DOCUMENT.received_at, Status.ARRIVED),
        TimelineStep(DOCUMENT.registered_at, Status.RECEIVED, "Số đến 1284, Sổ văn bản đến năm 2026"),
        TimelineStep(datetime(2026, 11, 20, 9, 30, tzinfo=UTC), Status.ASSIGNED, "Phòng Quản lý kết cấu hạ tầng"),
        TimelineStep(datetime(2026, 11, 23, 1, 10, tzinfo=UTC), Status.IN_PROGRESS),
    ),
)


FORWARDING = Forwarding(
    number=1,
    token=FORWARDING_TOKEN,
    message_id="<forward.1@sgtvt.quangngai.example>",
    recipient="ubnd@quangngai.example",
    ordered_by="giamdoc@quangngai.example",
    ordered_at=datetime(2026, 11, 20, 10, 0, tzinfo=UTC),
)


def submitted(*forwardings: Forwarding, approval: Approval = Approval.GIVEN) -> Docket:
    """The sample document as a submission to the province."""
    state = DocumentState.FORWARDED if forwardings else DocumentState.REGISTERED
    document = replace(DOCUMENT, direction=Direction.THROUGH)
    return Docket(document, state, submission=Submission(Declared.BY_ADDRESSEE, approval, forwardings))


def after(hours: int) -> datetime:
    """So long after the forwarding was ordered."""
    return FORWARDING.ordered_at + timedelta(hours=hours)


ARRIVED = replace(
    FORWARDING,
    relayed_at=after(1),
    delivered_at=after(2),
    opened_at=after(3),
    acknowledged_at=after(4),
    acknowledged_by="Lê Thị Mẫu, văn thư",
    answered_at=after(50),
    answered_by=31,
)
ANSWERED = replace(
    TRACKED, docket=replace(submitted(ARRIVED), answers=(Answer("3021/UBND-KTN", 31),), state=DocumentState.FINISHED)
)
RECEIVED = TrackedDocument(submitted(FORWARDING), TRACKED.timeline[:2], FORWARDING)
PERSONAL = PersonalFiles(DOCUMENT, "lethimauc-sogtvt@quangngai.example", NOW + timedelta(days=3))


@dataclass
class Archive:
    """A store of one document behind three links that remembers what it was asked, and breaks on order."""

    tracked: TrackedDocument = TRACKED
    forwarded: TrackedDocument = RECEIVED
    personal: PersonalFiles = PERSONAL
    asked: list[str] = field(default_factory=list)
    surprise: Exception | None = None

    async def by_token(self, token: str) -> TrackedDocument | None:
        return self._ask(token, {TOKEN: self.tracked, FORWARDING_TOKEN: self.forwarded})

    async def files_of(self, token: str) -> PersonalFiles | None:
        return self._ask(token, {FILES_TOKEN: self.personal})

    def _ask(self, token: str, known: Mapping[str, T]) -> T | None:
        self.asked.append(token)
        if self.surprise:
            raise self.surprise
        return known.get(token)


@dataclass
class Desk:
    """The counter: notes on the archive's forwarding what it is told, and breaks on order."""

    archive: Archive
    acknowledged: list[tuple[str, str]] = field(default_factory=list)
    visits: list[bool] = field(default_factory=list)
    surprise: Exception | None = None
    scanner_away: bool = False
    rescanned: dict[str, ScanVerdict] = field(default_factory=dict)

    async def acknowledge(self, token: str, name: str) -> bool:
        forwarding = self.archive.forwarded.forwarding
        if forwarding is None or token != forwarding.token:
            return False
        self.acknowledged.append((token, name))
        if forwarding.acknowledged_at is None:
            noted = replace(forwarding, acknowledged_at=NOW, acknowledged_by=name)
            self.archive.forwarded = replace(self.archive.forwarded, docket=submitted(noted), forwarding=noted)
        return True

    async def seen(self, token: str, *, by_person: bool) -> None:
        if self.surprise:
            raise self.surprise
        self.visits.append(by_person)

    async def kept_back(self, sha256: str, document: Document) -> ScanVerdict | None:
        if self.scanner_away:
            raise TemporaryError("scanner", "away")
        (file,) = (file for file in document.files if file.sha256 == sha256)
        verdict = self.rescanned.get(sha256, file.scan.verdict)
        return None if verdict is ScanVerdict.CLEAN else verdict


@dataclass
class Condition:
    """A state of health, set by the test."""

    state: Health = field(default_factory=lambda: Health(True, (HealthCheck("scanner", True, "ClamAV trả lời"),)))

    async def health(self) -> Health:
        return self.state


@dataclass
class StoppedClock:
    """It is NOW until the test says otherwise."""

    at: datetime = NOW

    def now(self) -> datetime:
        return self.at


@dataclass(frozen=True)
class HttpAnswer:
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
    desk: Desk
    blobs: LocalBlobs
    clock: StoppedClock

    async def ask(
        self, path: str, method: str = "GET", *, headers: Mapping[str, str] | None = None, body: bytes | None = None
    ) -> HttpAnswer:
        return await asyncio.to_thread(self._ask, path, method, headers or {}, body)

    def _ask(self, path: str, method: str, headers: Mapping[str, str], body: bytes | None) -> HttpAnswer:
        return ask(self.address, path, method, headers, body)


def ask(
    address: str, path: str, method: str = "GET", headers: Mapping[str, str] | None = None, body: bytes | None = None
) -> HttpAnswer:
    """One request over HTTP."""
    connection = http.client.HTTPConnection(address, timeout=10)
    try:
        connection.request(method, path, body, headers or {})
        response = connection.getresponse()
        found = {name.lower(): value for name, value in response.getheaders()}
        return HttpAnswer(response.status, found, response.read())
    finally:
        connection.close()


def words(page: str) -> str:
    """The text a reader sees, on one line."""
    body = page[page.index("<body") :]
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", body.replace("<wbr>", ""))).split())


def in_state(state: DocumentState, *requests: Request, reason: str = "Thiếu phụ lục 2") -> TrackedDocument:
    """The sample document in another state, its last step bearing a reason."""
    docket = Docket(DOCUMENT, state, requests=requests)
    return TrackedDocument(docket, (TRACKED.timeline[0], TimelineStep(NOW, docket.status, reason)))
