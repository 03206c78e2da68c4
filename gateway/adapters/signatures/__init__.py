"""Digital signatures in PDF files (PAdES, EN 319 142; Nghị định 30/2020 Phụ lục I mục II), through pyHanko, offline."""

from gateway.adapters.signatures.anchors import TrustAnchors, load_anchors
from gateway.adapters.signatures.check import UnreadablePdf, validate_signatures

__all__ = ["TrustAnchors", "UnreadablePdf", "load_anchors", "validate_signatures"]
