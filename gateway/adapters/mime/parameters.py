"""Parameters of Content-Type and Content-Disposition (RFC 2045 section 5.1, RFC 2231, misplaced RFC 2047)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import unquote_to_bytes

from gateway.adapters.mime.charset import decode
from gateway.adapters.mime.words import decode_words

_MAIN = re.compile(r"\s*([^;\s(=\"]*)(?!\s*=)")
_PARAMETER = re.compile(r"([^\s=;\"]{1,100})[ \t]*=[ \t]*(\"(?:[^\"\\]|\\.)*\"?|[^;]*)", re.DOTALL)
_ESCAPE = re.compile(r"\\([\"\\])")
_LABELLED = re.compile(r"([^']{0,60})'[^']{0,60}'")
_CONTINUED = re.compile(r"(.+?)\*(\d{1,4})?(\*)?")


@dataclass(frozen=True, slots=True)
class Structured:
    """A header value such as `attachment; filename=x`: its word in lower case, and its parameters decoded."""

    value: str
    parameters: dict[str, str]


@dataclass(frozen=True, slots=True)
class _Segment:
    index: int
    encoded: bool
    text: str


def read_structured(text: str) -> Structured:
    """Take a structured header value apart. Extended forms (`name*`) win over plain ones; never raises."""
    main = _MAIN.match(text)
    value = main[1].lower() if main else ""
    plain: dict[str, str] = {}
    segments: dict[str, list[_Segment]] = {}
    for match in _PARAMETER.finditer(text, main.end() if main else 0):
        name, raw = match[1].lower(), _unquote(match[2])
        continued = _CONTINUED.fullmatch(name)
        if continued is None:
            plain.setdefault(name, raw)
            continue
        encoded = continued[2] is None or continued[3] is not None
        segments.setdefault(continued[1], []).append(_Segment(int(continued[2] or 0), encoded, raw))
    parameters = {name: decode_words(raw) for name, raw in plain.items()}
    for name, found in segments.items():
        joined = _join(found)
        if joined:
            parameters[name] = joined
    return Structured(value, parameters)


def _unquote(raw: str) -> str:
    if not raw.startswith('"'):
        return raw.strip()
    closed = len(raw) > 1 and raw.endswith('"')
    return _ESCAPE.sub(r"\1", raw[1:-1] if closed else raw[1:])


def _join(segments: list[_Segment]) -> str:
    """RFC 2231 sections 3 and 4: pieces in order, neighbouring encoded ones decoded as one run of bytes."""
    segments = sorted(segments, key=lambda segment: segment.index)
    charset = ""
    out: list[str] = []
    pending = b""
    for position, segment in enumerate(segments):
        text = segment.text
        if position == 0 and segment.encoded and (labelled := _LABELLED.match(text)):
            charset, text = labelled[1], text[labelled.end() :]
        if segment.encoded:
            pending += unquote_to_bytes(text)
            continue
        out += [decode(pending, charset)[0], text]
        pending = b""
    out.append(decode(pending, charset)[0])
    return decode_words("".join(out))
