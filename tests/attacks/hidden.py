"""Programs and secrets declared as what mail programs pass over: traces, signatures, invitations, pieces of a body."""

from __future__ import annotations

from collections.abc import Callable

from tests.attacks.attack import Attack
from tests.attacks.ole_builder import compound
from tests.attacks.types import program
from tests.documents import decision_docx

FORMAT = frozenset({"allowed_format"})
VBS = b'Set sh = CreateObject("WScript.Shell")\r\nsh.Run "calc.exe", 0, False\r\n'
PAGE = b"<html><body><script>location='http://203.0.113.7/'</script></body></html>"
HEADED = b"From: a@b.example\r\nSubject: x\r\n\r\n"
SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
BAT = b"Subject: x\r\nFrom: y\r\n@echo off\r\ncalc.exe\r\n"


def _attack(
    name: str, file_name: str, declared: str, make: Callable[[], bytes], expect: frozenset[str] = FORMAT
) -> Attack:
    return Attack(name, "hidden", file_name, declared, make, expect)


def macro_sheet() -> bytes:
    """A macro sheet of Excel 4 without the compound file around it."""
    return b"\x09\x04\x06\x00\x00\x00\x40\x00\x00\x00" + b"\x0a\x00\x00\x00"


ATTACKS = (
    _attack("hidden-deleted-program", "setup.exe", "text/x-moz-deleted", program),
    _attack("hidden-deleted-script", "hoadon.vbs", "text/x-moz-deleted", lambda: VBS),
    _attack("hidden-fork-program", "hoadon.pdf", "application/applefile", program),
    _attack("hidden-pgp-signature-script", "hoadon.vbs", "application/pgp-signature", lambda: VBS),
    _attack("hidden-smime-signature-script", "hoadon.js", "application/pkcs7-signature", lambda: b"alert(1)"),
    _attack("hidden-pgp-control-script", "hoadon.vbs", "application/pgp-encrypted", lambda: VBS),
    _attack("hidden-invitation-script", "moihop.vbs", "text/calendar", lambda: VBS),
    _attack("hidden-invitation-by-content", "moihop.bat", "text/calendar", lambda: b"BEGIN:VCALENDAR\r\ncalc\r\n"),
    _attack("hidden-card-document", "van ban.doc", "text/vcard", lambda: b"BEGIN:VCARD\r\nEND:VCARD\r\n"),
    _attack("hidden-report-script", "loi.vbs", "message/delivery-status", lambda: VBS),
    _attack("hidden-reference-program", "hoadon.exe", "message/external-body", lambda: HEADED),
    _attack("hidden-exchange-page", "ATT00001.htm", "text/html", lambda: PAGE),
    _attack("hidden-headed-hta", "hoadon.hta", "text/plain", lambda: HEADED + PAGE),
    _attack("hidden-headed-hta-as-message", "hoadon.hta", "message/rfc822", lambda: HEADED + PAGE),
    _attack("hidden-headed-page-as-message", "hoadon.doc", "message/rfc822", lambda: HEADED + PAGE),
    _attack("hidden-headed-bat", "chay.bat", "application/octet-stream", lambda: BAT),
    _attack("hidden-live-picture", "anh.svg", "image/svg+xml", lambda: SVG),
    _attack(
        "hidden-macro-sheet",
        "so lieu.xls",
        "application/vnd.ms-excel",
        macro_sheet,
        frozenset({"active_content", "readable"}),
    ),
    _attack(
        "hidden-program-behind-a-drawing",
        "ban ve.dgn",
        "image/vnd.dgn",
        lambda: compound({"Khac": bytes(5000)}) + program(),
        frozenset({"active_content", "allowed_format"}),
    ),
    _attack(
        "hidden-deleted-secret",
        "van ban.docx",
        "text/x-moz-deleted",
        lambda: decision_docx(mark="TUYỆT MẬT"),
        frozenset({"state_secret"}),
    ),
)
