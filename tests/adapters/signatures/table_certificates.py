"""Cases of the table: whose certificate it is, how it leads to a root, and what it was issued for."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import timedelta

from cryptography.hazmat.primitives import hashes
from cryptography.x509.oid import ExtendedKeyUsageOID as Purpose

from gateway.adapters.signatures import TrustAnchors
from gateway.demo.pki import Identity
from tests.adapters.signatures.table_case import UNTRUSTED, VALID, WEAK, Case, Made
from tests.adapters.signatures.table_shapes import START, World, both, first, second, signed, strange, with_store
from tests.certificates import CERTIFYING, YEAR, authority, issue, rsa_key, signed_anew
from tests.pki import AGENCY, NOW


def _by(make: Callable[[], Identity], anchors: Callable[[], TrustAnchors] | None = None) -> Callable[[], Made]:
    """A file signed by one, judged with the anchors of the second generation unless told otherwise."""
    return lambda: (signed(make()), anchors() if anchors else second().anchors())


def _leaf(**options: object) -> Callable[[], Made]:
    """A file signed by a certificate of this shape."""
    start = options.pop("start", START)
    return _by(lambda: issue(second().authority, AGENCY, start, **options))  # type: ignore[arg-type]


def _below(*above: Identity, root: Identity | None = None) -> Made:
    """A file signed below the last of `above`, all of which lie in the trust folder with the root."""
    anchors = TrustAnchors(((root or second().root).der,), tuple(each.der for each in above))
    return signed(issue(above[-1], AGENCY, NOW - timedelta(days=30))), anchors


def _under(name: str, *, certifies: bool = True, usage: Sequence[str] = CERTIFYING) -> Made:
    """A file signed below an authority that should be none."""
    return _below(issue(second().root, name, START, ca=certifies, usage=usage))


def _long(path: int | None) -> Made:
    middle = authority(second().root, "CA giữa", START, path=path)
    return _below(middle, authority(middle, "CA dưới", START))


def _with_md5() -> Made:
    root = authority(None, "Gốc MD5", START)
    key = rsa_key()
    middle = issue(root, "CA MD5", START, ca=True, usage=CERTIFYING, key=key)
    leaf = signed_anew(issue(middle, AGENCY, START), middle, hashes.MD5())  # noqa: S303 - to be refused
    return signed(leaf), TrustAnchors((root.der,), (middle.der,))


def _named_alike() -> Made:
    root = authority(None, "RootCA kiểm thử G2", START)
    below = authority(root, "CA phục vụ các cơ quan kiểm thử G2", START)
    return signed(issue(below, AGENCY, START)), second().anchors()


def _old_world() -> Made:
    long_ago = NOW - 12 * YEAR
    root = authority(None, "Gốc cũ", long_ago, years=5)
    below = authority(root, "CA cũ", long_ago, years=5)
    return signed(issue(below, AGENCY, long_ago), NOW - 9 * YEAR), TrustAnchors((root.der,), (below.der,))


def _expired_root() -> Made:
    root = authority(None, "Gốc hết hạn", START - 3 * YEAR, years=4)
    return _below(authority(root, "CA còn hạn", START), root=root)


def _weak_key() -> Made:
    world: World = second()
    return signed(issue(world.authority, AGENCY, START, key=rsa_key(1024))), world.anchors()


def _without_folder(change: Callable[[TrustAnchors], TrustAnchors]) -> Callable[[], Made]:
    return lambda: (signed(second().seal), change(second().anchors()))


CASES = (
    Case("con dấu, thế hệ 2", _by(lambda: second().seal), VALID),
    Case("cá nhân, thế hệ 2", _by(lambda: second().person), VALID),
    Case("con dấu, thế hệ 1 (SHA-1)", _by(lambda: first().seal, lambda: both(first())), WEAK, "SHA-1 trong chứng thư"),
    Case(
        "cá nhân, thế hệ 1 (SHA-1)", _by(lambda: first().person, lambda: both(first())), WEAK, "SHA-1 trong chứng thư"
    ),
    Case(
        "băm SHA-1, chứng thư thế hệ 2",
        lambda: (signed(second().seal, digest="sha1"), second().anchors()),
        WEAK,
        "SHA-1 trong chữ ký",
    ),
    Case("khóa RSA 1024 bit", _weak_key, WEAK, "khóa RSA dưới 2048 bit"),
    Case(
        "khóa RSA 2048 bit",
        lambda: (signed(issue(second().authority, AGENCY, START, key=rsa_key())), second().anchors()),
        VALID,
    ),
    Case("MD5 trong chuỗi chứng thư", _with_md5, UNTRUSTED, "thuật toán không được chấp nhận"),
    Case(
        "thiếu chứng thư trung gian",
        _without_folder(lambda anchors: replace(anchors, intermediates=())),
        UNTRUSTED,
        "thiếu chứng thư của cơ quan cấp “CA phục vụ các cơ quan kiểm thử G2”",
    ),
    Case(
        "chứng thư trung gian kèm trong tệp",
        lambda: (with_store(signed(second().seal), [second().authority]), TrustAnchors((second().root.der,))),
        VALID,
    ),
    Case(
        "chỉ tin chứng thư trung gian",
        _without_folder(lambda anchors: replace(anchors, roots=())),
        UNTRUSTED,
        "không tới được gốc tin cậy",
    ),
    Case("không tin chứng thư nào", _without_folder(lambda _: TrustAnchors()), UNTRUSTED, "gốc tin cậy"),
    Case("gốc lạ", _by(lambda: strange().seal), UNTRUSTED, "Cơ quan chứng thực lạ"),
    Case(
        "gốc lạ kèm trong tệp",
        lambda: (with_store(signed(strange().seal), [strange().root, strange().authority]), second().anchors()),
        UNTRUSTED,
        "“Gốc lạ” không thuộc danh mục tin cậy",
    ),
    Case("cơ quan chứng thực mạo tên", _named_alike, UNTRUSTED, "không kiểm chứng được"),
    Case("chứng thư tự ký", _by(lambda: issue(None, AGENCY, START)), UNTRUSTED, "không thuộc danh mục tin cậy"),
    Case("hết hạn trước khi ký", _leaf(start=NOW - 3 * YEAR, years=2), UNTRUSTED, "đã hết hạn từ ngày"),
    Case("chưa có hiệu lực khi ký", _leaf(start=NOW + timedelta(days=1)), UNTRUSTED, "chưa có hiệu lực"),
    Case("hết hạn sau khi ký", _leaf(years=2.1), VALID),
    Case("cả chuỗi hết hạn sau khi ký", _old_world, VALID),
    Case(
        "cơ quan cấp hết hạn trước khi ký",
        lambda: _below(authority(second().root, "CA ngắn hạn", START, years=1)),
        UNTRUSTED,
        "cơ quan cấp “CA ngắn hạn” đã hết hạn",
    ),
    Case("gốc hết hạn trước khi ký", _expired_root, UNTRUSTED, "“Gốc hết hạn” đã hết hạn"),
    Case("người cấp không phải CA", lambda: _under("Không phải CA", certifies=False), UNTRUSTED, "không có quyền cấp"),
    Case("CA không có keyCertSign", lambda: _under("CA sai", usage=("crl_sign",)), UNTRUSTED, "không có quyền cấp"),
    Case("chuỗi dài hơn pathLen", lambda: _long(0), UNTRUSTED, "dài hơn mức"),
    Case("chuỗi bốn cấp", lambda: _long(None), VALID),
    Case("chỉ dùng mã hóa khóa", _leaf(usage=("key_encipherment",)), UNTRUSTED, "không được cấp để ký văn bản"),
    Case("chỉ nonRepudiation (thế hệ 1 năm 2015)", _leaf(usage=("content_commitment",)), VALID),
    Case("chỉ digitalSignature", _leaf(usage=("digital_signature",)), VALID),
    Case("không ghi KeyUsage", _leaf(usage=None), VALID),
    Case("chứng thư máy chủ TLS", _leaf(purposes=(Purpose.SERVER_AUTH,)), UNTRUSTED, "không được cấp để ký văn bản"),
    Case("chứng thư cấp dấu thời gian", _by(lambda: second().stamp), UNTRUSTED, "không được cấp để ký văn bản"),
    Case("thư điện tử và đăng nhập", _leaf(purposes=(Purpose.EMAIL_PROTECTION, Purpose.CLIENT_AUTH)), VALID),
    Case("phần mở rộng bắt buộc không hiểu", _leaf(strange=True), UNTRUSTED, "không kiểm chứng được"),
    Case("CA tự ký văn bản", _by(lambda: second().authority), UNTRUSTED, "không được cấp để ký văn bản"),
)
