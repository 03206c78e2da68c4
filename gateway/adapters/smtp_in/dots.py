"""The end of DATA and its dots (RFC 5321 section 4.5.2), found in chunks of any size without work per line."""

from __future__ import annotations

END = b"\r\n.\r\n"

_PREFIXES = tuple(END[:length] for length in range(len(END) - 1, 0, -1))
_FEW_DOTS = 64


class DataDecoder:
    """Turns what follows 354 into the bytes of the message.

    `ended` is set by <CRLF>.<CRLF> and by nothing else, `rest` is then what came after it.
    `bare` tells that a CR or LF stood alone, so that other software might see other lines
    and another end than we do (CVE-2023-51764 and its kin).
    """

    def __init__(self) -> None:
        self.ended = False
        self.bare = False
        self.rest = b""
        self._held = b"\r\n"  # the line end of DATA itself: a dot may follow at once
        self._lead = 2

    def feed(self, chunk: bytes) -> bytes:
        """The next bytes of the message. Bytes that may begin the end are held back until more is known."""
        data = self._held + chunk
        dots = _line_dots(data)
        end = -1 if dots == 0 else data.find(END)
        if end >= 0:
            self.ended = True
            self.rest = data[end + len(END) :]
            body = data[: end + 2]
        else:
            self._held = next((prefix for prefix in _PREFIXES if data.endswith(prefix)), b"")
            body = data[: len(data) - len(self._held)]
        if dots:
            body = body.replace(b"\r\n.", b"\r\n")
        self.bare = self.bare or _has_bare(body)
        if body and self._lead:
            body = body[self._lead :]
            self._lead = 0
        return body


def _line_dots(data: bytes) -> int:
    """How many lines begin with a dot; more than none where there are too many dots to look at each."""
    found = 0
    at = data.find(b".")
    for _ in range(_FEW_DOTS):
        if at < 0:
            return found
        found += data.startswith(b"\r\n", max(at - 2, 0))
        at = data.find(b".", at + 1)
    return found + 1


def _has_bare(body: bytes) -> bool:
    """Whether some line ends with less than CRLF. Splitting is twice as fast as counting pairs."""
    lines = body.splitlines()
    ends = len(lines) if body.endswith((b"\r", b"\n")) else len(lines) - 1
    return bool(lines) and len(body) - len(b"".join(lines)) != 2 * ends
