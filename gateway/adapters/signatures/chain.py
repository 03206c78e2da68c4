"""One signer's certificate judged: its path to an anchor, its use, its validity and revocation at the time of signing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from asn1crypto import x509

from gateway.adapters.signatures.anchors import TrustAnchors
from gateway.model.signature import CertificateFacts, Proof, Revocation, RevocationFacts


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
    certificate: x509.Certificate, others: Sequence[x509.Certificate], anchors: TrustAnchors, moment: datetime
) -> ChainVerdict:
    """Judge `certificate` at `moment` (aware); `others` came with the signature and only help to build the path."""
    raise NotImplementedError
