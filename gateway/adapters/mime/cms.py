"""S/MIME wrappers told and opened by content (RFC 5652, RFC 8551), without checking any signature."""

from __future__ import annotations

import re
import zlib
from dataclasses import dataclass
from enum import Enum

from gateway.adapters.mime.ber import Damage, encapsulated
from gateway.adapters.mime.transfer import undo_base64

_OID_PREFIX = b"\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x07"
_OID_COMPRESSED = bytes.fromhex("060b2a864886f70d0109100109")
_OID_AUTH_ENVELOPED = bytes.fromhex("060b2a864886f70d0109100117")
_HEAD = 64
_PEM = re.compile(rb"\s*-----BEGIN (?:PKCS7|CMS|PKCS #7 SIGNED DATA)-----")
_PGP_SIGNATURE = b"-----BEGIN PGP SIGNATURE-----"


class CmsKind(Enum):
    """What a CMS structure is for."""

    SIGNED = "signed"
    ENCRYPTED = "encrypted"
    COMPRESSED = "compressed"


@dataclass(frozen=True, slots=True)
class Opened:
    """`content` is None for a signature that stands apart from what it signs, or where nothing could be read.

    `sound` is false for damage.
    """

    content: bytes | None
    sound: bool = True


_KINDS = {2: CmsKind.SIGNED, 3: CmsKind.ENCRYPTED, 4: CmsKind.ENCRYPTED, 6: CmsKind.ENCRYPTED}


def cms_kind(content: bytes) -> CmsKind | None:
    """The kind of CMS content in DER, BER or PEM, or None for anything else."""
    if _PEM.match(content):
        return CmsKind.SIGNED
    head = content[:_HEAD]
    if not head.startswith(b"\x30"):
        return None
    at = 2 + (head[1] & 0x7F if head[1:2] > b"\x80" else 0)
    oid = head[at:]
    if oid.startswith(_OID_PREFIX) and len(oid) > len(_OID_PREFIX):
        return _KINDS.get(oid[len(_OID_PREFIX)])
    if oid.startswith(_OID_COMPRESSED):
        return CmsKind.COMPRESSED
    return CmsKind.ENCRYPTED if oid.startswith(_OID_AUTH_ENVELOPED) else None


def is_pgp_signature(content: bytes) -> bool:
    """Whether this is an armoured signature that stands alone (RFC 9580 section 6.2)."""
    return content[:4096].lstrip().startswith(_PGP_SIGNATURE)


def open_cms(content: bytes, kind: CmsKind, most: int) -> Opened:
    """What signed or compressed data wraps, at most `most` bytes; never raises."""
    armour = _PEM.match(content)
    if armour:
        content = undo_base64(content[armour.end() :].partition(b"-----END")[0]).content
    sound = True
    try:
        inner = encapsulated(content)
    except Damage as damage:
        inner, sound = damage.found or None, False
    if inner is None:
        return Opened(None, sound)
    if kind is not CmsKind.COMPRESSED:
        return Opened(inner, sound)
    try:
        inflate = zlib.decompressobj()
        plain = inflate.decompress(inner, most)
        return Opened(plain, sound=sound and inflate.eof)
    except zlib.error:
        return Opened(None, sound=False)
