"""Plain text laid out for people: paragraphs and `label: value` lines within 76 columns."""

from __future__ import annotations

import re
from textwrap import TextWrapper

_WIDTH = 76


def paragraph(text: str, indent: int = 0) -> str:
    """`text` as one wrapped paragraph; addresses and check sums are never broken."""
    return _fill(" ".join(text.split()), " " * indent, " " * indent)


def field(label: str, value: object, indent: int = 0) -> str:
    """`label: value`, further lines indented below it."""
    return _fill(f"{label}: {value}", " " * indent, " " * (indent + 4))


def item(mark: str, text: str, indent: int = 0) -> str:
    """A list item, `mark` being `1.` or `-`."""
    return _fill(f"{mark} {text}", " " * indent, " " * (indent + len(mark) + 1))


def tidied(text: str) -> str:
    """No blanks at line ends, never two empty lines together, none at either end."""
    return re.sub(r"\n{3,}", "\n\n", re.sub(r"[ \t]+\n", "\n", text)).strip("\n") + "\n"


def _fill(text: str, first: str, further: str) -> str:
    return TextWrapper(
        width=_WIDTH,
        initial_indent=first,
        subsequent_indent=further,
        break_long_words=False,
        break_on_hyphens=False,
    ).fill(text)
