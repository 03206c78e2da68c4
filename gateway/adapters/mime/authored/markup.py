"""Lines of an HTML body as a person sees them, in one pass of linear cost over hostile input."""

from __future__ import annotations

import html
import re
from collections import Counter
from dataclasses import dataclass, field, replace

from gateway.adapters.mime.authored import elements
from gateway.adapters.mime.authored.boundary import holds_separator
from gateway.adapters.mime.authored.line import Line, Opening, tidy
from gateway.adapters.mime.authored.plain import line_of_text
from gateway.adapters.mime.html_source import RAW, HtmlSource
from gateway.adapters.mime.limits import LIMITS

_TAG = re.compile(r"(/?)([A-Za-z][^\s/>]{0,50})[^\s/>]*")
_ATTRIBUTE = re.compile(r"[\s/]*([^\s/>=][^\s/>=]*)(?:\s*=\s*(?:\"([^\"]*)\"|'([^']*)'|([^\s>\"'][^\s>]*))?)?")
_AFTER_ATTRIBUTES = re.compile(r"[^>]*>")
_SPACES = re.compile(r"[ \t\r\n\f]+")
_HARD_SPACE = "\xa0"
"""Alone in a block it is how programs write a blank line: `<p>&nbsp;</p>`."""
_VOID = frozenset(re.findall(r"\w+", "area base br col embed hr img input link meta param source track wbr"))
_BLOCKS = frozenset(
    re.findall(
        r"\w+",
        "address article aside blockquote body br center dd details div dl dt fieldset figure footer form h1 h2 h3 h4 "
        "h5 h6 header hr html li main nav ol option p pre section summary table tbody textarea tfoot thead tr ul",
    )
)
_CELLS = frozenset({"td", "th", "caption"})
_TABLE = frozenset({"table", "tbody", "thead", "tfoot", "tr", *_CELLS})
_SELF_ENDING = frozenset({"p", "li", "dd", "dt", "option", "td", "th", "tr"})
_MOST_ATTRIBUTES = 40
_LONGEST_VALUE = 1_000
_MOST_CSS = 100_000


@dataclass(slots=True)
class _Shell:
    """An element of Gmail around attribution and quote; `quoted` once the quote is over."""

    quoted: bool = False


@dataclass(frozen=True, slots=True)
class _Place:
    """What holds for the text within an element, inherited by the elements in it."""

    hidden: bool = False
    tiny: bool = False
    quoted: bool = False
    doubtful: bool = False
    signature: bool = False
    preformatted: bool = False
    colour: str = "000000"
    ground: str = "ffffff"
    shell: _Shell | None = None

    @property
    def in_quote(self) -> bool:
        return self.quoted or (self.shell is not None and not self.shell.quoted)

    @property
    def is_unseen(self) -> bool:
        return self.hidden or self.tiny or elements.alike(self.colour, self.ground)


@dataclass(slots=True)
class _Open:
    tag: str
    place: _Place
    closes: _Shell | None = None


@dataclass(slots=True)
class _Scope:
    """What an end tag may close: everything down to the nearest cell of a table (HTML 13.2.4.2)."""

    counts: Counter[str] = field(default_factory=Counter)


def lines_of_html(source: str) -> list[Line]:
    """The visible lines with what their elements say of them, at most `LIMITS.body_lines`."""
    return _Reader(source).lines()


