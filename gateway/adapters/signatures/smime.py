"""The signature of a mail itself: S/MIME, as multipart/signed or as one opaque part (RFC 8551 section 3.5)."""

from __future__ import annotations

import base64
import binascii
import quopri
import re
from dataclasses import dataclass, replace
from email.message import Message
from email.parser import BytesHeaderParser
from email.policy import compat32
from email.utils import getaddresses
from pathlib import Path

from asn1crypto import cms as asn1_cms
from asn1crypto import x509

from gateway.adapters.signatures import cms
from gateway.adapters.signatures.anchors import TrustAnchors
from gateway.adapters.signatures.record import mailboxes
from gateway.clock import Clock, SystemClock
from gateway.errors import GatewayError
from gateway.model.signature import Carrier, Proof, ProofKind, Signature

SYSTEM_CLOCK = SystemClock()

CLEAR = "multipart/signed"
SIGNATURE_TYPES = {"application/pkcs7-signature", "application/x-pkcs7-signature"}
OPAQUE_TYPES = {"application/pkcs7-mime", "application/x-pkcs7-mime"}
WHOLE_BODY = "nội dung thư"
LONGEST_ADDRESS = 254

MORE_PARTS = "thư ký số có phần nằm ngoài phạm vi được ký"
UNCLEAR_TYPE = "thư ghi nhiều tiêu đề Content-Type nên không xác định được phần được ký"
CUT = "thư ký số thiếu phần được ký hoặc phần chữ ký"
NO_ADDRESS = "chứng thư không ghi địa chỉ thư nên không đối chiếu được với người gửi"


_DELIMITER = re.compile(rb"(?:\A|[\r\n])--\S")
"""What some reader could take for the beginning of one more part."""


class UnreadableMail(GatewayError):
    """The mail says that it is signed, but what is signed cannot be found out. `str()` is Vietnamese."""


@dataclass(frozen=True, slots=True)
class _Part:
    """A header and the bytes after it."""

    header: Message
    body: bytes


@dataclass(frozen=True, slots=True)
class _Found:
    """A message, what it signs, and why it cannot be valid or ""."""

    signed: asn1_cms.SignedData
    content: bytes | None
    broken: str = ""


def validate_mail(
    raw_path: Path, anchors: TrustAnchors, clock: Clock = SYSTEM_CLOCK
) -> tuple[tuple[Signature, ...], tuple[Proof, ...]]:
    """The signatures over the body of a mail, and their proofs; ((), ()) where it does not say that it is signed.

    Only the outermost part counts. What is signed are the bytes of the first part up to the line end before the
    boundary, line ends as CR LF (RFC 1847 section 2.1). An encrypted mail is not opened: ((), ()). The addresses in the
    certificate are held against From (RFC 8550 section 3); a difference is a note. Raises UnreadableMail and
    UnreadableCms. Not for use inside an event loop.
    """
    mail = _split(raw_path.read_bytes())
    kind = mail.header.get_content_type()
    if kind != CLEAR and kind not in OPAQUE_TYPES:
        return (), ()
    if len(mail.header.get_all("Content-Type", [])) > 1:
        raise UnreadableMail(UNCLEAR_TYPE)
    found = _clear(mail) if kind == CLEAR else _opaque(mail)
    if found is None:
        return (), ()
    signatures, proofs = cms.judged(
        found.signed, found.content, anchors, clock, Carrier.SMIME, covers=(WHOLE_BODY,), broken=found.broken
    )
    certificates = {each.sha256: each.content for each in proofs if each.kind is ProofKind.CERTIFICATE}
    return tuple(_held_against(each, mail.header, certificates) for each in signatures), proofs


def _clear(mail: _Part) -> _Found | None:
    """Content and signature of a multipart/signed mail; None where it is signed by other means (OpenPGP)."""
    protocol = str(mail.header.get_param("protocol") or "").lower()
    if protocol and protocol not in SIGNATURE_TYPES:
        return None
    (content, last, *more), outside = _parts(mail)
    holder = _split(last)
    signs = holder.header.get_content_type() in SIGNATURE_TYPES
    if not protocol and not signs:
        return None
    signed = cms.signed_data(_decoded(holder))
    inside = cms.content_of(signed)
    other = inside is not None and inside != _canonical(content)
    beyond = more or _DELIMITER.search(outside) or not signs or len(holder.header.get_all("Content-Type", [])) > 1
    broken = MORE_PARTS if beyond else cms.OTHER_CONTENT if other else ""
    return _Found(signed, _canonical(content), broken)


