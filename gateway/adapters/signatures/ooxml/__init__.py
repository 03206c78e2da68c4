"""Signatures in Office documents: XMLDSIG over a package (ECMA-376 part 2, section 10; MS-OFFCRYPTO 2.5)."""

from gateway.adapters.signatures.ooxml.check import validate_package
from gateway.adapters.signatures.ooxml.package import UnreadablePackage

__all__ = ["UnreadablePackage", "validate_package"]
