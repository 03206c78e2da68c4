"""Reports as mail systems write them, in standard and in free form."""

from __future__ import annotations

ORIGINAL = "<20260302.17.receipt@vanthu.example>"

RETURNED = (
    f"From: Van thu <vanthu@sgtvt.example>\r\nTo: sxd@quangngai.example\r\nSubject: x\r\nMessage-ID: {ORIGINAL}\r\n"
)


def _daemon(subject: str, sender: str = "MAILER-DAEMON@mx.example", more: str = "") -> str:
    return f"Return-Path: <>\r\nFrom: {sender}\r\nTo: vanthu+17.abc@sgtvt.example\r\nSubject: {subject}\r\n{more}"


def status_report(status: str, returned: str = "", media_type: str = "message/delivery-status") -> str:
    """A multipart/report around these status fields."""
    back = returned or f"Content-Type: text/rfc822-headers\r\n\r\n{RETURNED}"
    return (
        _daemon("Undelivered Mail Returned to Sender", more="Auto-Submitted: auto-replied\r\nMIME-Version: 1.0\r\n")
        + 'Content-Type: multipart/report; report-type=delivery-status; boundary="r"\r\n\r\n'
        + "--r\r\nContent-Type: text/plain; charset=us-ascii\r\n\r\nThis is the mail system at host mx.example.\r\n"
        + f"--r\r\nContent-Type: {media_type}\r\n\r\n{status}\r\n--r\r\n{back}\r\n--r--\r\n"
    )


POSTFIX = status_report(
    "Reporting-MTA: dns; mx.example\r\nX-Postfix-Queue-ID: 4Vk\r\nOriginal-Envelope-Id: t0ken+2B1+3D\r\n"
    "Arrival-Date: Mon,  2 Mar 2026 08:00:00 +0700 (ICT)\r\n\r\n"
    "Final-Recipient: rfc822; sxd@quangngai.example\r\nOriginal-Recipient: rfc822;sxd@QuangNgai.example\r\n"
    "Action: failed\r\nStatus: 5.1.1\r\nRemote-MTA: dns; mail.quangngai.example\r\n"
    "Diagnostic-Code: smtp; 550 5.1.1 <sxd@quangngai.example>: Recipient address\r\n"
    "    rejected: User unknown in virtual mailbox table\r\n"
)
DELAYED = status_report(
    "Reporting-MTA: dns; mx.example\r\n\r\nFinal-Recipient: rfc822; a@b.example\r\nAction: delayed (4 hours)\r\n"
    "Status: 4.4.1\r\nDiagnostic-Code: X-Postfix; connect to b.example: Connection timed out\r\n"
    "Will-Retry-Until: Sat, 7 Mar 2026 08:00:00 +0700 (ICT)\r\n"
)
MANY = status_report(
    "Reporting-MTA: dns; mx.example\r\n\r\n"
    "Final-Recipient: rfc822; a@b.example\r\nAction: delivered\r\nStatus: 2.0.0\r\n\r\n"
    "Final-Recipient: rfc822; c@d.example\r\nAction: relayed\r\nStatus: 2.1.9\r\n\r\n"
    "Final-Recipient: rfc822; e@f.example\r\nAction: expanded\r\nStatus: 2.1.5\r\n",
    f"Content-Type: message/rfc822\r\n\r\n{RETURNED}MIME-Version: 1.0\r\n\r\nKính gửi\r\n",
)
GLOBAL = status_report(
    "Reporting-MTA: dns; mx.example\r\n\r\nFinal-Recipient: utf-8; th\\x{1B0}@b.example\r\n"
    "Action: failed\r\nStatus: 5.1.1\r\n",
    f"Content-Type: message/global-headers\r\n\r\n{RETURNED}",
    "message/global-delivery-status",
)


