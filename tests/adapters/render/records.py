"""Fixed records from which every notice of the golden files is made. Agencies and persons are invented."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from functools import cache
from hashlib import sha256
from pathlib import Path

from gateway.adapters.render import JinjaRenderer
from gateway.model.agency import Agency
from gateway.model.alarm import Alarm, AlarmCause
from gateway.model.authentication import Authentication, AuthResult, DkimCheck, DmarcCheck, Judge, SpfCheck
from gateway.model.directory import Party, PartyKind
from gateway.model.document import Direction, Document, RegisteredFile, Status
from gateway.model.facts import Marks, Scan, ScanVerdict, Urgency
from gateway.model.finding import Finding, Outcome
from gateway.model.header import Evidence, EvidenceSource, HeaderFields
from gateway.model.mail import Envelope, Mail, MailKind, MailStage, StoredBlob, Transport
from gateway.model.notice import Notice, NoticeKind, NoticeStage, OwedNotice
from gateway.model.paper import Paper, PaperDuty
from gateway.model.part import ParsedMail, Part, PartDecision
from gateway.model.signature import Coverage, Signature, SignatureVerdict, SignerKind
from gateway.model.verdict import Disposition, Verdict
from gateway.ports import NoticeContext

TEMPLATES = Path(__file__).resolve().parents[3] / "templates" / "mail"
NOW = datetime(2026, 11, 22, 2, 16, 5, tzinfo=UTC)
RECEIVED = datetime(2026, 11, 22, 2, 15, 0, tzinfo=UTC)
AGENCY = Agency(
    name="Sở Giao thông vận tải tỉnh Quảng Ngãi",
    short_name="Sở GTVT",
    superior="Ủy ban nhân dân tỉnh Quảng Ngãi",
    mailbox="sgtvt@quangngai.example",
    records_office="Văn thư Sở",
    phones=("0255.3816013", "0255.3712955"),
    place="Quảng Ngãi",
    regulation="955/QĐ-SGTVT",
)
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
PDF_BYTES = b"%PDF-1.7\n" + bytes(range(256)) * 40
_CLEAN = Scan(ScanVerdict.CLEAN, "ClamAV 1.4.3/27810")


class FixedClock:
    """Always the same moment."""

    def now(self) -> datetime:
        return NOW


@cache
def renderer() -> JinjaRenderer:
    return JinjaRenderer(
        TEMPLATES,
        agency=AGENCY,
        sender="sgtvt@quangngai.example",
        sender_name=AGENCY.name,
        instance="vanthu-1",
        public_url="https://vanban.quangngai.example",
        books={"den": "Sổ văn bản đến"},
        clock=FixedClock(),
    )


def signature(
    verdict: SignatureVerdict, cause: str, signer: str, kind: SignerKind, *, stamped: bool = True
) -> Signature:
    at = datetime(2026, 11, 20, 8, 40, tzinfo=UTC)
    return Signature(
        verdict=verdict,
        cause=cause,
        signer=signer,
        organisation="Ban Quản lý dự án giao thông Trà Bồng",
        kind=kind,
        coverage=Coverage.WHOLE,
        intact=True,
        valid=True,
        trusted=verdict is SignatureVerdict.VALID,
        signed_at=at,
        timestamped_at=at if stamped else None,
    )


def file(
    path: str,
    name: str,
    media_type: str,
    octets: int,
    pages: int | None,
    *,
    main: bool,
    signatures: tuple[Signature, ...] = (),
) -> RegisteredFile:
    return RegisteredFile(
        path, name, media_type, octets, sha256(name.encode()).hexdigest(), pages, main, _CLEAN, signatures
    )


REPORT = Document(
    id=17,
    mail_id=17,
    book="den",
    year=2026,
    arrival_number=17,
    token="Kp3vQy7ZtR2mXw9LbN5cHf8J",
    received_at=RECEIVED,
    registered_at=datetime(2026, 11, 22, 2, 15, 41, tzinfo=UTC),
    direction=Direction.IN,
    status=Status.RECEIVED,
    header=HeaderFields(
        number="112",
        notation="BC-BQL",
        issued_on=date(2026, 11, 20),
        document_type="Báo cáo",
        abstract="Tình hình thực hiện công tác duy tu, sửa chữa thường xuyên các tuyến đường tỉnh quý IV năm 2026",
        issuer="Ban Quản lý dự án giao thông Trà Bồng",
        superior="Ủy ban nhân dân huyện Trà Bồng",
        signer="Trần Thị Minh Hà",
        capacity="KT. GIÁM ĐỐC / PHÓ GIÁM ĐỐC",
        addressee="Sở Giao thông vận tải",
        recipients="Như trên; Ủy ban nhân dân huyện (báo cáo); Lưu: VT",
        reply_by=date(2026, 12, 10),
        confidence={
            **dict.fromkeys(("notation", "issued_on", "document_type", "issuer", "superior", "signer"), 0.97),
            **dict.fromkeys(("capacity", "addressee", "recipients"), 0.92),
            "number": 0.99,
            "abstract": 0.62,
            "reply_by": 0.85,
        },
    ),
    marks=Marks(urgency=Urgency.KHAN),
    files=(
        file(
            "2",
            "112_BC-BQL Báo cáo duy tu quý IV.pdf",
            "application/pdf",
            212_992,
            4,
            main=True,
            signatures=(
                signature(
                    SignatureVerdict.VALID, "Chứng thư số còn hiệu lực khi ký.", "Trần Thị Minh Hà", SignerKind.PERSON
                ),
                signature(
                    SignatureVerdict.VALID_WEAK,
                    "Chuỗi chứng thực thế hệ 1 dùng thuật toán băm SHA-1.",
                    "Ban Quản lý dự án giao thông Trà Bồng",
                    SignerKind.SEAL,
                    stamped=False,
                ),
            ),
        ),
        file("3", "Phụ lục 01 - Khối lượng thực hiện.xlsx", XLSX, 1_572_864, None, main=False),
    ),
    sender="bql@trabong.example",
    paper=Paper(PaperDuty.NONE, "Điều 5 khoản 1", "Báo cáo định kỳ: chỉ gửi qua mạng, không kèm bản giấy."),
)
EVIDENCE = {
    "abstract": Evidence(
        EvidenceSource.OCR,
        "BÁO CÁO Tình hình thưc hiện công tác duy tu, sửa chữa thường xuyên các tuyến đường tỉnh quý IV năm 2026",
        1,
        file=REPORT.files[0].sha256,
    ),
    "reply_by": Evidence(EvidenceSource.TEXT, "… trước ngày 10/12/2026 để tổng hợp./.", 3, file=REPORT.files[0].sha256),
    "document_type": Evidence(EvidenceSource.FILE_NAME, "Cong van so lieu cau.docx"),
}
UNREAD_LETTER = replace(
    REPORT,
    id=18,
    arrival_number=18,
    token="8dWn4TqLs6YvBz1RmKx0PgCe",
    header=HeaderFields(
        document_type="Công văn", abstract="V/v cung cấp số liệu tải trọng cầu", confidence={"document_type": 0.7}
    ),
    marks=Marks(),
    files=(
        file(
            "4",
            "Cong van so lieu cau.docx",
            DOCX,
            48_211,
            1,
            main=True,
        ),
    ),
)
EARLIER = replace(
    REPORT,
    id=9,
    mail_id=8,
    arrival_number=9,
    token="Jf5sVb2NcX8hQm3TzRk7LwYp",
    received_at=datetime(2026, 11, 19, 7, 2, tzinfo=UTC),
    registered_at=datetime(2026, 11, 19, 7, 3, tzinfo=UTC),
    header=replace(
        REPORT.header,
        number="108",
        abstract="Kế hoạch kiểm tra cầu yếu năm 2027",
        document_type="Kế hoạch",
        notation="KH-BQL",
    ),
    marks=Marks(),
)

WARNINGS = (
    Finding(
        "allowed_format",
        "Điều 5 khoản 5 điểm c",
        Outcome.WARN,
        "Tên tệp có đuôi .doc nhưng nội dung là văn bản Word.",
        "Đề nghị đặt lại đuôi tên tệp là .docx rồi gửi lại.",
        "Cong van so lieu cau.docx",
    ),
    Finding(
        "signatures",
        "Điều 3 khoản 1",
        Outcome.WARN,
        "Chữ ký số của Ban Quản lý dự án giao thông Trà Bồng: chuỗi chứng thực thế hệ 1 dùng thuật toán băm SHA-1.",
        "",
        "112_BC-BQL Báo cáo duy tu quý IV.pdf",
    ),
    Finding(
        "duplicate",
        "Điều 11 khoản 1 điểm b",
        Outcome.WARN,
        "Văn bản này với đủ các tệp đã có trong sổ; không vào sổ lần nữa.",
        "",
        "108_KH-BQL.pdf",
        "Đã vào sổ: D9, số đến 9/2026, ngày 19/11/2026.",
    ),
    Finding(
        "counted",
        "Điều 11 khoản 1 điểm a",
        Outcome.WARN,
        "Không xác định được số trang của tệp.",
        "Đề nghị nơi gửi cho biết số trang; văn thư đối chiếu khi mở tệp.",
        "Cong van so lieu cau.docx",
    ),
    Finding(
        "fields_read",
        "Điều 11 khoản 1 điểm b",
        Outcome.WARN,
        "Chưa đọc được từ trang đầu: số, ký hiệu, ngày ban hành, cơ quan ban hành.",
        "Văn thư bổ sung khi vào sổ.",
        "Cong van so lieu cau.docx",
    ),
)
_ARCHIVE = (
    "allowed_format",
    "Điều 5 khoản 5 điểm c",
    Outcome.REFUSE,
    "Không nhận tệp nén.",
    "Đề nghị giải nén, đính kèm từng văn bản riêng rồi gửi lại.",
)
REFUSALS = (
    Finding(
        "infected",
        "Điều 8 khoản 1 điểm a",
        Outcome.REFUSE,
        "Phần mềm diệt vi-rút phát hiện mã độc “Win.Test.EICAR_HDB-1”.",
        "Đề nghị quét, diệt mã độc trên máy tính đã lập tệp, tạo lại tệp sạch và gửi lại văn bản.",
        "Bảng tính dự toán.xlsx",
    ),
    Finding(
        *_ARCHIVE,
        "Ho so thiet ke ban ve thi cong goi thau so 07 (ban cuoi cung da chinh sua theo y kien tham dinh).rar",
    ),
    Finding(*_ARCHIVE, "Phu luc.zip"),
)
HOLDS = (
    Finding(
        "duplicate",
        "Điều 11 khoản 1 điểm b",
        Outcome.HOLD,
        "Số, ký hiệu trùng với một văn bản đã có trong sổ, nhưng nội dung tệp khác.",
        "Văn thư đối chiếu hai văn bản; nếu là bản thay thế hoặc bổ sung, đề nghị nơi gửi nói rõ trong thư.",
        "Quyet dinh 77.pdf",
        "Đã vào sổ: D9, số đến 9/2026, ngày 19/11/2026.",
    ),
    Finding(
        "not_scanned",
        "Điều 8 khoản 1 điểm a",
        Outcome.HOLD,
        "Chưa quét được mã độc: tệp có mật khẩu.",
        "Đề nghị gửi lại tệp không đặt mật khẩu.",
        "Phu luc.zip",
    ),
)
SUSPECTED = Finding(
    "impersonation",
    "Điều 8 khoản 2 điểm c",
    Outcome.HOLD,
    "Thư ghi người gửi là bql@trabong.example (Ban Quản lý dự án giao thông Trà Bồng) nhưng không chứng minh được là "
    "của nơi ấy, nghi mạo nhận: Chưa xác thực được (SPF đạt cho mailer.example, không có DKIM, DMARC không đạt; tên "
    "miền trabong.example yêu cầu cách ly thư như vậy).",
    note="Xác minh với nơi gửi qua số điện thoại đã biết trước khi quyết định, không dùng thông tin liên lạc trong "
    "thư; không trả lời thư này.",
)
AUTOMATIC = Finding(
    "automatic_mail",
    "Điều 11 khoản 1 điểm a",
    Outcome.HOLD,
    "Thư có địa chỉ trả lại rỗng, chỉ máy mới gửi như vậy; thư tự động không được tự vào sổ.",
    note="Xem có phải văn bản gửi chính thức không; thư này không được trả lời.",
)
ATTACHMENTS = (
    ("112_BC-BQL Báo cáo duy tu quý IV.pdf", "application/pdf", PDF_BYTES),
    ("Phụ lục 01 - Khối lượng thực hiện.xlsx", XLSX, bytes(3000)),
)


def part(path: str, name: str, media_type: str, octets: int) -> Part:
    return Part(
        path, name, media_type, media_type, octets, sha256(name.encode()).hexdigest(), PartDecision.DOCUMENT, ""
    )


PARSED = ParsedMail(
    message_id="<20261122.0915.4711@trabong.example>",
    sender="bql@trabong.example",
    sender_name="Văn thư Ban Quản lý dự án giao thông Trà Bồng",
    subject="Gửi báo cáo duy tu quý IV và công văn số liệu cầu",
    date=datetime(2026, 11, 22, 2, 14, tzinfo=UTC),
    kind=MailKind.DOCUMENT,
    automatic=None,
    in_reply_to=(),
    body_text="Kính gửi Quý Sở.",
    parts=(
        part("2", "Quyet dinh 77.pdf", "application/pdf", 310_400),
        part("3", "Phu luc.zip", "application/zip", 88_000),
    ),
    problems=(),
)


def mail(stage: MailStage) -> Mail:
    return Mail(
        id=17,
        raw=StoredBlob(sha256(b"mail").hexdigest(), 2_500_000),
        envelope=Envelope(Transport.SMTP, "smtp-1", "bql@trabong.example", ("sgtvt@quangngai.example",)),
        received_at=RECEIVED,
        stage=stage,
    )


def notice(kind: NoticeKind, recipient: str = "bql@trabong.example") -> Notice:
    owed = OwedNotice(kind, recipient, f"<{kind}.17.5d41402a@quangngai.example>", 17)
    return Notice(id=31, owed=owed, stage=NoticeStage.OWED, created_at=NOW, tried_since=NOW, attempts=0)


SENDER = Party("bql-trabong", PartyKind.AGENCY, "Ban Quản lý dự án giao thông Trà Bồng", domains=("trabong.example",))
PROVED = Authentication(
    Judge.OWN,
    "bql@trabong.example",
    "bql@trabong.example",
    SpfCheck(AuthResult.PASS, "trabong.example"),
    (DkimCheck(AuthResult.PASS, "trabong.example", "s2026"),),
    DmarcCheck(AuthResult.PASS, "trabong.example", "reject"),
    aligned=True,
    reverse_path_proved=True,
)
UNPROVED = Authentication(
    Judge.OWN,
    "bql@trabong.example",
    "bounce@mailer.example",
    SpfCheck(AuthResult.PASS, "mailer.example"),
    (),
    DmarcCheck(AuthResult.FAIL, "trabong.example", "quarantine"),
)
_UNDELIVERED = {"notice": "N30", "kind": "receipt", "recipient": "bql@trabong.example", "mail": "M17"}
ALARMS = {
    "alarm_impersonation": Alarm(
        AlarmCause.IMPERSONATION,
        {
            "mail": "M17",
            "author": "bql@trabong.example",
            "reverse_path": "bounce@mailer.example",
            "peer": "203.0.113.77",
            "findings": "Chưa xác thực được (SPF đạt cho mailer.example, không có DKIM, DMARC không đạt)",
        },
    ),
    "alarm_delivery_hard": Alarm(
        AlarmCause.DELIVERY_FAILED,
        _UNDELIVERED
        | {
            "state": "hard",
            "response": "550 5.1.1 <bql@trabong.example>: Recipient address rejected: User unknown",
            "often": "nhiều lần không nhận được thư",
        },
    ),
    "alarm_delivery_soft": Alarm(
        AlarmCause.DELIVERY_FAILED,
        _UNDELIVERED | {"state": "soft", "response": "552 5.2.2 Mailbox full"},
    ),
    "alarm_delivery_gave_up": Alarm(
        AlarmCause.DELIVERY_FAILED,
        _UNDELIVERED | {"state": "gave_up", "response": "451 4.4.1 Connection timed out"},
    ),
    "alarm_delivery_not_made": Alarm(
        AlarmCause.DELIVERY_FAILED,
        _UNDELIVERED | {"state": "not_made", "error": "TemplateSyntaxError: unexpected '}'"},
    ),
    "alarm_delivery_delayed": Alarm(
        AlarmCause.DELIVERY_DELAYED,
        _UNDELIVERED | {"response": "450 4.2.0 Greylisted", "since": "05 giờ 10 phút, ngày 22/11/2026"},
    ),
    "alarm_relay_away": Alarm(
        AlarmCause.RELAY_AWAY,
        {"response": "Không nối được tới cổng 587", "since": "05 giờ 10 phút, ngày 22/11/2026"},
    ),
    "alarm_more_held": Alarm(AlarmCause.MORE_HELD, {"mail": "M17"}),
    "alarm_mail_left": Alarm(
        AlarmCause.MAIL_LEFT,
        {"mailbox": "so", "folder": "INBOX", "uid": "4711", "reason": "Thư lớn 73 MB, vượt giới hạn 50 MB."},
    ),
    "alarm_mailbox_away": Alarm(
        AlarmCause.MAILBOX_AWAY,
        {
            "mailbox": "so",
            "reason": "Máy chủ từ chối đăng nhập: [AUTHENTICATIONFAILED] Authentication failed.",
            "since": "09 giờ 05 phút, ngày 22/11/2026",
        },
    ),
    "alarm_misused_token": Alarm(
        AlarmCause.MISUSED_TOKEN,
        {"mail": "M17", "author": "bql@trabong.example", "peer": "203.0.113.77", "cause": "foreign_token"},
    ),
    "alarm_scanner_away": Alarm(
        AlarmCause.SCANNER_AWAY,
        {
            "reason": "không kết nối được máy quét (ConnectionRefusedError)",
            "since": "09 giờ 05 phút, ngày 22/11/2026",
            "machine": "may-chu-1",
        },
    ),
    "alarm_scanner_back": Alarm(
        AlarmCause.SCANNER_BACK,
        {
            "since": "09 giờ 05 phút, ngày 22/11/2026",
            "until": "09 giờ 41 phút, ngày 22/11/2026",
            "machine": "may-chu-1",
        },
    ),
    "alarm_infected_later": Alarm(
        AlarmCause.INFECTED_LATER,
        {
            "document": "D5",
            "file": "Phụ lục dự toán.xlsx",
            "virus": "Xls.Dropper.Agent-1",
            "engine": "ClamAV 1.4.6/27801/Sun Nov 22 08:00:00 2026",
            "mail": "M17",
        },
    ),
    "alarm_answers_stopped": Alarm(
        AlarmCause.ANSWERS_STOPPED, {"correspondent": "bql@trabong.example", "answers": "20", "mail": "M17"}
    ),
    "alarm_copy_left": Alarm(
        AlarmCause.COPY_LEFT,
        {
            "mail": "M17",
            "mailbox": "hop-thu-so",
            "reason": "Máy chủ thư từ chối: xóa thư (mã NOPERM)",
            "since": "08:15 ngày 22/11/2026",
        },
    ),
    "alarm_key_at_hand": Alarm(AlarmCause.KEY_AT_HAND, {"mail": "M17"}),
    "alarm_trust_ending": Alarm(
        AlarmCause.TRUST_ENDING,
        {
            "certificates": "CA trình diễn G1: đã hết hạn từ 08 giờ 00 phút, ngày 01/11/2026; "
            "CA trình diễn G2: còn 41 ngày, hết hạn lúc 10 giờ 22 phút, ngày 02/01/2027",
            "machine": "gateway",
        },
    ),
}
_TO_IT = frozenset(
    {AlarmCause.IMPERSONATION, AlarmCause.MISUSED_TOKEN, AlarmCause.KEY_AT_HAND, AlarmCause.TRUST_ENDING}
)
_WITH_MAIL = frozenset({"alarm_impersonation", "alarm_more_held", "alarm_answers_stopped", "alarm_misused_token"})


def alarm_contexts() -> dict[str, NoticeContext]:
    """One alarm for each cause and state, with the mail that caused it where one did."""
    return {
        name: NoticeContext(
            notice=_alarming(alarm, 17 if name in _WITH_MAIL else None),
            mail=mail(MailStage.HELD) if name in _WITH_MAIL else None,
            parsed=PARSED if name in _WITH_MAIL else None,
            verdict=None,
            documents=(),
        )
        for name, alarm in ALARMS.items()
    }


def _alarming(alarm: Alarm, mail_id: int | None) -> Notice:
    to = "cntt@quangngai.example" if alarm.cause in _TO_IT else "vanthu@quangngai.example"
    sent = notice(NoticeKind.ALARM, to)
    return replace(sent, owed=replace(sent.owed, mail_id=mail_id, alarm=alarm))


def contexts() -> dict[str, NoticeContext]:
    """One context for each golden pair, by its name: the notice kinds, and variants worth seeing."""
    receipt = NoticeContext(
        notice=notice(NoticeKind.RECEIPT),
        mail=mail(MailStage.REGISTERED),
        parsed=PARSED,
        verdict=Verdict(Disposition.REGISTER, WARNINGS),
        documents=(REPORT, UNREAD_LETTER, EARLIER),
        answer_to=PARSED.sender,
    )
    single = replace(receipt, verdict=Verdict(Disposition.REGISTER, ()), documents=(REPORT,))
    refusal = replace(
        receipt,
        notice=notice(NoticeKind.REFUSAL),
        mail=mail(MailStage.REFUSED),
        verdict=Verdict(Disposition.REFUSE, REFUSALS),
        documents=(),
    )
    held = Verdict(Disposition.HOLD, HOLDS)
    hold = replace(refusal, notice=notice(NoticeKind.HOLD), mail=mail(MailStage.HELD), verdict=held)
    attention = replace(hold, notice=notice(NoticeKind.CLERK_ATTENTION, "vanthu@quangngai.example"))
    dead = replace(
        mail(MailStage.DEAD),
        attempts=3,
        failed_stage=MailStage.ACCEPTED,
        last_error="Bộ đọc thư vượt giới hạn 30 giây và đã bị dừng.",
    )
    return alarm_contexts() | {
        "receipt": receipt,
        "receipt_single": single,
        "repeat": replace(single, notice=notice(NoticeKind.REPEAT), documents=(EARLIER,)),
        "refusal": refusal,
        "hold": hold,
        "clerk_document": replace(
            receipt,
            notice=notice(NoticeKind.CLERK_DOCUMENT, "vanthu@quangngai.example"),
            documents=(REPORT, UNREAD_LETTER, EARLIER),
            attachments=ATTACHMENTS,
            left_out=("Bản vẽ mặt cắt ngang tuyến.pdf (vượt dung lượng cho phép)",),
            authentication=PROVED,
            sender=SENDER,
        ),
        "clerk_document_unproved": replace(
            single,
            notice=notice(NoticeKind.CLERK_DOCUMENT, "vanthu@quangngai.example"),
            authentication=UNPROVED,
            sender=SENDER,
            answer_to=None,
        ),
        "clerk_attention": replace(attention, authentication=PROVED),
        "clerk_attention_unproved": replace(
            attention,
            verdict=Verdict(Disposition.HOLD, (SUSPECTED, *HOLDS)),
            authentication=UNPROVED,
            sender=SENDER,
            answer_to=None,
        ),
        "clerk_attention_automatic": replace(
            attention,
            verdict=Verdict(Disposition.HOLD, (AUTOMATIC,)),
            authentication=PROVED,
            sender=SENDER,
            answer_to=None,
        ),
        "clerk_attention_dead": replace(attention, mail=dead, parsed=None, verdict=None, answer_to=None),
    }
