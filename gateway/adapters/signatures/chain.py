"""One signer's certificate judged: its path to an anchor, use, validity and revocation at the time of signing."""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import Enum
from functools import lru_cache
from itertools import pairwise

from asn1crypto import x509
from pyhanko.sign.validation.utils import CMSAlgorithmUsagePolicy
from pyhanko_certvalidator import ValidationContext
from pyhanko_certvalidator.authority import CertTrustAnchor
from pyhanko_certvalidator.errors import DisallowedAlgorithmError, ValidationError
from pyhanko_certvalidator.path import ValidationPath
from pyhanko_certvalidator.policy_decl import DisallowWeakAlgorithmsPolicy
from pyhanko_certvalidator.validate import validate_path

from gateway.adapters.signatures.anchors import TrustAnchors
from gateway.adapters.signatures.holder import common_name, issuer_name
from gateway.adapters.signatures.paths import Path, as_far_as_known, candidate_paths
from gateway.adapters.signatures.revocation import HARMLESS, ON_HOLD, Source, Statement, sources, statement_on
from gateway.clock import VIETNAM
from gateway.model.signature import CertificateFacts, Proof, ProofKind, Revocation, RevocationFacts

logging.getLogger("pyhanko_certvalidator").setLevel(logging.CRITICAL + 1)  # its messages quote the stranger's file

ALGORITHMS = CMSAlgorithmUsagePolicy.lift_policy(
    DisallowWeakAlgorithmsPolicy(  # type: ignore[no-untyped-call] # its constructor has no types
        weak_hash_algos=frozenset({"md2", "md4", "md5"}), rsa_key_size_threshold=1024
    )
)
"""SHA-1 passes here, or nothing more could be learnt of the chain; `weaknesses` then names it."""

WEAK_HASHES = {"sha1"}
SMALLEST_RSA_BITS = 2048
MOST_OTHERS = 30
"""So many certificates beside the signer's are looked at: paths through a heap of them could be without end."""

SIGNING_USAGE = {"digital_signature", "non_repudiation"}
OTHER_PURPOSES = {"server_auth", "code_signing", "time_stamping", "ocsp_signing"}
"""A certificate whose extended key usage names nothing but these was not issued to sign documents or mail."""

WRONG_USE = "chứng thư không được cấp để ký văn bản"
BANNED = "chuỗi chứng thư dùng thuật toán không được chấp nhận"
NO_PATH = "chuỗi chứng thư của chữ ký không kiểm chứng được tại thời điểm ký"
REVOKED_UNPROVEN = "chứng thư đã bị thu hồi và không có dấu thời gian chứng minh đã ký trước đó"


class Use(Enum):
    """What a certificate has to be issued for: to sign documents and mail, or to give time stamps (RFC 3161)."""

    SIGNING = "signing"
    STAMPING = "stamping"


@dataclass(frozen=True, slots=True)
class ChainVerdict:
    """Whether a certificate may stand behind a signature made at a moment.

    `trusted` is None where that could not be found out. `cause` is Vietnamese: why it is not trusted, "" where it is.
    `weak` names what of the chain is no longer allowed (SHA-1, short keys), in Vietnamese.
    """

    trusted: bool | None
    cause: str
    weak: tuple[str, ...]
    chain: tuple[CertificateFacts, ...]
    revocation: Revocation
    revocations: tuple[RevocationFacts, ...]
    proofs: tuple[Proof, ...]


