"""Names that show people another file than the computer opens."""

from __future__ import annotations

from collections.abc import Callable

from tests.attacks.attack import Attack
from tests.attacks.types import program
from tests.documents import decision_docx, decision_pdf, decision_txt

NAMED, FORMAT = frozenset({"file_name"}), frozenset({"allowed_format"})
PDF = "application/pdf"


def _attack(name: str, file_name: str, expect: frozenset[str], make: Callable[[], bytes] = decision_pdf) -> Attack:
    return Attack(name, "names", file_name, PDF, make, expect)


ATTACKS = (
    _attack("double-extension", "Quyet dinh.pdf.exe", FORMAT, program),
    _attack("double-extension-over-a-pdf", "Quyet dinh.pdf.exe", FORMAT),
    _attack("inner-program-extension", "Quyet dinh.exe.pdf", FORMAT, program),
    _attack("spaces-before-the-extension", f"Quyet dinh.pdf{' ' * 120}.scr", FORMAT, program),
    _attack("dot-behind-the-extension", "Quyet dinh.exe.", FORMAT),
    _attack("spaces-and-dots-behind", "Quyet dinh.bat . . ", FORMAT, decision_txt),
    _attack("upper-case-extension", "QUYET DINH.PDF.EXE", FORMAT),
    _attack("right-to-left-override", "Quyet dinh \u202efdp.docx", NAMED, decision_docx),
    _attack("right-to-left-override-program", "Quyet dinh \u202efdp.exe", NAMED, program),
    _attack("right-to-left-embedding", "Quyet dinh \u202bxcod.pdf", NAMED),
    _attack("right-to-left-isolate", "Quyet dinh \u2067xcod.pdf", NAMED),
    _attack("nul-in-the-name", "Quyet dinh.exe\x00.pdf", NAMED),
    _attack("path-out-of-the-folder", "../../../Startup/Quyet dinh.pdf", NAMED),
    _attack("windows-path-out-of-the-folder", "..\\..\\Startup\\Quyet dinh.pdf", NAMED),
    _attack("cyrillic-extension", "Quyet dinh.\u0440df", NAMED),
    _attack("greek-extension", "Quyet dinh.d\u03bfc", NAMED, decision_docx),
    _attack("wide-extension", "Quyet dinh.\uff45\uff58\uff45", NAMED),
    _attack("device", "CON.pdf", NAMED),
    _attack("device-with-a-number", "com1.quyet dinh.pdf", NAMED),
    _attack("class-id", "Quyet dinh.{3050F4D8-98B5-11CF-BB82-00AA00BDCE0B}", NAMED),
    _attack("stream-of-a-file", "Quyet dinh.pdf:an.exe", FORMAT),
    _attack("stream-with-a-type", "Quyet dinh.pdf::$DATA", NAMED),
)
