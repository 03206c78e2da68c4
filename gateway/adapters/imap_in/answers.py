"""Reading what a server answers (RFC 3501 section 7). A response is text, literal, text, … as `wire` gives it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from gateway.adapters.imap_in.problems import BrokenProtocol

_TOKEN = re.compile(
    rb"\s*(?:(?P<open>\()|(?P<close>\))"
    rb'|"(?P<quoted>(?:[^"\\]|\\.)*)"'
    rb"|(?P<literal>\{\d+\}\Z)"
    rb"|(?P<atom>BODY\[[^\]]*\](?:<\d+>)?|[^\s()\"{]+))"
)
_FETCH = re.compile(rb"\d+ FETCH \(")
_LISTED = re.compile(
    rb"""\((?P<flags>[^()]*)\) (?:"(?:[^"\\]|\\.)*"|NIL) """
    rb"""(?P<name>"(?:[\x20\x21\x23-\x5b\x5d-\x7e]|\\[\\"])*"|[\x21\x23-\x27\x2b-\x5b\x5d-\x7a\x7c\x7e]+)""",
    re.IGNORECASE,
)
_CLOSED_FOLDER = re.compile(rb"\\(?:Noselect|NonExistent)(?!\w)", re.IGNORECASE)
_ESCAPED = re.compile(rb"\\(.)")

_FIELD = re.compile(rb"^(Return-Path|From)[ \t]*:((?:[^\n]|\n[ \t])*+)", re.IGNORECASE | re.MULTILINE)
_ATOM = rb"""[^\x00-\x20"(),:;<>@\[\\\]\x7f]++"""
_WORD = re.compile(
    rb'"(?:[^"\\]|\\.?)*+"?' rb"|\([^()]*+\)?" rb"|(?P<bracket><)?(?P<address>%b@%b)" rb"|%b" % (_ATOM, _ATOM, _ATOM),
    re.DOTALL,
)
"""A quoted string, a comment, an address, or anything else; no word is read twice, and none needs recursion."""

_ADDRESS_BYTES = 254
"""RFC 5321 section 4.5.3.1.3, without the brackets."""

Value = bytes | None
"""Of an attribute; a list in parentheses, which nothing here asks for, is None like NIL."""

_OPEN, _CLOSE, _END = object(), object(), object()


def attributes(response: Sequence[bytes]) -> dict[str, Value]:
    """The attributes of one FETCH response, by name as the server writes it; raises BrokenProtocol."""
    tokens = _tokens(response)
    found: dict[str, Value] = {}
    for name in tokens:
        if name is _CLOSE:
            return found
        if not isinstance(name, bytes):
            break
        found[name.decode("ascii", "replace").upper()] = _value(tokens)
    raise BrokenProtocol("FETCH")


def number(value: Value) -> int | None:
    """An attribute's number, or None where it is none."""
    return int(value) if value is not None and re.fullmatch(rb"\d{1,19}", value) else None


def found_uids(lines: Iterable[bytes]) -> list[int]:
    """The numbers of SEARCH responses, ascending, each once; raises BrokenProtocol."""
    numbers: set[int] = set()
    for line in lines:
        words = line.split()
        if not all(word.isdigit() for word in words):
            raise BrokenProtocol("SEARCH")
        numbers.update(map(int, words))
    return sorted(numbers)


def found_folders(lines: Iterable[bytes]) -> list[str]:
    """The names in LIST responses of folders that can be opened, as they are to be sent back; odd ones are left out."""
    found = []
    for line in lines:
        listed = _LISTED.fullmatch(line)
        if listed is not None and not _CLOSED_FOLDER.search(listed["flags"]):
            name = listed["name"].decode("ascii")
            found.append(name if name.startswith('"') else f'"{name}"')
    return found


def uid_set(uids: Sequence[int]) -> str:
    """Ascending numbers as a set with ranges: `1:3,7`."""
    ranges: list[list[int]] = []
    for uid in uids:
        if ranges and uid == ranges[-1][1] + 1:
            ranges[-1][1] = uid
        else:
            ranges.append([uid, uid])
    return ",".join(str(first) if first == last else f"{first}:{last}" for first, last in ranges)


def sender_of(header: bytes) -> str:
    """The lower-case address that Return-Path, or else From, names; empty where neither names one. Never fails.

    It is the key of a limit and nothing more, so obsolete and quoted forms need not be understood.
    """
    fields: dict[bytes, bytes] = {}
    for field in _FIELD.finditer(header):
        fields.setdefault(field[1].lower(), field[2])
    for name in (b"return-path", b"from"):
        if address := _address_in(fields.get(name, b"")):
            return address.decode("utf-8", "replace").lower()
    return ""


def _address_in(text: bytes) -> bytes:
    """The first address in brackets, or else the first one."""
    first = b""
    for word in _WORD.finditer(text):
        address = word["address"]
        if address is None or len(address) > _ADDRESS_BYTES:
            continue
        if word["bracket"]:
            return address
        first = first or address
    return first


def _tokens(response: Sequence[bytes]) -> Iterator[object]:
    start = _FETCH.match(response[0])
    if start is None:
        raise BrokenProtocol("FETCH")
    position = start.end()
    for index in range(0, len(response), 2):
        text = response[index].rstrip(b" ")
        while position < len(text):
            token = _TOKEN.match(text, position)
            if token is None:
                raise BrokenProtocol("FETCH")
            position = token.end()
            yield _token(token, response[index + 1 : index + 2])
        position = 0


def _token(token: re.Match[bytes], literal: Sequence[bytes]) -> object:
    match token.lastgroup:
        case "open":
            return _OPEN
        case "close":
            return _CLOSE
        case "quoted":
            return _ESCAPED.sub(rb"\1", token["quoted"])
        case "literal" if literal:
            return literal[0]
        case "atom":
            return None if token["atom"].upper() == b"NIL" else token["atom"]
    raise BrokenProtocol("FETCH")


def _value(tokens: Iterator[object]) -> Value:
    token = next(tokens, _END)
    depth = 0
    while True:
        if token is _END or (token is _CLOSE and not depth):
            raise BrokenProtocol("FETCH")
        depth += 1 if token is _OPEN else -1 if token is _CLOSE else 0
        if not depth:
            return token if isinstance(token, bytes) else None
        token = next(tokens, _END)
