"""Every signature in an Office document's package, checked in full and without any network."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from lxml import etree

from gateway.adapters.signatures.anchors import TrustAnchors
from gateway.adapters.signatures.ooxml import properties
from gateway.adapters.signatures.ooxml.algorithms import signs
from gateway.adapters.signatures.ooxml.bound import fills_from
from gateway.adapters.signatures.ooxml.coverage import (
    NEEDED_BY_SIGNATURES,
    ORIGIN,
    SIGNATURE_TYPE,
    SIGNATURES_FOLDER,
    left_out,
    unsigned_data,
)
from gateway.adapters.signatures.ooxml.faults import Malformed, Unsupported
from gateway.adapters.signatures.ooxml.package import PACKAGE_ROOT, Package, UnreadablePackage, is_rels
from gateway.adapters.signatures.ooxml.safe_xml import canonicalised
from gateway.adapters.signatures.ooxml.signature_part import SignaturePart, certificate_from, taken_apart
from gateway.adapters.signatures.ooxml.signed_content import Covered, check_manifests, signed_elements
from gateway.adapters.signatures.record import NO_CERTIFICATE, WEAK_HASH, Finding, recorded
from gateway.clock import Clock, SystemClock
from gateway.model.signature import Carrier, Coverage, Proof, Signature

SYSTEM_CLOCK = SystemClock()

_SIGNATURE_RELATION = "http://schemas.openxmlformats.org/package/2006/relationships/digital-signature/signature"
_CERTIFICATE_RELATION = "http://schemas.openxmlformats.org/package/2006/relationships/digital-signature/certificate"
_MOST_SIGNATURES = 200
_MOST_NAMED = 3
_MOST_COVERED = 200
_UNLINKED = "phần chữ ký không được gói tài liệu nối tới"
_AS_LIBREOFFICE = "phần quan hệ được ký theo cách của LibreOffice bản cũ, Microsoft Office có thể báo chữ ký không khớp"
_DRAWN = "văn bản lấy chữ từ phần “{}” không được ký nên chưa biết nội dung hiển thị có nguyên vẹn"


def validate_package(
    path: Path, anchors: TrustAnchors, clock: Clock = SYSTEM_CLOCK
) -> tuple[tuple[Signature, ...], tuple[Proof, ...]]:
    """The signatures of a docx, xlsx or pptx file and the proofs behind them; ((), ()) where there are none.

    XMLDSIG and the OPC relationship transform are computed anew for every part (ECMA-376 part 2, section 10). A
    signature is whole only where all the package is signed but what Office itself leaves out. Raises UnreadablePackage
    where it cannot be told whether there are signatures. Not for use inside an event loop.
    """
    with path.open("rb") as stream:
        package = Package(stream)
        linked, parts = _signature_parts(package)
        if len(parts) > _MOST_SIGNATURES:
            raise UnreadablePackage(f"tệp có quá {_MOST_SIGNATURES} chữ ký số")
        signed = bool(parts) or package.mentions(SIGNATURES_FOLDER.removeprefix("/").encode())
        ambiguity = package.ambiguity() if signed else ""
        if ambiguity and not parts:
            raise UnreadablePackage(ambiguity)
        judged = [
            recorded(
                _spoilt(_finding(package, key, anchors), ambiguity or ("" if key in linked else _UNLINKED)),
                anchors,
                clock.now(),
            )
            for key in parts
        ]
    proofs = dict.fromkeys(proof for _, proofs in judged for proof in proofs)
    return tuple(signature for signature, _ in judged), tuple(proofs)


def _signature_parts(package: Package) -> tuple[set[str], list[str]]:
    """The signature parts that the package's relationships lead to, and all that there are, in order."""
    try:
        origins = [each.target for each in package.relationships(PACKAGE_ROOT) if each.type == ORIGIN]
        linked = {
            each.target
            for origin in origins
            for each in package.relationships(origin)
            if each.type == _SIGNATURE_RELATION
        }
        lying = {key for key in package.parts if key.startswith(SIGNATURES_FOLDER) and not is_rels(key)}
        typed = {key: package.content_type(key) for key in package.parts}
    except (Malformed, Unsupported) as problem:
        raise UnreadablePackage(str(problem)) from problem
    if not all(package.has(key) for key in linked):
        raise UnreadablePackage("gói tài liệu thiếu phần chữ ký số mà nó nhắc tới")
    signing = {key for key, kind in typed.items() if kind == SIGNATURE_TYPE}
    strange = {key for key in lying if typed[key] not in NEEDED_BY_SIGNATURES}
    return linked, sorted(linked | signing | strange, key=lambda key: (len(key), key))


