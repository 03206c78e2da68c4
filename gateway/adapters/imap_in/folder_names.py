"""Folder names on the wire: modified UTF-7 (RFC 3501 section 5.1.3) in a quoted string (section 9)."""

from __future__ import annotations

import re
from base64 import b64decode, b64encode

_RUN = re.compile(r"[^\x20-\x7e]+|&")
_SHIFTED = re.compile(r"&([A-Za-z0-9+,]*)-")


def encode(name: str) -> str:
    """Modified UTF-7, which is printable ASCII; raises UnicodeEncodeError for a lone surrogate."""
    return _RUN.sub(_shifted, name)


def decode(text: str) -> str:
    """The name behind modified UTF-7; raises ValueError where it is none."""
    if re.search(r"[^\x20-\x7e]", text) or "&" in _SHIFTED.sub("", text):
        raise ValueError("no modified UTF-7")
    return _SHIFTED.sub(_plain, text)


def quoted(text: str) -> str:
    """A quoted string of printable ASCII; raises ValueError for what cannot stand in one."""
    if re.search(r"[^\x20-\x7e]", text):
        raise ValueError("only printable ASCII can be quoted")
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def on_wire(name: str) -> str:
    """A folder's name as a command takes it; raises UnicodeEncodeError for a lone surrogate."""
    return quoted(encode(name))


def _shifted(run: re.Match[str]) -> str:
    if run[0] == "&":
        return "&-"
    base64 = b64encode(run[0].encode("utf-16-be")).decode("ascii")
    return f"&{base64.rstrip('=').replace('/', ',')}-"


def _plain(shifted: re.Match[str]) -> str:
    base64 = shifted[1].replace(",", "/")
    if not base64:
        return "&"
    return b64decode(base64 + "=" * (-len(base64) % 4), validate=True).decode("utf-16-be")
