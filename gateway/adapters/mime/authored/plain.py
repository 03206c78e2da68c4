"""Lines of a plain text, also in format=flowed (RFC 3676)."""

from __future__ import annotations

import re
from collections.abc import Iterator

from gateway.adapters.mime.authored.line import Line, tidy

_MARKS = re.compile(r"(?:[ ]{0,4}[A-Z]{0,3}[>＞])+ ?")
_BAR = re.compile(r"\|(?: |\Z)")
_DEPTH = re.compile(r">*")
_DELIMITER = "-- "


def lines_of_text(text: str, *, flowed: bool = False, delsp: bool = False) -> Iterator[Line]:
    """The lines of a text as it was sent."""
    if flowed:
        text = "\n".join(unflowed(text.replace("\r\n", "\n").split("\n"), delsp=delsp))
    for raw in tidy(text).split("\n"):
        yield line_of_text(raw)


def line_of_text(raw: str) -> Line:
    """A tidy line without its marks of quotation: `>`, also nested or with initials, and `|`, which tables have too."""
    text = raw.strip(" ")
    marks = _MARKS.match(text)
    if marks is not None:
        return Line(text[marks.end() :].strip(" "), quoted=True, prefixed=True)
    if _BAR.match(text):
        return Line(text[1:].strip(" "), quoted=True, prefixed=True, doubtful=True)
    return Line(text)


def unflowed(lines: list[str], *, delsp: bool) -> Iterator[str]:
    """Paragraphs of format=flowed, each as one line with its quote marks (RFC 3676 section 4)."""
    paragraph: list[str] = []
    depth = 0
    for raw in lines:
        marks = _DEPTH.match(raw)
        deep = marks.end() if marks else 0
        text = raw[deep:]
        text = text.removeprefix(" ")
        if paragraph and (deep != depth or text == _DELIMITER):
            yield _marked("".join(paragraph), depth)
            paragraph = []
        depth = deep
        soft = text.endswith(" ") and text != _DELIMITER
        paragraph.append(text[:-1] if soft and delsp else text)
        if not soft:
            yield _marked("".join(paragraph), depth)
            paragraph = []
    if paragraph:
        yield _marked("".join(paragraph), depth)


def _marked(text: str, depth: int) -> str:
    return f"{'>' * min(depth, 9)} {text}" if depth else text
