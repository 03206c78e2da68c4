"""What the signatures of whole and of altered files are worth, and why."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from gateway.adapters.signatures.anchors import TrustAnchors
from gateway.model.signature import SignatureVerdict as Verdict
from tests import pki
from tests.adapters.signatures.ooxml_alterations import (
    BODY,
    OFFICE,
    WORD_RELS,
    added,
    added_properties,
    altered,
    bound,
    by_libreoffice,
    doubled,
    first_anchors,
    first_generation,
    hidden_member,
    in_signature,
    other_local_name,
    read,
    refitted,
    related,
    renamed,
    revoked,
    rsa_seal,
    signed,
    signed_sheet,
    stamped,
    twice,
    without,
    wrapped,
)
from tests.adapters.signatures.ooxml_signer import C14N, Way, document, sign
from tests.pki import NOW

AGAIN = '<Relationship Id="rId1" Type="a" Target="b"/>'
TEMPLATE = (
    f'<Relationship Id="rId98" Type="{OFFICE}/attachedTemplate" Target="http://a.example/" TargetMode="External"/>'
)
VALUE = "(<SignatureValue[^>]*>)."
HOLDS = "hợp lệ"
NOT_DONE = "không được hỗ trợ"
LATER = datetime(2026, 12, 1, tzinfo=NOW.tzinfo)


@dataclass(frozen=True, slots=True)
class Case:
    """A file, what each of its signatures is worth, and a part of the cause."""

    name: str
    make: Callable[[], bytes]
    verdicts: tuple[Verdict, ...]
    cause: str
    anchors: Callable[[], TrustAnchors] = pki.anchors
    today: datetime = NOW + timedelta(days=1)


def cases() -> tuple[Case, ...]:
    """All of them."""
    valid, weak, untrusted = (Verdict.VALID,), (Verdict.VALID_WEAK,), (Verdict.UNTRUSTED,)
    invalid, unknown = (Verdict.INVALID,), (Verdict.UNKNOWN,)
    word = "“/word/document.xml”"
    changed = f"phần {word} đã bị thay đổi"
    return (
        Case("docx whole", signed, valid, HOLDS),
        Case("xlsx whole", signed_sheet, valid, HOLDS),
        Case("docx signed by LibreOffice (RSA)", lambda: read("quyet-dinh.docx"), valid, HOLDS, by_libreoffice, LATER),
        Case("xlsx signed by LibreOffice (ECDSA)", lambda: read("du-toan.xlsx"), valid, HOLDS, by_libreoffice, LATER),
        Case("relationships selected by type", lambda: signed(Way(by_type=True)), valid, HOLDS),
        Case("RSA PKCS#1 v1.5", lambda: sign(document(), rsa_seal()), valid, HOLDS),
        Case("RSA-PSS", lambda: sign(document(), rsa_seal(), Way(pss=True)), valid, HOLDS),
        Case("SHA-512", lambda: signed(Way(digest="sha512")), valid, HOLDS),
        Case("person, then seal", twice, valid * 2, HOLDS),
        Case("time stamp of a trusted authority", lambda: stamped(pki.pki().stamp), valid, HOLDS),
        Case("time stamp of a strange authority", lambda: stamped(pki.strange_stamper()), valid, HOLDS),
        Case("properties changed", added_properties, valid, HOLDS),
        Case("SHA-1", lambda: signed(Way(digest="sha1")), weak, "SHA-1 trong chữ ký"),
        Case("chain of the first generation", first_generation, weak, "SHA-1 trong chứng thư", first_anchors),
        Case("signer of a strange PKI", lambda: sign(document(), pki.stranger()), untrusted, "gốc"),
        Case("signer's certificate over", lambda: sign(document(), pki.expired()), untrusted, "hết hạn"),
        Case("signer revoked before", signed, untrusted, "thu hồi", revoked),
        Case("a word changed", lambda: altered(BODY, "bổ nhiệm", "bãi nhiệm"), invalid, changed),
        Case(
            "a cell changed",
            lambda: altered("xl/worksheets/sheet1.xml", "1000000", "9000000", signed_sheet()),
            invalid,
            "“/xl/worksheets/sheet1.xml” đã bị thay đổi",
        ),
        Case(
            "a word changed, LibreOffice",
            lambda: altered(BODY, "bổ nhiệm", "bãi nhiệm", read("quyet-dinh.docx")),
            invalid,
            changed,
            by_libreoffice,
            LATER,
        ),
        Case(
            "a relationship's target changed, LibreOffice",
            lambda: altered(WORD_RELS, "styles.xml", "stylez.xml", read("quyet-dinh.docx")),
            invalid,
            "document.xml.rels” đã bị thay đổi",
            by_libreoffice,
            LATER,
        ),
        Case(
            "a cell changed, LibreOffice",
            lambda: altered("xl/sharedStrings.xml", "Kinh phí", "Kinh phi", read("du-toan.xlsx")),
            invalid,
            "“/xl/sharedStrings.xml” đã bị thay đổi",
            by_libreoffice,
            LATER,
        ),
        Case("styles changed", lambda: altered("word/styles.xml", "<w:sz ", "<w:sZ "), invalid, "“/word/styles.xml”"),
        Case("a part removed", lambda: without("word/settings.xml"), invalid, "“/word/settings.xml” đã bị xóa"),
        Case("a part added, related to nothing", lambda: added("word/extra.xml"), invalid, "“/word/extra.xml” không"),
        Case(
            "a header added by a relationship",
            lambda: related(WORD_RELS, f"{OFFICE}/header", "header9.xml"),
            invalid,
            "quan hệ “rId99” trong phần “/word/_rels/document.xml.rels” không",
        ),
        Case(
            "a relationship of a signed type added",
            lambda: related(WORD_RELS, f"{OFFICE}/styles", "styles9.xml", signed(Way(by_type=True))),
            invalid,
            "document.xml.rels” đã bị thay đổi",
        ),
        Case(
            "a second main document",
            lambda: related("_rels/.rels", f"{OFFICE}/officeDocument", "word/other.xml"),
            invalid,
            "quan hệ “rId99” trong phần “/_rels/.rels” không",
        ),
        Case(
            "a relationship pointed elsewhere",
            lambda: altered(WORD_RELS, 'Target="styles.xml"', 'Target="fontTable.xml"'),
            invalid,
            "document.xml.rels” đã bị thay đổi",
        ),
        Case(
            "a relationship with the id of another",
            lambda: altered(WORD_RELS, "</Relationships>", f"{AGAIN}</Relationships>"),
            invalid,
            "mã quan hệ trùng nhau",
        ),
        Case(
            "an external target",
            lambda: altered(
                WORD_RELS,
                "</Relationships>",
                f"{TEMPLATE}</Relationships>",
            ),
            invalid,
            "quan hệ “rId98”",
        ),
        Case(
            "a content type changed",
            lambda: altered("[Content_Types].xml", "document.main+xml", "template.main+xml"),
            invalid,
            f"loại nội dung của phần {word} đã bị đổi",
        ),
        Case("a member twice", lambda: doubled(BODY), invalid, "có hai bản"),
        Case("a member twice in capitals", lambda: added("WORD/DOCUMENT.XML"), invalid, "có hai bản"),
        Case("a member the directory does not list", hidden_member, invalid, "nằm ngoài các phần"),
        Case("a member with another name in its header", other_local_name, invalid, "khác nhau"),
        Case("bytes before the package", lambda: b"MZ" + signed(), invalid, "nằm ngoài các phần"),
        Case("bytes after the package", lambda: signed() + b"x", invalid, "dữ liệu thừa"),
        Case("manifest made to fit", lambda: refitted(info_too=False), invalid, "danh mục nội dung được ký đã bị"),
        Case("manifest and SignedInfo made to fit", lambda: refitted(info_too=True), invalid, "giá trị chữ ký sai"),
        Case("signed object wrapped away, same Id", lambda: wrapped(same_id=True), invalid, "cùng một mã Id"),
        Case("signed object wrapped away, other Id", lambda: wrapped(same_id=False), invalid, "ngoài danh mục"),
        Case(
            "SignedInfo refers to a part",
            lambda: sign(
                document(),
                pki.pki().seal,
                Way(edit_info=lambda text: text.replace('URI="#idOfficeObject"', 'URI="/word/document.xml"')),
            ),
            invalid,
            "ngoài danh mục",
        ),
        Case(
            "manifest refers to the Internet",
            lambda: renamed("/word/styles.xml?", "http://a.example/styles.xml?"),
            invalid,
            "nằm ngoài gói",
        ),
        Case(
            "manifest refers to the signature itself",
            lambda: renamed('URI="/word/styles.xml?ContentType=', 'URI="#idOfficeObject?ContentType='),
            invalid,
            "nằm ngoài gói",
        ),
        Case(
            "styles never signed",
            lambda: signed(Way(left_out=frozenset({"word/styles.xml"}))),
            invalid,
            "“/word/styles.xml” không được chữ ký bao trùm",
        ),
        Case(
            "relationships of the text never signed",
            lambda: signed(Way(left_out=frozenset({WORD_RELS}))),
            invalid,
            "document.xml.rels” không được chữ ký bao trùm",
        ),
        Case(
            "time of signing changed",
            lambda: in_signature("<xd:SigningTime>2026", "<xd:SigningTime>2025"),
            invalid,
            "danh mục nội dung được ký đã bị",
        ),
        Case(
            "another's certificate put beside it",
            lambda: signed(Way(certificate=pki.pki().person.der)),
            invalid,
            "không phải chứng thư",
        ),
        Case("another's value", lambda: in_signature(VALUE, r"\1/"), invalid, "giá trị chữ ký sai"),
        Case("ECDSA value in DER", lambda: signed(Way(der_value=True)), invalid, "giá trị chữ ký sai"),
        Case("no certificate", lambda: in_signature("<KeyInfo>.*</KeyInfo>", ""), unknown, "không kèm chứng thư"),
        Case("MD5", lambda: renamed("xmlenc#sha256", "xmldsig-more#md5"), invalid, "không được chấp nhận"),
        Case("an algorithm nobody knows", lambda: renamed("xmlenc#sha256", "xmlenc#sha999"), unknown, NOT_DONE),
        Case("an unknown transform", lambda: renamed(f'"{C14N}"></Tr', '"urn:x"></Tr'), unknown, "urn:x"),
        Case("HMAC", lambda: renamed("ecdsa-sha256", "hmac-sha256"), unknown, NOT_DONE),
        Case(
            "a document type in the signature",
            lambda: in_signature("<Signature ", '<!DOCTYPE a [<!ENTITY b "c">]><Signature '),
            invalid,
            "DOCTYPE",
        ),
        Case("a signature that is no XML", lambda: in_signature("</Signature>", ""), invalid, "không phải XML"),
        Case(
            "a signature no relationship leads to",
            lambda: altered("_rels/.rels", "digital-signature/origin", "digital-signature/other"),
            invalid,
            "không được gói tài liệu nối tới",
        ),
        Case(
            "text drawn from unsigned properties",
            lambda: bound("{6C3C8BC8-F283-45AE-878A-BAB7291924A1}"),
            unknown,
            "lấy chữ từ phần “/docProps/",
        ),
        Case("text drawn from unsigned custom XML", lambda: bound("{A}"), unknown, "“/customXml/item1.xml”"),
    )
