"""Signatures in files of their own: CMS around a document (.p7m) or beside it (.p7s); RFC 5652, 5035, EN 319 122."""

from __future__ import annotations

import base64
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC
from functools import cache
from pathlib import Path

from asn1crypto import cms, pem
from pyhanko.sign.ades.report import AdESIndeterminate
from pyhanko.sign.general import find_cms_attribute_iter
from pyhanko.sign.validation.errors import SignatureValidationError

from gateway.adapters.signatures.anchors import TrustAnchors
from gateway.adapters.signatures.evidence import in_message
from gateway.adapters.signatures.record import NO_CERTIFICATE, WEAK_HASH, Finding, recorded
from gateway.adapters.signatures.signer import (
    UnknownAlgorithm,
    algorithm,
    digest,
    hash_name,
    signer_of,
    verified,
)
from gateway.adapters.signatures.stamps import Stamp, judge_stamp
from gateway.clock import Clock, SystemClock
from gateway.errors import GatewayError
from gateway.model.signature import Carrier, Coverage, Proof, Signature

SYSTEM_CLOCK = SystemClock()

LARGEST = 200_000_000
MOST_SIGNERS = 50
BANNED = {"md2", "md4", "md5"}

UNREADABLE = "tệp chữ ký hỏng hoặc không đúng cấu trúc CMS"
NOT_SIGNED = "tệp CMS được mã hóa hoặc không chứa chữ ký số"
NO_CONTENT = "chữ ký tách rời nhưng không có tệp được ký đi kèm nên không kiểm tra được"
OTHER_CONTENT = "nội dung kèm trong tệp chữ ký khác với tệp được ký"
MALFORMED = "cấu trúc chữ ký trái với tiêu chuẩn"
COUNTERSIGNED = "chữ ký có chữ ký đối ứng kèm theo chưa được kiểm tra"
OTHER_CERTIFICATE = "chứng thư kèm theo không phải chứng thư mà người ký đã ghi trong chữ ký"
BANNED_HASH = "chữ ký dùng thuật toán không được chấp nhận"

Checked = tuple[tuple[Signature, ...], tuple[Proof, ...]]


class UnreadableCms(GatewayError):
    """The file is no CMS message that can be followed: what is signed is not known. `str()` is Vietnamese."""


class NotSigned(UnreadableCms):
    """It is CMS, but encrypted or of another kind."""


def validate_enveloping(path: Path, anchors: TrustAnchors, clock: Clock = SYSTEM_CLOCK) -> Checked:
    """The signatures of a CMS file over the content inside it, and their proofs; DER, BER, PEM or bare base64.

    Certificates alone (a .p7b) are no signatures: ((), ()). Where the content is missing every signature is unknown.
    Raises UnreadableCms, for what is encrypted too. Not for use inside an event loop.
    """
    signed = signed_data(_read(path))
    return judged(signed, content_of(signed), anchors, clock, Carrier.CMS)


def validate_detached(
    signature_path: Path, content_path: Path, anchors: TrustAnchors, clock: Clock = SYSTEM_CLOCK
) -> Checked:
    """The signatures of a CMS file over another file, and their proofs; `covers` names that file.

    Where the message brings content of its own, it has to be that of the file, byte by byte. Raises UnreadableCms.
    """
    signed = signed_data(_read(signature_path))
    content = content_path.read_bytes()
    inside = content_of(signed)
    other = inside is not None and inside != content
    covers = (content_path.name,)
    return judged(signed, content, anchors, clock, Carrier.CMS, covers=covers, broken=OTHER_CONTENT if other else "")


def may_be_signed(signature_path: Path, contents: Sequence[Path]) -> Sequence[Path]:
    """Which of the files a detached signature is to be judged over: the first whose digest a signer names.

    The first of all where none is named, all where a signer names no digest. Judging takes a hundred times as long as
    this, and a mail may have a thousand signatures beside a thousand files. Raises UnreadableCms.
    """
    named: dict[str, set[bytes]] = {}
    try:
        for info in signed_data(_read(signature_path))["signer_infos"]:
            found = [each.native for each in find_cms_attribute_iter(info["signed_attrs"], "message_digest")]
            if not found:
                return contents
            named.setdefault(hash_name(info), set()).update(found)
    except (ValueError, TypeError, KeyError, AttributeError):
        return contents
    for path in contents:
        content = path.read_bytes()
        if any(digest(name, content) in digests for name, digests in named.items()):
            return [path]
    return contents[:1]


def enclosed(path: Path) -> bytes:
    """The content inside a CMS file, b"" where it brings none; raises UnreadableCms."""
    return content_of(signed_data(_read(path))) or b""


def signed_data(message: bytes) -> cms.SignedData:
    """The SignedData in a message; raises UnreadableCms, NotSigned where it is CMS of another kind."""
    try:
        info = cms.ContentInfo.load(_binary(message))
        is_signed = info["content_type"].native == "signed_data"
        for name in ("signer_infos", "encap_content_info", "certificates") if is_signed else ():
            _ = info["content"][name].native  # asn1crypto would read it, and refuse it, only where it is asked for
    except MemoryError:
        raise
    except Exception as problem:
        raise UnreadableCms(UNREADABLE) from problem
    if not is_signed:
        raise NotSigned(NOT_SIGNED)
    return info["content"]


