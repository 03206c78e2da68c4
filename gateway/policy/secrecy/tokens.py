"""A short text as words, with what stands between them."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from gateway.policy.header.mark_words import tones_placed
from gateway.policy.header.seen import seen, spacing_closed
from gateway.policy.header.text import fold

LONGEST = 400

# Words in file names run on from letters to figures, and from small letters to capitals.
_WORD = re.compile(r"[^\W\d_]+|\d+")
_CLOSED = {"tốimật": (3,), "tuyệtmật": (5,), "toimat": (3,), "tuyetmat": (5,)}


@dataclass(frozen=True, slots=True)
class Token:
    """A word as printed; `before` is what stands between it and the word before."""

    text: str
    before: str
    small: str = field(init=False)
    folded: str = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "small", tones_placed(self.text))
        object.__setattr__(self, "folded", fold(self.text))

    @property
    def capital(self) -> bool:
        """Whether all its letters are capitals."""
        return self.text.isupper()


@dataclass(frozen=True, slots=True)
class Tokens:
    """The words of a text in order, and what follows the last."""

    words: tuple[Token, ...]
    rest: str

    def after(self, place: int) -> str:
        """What stands between the word at `place` and the next, or the end."""
        return self.words[place + 1].before if place + 1 < len(self.words) else self.rest


def tokens_of(text: str) -> Tokens:
    """The words of `text`, disguises taken off, of a long one the first LONGEST characters."""
    shown = spacing_closed(seen(text[:LONGEST]))
    found: list[Token] = []
    end = 0
    for word in _WORD.finditer(shown):
        before = shown[end : word.start()]
        for piece in _pieces(word.group()):
            found.append(Token(piece, before))
            before = ""
        end = word.end()
    return Tokens(tuple(found), shown[end:])


def _pieces(word: str) -> list[str]:
    cuts = _CLOSED.get(tones_placed(word))
    if cuts:
        return [word[: cuts[0]], word[cuts[0] :]]
    starts = [0, *(place for place in range(1, len(word)) if word[place - 1].islower() and word[place].isupper())]
    return [word[start:end] for start, end in zip(starts, [*starts[1:], len(word)], strict=True)]
