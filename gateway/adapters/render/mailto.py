"""Links that open a reply which is written already (RFC 6068)."""

from __future__ import annotations

from urllib.parse import quote

from gateway.model.wording import one_line

_LONGEST_LINK = 1800
_LONGEST_SUBJECT = 160
_SHORT_SUBJECT = 40


def mailto(address: str, subject: str, lines: tuple[str, ...], message_id: str) -> str:
    """The link to a reply to the mail `message_id` with the body `lines`, at most 1,800 characters long.

    What is too long loses first most of its subject, then all of its body but the keyword.
    """
    keyword, colon, _ = (lines[0] if lines else "").partition(":")
    short = one_line(f"{keyword}{colon}", _SHORT_SUBJECT)
    tries = ((_LONGEST_SUBJECT, lines), (_SHORT_SUBJECT, lines), (_SHORT_SUBJECT, (short,)))
    links = (_link(address, one_line(subject, limit), body, message_id) for limit, body in tries)
    return next((link for link in links if len(link) <= _LONGEST_LINK), f"mailto:{quote(address, safe='@')}")


def _link(address: str, subject: str, lines: tuple[str, ...], message_id: str) -> str:
    body = "\r\n".join(f"{line} " if line.endswith(":") else line for line in lines)
    fields = {"subject": f"Re: {subject}", "body": body, "In-Reply-To": message_id}
    return f"mailto:{quote(address, safe='@')}?" + "&".join(
        f"{name}={quote(value, safe='')}" for name, value in fields.items() if value
    )
