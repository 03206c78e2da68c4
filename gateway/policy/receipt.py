"""Whether a receipt says what register and journal say: pure comparison, for whoever is shown one years later."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from gateway.model.document import Document
from gateway.model.receipt import Receipt
from gateway.model.wording import UNREAD, day, moment


@dataclass(frozen=True, slots=True)
class Kept:
    """What is on record where the receipt points: the document with the SHA-256 of its mail, the hash of the journal's
    link of that number, and the first broken link, None where the chain is whole. `corrected` names the fields of the
    header that were corrected by an act on record; `voided` is true where its number was struck out.
    """

    document: Document | None
    mail_sha256: str | None
    link_hash: str | None
    broken_at: int | None
    corrected: frozenset[str] = frozenset()
    voided: bool = False


def discrepancies(receipt: Receipt, kept: Kept) -> tuple[str, ...]:
    """What on record contradicts the receipt, Vietnamese; () where everything agrees."""
    return (*_with_register(receipt, kept), *_with_journal(receipt, kept))


def _with_register(receipt: Receipt, kept: Kept) -> Iterator[str]:
    document = kept.document
    if document is None:
        yield f"sổ không có văn bản {receipt.document}"
        return
    pairs = (
        ("số đến", f"{receipt.arrival_number}/{receipt.year}", f"{document.arrival_number}/{document.year}"),
        ("thời điểm nhận", moment(receipt.received_at), moment(document.received_at)),
        ("thời điểm vào sổ", moment(receipt.registered_at), moment(document.registered_at)),
        ("nơi gửi", receipt.sender, document.sender),
        ("thư gốc (SHA-256)", receipt.mail_sha256, kept.mail_sha256 or "không có"),
    )
    yield from (f"{name}: phiếu ghi {said}, sổ ghi {known}" for name, said, known in pairs if said != known)
    said = [(file.sha256, file.size) for file in receipt.files]
    if document.purged_at is None and said != [(file.sha256, file.size) for file in document.files]:
        yield "các tệp (số tệp, dung lượng, SHA-256): phiếu và sổ không giống nhau"
    for field in _changed(receipt, document):
        if not field.columns & kept.corrected:
            yield f"{field.name}: phiếu ghi {field.then}, sổ ghi {field.now}, mà sổ không ghi lần sửa nào"


def _with_journal(receipt: Receipt, kept: Kept) -> Iterator[str]:
    number = receipt.head.sequence
    if kept.link_hash is None:
        yield f"nhật ký không có sự kiện số {number}: phần cuối đã bị cắt bỏ hoặc thay thế"
    elif kept.link_hash != receipt.head.hash:
        yield f"mã băm của sự kiện số {number} trong nhật ký khác mã băm in trên phiếu: nhật ký đã bị viết lại"
    if kept.broken_at is not None and kept.broken_at <= number:
        yield f"chuỗi nhật ký đứt ở sự kiện số {kept.broken_at}"


def corrections(receipt: Receipt, kept: Kept) -> tuple[str, ...]:
    """What was corrected, struck out or recalled in the register since, as may be: notes, not faults."""
    document = kept.document
    if document is None:
        return ()
    told = [
        f"{field.name}: khi cấp phiếu là {field.then}, nay sổ ghi {field.now}"
        for field in _changed(receipt, document)
        if field.columns & kept.corrected
    ]
    if kept.voided:
        told.append(f"số này đã hủy ({document.note})")
    if document.purged_at is not None:
        told.append(f"văn bản đã thu hồi lúc {moment(document.purged_at)}, tệp và trích yếu không còn")
    return tuple(told)


@dataclass(frozen=True, slots=True)
class _Field:
    """A field of the header that differs: how it is called, its columns in the register, both its values."""

    name: str
    columns: frozenset[str]
    then: str
    now: str


def _changed(receipt: Receipt, document: Document) -> Iterator[_Field]:
    """What differs; of a recalled document there is no abstract left to differ."""
    header = document.header
    rows = (
        ("số, ký hiệu", {"number", "notation"}, receipt.identifier, header.identifier),
        ("ngày văn bản", {"issued_on"}, _day(receipt.issued_on), _day(header.issued_on)),
        ("tên loại", {"document_type"}, receipt.document_type, header.document_type),
        ("trích yếu", {"abstract"}, receipt.abstract, header.abstract),
        ("cơ quan ban hành", {"issuer"}, receipt.issuer, header.issuer),
    )
    for name, columns, then, now in rows:
        if then != now and not (document.purged_at is not None and now is None):
            yield _Field(name, frozenset(columns), then or UNREAD, now or UNREAD)


def _day(issued_on: date | None) -> str | None:
    return day(issued_on) if issued_on else None
