"""The source of an HTML body, read forwards: every search that finds nothing is made once, so cost stays linear."""

from __future__ import annotations

import re

RAW = frozenset({"script", "style", "head", "title", "template", "noscript"})
"""Elements of which nothing is shown, and whose content is passed over whole."""

_MARKUP = re.compile(r"<(?=[!?]|/?[A-Za-z])")


class HtmlSource:
    """One source; positions count its characters."""

    def __init__(self, text: str) -> None:
        self.text = text
        lower = text.lower()
        self.lower = lower if len(lower) == len(text) else text
        self._missing: set[str] = set()

    def next_markup(self, position: int) -> int:
        """Where the next tag, comment or declaration opens, else the end; a bare `<` is text."""
        found = _MARKUP.search(self.text, position)
        return found.start() if found else len(self.text)

    def past_comment(self, opened: int) -> int:
        """After the comment or declaration that opens there; `<!-->` is a whole comment."""
        return self.past("-->", opened + 2) if self.text.startswith("<!--", opened) else self.past(">", opened)

    def past_raw(self, tag: str, position: int) -> int:
        """After the end tag of the element in RAW whose content begins at `position`, which it is if there is none."""
        return self.past(">", self.past(f"</{tag}", position, beside=position) - 1)

    def past(self, mark: str, position: int, beside: int | None = None) -> int:
        """After the next `mark`; where there is none, the end, or `beside` if given."""
        found = -1 if mark in self._missing else self.lower.find(mark, position)
        if found >= 0:
            return found + len(mark)
        self._missing.add(mark)
        return len(self.text) if beside is None else beside
