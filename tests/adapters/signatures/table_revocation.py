"""Cases of the table: what lists and answers say of a certificate, and when it was said."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

from cryptography import x509
from cryptography.x509.oid import ExtendedKeyUsageOID as Purpose

from gateway.demo.pki import Identity
from gateway.model.signature import Revocation
from tests.adapters.signatures.table_case import UNTRUSTED, VALID, Case, Made
from tests.adapters.signatures.table_shapes import START, archiving, second, signed, strange, with_store
from tests.certificates import DAY, YEAR, answer, crl, issue
from tests.pki import AGENCY, NOW, stamp_document

YESTERDAY, TOMORROW = NOW - DAY, NOW + DAY
MONTH = 30 * DAY
UNCHECKED = "chưa kiểm tra được tình trạng thu hồi"
UNPROVEN = "không có dấu thời gian chứng minh đã ký trước đó"
GOOD, REVOKED, NOT_KNOWN = Revocation.GOOD, Revocation.REVOKED, Revocation.NOT_KNOWN


def _roots_list(issued_at: datetime = YESTERDAY) -> bytes:
    """What the root says: nothing against the authority."""
    return crl(second().root, issued_at, lasts=YEAR)


def _lists(*lists: bytes, pdf: Callable[[], bytes] | None = None, cached: bool = False) -> Made:
    """The seal's file with these lists and that of the root in the folder, or in the cache."""
    anchors = second().anchors((_roots_list(), *lists)) if not cached else second().anchors((), (), lists)
    return (pdf() if pdf else signed(second().seal)), anchors


def _answers(*answers: bytes) -> Made:
    return signed(second().seal), second().anchors((_roots_list(),), answers)


def _listed(since: datetime, issued_at: datetime, **options: object) -> bytes:
    """A list that names the seal."""
    return crl(second().authority, issued_at, [(second().seal, since)], **options)  # type: ignore[arg-type]


def _later(pdf: Callable[[], bytes]) -> Callable[[], Made]:
    """A file whose certificate was revoked ten days after the signing time that it claims."""
    return lambda: _lists(_listed(NOW + 10 * DAY, NOW + MONTH), pdf=pdf)


def _scoped(scope: x509.ExtensionType) -> Callable[[], Made]:
    return lambda: _lists(crl(second().authority, YESTERDAY, scope=scope))


def _distribution(
    *, indirect: bool = False, users: bool = False, authorities: bool = False, at: str | None = None
) -> x509.IssuingDistributionPoint:
    return x509.IssuingDistributionPoint(
        full_name=[x509.UniformResourceIdentifier(at)] if at else None,
        relative_name=None,
        only_contains_user_certs=users,
        only_contains_ca_certs=authorities,
        only_some_reasons=None,
        indirect_crl=indirect,
        only_contains_attribute_certs=False,
    )


def _responder(issuer: Identity, *, may: bool = True) -> Identity:
    purpose = Purpose.OCSP_SIGNING if may else Purpose.CLIENT_AUTH
    return issue(issuer, "OCSP kiểm thử", START, purposes=(purpose,))


def _delegated(issuer: Callable[[], Identity], *, may: bool = True) -> Callable[[], Made]:
    return lambda: _answers(
        answer(second().authority, second().seal, YESTERDAY, lasts=5 * DAY, responder=_responder(issuer(), may=may))
    )


def _answered(**options: object) -> Callable[[], Made]:
    options = {"lasts": 5 * DAY} | options
    return lambda: _answers(answer(second().authority, second().seal, YESTERDAY, **options))  # type: ignore[arg-type]


def _embedded(*, lists: bool) -> Made:
    """What is needed came with the file."""
    crls = [_roots_list()] + ([crl(second().authority, YESTERDAY)] if lists else [])
    ocsps = [] if lists else [answer(second().authority, second().seal, YESTERDAY, lasts=5 * DAY)]
    return with_store(signed(second().seal), crls=crls, ocsps=ocsps), second().anchors()


def _archived() -> Made:
    crls = [_roots_list(), crl(second().authority, YESTERDAY)]
    return signed(second().seal, archived=archiving(crls)), second().anchors()