def judge_chain(
    certificate: x509.Certificate,
    others: Sequence[x509.Certificate],
    anchors: TrustAnchors,
    moment: datetime,
    *,
    proven: bool = False,
    existed_by: datetime | None = None,
    use: Use = Use.SIGNING,
    crls: Sequence[bytes] = (),
    ocsps: Sequence[bytes] = (),
) -> ChainVerdict:
    """Judge `certificate` at `moment` (aware); `others` came with the signature and only help to build the path.

    `proven` tells that a trusted time stamp stands behind the moment, `existed_by` names a later moment at which
    another one (over the whole document) found the signature there. A certificate that was revoked, but not after
    either, is not trusted: its holder could have signed and dated back. `crls` and `ocsps` (RFC 6960 responses) came
    with the signature, in DER; those of `anchors` are heard as well. Not for use inside an event loop.
    """
    known = [*anchors.intermediate_certificates(), *others[:MOST_OTHERS]]
    try:
        path, cause = _path(certificate, known, anchors.root_certificates(), use, moment)
        statements = _statements(path, sources(anchors, crls, ocsps), moment) if not cause else []
    except MemoryError:
        raise
    except Exception as problem:  # noqa: BLE001 - certificates are foreign: whatever breaks leaves trust unknown
        name = type(problem).__name__
        return ChainVerdict(None, f"không kiểm tra được chuỗi chứng thư ({name})", (), (), Revocation.NOT_KNOWN, (), ())
    said = [each for each in statements if each is not None]
    revoked = _revoked(path, statements, moment, moment if proven else existed_by, use)
    cause = cause or revoked
    all_said = bool(statements) and None not in statements
    return ChainVerdict(
        trusted=not cause,
        cause=cause,
        weak=tuple(weaknesses(path if not cause else path[:1])),
        chain=tuple(_facts(each) for each in path),
        revocation=Revocation.REVOKED if revoked else Revocation.GOOD if all_said else Revocation.NOT_KNOWN,
        revocations=tuple(each.facts for each in said),
        proofs=tuple(dict.fromkeys([*(_proof(each) for each in path), *(each.proof for each in said)])),
    )


def weaknesses(chain: Sequence[x509.Certificate]) -> list[str]:
    """What of a chain is no longer allowed (TT 15/2025: SHA-2 and SHA-3, RSA from 2048 bits); roots do not count."""
    below = [each for each in chain if each.subject != each.issuer] or list(chain[:1])
    found = ["SHA-1 trong chứng thư"] if any(_hash_of(each) in WEAK_HASHES for each in below) else []
    return found + ([f"khóa RSA dưới {SMALLEST_RSA_BITS} bit"] if any(_short(each) for each in below) else [])


def _path(
    certificate: x509.Certificate,
    known: Sequence[x509.Certificate],
    roots: Sequence[x509.Certificate],
    use: Use,
    moment: datetime,
) -> tuple[Path, str]:
    """The certificates from the signer's to the root, as far as they were found, and why they are not trusted or ""."""
    refused: list[tuple[Path, str]] = []
    for path in candidate_paths(certificate, known, roots):
        if not (cause := _refusal(path, moment)):
            return path, "" if _may(certificate, use) else WRONG_USE
        refused.append((path, cause))
    if refused:
        return min(refused, key=lambda each: each[1] == NO_PATH)
    walked = as_far_as_known(certificate, known)
    if walked[-1].subject != walked[-1].issuer:
        return walked, f"thiếu chứng thư của cơ quan cấp “{issuer_name(walked[-1])}” nên không tới được gốc tin cậy"
    return walked, f"chứng thư gốc “{issuer_name(walked[-1])}” không thuộc danh mục tin cậy"


def _refusal(path: Path, moment: datetime) -> str:
    """Why a path does not hold at a moment (RFC 5280 section 6), or ""."""
    *below, root = path
    anchor = CertTrustAnchor(root)
    context = ValidationContext(
        trust_roots=[root],
        moment=moment,
        allow_fetching=False,
        revocation_mode="soft-fail",
        algorithm_usage_policy=ALGORITHMS,
    )
    try:
        if below:
            validate_path(context, ValidationPath(anchor, below[:0:-1], below[0]))
    except DisallowedAlgorithmError:
        return BANNED
    except ValidationError:
        return _flaw(path, moment) or NO_PATH
    return _flaw(path, moment)


