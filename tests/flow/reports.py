"""Reports as mail servers and mail programs write them, about a mail of ours."""

from __future__ import annotations

RETURNED = "Message-ID: {message_id}\r\nSubject: Xac nhan\r\n"


def delivery_status(
    *,
    to: str,
    recipient: str,
    action: str,
    status: str,
    message_id: str = "<unknown@somewhere.example>",
    envelope_id: str = "",
    diagnostic: str = "smtp; 550 5.1.1 User unknown",
) -> bytes:
    """RFC 3464, sent from the null reverse-path to `to`."""
    original = f"Original-Envelope-Id: {envelope_id}\r\n" if envelope_id else ""
    return (
        f"From: Mail Delivery System <MAILER-DAEMON@mx.example>\r\nTo: {to}\r\nSubject: Delivery report\r\n"
        "MIME-Version: 1.0\r\nAuto-Submitted: auto-replied\r\n"
        'Content-Type: multipart/report; report-type=delivery-status; boundary="b"\r\n\r\n'
        "--b\r\nContent-Type: text/plain\r\n\r\nThis is the mail system.\r\n"
        f"--b\r\nContent-Type: message/delivery-status\r\n\r\n{original}Reporting-MTA: dns; mx.example\r\n\r\n"
        f"Original-Recipient: rfc822;{recipient}\r\nFinal-Recipient: rfc822;{recipient}\r\nAction: {action}\r\n"
        f"Status: {status}\r\nDiagnostic-Code: {diagnostic}\r\n\r\n"
        f"--b\r\nContent-Type: text/rfc822-headers\r\n\r\n{RETURNED.format(message_id=message_id)}\r\n--b--\r\n"
    ).encode()


def disposition(*, to: str, recipient: str, message_id: str) -> bytes:
    """RFC 8098: a person has opened the mail."""
    return (
        f"From: {recipient}\r\nTo: {to}\r\nSubject: Read: Xac nhan\r\nMIME-Version: 1.0\r\n"
        'Content-Type: multipart/report; report-type=disposition-notification; boundary="b"\r\n\r\n'
        "--b\r\nContent-Type: text/plain\r\n\r\nYour message was read.\r\n"
        "--b\r\nContent-Type: message/disposition-notification\r\n\r\n"
        f"Final-Recipient: rfc822;{recipient}\r\nOriginal-Message-ID: {message_id}\r\n"
        "Disposition: manual-action/MDN-sent-manually; displayed\r\n\r\n--b--\r\n"
    ).encode()


def free_form(*, to: str, recipient: str) -> bytes:
    """As qmail says it, in no standard's words."""
    return (
        f"From: MAILER-DAEMON@mx.example\r\nTo: {to}\r\nSubject: failure notice\r\n\r\n"
        "Hi. This is the qmail-send program at mx.example.\r\n"
        "I'm afraid I wasn't able to deliver your message to the following addresses.\r\n"
        "This is a permanent error; I've given up. Sorry it didn't work out.\r\n\r\n"
        f"<{recipient}>:\r\n192.0.2.1 does not like recipient.\r\nRemote host said: 550 5.1.1 User unknown\r\n"
        "Giving up on 192.0.2.1.\r\n\r\n--- Below this line is a copy of the message.\r\n\r\n"
        "Message-ID: <whatever@x>\r\n\r\ntext\r\n"
    ).encode()
