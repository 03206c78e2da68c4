"""Ordinary files with objects, fields, formulas, forms and links: what official documents have."""

from __future__ import annotations

import struct
from collections.abc import Callable

from tests.attacks.attack import Clean
from tests.attacks.bombs import png
from tests.attacks.macros import DOC, LETTER, XLS
from tests.attacks.ole_builder import (
    EQUATION,
    EXCEL,
    MATHTYPE,
    ORDINARY_FORMULA,
    Tree,
    bof,
    com_object,
    compiled,
    compound,
    equation,
    record,
    sheet_name,
    vba_project,
    word,
    workbook,
)
from tests.attacks.ooxml_builder import (
    DOCX,
    XLSX,
    code,
    complex_field,
    docx,
    formula,
    paragraph,
    relations,
    run,
    word_xml,
    xlsx,
)
from tests.attacks.pdf_builder import pdf, stream, updated

PDF, CSV, TXT = "application/pdf", "text/csv", "text/plain"
_LINK = '<w:hyperlink r:id="rId1"><w:r><w:t>Cổng thông tin</w:t></w:r></w:hyperlink>'
_LOCAL_TEMPLATE = "file:///C:\\Users\\van thu\\AppData\\Roaming\\Microsoft\\Templates\\Normal.dotm"
_LOCAL_PICTURE = "file:///C:\\Users\\VANTHU~1\\AppData\\Local\\Temp\\msohtmlclip1\\01\\clip_image002.gif"
_CHART = b'<?xml version="1.0"?><c:chartSpace xmlns:c="http://schemas.openxmlformats.org/drawingml/2006/chart"/>'
_DOT = png(1, 1)


def _field(text: str) -> bytes:
    return docx(paragraph(complex_field(code(text), result="1")))


def _object(content: bytes, program: str) -> bytes:
    body = paragraph(f'<w:r><w:object><o:OLEObject Type="Embed" ProgID="{program}" r:id="rId1"/></w:object></w:r>')
    return docx(body, [("oleObject", "embeddings/oleObject1.bin", False)], {"word/embeddings/oleObject1.bin": content})


def _mathtype() -> bytes:
    streams: Tree = {"Equation Native": b"\x1c\0\0\0\2\0" + bytes(60), "\x01CompObj": com_object("Equation.DSMT4")}
    return _object(compound(streams, {"": MATHTYPE}), "Equation.DSMT4")


def _old_equation() -> bytes:
    streams: Tree = {"Equation Native": equation(ORDINARY_FORMULA), "\x01CompObj": com_object("Equation.3")}
    return _object(compound(streams, {"": EQUATION}), "Equation.3")


def _chart() -> bytes:
    return docx(
        "",
        [("chart", "charts/chart1.xml", False)],
        {
            "word/charts/chart1.xml": _CHART,
            "word/charts/_rels/chart1.xml.rels": relations([("package", "../embeddings/Sheet1.xlsx", False)]),
            "word/embeddings/Sheet1.xlsx": xlsx(formula("SUM(B1:B1)")),
        },
    )


def _template() -> bytes:
    parts = {
        "word/settings.xml": word_xml('<w:attachedTemplate r:id="rId1"/>', "settings"),
        "word/_rels/settings.xml.rels": relations([("attachedTemplate", _LOCAL_TEMPLATE, True)]),
    }
    return docx("", [("settings", "settings.xml", False)], parts)


def _pasted_picture() -> bytes:
    return docx(
        "", [("image", _LOCAL_PICTURE, True), ("image", "media/image1.png", False)], {"word/media/image1.png": _DOT}
    )


def _embedded_workbook() -> bytes:
    inner: Tree = {"Workbook": bof(5) + record(0x0A, b""), "\x01CompObj": com_object("Excel.Sheet.8")}
    return word(
        f"{LETTER}\x13 EMBED Excel.Sheet.8 \x14\x01\x15\n",
        {"ObjectPool": {"_1234567890": inner}},
        {"ObjectPool/_1234567890": EXCEL},
    )