def _outdated_praise() -> Made:
    pdf = with_store(signed(second().seal), ocsps=[answer(second().authority, second().seal, NOW - MONTH)])
    return pdf, second().anchors((_roots_list(), _listed(NOW - 2 * DAY, YESTERDAY)))


def _after_expiry() -> Made:
    leaf = issue(second().authority, AGENCY, START, years=2.1)
    late = crl(second().authority, NOW + YEAR, lasts=YEAR)
    return signed(leaf), second().anchors((_roots_list(), late))


CASES = (
    Case("CRL còn hạn, không có tên", lambda: _lists(crl(second().authority, YESTERDAY)), VALID, revocation=GOOD),
    Case(
        "CRL lập sau khi ký, không có tên", lambda: _lists(crl(second().authority, NOW + MONTH)), VALID, revocation=GOOD
    ),
    Case("không có CRL", lambda: (signed(second().seal), second().anchors()), VALID, UNCHECKED, NOT_KNOWN),
    Case(
        "chỉ có CRL của gốc",
        lambda: (signed(second().seal), second().anchors((_roots_list(),))),
        VALID,
        UNCHECKED,
        NOT_KNOWN,
    ),
    Case(
        "bị thu hồi trước khi ký (CRL)",
        lambda: _lists(_listed(NOW - 5 * DAY, YESTERDAY)),
        UNTRUSTED,
        "chứng thư đã bị thu hồi từ ngày 25/02/2026",
        REVOKED,
    ),
    Case(
        "bị thu hồi trước khi ký (CRL trong bộ đệm)",
        lambda: _lists(_listed(NOW - 5 * DAY, YESTERDAY), cached=True),
        UNTRUSTED,
        "đã bị thu hồi từ ngày",
        REVOKED,
    ),
    Case("bị thu hồi sau khi ký, giờ do người ký khai", _later(lambda: signed(second().seal)), UNTRUSTED, UNPROVEN),
    Case(
        "bị thu hồi sau khi ký, có dấu thời gian",
        _later(lambda: signed(second().seal, stamper=second().stamp)),
        VALID,
        stamped=True,
    ),
    Case(
        "bị thu hồi sau khi ký, dấu thời gian lạ",
        _later(lambda: signed(second().seal, stamper=strange().stamp)),
        UNTRUSTED,
        UNPROVEN,
        stamped=False,
    ),
    Case(
        "ký sau khi bị thu hồi, khai lùi giờ, dấu thời gian đúng",
        _later(lambda: signed(second().seal, stamper=second().stamp, stamped_at=NOW + 20 * DAY)),
        UNTRUSTED,
        "đã bị thu hồi từ ngày",
    ),
    Case(
        "bị thu hồi sau dấu thời gian của văn bản",
        _later(lambda: stamp_document(signed(second().seal), second().stamp, NOW + 5 * DAY)),
        VALID,
        stamped=True,
    ),
    Case(
        "bị thu hồi trước dấu thời gian của văn bản",
        _later(lambda: stamp_document(signed(second().seal), second().stamp, NOW + 20 * DAY)),
        UNTRUSTED,
        UNPROVEN,
    ),
    Case(
        "cơ quan cấp bị thu hồi",
        lambda: (
            signed(second().seal),
            second().anchors((crl(second().root, YESTERDAY, [(second().authority, NOW - MONTH)]),)),
        ),
        UNTRUSTED,
        "cơ quan cấp “CA phục vụ các cơ quan kiểm thử G2” đã bị thu hồi",
        REVOKED,
    ),
    Case("CRL hết hạn trước khi ký", lambda: _lists(crl(second().authority, NOW - MONTH)), VALID, UNCHECKED, NOT_KNOWN),
    Case(
        "CRL hết hạn mà có tên",
        lambda: _lists(_listed(NOW - 2 * MONTH, NOW - MONTH)),
        UNTRUSTED,
        "đã bị thu hồi từ ngày",
        REVOKED,
    ),
    Case(
        "CRL do người khác ký",
        lambda: _lists(crl(second().authority, YESTERDAY, signer=strange().authority)),
        VALID,
        UNCHECKED,
        NOT_KNOWN,
    ),
    Case(
        "CRL giả ghi tên người ký",
        lambda: _lists(_listed(NOW - 5 * DAY, YESTERDAY, signer=strange().authority)),
        VALID,
        UNCHECKED,
        NOT_KNOWN,
    ),
    Case("CRL của cơ quan khác", lambda: _lists(crl(strange().authority, YESTERDAY)), VALID, UNCHECKED, NOT_KNOWN),
    Case("CRL chỉ cho người dùng", _scoped(_distribution(users=True)), VALID, revocation=GOOD),
    Case("CRL chỉ cho CA", _scoped(_distribution(authorities=True)), VALID, UNCHECKED, NOT_KNOWN),
    Case("CRL gián tiếp", _scoped(_distribution(indirect=True)), VALID, UNCHECKED, NOT_KNOWN),
    Case(
        "CRL của điểm phân phối khác", _scoped(_distribution(at="http://crl.example.vn/2")), VALID, UNCHECKED, NOT_KNOWN
    ),
    Case("delta CRL", _scoped(x509.DeltaCRLIndicator(1)), VALID, UNCHECKED, NOT_KNOWN),
    Case(
        "đang bị tạm dừng",
        lambda: _lists(_listed(NOW - 5 * DAY, YESTERDAY, reason=x509.ReasonFlags.certificate_hold)),
        UNTRUSTED,
        "đã bị tạm dừng từ ngày",
    ),
    Case(
        "từng tạm dừng, CRL mới đã gỡ",
        lambda: _lists(
            _listed(NOW - MONTH, NOW - 20 * DAY, reason=x509.ReasonFlags.certificate_hold, lasts=MONTH),
            crl(second().authority, YESTERDAY),
        ),
        VALID,
        revocation=GOOD,
    ),
    Case(
        "lộ khóa trước khi ký, thu hồi sau",
        lambda: _lists(
            _listed(NOW + DAY, NOW + MONTH, reason=x509.ReasonFlags.key_compromise, invalid_since=NOW - DAY),
            pdf=lambda: signed(second().seal, stamper=second().stamp),
        ),
        UNTRUSTED,
        "đã bị thu hồi từ ngày 01/03/2026",
    ),
    Case("CRL lập khi chứng thư đã hết hạn", _after_expiry, VALID, UNCHECKED, NOT_KNOWN),
    Case("OCSP tốt, do CA trả lời", _answered(), VALID, revocation=GOOD),
    Case("OCSP tốt, do người được ủy quyền", _delegated(lambda: second().authority), VALID, revocation=GOOD),
    Case(
        "OCSP do người không được ủy quyền",
        _delegated(lambda: second().authority, may=False),
        VALID,
        UNCHECKED,
        NOT_KNOWN,
    ),
    Case("OCSP do CA khác ủy quyền", _delegated(lambda: strange().authority), VALID, UNCHECKED, NOT_KNOWN),
    Case("OCSP: thu hồi trước khi ký", _answered(revoked_at=NOW - MONTH), UNTRUSTED, "đã bị thu hồi từ ngày", REVOKED),
    Case("OCSP: không biết", _answered(unknown=True), VALID, UNCHECKED, NOT_KNOWN),
    Case("OCSP hết hạn trước khi ký", _answered(lasts=timedelta(hours=1)), VALID, UNCHECKED, NOT_KNOWN),
    Case(
        "OCSP về chứng thư khác",
        lambda: _answers(answer(second().authority, second().person, YESTERDAY, lasts=5 * DAY)),
        VALID,
        UNCHECKED,
    ),
    Case("CRL kèm trong tệp (DSS)", lambda: _embedded(lists=True), VALID, revocation=GOOD),
    Case("CRL kèm trong chữ ký (adbe.pkcs7.detached)", _archived, VALID, revocation=GOOD),
    Case("OCSP kèm trong tệp (DSS)", lambda: _embedded(lists=False), VALID, revocation=GOOD),
    Case("OCSP tốt đã cũ kèm trong tệp, CRL mới ghi thu hồi", _outdated_praise, UNTRUSTED, "đã bị thu hồi từ ngày"),
)
