"""A small office: a leader with a deputy, a clerk, two units, and documents in every state."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

from gateway.model.act import Act, Correction, Deadline, Order, Share
from gateway.model.directory import Absence, Directory, Party, PartyKind, Role
from gateway.model.docket import (
    Approval,
    Assignment,
    Declared,
    Docket,
    DocumentState,
    Forwarding,
    Request,
    RequestKind,
    ShareState,
    Submission,
)
from gateway.model.document import Direction, Document, Status
from gateway.model.facts import Marks
from gateway.policy.acts import Asker, Surroundings, Who, WorkRules
from gateway.policy.calendar import Calendar, Hours, Schedule
from gateway.policy.header.types import DocumentTypes
from gateway.policy.staff import Staff
from tests.records import header

NOW = datetime(2026, 11, 23, 3, 0, tzinfo=UTC)
DAY = timedelta(days=1)
AGENCY = "vanthu@agency.example"
PROVINCE = "ubnd@province.example"
OFFICE = "office.example"
SHIFTS = ((time(7), time(11, 30)), (time(13, 30), time(17)))
CALENDAR = Calendar(Schedule((Hours(date(2017, 9, 7), (0, 1, 2, 3, 4), SHIFTS),)), lambda _day: None)
TYPES = DocumentTypes.from_rows(
    [
        {"name": "Công văn", "group": "administrative"},
        {"name": "Quyết định", "abbreviations": ["QĐ"], "group": "administrative"},
        {"name": "Thông báo", "abbreviations": ["TB"], "group": "administrative"},
    ]
)
RULES = WorkRules(
    timedelta(hours=2), timedelta(minutes=30), timedelta(hours=8), PROVINCE, approval_required=True, types=TYPES
)


def person(code: str, name: str, *roles: Role, unit: str | None = None) -> Party:
    return Party(code, PartyKind.PERSON, name, (f"{code}@{OFFICE}",), parent=unit, roles=roles)


PARTIES = (
    Party("vp", PartyKind.UNIT, "Văn phòng", (f"vp@{OFFICE}",), short_name="VP"),
    Party("khtc", PartyKind.UNIT, "Phòng Kế hoạch - Tài chính", (f"khtc@{OFFICE}",), short_name="KHTC"),
    person("lanhdao", "Nguyễn Văn Nam", Role.LEADER),
    person("vanthu", "Lê Thị Cúc", Role.CLERK),
    person("truongvp", "Trần Văn Bình", Role.UNIT_HEAD, unit="vp"),
    person("cvvp", "Phạm Thị Dung", Role.SPECIALIST, unit="vp"),
    person("truongkhtc", "Võ Văn Em", Role.UNIT_HEAD, unit="khtc"),
    person("cvkhtc", "Đỗ Thị Giang", Role.SPECIALIST, unit="khtc"),
    person("maytinh", "Bùi Văn Hải", Role.IT),
)
SENIOR = person("phogd", "Hoàng Thị Lan", Role.LEADER)


def staff(*more: Party, absences: tuple[Absence, ...] = ()) -> Staff:
    return Staff(Directory((*PARTIES, *more), absences), (f"hopthu@{OFFICE}",))


def around(here: Staff | None = None, now: datetime = NOW, rules: WorkRules = RULES) -> Surroundings:
    return Surroundings(staff=here or staff(), calendar=CALENDAR, now=now, rules=rules)


def asker(code: str, here: Surroundings | None = None) -> Asker:
    here = here or around()
    address = f"{code}@{OFFICE}"
    return Asker(address, here.staff.actor(address, here.today))


SENDER = Asker(AGENCY, is_sender=True)
RECEIVER = Asker(PROVINCE, is_receiver_of=1)
MACHINE = Asker("gateway", machine=True)
ASKERS = {
    Who.CLERK: asker("vanthu"),
    Who.LEADER: asker("lanhdao"),
    Who.UNIT: asker("truongvp"),
    Who.SPECIALIST: asker("cvvp"),
    Who.SENDER: SENDER,
    Who.RECEIVER: RECEIVER,
    Who.MACHINE: MACHINE,
    Who.OPERATOR: Asker("cli:root", operator=True),
}
STRANGERS = {"it": asker("maytinh"), "other unit": asker("truongkhtc"), "nobody": Asker("x@stranger.example")}

DOCUMENT = Document(
    id=1,
    mail_id=1,
    book="den",
    year=2026,
    arrival_number=17,
    token="t",
    received_at=NOW,
    registered_at=NOW,
    direction=Direction.IN,
    status=Status.RECEIVED,
    header=header(),
    marks=Marks(),
    files=(),
    sender=AGENCY,
)
DUE = datetime(2026, 11, 27, 10, tzinfo=UTC)
LATER = Deadline(datetime(2026, 12, 1, 10, tzinfo=UTC), "1/12")
PART_IN = {
    DocumentState.ASSIGNED: ShareState.ASSIGNED,
    DocumentState.TRANSFERRED: ShareState.TRANSFERRED,
    DocumentState.ACCEPTED: ShareState.ACCEPTED,
    DocumentState.IN_PROGRESS: ShareState.IN_PROGRESS,
    DocumentState.FINISHED: ShareState.FINISHED,
    DocumentState.FORWARDED: ShareState.IN_PROGRESS,
}
ASKED = {
    kind: Request(kind, AGENCY, NOW, "lý do", unit, due)
    for kind, unit, due in (
        (RequestKind.FORWARD, None, None),
        (RequestKind.EXTENSION, "vp", LATER.at),
        (RequestKind.RECALL, None, None),
    )
}


def fresh(*requests: Request) -> Docket:
    return Docket(DOCUMENT, DocumentState.REGISTERED, requests=requests, answer_to=AGENCY)


def forwarding(number: int = 1, **more: datetime) -> Forwarding:
    return Forwarding(number, "f", "<f@x>", PROVINCE, "vanthu", NOW, **more)  # type: ignore[arg-type]


def submission(approval: Approval = Approval.GIVEN, *sent: Forwarding) -> Submission:
    return Submission(Declared.BY_CLERK, approval, sent)


def docket_in(state: DocumentState, *requests: Request) -> Docket:
    """A document in that state, its lead part in step, with a submission where it was forwarded."""
    part = PART_IN.get(state)
    parts = (Assignment("vp", True, part, DUE, "cvvp"),) if part else ()
    sent = submission(Approval.GIVEN, forwarding()) if state is DocumentState.FORWARDED else None
    asked = any(each.kind is RequestKind.FORWARD for each in requests)
    return Docket(
        DOCUMENT,
        state,
        presented_to="lanhdao" if state is not DocumentState.REGISTERED else None,
        assignments=parts,
        requests=requests,
        submission=submission(Approval.PENDING) if asked else sent,
        answer_to=AGENCY,
    )


def doubtful(docket: Docket) -> Docket:
    """The same document where its number was hard to read."""
    header = docket.document.header
    read = replace(header, confidence={**header.confidence, "number": 0.75})
    return replace(docket, document=replace(docket.document, header=read))


def order_of(act: Act) -> Order:
    """One that lacks nothing."""
    return {
        Act.ASSIGN: Order(
            act, lead=Share("Văn phòng"), supporting=(Share("KHTC"),), deadline=LATER, text="Tham mưu trả lời."
        ),
        Act.DELEGATE: Order(act, person="Phạm Thị Dung"),
        Act.EXTEND: Order(act, deadline=LATER, text="chờ số liệu"),
        Act.CORRECT: Order(act, correction=Correction({"number": "956"})),
        Act.FORWARD: Order(act, text="thư trước không tới", again=True),
        **{each: Order(act, text="lý do") for each in (Act.RETURN, Act.DECLINE, Act.FINISH, Act.RECALL, Act.VOID)},
    }.get(act, Order(act))
