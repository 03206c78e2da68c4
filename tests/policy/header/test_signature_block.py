"""Who signs, in what capacity, and who gets the document: what stands below the text."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from gateway.model.header import EvidenceSource, HeaderFields
from gateway.model.page import Box, Line, Page, TextSource
from gateway.policy.header import DocumentTypes, read_header
from tests.policy.header.labelled import SURE

Read = Callable[[str], HeaderFields]

HEAD = """SỞ XÂY DỰNG
Số: 12/SXD-QLN
V/v góp ý dự thảo
CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM
Độc lập - Tự do - Hạnh phúc
Khánh Minh, ngày 20 tháng 8 năm 2026
Kính gửi: Sở Tài chính.
Nội dung văn bản./.
"""
RECIPIENTS = "Nơi nhận:\n- Như trên;\n- Lưu: VT.\n"


@pytest.mark.parametrize(
    ("below", "signer", "capacity"),
    [
        ("KT. Giám đốc\nPhó Giám đốc\nVũ Văn An", "Vũ Văn An", "KT. Giám đốc / Phó Giám đốc"),
        ("Giám đốc\n\nVũ Văn An", "Vũ Văn An", "Giám đốc"),
        ("TUQ. GIÁM ĐỐC\nTRƯỞNG PHÒNG QUẢN LÝ NHÀ\nVũ An", "Vũ An", "TUQ. GIÁM ĐỐC / TRƯỞNG PHÒNG QUẢN LÝ NHÀ"),
        ("KT.GIÁM ĐỐC\nP.GIÁM ĐỐC\nVũ Văn An", "Vũ Văn An", "KT.GIÁM ĐỐC / P.GIÁM ĐỐC"),
        (
            "KT. CHỦ TỊCH ỦY BAN NHÂN DÂN\nTỈNH KHÁNH MINH\nPHÓ CHỦ TỊCH\nVŨ VĂN AN",
            "Vũ Văn An",
            "KT. CHỦ TỊCH ỦY BAN NHÂN DÂN TỈNH KHÁNH MINH / PHÓ CHỦ TỊCH",
        ),
        ("TM. BAN CHỈ ĐẠO\nPHÓ TRƯỞNG BAN\nLý Thị Ân", "Lý Thị Ân", "TM. BAN CHỈ ĐẠO / PHÓ TRƯỞNG BAN"),
        ("T/M BAN THƯỜNG VỤ\nP.BÍ THƯ\nLý Thị Ân", "Lý Thị Ân", "T/M BAN THƯỜNG VỤ / P.BÍ THƯ"),
        ("Q. GIÁM ĐỐC\nGS.TSKH. Lý Thị Ân", "Lý Thị Ân", "Q. GIÁM ĐỐC"),
        ("GIÁM ĐỐC\nThS.BS CKII Lý Thị Ân", "Lý Thị Ân", "GIÁM ĐỐC"),
        ("GIÁM ĐỐC\n(Đã ký) Lý Thị Ân", "Lý Thị Ân", "GIÁM ĐỐC"),
        ("GIÁM ĐỐC\nKý bởi: Sở Xây dựng\nNgày ký: 20/08/2026 08:00:00 +07:00\nLý Thị Ân", "Lý Thị Ân", "GIÁM ĐỐC"),
    ],
)
def test_a_name_is_read_below_its_titles(read: Read, below: str, signer: str, capacity: str) -> None:
    for text in (f"{HEAD}{RECIPIENTS}{below}", f"{HEAD}{below}\n{RECIPIENTS}"):
        found = read(text)
        assert (found.signer, found.capacity, found.recipients) == (signer, capacity, "Như trên")
        assert found.confidence["signer"] >= SURE


@pytest.mark.parametrize(
    ("below", "signer", "capacity"),
    [
        ("THƯ KÝ\tCHỦ TRÌ\n\nVũ An\tLý Thị Ân", "Vũ An; Lý Thị Ân", "THƯ KÝ; CHỦ TRÌ"),
        (
            "ĐẠI DIỆN BÊN A\tĐẠI DIỆN BÊN B\nGIÁM ĐỐC\tCHỦ TỊCH\nVũ An\tLý Thị Ân",
            "Vũ An; Lý Thị Ân",
            "ĐẠI DIỆN BÊN A / GIÁM ĐỐC; ĐẠI DIỆN BÊN B / CHỦ TỊCH",
        ),
        (
            f"{'KT. GIÁM ĐỐC':^30}{'KT. GIÁM ĐỐC':^30}\n{'SỞ TÀI CHÍNH':^30}{'SỞ XÂY DỰNG':^30}\n"
            f"{'PHÓ GIÁM ĐỐC':^30}{'PHÓ GIÁM ĐỐC':^30}\n\n{'Vũ An':^30}{'Lý Thị Ân':^30}",
            "Vũ An; Lý Thị Ân",
            "KT. GIÁM ĐỐC SỞ TÀI CHÍNH / PHÓ GIÁM ĐỐC; KT. GIÁM ĐỐC SỞ XÂY DỰNG / PHÓ GIÁM ĐỐC",
        ),
    ],
)
def test_side_by_side_each_name_has_its_own_titles_and_a_person_looks(
    read: Read, below: str, signer: str, capacity: str
) -> None:
    found = read(HEAD + below)
    assert (found.signer, found.capacity) == (signer, capacity)
    assert found.confidence["signer"] < SURE


@pytest.mark.parametrize(
    "after",
    [
        "PHỤ LỤC 1\nDANH MỤC CÔNG TRÌNH\nGIÁM ĐỐC\n(Đã ký)\nHồ Văn Bê",
        "DỰ THẢO\nỦY BAN NHÂN DÂN TỈNH\nCỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM\nTM. ỦY BAN NHÂN DÂN\nCHỦ TỊCH\nHồ Văn Bê",
    ],
    ids=["appendix", "attached draft"],
)
def test_what_is_attached_has_no_say_in_who_signs(read: Read, after: str) -> None:
    signed = read(f"{HEAD}{RECIPIENTS}KT. GIÁM ĐỐC\nPHÓ GIÁM ĐỐC\nVũ Văn An\n{after}")
    assert (signed.signer, signed.capacity) == ("Vũ Văn An", "KT. GIÁM ĐỐC / PHÓ GIÁM ĐỐC")
    assert read(f"{HEAD}{RECIPIENTS}KT. GIÁM ĐỐC\nPHÓ GIÁM ĐỐC\n\n{after}").signer is None


def test_a_table_of_members_within_the_text_signs_nothing(read: Read) -> None:
    members = "1\tHồ Văn Bê\tGiám đốc\n2\tVũ Văn An\tPhó Giám đốc\n3\tLý Thị Ân\tChủ tịch\n"
    text = HEAD.replace("Nội dung văn bản./.", f"Tổ công tác gồm:\n{members}Tổ làm việc từ hôm nay./.")
    found = read(f"{text}{RECIPIENTS}KT. GIÁM ĐỐC\nPHÓ GIÁM ĐỐC\nĐỗ Văn Tư")
    assert (found.signer, found.capacity) == ("Đỗ Văn Tư", "KT. GIÁM ĐỐC / PHÓ GIÁM ĐỐC")


@pytest.mark.parametrize(
    ("listed", "names"),
    [
        ("- Như trên;\n- Bộ Xây dựng (b/c);\n- Sở Tài chính, Sở Nội vụ,\n  Sở Y tế;\n- Lưu: VT, QLN (3b).", 3),
        ("Như Điều 3;\nVăn phòng Chính phủ;\nLưu: VT.", 2),
        ("BỘ TRƯỞNG\n(Đã ký)\nVũ Văn An\n- Như trên;\n- Công báo;\n- Lưu VT.", 2),
        ("- Như trên;\n- UBND tỉnh; - Cổng TTĐT;\n- Lưu: VP, HC.", 3),
    ],
)
def test_recipients_are_those_of_the_list_without_the_copy_that_is_kept(read: Read, listed: str, names: int) -> None:
    found = read(f"{HEAD}Nơi nhận:\n{listed}\nGIÁM ĐỐC\nVũ Văn An")
    assert found.recipients is not None
    assert len(found.recipients.split("; ")) == names
    assert "Lưu" not in found.recipients
    assert "Vũ" not in found.recipients


def test_the_list_and_the_signature_beside_it_are_kept_apart_by_their_places(types: DocumentTypes) -> None:
    def at(text: str, left: float, top: float) -> Line:
        return Line(text, Box(left, top, left + 0.3, top + 0.02))

    first = Page(1, tuple(Line(line) for line in HEAD.split("\n")), TextSource.OCR)
    last = Page(
        2,
        (
            at("Nơi nhận:", 0.1, 0.1),
            at("KT. GIÁM ĐỐC", 0.6, 0.1),
            at("- Như trên;", 0.1, 0.13),
            at("PHÓ GIÁM ĐỐC", 0.6, 0.13),
            at("- Các Sở Tài chính, Nội vụ và", 0.1, 0.16),
            at("Vũ Văn An", 0.6, 0.19),
            at("Xây dựng;", 0.1, 0.19),
            at("- Lưu: VT.", 0.1, 0.22),
        ),
    )
    found = read_header([first, last], types)
    assert found.recipients == "Như trên; Các Sở Tài chính, Nội vụ và Xây dựng"
    assert (found.signer, found.capacity) == ("Vũ Văn An", "KT. GIÁM ĐỐC / PHÓ GIÁM ĐỐC")
    evidence = found.evidence["capacity"]
    assert (evidence.source, evidence.page, evidence.text) == (EvidenceSource.TEXT, 2, "KT. GIÁM ĐỐC PHÓ GIÁM ĐỐC")
    assert evidence.box == Box(0.6, 0.1, 0.9, 0.15)
    assert found.evidence["number"].source is EvidenceSource.OCR