def _empty_project() -> bytes:
    """What is left where a scanner has taken a macro out, or somebody once looked at the editor."""
    modules = {"ThisDocument": "", "NewMacros": "Option Explicit\n' Macro da xoa\n\n"}
    return word(LETTER, {"Macros": vba_project(modules, cache=compiled(2))})


def _linked_books() -> bytes:
    letters = b"\x00\x01\x02So lieu\x02[nam 2019.xls]Trang1"
    book = record(0x1AE, struct.pack("<HH", 1, len(letters) - 1) + letters)
    own = record(0x1AE, struct.pack("<HH", 1, 0x0401))
    return workbook(sheet_name("Trang1") + own + book)


def _linked_xlsx() -> bytes:
    links = [("externalLink", "externalLinks/externalLink1.xml", False)]
    parts = {
        "xl/externalLinks/externalLink1.xml": b'<?xml version="1.0"?><externalLink xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"/>',
        "xl/externalLinks/_rels/externalLink1.xml.rels": relations(
            [("externalLinkPath", "So%20lieu%202019.xlsx", True)]
        ),
    }
    return xlsx(formula("[1]Trang1!$A$1+1"), links, parts)


def _annotated(annotation: str, *more: bytes | str, catalog: str = "") -> bytes:
    return pdf(catalog, [annotation, *more], page="/Annots [6 0 R]")


def _signed() -> bytes:
    """A seal's field with its signature, and marks for long-term validation, added by an update."""
    field = (
        "<< /Type /Annot /Subtype /Widget /FT /Sig /T (Chu ky so) /Rect [300 600 500 700] /F 132 /P 3 0 R"
        " /V 7 0 R /AP << /N 8 0 R >> >>"
    )
    value = (
        "<< /Type /Sig /Filter /Adobe.PPKLite /SubFilter /adbe.pkcs7.detached /Name (So GTVT)"
        " /ByteRange [0 1 2 3] /Contents <00> >>"
    )
    catalog = (
        "<< /Type /Catalog /Pages 2 0 R /AcroForm << /SigFlags 3 /Fields [6 0 R] >>"
        " /DSS << /Certs [9 0 R] /VRI << >> >> /Extensions << /ADBE << /BaseVersion /1.7 /ExtensionLevel 8 >> >> >>"
    )
    appearance = stream(b"q 1 0 0 1 0 0 cm Q", "/Type /XObject /Subtype /Form /BBox [0 0 200 100]")
    return updated(pdf(), {1: catalog, 6: field, 7: value, 8: appearance, 9: stream(b"\x30\x82", "")})


def _clean(name: str, file_name: str, declared: str, make: Callable[[], bytes]) -> Clean:
    return Clean(name, file_name, declared, make)


def _docx(name: str, make: Callable[[], bytes]) -> Clean:
    return _clean(name, f"{name}.docx", DOCX, make)


def _pdf(name: str, make: Callable[[], bytes]) -> Clean:
    return _clean(name, f"{name}.pdf", PDF, make)


def _csv(name: str, *lines: str) -> Clean:
    return _clean(
        name, f"{name}.csv", CSV, lambda: "\r\n".join(("STT,Nội dung,Ghi chú", *lines, "")).encode("utf-8-sig")
    )