def _flaw(path: Sequence[x509.Certificate], moment: datetime) -> str:
    """What of a path that was refused is at fault, in words; "" where nothing of this kind is."""
    for each in path:
        who = "chứng thư" if each is path[0] else f"chứng thư của cơ quan cấp “{common_name(each)}”"
        if moment > each.not_valid_after:
            return f"{who} đã hết hạn từ ngày {_day(each.not_valid_after)}, không có hiệu lực tại thời điểm ký"
        if moment < each.not_valid_before:
            return f"{who} chưa có hiệu lực tại thời điểm ký (có hiệu lực từ ngày {_day(each.not_valid_before)})"
    for below, issuer in enumerate(path[1:]):
        name = common_name(issuer)
        usage = issuer.key_usage_value
        if not issuer.ca or (usage is not None and "key_cert_sign" not in usage.native):
            return f"“{name}” không có quyền cấp chứng thư"
        if issuer.max_path_length is not None and below > issuer.max_path_length:
            return f"chuỗi chứng thư dài hơn mức mà cơ quan cấp “{name}” được phép"
    return ""


def _may(certificate: x509.Certificate, use: Use) -> bool:
    """Whether a certificate was issued for this use (RFC 5280 sections 4.2.1.3 and 4.2.1.12)."""
    usage, purposes = certificate.key_usage_value, certificate.extended_key_usage_value
    if usage is not None and not usage.native & SIGNING_USAGE:
        return False
    named = set(purposes.native) if purposes is not None else set()
    if use is Use.STAMPING:
        return "time_stamping" in named
    return not named or not named <= OTHER_PURPOSES


def _statements(path: Sequence[x509.Certificate], heard: Sequence[Source], moment: datetime) -> list[Statement | None]:
    """What is known of each certificate below the root."""
    return [statement_on(below, issuer, heard, moment) for below, issuer in pairwise(path)]


def _revoked(
    path: Sequence[x509.Certificate],
    statements: Sequence[Statement | None],
    moment: datetime,
    proven: datetime | None,
    use: Use,
) -> str:
    """Why a revocation spoils the chain, or ""; by `proven` the signature is known to have existed."""
    for certificate, said in zip(path, statements, strict=False):
        since = said.facts.revoked_at if said else None
        if said is None or since is None:
            continue
        who = "chứng thư" if certificate is path[0] else f"chứng thư của cơ quan cấp “{common_name(certificate)}”"
        if since <= moment:
            verb = "tạm dừng" if said.reason == ON_HOLD else "thu hồi"
            return f"{who} đã bị {verb} từ ngày {_day(since)}"
        if not (proven and since > proven) and not (use is Use.STAMPING and (said.reason or "unspecified") in HARMLESS):
            return REVOKED_UNPROVEN.replace("chứng thư", who, 1)
    return ""


def _day(moment: datetime) -> str:
    return f"{moment.astimezone(VIETNAM):%d/%m/%Y}"


def _hash_of(certificate: x509.Certificate) -> str | None:
    try:
        return str(certificate["signature_algorithm"].hash_algo)
    except ValueError:
        return None


def _short(certificate: x509.Certificate) -> bool:
    key = certificate.public_key
    return bool(key.algorithm == "rsa" and key.bit_size < SMALLEST_RSA_BITS)


@lru_cache(maxsize=256)
def _facts_of(content: bytes) -> CertificateFacts:
    certificate = x509.Certificate.load(content)
    return CertificateFacts(
        sha256=hashlib.sha256(content).hexdigest(),
        subject=certificate.subject.human_friendly,
        issuer=certificate.issuer.human_friendly,
        serial=f"{certificate.serial_number:x}",
        not_before=certificate.not_valid_before.astimezone(UTC),
        not_after=certificate.not_valid_after.astimezone(UTC),
    )


def _facts(certificate: x509.Certificate) -> CertificateFacts:
    return _facts_of(certificate.dump())


def _proof(certificate: x509.Certificate) -> Proof:
    content = certificate.dump()
    return Proof(ProofKind.CERTIFICATE, hashlib.sha256(content).hexdigest(), content)
