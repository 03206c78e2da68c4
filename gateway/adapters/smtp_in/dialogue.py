"""The verbs that need no waiting, as a state machine: a command in, a reply out (RFC 5321, RFC 2033)."""

from __future__ import annotations

import math
from collections.abc import Callable

from gateway.adapters.smtp_in import replies
from gateway.adapters.smtp_in.addresses import MalformedPath, Path, Recipients, read_path
from gateway.adapters.smtp_in.options import Options

_MAX_HELO = 255
_MAX_SIZE_DIGITS = 20


class Dialogue:
    """What one client has said so far. `mail_from` is None while no mail is under way, empty for the null sender."""

    def __init__(self, options: Options, recipients: Recipients, address: str, *, secure: bool) -> None:
        """`address` is the client's IP address, empty on a Unix socket."""
        self.helo = ""
        self.mail_from: str | None = None
        self.recipients: list[str] = []
        self._options = options
        self._known = recipients
        self._secure = secure
        self._address = address
        hello: dict[str, Callable[[str], str]]
        hello = {"LHLO": self._lhlo} if options.lmtp else {"HELO": self._helo, "EHLO": self._ehlo}
        self._verbs: dict[str, Callable[[str], str]] = {
            **hello,
            "MAIL": self._mail,
            "RCPT": self._rcpt,
            "DATA": self._data,
            "RSET": self._rset,
            "STARTTLS": self._starttls,
            "QUIT": self._quit,
            "NOOP": lambda _: replies.OK,
            "HELP": lambda _: replies.HELP,
            "VRFY": lambda _: replies.CANNOT_VERIFY,
            "EXPN": lambda _: replies.NOT_OFFERED,
            "AUTH": lambda _: replies.NOT_OFFERED,
        }

    def answer(self, verb: str, argument: str) -> str:
        """The reply to a command; its act (DATA, STARTTLS, QUIT) is for the caller where the reply lets it happen."""
        act = self._verbs.get(verb)
        return replies.UNKNOWN_COMMAND if act is None else act(argument)

    def reset(self) -> None:
        """Forget the mail under way."""
        self.mail_from = None
        self.recipients = []

    def _helo(self, name: str) -> str:
        return self._greet(name, "HELO") or replies.HELLO.format(hostname=self._options.hostname)

    def _ehlo(self, name: str) -> str:
        return self._greet(name, "EHLO") or self._extensions()

    def _lhlo(self, name: str) -> str:
        return self._greet(name, "LHLO") or self._extensions()

    def _greet(self, name: str, verb: str) -> str | None:
        if not name or len(name) > _MAX_HELO or not name.isprintable():
            return replies.BAD_ARGUMENT.format(syntax=f"{verb} name")
        self.reset()
        self.helo = name
        return None

    def _extensions(self) -> str:
        lines = [
            self._options.hostname,
            "PIPELINING",
            f"SIZE {self._options.max_message_bytes}",
            "8BITMIME",
            "SMTPUTF8",
            "ENHANCEDSTATUSCODES",
        ]
        if self._options.tls is not None and not self._secure:
            lines.append("STARTTLS")
        return replies.multiline("250", lines)

    def _mail(self, argument: str) -> str:
        if not self.helo:
            return replies.HELLO_FIRST.format(verb="LHLO" if self._options.lmtp else "EHLO")
        if self.mail_from is not None:
            return replies.NESTED_MAIL
        try:
            path = read_path(argument, "FROM")
        except MalformedPath:
            return replies.BAD_SENDER
        fault = _parameter_fault(path, self._options.max_message_bytes)
        if fault is not None:
            return fault
        announced = int(dict(path.parameters).get("SIZE", "0"))
        if (wait := self._options.admit(path.address, self._address, announced)) > 0:
            return replies.TOO_MUCH_MAIL.format(minutes=math.ceil(wait / 60))
        self.mail_from = path.address
        return replies.SENDER_OK

    def _rcpt(self, argument: str) -> str:
        if self.mail_from is None:
            return replies.MAIL_FIRST
        try:
            path = read_path(argument, "TO")
        except MalformedPath:
            return replies.BAD_RECIPIENT
        if path.parameters:
            return replies.BAD_PARAMETER
        if path.address not in self._known:
            return replies.NO_SUCH_RECIPIENT
        if len(self.recipients) >= self._options.max_recipients:
            return replies.TOO_MANY_RECIPIENTS
        self.recipients.append(path.address)
        return replies.RECIPIENT_OK

    def _data(self, argument: str) -> str:
        if argument:
            return replies.BAD_ARGUMENT.format(syntax="DATA")
        return replies.SEND_DATA if self.recipients else replies.NO_RECIPIENTS

    def _rset(self, argument: str) -> str:
        if argument:
            return replies.BAD_ARGUMENT.format(syntax="RSET")
        self.reset()
        return replies.OK

    def _starttls(self, argument: str) -> str:
        if argument:
            return replies.BAD_ARGUMENT.format(syntax="STARTTLS")
        if self._options.tls is None:
            return replies.NOT_OFFERED
        return replies.TLS_ALREADY if self._secure else replies.START_TLS

    def _quit(self, argument: str) -> str:
        return replies.BAD_ARGUMENT.format(syntax="QUIT") if argument else replies.BYE


def _parameter_fault(path: Path, limit: int) -> str | None:
    """What is wrong with the parameters of MAIL (RFC 1870, RFC 6152, RFC 6531), or None."""
    for name, value in path.parameters:
        if name == "SIZE":
            if not (value.isascii() and value.isdecimal() and len(value) <= _MAX_SIZE_DIGITS):
                return replies.BAD_ARGUMENT.format(syntax="SIZE=bytes")
            if int(value) > limit:
                return replies.TOO_BIG.format(limit=limit)
        elif name == "BODY":
            if value.upper() not in {"7BIT", "8BITMIME"}:
                return replies.BAD_ARGUMENT.format(syntax="BODY=7BIT|8BITMIME")
        elif name != "SMTPUTF8" or value:
            return replies.BAD_PARAMETER
    return None
