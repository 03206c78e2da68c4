"""The rules of the regulation, one pure function each: a case in, findings out."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from gateway.model.facts import FileFacts, Scan, ScanVerdict, Signature, SignatureVerdict
from gateway.model.finding import Finding, Outcome
from gateway.model.mail import MailKind
from gateway.policy.case import Case, Examined
from gateway.policy.formats import FormatAnswer
from gateway.policy.sender import (
    IMPERSONATION,
    SENDER_RULES,
    UNCHECKED_SENDER,
    UNKNOWN_SENDER,
    impersonation,
    unchecked_sender,
    unknown_sender,
)

Check = Callable[[Case], Iterator[Finding]]


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule by its key, the clause it implements, and the function that applies it."""

    key: str
    clause: str
    check: Check


def _named(file: Examined) -> str:
    return file.part.name or f"phần {file.part.path} không có tên"


def automatic_mail(case: Case) -> Iterator[Finding]:
    """A machine registers nothing: what it sends with documents waits for the clerk, and is not answered."""
    reason = by_machine(case)
    if reason and case.files:
        yield Finding(
            "automatic_mail",
            "Điều 11 khoản 1 điểm a",
            Outcome.HOLD,
            f"{reason.rstrip('.')}; thư tự động không được tự vào sổ.",
            note="Xem có phải văn bản gửi chính thức không; thư này không được trả lời.",
        )


def by_machine(case: Case) -> str | None:
    """Why nobody is behind a mail, in Vietnamese; None where a person may be."""
    if case.parsed.automatic:
        return case.parsed.automatic
    if case.to_report_address:
        return "Thư gửi tới địa chỉ chỉ nhận báo cáo chuyển phát"
    return "Thư có địa chỉ trả lại rỗng, chỉ máy mới gửi như vậy" if case.null_path else None


def infected(case: Case) -> Iterator[Finding]:
    """Nothing with a virus passes; every part and the whole mail are scanned."""
    for name, scan in _all_scans(case):
        if scan.verdict is ScanVerdict.INFECTED:
            yield Finding(
                "infected",
                "Điều 8 khoản 1 điểm a",
                Outcome.REFUSE,
                f"Phần mềm diệt vi-rút phát hiện mã độc “{scan.name}”.",
                "Đề nghị quét, diệt mã độc trên máy tính đã lập tệp, tạo lại tệp sạch và gửi lại văn bản.",
                name,
            )


def not_scanned(case: Case) -> Iterator[Finding]:
    """What the scanner could not read is neither clean nor infected: a person decides."""
    for name, scan in _all_scans(case):
        if scan.verdict is ScanVerdict.NOT_SCANNED:
            yield Finding(
                "not_scanned",
                "Điều 8 khoản 1 điểm a",
                Outcome.HOLD,
                f"Chưa quét được mã độc: {scan.name or 'không rõ nguyên nhân'}.",
                "Nếu tệp quá lớn hoặc có mật khẩu, đề nghị chia nhỏ hoặc bỏ mật khẩu rồi gửi lại.",
                name,
                "Xem xét trước khi quyết định; không mở tệp chưa quét.",
            )


def _all_scans(case: Case) -> Iterator[tuple[str, Scan]]:
    for file in case.files:
        yield _named(file), file.scan
    yield from case.scans


def attachment_required(case: Case) -> Iterator[Finding]:
    """A document mail carries at least one file with the content of the paper original."""
    if case.parsed.kind in {MailKind.DOCUMENT, MailKind.REPLY} and not case.files:
        empty = [f"“{part.name}”" for part in case.parsed.parts if part.name and part.size == 0]
        text = "Thư không có tệp văn bản đính kèm; nội dung chỉ viết trong thư chưa phải là văn bản điện tử."
        if empty:
            text = f"Tệp đính kèm {', '.join(empty)} rỗng (0 byte); thư không có tệp văn bản nào có nội dung."
        yield Finding(
            "attachment_required",
            "Điều 5 khoản 5 điểm b",
            Outcome.REFUSE,
            text,
            "Đề nghị đính kèm tệp có nội dung như bản giấy (nên dùng PDF đã ký số) và gửi lại.",
        )


