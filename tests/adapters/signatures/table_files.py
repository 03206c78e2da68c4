"""Cases of the table: when it was signed, what was signed, and what was done to the file afterwards."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from cryptography import x509
from cryptography.x509.oid import ExtendedKeyUsageOID as Purpose

from gateway.adapters.signatures import TrustAnchors
from tests.adapters.signatures.table_case import INVALID, UNTRUSTED, VALID, Case, Made
from tests.adapters.signatures.table_shapes import START, second, signed, strange, with_store
from tests.certificates import DAY, YEAR, crl, issue, rsa_key
from tests.pki import AGENCY, NOW, plain_pdf, replace_page_after_signing, stamp_document, tamper_after_signing

UNPROVEN_TIME = "dấu thời gian không kiểm chứng được"
ALTERED = "ngoài phạm vi cho phép"


def _file(make: Callable[[], bytes]) -> Callable[[], Made]:
    return lambda: (make(), second().anchors())


def _sealed(**options: object) -> bytes:
    return signed(second().seal, **options)  # type: ignore[arg-type]


def _stamp_revoked(reason: x509.ReasonFlags) -> Callable[[], Made]:
    def make() -> Made:
        said = crl(second().authority, NOW + 30 * DAY, [(second().stamp, NOW + DAY)], reason=reason)
        return _sealed(stamper=second().stamp), second().anchors((said,))

    return make


def _expired_since(stamped: bool) -> Callable[[], Made]:
    """Signed by one whose certificate ended the day before, with the time set back by a year."""

    def make() -> Made:
        leaf = issue(second().authority, AGENCY, START, years=1.5)
        stamper = second().stamp if stamped else None
        return signed(leaf, NOW - YEAR, stamper=stamper, stamped_at=NOW), second().anchors()

    return make


def _several(count: int) -> bytes:
    pdf = plain_pdf()
    for number in range(count):
        pdf = signed((second().person, second().seal)[number % 2], NOW, pdf, f"S{number}")
    return pdf


def _value_broken() -> bytes:
    """One hexadecimal digit of the signature's value changed: the last of the CMS message that is no padding."""
    pdf = bytearray(_sealed())
    end = pdf.index(b">", pdf.index(b"/Contents <3"))
    while pdf[end - 1] == ord("0"):
        end -= 1
    pdf[end - 1] = ord("1") if pdf[end - 1] != ord("1") else ord("2")
    return bytes(pdf)


def _renamed(old: bytes, new: bytes) -> Callable[[], bytes]:
    return lambda: _sealed().replace(old, new)


def _widened() -> bytes:
    """The gap of the byte range takes one signed byte more."""
    pdf = _sealed()
    start = pdf.index(b"/ByteRange [") + len(b"/ByteRange [")
    end = pdf.index(b"]", start)
    _, first, second_start, length = (int(number) for number in pdf[start:end].split())
    numbers = b"0 %d %d %d" % (first - 1, second_start, length)
    return pdf[:start] + numbers.ljust(end - start) + pdf[end:]


def _wrong_stamper() -> bytes:
    stamper = issue(second().authority, "Không phải TSA", START, purposes=(Purpose.SERVER_AUTH,), key=rsa_key())
    return _sealed(stamper=stamper)


def _stamped_by_stranger() -> Made:
    pdf = _sealed(stamper=strange().stamp)
    return pdf, second().anchors()


