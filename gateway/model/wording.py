"""Vietnamese words for what the records hold: the same in notices, on pages and in the command line.

Pure functions and tables; every enumeration of the model that people see has its words here.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from datetime import date, datetime
from zoneinfo import ZoneInfo

from gateway.model.alarm import AlarmCause
from gateway.model.authentication import Authentication, AuthResult, DkimCheck, Judge
from gateway.model.directory import Party, PartyKind, Role
from gateway.model.docket import DocumentState, ShareState
from gateway.model.document import Direction, Document, LinkKind, Status
from gateway.model.exchange import ExchangeBusiness
from gateway.model.facts import ScanVerdict, Secrecy, Urgency
from gateway.model.finding import Outcome
from gateway.model.header import Evidence, EvidenceSource, HeaderFields
from gateway.model.mail import MailKind, MailStage, Transport
from gateway.model.notice import NoticeKind, NoticeStage
from gateway.model.paper import Paper, PaperDuty
from gateway.model.part import PartDecision
from gateway.model.report import DeliveryState, ReportedAction
from gateway.model.signature import Coverage, Signature, SignatureVerdict, SignerKind
from gateway.model.verdict import Disposition

UNREAD = "chưa đọc được"
SEPARATOR = "=-=-= Viết câu trả lời phía trên dòng này / Reply above this line =-=-="
"""The first line of every notice that can be answered: what stands below it in a reply is quoted."""

SCAN_WORDS: Mapping[ScanVerdict, str] = {
    ScanVerdict.CLEAN: "Sạch",
    ScanVerdict.INFECTED: "Nhiễm mã độc",
    ScanVerdict.NOT_SCANNED: "Chưa quét",
}
SIGNATURE_WORDS: Mapping[SignatureVerdict, str] = {
    SignatureVerdict.VALID: "Hợp lệ",
    SignatureVerdict.VALID_WEAK: "Hợp lệ – thuật toán yếu",
    SignatureVerdict.UNTRUSTED: "Chưa đủ căn cứ tin cậy",
    SignatureVerdict.INVALID: "Không hợp lệ",
    SignatureVerdict.UNKNOWN: "Chưa xác định",
}
SIGNER_WORDS: Mapping[SignerKind, str] = {
    SignerKind.SEAL: "con dấu của cơ quan",
    SignerKind.PERSON: "cá nhân",
    SignerKind.UNKNOWN: "chưa rõ cá nhân hay cơ quan",
}
COVERAGE_WORDS: Mapping[Coverage, str] = {
    Coverage.WHOLE: "bao trùm toàn bộ tệp",
    Coverage.EXTENDED_ALLOWED: "tệp được bổ sung sau khi ký, trong phạm vi cho phép",
    Coverage.MODIFIED: "nội dung tệp đã thay đổi sau khi ký",
}
OUTCOME_WORDS: Mapping[Outcome, str] = {
    Outcome.OK: "Đạt",
    Outcome.WARN: "Lưu ý",
    Outcome.HOLD: "Cần văn thư xem xét",
    Outcome.REFUSE: "Không tiếp nhận",
    Outcome.SEAL: "Niêm phong",
}
STATUS_WORDS: Mapping[Status, str] = {
    Status.ARRIVED: "Đã đến",
    Status.REFUSED: "Từ chối",
    Status.RECEIVED: "Đã tiếp nhận",
    Status.ASSIGNED: "Đã phân công",
    Status.IN_PROGRESS: "Đang xử lý",
    Status.FINISHED: "Đã hoàn thành",
    Status.RECALLED: "Đã lấy lại",
    Status.AGREED: "Đồng ý",
    Status.DISAGREED: "Không đồng ý",
}
BUSINESS_WORDS: Mapping[ExchangeBusiness, str] = {
    ExchangeBusiness.NEW: "Gửi văn bản",
    ExchangeBusiness.RECALL: "Thu hồi văn bản",
    ExchangeBusiness.UPDATE: "Cập nhật văn bản",
    ExchangeBusiness.REPLACE: "Thay thế văn bản",
}
DIRECTION_WORDS: Mapping[Direction, str] = {
    Direction.IN: "văn bản đến",
    Direction.OUT: "văn bản đi",
    Direction.THROUGH: "văn bản trình chuyển tiếp",
}
SECRECY_WORDS: Mapping[Secrecy, str] = {
    Secrecy.MAT: "Mật",
    Secrecy.TOI_MAT: "Tối mật",
    Secrecy.TUYET_MAT: "Tuyệt mật",
}
URGENCY_WORDS: Mapping[Urgency, str] = {
    Urgency.KHAN: "Khẩn",
    Urgency.THUONG_KHAN: "Thượng khẩn",
    Urgency.HOA_TOC: "Hỏa tốc",
}
STAGE_WORDS: Mapping[MailStage, str] = {
    MailStage.ACCEPTED: "đã nhận, chờ đọc cấu trúc thư",
    MailStage.PARSED: "đã đọc cấu trúc thư, chờ kiểm tra tệp",
    MailStage.INSPECTED: "đã kiểm tra tệp, chờ xét theo quy chế",
    MailStage.JUDGED: "đã xét theo quy chế, chờ vào sổ",
    MailStage.REGISTERED: "đã vào sổ",
    MailStage.APPLIED: "đã thực hiện",
    MailStage.NOTED: "đã ghi nhận, không vào sổ",
    MailStage.REFUSED: "không tiếp nhận",
    MailStage.HELD: "tạm giữ, chờ văn thư quyết định",
    MailStage.SEALED: "niêm phong",
    MailStage.DEAD: "xử lý không thành công",
}
DISPOSITION_WORDS: Mapping[Disposition, str] = {
    Disposition.REGISTER: "vào sổ",
    Disposition.APPLY: "thực hiện theo thư trả lời",
    Disposition.NOTE: "ghi nhận",
    Disposition.REFUSE: "không tiếp nhận",
    Disposition.HOLD: "tạm giữ",
    Disposition.SEAL: "niêm phong",
}
DECISION_WORDS: Mapping[PartDecision, str] = {
    PartDecision.DOCUMENT: "văn bản",
    PartDecision.APPENDIX: "phụ lục",
    PartDecision.INLINE: "hình trong thư",
    PartDecision.BODY: "lời thư",
    PartDecision.SIGNATURE: "chữ ký của thư",
    PartDecision.CONTAINER: "phần chứa",
    PartDecision.RETURNED: "tệp trong thư được trả lại",
    PartDecision.IGNORED: "bỏ qua",
}
KIND_WORDS: Mapping[MailKind, str] = {
    MailKind.DOCUMENT: "thư gửi văn bản",
    MailKind.REPLY: "thư trả lời",
    MailKind.REPORT: "báo cáo gửi thư",
    MailKind.AUTOMATIC: "thư tự động",
    MailKind.STATUS: "thư báo trạng thái",
}
TRANSPORT_WORDS: Mapping[Transport, str] = {
    Transport.SMTP: "SMTP",
    Transport.LMTP: "LMTP",
    Transport.IMAP: "IMAP",
    Transport.CLI: "dòng lệnh",
}
STATE_WORDS: Mapping[DocumentState, str] = {
    DocumentState.REGISTERED: "đã vào sổ, chờ trình",
    DocumentState.PRESENTED: "đã trình, chờ ý kiến phân công",
    DocumentState.ASSIGNED: "đã phân công, chờ chuyển giao",
    DocumentState.TRANSFERRED: "đã chuyển giao, chờ đơn vị chủ trì nhận",
    DocumentState.ACCEPTED: "đơn vị chủ trì đã nhận",
    DocumentState.IN_PROGRESS: "đang xử lý",
    DocumentState.FORWARDED: "đã chuyển UBND tỉnh",
    DocumentState.FINISHED: "đã hoàn thành",
    DocumentState.RETURNED: "đã trả lại nơi gửi",
    DocumentState.RECALLED: "đã thu hồi theo đề nghị của nơi gửi",
    DocumentState.ISSUED: "đã phát hành",
    DocumentState.VOIDED: "đã hủy số",
}
SHARE_WORDS: Mapping[ShareState, str] = {
    ShareState.ASSIGNED: "được phân công, chờ chuyển giao",
    ShareState.TRANSFERRED: "đã chuyển giao, chờ nhận",
    ShareState.ACCEPTED: "đã nhận",
    ShareState.IN_PROGRESS: "đang xử lý",
    ShareState.FINISHED: "đã hoàn thành",
    ShareState.RETURNED: "đã trả lại",
}
NOTICE_WORDS: Mapping[NoticeKind, str] = {
    NoticeKind.RECEIPT: "xác nhận tiếp nhận",
    NoticeKind.REPEAT: "đã tiếp nhận từ trước",
    NoticeKind.REFUSAL: "không tiếp nhận",
    NoticeKind.HOLD: "đang tạm giữ",
    NoticeKind.CLERK_DOCUMENT: "báo văn thư, văn bản mới",
    NoticeKind.CLERK_ATTENTION: "báo văn thư, việc cần xem",
    NoticeKind.ALARM: "cảnh báo",
    NoticeKind.TASK: "việc cần làm",
    NoticeKind.NEWS: "tin về văn bản",
    NoticeKind.REMINDER: "nhắc việc",
    NoticeKind.TRANSCRIPT: "kết quả thực hiện lệnh",
    NoticeKind.CONFIRM: "yêu cầu xác nhận",
    NoticeKind.DIGEST: "việc cần làm, gộp",
    NoticeKind.QUARANTINE_DIGEST: "thư chờ quyết định, hằng ngày",
    NoticeKind.SUBMISSION: "chuyển văn bản trình",
    NoticeKind.SEALED: "thư đã niêm phong",
}
WAIT_WORDS: Mapping[str, str] = {
    "scanner": "máy quét mã độc",
    "database": "cơ sở dữ liệu",
    "disk": "ổ đĩa",
    "sandbox": "tiến trình mở tệp",
    "relay": "máy chủ chuyển thư",
    "sender": "máy chủ DNS để xác thực nơi gửi",
}
NOTICE_STAGE_WORDS: Mapping[NoticeStage, str] = {
    NoticeStage.OWED: "chờ lập",
    NoticeStage.READY: "chờ gửi",
    NoticeStage.SENT: "đã gửi",
    NoticeStage.FAILED: "không gửi được",
}
DELIVERY_WORDS: Mapping[DeliveryState, str] = {
    DeliveryState.TAKEN: "đã giao cho máy chủ chuyển thư",
    DeliveryState.DELAYED: "đang chậm",
    DeliveryState.RELAYED: "đã chuyển tiếp, không còn báo cáo",
    DeliveryState.DELIVERED: "đã tới hộp thư",
    DeliveryState.DISPLAYED: "đã mở",
    DeliveryState.FAILED_SOFT: "không tới: tạm thời",
    DeliveryState.FAILED_HARD: "không tới: địa chỉ không dùng được",
}
ACTION_WORDS: Mapping[ReportedAction, str] = {
    ReportedAction.FAILED: "không tới",
    ReportedAction.DELAYED: "chậm",
    ReportedAction.DELIVERED: "đã tới hộp thư",
    ReportedAction.RELAYED: "đã chuyển tiếp",
    ReportedAction.EXPANDED: "đã phát cho danh sách",
    ReportedAction.DISPLAYED: "đã mở",
}
PARTY_WORDS: Mapping[PartyKind, str] = {
    PartyKind.AGENCY: "cơ quan",
    PartyKind.UNIT: "đơn vị",
    PartyKind.PERSON: "cá nhân",
}
ROLE_WORDS: Mapping[Role, str] = {
    Role.CLERK: "văn thư Sở",
    Role.LEADER: "người có thẩm quyền",
    Role.UNIT_HEAD: "lãnh đạo đơn vị",
    Role.UNIT_CLERK: "văn thư đơn vị",
    Role.SPECIALIST: "chuyên viên",
    Role.IT: "cán bộ công nghệ thông tin",
    Role.SECURITY_OFFICER: "cán bộ an toàn thông tin",
}
ALARM_WORDS: Mapping[AlarmCause, str] = {
    AlarmCause.IMPERSONATION: "nghi mạo nhận nơi gửi",
    AlarmCause.DELIVERY_FAILED: "thông báo không tới nơi nhận",
    AlarmCause.DELIVERY_DELAYED: "thông báo gửi chậm",
    AlarmCause.RELAY_AWAY: "không giao được thư cho máy chủ chuyển thư",
    AlarmCause.MORE_HELD: "còn thư khác đang tạm giữ",
    AlarmCause.MAIL_LEFT: "thư còn nằm lại trong hộp thư",
    AlarmCause.MAILBOX_AWAY: "không xem được hộp thư",
    AlarmCause.ANSWERS_STOPPED: "ngừng trả lời một địa chỉ",
    AlarmCause.MISUSED_TOKEN: "mã trả lời bị dùng sai",
    AlarmCause.SCANNER_AWAY: "máy quét mã độc không trả lời",
    AlarmCause.SCANNER_BACK: "máy quét mã độc đã trả lời lại",
    AlarmCause.INFECTED_LATER: "tệp đã vào sổ bị phát hiện mã độc",
    AlarmCause.COPY_LEFT: "bản sao của thư đã hủy còn trong hộp thư",
    AlarmCause.KEY_AT_HAND: "khóa riêng để mở niêm phong còn trên máy chủ",
    AlarmCause.TRUST_ENDING: "chứng thư được tin cậy sắp hết hạn",
}
AUTH_RESULT_WORDS: Mapping[AuthResult, str] = {
    AuthResult.PASS: "đạt",
    AuthResult.FAIL: "không đạt",
    AuthResult.SOFTFAIL: "không đạt, mức nhẹ",
    AuthResult.NEUTRAL: "không khẳng định",
    AuthResult.NONE: "không có",
    AuthResult.POLICY: "không được bên kiểm tra chấp nhận",
    AuthResult.TEMPERROR: "chưa tra được",
    AuthResult.PERMERROR: "khai báo sai",
}
JUDGE_WORDS: Mapping[Judge, str] = {
    Judge.OWN: "cổng tự kiểm tra",
    Judge.PINNED: "máy chủ thư đứng trước kiểm tra",
    Judge.NETWORK: "máy gửi thuộc mạng đã khai báo trong danh bạ",
    Judge.OPERATOR: "do người quản trị đưa vào",
    Judge.NOBODY: "không có kết quả kiểm tra nào",
}
DMARC_POLICY_WORDS: Mapping[str, str] = {"quarantine": "cách ly", "reject": "từ chối"}
TYPE_WORDS: Mapping[str, str] = {
    "application/pdf": "PDF",
    "application/msword": "Word (doc)",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": "Word (docx)",
    "application/vnd.ms-excel": "Excel (xls)",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": "Excel (xlsx)",
    "text/plain": "Văn bản thuần (txt)",
    "text/csv": "Bảng tính (csv)",
    "text/html": "Trang web (html)",
    "message/rfc822": "Thư điện tử",
    "application/edxml+xml": "Thông điệp edXML",
    "multipart/mixed": "Nhiều phần",
    "multipart/alternative": "Nhiều dạng của một nội dung",
    "multipart/related": "Nội dung kèm hình",
    "image/vnd.dgn": "Bản vẽ MicroStation (dgn)",
    "image/vnd.dwg": "Bản vẽ AutoCAD (dwg)",
    "image/vnd.dxf": "Bản vẽ DXF",
    "application/rtf": "RTF",
    "application/zip": "Tệp nén ZIP",
    "application/vnd.rar": "Tệp nén RAR",
    "application/x-7z-compressed": "Tệp nén 7z",
    "application/octet-stream": "Không rõ loại",
    "image/jpeg": "Ảnh JPEG",
    "image/png": "Ảnh PNG",
    "image/tiff": "Ảnh TIFF",
    "image/gif": "Ảnh GIF",
    "image/bmp": "Ảnh BMP",
    "image/webp": "Ảnh WebP",
    "image/heic": "Ảnh HEIC",
    "image/jp2": "Ảnh JPEG 2000",
    "application/x-rar-compressed": "Tệp nén RAR",
    "application/x-tar": "Tệp nén tar",
    "application/gzip": "Tệp nén gzip",
    "application/x-bzip2": "Tệp nén bzip2",
    "application/x-xz": "Tệp nén xz",
    "application/zstd": "Tệp nén zstd",
    "application/vnd.shp": "Bản đồ shp",
    "application/vnd.dbf": "Bảng dBASE (dbf)",
    "application/x-tika-ooxml-protected": "Tài liệu Office",
}
_MARKS = {"encrypted=yes": ", có mật khẩu", "unopened=yes": ", chưa mở hết"}

_VIETNAM = ZoneInfo("Asia/Ho_Chi_Minh")
_UNITS = ("KB", "MB", "GB", "TB")
_STEP = 1024
_LAST_PADDED_MONTH = 2
_LONGEST_NAME = 255
_LONGEST_EVIDENCE = 160
_SIGNATURES_NAMED = 3


def moment(at: datetime) -> str:
    """`09 giờ 15 phút, ngày 22/11/2026` in Vietnamese time; raises ValueError where `at` is naive."""
    here = _here(at)
    return f"{here:%H} giờ {here:%M} phút, ngày {here:%d/%m/%Y}"


def day(value: date) -> str:
    """`22/11/2026`."""
    return f"{value:%d/%m/%Y}"


def letter_date(at: datetime) -> str:
    """`ngày 07 tháng 9 năm 2017`: days below 10 and months 1 and 2 padded (Nghị định 30/2020 Phụ lục I mục II.4)."""
    here = _here(at)
    month = f"{here.month:02d}" if here.month <= _LAST_PADDED_MONTH else str(here.month)
    return f"ngày {here.day:02d} tháng {month} năm {here.year}"


def size(octets: int) -> str:
    """`812 byte`, `208 KB`, `1,5 MB`: 1 KB is 1024 bytes, one decimal below 10, decimal comma."""
    if octets < _STEP:
        return f"{octets} byte"
    amount, unit = octets / _STEP, 0
    while round(amount) >= _STEP and unit < len(_UNITS) - 1:
        amount, unit = amount / _STEP, unit + 1
    text = f"{amount:.1f}" if amount < 9.95 else f"{amount:.0f}"  # noqa: PLR2004  (from here on it would read 10,0)
    return f"{text.removesuffix('.0').replace('.', ',')} {_UNITS[unit]}"


def count(number: int) -> str:
    """Below ten with a leading zero, thousands with points, as letters of office write: `02`, `12`, `1.234`."""
    return f"{number:02d}" if number < 10 else f"{number:,}".replace(",", ".")  # noqa: PLR2004  (the rule's own ten)


def pages(number: int | None) -> str:
    """`2 trang`, or that they could not be counted (Điều 11 khoản 1 điểm a)."""
    return "chưa đếm được số trang" if number is None else f"{number} trang"


def percent(share: float) -> str:
    """`62%` of a confidence 0…1, rounded down, so that only certainty reads 100%."""
    return f"{int(share * 100 + 1e-9)}%"


def file_type(media_type: str) -> str:
    """The everyday name of a media type, the type itself where it has none; and what is marked on it."""
    name, _, mark = media_type.partition(";")
    return f"{TYPE_WORDS.get(name, name)}{_MARKS.get(mark.strip(), '')}"


_LINK_WORDS: Mapping[LinkKind, tuple[str, str]] = {
    LinkKind.SAME_NUMBER: ("trùng số, ký hiệu với", "trùng số, ký hiệu với"),
    LinkKind.SAME_FILE: ("trùng văn bản chính với", "trùng văn bản chính với"),
    LinkKind.REPLACES: ("thay thế", "được thay thế bằng"),
}
FIELD_WORDS: Mapping[str, str] = {
    "number": "số",
    "notation": "ký hiệu",
    "issued_on": "ngày ban hành",
    "document_type": "tên loại",
    "abstract": "trích yếu",
    "issuer": "cơ quan ban hành",
    "superior": "cơ quan chủ quản",
    "signer": "người ký",
    "capacity": "quyền hạn, chức vụ",
    "addressee": "kính gửi",
    "recipients": "nơi nhận",
    "urgency": "độ khẩn",
    "reply_by": "hạn trả lời",
    "note": "ghi chú",
    "copies": "số bản",
    "kept_by": "người nhận bản lưu",
}
"""The fields of an entry that people may correct, as they write them."""
SOURCE_WORDS: Mapping[EvidenceSource, str] = {
    EvidenceSource.TEXT: "chữ trong tệp",
    EvidenceSource.OCR: "nhận dạng ảnh",
    EvidenceSource.EXCHANGE: "gói tin liên thông",
    EvidenceSource.MAIL: "lời thư",
    EvidenceSource.FILE_NAME: "tên tệp",
    EvidenceSource.PERSON: "người xác nhận",
}


def read_from(evidence: Evidence, file: str = "") -> str:
    """`“Số: 95S/QĐ…”, trang 1, nhận dạng ảnh`: what a field was read from, a phrase without full stop."""
    place = [f"trang {evidence.page}"] if evidence.page is not None else []
    named = [f"tệp {file}"] if file else []
    quoted = [f"“{one_line(evidence.text, _LONGEST_EVIDENCE)}”"] if evidence.text else []
    return ", ".join((*quoted, *named, *place, SOURCE_WORDS[evidence.source]))


PAPER_WORDS: Mapping[PaperDuty, str] = {
    PaperDuty.NONE: "không kèm bản giấy",
    PaperDuty.ALSO: "gửi kèm bản giấy",
    PaperDuty.WAIVED: "không phải gửi bản giấy vì đã ký số hợp lệ",
    PaperDuty.DESPITE: "gửi kèm bản giấy dù đã ký số",
    PaperDuty.UNKNOWN: "chưa xác định",
}


def paper(found: Paper, *, reason: bool = False) -> str:
    """Whether paper goes with a document, by which clause, and whether it came: a phrase without full stop.

    With `reason` why, which may be the Director's word: for the office. Empty where nobody has asked.
    """
    if not found.clause:
        return ""
    told = [f"{PAPER_WORDS[found.duty]} ({found.clause})"]
    if found.received_at is not None:
        told.append(f"đã nhận bản giấy ngày {day(_here(found.received_at).date())}")
    elif found.is_owed and reason:
        told.append("chưa nhận được bản giấy")
    if reason:
        told.append(found.reason.rstrip("."))
    return "; ".join(told)


def arrival(document: Document) -> str:
    """Number and year of arrival as `17/2026`; the book stands beside it."""
    return f"{document.arrival_number}/{document.year}"


def link_words(kind: LinkKind, other: Document, *, younger: bool) -> str:
    """`trùng số với D12, số đến 12/2026`: how a document, the `younger` one of two, stands to the other."""
    return f"{_LINK_WORDS[kind][0 if younger else 1]} {other.label}, số đến {arrival(other)}"


def title(header: HeaderFields) -> str:
    """How a sentence names a document: `Quyết định số 955/QĐ-SGTVT ngày 07/09/2017`, from what was read."""
    words = [header.document_type or "Văn bản"]
    if header.identifier:
        words.append(f"số {header.identifier}")
    if header.issued_on:
        words.append(f"ngày {day(header.issued_on)}")
    if len(words) == 1 and header.abstract:
        words.append(f"“{one_line(header.abstract, 80)}”")
    return " ".join(words)


def signer(signature: Signature) -> str:
    """`Nguyễn Văn A – Sở Giao thông vận tải (con dấu của cơ quan)`, repeating nothing."""
    names = [name for name in dict.fromkeys((signature.signer, signature.organisation)) if name]
    return f"{' – '.join(names) or 'không rõ người ký'} ({SIGNER_WORDS[signature.kind]})"


def authentication(found: Authentication, party: Party | None) -> str:
    """Who sent a mail and how that was proved, as a phrase without full stop.

    `Sở A – Đã xác thực: DKIM của soa.gov.vn`, `Chưa xác thực được là Sở A (SPF không đạt, không có DKIM)`. `party` is
    the author by the directory; None leaves the name out.
    """
    name = one_line(party.name, _LONGEST_NAME) if party else ""
    if found.proved:
        return f"{name} – {_proof(found)}" if name else _proof(found)
    return f"Chưa xác thực được{f' là {name}' if name else ''} ({_doubts(found)})"


def sentence(phrase: str) -> str:
    """A phrase as a sentence: first letter capital, full stop at the end; an empty one stays empty."""
    phrase = phrase.strip()
    return f"{phrase[:1].upper()}{phrase[1:]}{'' if phrase.endswith(('.', '!', '?')) else '.'}" if phrase else ""


def one_line(text: str, limit: int = 2000) -> str:
    """Text of strangers made harmless for one line: NFC, no control, direction or invisible characters.

    Every run of white space becomes one blank; what is longer than `limit` characters ends in `…`.
    """
    kept = text if len(text) <= 4 * limit else text[: 4 * limit]
    if not kept.isprintable():
        kept = "".join(c if c.isprintable() else " " if c.isspace() else "" for c in kept)
    line = " ".join(unicodedata.normalize("NFC", kept).split())
    return line if len(line) <= limit else f"{line[: limit - 1].rstrip()}…"


def without_marks(text: str) -> str:
    """ASCII letters for Vietnamese ones (`Quyết định` gives `Quyet dinh`), `_` for any other character."""
    plain = unicodedata.normalize("NFD", text.replace("đ", "d").replace("Đ", "D"))
    return "".join(c if " " <= c <= "~" else "_" for c in plain if not unicodedata.combining(c))


def _proof(found: Authentication) -> str:
    match found.judge:
        case Judge.OPERATOR | Judge.NETWORK:
            return sentence(JUDGE_WORDS[found.judge]).removesuffix(".")
        case Judge.PINNED:
            return f"Do máy chủ {one_line(found.authserv_id, _LONGEST_NAME)} xác nhận: {_vouchers(found)}"
        case _:
            return f"Đã xác thực: {_vouchers(found)}"


def _vouchers(found: Authentication) -> str:
    """What passed, by domain; that of the author's own domain alone where there is any."""
    passed = [(each.domain.lower(), "DKIM") for each in found.dkim if each.result is AuthResult.PASS]
    if found.spf.result is AuthResult.PASS:
        passed.append((found.spf.domain.lower(), "SPF"))
    home = found.author.rpartition("@")[2].lower()
    near = [each for each in passed if _is_kin(home, each[0])] or passed
    methods = {domain: dict.fromkeys(method for other, method in near if other == domain) for domain, _ in near}
    told = [f"{' và '.join(names)} của {one_line(domain, _LONGEST_NAME)}" for domain, names in methods.items()]
    return ", ".join(told[:_SIGNATURES_NAMED]) or "tên miền của người gửi"