def allowed_format(case: Case) -> Iterator[Finding]:
    """Only the formats of the table are taken, told by content; a name that claims another one is told to the clerk."""
    for file in case.files:
        told = case.formats.verdict_for(file.facts.type, file.part.name)
        if told.answer is not FormatAnswer.ALLOWED:
            yield Finding(
                "allowed_format",
                "Điều 5 khoản 5 điểm c",
                Outcome.REFUSE if told.answer is FormatAnswer.NOT_ALLOWED else Outcome.WARN,
                f"{told.text[:1].upper()}{told.text[1:]}.",
                told.remedy,
                _named(file),
            )


def opened_whole(case: Case) -> Iterator[Finding]:
    """A mail with more in it than may be opened is not registered on the strength of a part of it."""
    if case.parsed.incomplete:
        yield Finding(
            "opened_whole",
            "Điều 11 khoản 1 điểm a",
            Outcome.HOLD,
            "Thư bị cắt trên đường truyền, hoặc quá lớn nên chưa mở được hết để kiểm tra số lượng văn bản.",
            "Đề nghị gửi lại thư; nếu thư có rất nhiều tệp, đề nghị chia ra nhiều thư.",
            note=" ".join(case.parsed.problems),
        )


def readable(case: Case) -> Iterator[Finding]:
    """A check that did not come to an end holds the document; so does a password."""
    for file in case.files:
        if file.facts.encrypted:
            yield Finding(
                "readable",
                "Điều 11 khoản 1 điểm a",
                Outcome.HOLD,
                "Tệp được đặt mật khẩu nên không kiểm tra được số trang, nội dung và mã độc.",
                "Đề nghị gửi lại tệp không đặt mật khẩu.",
                _named(file),
            )
        for check, cause in sorted(file.facts.unknown.items()):
            yield Finding(
                "readable",
                "Điều 11 khoản 1 điểm a",
                Outcome.HOLD,
                f"Chưa kiểm tra được {CHECK_NAMES.get(check, check)}: {cause}.",
                "Đề nghị mở thử tệp, xuất lại tệp nguyên vẹn và gửi lại; văn thư xem xét trường hợp này.",
                _named(file),
            )


CHECK_NAMES = {
    "type": "định dạng thật",
    "text": "nội dung và số trang",
    "header": "thể thức trang đầu",
    "signatures": "chữ ký số",
    "inspection": "tệp",
}


def state_secret(case: Case) -> Iterator[Finding]:
    """Secrets have no place on this system: the mail is kept from everybody until a person has looked."""
    if any(file.facts.marks.secrecy for file in case.files):
        yield Finding(
            "state_secret",
            "Điều 8 khoản 2 điểm a",
            Outcome.HOLD,
            "Văn bản có dấu chỉ độ mật; hệ thống không được gửi, nhận văn bản có nội dung bí mật nhà nước.",
            "Đề nghị không gửi lại qua thư điện tử; thực hiện chuyển giao theo pháp luật về bảo vệ bí mật nhà nước.",
        )


def signatures(case: Case) -> Iterator[Finding]:
    """A broken signature holds the document, one whose owner cannot be vouched for is told to the clerk."""
    for file in case.files:
        for signature in file.facts.signatures:
            yield Finding(
                "signatures",
                "Điều 3 khoản 1",
                _SIGNATURE_OUTCOMES[signature.verdict],
                f"Chữ ký số của {_signer(signature)}: {signature.cause.rstrip('.')}.",
                _SIGNATURE_REMEDIES.get(signature.verdict, ""),
                _named(file),
                _SIGNATURE_NOTES.get(signature.verdict, ""),
            )


_SIGNATURE_OUTCOMES = {
    SignatureVerdict.VALID: Outcome.OK,
    SignatureVerdict.VALID_WEAK: Outcome.WARN,
    SignatureVerdict.UNTRUSTED: Outcome.WARN,
    SignatureVerdict.INVALID: Outcome.HOLD,
    SignatureVerdict.UNKNOWN: Outcome.HOLD,
}
_SIGNATURE_REMEDIES = {
    SignatureVerdict.INVALID: "Đề nghị ký số lại trên bản cuối cùng của văn bản, không sửa tệp sau khi ký, và gửi lại.",
}
_SIGNATURE_NOTES = {
    SignatureVerdict.UNKNOWN: "Kiểm tra chữ ký số bằng công cụ của Ban Cơ yếu Chính phủ.",
}


def _signer(signature: Signature) -> str:
    return signature.signer or "người ký không rõ tên"