def _spoilt(found: Finding, fault: str) -> Finding:
    """The finding where the package itself is at fault, "" for none: that comes before all else."""
    return replace(found, broken=fault, coverage=Coverage.MODIFIED) if fault else found


def _finding(package: Package, key: str, anchors: TrustAnchors) -> Finding:
    """All that is found of one signature; what was found before it could not be followed further is kept."""
    name = package.shown(key)
    found = Finding(Carrier.OOXML, name, Coverage.MODIFIED)
    try:
        part = taken_apart(package.read(key), name)
        elements, own_hold = signed_elements(part)
        found = _about_signer(found, package, key, part, elements, anchors)
        covered = check_manifests(package, elements)
        covered.faults += [] if own_hold else ["danh mục nội dung được ký đã bị thay đổi sau khi ký"]
        return _about_content(found, package, part, covered)
    except MemoryError:
        raise
    except Malformed as problem:
        return replace(found, broken=str(problem))
    except Unsupported as problem:
        return replace(found, unclear=str(problem))
    except Exception as problem:  # noqa: BLE001 - whatever a forged structure breaks, it is a fact about one signature
        return replace(found, unclear=f"không kiểm tra được chữ ký ({type(problem).__name__})")


def _about_signer(
    found: Finding,
    package: Package,
    key: str,
    part: SignaturePart,
    elements: Sequence[etree._Element],
    anchors: TrustAnchors,
) -> Finding:
    """Who signed, when and what for; raises Malformed where another certificate was put in the signer's place."""
    along, crls, ocsps = properties.carried_along(part)
    beside = [
        certificate_from(package.read(each.target))
        for each in package.relationships(key)
        if each.type == _CERTIFICATE_RELATION and package.has(each.target)
    ]
    candidates = [*part.certificates, *beside]
    content = canonicalised(part.signed_info, part.canonical)
    fitting = [each for each in candidates if signs(each, part.method, part.value, content)]
    purpose = properties.purpose(elements)
    found = replace(
        found,
        valid=bool(fitting) if candidates else None,
        certificate=(fitting or candidates or [None])[0],
        signed_at=properties.signed_at(elements),
        stamp=properties.stamp(part, anchors),
        algorithm=part.method.shown,
        notes=(f"mục đích ký ghi trong chữ ký: {purpose}",) if purpose else (),
        crls=crls,
        ocsps=ocsps,
    )
    signer = properties.bound_certificate(elements, fitting or candidates) or found.certificate
    others = [each for each in (*candidates, *along) if each is not signer]
    return replace(found, certificate=signer, others=others)


def _about_content(found: Finding, package: Package, part: SignaturePart, covered: Covered) -> Finding:
    """What of the present file is as it was signed."""
    missing = left_out(package, covered)
    faults = covered.faults or [f"{each} không được chữ ký bao trùm" for each in missing]
    drawn = fills_from(package, covered.whole, unsigned_data(package, covered))
    hashes = {part.method.hash, *covered.hashes, *(each.hash for each in part.references)}
    return replace(
        found,
        intact=not covered.faults,
        coverage=Coverage.MODIFIED if faults else Coverage.WHOLE,
        covers=_listed(sorted(package.shown(key) for key in covered.parts)),
        weak=(WEAK_HASH,) if "sha1" in hashes else (),
        notes=(*found.notes, *([_AS_LIBREOFFICE] if covered.blanks_signed else [])),
        broken=_joined(faults),
        unclear=_DRAWN.format(drawn) if drawn else "" if found.certificate else NO_CERTIFICATE,
    )


def _listed(names: Sequence[str]) -> tuple[str, ...]:
    """The names, as many as people would read."""
    more = len(names) - _MOST_COVERED
    return (*names[:_MOST_COVERED], *([f"… và {more} phần khác"] if more > 0 else []))


def _joined(faults: Sequence[str]) -> str:
    more = f"; và {len(faults) - _MOST_NAMED} sai khác nữa" if len(faults) > _MOST_NAMED else ""
    return "; ".join(faults[:_MOST_NAMED]) + more
