"""From pyHanko's findings to a verdict and its cause in Vietnamese (after Thông tư 15/2025/TT-BKHCN)."""

from __future__ import annotations

from datetime import datetime, timedelta

from asn1crypto import x509
from pyhanko.sign.ades.report import AdESIndeterminate
from pyhanko.sign.validation.status import PdfSignatureStatus, SignatureCoverageLevel
from pyhanko_certvalidator.registry import CertificateRegistry

from gateway.adapters.signatures.holder import issuer_name
from gateway.model.signature import Coverage, SignatureVerdict

WEAK_HASHES = {"sha1"}
SMALLEST_RSA_BITS = 2048
VIETNAM_OFFSET = timedelta(hours=7)
OFFSET_TOLERANCE = timedelta(minutes=15)
LONGEST_CHAIN = 10

NO_REVOCATION = "chưa kiểm tra được tình trạng thu hồi chứng thư vì không có CRL hoặc OCSP"
EXTENDED = "sau khi ký, tệp được bổ sung trong phạm vi cho phép"

BANNED = AdESIndeterminate.CRYPTO_CONSTRAINTS_FAILURE

UNTRUSTED = {
    AdESIndeterminate.OUT_OF_BOUNDS_NO_POE: "chứng thư không có hiệu lực tại thời điểm ký",
    AdESIndeterminate.CHAIN_CONSTRAINTS_FAILURE: "chứng thư không được cấp để ký văn bản",
}


def coverage_of(status: PdfSignatureStatus, *, contiguous: bool) -> Coverage:
    """What of the file is covered; `contiguous` tells that the gap in the byte range is the signature itself."""
    if contiguous and status.coverage == SignatureCoverageLevel.ENTIRE_FILE:
        return Coverage.WHOLE
    if contiguous and status.coverage == SignatureCoverageLevel.ENTIRE_REVISION and status.docmdp_ok:
        return Coverage.EXTENDED_ALLOWED
    return Coverage.MODIFIED


def conclude(
    status: PdfSignatureStatus, coverage: Coverage, registry: CertificateRegistry
) -> tuple[SignatureVerdict, str]:
    """The verdict and why. What breaks integrity comes before what breaks trust, and that before weakness."""
    problem = status.trust_problem_indic
    if broken := _broken(status, coverage):
        return SignatureVerdict.INVALID, broken
    weak = ", ".join(weaknesses(status))
    notes = [f"dùng thuật toán yếu ({weak})"] if weak else []
    notes += [EXTENDED] if coverage is Coverage.EXTENDED_ALLOWED else []
    if problem is not None:
        return SignatureVerdict.UNTRUSTED, "; ".join([_mistrust(status, registry), *notes])
    verdict = SignatureVerdict.VALID_WEAK if weak else SignatureVerdict.VALID
    return verdict, "; ".join(["chữ ký hợp lệ", *notes, NO_REVOCATION])


def weaknesses(status: PdfSignatureStatus) -> list[str]:
    """What of the signature and its chain is no longer allowed (only SHA-2 and SHA-3, RSA from 2048 bits)."""
    found = ["SHA-1 trong chữ ký"] if status.md_algorithm in WEAK_HASHES else []
    path = status.validation_path
    chain = list(path.iter_certs(include_root=False)) if path is not None else [status.signing_cert]
    found += ["SHA-1 trong chứng thư" for certificate in chain if _hash_of(certificate) in WEAK_HASHES][:1]
    found += [f"khóa RSA dưới {SMALLEST_RSA_BITS} bit" for certificate in chain if _short(certificate)][:1]
    return found


def time_notes(signed_at: datetime | None, stamp: datetime | None, *, stamped: bool, trusted: bool) -> list[str]:
    """Remarks on the times; `stamped` tells that there is a time stamp, `trusted` that it holds."""
    notes = ["dấu thời gian không kiểm chứng được"] if stamped and not trusted else []
    if signed_at and stamp and abs(signed_at - stamp - VIETNAM_OFFSET) < OFFSET_TOLERANCE:
        notes.append("giờ ký lệch 7 giờ so với dấu thời gian, có thể do ghi giờ Việt Nam thành giờ UTC")
    return notes


def _broken(status: PdfSignatureStatus, coverage: Coverage) -> str | None:
    if not status.intact:
        return "nội dung tệp không khớp với chữ ký, tệp đã bị thay đổi sau khi ký"
    if not status.valid:
        return "giá trị chữ ký sai"
    if coverage is Coverage.MODIFIED:
        return "tệp bị sửa đổi sau khi ký ngoài phạm vi cho phép, hoặc chữ ký không bao trùm tệp"
    if status.trust_problem_indic is BANNED:
        return "chữ ký dùng thuật toán không được chấp nhận"
    return None


def _mistrust(status: PdfSignatureStatus, registry: CertificateRegistry) -> str:
    problem = status.trust_problem_indic
    if problem is AdESIndeterminate.NO_CERTIFICATE_CHAIN_FOUND:
        return _missing_issuer(status.signing_cert, registry)
    default = "chuỗi chứng thư của chữ ký không kiểm chứng được tại thời điểm ký"
    return UNTRUSTED.get(problem, default) if isinstance(problem, AdESIndeterminate) else default


def _missing_issuer(certificate: x509.Certificate, registry: CertificateRegistry) -> str:
    for _ in range(LONGEST_CHAIN):
        if certificate.subject == certificate.issuer:
            break
        issuers = registry.retrieve_by_name(certificate.issuer)
        if not issuers:
            return f"thiếu chứng thư của cơ quan cấp “{issuer_name(certificate)}” nên không tới được gốc tin cậy"
        certificate = issuers[0]
    return f"chứng thư gốc “{issuer_name(certificate)}” không thuộc danh mục tin cậy"


def _hash_of(certificate: x509.Certificate) -> str | None:
    try:
        return str(certificate["signature_algorithm"].hash_algo)
    except ValueError:
        return None


def _short(certificate: x509.Certificate) -> bool:
    key = certificate.public_key
    return bool(key.algorithm == "rsa" and key.bit_size < SMALLEST_RSA_BITS)
