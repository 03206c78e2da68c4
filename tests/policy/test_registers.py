"""What stands in the columns of the registers of Nghị định 30/2020 Phụ lục IV, and in the metadata of Phụ lục VI."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from gateway.model.docket import Answer, Assignment, Docket, DocumentState, ShareState
from gateway.model.document import Direction, Document, RegisteredFile, Status
from gateway.model.facts import Marks, Urgency
from gateway.model.header import HeaderFields
from gateway.model.legal_register import Cell, LegalRegister
from gateway.model.paper import Paper, PaperDuty
from gateway.policy.registers import FORMS, row_of
from gateway.policy.registers.metadata import metadata_of
from tests.records import CLEAN, header, sha256

LATE = datetime(2026, 12, 31, 17, 30, tzinfo=UTC)
"""Half past midnight of the first of January in Vietnam."""
NAMES = {"vp": "Văn phòng Sở", "qlvt": "Phòng Quản lý vận tải", "an": "Nguyễn Văn An", "gd": "Trần Thị Giám Đốc"}
FILE = RegisteredFile("2", "a.pdf", "application/pdf", 1, sha256("a"), 12, True, CLEAN)
DOCUMENT = Document(
    id=17,
    mail_id=1,
    book="den",
    year=2027,
    arrival_number=5,
    token="t",
    received_at=LATE,
    registered_at=LATE,
    direction=Direction.IN,
    status=Status.RECEIVED,
    header=header(),
    marks=Marks(),
    files=(FILE,),
    sender="a@agency.example",
)
DOCKET = Docket(DOCUMENT, DocumentState.REGISTERED)
DEADLINE = datetime(2027, 1, 15, 10, 0, tzinfo=UTC)
LEAD = Assignment("qlvt", True, ShareState.IN_PROGRESS, DEADLINE, "an")
OTHER = Assignment("vp", False, ShareState.FINISHED, DEADLINE.replace(day=20))


def cells(register: LegalRegister, docket: Docket, repeats: int = 0) -> Mapping[str, Cell]:
    row = row_of(register, docket, NAMES, repeats)
    return dict(zip((column.name for column in FORMS[register].columns), row.cells, strict=True))


def with_document(**changes: object) -> Docket:
    return replace(DOCKET, document=replace(DOCUMENT, **changes))  # type: ignore[arg-type] # fields by name


@pytest.mark.parametrize(("register", "columns"), [("den", 10), ("di", 10), ("theo-doi", 7)])
def test_each_register_has_all_columns_of_the_annex(register: str, columns: int) -> None:
    assert len(FORMS[LegalRegister(register)].columns) == columns
    assert sum(column.width for column in FORMS[LegalRegister(register)].columns) == 260


def test_the_incoming_register_says_what_came_from_whom_and_to_whom_it_went() -> None:
    transferred = datetime(2027, 1, 2, 2, 0, tzinfo=UTC)
    docket = replace(DOCKET, assignments=(OTHER, LEAD), transferred_at=transferred)
    assert cells(LegalRegister.INCOMING, docket) == {
        "Ngày đến": date(2027, 1, 1),
        "Số đến": 5,
        "Tác giả": "Sở Giao thông vận tải tỉnh Quảng Ngãi",
        "Số, ký hiệu văn bản": "955/QĐ-SGTVT",
        "Ngày tháng văn bản": date(2017, 9, 7),
        "Tên loại và trích yếu nội dung văn bản": ("Quyết định Về việc ban hành Quy chế quản lý và sử dụng phần mềm"),
        "Đơn vị hoặc người nhận": "Phòng Quản lý vận tải (Nguyễn Văn An); Văn phòng Sở",
        "Ngày chuyển": date(2027, 1, 2),
        "Ký nhận": None,
        "Ghi chú": "",
    }


def test_before_it_is_assigned_the_receiver_is_who_it_was_presented_to() -> None:
    found = cells(LegalRegister.INCOMING, replace(DOCKET, presented_to="gd", state=DocumentState.PRESENTED))
    assert (found["Đơn vị hoặc người nhận"], found["Ngày chuyển"]) == ("Trần Thị Giám Đốc", None)


def test_what_was_not_read_is_left_to_the_pen_and_an_entry_of_which_nothing_was_read_says_so() -> None:
    found = cells(LegalRegister.INCOMING, with_document(header=HeaderFields()))
    assert [found[name] for name in ("Tác giả", "Số, ký hiệu văn bản", "Ngày tháng văn bản")] == [None] * 3
    assert found["Tên loại và trích yếu nội dung văn bản"] == "chưa đọc được"
    assert cells(LegalRegister.FOLLOW_UP, with_document(header=HeaderFields()))["Ghi chú"] == ""


@pytest.mark.parametrize(
    ("docket", "remarks"),
    [
        (with_document(note="kèm đĩa CD"), "kèm đĩa CD"),
        (with_document(marks=Marks(urgency=Urgency.HOA_TOC)), "Hỏa tốc"),
        (with_document(paper=Paper(PaperDuty.ALSO, "khoản 2", "vì")), "Chưa nhận bản giấy"),
        (
            with_document(paper=Paper(PaperDuty.ALSO, "khoản 2", "vì", None, LATE)),
            "Đã nhận bản giấy ngày 01/01/2027",
        ),
        (replace(with_document(note="vào nhầm sổ"), state=DocumentState.VOIDED), "(hủy); vào nhầm sổ"),
        (replace(with_document(purged_at=LATE), state=DocumentState.RECALLED), "Thu hồi ngày 01/01/2027"),
        (replace(with_document(note="Hủy số: nhầm sổ"), state=DocumentState.VOIDED), "Hủy số: nhầm sổ"),
        (replace(DOCKET, state=DocumentState.RETURNED), "Trả lại nơi gửi"),
    ],
)
def test_remarks_tell_of_marks_paper_ends_and_notes(docket: Docket, remarks: str) -> None:
    for register in (LegalRegister.INCOMING, LegalRegister.FOLLOW_UP):
        assert cells(register, docket)["Ghi chú"] == remarks


def test_a_repeat_is_remarked_and_a_void_entry_is_struck_through() -> None:
    assert cells(LegalRegister.INCOMING, DOCKET, repeats=2)["Ghi chú"] == "Gửi lặp lại 2 lần"
    assert row_of(LegalRegister.INCOMING, replace(DOCKET, state=DocumentState.VOIDED), NAMES).struck
    assert not row_of(LegalRegister.INCOMING, DOCKET, NAMES).struck


def test_the_outgoing_register_says_who_signed_to_whom_how_many_copies_and_who_keeps_one() -> None:
    issued = replace(header(), number=None, notation="QĐ-SGTVT", recipients="UBND tỉnh; Lưu: VT")
    docket = with_document(direction=Direction.OUT, header=issued, copies=12, kept_by="Văn thư")
    found = cells(LegalRegister.OUTGOING, replace(docket, state=DocumentState.ISSUED))
    assert found["Số, ký hiệu văn bản"] == "05/QĐ-SGTVT"
    assert found["Người ký"] == "Nguyễn Văn An"
    assert found["Nơi nhận văn bản"] == "UBND tỉnh; Lưu: VT"
    assert (found["Đơn vị, người nhận bản lưu"], found["Số lượng bản"]) == ("Văn thư", 12)


def test_the_follow_up_register_says_how_far_it_has_come_until_when_and_by_what_it_was_answered() -> None:
    docket = replace(
        DOCKET,
        state=DocumentState.IN_PROGRESS,
        assignments=(LEAD, OTHER),
        answers=(Answer("12/SGTVT-VP", 3), Answer("13/SGTVT-VP")),
    )
    found = cells(LegalRegister.FOLLOW_UP, docket)
    assert found["Tên loại, số, ký hiệu, ngày, tháng và tên cơ quan, tổ chức ban hành văn bản"] == (
        "Quyết định số 955/QĐ-SGTVT ngày 07/09/2017 của Sở Giao thông vận tải tỉnh Quảng Ngãi"
    )
    assert found["Thời hạn giải quyết"] == "Phòng Quản lý vận tải: 15/01/2027; Văn phòng Sở: 20/01/2027"
    assert found["Tiến độ giải quyết"] == ("đang xử lý; Phòng Quản lý vận tải: đang xử lý; Văn phòng Sở: đã hoàn thành")
    assert found["Số, ký hiệu văn bản trả lời"] == "12/SGTVT-VP; 13/SGTVT-VP"


def test_one_deadline_is_a_real_day_and_before_there_is_one_the_day_the_document_asks_for() -> None:
    def due(docket: Docket) -> Cell:
        return cells(LegalRegister.FOLLOW_UP, docket)["Thời hạn giải quyết"]

    assert due(replace(DOCKET, assignments=(LEAD,))) == date(2027, 1, 15)
    assert due(with_document(header=replace(header(), reply_by=date(2027, 2, 1)))) == date(2027, 2, 1)
    assert due(DOCKET) is None


INCOMING = [
    "FileCode", "DocOrdinal", "TypeName", "CodeNumber", "CodeNotation", "IssuedDate", "OrganName", "Subject",
    "Language", "PageAmount", "Description", "ArrivalDate", "ArrivalNumber", "SignerInfo", "Priority", "ToPlaces",
    "TraceHeaderList", "DueDate",
]  # fmt: skip
OUTGOING = [*INCOMING[:11], "SignerInfo", "To", "Priority", "IssuedAmount", "DueDate"]


def test_metadata_has_the_fields_of_the_annex_in_its_order() -> None:
    docket = replace(DOCKET, assignments=(LEAD, OTHER), opinion="Xử lý gấp")
    found = metadata_of(docket, NAMES)
    assert (list(found.fields), found.cut) == (INCOMING, {})
    assert list(metadata_of(with_document(direction=Direction.OUT), NAMES).fields) == OUTGOING
    assert found.fields["CodeNumber"] == "955"
    assert found.fields["IssuedDate"] == "07/09/2017"
    assert (found.fields["ArrivalDate"], found.fields["ArrivalNumber"]) == ("01/01/2027", 5)
    assert found.fields["SignerInfo"] == {"Position": None, "FullName": "Nguyễn Văn An"}
    assert (found.fields["PageAmount"], found.fields["DueDate"]) == (12, "15/01/2027")
    assert found.fields["TraceHeaderList"] == (
        "Ý kiến: Xử lý gấp; Phòng Quản lý vận tải: chủ trì, hạn 15/01/2027; Văn phòng Sở: phối hợp, hạn 20/01/2027; "
        "Trạng thái: đã vào sổ, chờ trình; Phòng Quản lý vận tải: đang xử lý; Văn phòng Sở: đã hoàn thành"
    )


def test_what_is_longer_than_the_annex_allows_is_cut_and_kept_whole_beside() -> None:
    long = replace(header(), abstract="rất dài " * 100, capacity="KT. GIÁM ĐỐC / " * 20)
    file = replace(FILE, pages=1_200)
    found = metadata_of(with_document(header=long, files=(file,)), NAMES)
    subject = found.fields["Subject"]
    assert isinstance(subject, str)
    assert len(subject) <= 500
    assert subject.endswith("…")
    assert found.fields["PageAmount"] is None
    assert found.cut["PageAmount"] == "1200"
    assert found.cut["Subject"] == ("rất dài " * 100).strip()
    assert "SignerInfo/Position" in found.cut