def counted(case: Case) -> Iterator[Finding]:
    """The numbers of documents, files and pages are checked and recorded on receipt."""
    if not case.files:
        return
    known = [file.facts.pages for file in case.files if file.facts.pages is not None]
    pages = f"{sum(known)} trang" if len(known) == len(case.files) else f"{sum(known)} trang đếm được"
    yield Finding(
        "counted",
        "Điều 11 khoản 1 điểm a",
        Outcome.OK,
        f"Đã kiểm tra số lượng: {len(case.candidates)} văn bản, {len(case.files)} tệp, {pages}.",
    )
    for file in case.files:
        if file.facts.pages is None and _has_pages(file.facts):
            yield Finding(
                "counted",
                "Điều 11 khoản 1 điểm a",
                Outcome.WARN,
                "Không xác định được số trang của tệp.",
                "Đề nghị nơi gửi cho biết số trang; văn thư đối chiếu khi mở tệp.",
                _named(file),
            )
    for problem in case.parsed.problems:
        yield Finding("counted", "Điều 11 khoản 1 điểm a", Outcome.WARN, problem)


_PAGED = frozenset(
    {
        "application/pdf",
        "application/msword",
        "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    }
)


def _has_pages(facts: FileFacts) -> bool:
    return facts.type in _PAGED and not facts.encrypted and not facts.unknown


def fields_read(case: Case) -> Iterator[Finding]:
    """The register wants number, notation, date, type, abstract and issuer; what is missing is said."""
    for candidate in case.candidates:
        header = candidate.entry.header
        missing = [name for name, field in _REGISTER_FIELDS.items() if getattr(header, field) is None]
        if missing:
            yield Finding(
                "fields_read",
                "Điều 11 khoản 1 điểm b",
                Outcome.WARN,
                f"Chưa đọc được từ trang đầu: {', '.join(missing)}.",
                "Văn thư bổ sung khi vào sổ.",
                candidate.entry.files[0].name or None,
            )


_REGISTER_FIELDS = {
    "số": "number",
    "ký hiệu": "notation",
    "ngày ban hành": "issued_on",
    "tên loại": "document_type",
    "trích yếu": "abstract",
    "cơ quan ban hành": "issuer",
}


def duplicate(case: Case) -> Iterator[Finding]:
    """A document already in the register is not numbered twice (also Nghị định 30/2020 Phụ lục VI)."""
    for candidate in case.candidates:
        name = candidate.entry.files[0].name or None
        if candidate.repeats is not None:
            yield Finding(
                "duplicate",
                "Điều 11 khoản 1 điểm b",
                Outcome.WARN,
                "Văn bản này với đủ các tệp đã có trong sổ; không vào sổ lần nữa.",
                "",
                name,
                candidate.known,
            )
        elif candidate.clash is not None:
            yield Finding(
                "duplicate",
                "Điều 11 khoản 1 điểm b",
                Outcome.HOLD,
                candidate.clash,
                "Văn thư đối chiếu hai văn bản; nếu là bản thay thế hoặc bổ sung, đề nghị nơi gửi nói rõ trong thư.",
                name,
                candidate.known,
            )


RULES: tuple[Rule, ...] = (
    Rule(IMPERSONATION, "Điều 8 khoản 2 điểm c", impersonation),
    Rule(UNCHECKED_SENDER, "Điều 11 khoản 1 điểm a", unchecked_sender),
    Rule(UNKNOWN_SENDER, "Điều 11 khoản 1 điểm a", unknown_sender),
    Rule("automatic_mail", "Điều 11 khoản 1 điểm a", automatic_mail),
    Rule("infected", "Điều 8 khoản 1 điểm a", infected),
    Rule("not_scanned", "Điều 8 khoản 1 điểm a", not_scanned),
    Rule("attachment_required", "Điều 5 khoản 5 điểm b", attachment_required),
    Rule("allowed_format", "Điều 5 khoản 5 điểm c", allowed_format),
    Rule("state_secret", "Điều 8 khoản 2 điểm a", state_secret),
    Rule("opened_whole", "Điều 11 khoản 1 điểm a", opened_whole),
    Rule("readable", "Điều 11 khoản 1 điểm a", readable),
    Rule("signatures", "Điều 3 khoản 1", signatures),
    Rule("duplicate", "Điều 11 khoản 1 điểm b", duplicate),
    Rule("counted", "Điều 11 khoản 1 điểm a", counted),
    Rule("fields_read", "Điều 11 khoản 1 điểm b", fields_read),
)

OF_ORDERS = SENDER_RULES | {"infected", "not_scanned", "state_secret"}
"""The rules for a mail by which somebody acts on a document: the others are about documents that come in."""
