"""What a line of the table is."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from gateway.adapters.signatures import TrustAnchors
from gateway.model.signature import Revocation, SignatureVerdict

VALID, WEAK = SignatureVerdict.VALID, SignatureVerdict.VALID_WEAK
UNTRUSTED, INVALID = SignatureVerdict.UNTRUSTED, SignatureVerdict.INVALID

Made = tuple[bytes, TrustAnchors]


@dataclass(frozen=True, slots=True)
class Case:
    """A file and a trust folder, and what is to be said of one of its signatures (`which` in their order).

    `word` has to stand in the cause or in a note. `revocation` None leaves open what is known of that.
    """

    name: str
    make: Callable[[], Made]
    verdict: SignatureVerdict
    word: str = "chữ ký hợp lệ"
    revocation: Revocation | None = None
    stamped: bool | None = None
    which: int = -1