def receipt(disposition: str) -> str:
    """A message disposition notification."""
    return (
        "From: sxd@quangngai.example\r\nTo: vanthu@sgtvt.example\r\nSubject: Read: x\r\n"
        'Content-Type: multipart/report; report-type=disposition-notification; boundary="r"\r\n\r\n'
        "--r\r\nContent-Type: text/plain\r\n\r\nYour message was read.\r\n"
        "--r\r\nContent-Type: message/disposition-notification\r\n\r\nReporting-UA: mail.example; Outlook\r\n"
        "Original-Recipient: rfc822;sxd@quangngai.example\r\nFinal-Recipient: rfc822;sxd@quangngai.example\r\n"
        f"Original-Message-ID: {ORIGINAL}\r\nDisposition: {disposition}\r\n--r--\r\n"
    )


QMAIL = _daemon("failure notice") + (
    "\r\nHi. This is the qmail-send program at mx.example.\r\n"
    "I'm afraid I wasn't able to deliver your message to the following addresses.\r\n"
    "This is a permanent error; I've given up. Sorry it didn't work out.\r\n\r\n"
    "<sxd@quangngai.example>:\r\nSorry, no mailbox here by that name. (#5.1.1)\r\n\r\n"
    "<stc@quangngai.example>:\r\n10.1.2.3 does not like recipient.\r\n"
    "Remote host said: 552 sorry, that mailbox is over quota\r\n\r\n"
    f"--- Below this line is a copy of the message.\r\n\r\nReturn-Path: <vanthu@sgtvt.example>\r\n"
    f"{RETURNED}\r\nx 4.5.6\r\n"
)
EXIM = _daemon(
    "Mail delivery failed: returning message to sender", more="X-Failed-Recipients: sxd@quangngai.example\r\n"
) + (
    "Auto-Submitted: auto-replied\r\n\r\n"
    "This message was created automatically by mail delivery software (Exim 4.94.2).\r\n\r\n"
    "A message that you sent could not be delivered to one or more of its\r\nrecipients. This is a permanent error. "
    "The following address(es) failed:\r\n\r\n  sxd@quangngai.example\r\n"
    "    host mail.quangngai.example [192.0.2.1]\r\n"
    "    SMTP error from remote mail server after RCPT TO:<sxd@quangngai.example>:\r\n    550 User unknown\r\n\r\n"
    f"------ This is a copy of the message, including all the headers. ------\r\n\r\n{RETURNED}\r\nx\r\n"
)
EXIM_DELAY = _daemon(
    "Warning: message 1rX-0001 delayed 24 hours", sender="Mail Delivery System <Mailer-Daemon@mx.example>"
) + (
    "Auto-Submitted: auto-replied\r\n\r\n"
    "This message was created automatically by mail delivery software.\r\nA message that you "
    "sent has not yet been delivered to one or more of its\r\n"
    "recipients after more than 24 hours on the queue on mx.example.\r\n\r\n"
    "The address to which the message has not yet been delivered is:\r\n\r\n"
    "  sxd@quangngai.example\r\n    Delay reason: "
    "Connection timed out\r\n\r\n"
    "No action is required on your part. Delivery attempts will continue for\r\nsome time, and this "
    "warning may be repeated at intervals if the message\r\n"
    "remains undelivered. Eventually the mail delivery software will give up.\r\n"
)
SENDMAIL = _daemon("Returned mail: see transcript for details") + (
    "\r\nThe original message was received at Mon, 2 Mar 2026 08:00:00 +0700\r\nfrom localhost [127.0.0.1]\r\n\r\n"
    "   ----- The following addresses had permanent fatal errors -----\r\n<sxd@quangngai.example>\r\n"
    "    (reason: 550 5.1.1 <sxd@quangngai.example>... User unknown)\r\n\r\n"
    "   ----- Transcript of session follows -----\r\n"
    "... while talking to mail.quangngai.example.:\r\n>>> DATA\r\n<<< 550 5.1.1 User unknown\r\n"
)
EXCHANGE = _daemon(
    "Undeliverable: Thông báo tiếp nhận", sender="System Administrator <postmaster@quangngai.example>"
) + (
    "\r\nYour message did not reach some or all of the intended recipients.\r\n\r\n"
    "      Subject:  x\r\n      Sent:     3/2/2026 8:00 AM\r\n\r\n"
    "The following recipient(s) could not be reached:\r\n\r\n      'sxd@quangngai.example' on 3/2/2026 8:01 AM\r\n"
    "            The e-mail account does not exist at the organization this message was sent to.\r\n"
    "            <mail.quangngai.example #5.1.1>\r\n"
)
GMAIL = _daemon(
    "Delivery Status Notification (Failure)", sender="Mail Delivery Subsystem <mailer-daemon@googlemail.example>"
) + (
    f"In-Reply-To: {ORIGINAL}\r\n\r\n** Address not found **\r\n\r\n"
    f"Your message wasn't delivered to sxd@quangngai.example because "
    "the address couldn't be found, or is unable to receive mail.\r\n"
)
GMAIL_DELAY = _daemon(
    "Delivery Status Notification (Delay)", sender="Mail Delivery Subsystem <mailer-daemon@googlemail.example>"
) + (
    "\r\n** Delivery incomplete **\r\n\r\n"
    "There was a temporary problem delivering your message to sxd@quangngai.example. "
    "Gmail will retry for 46 more hours. You'll be notified if the delivery fails permanently.\r\n"
)
VIETNAMESE = _daemon("Thư không gửi được", sender="postmaster@quangngai.example") + (
    "Content-Type: text/plain; charset=utf-8\r\n\r\nHệ thống thư điện tử không thể chuyển thư của Quý vị tới:\r\n\r\n"
    "  sxd@quangngai.example\r\n  Lý do: Địa chỉ người nhận không tồn tại trong hệ thống.\r\n\r\n"
    f"Thư gốc:\r\n{RETURNED}"
)
VIETNAMESE_FULL = _daemon("Không gửi được: Thông báo", sender="mailer-daemon@quangngai.example") + (
    "Content-Type: text/plain; charset=utf-8\r\n\r\n"
    "Thư của bạn gửi tới sxd@quangngai.example bị trả lại vì hộp thư của người nhận đã đầy.\r\n"
)
VIETNAMESE_DELAY = _daemon("Thông báo: phát thư bị trì hoãn", sender="mailer-daemon@quangngai.example") + (
    "Content-Type: text/plain; charset=utf-8\r\n\r\nThư gửi tới sxd@quangngai.example tạm thời chưa chuyển được. "
    "Hệ thống sẽ tiếp tục thử gửi lại trong 48 giờ.\r\n"
)
FEEDBACK = (
    "From: fbl@isp.example\r\nSubject: FW: x\r\n"
    'Content-Type: multipart/report; report-type=feedback-report; boundary="r"\r\n\r\n'
    "--r\r\nContent-Type: text/plain\r\n\r\nAn abuse report for a@b.example, message rejected as spam.\r\n"
    "--r\r\nContent-Type: message/feedback-report\r\n\r\nFeedback-Type: abuse\r\nUser-Agent: x\r\nVersion: 1\r\n"
    f"--r\r\nContent-Type: message/rfc822\r\n\r\n{RETURNED}\r\nx\r\n--r--\r\n"
)

ALL = {
    "postfix": POSTFIX,
    "delayed": DELAYED,
    "many": MANY,
    "global": GLOBAL,
    "displayed": receipt("manual-action/MDN-sent-manually; displayed"),
    "qmail": QMAIL,
    "exim": EXIM,
    "exim delay": EXIM_DELAY,
    "sendmail": SENDMAIL,
    "exchange": EXCHANGE,
    "gmail": GMAIL,
    "gmail delay": GMAIL_DELAY,
    "vietnamese": VIETNAMESE,
    "vietnamese full": VIETNAMESE_FULL,
    "vietnamese delay": VIETNAMESE_DELAY,
    "feedback": FEEDBACK,
}
