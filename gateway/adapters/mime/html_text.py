"""HTML bodies to plain text, in one pass of linear cost over hostile input."""

from __future__ import annotations

import html
import re
from urllib.parse import unquote

from gateway.adapters.mime.html_source import RAW, HtmlSource

_TAG_NAME = re.compile(r"/?([A-Za-z][A-Za-z0-9:]{0,30})")
_CID = re.compile(rb"cid:([^\s\"'<>)]{1,250})", re.IGNORECASE)
_MOST_SEARCHED = 4 * 1024 * 1024
_SPACES = re.compile(r"[ \t\r\n\f\xa0]+")
_BLOCKS = frozenset(
    re.findall(
        r"\w+",
        "address article aside blockquote br dd div dl dt fieldset figure footer form h1 h2 h3 h4 h5 h6 header hr "
        "li main nav ol p pre section table tbody thead tr ul",
    )
)
_CELLS = frozenset({"td", "th"})


def html_to_text(source: str) -> str:
    """The visible text: a line per block, tabs between cells, `> ` before lines of a blockquote."""
    return _Reader(source).text()


class _Reader:
    def __init__(self, source: str) -> None:
        self._source = HtmlSource(source)
        self._lines: list[str] = []
        self._line: list[str] = []
        self._quotes = 0

    def text(self) -> str:
        source, position = self._source.text, 0
        while position < len(source):
            opened = self._source.next_markup(position)
            self._add(source[position:opened])
            position = self._markup(opened) if opened < len(source) else opened
        self._break()
        return re.sub(r"\n{3,}", "\n\n", "\n".join(self._lines)).strip("\n")

    def _markup(self, opened: int) -> int:
        """Read what begins at `<` and return where text goes on."""
        name = _TAG_NAME.match(self._source.text, opened + 1)
        if name is None:
            return self._source.past_comment(opened)
        position = self._source.past(">", opened)
        tag, closing = name[1].lower(), name[0].startswith("/")
        if tag in RAW and not closing:
            return self._source.past_raw(tag, position)
        self._tag(tag, closing=closing)
        return position

    def _tag(self, tag: str, *, closing: bool) -> None:
        if tag in _CELLS:
            if not closing and self._line:
                self._line.append("\t")
        elif tag in _BLOCKS:
            self._break(blank=tag == "br")
        if tag == "blockquote":
            self._quotes = max(self._quotes + (-1 if closing else 1), 0)

    def _add(self, text: str) -> None:
        if text:
            self._line.append(_SPACES.sub(" ", html.unescape(text)))

    def _break(self, *, blank: bool = False) -> None:
        cells = "".join(self._line).split("\t")
        line = "\t".join(" ".join(cell.split(" ")).strip(" ") for cell in cells).strip()
        self._line = []
        if line or blank:
            self._lines.append("> " * min(self._quotes, 9) + line if line else "")


def referenced_ids(source: bytes) -> set[str]:
    """The Content-IDs which an HTML body shows (RFC 2392)."""
    return {unquote(found.decode("latin-1")).lower() for found in _CID.findall(source, 0, _MOST_SEARCHED)}
