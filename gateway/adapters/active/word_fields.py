"""Field codes of Word: which start a program, fetch something, or neither.

A field's code may itself be made of fields (`QUOTE` writes any letters), and may be cut over runs; what comes here
is joined already, with nested fields between their marks.
"""

from __future__ import annotations

import re

from gateway.adapters.active.finds import Finds
from gateway.adapters.active.links import Reach, reach_of
from gateway.model.facts import ActiveKind

BEGIN, SEPARATE, END = "\x13", "\x14", "\x15"
LONGEST_CODE = 20_000
LONGEST_NESTED, DEEPEST_NESTED = 2_000, 20
_INNERMOST = re.compile(r"\x13([^\x13\x14\x15]*)(?:\x14([^\x13\x15]*))?\x15")
_QUOTE = re.compile(r"\s*QUOTE\s+(.*)", re.IGNORECASE | re.DOTALL)
_NUMBERS = re.compile(r'[\s"“”]*(?:\d{1,5}[\s"“”]+)*\d{1,5}[\s"“”]*')
_SET = re.compile(r"\s*(?:SET|REF)\b", re.IGNORECASE)
_NAME = re.compile(r'[\s"“”\\]*([A-Za-z]{2,20})\b(.*)', re.DOTALL)
_FETCHES = {
    "INCLUDEPICTURE": "hình liên kết",
    "INCLUDETEXT": "văn bản liên kết",
    "INCLUDE": "văn bản liên kết",
    "IMPORT": "hình liên kết",
    "RD": "tài liệu tham chiếu",
    "DATABASE": "dữ liệu liên kết",
}
_PASTED = re.compile(r"https?:.*\\\*\s*MERGEFORMATINET", re.IGNORECASE | re.DOTALL)
_NOT_KEPT = re.compile(r"\\d\b", re.IGNORECASE)
_ROUNDS = 12
_SURROGATES = 0xD800


def nested(code: str) -> str:
    """A field's code as it stands within another's; nothing where it is longer or deeper than people write."""
    return f"{BEGIN}{code}{END}" if len(code) < LONGEST_NESTED and code.count(BEGIN) < DEEPEST_NESTED else ""


def examine_field(code: str, place: str, finds: Finds) -> None:
    """Judge one field by its joined code, in which nested fields stand between BEGIN and END."""
    plain = resolved(code[:LONGEST_CODE])
    match = _NAME.match(plain)
    if match is None:
        return
    name, rest = match[1].upper(), match[2]
    if name in ("DDE", "DDEAUTO"):
        finds.add(ActiveKind.DDE, place, f"trường {name}{rest}")
    elif name == "LINK":
        _linked(rest, place, finds)
    elif name in _FETCHES and any(reach_of(word) is not Reach.LOCAL for word in _words(rest)):
        kind = (
            ActiveKind.WORKBOOK_LINK
            if _PASTED.search(rest) and not _NOT_KEPT.search(rest)
            else ActiveKind.EXTERNAL_LINK
        )
        finds.add(kind, place, f"{_FETCHES[name]}: {rest}")


def resolved(code: str) -> str:
    """The code with nested fields replaced by what they write: QUOTE by its letters, others by their code."""
    for _ in range(_ROUNDS):
        code, count = _INNERMOST.subn(lambda match: _written(match[1]), code)
        if not count:
            break
    return re.sub(r"[\x13-\x15]", " ", code)


def _written(code: str) -> str:
    match = _QUOTE.match(code)
    if match is None:
        return "" if _SET.match(code) else code
    argument = match[1]
    if _NUMBERS.fullmatch(argument):
        return "".join(chr(int(number)) for number in re.findall(r"\d+", argument) if 0 < int(number) < _SURROGATES)
    return argument.strip(' "“”')


def _linked(rest: str, place: str, finds: Finds) -> None:
    """`LINK class file item`: an OLE link, which Word may follow by itself."""
    reaches = {reach_of(word) for word in _words(rest)}
    if reaches == {Reach.LOCAL} or not reaches:
        finds.add(ActiveKind.WORKBOOK_LINK, place, f"trường LINK{rest}")
    else:
        finds.add(ActiveKind.EXTERNAL_TEMPLATE, place, f"trường LINK{rest}")


def _words(rest: str) -> list[str]:
    quoted = re.findall(r'["“”]([^"“”]*)["“”]|(\S+)', rest)
    return [(first or second).replace("\\\\", "\\") for first, second in quoted]