def content_of(signed: cms.SignedData) -> bytes | None:
    """The content inside; None where there is none. Raises UnreadableCms."""
    content = signed["encap_content_info"]["content"]
    try:
        if not content:
            return None
        return bytes(content) if hasattr(content, "__bytes__") else bytes(content.contents)
    except (ValueError, TypeError) as problem:
        raise UnreadableCms(UNREADABLE) from problem


def judged(
    signed: cms.SignedData,
    content: bytes | None,
    anchors: TrustAnchors,
    clock: Clock,
    carrier: Carrier,
    *,
    covers: tuple[str, ...] = (),
    broken: str = "",
    notes: tuple[str, ...] = (),
) -> Checked:
    """Every signer of a message over `content` (None: it is missing); `broken` says why none of them can be valid."""
    infos = list(signed["signer_infos"])
    if len(infos) > MOST_SIGNERS:
        raise UnreadableCms(f"tệp có quá {MOST_SIGNERS} chữ ký số")

    digest_by = cache(lambda name: digest(name, content or b""))
    results = []
    for number, info in enumerate(infos, 1):
        name = f"SignerInfo {number}"
        start = Finding(carrier, name, Coverage.MODIFIED, covers=covers, broken=broken, notes=notes)
        found = _finding(start, info, signed, digest_by if content is not None else None, anchors)
        results.append(recorded(found, anchors, clock.now()))
    proofs = dict.fromkeys(proof for _, proofs in results for proof in proofs)
    return tuple(signature for signature, _ in results), tuple(proofs)


def _finding(
    start: Finding,
    info: cms.SignerInfo,
    signed: cms.SignedData,
    digest_by: Callable[[str], bytes] | None,
    anchors: TrustAnchors,
) -> Finding:
    """What one SignerInfo is worth; what was found before it could not be followed further is kept."""
    found = start
    try:
        found = _about_signer(start, info, signed, anchors)
        name = hash_name(info)
        if digest_by is None:
            return replace(found, unclear=NO_CONTENT)
        if found.certificate is None:
            return replace(found, unclear=NO_CERTIFICATE)
        kind = signed["encap_content_info"]["content_type"].native
        intact, valid = verified(info, found.certificate, kind, digest_by(name))
        coverage = Coverage.WHOLE if intact and not found.broken else Coverage.MODIFIED
        weak = (WEAK_HASH,) if name == "sha1" else ()
        return replace(found, intact=intact, valid=valid, coverage=coverage, weak=weak)
    except MemoryError:
        raise
    except UnknownAlgorithm as problem:
        banned = str(problem) in BANNED
        return replace(found, broken=BANNED_HASH) if banned else replace(found, unclear=_unchecked(problem))
    except SignatureValidationError as problem:
        other = problem.ades_subindication is AdESIndeterminate.NO_SIGNING_CERTIFICATE_FOUND
        return replace(found, broken=OTHER_CERTIFICATE if other else MALFORMED)
    except Exception as problem:  # noqa: BLE001 - whatever a forged structure breaks, it is a fact about one signature
        return replace(found, unclear=_unchecked(problem))


def _about_signer(start: Finding, info: cms.SignerInfo, signed: cms.SignedData, anchors: TrustAnchors) -> Finding:
    certificate, others = signer_of(info, signed, anchors)
    carried = in_message(signed, info)
    times = list(find_cms_attribute_iter(info["signed_attrs"], "signing_time"))
    counter = any(each["type"].native == "counter_signature" for each in info["unsigned_attrs"] or ())
    return replace(
        start,
        certificate=certificate,
        others=others,
        signed_at=times[0].native.astimezone(UTC) if times else None,
        stamp=_stamp(info, anchors),
        algorithm=algorithm(info),
        notes=(*start.notes, *([COUNTERSIGNED] if counter else [])),
        crls=carried.crls,
        ocsps=carried.ocsps,
    )


def _stamp(info: cms.SignerInfo, anchors: TrustAnchors) -> Stamp | None:
    """The time stamp over the signature value (RFC 3161 appendix A), judged; the first where there are several."""
    value = info["signature"].native
    for token in find_cms_attribute_iter(info["unsigned_attrs"], "signature_time_stamp_token"):
        return judge_stamp(token, lambda name: digest(name, value), anchors)
    return None


def _read(path: Path) -> bytes:
    if path.stat().st_size > LARGEST:
        raise UnreadableCms("tệp chữ ký quá lớn để kiểm tra")
    return path.read_bytes()


def _binary(message: bytes) -> bytes:
    """A message without PEM armour or base64 around it."""
    if message[:1] == b"\x30":
        return message
    if pem.detect(message):
        return bytes(pem.unarmor(message)[2])
    return base64.b64decode(b"".join(message.split()), validate=True)


def _unchecked(problem: Exception) -> str:
    return f"không kiểm tra được chữ ký ({type(problem).__name__})"
