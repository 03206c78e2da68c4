"""Điều 5 khoản 5 điểm c: which formats are taken, by true content and by name."""

import tomllib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.policy.formats import FormatAnswer, FormatTable, extension_of
from gateway.shipped import shipped

ROWS = tomllib.loads((shipped("config") / "policy" / "formats.toml").read_text(encoding="utf-8"))
TABLE = FormatTable.from_rows(**ROWS)
ALLOWED, DIFFERS, HELD, NOT = FormatAnswer

DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
DOCM = "application/vnd.ms-word.document.macroEnabled.12"


@pytest.mark.parametrize(
    ("media_type", "name"),
    [
        ("text/plain", "bao cao.txt"),
        ("text/plain; charset=utf-8", "bao cao.TXT"),
        ("text/plain", "bang.csv"),
        ("text/csv", "bang.csv"),
        ("application/msword", "cv.doc"),
        (DOCX, "cv.docx"),
        ("application/vnd.ms-excel", "bang.xls"),
        (XLSX, "bang.xlsx"),
        ("application/pdf", "955-QĐ-SGTVT.PDF"),
        ("Application/PDF", ""),
        ("application/pdf", "Quyết định 955"),
        ("application/pdf", "Số 12.2017"),
        ("image/jpeg", "anh.jpeg"),
        ("image/png", "anh.png"),
        ("image/tiff", "ban ve.tif"),
        ("image/vnd.dwg", "cau Tra Khuc.dwg"),
        ("image/vnd.dxf", "cau Tra Khuc.dxf"),
        ("text/plain", "cau Tra Khuc.dxf"),
        ("image/vnd.dgn", "cau Tra Khuc.dgn"),
        ("application/x-ole-storage", "cau Tra Khuc V8.dgn"),
    ],
)
def test_the_formats_of_the_regulation_are_taken(media_type: str, name: str) -> None:
    verdict = TABLE.verdict_for(media_type, name)
    assert (verdict.answer, verdict.text, verdict.remedy) == (ALLOWED, "", "")


@pytest.mark.parametrize(
    ("media_type", "name", "told"),
    [
        ("application/rtf", "cv.rtf", "RTF"),
        ("application/rtf", "cv.doc", "RTF"),
        ("application/zip", "ho so.zip", "tệp nén"),
        ("application/zip", "cv.docx", "tệp .docx bị hỏng, không đọc được cấu trúc văn bản Word"),
        ("application/zip", "cv.pdf", "đuôi .pdf nhưng nội dung thật là tệp nén"),
        ("text/html", "bang.xls", "đuôi .xls nhưng nội dung thật là trang web"),
        ("application/xml", "bang.xls", "đuôi .xls nhưng nội dung thật là tệp XML"),
        ("message/rfc822", "cv.doc", "MHTML"),
        ("application/x-ole-storage", "cv.doc", "tệp .doc bị hỏng"),
        ("application/x-ole-storage", "", "không có trong Quy chế"),
        ("application/x-empty", "cv.pdf", "tệp .pdf rỗng"),
        ("video/mp4", "cv.pdf", "đuôi .pdf nhưng nội dung thật là định dạng không có trong Quy chế"),
        ("application/pkcs7-mime", "smime.p7m", "S/MIME"),
        ("text/html", "cv.html", "trang web"),
        ("text/html", "cv.doc", "trang web"),
        ("text/plain", "cv.html", "trang web"),
        (DOCM, "cv.docm", "macro"),
        (DOCM.lower(), "cv.docx", "macro"),
        (DOCX, "cv.docm", "macro"),
        ("image/svg+xml", "so do.svg", "SVG"),
        ("application/vnd.microsoft.portable-executable", "cv.pdf", "chương trình"),
        ("application/pdf", "cv.pdf.exe", "chương trình"),
        ("text/plain", "cai dat.bat", "chương trình"),
        ("text/plain", "ghi chu.xyz", "không có trong Quy chế"),
        ("application/octet-stream", "cv.pdf", "tệp .pdf bị hỏng"),
        ("application/octet-stream", "cv.xyz", "không có trong Quy chế"),
        ("application/vnd.oasis.opendocument.text", "cv.odt", "OpenDocument"),
        ("application/vnd.openxmlformats-officedocument.presentationml.presentation", "bai.pptx", "trình chiếu"),
        ("", "", "không có trong Quy chế"),
    ],
)
def test_everything_else_is_refused_with_a_remedy(media_type: str, name: str, told: str) -> None:
    verdict = TABLE.verdict_for(media_type, name)
    assert verdict.answer is NOT
    assert told in verdict.text
    assert verdict.text.startswith("không nhận")
    assert verdict.remedy.endswith(".")


@pytest.mark.parametrize(
    ("media_type", "name", "right"),
    [
        ("application/pdf", "cv.docx", ".pdf"),
        (DOCX, "cv.doc", ".docx"),
        ("image/png", "anh.jpg", ".png"),
        ("text/plain", "cv.pdf", ".txt"),
        ("application/pdf", "cv.final", ".pdf"),
    ],
)
def test_a_name_that_claims_another_format_is_told_with_the_right_one(media_type: str, name: str, right: str) -> None:
    verdict = TABLE.verdict_for(media_type, name)
    assert verdict.answer is DIFFERS
    assert right in verdict.remedy


