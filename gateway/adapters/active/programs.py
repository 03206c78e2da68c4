"""Program code by its first bytes or by the name it goes under."""

from __future__ import annotations

import re

_SIGNATURES: tuple[tuple[bytes, str], ...] = (
    (b"\x7fELF", "chương trình Linux"),
    (b"\xfe\xed\xfa\xce", "chương trình macOS"),
    (b"\xfe\xed\xfa\xcf", "chương trình macOS"),
    (b"\xce\xfa\xed\xfe", "chương trình macOS"),
    (b"\xcf\xfa\xed\xfe", "chương trình macOS"),
    (b"\xca\xfe\xba\xbe", "chương trình Java hoặc macOS"),
    (b"L\x00\x00\x00\x01\x14\x02\x00", "lối tắt Windows"),
    (b"ITSF", "tệp trợ giúp CHM"),
    (b"#!/", "tập lệnh"),
    (b"MSCF\x00\x00\x00\x00", "bộ cài CAB"),
)
_SCRIPT = re.compile(
    rb"^(?:\xef\xbb\xbf)?\s*(?:@?echo off|<\?xml[^>]*\?>\s*<(?:package|component|scriptlet|job)\b"
    rb"|<(?:hta:|script\b|job\b|scriptlet\b)|\[InternetShortcut\]|powershell(?:\.exe)?\s+-"
    rb"|on error resume next|set \w+ *= *createobject|#@~\^)",
    re.IGNORECASE,
)
_NAMES = re.compile(
    r"\.(?:exe|dll|com|scr|pif|msi|msp|mst|bat|cmd|ps1|psm1|psd1|vbs|vbe|vb|js|jse|mjs|wsf|wsh|wsc|sct|hta|lnk|url|jar|class|sh|py"
    r"|pyw|pl|rb|reg|chm|iso|img|vhd|vhdx|cpl|ocx|sys|drv|gadget|inf|msc|scf|application|appref-ms|library-ms|search-ms"
    r"|settingcontent-ms|xll|wll|lsp|fas|vlx|apk|deb|rpm|appx|msix|diagcab|job|cab|one)$",
    re.IGNORECASE,
)
_MZ = 64
_DOCUMENTS = re.compile(
    r"[^|<>*?]{1,250}\.(?:pdf|docx?|xlsx?|pptx?|rtf|txt|csv|jpe?g|png|tiff?|dwg|dxf)", re.IGNORECASE
)


def program(content: bytes, name: str = "") -> str:
    """What kind of program a file is, in Vietnamese, by its beginning and its name; empty where it is none."""
    if content[:2] in (b"MZ", b"ZM") and b"\x00" in content[:_MZ]:
        return "chương trình Windows"
    for signature, what in _SIGNATURES:
        if content.startswith(signature):
            return what
    if _SCRIPT.match(content[:4096]):
        return "tập lệnh"
    return "tệp chạy được theo tên" if program_name(name) else ""


def is_document(target: str) -> bool:
    """Whether a path on this machine names a document that opening does not run."""
    near = not target.startswith(("\\\\", "//")) and "://" not in target
    return near and _DOCUMENTS.fullmatch(target.strip()) is not None


def program_name(name: str) -> bool:
    """Whether a file name is one that the system runs; blanks and dots at its end count for nothing."""
    return _NAMES.search(name.strip().rstrip(". \x00\u202e\u200b")) is not None
