"""No declaration, place or name makes the rules look away from a file."""

from __future__ import annotations

from pathlib import Path

import pytest

from gateway.adapters.active import PartlyExamined, examine
from gateway.adapters.filetype import contradictions, sniff
from gateway.model.facts import ActiveKind
from gateway.model.part import CARRIES_DOCUMENT, PartDecision
from tests.adapters.mime.mails import HEAD, PDF, attached, encoded, leaf, multipart, png, text_part
from tests.attacks.archive_builder import zipped
from tests.attacks.attack import Attack
from tests.attacks.hidden import ATTACKS, PAGE, SVG, VBS, macro_sheet
from tests.attacks.test_types import DOUBLE, LIMITS, judged, judged_mail, strict
from tests.attacks.types import program

BY_RULES_ON_FILES = [each for each in ATTACKS if each.expect & {"allowed_format"}]
GIF = b"GIF89a\x01\x00\x01\x00\x00\x00\x00,\x00\x00\x00\x00\x01\x00\x01\x00\x00\x02\x02D\x01\x00;"


@pytest.mark.parametrize("disposition", ["attachment", "inline"])
@pytest.mark.parametrize("around", ["mixed", "alternative", "appledouble", "signed", "related"])
@pytest.mark.parametrize("attack", BY_RULES_ON_FILES, ids=lambda attack: attack.name)
def test_what_is_declared_harmless_is_judged_all_the_same(attack: Attack, around: str, disposition: str) -> None:
    head = f'Content-Type: {attack.declared_type}\r\nContent-Disposition: {disposition}; filename="{attack.file_name}"'
    hidden = multipart(around, text_part("Kính gửi"), leaf(attack.make(), head), boundary="an")
    _, findings = judged_mail(HEAD + multipart("mixed", hidden, attached(PDF, "cv.pdf")))
    assert strict(findings) & attack.expect, findings


def test_a_secret_declared_a_trace_is_a_document() -> None:
    (attack,) = (each for each in ATTACKS if each.name == "hidden-deleted-secret")
    head = f'Content-Type: {attack.declared_type}; name="{attack.file_name}"'
    parsed, _ = judged_mail(HEAD + multipart("mixed", text_part("x"), leaf(attack.make(), head)))
    assert parsed.parts[-1].decision in CARRIES_DOCUMENT


@pytest.mark.parametrize(
    ("content", "name"),
    [(SVG, "logo.svg"), (SVG, ""), (GIF + program(), "logo.exe"), (GIF, "logo.exe"), (GIF + program(), "logo.gif")],
)
def test_what_a_page_shows_is_no_hiding_place(content: bytes, name: str) -> None:
    named = f'; name="{name}"' if name else ""
    picture = leaf(content, f"Content-Type: image/gif{named}\r\nContent-ID: <p>\r\nContent-Disposition: inline")
    related = multipart("related", text_part('<img src="cid:p">', "html"), picture, boundary="r")
    _, findings = judged_mail(HEAD + multipart("mixed", related, attached(PDF, "cv.pdf")))
    assert strict(findings) & {"allowed_format", "active_content"}


def test_a_picture_beyond_reason_is_not_decoration() -> None:
    huge = png(1, 1).replace((1).to_bytes(4) * 2, (60_000).to_bytes(4) * 2, 1)
    picture = leaf(huge, "Content-Type: image/png; name=a.png\r\nContent-ID: <p>")
    related = multipart("related", text_part('<img src="cid:p">', "html"), picture, boundary="r")
    parsed, _ = judged_mail(HEAD + related)
    assert parsed.parts[-1].decision is PartDecision.DOCUMENT


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("__MACOSX/setup.exe", program()),
        ("__MACOSX/._setup.exe", program()),
        ("desktop.ini", program()),
        ("a/desktop.ini", VBS),
        ("desktop.ini", b"[.ShellClassInfo]\r\nIconResource=\\\\203.0.113.7\\a\\b.ico\r\n"),
        ("Thumbs.db", program()),
        (".DS_Store", VBS),
        ("__MACOSX/trang.html", PAGE),
    ],
)
def test_files_of_desktops_in_archives_are_told_by_content(name: str, content: bytes) -> None:
    _, findings = judged({"Hồ sơ.zip": zipped({"cv.pdf": PDF, name: content})}, LIMITS)
    assert "allowed_format" in strict(findings)


