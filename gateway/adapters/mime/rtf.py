"""RTF bodies of Outlook: decompression (MS-OXRTFCP) and plain text (also of encapsulated HTML, MS-OXRTFEX)."""

from __future__ import annotations

import re
import struct

from gateway.adapters.mime.charset import decode

_PRELOADED = (
    rb"{\rtf1\ansi\mac\deff0\deftab720{\fonttbl;}{\f0\fnil \froman \fswiss \fmodern \fscript \fdecor "
    rb"MS Sans SerifSymbolArialTimes New RomanCourier{\colortbl\red0\green0\blue0"
    b"\r\n"
    rb"\par \pard\plain\f0\fs20\b\i\u\tab\tx"
)
_COMPRESSED = b"LZFu"
_UNCOMPRESSED = b"MELA"
_WINDOW = 4096
_HEADER = 16

_TOKEN = re.compile(
    rb"\\([a-zA-Z]{1,32})(-?\d{1,10})?[ ]?|\\'([0-9a-fA-F]{2})|\\([^a-zA-Z])|([{}])|[\r\n]+|([^\\{}\r\n]+)"
)
_SILENT = frozenset({b"fonttbl", b"colortbl", b"stylesheet", b"info", b"pict", b"object", b"header", b"footer"})
_BREAKS = {b"par": "\n", b"line": "\n", b"tab": "\t", b"cell": "\t", b"row": "\n"}
_SYMBOLS = {
    b"lquote": "‘",
    b"rquote": "’",
    b"ldblquote": "“",
    b"rdblquote": "”",
    b"bullet": "•",
    b"endash": "–",
    b"emdash": "—",
}


def decompress(content: bytes, most: int) -> bytes:
    """The RTF of PR_RTF_COMPRESSED, at most `most` bytes; raises ValueError where it is none."""
    if len(content) < _HEADER:
        raise ValueError("too short for compressed RTF")
    _, size, kind, _ = struct.unpack_from("<II4sI", content)
    if kind == _UNCOMPRESSED:
        return content[_HEADER : _HEADER + min(size, most)]
    if kind != _COMPRESSED:
        raise ValueError("unknown RTF compression")
    window = _PRELOADED.ljust(_WINDOW, b" ")
    # The window goes before the output, oldest byte first, so that every reference is a distance back.
    out = bytearray(window[len(_PRELOADED) :] + window[: len(_PRELOADED)])
    position = _HEADER
    limit = _WINDOW + min(size, most)
    while position < len(content) and len(out) < limit:
        control = content[position]
        position += 1
        for bit in range(8):
            if not control >> bit & 1:
                out += content[position : position + 1]
                position += 1
                continue
            if position + 2 > len(content):
                return bytes(out[_WINDOW:])
            token = content[position] << 8 | content[position + 1]
            position += 2
            distance = (len(_PRELOADED) + len(out) - (token >> 4)) % _WINDOW
            if not distance:
                return bytes(out[_WINDOW:])
            _copy(out, distance, (token & 15) + 2)
    return bytes(out[_WINDOW:limit])


def _copy(out: bytearray, distance: int, length: int) -> None:
    """A reference may run into the bytes that it is just writing: those repeat."""
    start = len(out) - distance
    taken = out[start : start + length]
    out += (taken * (length // len(taken) + 1))[:length]


def rtf_to_text(source: bytes) -> str:
    """The readable text of an RTF body; never raises."""
    reader = _Reader()
    for match in _TOKEN.finditer(source):
        reader.take(match)
    return reader.text()


class _Reader:
    def __init__(self) -> None:
        self._out: list[str] = []
        self._bytes = bytearray()
        self._codepage = "cp1252"
        self._silent = False
        self._html_rtf = False
        self._fallback = 1
        self._skip = 0
        self._stack: list[tuple[bool, bool, int]] = []

    def text(self) -> str:
        self._flush()
        return "".join(self._out).strip()

    def take(self, match: re.Match[bytes]) -> None:
        word, number, code, symbol, brace, plain = match.groups()
        if brace:
            self._group(brace)
        elif word:
            self._word(word, int(number) if number else None)
        elif code:
            self._put_bytes(bytes.fromhex(code.decode("ascii")))
        elif symbol:
            self._symbol(symbol)
        elif plain:
            self._put_bytes(plain)

    def _group(self, brace: bytes) -> None:
        if brace == b"{":
            self._stack.append((self._silent, self._html_rtf, self._fallback))
        elif self._stack:
            self._silent, self._html_rtf, self._fallback = self._stack.pop()

    def _word(self, word: bytes, number: int | None) -> None:
        if word in _SILENT:
            self._silent = True
        elif word == b"htmlrtf":
            self._html_rtf = number != 0
        elif word == b"ansicpg" and number:
            self._codepage = f"cp{number}"
        elif word == b"uc":
            self._fallback = min(max(number or 0, 0), 8)
        elif word == b"u" and number is not None:
            self._put(chr(number % 65536))
            self._skip = self._fallback
        elif word in _BREAKS:
            self._put(_BREAKS[word])
        elif word in _SYMBOLS:
            self._put(_SYMBOLS[word])

    def _symbol(self, symbol: bytes) -> None:
        if symbol == b"*":
            self._silent = True
        elif symbol in b"\\{}":
            self._put_bytes(symbol)
        elif symbol == b"~":
            self._put(" ")
        elif symbol in b"\r\n":
            self._put("\n")

    def _put_bytes(self, content: bytes) -> None:
        skipped = min(self._skip, len(content))
        self._skip -= skipped
        if not (self._silent or self._html_rtf):
            self._bytes += content[skipped:]

    def _put(self, text: str) -> None:
        if not (self._silent or self._html_rtf):
            self._flush()
            self._out.append(text)

    def _flush(self) -> None:
        if self._bytes:
            self._out.append(decode(bytes(self._bytes), self._codepage)[0])
            self._bytes.clear()