def _is_kin(one: str, other: str) -> bool:
    return f".{one}".endswith(f".{other}") or f".{other}".endswith(f".{one}")


def _doubts(found: Authentication) -> str:
    if found.judge is Judge.NOBODY:
        return JUDGE_WORDS[found.judge]
    told = [] if found.author else ["thư không ghi đúng một người gửi"]
    told.append(_result("SPF", found.spf.result, found.spf.domain))
    told += dict.fromkeys(map(_signature, found.dkim[:_SIGNATURES_NAMED])) or ["không có DKIM"]
    if found.dmarc.result is not AuthResult.NONE:
        wish = DMARC_POLICY_WORDS.get(found.dmarc.policy)
        domain = one_line(found.dmarc.domain, _LONGEST_NAME)
        asked = f"; tên miền {domain} yêu cầu {wish} thư như vậy" if wish and domain else ""
        told.append(_result("DMARC", found.dmarc.result, domain) + asked)
    if found.judge is Judge.PINNED:
        told.append(f"theo máy chủ {one_line(found.authserv_id, _LONGEST_NAME)}")
    return ", ".join(told)


def _signature(check: DkimCheck) -> str:
    return _result("DKIM", check.result, check.domain)


def _result(method: str, result: AuthResult, domain: str) -> str:
    """What one method found; a pass that proves nothing names whose it is."""
    if result is AuthResult.NONE:
        return f"{AUTH_RESULT_WORDS[result]} {method}"
    whose = f" cho {one_line(domain, _LONGEST_NAME)}" if result is AuthResult.PASS and domain else ""
    return f"{method} {AUTH_RESULT_WORDS[result]}{whose}"


def _here(at: datetime) -> datetime:
    if at.tzinfo is None:
        raise ValueError("a naive datetime has no place in Vietnam's time")
    return at.astimezone(_VIETNAM)