def test_what_desktops_do_leave_in_archives_hurts_nobody() -> None:
    inside = {
        "cv.pdf": PDF,
        "__MACOSX/._cv.pdf": DOUBLE,
        ".DS_Store": b"\x00\x00\x00\x01Bud1" + bytes(40),
        "desktop.ini": b"\xff\xfe" + "[.ShellClassInfo]\r\nIconResource=C:\\a.dll,4\r\n".encode("utf-16-le"),
    }
    parsed, findings = judged({"Hồ sơ.zip": zipped(inside)}, LIMITS)
    assert [part.decision.value for part in parsed.parts if part.path.startswith("2.")].count("ignored") == 3
    assert strict(findings) == set()


def test_what_mail_programs_do_add_hurts_nobody() -> None:
    helpers = (
        text_part("echo off là lệnh của Windows"),
        "Content-Type: text/calendar; name=invite.ics\r\n\r\nBEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n",
        "Content-Type: text/plain; name=ATT00001.txt\r\nContent-Disposition: attachment\r\n\r\nTrân trọng\r\n",
        leaf(
            b"<html><head><meta http-equiv=Content-Type content=text/html></head><body>x</body></html>",
            "Content-Type: text/html; name=ATT00002.htm\r\nContent-Disposition: attachment",
        ),
        leaf(bytes(227), "Content-Type: application/pkcs7-signature; name=smime.p7s"),
        'Content-Type: message/rfc822; name="Thu cu.eml"\r\n\r\n' + HEAD + text_part("thư cũ"),
        'Content-Type: application/octet-stream; name="Cong van 12.2017"\r\nContent-Transfer-Encoding: base64\r\n\r\n'
        + encoded((HEAD + text_part("thư cũ")).encode()),
    )
    parsed, findings = judged_mail(HEAD + multipart("mixed", *helpers, attached(PDF, "cv.pdf")))
    assert [part.name for part in parsed.parts if part.decision is PartDecision.DOCUMENT] == ["cv.pdf"]
    assert strict(findings) == set()


@pytest.mark.parametrize(
    "content",
    [
        b'<?xml version="1.0"?><?mso-application progid="Word.Document"?><metadata/>',
        b'<?xml version="1.0"?><?xml-stylesheet href="http://203.0.113.7/a.xsl"?><metadata/>',
        b'<!DOCTYPE m [<!ENTITY a SYSTEM "http://203.0.113.7/">]><m>&a;</m>',
        b'<m><x:script xmlns:x="http://www.w3.org/1999/xhtml">alert(1)</x:script></m>',
        b'<m><x:script xmlns:x="http&#58;//www.w3.org/1999/xhtml">alert(1)</x:script></m>',
        b'<w:wordDocument xmlns:w="http://schemas.microsoft.com/office/word/2003/wordml"/>',
        b'<?xml version="1.0" encoding="utf-7"?><m>+ADw-</m>',
        b"<?xml version='1.0'?><m><n></m>",
    ],
)
def test_xml_beside_a_map_is_data_alone(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "Ban do.shp.xml"
    file.write_bytes(content)
    assert sniff(file) in {"application/xml", "text/plain"}
    assert [each.kind for each in contradictions(file, "application/xml")] == [ActiveKind.POLYGLOT]


@pytest.mark.parametrize(
    "content",
    [
        b'<?xml version="1.0"?><!--<!DOCTYPE metadata SYSTEM "http://www.esri.com/a.dtd">--><metadata xml:lang="vi"/>',
        b'<metadata><idAbs>&lt;DIV xmlns="http://www.w3.org/1999/xhtml"&gt;&lt;/DIV&gt;</idAbs></metadata>',
        b'<gmd:MD_Metadata xmlns:gmd="http://www.isotc211.org/2005/gmd"/>',
        '<?xml version="1.0" encoding="UTF-16"?><metadata>Bản đồ</metadata>'.encode("utf-16"),
    ],
)
def test_descriptions_of_maps_are_taken(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "Ban do.shp.xml"
    file.write_bytes(content)
    assert contradictions(file, "application/xml") == ()


def test_a_macro_sheet_without_its_compound_file_is_told(tmp_path: Path) -> None:
    file = tmp_path / "a.xls"
    file.write_bytes(macro_sheet())
    assert [each.kind for each in examine(file, sniff(file))] == [ActiveKind.XLM_MACRO]


def test_an_old_workbook_without_its_compound_file_is_not_taken_for_examined(tmp_path: Path) -> None:
    file = tmp_path / "a.xls"
    file.write_bytes(macro_sheet().replace(b"\x40", b"\x10"))
    with pytest.raises(PartlyExamined):
        examine(file, sniff(file))
