"""Reading how a server answers a command: done or refused, and why (RFC 3501 section 7.1, RFC 5530)."""

from __future__ import annotations

import re

from aioimaplib import Response

from gateway.adapters.imap_in.problems import MailboxProblem

_CODE = re.compile(rb"\[([A-Z][A-Z0-9-]*)")
_PERMANENT = re.compile(rb"\[PERMANENTFLAGS \(([^)]*)\)")


def code(response: Response) -> str:
    """The response code of the answer's last line, empty where it has none."""
    match = _CODE.match(response.lines[-1]) if response.lines else None
    return match[1].decode("ascii") if match else ""


def with_code(text: str, response: Response) -> str:
    """The text, with the response code behind it where there is one."""
    found = code(response)
    return f"{text} (mã {found})" if found else text


def expect_ok(response: Response, what: str) -> None:
    """Raise MailboxProblem where the server refused; `what` is Vietnamese for what was asked of it."""
    if response.result != "OK":
        raise MailboxProblem(with_code(f"Máy chủ thư từ chối: {what}", response))


def permanent_flags(response: Response) -> frozenset[str] | None:
    """The flags that the folder keeps, upper-case; None where the answer to SELECT does not say."""
    flags = None
    for line in response.lines:
        if match := _PERMANENT.search(line):
            flags = frozenset(match[1].decode("ascii", "replace").upper().split())
    return flags
