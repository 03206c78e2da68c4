"""A line of a body as a person sees it, and what its place says about it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import Enum, auto

from gateway.adapters.mime.words import composed

_BREAKS = re.compile(r"\r\n|[\r\v\f\x1c-\x1e\x85\u2028\u2029]")
_INVISIBLE = re.compile(
    r"[\xad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f\u3164\ufe00-\ufe0f"
    r"\ufeff\uffa0\ufff0-\ufffb\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff]"
)
_BLANKS = re.compile(r"[\t\xa0\u1680\u2000-\u200a\u202f\u205f\u2800\u3000]")
_CONTROLS = {code: None for code in (*range(32), *range(127, 160)) if code != 10}  # noqa: PLR2004  (the line feed)


class Opening(Enum):
    """What mail programs put before the mail they answer or pass on."""

    ANSWERED = auto()
    PASSED_ON = auto()
    PERHAPS = auto()
    RULE = auto()


@dataclass(frozen=True, slots=True)
class Line:
    """`text` is without the marks of quotes. `quoted` is true in a quote, `prefixed` if by a mark such as `>`.

    `doubtful` is true where the quote may as well be the sender's own indented text. `signature` is true in an element
    that holds one. `opening` says that here, before the text, stands an element which opens the mail answered.
    """

    text: str
    quoted: bool = False
    prefixed: bool = False
    doubtful: bool = False
    signature: bool = False
    opening: Opening | None = None


def tidy(text: str) -> str:
    """NFC with line feeds: every kind of line break is one, blanks are blanks, and nothing invisible is left."""
    text = _INVISIBLE.sub("", _BREAKS.sub("\n", text))
    text = _BLANKS.sub(" ", text).translate(_CONTROLS)
    return composed(text.encode("utf-8", "replace").decode())