class _Reader:
    def __init__(self, source: str) -> None:
        self._source = HtmlSource(source)
        self._hidden_names = elements.hidden_names(self._css())
        self._stack: list[_Open] = []
        self._scopes = [_Scope()]
        self._tables: Counter[str] = Counter()
        self._place = _Place()
        self._lines: list[Line] = []
        self._line: list[str] = []
        self._line_place = self._place
        self._line_is_blank = True
        self._line_is_held = False

    def lines(self) -> list[Line]:
        source, position = self._source.text, 0
        while position < len(source) and len(self._lines) < LIMITS.body_lines:
            opened = self._source.next_markup(position)
            self._add(source[position:opened])
            position = self._markup(opened) if opened < len(source) else opened
        self._break()
        return self._lines[: LIMITS.body_lines]

    def _css(self) -> str:
        found: list[str] = []
        position, size = 0, 0
        while (begun := self._source.lower.find("<style", position)) >= 0 and size < _MOST_CSS:
            position = self._source.lower.find("</style", begun)
            if position < 0:
                break
            found.append(self._source.text[begun:position].partition(">")[2])
            size += len(found[-1])
        return " ".join(found)[:_MOST_CSS]

    def _markup(self, opened: int) -> int:
        """Read what begins at `<` and return where text goes on."""
        name = _TAG.match(self._source.text, opened + 1)
        if name is None:
            return self._source.past_comment(opened)
        tag, closing = name[2].lower(), bool(name[1])
        attributes, position = self._attributes(name.end())
        if closing:
            self._close(tag)
        elif tag in RAW:
            return self._source.past_raw(tag, position)
        else:
            self._open(tag, attributes)
        return position

    def _attributes(self, position: int) -> tuple[dict[str, str], int]:
        """The first attributes of a tag by name, and where the tag ends; a `>` in quotation marks does not end it."""
        found: dict[str, str] = {}
        while match := _ATTRIBUTE.match(self._source.text, position):
            position = match.end()
            if len(found) < _MOST_ATTRIBUTES:
                value = match[2] or match[3] or match[4] or ""
                found.setdefault(match[1][:50].lower(), value[:_LONGEST_VALUE])
        end = _AFTER_ATTRIBUTES.match(self._source.text, position)
        return found, end.end() if end else len(self._source.text)

    def _open(self, tag: str, attributes: dict[str, str]) -> None:
        self._end_implied(tag)
        if tag in _CELLS:
            if self._line:
                self._line.append("\t")
        elif tag in _BLOCKS:
            self._break(blank=tag == "br")
        named, styled = elements.names(attributes), elements.style(attributes)
        opening = elements.opening(tag, named, styled)
        if opening is not None:
            self._break()
            self._note(opening)
        if tag in _VOID:
            return
        shell = _Shell() if elements.is_shell(tag, named) and not self._place.in_quote else None
        place = self._inner(tag, attributes, named, styled, shell)
        closes = self._place.shell if tag == "blockquote" and "gmail_quote" in named else None
        self._stack.append(_Open(tag, place, closes))
        (self._tables if tag in _TABLE else self._scopes[-1].counts)[tag] += 1
        if tag in _CELLS:
            self._scopes.append(_Scope())
        self._place = place

    def _inner(self, tag: str, attributes: dict[str, str], named: str, styled: str, shell: _Shell | None) -> _Place:
        """What holds within an element; the outer place itself where it changes nothing."""
        outer = self._place
        if not attributes and tag not in {"blockquote", "pre", "textarea", "listing", "xmp"}:
            return outer
        quote = not elements.is_shell(tag, named) and elements.is_quote(tag, named)
        bare = (
            elements.is_barred(styled)
            if not quote
            else tag == "blockquote" and not elements.is_cited(attributes, named)
        )
        inner = replace(
            outer,
            hidden=outer.hidden or self._hides(attributes, named, styled),
            tiny=elements.is_tiny(styled, outer=outer.tiny),
            quoted=outer.quoted or quote or bare,
            doubtful=outer.doubtful or (bare and not outer.in_quote),
            signature=outer.signature or elements.is_signature(named),
            preformatted=outer.preformatted or elements.is_preformatted(tag, styled),
            colour=elements.colour(attributes, styled) or outer.colour,
            ground=elements.ground(attributes, styled) or outer.ground,
            shell=shell or outer.shell,
        )
        return outer if inner == outer else inner

    def _hides(self, attributes: dict[str, str], named: str, styled: str) -> bool:
        if "hidden" in attributes or elements.is_hidden(styled):
            return True
        if not self._hidden_names:
            return False
        classes = {f".{each}" for each in attributes.get("class", "").lower().split()}
        return not self._hidden_names.isdisjoint({*classes, f"#{attributes.get('id', '').lower()}"})

    def _end_implied(self, tag: str) -> None:
        """A block ends a paragraph that stands open, and an item the item before it."""
        if not self._stack or (tag not in _BLOCKS and tag not in _CELLS):
            return
        last = self._stack[-1].tag
        same = last in _SELF_ENDING and (last == tag or {last, tag} <= {"td", "th"} or {last, tag} <= {"dd", "dt"})
        if (last == "p" and tag != "br") or same:
            self._close(last)

    def _close(self, tag: str) -> None:
        if tag in _CELLS:
            pass
        elif tag in _BLOCKS:
            self._break(blank=tag == "br")
        counts = self._tables if tag in _TABLE else self._scopes[-1].counts
        if not counts[tag]:
            return
        while self._stack:
            last = self._stack.pop()
            if last.tag in _CELLS:
                self._scopes.pop()
            (self._tables if last.tag in _TABLE else self._scopes[-1].counts)[last.tag] -= 1
            if last.closes is not None:
                last.closes.quoted = True
            if last.tag == tag:
                break
        self._place = self._stack[-1].place if self._stack else _Place()

    def _add(self, source: str) -> None:
        if not source:
            return
        place = self._place
        unescaped = html.unescape(source)
        if place.is_unseen:
            if holds_separator(unescaped[:_LONGEST_VALUE]):
                self._break()
                self._note(Opening.ANSWERED)
            return
        seen = unescaped if place.preformatted else _SPACES.sub(" ", unescaped)
        self._line_is_held = self._line_is_held or _HARD_SPACE in seen
        first, *rest = tidy(seen).split("\n")
        self._text(first)
        for text in rest:
            self._break(blank=True)
            self._text(text)

    def _text(self, text: str) -> None:
        if not text:
            return
        if not text.isspace():
            if not self._line_is_blank and self._told(self._line_place) != self._told(self._place):
                self._break()
            if self._line_is_blank:
                self._line_place, self._line_is_blank = self._place, False
        self._line.append(text)

    @staticmethod
    def _told(place: _Place) -> tuple[bool, bool]:
        return place.in_quote, place.signature

    def _note(self, opening: Opening) -> None:
        self._lines.append(Line("", quoted=self._place.in_quote, opening=opening))

    def _break(self, *, blank: bool = False) -> None:
        cells = "".join(self._line).split("\t")
        text = "\t".join(_SPACES.sub(" ", cell).strip(" ") for cell in cells).strip()
        place = self._place if self._line_is_blank else self._line_place
        held, self._line_is_held = self._line_is_held, False
        self._line, self._line_is_blank = [], True
        if not text and not blank and not held:
            return
        line = line_of_text(text)
        self._lines.append(
            replace(
                line,
                quoted=line.quoted or place.in_quote,
                doubtful=line.doubtful or place.doubtful,
                signature=place.signature,
            )
        )
