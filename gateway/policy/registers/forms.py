"""Each register's form, and the row of a document in it (Nghị định 30/2020 Phụ lục IV mục I, VI, VIII)."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from gateway.model.docket import Docket, DocumentState
from gateway.model.legal_register import Cell, Column, LegalRegister, RegisterForm, RegisterRow
from gateway.policy.registers.columns import (
    abstract,
    answers,
    arrived_on,
    deadline,
    described,
    identifier,
    outgoing_identifier,
    progress,
    receivers,
    transferred_on,
)
from gateway.policy.registers.remarks import incoming_remarks, outgoing_remarks

FORMS: Mapping[LegalRegister, RegisterForm] = {
    LegalRegister.INCOMING: RegisterForm(
        ("SỔ ĐĂNG KÝ VĂN BẢN ĐẾN",),
        (
            Column("Ngày đến", 20),
            Column("Số đến", 14),
            Column("Tác giả", 36),
            Column("Số, ký hiệu văn bản", 27),
            Column("Ngày tháng văn bản", 20),
            Column("Tên loại và trích yếu nội dung văn bản", 58),
            Column("Đơn vị hoặc người nhận", 30),
            Column("Ngày chuyển", 20),
            Column("Ký nhận", 14),
            Column("Ghi chú", 21),
        ),
    ),
    LegalRegister.OUTGOING: RegisterForm(
        ("SỔ ĐĂNG KÝ VĂN BẢN ĐI",),
        (
            Column("Số, ký hiệu văn bản", 28),
            Column("Ngày tháng văn bản", 20),
            Column("Tên loại và trích yếu nội dung văn bản", 60),
            Column("Người ký", 28),
            Column("Nơi nhận văn bản", 36),
            Column("Đơn vị, người nhận bản lưu", 24),
            Column("Số lượng bản", 13),
            Column("Ngày chuyển", 20),
            Column("Ký nhận", 12),
            Column("Ghi chú", 19),
        ),
    ),
    LegalRegister.FOLLOW_UP: RegisterForm(
        ("SỔ THEO DÕI GIẢI QUYẾT", "VĂN BẢN ĐẾN"),
        (
            Column("Số đến", 15),
            Column("Tên loại, số, ký hiệu, ngày, tháng và tên cơ quan, tổ chức ban hành văn bản", 78),
            Column("Đơn vị hoặc người nhận", 40),
            Column("Thời hạn giải quyết", 27),
            Column("Tiến độ giải quyết", 40),
            Column("Số, ký hiệu văn bản trả lời", 32),
            Column("Ghi chú", 28),
        ),
        numbered=False,
    ),
}


def row_of(register: LegalRegister, docket: Docket, names: Mapping[str, str], repeats: int = 0) -> RegisterRow:
    """The row of a document. `names` has the names of units and people by their codes; `repeats` is how many times
    the same document came again.
    """
    document = docket.document
    return RegisterRow(
        number=document.arrival_number,
        day=arrived_on(document),
        cells=_CELLS[register](docket, names, repeats),
        struck=docket.state is DocumentState.VOIDED,
    )


def _incoming(docket: Docket, names: Mapping[str, str], repeats: int) -> tuple[Cell, ...]:
    document = docket.document
    return (
        arrived_on(document),
        document.arrival_number,
        document.header.issuer,
        identifier(document.header),
        document.header.issued_on,
        abstract(document.header),
        receivers(docket, names),
        transferred_on(docket),
        None,
        incoming_remarks(docket, repeats),
    )


def _outgoing(docket: Docket, _names: Mapping[str, str], _repeats: int) -> tuple[Cell, ...]:
    document = docket.document
    return (
        outgoing_identifier(document),
        document.header.issued_on,
        abstract(document.header),
        document.header.signer,
        document.header.recipients or document.header.addressee,
        document.kept_by,
        document.copies,
        transferred_on(docket),
        None,
        outgoing_remarks(docket),
    )


def _follow_up(docket: Docket, names: Mapping[str, str], repeats: int) -> tuple[Cell, ...]:
    return (
        docket.document.arrival_number,
        described(docket.document.header),
        receivers(docket, names),
        deadline(docket, names),
        progress(docket, names),
        answers(docket),
        incoming_remarks(docket, repeats),
    )


_CELLS: Mapping[LegalRegister, Callable[[Docket, Mapping[str, str], int], tuple[Cell, ...]]] = {
    LegalRegister.INCOMING: _incoming,
    LegalRegister.OUTGOING: _outgoing,
    LegalRegister.FOLLOW_UP: _follow_up,
}
