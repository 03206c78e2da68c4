"""Certificates of authorities, as operators bring them and as they lie in the trust folder."""

from gateway.adapters.trust_store.folder import LocalTrustFolder
from gateway.adapters.trust_store.reading import NotACertificate, described, read_brought, read_certificates

__all__ = ["LocalTrustFolder", "NotACertificate", "described", "read_brought", "read_certificates"]
