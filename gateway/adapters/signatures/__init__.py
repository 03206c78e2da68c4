"""Digital signatures in PDF and Office files, in CMS files and of mails, checked offline (NĐ 30/2020 Phụ lục I)."""

from gateway.adapters.signatures.anchors import TrustAnchors, load_anchors
from gateway.adapters.signatures.check import UnreadablePdf, validate_signatures
from gateway.adapters.signatures.cms import (
    UnreadableCms,
    enclosed,
    may_be_signed,
    validate_detached,
    validate_enveloping,
)
from gateway.adapters.signatures.current import CurrentAnchors
from gateway.adapters.signatures.ooxml import UnreadablePackage, validate_package
from gateway.adapters.signatures.smime import UnreadableMail, validate_mail

__all__ = [
    "CurrentAnchors",
    "TrustAnchors",
    "UnreadableCms",
    "UnreadableMail",
    "UnreadablePackage",
    "UnreadablePdf",
    "enclosed",
    "load_anchors",
    "may_be_signed",
    "validate_detached",
    "validate_enveloping",
    "validate_mail",
    "validate_package",
    "validate_signatures",
]
