"""Ordinary documents full of words of secrecy, and of words that look like them: none bears a mark."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

from tests.attacks.attack import Clean
from tests.attacks.scans import Stamp, scanned_jpeg, scanned_pdf, scanned_png
from tests.attacks.secret import DOCX, JPEG, PDF, PNG, TXT, XLSX, flowing, text, word
from tests.documents import decision_csv, decision_docx, decision_pdf, decision_txt, decision_xlsx

ABSTRACTS = {
    "protection": "Về việc bảo vệ bí mật nhà nước trong cơ quan",
    "list-of-secrets": "Về việc ban hành Danh mục bí mật nhà nước độ Tối mật, độ Mật",
    "declassified": "Về việc giải mật tài liệu lưu trữ",
    "password": "Về việc đổi mật khẩu hộp thư điện tử công vụ",
    "density": "Về việc công bố mật độ xây dựng",
    "cryptography": "Về việc sử dụng chứng thư số và mật mã dân sự",
    "information-security": "Về việc tăng cường bảo mật thông tin",
    "honey": "Về việc hỗ trợ nghề nuôi ong lấy mật",
    "premises": "Về việc giải phóng mặt bằng Quốc lộ 1",
    "lost": "Về việc mất giấy phép lái xe",
    "eye": "Về việc khám mắt cho học sinh",
    "answer": "Về việc trả lời văn bản mật số 12/CAT của Công an tỉnh",
    "rules-of-secret-papers": "Về việc quản lý, soạn thảo, gửi và nhận văn bản mật",
    "front": "Về việc kiện toàn Ban Thường trực Ủy ban Mặt trận Tổ quốc",
}
URGENT = {
    "urgent": "KHẨN",
    "very-urgent": "THƯỢNG KHẨN",
    "express": "HỎA TỐC",
    "inside-only": "LƯU HÀNH NỘI BỘ",
    "draft": "DỰ THẢO",
    "no-degree": "Độ mật: Không",
    "ordinary-degree": "Độ mật: Thường",
    "lifted": "GIẢI MẬT",
}
TEXTS = {
    "law": (
        "QUỐC HỘI\tCỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM",
        "Luật số: 29/2018/QH14\tĐộc lập - Tự do - Hạnh phúc",
        "LUẬT",
        "BẢO VỆ BÍ",
        "MẬT NHÀ NƯỚC",
        "Căn cứ Hiến pháp nước Cộng hòa xã hội chủ nghĩa Việt Nam;",
        "Điều 8. Phân loại bí mật nhà nước",
        "1. Bí mật nhà nước độ Tuyệt mật;",
        "2. Bí mật nhà nước độ Tối mật;",
        "3. Bí mật nhà nước độ Mật.",
        "TUYỆT MẬT",
        "TỐI MẬT",
        "MẬT",
    ),
    "table-of-stamps": (
        "Phụ lục II",
        "MẪU DẤU CHỈ CÁC MỨC ĐỘ MẬT",
        "TUYỆT MẬT",
        "TỐI MẬT",
        "MẬT",
        "Ghi chú: khung hình chữ nhật, viền đơn.",
    ),
    "one-sample": ("Phụ lục I", "MẪU DẤU", "Ví dụ:", "MẬT", "Kích thước 20 mm x 8 mm"),
    "form": (
        "Mẫu số 04",
        "TÊN CƠ QUAN CHỦ QUẢN",
        "TÊN ĐƠN VỊ",
        "Số: ......./BC-.....",
        "MẬT",
        "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM",
        "BÁO CÁO",
    ),
    "choice-of-degrees": (
        "PHIẾU ĐỀ XUẤT",
        "Độ mật:",
        "Thường",
        "Mật",
        "Tối mật",
        "Tuyệt mật",
        "Người đề xuất: ........",
    ),
    "choice-in-one-line": ("PHIẾU TRÌNH", "Độ mật: Mật/Tối mật/Tuyệt mật", "Nội dung trình: ........"),
    "register": (
        "SỔ ĐĂNG KÝ VĂN BẢN MẬT ĐẾN",
        "STT\tSố ký hiệu\tĐộ mật\tTrích yếu",
        "1\t12/CAT\tTỐI MẬT\tCông văn",
        "2\t15/CAT\tMẬT\tBáo cáo",
        "3\t19/CAT\tMẬT\tKế hoạch",
    ),
    "headings": ("SỞ XÂY DỰNG", "BẢN VẼ MẶT BẰNG", "MẶT CẮT", "BỀ", "MẶT", "Tỷ lệ 1/100"),
    "lost-things": ("GIẤY BÁO", "MẤT", "Tôi là Nguyễn Văn Bình, báo mất ví ngày 03 tháng 3 năm 2025."),
    "plan": (
        "SỞ GIAO THÔNG VẬN TẢI",
        "Số: 12/KH-SGTVT",
        "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM",
        "KẾ HOẠCH",
        "CÔNG TÁC BẢO VỆ BÍ MẬT",
        "NHÀ NƯỚC NĂM 2025",
        "Căn cứ Luật Bảo vệ bí mật nhà nước;",
        "Phấn đấu 100% văn bản mật được đóng dấu MẬT, TỐI MẬT, TUYỆT MẬT đúng quy định.",
    ),
    "definition": (
        "QUY CHẾ",
        "Quản lý văn bản điện tử",
        "Điều 3. Giải thích từ ngữ",
        "5. Văn bản mật là văn bản được đóng dấu độ mật (Mật, Tối mật, Tuyệt mật).",
    ),
    "honey-seller": ("HỢP TÁC XÃ NUÔI ONG", "Mật ong rừng", "Mật", "Sáp", "Giá bán lẻ"),
    "lifted-stamp": ("UBND HUYỆN", "Số: 15/BC-UBND", "GIẢI MẬT", "BÁO CÁO", "Kính gửi: Sở Nội vụ"),
}
NAMES = (
    "Kế hoạch bảo vệ bí mật nhà nước.txt",
    "QD-phe-duyet-mat-bang.txt",
    "MAT BANG TONG THE.txt",
    "mat_cat_1-1.txt",
    "doi mat khau.txt",
    "bao-mat-thong-tin.txt",
    "Mật độ dân số 2024.txt",
    "Sổ đăng ký văn bản mật.txt",
    "Quy chế quản lý văn bản mật.txt",
    "Danh mục tài liệu giải mật.txt",
    "BC mat an toan giao thong.txt",
    "kham mat hoc sinh.txt",
    "giay bao mat.txt",
    "UB Mat tran To quoc.txt",
    "Mẫu dấu MẬT, TỐI MẬT, TUYỆT MẬT.txt",
    "CV tra loi van ban so 12.txt",
)
STAMPS = {
    "none": Stamp(""),
    "express-red": Stamp("HỎA TỐC", colour="red", turned=4),
    "urgent-coarse": Stamp("KHẨN", dpi=120),
    "very-urgent": Stamp("THƯỢNG KHẨN", colour="red", turned=-3),
    "arrival": Stamp("CÔNG VĂN ĐẾN", colour="red", turned=2),
    "premises": Stamp("", title="PHÊ DUYỆT MẶT BẰNG", subject="GIẢI PHÓNG MẶT BẰNG DỰ ÁN QUỐC LỘ 1"),
    "protection": Stamp("", title="KẾ HOẠCH", subject="BẢO VỆ BÍ MẬT NHÀ NƯỚC NĂM 2025"),
    "lost": Stamp("", title="GIẤY BÁO MẤT", subject="Về việc mất giấy phép lái xe"),
    "copy": Stamp("BẢN SAO", colour="red", turned=-5),
}


def _clean(name: str, file_name: str, declared: str, make: Callable[[], bytes]) -> Clean:
    return Clean(f"clean-secret-{name}", file_name, declared, make)


def _headed(line: str, document: Any) -> None:
    document.sections[0].header.paragraphs[0].text = line


def _clean_files() -> Iterator[Clean]:
    for name, abstract in ABSTRACTS.items():
        yield _clean(f"docx-{name}", "quyet-dinh.docx", DOCX, partial(decision_docx, abstract=abstract))
        yield _clean(
            f"pdf-{name}", "cong-van.pdf", PDF, partial(decision_pdf, abstract=abstract, document_type="", pages=1)
        )
    for name, mark in URGENT.items():
        yield _clean(f"docx-{name}", "quyet-dinh.docx", DOCX, partial(decision_docx, mark=mark))
    for name, lines in TEXTS.items():
        yield _clean(f"txt-{name}", "tai-lieu.txt", TXT, partial(text, *lines))
        yield _clean(f"docx-{name}", "tai-lieu.docx", DOCX, partial(flowing, *"\t".join(lines).split("\t")))
    for name, line in (
        ("page", "Trang 1"),
        ("topic", "Bảo vệ bí mật nhà nước"),
        ("company", "Tài liệu đào tạo bảo mật"),
    ):
        yield _clean(f"docx-header-{name}", "quyet-dinh.docx", DOCX, partial(word, partial(_headed, line)))
    for place, file_name in enumerate(NAMES):
        yield _clean(f"name-{place}", file_name, TXT, decision_txt)
    yield _clean("xlsx", "bang.xlsx", XLSX, decision_xlsx)
    yield _clean("csv", "bang.csv", "text/csv", decision_csv)
    for name, stamp in STAMPS.items():
        yield _clean(f"png-{name}", "quet.png", PNG, partial(scanned_png, stamp))
    yield _clean("jpeg", "quet.jpg", JPEG, partial(scanned_jpeg, STAMPS["express-red"]))
    yield _clean(
        "pdf-scan", "quet.pdf", PDF, partial(scanned_pdf, STAMPS["premises"], STAMPS["arrival"], STAMPS["none"])
    )


CLEAN = tuple(_clean_files())
