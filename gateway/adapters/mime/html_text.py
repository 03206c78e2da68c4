"""HTML bodies to plain text, in one pass of linear cost over hostile input."""

from __future__ import annotations

import html
import re
from urllib.parse import unquote

_TAG_NAME = re.compile(r"/?([A-Za-z][A-Za-z0-9:]{0,30})")
_CID = re.compile(rb"cid:([^\s\"'<>)]{1,250})", re.IGNORECASE)
_MOST_SEARCHED = 4 * 1024 * 1024
_SPACES = re.compile(r"[ \t\r\n\f\xa0]+")
_HIDDEN = frozenset({"script", "style", "head", "title", "template", "noscript"})
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
        self._source = source
        self._lower = source.lower()
        if len(self._lower) != len(source):
            self._lower = source
        self._lines: list[str] = []
        self._line: list[str] = []
        self._quotes = 0
        self._unclosed: set[str] = set()

    def text(self) -> str:
        position = 0
        while position < len(self._source):
            opened = self._source.find("<", position)
            if opened < 0:
                self._add(self._source[position:])
                break
            self._add(self._source[position:opened])
            position = self._markup(opened)
        self._break()
        return re.sub(r"\n{3,}", "\n\n", "\n".join(self._lines)).strip("\n")

    def _markup(self, opened: int) -> int:
        """Read what begins at `<` and return where text goes on."""
        if self._source.startswith("<!--", opened):
            return self._past("-->", opened + 4)
        if self._source.startswith(("<!", "<?"), opened):
            return self._past(">", opened)
        name = _TAG_NAME.match(self._source, opened + 1)
        if name is None:
            self._line.append("<")
            return opened + 1
        position = self._past(">", opened)
        tag, closing = name[1].lower(), name[0].startswith("/")
        if tag in _HIDDEN and not closing:
            return self._past(">", self._past(f"</{tag}", position, beside=position) - 1)
        self._tag(tag, closing=closing)
        return position

    def _past(self, mark: str, position: int, beside: int | None = None) -> int:
        """After the next `mark`; where there is none, the end, or `beside` if given."""
        found = -1 if mark in self._unclosed else self._lower.find(mark, position)
        if found >= 0:
            return found + len(mark)
        self._unclosed.add(mark)
        return len(self._source) if beside is None else beside

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