@pytest.mark.parametrize(
    ("media_type", "name"),
    [
        ("application/zip; encrypted=yes", "ho so.zip"),
        ("application/zip; encrypted=yes", "ho so"),
        ("application/zip; encrypted=yes", "ho so.pdf"),
        ("application/x-7z-compressed; unopened=yes", "ho so.7z"),
        ("application/x-tika-ooxml-protected", "cv.docx"),
        ("application/x-tika-ooxml-protected", "bai.pptx"),
        ("application/vnd.ms-powerpoint; encrypted=yes", "bai.ppt"),
        ("application/pkcs7-mime; encrypted=yes", "smime.p7m"),
        ("application/pgp-encrypted", "cv.pdf.pgp"),
    ],
)
def test_what_nobody_here_can_open_waits_for_a_person(media_type: str, name: str) -> None:
    verdict = TABLE.verdict_for(media_type, name)
    assert verdict.answer is HELD
    assert verdict.text
    assert verdict.remedy.endswith(".")


@pytest.mark.parametrize(
    "name", ["cv.exe", "cv.pdf.exe", "cv.exe.", "cv.EXE . ", "cv.settingcontent-ms", "cv.library-ms"]
)
@pytest.mark.parametrize("media_type", ["application/pdf", "application/zip; encrypted=yes", "text/plain", ""])
def test_a_program_by_name_is_refused_whatever_it_holds(media_type: str, name: str) -> None:
    verdict = TABLE.verdict_for(media_type, name)
    assert verdict.answer is NOT
    assert "chương trình" in verdict.text


SET = ("Ban do.shp", "Ban do.shx", "ban do.dbf", "Ban do.prj", "Ban do.cpg", "Ban do.shp.xml")


@pytest.mark.parametrize(
    ("media_type", "name"),
    [
        ("application/vnd.shp", "Ban do.shx"),
        ("application/vnd.dbf", "ban do.dbf"),
        ("text/plain", "Ban do.prj"),
        ("text/plain", "Ban do.cpg"),
        ("application/xml", "Ban do.shp.xml"),
    ],
)
def test_the_files_of_a_map_are_taken_beside_its_main_file_only(media_type: str, name: str) -> None:
    assert TABLE.verdict_for(media_type, name, SET).answer is ALLOWED
    alone = TABLE.verdict_for(media_type, name, [name, "khac.shp"])
    assert alone.answer is NOT
    assert ".shp cùng tên" in alone.text


def test_a_companion_of_another_content_is_refused() -> None:
    assert TABLE.verdict_for("application/x-msdownload", "Ban do.dbf", SET).answer is NOT


@given(st.text(max_size=30), st.text(max_size=30))
def test_any_type_and_name_get_an_answer_and_only_the_allowed_no_text(media_type: str, name: str) -> None:
    verdict = TABLE.verdict_for(media_type, name)
    assert (verdict.answer is ALLOWED) == (verdict.text == "")


@given(st.text(max_size=30))
def test_no_name_makes_a_refused_content_pass(name: str) -> None:
    for row in TABLE.refused:
        for media_type in row.media_types:
            assert TABLE.verdict_for(media_type, name).answer is NOT


@pytest.mark.parametrize(
    ("name", "extension"),
    [
        ("a.PDF", "pdf"),
        ("a.pdf ", "pdf"),
        ("a", None),
        ("a.", None),
        ("Số 12.2017", None),
        ("Quy che.ban hanh", None),
        ("a.exe. .", "exe"),
    ],
)
def test_only_what_looks_like_an_extension_is_one(name: str, extension: str | None) -> None:
    assert extension_of(name) == extension


GOOD = {"name": "tài liệu PDF", "extensions": ["pdf"], "media_types": ["application/pdf"]}


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"name": ""}, "name"),
        ({"extensions": []}, "không được trống"),
        ({"extensions": [".pdf"]}, "không có dấu chấm"),
        ({"extensions": "pdf"}, "danh sách"),
        ({"extensions": ["PDF"]}, "chữ thường"),
        ({"media_types": ["pdf"]}, "application/pdf"),
        ({"media_types": []}, "không được trống"),
        ({"colour": "đỏ"}, "colour"),
    ],
)
def test_a_faulty_row_is_named(change: dict[str, object], told: str) -> None:
    with pytest.raises(ValueError, match=r"allowed\[2\]") as caught:
        FormatTable.from_rows([GOOD, {**GOOD, **change}])
    assert told in str(caught.value)


def test_a_table_may_not_be_empty_or_contradict_itself() -> None:
    with pytest.raises(ValueError, match=r"không có dòng \[\[allowed\]\]"):
        FormatTable.from_rows([])
    with pytest.raises(ValueError, match=r"pdf: vừa được nhận .* vừa bị từ chối"):
        FormatTable.from_rows([GOOD], [{**GOOD, "media_types": [], "remedy": "Đề nghị thôi."}])