def _opaque(mail: _Part) -> _Found | None:
    """The message of a mail that is one CMS part; None where it is encrypted."""
    try:
        signed = cms.signed_data(_decoded(mail))
    except cms.NotSigned:
        return None
    return _Found(signed, cms.content_of(signed))


def _held_against(signature: Signature, header: Message, certificates: dict[str, bytes]) -> Signature:
    """The signature with a remark where the sender's address is not the certificate's."""
    own = certificates.get(signature.chain[0].sha256) if signature.chain else None
    if own is None:
        return signature
    named = mailboxes(x509.Certificate.load(own))
    senders = [address for _, address in getaddresses([str(each) for each in header.get_all("From", [])])]
    if not named:
        remark = NO_ADDRESS
    elif len(senders) == 1 and _folded(senders[0]) in {_folded(each) for each in named}:
        return signature
    else:
        sender = ", ".join(senders)[:LONGEST_ADDRESS] or "không rõ"
        written = ", ".join(named)[:LONGEST_ADDRESS]
        remark = f"chứng thư ghi địa chỉ {written} khác địa chỉ người gửi {_printable(sender)}"
    return replace(signature, notes=(*signature.notes, remark))


def _split(content: bytes) -> _Part:
    """Header and body, at the first empty line."""
    ends = [(at, len(mark)) for mark in (b"\r\n\r\n", b"\n\n") if (at := content.find(mark)) >= 0]
    if content.startswith((b"\r\n", b"\n")):
        return _Part(Message(compat32), content.split(b"\n", 1)[1])
    at, length = min(ends, default=(len(content), 0))
    header = BytesHeaderParser(policy=compat32).parsebytes(content[:at] + b"\r\n\r\n")
    return _Part(header, content[at + length :])


def _parts(mail: _Part) -> tuple[list[bytes], bytes]:
    """The parts of a multipart body as they stand, without the line end before each boundary; raises UnreadableMail.

    Beside them what stands before the first and after the last boundary, where lenient readers look for parts too.
    """
    boundary = mail.header.get_boundary()
    if not boundary:
        raise UnreadableMail(CUT)
    mark = b"--" + boundary.encode("ascii", "replace")
    found: list[bytes] = []
    first: int | None = None
    start: int | None = None
    at, closed = 0, False
    while at < len(mail.body):
        end = mail.body.find(b"\n", at)
        end = len(mail.body) if end < 0 else end + 1
        line = mail.body[at:end].rstrip(b" \t\r\n")
        if line in {mark, mark + b"--"}:
            if start is not None:
                found.append(_without_line_end(mail.body[start:at]))
            first = at if first is None else first
            start, closed = end, line != mark
            if closed:
                break
        at = end
    if not closed or len(found) < 2:  # noqa: PLR2004 - RFC 1847: content and signature
        raise UnreadableMail(CUT)
    return found, b"\n".join((mail.body[:first], mail.body[start:]))


def _without_line_end(content: bytes) -> bytes:
    return content.removesuffix(b"\n").removesuffix(b"\r")


def _canonical(content: bytes) -> bytes:
    """With CR LF at the end of every line, as it was signed."""
    return content.replace(b"\r\n", b"\n").replace(b"\n", b"\r\n")


def _decoded(part: _Part) -> bytes:
    """The bytes of a part behind its transfer encoding; raises UnreadableCms."""
    encoding = str(part.header.get("Content-Transfer-Encoding", "")).strip().lower()
    try:
        if encoding == "base64":
            return base64.b64decode(b"".join(part.body.split()), validate=True)
    except (binascii.Error, ValueError) as problem:
        raise cms.UnreadableCms(cms.UNREADABLE) from problem
    return quopri.decodestring(part.body) if encoding == "quoted-printable" else part.body


def _folded(address: str) -> str:
    """Addresses are told apart as a mail server does for its users: without regard to the case of letters."""
    return address.strip().casefold()


def _printable(text: str) -> str:
    return "".join(letter for letter in text if letter.isprintable())
