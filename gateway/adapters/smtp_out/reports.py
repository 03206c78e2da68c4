"""The wish for delivery reports as it stands in MAIL and RCPT (RFC 3461, for addresses beyond ASCII RFC 6533)."""

from __future__ import annotations

import re
from dataclasses import dataclass

_LONGEST_ENVELOPE_ID = 100
_LONGEST_RECIPIENT = 500
_PRINTABLE = re.compile(r"[ -~]+")
_NOT_XCHAR = re.compile(r"[^!-*,-<>-~]")
_NOT_QCHAR = re.compile(r"[^!-*,-<>-\[\]-~]")


@dataclass(frozen=True, slots=True)
class ReportWish:
    """The further parameters of both commands; empty where no report is wished for."""

    mail: tuple[bytes, ...] = ()
    rcpt: tuple[bytes, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.rcpt)


NO_WISH = ReportWish()


def report_wish(envelope_id: str, recipient: str) -> ReportWish:
    """Ask to hear of success, failure and delay, with the header of our mail alone and our id on it.

    `recipient` is the address as in RCPT. An id or address that the grammar or its limit of length (RFC 3461
    section 4) does not admit is left out: the reports then come without it.
    """
    mail, rcpt = [b"RET=HDRS"], [b"NOTIFY=SUCCESS,FAILURE,DELAY"]
    identifier = xtext(envelope_id)
    if _PRINTABLE.fullmatch(envelope_id) and len(identifier) <= _LONGEST_ENVELOPE_ID:
        mail.append(b"ENVID=" + identifier)
    original = b"rfc822;" + xtext(recipient) if recipient.isascii() else b"utf-8;" + utf8_xtext(recipient)
    if len(original) <= _LONGEST_RECIPIENT:
        rcpt.append(b"ORCPT=" + original)
    return ReportWish(tuple(mail), tuple(rcpt))


def xtext(text: str) -> bytes:
    """ASCII text in the alphabet of a parameter (RFC 3461 section 4); other letters become question marks."""
    return _NOT_XCHAR.sub(lambda match: f"+{ord(match[0]):02X}", text.encode("ascii", "replace").decode()).encode()


def utf8_xtext(address: str) -> bytes:
    r"""An address beyond ASCII in seven bits, `ă` as `\x{103}` (RFC 6533 section 3, utf-8-addr-xtext)."""
    return _NOT_QCHAR.sub(lambda match: f"\\x{{{ord(match[0]):X}}}", address).encode("ascii")
