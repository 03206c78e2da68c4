"""Paths in MAIL and RCPT (RFC 5321 section 4.1.2, RFC 6531 section 3.3): read with tolerance, compared with care."""

from __future__ import annotations

import re
from dataclasses import dataclass

_PATH = re.compile(
    r"""
    \s* <
    (?: @ [^<>:"]* : )?                              # source route, to be ignored (RFC 5321 appendix C)
    (?P<address> (?: "(?:[^"\\] | \\.)*" | [^<>"] )* )
    > (?P<rest> \s.* | )
    """,
    re.VERBOSE,
)
_BARE_PATH = re.compile(r"\s*(?P<address>[^\s<>\"]+)(?P<rest>\s.*|)")
_QUOTED = re.compile(r'"((?:[^"\\]|\\.)*)"')
_MAX_ADDRESS = 320


class MalformedPath(ValueError):
    """The argument of MAIL or RCPT holds no path."""


@dataclass(frozen=True, slots=True)
class Path:
    """The address between the angle brackets, as sent (empty for the null path), and the parameters after it."""

    address: str
    parameters: tuple[tuple[str, str], ...]


def read_path(argument: str, keyword: str) -> Path:
    """Read `FROM:<a@b> SIZE=5`, `keyword` being `FROM` or `TO`; raises MalformedPath.

    Old software leaves the brackets out or puts a blank after the colon; both are understood.
    Names of parameters come in capitals.
    """
    found, colon, text = argument.partition(":")
    match = _PATH.fullmatch(text) or _BARE_PATH.fullmatch(text)
    if found.strip().upper() != keyword or not colon or match is None:
        raise MalformedPath(argument)
    address = match["address"]
    if len(address) > _MAX_ADDRESS or not address.isprintable() or address != address.strip():
        raise MalformedPath(argument)
    words = (word.partition("=") for word in match["rest"].split())
    return Path(address, tuple((name.upper(), value) for name, _, value in words))


class Recipients:
    """The addresses that mail is taken for."""

    def __init__(self, addresses: frozenset[str]) -> None:
        self._known = frozenset(_key(address) for address in addresses)

    def __contains__(self, address: str) -> bool:
        """Whether it is one of ours, or a plus-address of one."""
        key = _key(address)
        if key in self._known:
            return True
        local, _, domain = key.rpartition("@")
        base, plus, _ = local.partition("+")
        return bool(plus) and f"{base}@{domain}" in self._known


def _key(address: str) -> str:
    local, _, domain = address.rpartition("@")
    if quoted := _QUOTED.fullmatch(local):
        local = re.sub(r"\\(.)", r"\1", quoted[1])
    return f"{local.lower()}@{domain.removesuffix('.').lower()}"
