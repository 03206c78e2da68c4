"""What a carrier found of one signature, joined with its certificate's chain into verdict, cause and record."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from asn1crypto import x509

from gateway.adapters.signatures import holder
from gateway.adapters.signatures.anchors import TrustAnchors
from gateway.adapters.signatures.chain import ChainVerdict, judge_chain
from gateway.adapters.signatures.stamps import Stamp
from gateway.adapters.signatures.verdict import NO_REVOCATION, time_notes
from gateway.model.signature import Carrier, Coverage, Proof, Revocation, Signature, SignatureVerdict, SignerKind

ALTERED = "nội dung tệp không khớp với chữ ký, tệp đã bị thay đổi sau khi ký"
WRONG_VALUE = "giá trị chữ ký sai"
UNCOVERED = "tệp bị sửa đổi sau khi ký ngoài phạm vi cho phép, hoặc chữ ký không bao trùm tệp"
NO_CERTIFICATE = "chữ ký không kèm chứng thư của người ký"
WEAK_HASH = "SHA-1 trong chữ ký"

Judged = tuple[Signature, tuple[Proof, ...]]


@dataclass(frozen=True, slots=True)
class Finding:
    """One signature as its carrier sees it; all texts are Vietnamese.

    `broken` says why it is invalid beyond `intact`, `valid` and `coverage` or in their place, `unclear` why it cannot
    be judged; "" where there is nothing to say. `weak` names what of the signature itself is no longer allowed.
    `crls` and `ocsps` came with it, in DER. `existed_by` is when a time stamp over the whole document found it there.
    """

    carrier: Carrier
    name: str
    coverage: Coverage
    intact: bool | None = None
    valid: bool | None = None
    certificate: x509.Certificate | None = None
    others: Sequence[x509.Certificate] = ()
    signed_at: datetime | None = None
    stamp: Stamp | None = None
    algorithm: str = ""
    weak: tuple[str, ...] = ()
    covers: tuple[str, ...] = ()
    broken: str = ""
    unclear: str = ""
    notes: tuple[str, ...] = ()
    crls: tuple[bytes, ...] = ()
    ocsps: tuple[bytes, ...] = ()
    existed_by: datetime | None = None


def recorded(found: Finding, anchors: TrustAnchors, now: datetime) -> Judged:
    """The signature as it is kept, and the proofs behind it.

    The certificate is judged at the moment of a time stamp that holds, else of signing, else now.
    """
    stamp = found.stamp
    chain = None
    if found.certificate is not None:
        claimed = stamp.moment if stamp and stamp.holds else found.signed_at
        chain = judge_chain(
            found.certificate,
            found.others,
            anchors,
            min(each for each in (claimed, found.existed_by, now) if each is not None),
            proven=bool(stamp and stamp.holds),
            existed_by=found.existed_by,
            crls=found.crls,
            ocsps=found.ocsps,
        )
    verdict, cause = _concluded(found, chain)
    remarks = time_notes(
        found.signed_at,
        stamp.moment if stamp else None,
        stamped=stamp is not None,
        trusted=bool(stamp and stamp.holds),
    )
    proofs = tuple(dict.fromkeys([*(chain.proofs if chain else ()), *(stamp.proofs if stamp else ())]))
    certificate = found.certificate
    signature = Signature(
        verdict=verdict,
        cause=cause,
        signer=holder.common_name(certificate) if certificate else "",
        organisation=holder.organisation(certificate) if certificate else "",
        kind=holder.kind(certificate) if certificate else SignerKind.UNKNOWN,
        coverage=found.coverage,
        intact=found.intact,
        valid=found.valid,
        trusted=chain.trusted if chain and found.valid else None,
        signed_at=found.signed_at,
        timestamped_at=stamp.moment if stamp and stamp.holds else found.existed_by,
        carrier=found.carrier,
        name=found.name,
        unit=holder.unit(certificate) if certificate else "",
        mailbox=mailboxes(certificate)[0] if certificate and mailboxes(certificate) else "",
        algorithm=found.algorithm,
        covers=found.covers,
        notes=(*found.notes, *remarks),
        chain=chain.chain if chain else (),
        revocation=chain.revocation if chain else Revocation.NOT_KNOWN,
        revocations=chain.revocations if chain else (),
        proofs=tuple(each.sha256 for each in proofs),
    )
    return signature, proofs


def mailboxes(certificate: x509.Certificate) -> tuple[str, ...]:
    """The mail addresses a certificate names (RFC 8550 section 3): its alternative names, then its subject."""
    try:
        alternative = certificate.subject_alt_name_value
        named = [each.native for each in alternative or () if each.name == "rfc822_name"]
        pairs = [pair for rdn in certificate.subject.chosen for pair in rdn]
        named += [str(pair["value"].native) for pair in pairs if pair["type"].native == "email_address"]
    except (ValueError, TypeError):
        return ()
    return tuple(dict.fromkeys(name for name in named if name and name.isprintable()))


def _concluded(found: Finding, chain: ChainVerdict | None) -> tuple[SignatureVerdict, str]:
    """What breaks integrity comes before what is not known, that before what breaks trust, that before weakness."""
    if broken := _broken(found):
        return SignatureVerdict.INVALID, broken
    if found.unclear or chain is None or not (found.intact and found.valid):
        return SignatureVerdict.UNKNOWN, found.unclear or NO_CERTIFICATE
    if chain.trusted is None:
        return SignatureVerdict.UNKNOWN, chain.cause
    weak = list(dict.fromkeys([*found.weak, *chain.weak]))
    notes = [f"dùng thuật toán yếu ({', '.join(weak)})"] if weak else []
    if not chain.trusted:
        return SignatureVerdict.UNTRUSTED, "; ".join([chain.cause, *notes])
    notes += [NO_REVOCATION] if chain.revocation is Revocation.NOT_KNOWN else []
    verdict = SignatureVerdict.VALID_WEAK if weak else SignatureVerdict.VALID
    return verdict, "; ".join(["chữ ký hợp lệ", *notes])


def _broken(found: Finding) -> str:
    if found.broken:
        return found.broken
    if found.intact is False:
        return ALTERED
    if found.valid is False:
        return WRONG_VALUE
    return UNCOVERED if found.coverage is Coverage.MODIFIED and not found.unclear else ""
