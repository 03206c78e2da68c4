"""Signs of state secrets in the words of a mail, and what the whole mail comes to (Điều 8 khoản 2 điểm a)."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from gateway.model.facts import FileFacts, Marks, Secrecy
from gateway.model.finding import Outcome
from gateway.model.mail import MailKind
from gateway.model.part import Authored, ParsedMail, Part, PartDecision
from gateway.model.verdict import Disposition
from gateway.policy.case import Case, Examined
from gateway.policy.header.sign import CHECK, Sign
from gateway.policy.judgement import judge
from gateway.policy.rules.readable import readable
from gateway.policy.rules.secrecy import PERHAPS_SECRET, STATE_SECRET, state_secret
from gateway.policy.secrecy.mail import Sighting, Where, sightings
from gateway.policy.secrecy.wording import sign_in
from tests.attacks.clean_secret import CLEAN as CLEAN_FILES
from tests.policy.test_clauses import case, examined
from tests.records import CLEAN, parsed, sha256

TEMPLATES = Path(__file__).parents[2] / "templates"

SECRET_PAGE = (
    "Kính gửi anh,\n" + "xin gửi để anh xem.\n" * 20 + "CÔNG AN TỈNH\tCỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM\n"
    "PHÒNG THAM MƯU\tĐộc lập - Tự do - Hạnh phúc\nSố: 12/PA-PV01\tQuảng Ngãi, ngày 03 tháng 3 năm 2025\nTỐI MẬT\n"
    "PHƯƠNG ÁN\nBảo vệ mục tiêu\n\nKính gửi: Giám đốc Công an tỉnh\n"
)
MARKED = {
    "[MẬT] Báo cáo tình hình": Secrecy.MAT,
    "Công văn (MẬT)": Secrecy.MAT,
    "TỐI MẬT - Kế hoạch A": Secrecy.TOI_MAT,
    "V/v bố trí lực lượng (mật)": Secrecy.MAT,
    "MẬT: báo cáo quý": Secrecy.MAT,
    "MẬT - BÁO CÁO TÌNH HÌNH": Secrecy.MAT,
    "MẬT BÁO CÁO TÌNH HÌNH": Secrecy.MAT,
    "MẬT báo cáo": Secrecy.MAT,
    "MẬT_KẾ HOẠCH": Secrecy.MAT,
    "[Tài liệu mật] Kế hoạch": Secrecy.MAT,
    "Văn bản Mật: kế hoạch": Secrecy.MAT,
    "KHẨN, MẬT": Secrecy.MAT,
    "【MẬT】 báo cáo": Secrecy.MAT,
    "Gửi công văn mật số 12/CAT": Secrecy.MAT,
    "CÔNG VĂN MẬT SỐ 12/CAT": Secrecy.MAT,
    "Chuyển văn bản độ Mật số 15": Secrecy.MAT,
    "Công văn số 12 (độ Mật)": Secrecy.MAT,
    "Độ mật: Mật. Báo cáo": Secrecy.MAT,
    "Re: [TỐI MẬT] họp": Secrecy.TOI_MAT,
    "Fwd: MẬT": Secrecy.MAT,
    "HỎA TỐC - MẬT": Secrecy.MAT,
    "[MẬT - KHẨN] CV": Secrecy.MAT,
    "M Ậ T - QĐ 12": Secrecy.MAT,
    "T Ố I M Ậ T - KH": Secrecy.TOI_MAT,
    "[M\u200bẬ\u200bT] QĐ": Secrecy.MAT,
    "МẬТ - QĐ 12": Secrecy.MAT,
    "**MẬT** QĐ": Secrecy.MAT,
    "«Tuyệt mật»": Secrecy.TUYET_MAT,
    "Báo cáo MẬT tình hình biên giới": Secrecy.MAT,
    "TUYỆT MẬT BÁO CÁO TÌNH HÌNH": Secrecy.TUYET_MAT,
    "Kế hoạch phòng thủ - tối mật": Secrecy.TOI_MAT,
    "TỐI MẬT: V/v quản lý tài liệu mật": Secrecy.TOI_MAT,
    "Mật. CV 12": Secrecy.MAT,
    "CV 12 mật": Secrecy.MAT,
    "QĐ 12-MẬT": Secrecy.MAT,
    "12_QD_UBND_MẬT": Secrecy.MAT,
    "MẬT_QĐ 12": Secrecy.MAT,
    "(TUYỆT MẬT)_KH tác chiến": Secrecy.TUYET_MAT,
    "KH-tuyệt-mật": Secrecy.TUYET_MAT,
    "[Mat] QD 12": Secrecy.MAT,
    "QD-12-TOI-MAT": Secrecy.TOI_MAT,
    "QD12TOIMAT": Secrecy.TOI_MAT,
    "BC_TOI_MAT_2025": Secrecy.TOI_MAT,
    "cv_tuyetmat": Secrecy.TUYET_MAT,
    "TuyetMat QD": Secrecy.TUYET_MAT,
}
DOUBTFUL = (
    "CV 12 MAT",
    "QĐ 12 - MAT",
    "MAT",
    "van ban mat",
    "Gui van ban mat so 12",
    "toi mat the ngan hang",
    "văn bản mật",
    "Gửi công văn đóng dấu MẬT",
)
ORDINARY = (
    "V/v bảo vệ bí mật nhà nước",
    "KẾ HOẠCH BẢO VỆ BÍ MẬT NHÀ NƯỚC",
    "V/v ban hành Danh mục bí mật nhà nước độ Tối mật, độ Mật",
    "Quyết định ban hành Danh mục BMNN độ Tối mật",
    "Hướng dẫn đóng dấu MẬT, TỐI MẬT, TUYỆT MẬT",
    "Phân loại độ mật (Mật, Tối mật, Tuyệt mật)",
    "QUẢN LÝ VĂN BẢN MẬT",
    "Quy chế quản lý văn bản mật",
    "Sổ đăng ký văn bản mật đến",
    "V/v mua két sắt đựng tài liệu mật, quản lý tài liệu mật",
    "V/v tập huấn soạn thảo văn bản mật",
    "Danh mục tài liệu mật",
    "V/v hủy tài liệu mật",
    "Về việc bàn giao tài liệu mật",
    "Danh sách đảng viên vắng mặt",
    "Bien ban kiem ke quy tien mat 2024",
    "Mẫu dấu mật",
    "Trả lời văn bản mật số 12",
    "Đề nghị không gửi văn bản mật qua thư điện tử",
    "Giải mật tài liệu",
    "đã giải mật",
    "Độ mật: Không",
    "Độ mật: Thường",
    "[BẢO MẬT] Thay đổi mật khẩu",
    "Mật khẩu: đã đổi",
    "MẬT ĐỘ DÂN SỐ",
    "Mật độ xây dựng",
    "MẬT MÃ DÂN SỰ",
    "Mật ong rừng",
    "TUẦN TRĂNG MẬT",
    "Thư ký mật",
    "Mất giấy tờ",
    "BÁO CÁO GIẢI PHÓNG MẶT BẰNG",
    "QD phe duyet MAT BANG",
    "MAT BANG 12",
    "Mat_bang_tang_1",
    "mat_cat_1-1",
    "12 mat cat",
    "BAO CAO MAT TRAN",
    "bao cao mat an toan giao thong",
    "doi mat khau",
    "bi mat kinh doanh",
    "danh muc bi mat nha nuoc",
    "sở y tế - khám mắt",
    "Tai mui hong - Mat",
)


@pytest.mark.parametrize("text", MARKED)
def test_a_subject_or_name_that_says_it_is_secret_is_a_sign(text: str) -> None:
    assert sign_in(text) == Sign(MARKED[text])


@pytest.mark.parametrize("text", DOUBTFUL)
def test_what_may_be_another_word_is_a_doubtful_sign(text: str) -> None:
    sign = sign_in(text)
    assert sign is not None
    assert not sign.certain


@pytest.mark.parametrize("text", ORDINARY)
def test_words_about_secrecy_and_words_like_it_are_no_sign(text: str) -> None:
    assert sign_in(text) is None


@pytest.mark.parametrize(
    ("line", "certain"),
    [
        ("Xin gửi văn bản MẬT số 12/BC", True),
        ("Gửi kèm công văn tối mật số 3", True),
        ("MẬT", True),
        ("[TỐI MẬT]", True),
        ("Độ mật: Tối mật", True),
        ("Xin gửi văn bản mật số 12", False),
        ("Chuyển anh công văn mật số 5/CAT", False),
        ("Đề nghị không gửi văn bản mật số nào qua thư", None),
        ("Nghiêm cấm gửi tài liệu mật qua hệ thống này", None),
        ("Trả lời công văn mật số 12/CAT, Sở có ý kiến như sau", None),
        ("Xin gửi kế hoạch bảo vệ bí mật nhà nước", None),
        ("Gửi Sở quy chế quản lý văn bản mật", None),
        ("Kính gửi quý cơ quan văn bản số 12 về mật độ xây dựng", None),
        ("Mật khẩu mở tệp là 123", None),
        ("Thư này chứa thông tin mật, nếu không phải người nhận xin xóa", None),
        ("1. Mật", None),
        ("CAM KẾT BẢO MẬT", None),
        ("Độ mật: Thường", None),
    ],
)
def test_what_somebody_writes_is_a_sign_where_it_sends_something_secret(line: str, certain: bool | None) -> None:
    found = [sighting.sign.certain for sighting in of_body(f"Kính gửi Sở,\n\n{line}\n\nTrân trọng.")]
    assert found == ([] if certain is None else [certain])


def of_body(text: str) -> list[Sighting]:
    mail = replace(parsed(), body_text=text, authored=Authored(text))
    return [sighting for sighting in sightings(mail, ()) if sighting.where is Where.BODY]


def test_a_word_broken_over_two_lines_of_a_mail_is_read_whole() -> None:
    assert of_body("Đề nghị tăng cường công tác bảo\nmật.\nTÀI LIỆU BẢO VỆ BÍ\nMẬT\n") == []


def test_a_list_of_levels_and_what_stands_far_below_in_a_mail_are_no_signs() -> None:
    assert of_body("Có ba độ:\nTUYỆT MẬT\nTỐI MẬT\nMẬT\n") == []
    assert of_body("Nội dung thư.\n" * 40 + "MẬT\n") == []


def test_a_mail_passed_on_is_read_with_its_head() -> None:
    text = "Chuyển anh.\n" + "\n" * 3 + "Chủ đề: [TỐI MẬT] Kế hoạch\nTừ: a@agency.example\n"
    mail = replace(parsed(), body_text=text, authored=Authored("Chuyển anh.", forwarded=True))
    assert [sighting.sign for sighting in sightings(mail, ())] == [Sign(Secrecy.TOI_MAT)]


@pytest.mark.parametrize(
    "path", sorted(path.relative_to(TEMPLATES).as_posix() for path in TEMPLATES.rglob("*.txt") if "mail" in path.parts)
)
def test_our_own_notices_sent_back_are_no_signs(path: str) -> None:
    text = (TEMPLATES / path).read_text(encoding="utf-8")
    passed_on = replace(parsed(), body_text=text, authored=Authored("", forwarded=True))
    assert list(sightings(passed_on, ())) == []
    assert list(sightings(replace(parsed(), attached_texts=(text,), other_texts=(text,)), ())) == []
    assert all(sign_in(line) is None for line in text.splitlines() if "niêm phong" in line or "độ mật" in line)


@pytest.mark.parametrize(
    "mail",
    [
        replace(parsed(), attached_subjects=("Gửi anh", "[TỐI MẬT] Phương án")),
        replace(parsed(), attached_texts=("Kính gửi anh.", "TỐI MẬT\n\nPhương án")),
        replace(parsed(), attached_texts=(SECRET_PAGE,)),
        replace(parsed(), other_texts=(SECRET_PAGE,)),
        replace(parsed(), other_texts=("Gửi anh\n[TỐI MẬT] Phương án",)),
        replace(parsed(), other_texts=(SECRET_PAGE,), authored=Authored("Chào.", quotes=True)),
        replace(parsed(), body_text=SECRET_PAGE, authored=Authored(SECRET_PAGE)),
        replace(parsed(), packed_names=("a.pdf", "tài liệu/[TỐI MẬT].docx")),
    ],
    ids=["subject", "line", "page", "other page", "other line", "page in an answer", "own page", "packed"],
)
def test_what_stands_beside_the_mails_own_subject_and_text_is_read_too(mail: ParsedMail) -> None:
    assert {sighting.sign for sighting in sightings(mail, ())} == {Sign(Secrecy.TOI_MAT)}


def test_what_an_answer_quotes_in_its_other_texts_is_no_line_of_its_sender() -> None:
    text = "Đã nhận.\nTừ: a@agency.example\nChủ đề: [TỐI MẬT] Kế hoạch\n"
    answer = replace(parsed(), other_texts=(text,), authored=Authored("Đã nhận.", quotes=True))
    assert list(sightings(answer, ())) == []


@pytest.mark.parametrize("name", [each.name for each in CLEAN_FILES if each.declared_type == "text/plain"])
def test_an_ordinary_page_written_into_a_mail_is_no_sign(name: str) -> None:
    made = next(each for each in CLEAN_FILES if each.name == name).make().decode()
    answer = replace(parsed(), body_text=f"Chào.\n{made}", other_texts=(made,), authored=Authored("Chào.", quotes=True))
    assert list(sightings(answer, ())) == []


def test_a_file_that_a_report_returns_is_read_for_marks_and_is_no_document() -> None:
    report = of_mail(with_names(kind=MailKind.REPORT))
    assert judge(replace(report, returned=(file(),))).disposition is Disposition.NOTE
    assert judge(replace(report, returned=(file(marks=Marks(Secrecy.MAT)),))).disposition is Disposition.SEAL


def test_the_answers_themselves_are_no_signs() -> None:
    for answer in (STATE_SECRET, PERHAPS_SECRET):
        for text in (answer.found, answer.mend, answer.note):
            assert of_body(text) == []


def file(name: str = "van-ban.pdf", **facts: object) -> Examined:
    part = Part("2", name, "application/pdf", "application/pdf", 4, sha256(name), PartDecision.DOCUMENT, "tệp")
    return Examined(part, FileFacts(part.sha256 or "", 4, "application/pdf", **facts), CLEAN)  # type: ignore[arg-type]


def with_names(*names: str, subject: str = "Gửi văn bản", kind: MailKind = MailKind.DOCUMENT) -> ParsedMail:
    return replace(parsed(*names, kind=kind), subject=subject)


def of_mail(mail: ParsedMail, *files: Examined) -> Case:
    return replace(case(*files), parsed=mail)


@pytest.mark.parametrize(
    "marked",
    [
        of_mail(with_names("a.pdf"), file(marks=Marks(Secrecy.MAT))),
        of_mail(with_names("a.pdf", subject="[MẬT] Gửi văn bản"), file()),
        of_mail(with_names("a.pdf", "QĐ 12 (MẬT).pdf"), file()),
        of_mail(with_names("ho-so.zip", "thu muc/TỐI MẬT/a.pdf"), file()),
        of_mail(with_names("TỐI MẬT - a.pdf.p7m"), file()),
        of_mail(with_names("12.MẬT.pdf"), file()),
        of_mail(with_names("M.Ậ.T.pdf"), file()),
        of_mail(with_names(subject="MẬT", kind=MailKind.REPLY)),
    ],
    ids=["page", "subject", "name", "folder", "two endings", "dotted", "spaced by dots", "reply"],
)
def test_a_mark_anywhere_in_a_mail_is_told_without_its_words(marked: Case) -> None:
    assert list(state_secret(marked)) == [STATE_SECRET.finding()]


def test_a_doubtful_sign_is_told_by_its_place_to_the_records_office_alone() -> None:
    doubtful = of_mail(with_names("CV 12 MAT.pdf"), file(unknown={CHECK: "có thể có dấu"}))
    (finding,) = state_secret(doubtful)
    assert finding == PERHAPS_SECRET.finding(where="tệp văn bản, tên tệp")
    assert "12" not in f"{finding.text}{finding.remedy}{finding.note}"
    assert finding.file is None


def test_a_certain_sign_outweighs_a_doubtful_one() -> None:
    both = of_mail(with_names("CV 12 MAT.pdf", subject="[MẬT]"), file())
    assert list(state_secret(both)) == [STATE_SECRET.finding()]


def test_a_doubtful_mark_is_one_finding_and_not_two() -> None:
    doubtful = of_mail(with_names("a.pdf"), file(unknown={CHECK: "có thể có dấu"}))
    assert list(readable(doubtful)) == []


@pytest.mark.parametrize("kind", [MailKind.REPORT, MailKind.AUTOMATIC, MailKind.STATUS])
def test_mail_that_is_only_filed_is_not_filed_where_it_is_marked(kind: MailKind) -> None:
    marked = of_mail(with_names(subject="[TUYỆT MẬT] Kế hoạch", kind=kind))
    (finding,) = judge(marked).findings
    assert finding.rule == STATE_SECRET.rule


DOUBTED = "CV 12 MAT"


@pytest.mark.parametrize(
    "doubtful",
    [
        of_mail(with_names(subject=DOUBTED), examined("a.exe", type="application/x-dosexec")),
        *(of_mail(with_names(subject=DOUBTED, kind=kind)) for kind in (MailKind.AUTOMATIC, MailKind.STATUS)),
        replace(of_mail(with_names(subject=DOUBTED, kind=MailKind.REPLY)), in_known_thread=True),
    ],
    ids=["a program beside it", "automatic", "status", "reply"],
)
def test_what_may_be_marked_is_looked_at_before_it_is_refused_or_filed(doubtful: Case) -> None:
    verdict = judge(doubtful)
    assert verdict.disposition is Disposition.HOLD
    assert PERHAPS_SECRET.rule in {finding.rule for finding in verdict.findings if finding.outcome is Outcome.HOLD}
    seen = judge(replace(doubtful, waived=frozenset({PERHAPS_SECRET.rule})))
    assert seen.disposition in {Disposition.REFUSE, Disposition.NOTE}
