"""A time stamp (RFC 3161) over a signature, judged: whether it holds, and what moment it then proves."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime

from asn1crypto import cms, tsp

from gateway.adapters.signatures.anchors import TrustAnchors
from gateway.adapters.signatures.chain import Use, judge_chain
from gateway.adapters.signatures.evidence import Evidence, in_message
from gateway.adapters.signatures.signer import digest, hash_name, signer_of, verified
from gateway.model.signature import Proof, ProofKind

NOTHING = Evidence()


@dataclass(frozen=True, slots=True)
class Stamp:
    """The moment that a token names, in UTC, and whether it may be believed; `proofs` are what that rests on."""

    moment: datetime
    holds: bool
    proofs: tuple[Proof, ...]


def judge_stamp(
    token: cms.ContentInfo,
    imprinted: Callable[[str], bytes],
    anchors: TrustAnchors,
    evidence: Evidence = NOTHING,
    existed_by: datetime | None = None,
) -> Stamp | None:
    """Judge a token; `imprinted` gives the digest of what is stamped by a hash of this name.

    None where there is no moment in it. The certificate is judged at the token's own moment (RFC 3161 section 4) with
    what `evidence` came beside it; `existed_by` is when a later stamp found it there.
    """
    try:
        signed = token["content"]
        content = signed["encap_content_info"]["content"]
        moment = tsp.TSTInfo.load(bytes(content))["gen_time"].native.astimezone(UTC)
    except (ValueError, TypeError, KeyError, AttributeError):
        return None
    own = token.dump()
    proof = Proof(ProofKind.TIME_STAMP, hashlib.sha256(own).hexdigest(), own)
    try:
        holds, proofs = _judged(signed, bytes(content), imprinted, anchors, moment, evidence, existed_by)
    except MemoryError:
        raise
    except Exception:  # noqa: BLE001 - a token is foreign bytes: what breaks over it does not hold
        holds, proofs = False, ()
    return Stamp(moment, holds, (proof, *proofs))


def _judged(
    signed: cms.SignedData,
    content: bytes,
    imprinted: Callable[[str], bytes],
    anchors: TrustAnchors,
    moment: datetime,
    evidence: Evidence,
    existed_by: datetime | None,
) -> tuple[bool, tuple[Proof, ...]]:
    imprint = tsp.TSTInfo.load(content)["message_imprint"]
    (info,) = signed["signer_infos"]
    certificate, others = signer_of(info, signed, anchors)
    if certificate is None:
        return False, ()
    kind = signed["encap_content_info"]["content_type"].native
    intact, valid = verified(info, certificate, kind, digest(hash_name(info), content))
    stamped = imprinted(imprint["hash_algorithm"]["algorithm"].native) == imprint["hashed_message"].native
    heard = evidence.joined(in_message(signed, info))
    chain = judge_chain(
        certificate,
        [*others, *heard.certificates],
        anchors,
        moment,
        existed_by=existed_by,
        use=Use.STAMPING,
        crls=heard.crls,
        ocsps=heard.ocsps,
    )
    return kind == "tst_info" and intact and valid and stamped and chain.trusted is True, chain.proofs