CASES = (
    Case("dấu thời gian tin cậy", _file(lambda: _sealed(stamper=second().stamp)), VALID, stamped=True),
    Case("dấu thời gian của người lạ", _stamped_by_stranger, VALID, UNPROVEN_TIME, stamped=False),
    Case("dấu thời gian bằng chứng thư sai mục đích", _file(_wrong_stamper), VALID, UNPROVEN_TIME, stamped=False),
    Case(
        "giờ Việt Nam ghi là UTC (lệch 7 giờ)",
        _file(lambda: signed(second().seal, NOW + timedelta(hours=7), stamper=second().stamp, stamped_at=NOW)),
        VALID,
        "giờ ký lệch 7 giờ",
        stamped=True,
    ),
    Case(
        "TSA bị thu hồi sau vì lộ khóa",
        _stamp_revoked(x509.ReasonFlags.key_compromise),
        VALID,
        UNPROVEN_TIME,
        stamped=False,
    ),
    Case("TSA bị thu hồi sau vì thay chứng thư", _stamp_revoked(x509.ReasonFlags.superseded), VALID, stamped=True),
    Case("chứng thư hết hạn, khai lùi giờ, có dấu thời gian", _expired_since(stamped=True), UNTRUSTED, "đã hết hạn"),
    Case("chứng thư hết hạn, khai lùi giờ, không dấu thời gian", _expired_since(stamped=False), VALID, stamped=False),
    Case(
        "dấu thời gian của cả văn bản",
        _file(lambda: stamp_document(_sealed(), second().stamp, NOW + DAY)),
        VALID,
        "bổ sung sau khi ký: 1 dấu thời gian",
        stamped=True,
    ),
    Case(
        "dấu thời gian của cả văn bản, do người lạ",
        _file(lambda: stamp_document(_sealed(), strange().stamp, NOW + DAY)),
        VALID,
        "1 dấu thời gian",
        stamped=False,
    ),
    Case("cá nhân ký, con dấu ký sau", _file(lambda: _several(2)), VALID, "bổ sung sau khi ký: 1 chữ ký số", which=0),
    Case("con dấu ký sau cùng", _file(lambda: _several(2)), VALID),
    Case("năm chữ ký", _file(lambda: _several(5)), VALID, "4 chữ ký số", which=0),
    Case("thêm dữ liệu kiểm chứng (DSS)", _file(lambda: with_store(_sealed(), [second().root])), VALID, "DSS"),
    Case("khóa tệp, không ai sửa", _file(lambda: _sealed(locks=True)), VALID),
    Case("khóa tệp, thêm dữ liệu kiểm chứng", _file(lambda: with_store(_sealed(locks=True), [second().root])), VALID),
    Case("khóa tệp, thay trang", _file(lambda: replace_page_after_signing(_sealed(locks=True))), INVALID, ALTERED),
    Case("sửa một byte đã ký", _file(lambda: tamper_after_signing(_sealed())), INVALID, "bị thay đổi sau khi ký"),
    Case("thay trang sau khi ký", _file(lambda: replace_page_after_signing(_sealed())), INVALID, ALTERED),
    Case(
        "thay trang rồi ký tiếp: chữ ký trước",
        _file(lambda: signed(second().seal, NOW, replace_page_after_signing(_sealed()), "T")),
        INVALID,
        ALTERED,
        which=0,
    ),
    Case(
        "thay trang rồi ký tiếp: chữ ký sau",
        _file(lambda: signed(second().seal, NOW, replace_page_after_signing(_sealed()), "T")),
        VALID,
    ),
    Case("sửa giá trị chữ ký", _file(_value_broken), INVALID, "giá trị chữ ký sai"),
    Case("ByteRange chừa thêm một byte", _file(_widened), INVALID, "không"),
    Case("thiếu /ByteRange", _file(_renamed(b"/ByteRange", b"/ByteRangx")), INVALID, "thiếu hoặc hỏng"),
    Case("thiếu /Contents", _file(_renamed(b"/Contents <3", b"/Contentx <3")), INVALID, "thiếu hoặc hỏng"),
    Case(
        "loại chữ ký lạ",
        _file(_renamed(b"/ETSI.CAdES.detached", b"/adbe.x509.rsa_sha99")),
        INVALID,
        "trái với tiêu chuẩn",
    ),
    Case(
        "con dấu mạo danh ký sau con dấu thật",
        _file(lambda: signed(strange().seal, NOW, _sealed(), "T")),
        UNTRUSTED,
        "Cơ quan chứng thực lạ",
    ),
    Case("không có thư mục tin cậy", lambda: (_sealed(), TrustAnchors()), UNTRUSTED, "gốc tin cậy"),
)
