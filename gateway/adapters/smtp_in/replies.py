"""Every reply the listener gives, with enhanced status codes (RFC 5321 section 4.2, RFC 3463, RFC 2034)."""

from __future__ import annotations

GREETING = "220 {hostname} {protocol}"
BYE = "221 2.0.0 Bye"
HELLO = "250 {hostname}"
OK = "250 2.0.0 OK"
SENDER_OK = "250 2.1.0 Sender OK"
RECIPIENT_OK = "250 2.1.5 Recipient OK"
ACCEPTED = "250 2.0.0 OK {label}"
ACCEPTED_FOR = "250 2.1.5 <{recipient}> OK {label}"
HELP = "214 2.0.0 See RFC 5321"
CANNOT_VERIFY = "252 2.0.0 Cannot verify, but will take mail for it"
SEND_DATA = "354 End data with <CR><LF>.<CR><LF>"

SHUTTING_DOWN = "421 4.3.2 Service is shutting down, please try again later"
TOO_BUSY = "421 4.3.2 Too many connections, please try again later"
TOO_MANY_FROM_ADDRESS = "421 4.7.0 Too many connections from your address"
TOO_MANY_ERRORS = "421 4.7.0 Too many errors"
TOO_MANY_COMMANDS = "421 4.7.0 Too many commands without a mail"
TIMED_OUT = "421 4.4.2 Timed out waiting for you"
DATA_WITHOUT_END = "421 4.3.4 Message far too big"
LOCAL_PROBLEM = "451 4.3.0 Local problem, please try again later (id {id})"
STORAGE_FULL = "452 4.3.1 Not enough storage, please try again later (id {id})"
TOO_MUCH_MAIL = "451 4.7.1 Too much mail within an hour, please try again in {minutes} minutes"
TOO_MANY_RECIPIENTS = "452 4.5.3 Too many recipients"

UNKNOWN_COMMAND = "500 5.5.1 Command not recognized"
LINE_TOO_LONG = "500 5.5.2 Line too long"
BAD_LINE = "500 5.5.2 Line is not valid text"
BAD_ARGUMENT = "501 5.5.4 Syntax: {syntax}"
NOT_OFFERED = "502 5.5.1 Command not offered"
HELLO_FIRST = "503 5.5.1 Send {verb} first"
NESTED_MAIL = "503 5.5.1 Sender already given"
MAIL_FIRST = "503 5.5.1 Send MAIL first"
NO_RECIPIENTS = "503 5.5.1 No valid recipients"
START_TLS = "220 2.0.0 Ready to start TLS"
TLS_ALREADY = "503 5.5.1 TLS is already active"
NO_SUCH_RECIPIENT = "550 5.1.1 No such recipient here"
BAD_LINE_ENDS = "550 5.6.0 Message has a bare CR or LF; lines must end with CRLF"
TOO_BIG = "552 5.3.4 Message too big, the limit is {limit} bytes"
BAD_SENDER = "553 5.1.7 Malformed sender address"
BAD_RECIPIENT = "553 5.1.3 Malformed recipient address"
BAD_PARAMETER = "555 5.5.4 Parameter not recognized"


def is_error(reply: str) -> bool:
    """Whether a reply says that the client did wrong."""
    return reply.startswith("5")


def multiline(code: str, lines: list[str]) -> str:
    """One reply of several lines (RFC 5321 section 4.2.1)."""
    return "\r\n".join([*(f"{code}-{line}" for line in lines[:-1]), f"{code} {lines[-1]}"])