CLEAN: tuple[Clean, ...] = (
    _docx("docx-plain-letter", docx),
    _docx("docx-hyperlink", lambda: docx(paragraph(_LINK), [("hyperlink", "https://quangngai.gov.vn/van-ban", True)])),
    _docx("docx-mail-link", lambda: docx(paragraph(_LINK), [("hyperlink", "mailto:sgtvt@quangngai.gov.vn", True)])),
    _docx(
        "docx-link-to-share",
        lambda: docx(paragraph(_LINK), [("hyperlink", "file:///\\\\may-chu\\van-ban\\955.pdf", True)]),
    ),
    _docx("docx-link-to-file", lambda: docx(paragraph(_LINK), [("hyperlink", "Phu%20luc.xlsx", True)])),
    _docx("docx-page-numbers", lambda: _field(" PAGE \\* MERGEFORMAT ")),
    _docx("docx-contents", lambda: _field(' TOC \\o "1-3" \\h \\z \\u ')),
    _docx("docx-hyperlink-field", lambda: _field(' HYPERLINK "https://quangngai.gov.vn" \\t "_blank" ')),
    _docx("docx-merge-fields", lambda: _field(" MERGEFIELD Ho_ten ")),
    _docx("docx-date-field", lambda: _field(' DATE \\@ "dd/MM/yyyy" ')),
    _docx("docx-placeholder-button", lambda: _field(" MACROBUTTON NoMacro [Nhập tên] ")),
    _docx("docx-conditional-field", lambda: _field(' IF 1 = 1 "có DDE Việt Nam" "không" ')),
    _docx(
        "docx-text-about-dde",
        lambda: docx(paragraph(run("Máy tính cần tắt DDEAUTO cmd.exe và macro AutoOpen trước khi mở tệp."))),
    ),
    _docx(
        "docx-included-picture-of-this-machine",
        lambda: _field(' INCLUDEPICTURE "C:\\\\anh\\\\so do.png" \\* MERGEFORMATINET '),
    ),
    _docx(
        "docx-comments",
        lambda: docx(
            "",
            [("comments", "comments.xml", False)],
            {
                "word/comments.xml": word_xml(
                    '<w:comment w:id="0" w:author="Chuyên viên"><w:p><w:r><w:t>Xem lại</w:t></w:r></w:p></w:comment>',
                    "comments",
                )
            },
        ),
    ),
    _docx(
        "docx-picture-pasted-from-web",
        lambda: _field(' INCLUDEPICTURE "https://baoquangngai.vn/anh.jpg" \\* MERGEFORMATINET '),
    ),
    _docx("docx-mathtype", _mathtype),
    _docx("docx-old-equation", _old_equation),
    _docx("docx-chart", _chart),
    _docx("docx-local-template", _template),
    _docx("docx-pasted-picture", _pasted_picture),
    _docx("docx-printer-settings", lambda: docx(parts={"word/printerSettings1.bin": b"\\\\may-in\\HP" + bytes(300)})),
    _clean("doc-plain-letter", "cong van.doc", DOC, lambda: word(LETTER)),
    _clean("doc-page-numbers", "cong van.doc", DOC, lambda: word(f"{LETTER}Trang \x13 PAGE \x141\x15\n")),
    _clean("doc-embedded-workbook", "cong van.doc", DOC, _embedded_workbook),
    _clean("doc-empty-project", "cong van.doc", DOC, _empty_project),
    _clean("xls-plain", "bang.xls", XLS, lambda: workbook(sheet_name("Trang1"))),
    _clean("xls-linked-books", "bang.xls", XLS, _linked_books),
    _clean(
        "xlsx-sums",
        "bang tong.xlsx",
        XLSX,
        lambda: xlsx(formula("SUM(B1:B1)*2%") + formula('IF(B1>0,"Đạt|Không","-")', 3)),
    ),
    _clean("xlsx-lookups", "bang tra.xlsx", XLSX, lambda: xlsx(formula("VLOOKUP(A1,'Trang1'!$A$1:$B$9,2,FALSE)"))),
    _clean(
        "xlsx-inner-links",
        "bang muc luc.xlsx",
        XLSX,
        lambda: xlsx(formula('HYPERLINK("#"&A1,"Tới")') + formula('HYPERLINK("https://quangngai.gov.vn","Cổng")', 3)),
    ),
    _clean("xlsx-linked-books", "bang lien ket.xlsx", XLSX, _linked_xlsx),
    _csv("csv-negative-numbers", "1,-5,-1.234", "2,+7,'-"),
    _csv("csv-telephones", "1,+84 255 3822 222,+84-905-123-456", "2,Fax,+84|255"),
    _csv("csv-addresses", "1,vanthu@sgtvt.quangngai.gov.vn,@vanthu", "2,@Sở GTVT,x@y.vn"),
    _csv("csv-sums", "1,=SUM(A1:A3),=B2*10%", '2,"=IF(A1>0,""Đạt"",""Không"")",=A1&B1'),
    _csv("csv-dashes-and-bars", "- Đường tỉnh 621|622 qua huyện!", "-,a|b!c đã xong,-Cầu Trà Khúc | Km 3!"),
    _csv("csv-address-in-text", "1,Xem =HYPERLINK trong hướng dẫn,http://quangngai.gov.vn/?a=1&b=2"),
    _clean(
        "txt-minutes",
        "bien ban.txt",
        TXT,
        "BIÊN BẢN HỌP\n- Thành phần: | A | B |!\n+ Kết luận: đồng ý\n= 5 phiếu\n@ 8 giờ\n".encode,
    ),
    _clean(
        "txt-about-formulas",
        "huong dan.txt",
        TXT,
        "Không nhập công thức như =cmd trong ô.\nDùng dấu | để ngăn cột!\n".encode,
    ),
    _pdf("pdf-plain", pdf),
    _pdf(
        "pdf-links",
        lambda: _annotated(
            "<< /Type /Annot /Subtype /Link /Rect [0 0 9 9] /A << /S /URI /URI (https://quangngai.gov.vn/) >> >>"
        ),
    ),
    _pdf(
        "pdf-link-within",
        lambda: _annotated("<< /Type /Annot /Subtype /Link /Rect [0 0 9 9] /A << /S /GoTo /D [3 0 R /Fit] >> >>"),
    ),
    _pdf(
        "pdf-link-to-file",
        lambda: _annotated(
            "<< /Type /Annot /Subtype /Link /Rect [0 0 9 9] /A << /S /GoToR /D [0 /Fit] /F (phu luc.pdf) >> >>"
        ),
    ),
    _pdf(
        "pdf-link-to-old-file",
        lambda: _annotated(
            "<< /Type /Annot /Subtype /Link /Rect [0 0 9 9] /A << /S /Launch /F 7 0 R >> >>",
            "<< /Type /Filespec /F (QD115 TTg.pdf) >>",
        ),
    ),
    _pdf("pdf-opens-at-page", lambda: pdf("/OpenAction [3 0 R /FitH 800] /PageMode /UseOutlines")),
    _pdf("pdf-opens-at-place", lambda: pdf("/OpenAction << /S /GoTo /D [3 0 R /XYZ null null 1] >>")),
    _pdf(
        "pdf-print-button",
        lambda: _annotated(
            "<< /Type /Annot /Subtype /Widget /FT /Btn /T (in) /Rect [0 0 9 9] /A << /S /Named /N /Print >> >>"
        ),
    ),
    _pdf(
        "pdf-form",
        lambda: _annotated(
            "<< /Type /Annot /Subtype /Widget /FT /Tx /T (ho ten) /V (A) /Rect [0 0 99 9] >>",
            catalog="/AcroForm << /Fields [6 0 R] /NeedAppearances true >>",
        ),
    ),
    _pdf(
        "pdf-bookmarks",
        lambda: pdf(
            "/Outlines 6 0 R",
            [
                "<< /Type /Outlines /First 7 0 R /Last 7 0 R /Count 1 >>",
                "<< /Title (Chuong I. Launch JavaScript) /Parent 6 0 R /Dest [3 0 R /Fit] >>",
            ],
        ),
    ),
    _pdf("pdf-signed", _signed),
    _pdf(
        "pdf-text-about-scripts",
        lambda: pdf(objects=["<< /Note (/S /JavaScript /JS app.alert) /About (/Launch \\(cmd\\)) >>"]),
    ),
    _pdf(
        "pdf-structure",
        lambda: pdf(
            "/MarkInfo << /Marked true >> /StructTreeRoot 6 0 R",
            [
                "<< /Type /StructTreeRoot /K 7 0 R /RoleMap << /Sound /Span >> >>",
                "<< /Type /StructElem /S /Form /P 6 0 R >>",
            ],
        ),
    ),
    _pdf(
        "pdf-packed-objects",
        lambda: pdf("/PageLayout /OneColumn", packed=["<< /Type /Metadata2 /A [1 2 3] >>", "[/Fit /XYZ]"]),
    ),
    _pdf("pdf-long-list", lambda: pdf(objects=["[" + "[1 2] " * 5_000 + "]"])),
)
