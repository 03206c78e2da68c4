"""The envelope of one mail as it stands in MAIL and RCPT."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from gateway.adapters.smtp_out.faults import UndeliverableError
from gateway.adapters.smtp_out.reports import NO_WISH, ReportWish, report_wish
from gateway.model.notice import Outgoing

_BAD_ADDRESS = re.compile(r"[\x00-\x20\x7f<>]")

Offers = Callable[[str], bool]


@dataclass(frozen=True, slots=True)
class Envelope:
    """Both addresses in the form of the wire, and what asks for reports about them."""

    mail: bytes
    rcpt: bytes
    wish: ReportWish

    @classmethod
    def of(cls, outgoing: Outgoing) -> Envelope:
        """Raises UndeliverableError for what can be no address or would forge a command.

        Reports go to the reverse-path, so with a null one none are asked for.
        """
        if not outgoing.recipient:
            raise UndeliverableError("5.1.3 Thiếu địa chỉ người nhận")
        reverse_path, recipient = _mailbox(outgoing.reverse_path), _mailbox(outgoing.recipient)
        return cls(
            mail=b"FROM:<" + reverse_path + b">",
            rcpt=b"TO:<" + recipient + b">",
            wish=report_wish(outgoing.envelope_id, recipient.decode()) if reverse_path else NO_WISH,
        )

    @property
    def smtputf8(self) -> bool:
        """Whether a local part has letters beyond ASCII; a domain always has an ASCII form (RFC 6531)."""
        return not (self.mail.isascii() and self.rcpt.isascii())


def carriage(envelope: Envelope, content: bytes, offers: Offers) -> tuple[bytes, ...]:
    """The parameters of MAIL that this mail needs (RFC 1870, 6152, 6531), each only where it is needed.

    Raises UndeliverableError where the relay does not offer one that the mail cannot do without.
    """
    header = content[: content.find(b"\r\n\r\n") + 1] or content
    parameters: list[bytes] = []
    if offers("size"):
        parameters.append(b"SIZE=%d" % len(content))
    if not content.isascii():
        if not offers("8bitmime"):
            raise UndeliverableError("5.6.3 Máy chủ chuyển thư không nhận thư 8 bit")
        parameters.append(b"BODY=8BITMIME")
    if envelope.smtputf8 or not header.isascii():
        if not offers("smtputf8"):
            raise UndeliverableError("5.6.7 Máy chủ chuyển thư không nhận địa chỉ hoặc tiêu đề Unicode")
        parameters.append(b"SMTPUTF8")
    return tuple(parameters)


def _mailbox(address: str) -> bytes:
    if not address:
        return b""
    local, at, domain = address.rpartition("@")
    if not at or not local or not domain or _BAD_ADDRESS.search(address):
        raise UndeliverableError("5.1.3 Địa chỉ thư không hợp lệ")
    try:
        return local.encode("utf-8") + b"@" + domain.encode("idna")
    except UnicodeError:
        raise UndeliverableError("5.1.3 Tên miền trong địa chỉ thư không hợp lệ") from None
