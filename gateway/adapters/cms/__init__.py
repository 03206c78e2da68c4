"""Sealing: encryption as CMS EnvelopedData (RFC 5652), which the officer's token and `openssl cms` open."""

from gateway.adapters.cms.certificate import read_certificate
from gateway.adapters.cms.own_pair import OwnPair
from gateway.adapters.cms.sealer import CmsSealer

__all__ = ["CmsSealer", "OwnPair", "read_certificate"]
