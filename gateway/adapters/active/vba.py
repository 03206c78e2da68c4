"""VBA projects ([MS-OVBA]): whether there is code, whether something starts it, and whether attackers write such code.

Code is read from the packed source of each module, found by the project's directory and, for directories that
lie, by its first line. Source that is missing where compiled code stands (VBA stomping) is suspicious by itself.
"""

from __future__ import annotations

import re
import warnings
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Protocol, cast

from gateway.adapters.active.finds import Finds
from gateway.adapters.active.ovba import unpacked
from gateway.model.facts import ActiveKind

MOST_SOURCE = 8_000_000
MOST_OF_A_MODULE = 2_000_000
_NOT_MODULES = re.compile(r"dir|_vba_project|__srp_[0-9a-f]+|\x03?vbframe|f|o|project(?:wm|lk)?", re.IGNORECASE)
_FIRST_LINE = re.compile(rb"\x01[\x00-\xff][\xb0-\xbf]\x00Attribut[\x00-\xff]")
_NO_CODE = re.compile(
    r"\s*(?:Attribute\s.*|Option\s+(?:Explicit|Compare\s+\w+|Base\s+\d|Private\s+Module)\s*|(?:'|Rem\b).*|)",
    re.IGNORECASE,
)
_OFFSET, _VERSION, _STREAM_NAME, _MODULE_NAME = 0x31, 0x09, 0x1A, 0x19
_CODE_MARK = b"\xfe\xca"
_LINE_ROW = 12
_MOST_LINES = 65_000
_SLACK = 10
_WORDS_TOLD = 4
_ORDINARY = frozenset(
    {
        *("open", "write", "put", "output", "binary", "print #", "call", "windows", "run", "create", "command"),
        *("chr", "chrb", "chrw", "system", "virtual", "register", "andy", "currentuser", "vbnormal", "vbnormalfocus"),
    }
)
"""Words of attackers that the macros of any office have too, such as those that write a sum in Vietnamese words."""


class Keywords(Protocol):
    """The two keyword analyses of oletools that are used."""

    def detect_autoexec(self, vba_code: str) -> list[tuple[str, str]]:
        """Words of procedures that an application runs by itself."""

    def detect_suspicious(self, vba_code: str) -> list[tuple[str, str]]:
        """Words of code that attackers write."""


@dataclass(frozen=True, slots=True)
class _Module:
    name: str
    source: str | None
    lines: int
    compiled: int


def examine_vba(streams: Mapping[str, bytes], place: str, finds: Finds) -> None:
    """Judge one project by the streams of its VBA storage, by their names; `place` is where it is."""
    modules = list(_modules(streams))
    sources = [module.source or "" for module in modules]
    code = "\n".join(sources)
    stomped = sorted(module.name for module in modules if _hidden(module))
    if not stomped and not any(map(has_code, sources)):
        return
    names = ", ".join(
        sorted(module.name for module in modules if module.source and has_code(module.source))[:_WORDS_TOLD]
    )
    starts, suspicious = _words(code)
    if stomped:
        finds.add(ActiveKind.SUSPICIOUS_MACRO, place, f"mã đã biên dịch nhưng bị xóa mã nguồn: {stomped[0]}")
    if suspicious:
        finds.add(ActiveKind.SUSPICIOUS_MACRO, place, f"mã VBA có từ khóa đáng ngờ: {', '.join(suspicious)}")
    if starts:
        finds.add(ActiveKind.AUTO_MACRO, place, f"mã VBA tự chạy: {', '.join(starts)}")
    if not (stomped or suspicious or starts):
        finds.add(ActiveKind.MACRO, place, f"mã VBA: {names}")


def has_code(source: str) -> bool:
    """Whether anything is left of a module without attributes, options, comments and blank lines."""
    return any(_NO_CODE.fullmatch(line) is None for line in source.splitlines())


def _words(code: str) -> tuple[list[str], list[str]]:
    """Words that start code, words of attackers, each once and only a few."""
    joined = re.sub(r"[ \t]_\r?\n", " ", code)
    analysis = _analysis()
    starts = dict.fromkeys(word for word, _ in analysis.detect_autoexec(joined))
    suspicious = dict.fromkeys(
        word for word, _ in analysis.detect_suspicious(joined) if word.lower() not in _ORDINARY and word[:1] != "."
    )
    return list(starts)[:_WORDS_TOLD], list(suspicious)[:_WORDS_TOLD]


@cache
def _analysis() -> Keywords:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from oletools import olevba
    return cast("Keywords", olevba)


def _hidden(module: _Module) -> bool:
    """Compiled lines where the source has none, or hardly any of them."""
    if not module.source:
        return module.compiled > 0
    usual = 2 * module.lines + _SLACK if has_code(module.source) else module.lines + 2
    return module.compiled > usual


def _modules(streams: Mapping[str, bytes]) -> Iterator[_Module]:
    offsets = _offsets(next((data for name, data in streams.items() if name.lower() == "dir"), b""))
    left = MOST_SOURCE
    for name, data in streams.items():
        if _NOT_MODULES.fullmatch(name) or left <= 0:
            continue
        offset = offsets.get(name.lower())
        source, start = _source(data, offset, min(left, MOST_OF_A_MODULE))
        left -= len(source or "")
        lines = sum(not line.startswith("Attribute ") for line in (source or "").splitlines())
        yield _Module(name, source, lines, _compiled_lines(data[:start]))


def _source(data: bytes, offset: int | None, most: int) -> tuple[str | None, int]:
    """The text of a module, from where the directory says and wherever else one begins; where the first begins."""
    places = {match.start() for match in _FIRST_LINE.finditer(data)}
    if offset is not None and offset < len(data):
        places.add(offset)
    texts = [text for place in sorted(places)[:8] if (text := unpacked(data[place:], most)) and text.strip(b"\x00")]
    start = offset if offset is not None and offset <= len(data) else min(places, default=len(data))
    return ("\n".join(text.decode("latin-1") for text in texts) if texts else None), start


def _offsets(directory: bytes) -> dict[str, int]:
    """Where the source begins in each module's stream, by its name in lower case ([MS-OVBA] 2.3.4.2)."""
    text = unpacked(directory, MOST_OF_A_MODULE) or b""
    found: dict[str, int] = {}
    place, name = 0, ""
    while place + 6 <= len(text):
        kind = int.from_bytes(text[place : place + 2], "little")
        size = int.from_bytes(text[place + 2 : place + 6], "little")
        if kind == _VERSION:
            size = 6
        value = text[place + 6 : place + 6 + size]
        if kind in (_MODULE_NAME, _STREAM_NAME):
            name = value.decode("latin-1").lower()
        elif kind == _OFFSET and name:
            found[name] = int.from_bytes(value[:4], "little")
        place += 6 + size
    return found


def _compiled_lines(cache_: bytes) -> int:
    """Lines of compiled code in the cache before the source: the most of any table that looks like one."""
    most = 0
    place = cache_.find(_CODE_MARK)
    while place >= 0:
        count = int.from_bytes(cache_[place + 4 : place + 6], "little")
        table = cache_[place + 6 : place + 6 + count * _LINE_ROW]
        if 0 < count < _MOST_LINES and len(table) == count * _LINE_ROW:
            lengths = [int.from_bytes(table[row + 4 : row + 6], "little") for row in range(0, len(table), _LINE_ROW)]
            most = max(most, sum(length > 0 for length in lengths))
        place = cache_.find(_CODE_MARK, place + 1)
    return most
