"""Phrases of the regulation's tables, looked for in what documents say: as whole words, in any case."""

from __future__ import annotations

import re
from collections.abc import Iterable

from gateway.policy.header.mark_words import tones_placed
from gateway.policy.header.text import clean, fold, squeeze

_SOME_WORDS = "…"
_WITHIN = r"(?:\W+\w+){0,8}?\W+"


def one_of_phrases(phrases: Iterable[str]) -> re.Pattern[str]:
    """Finds any of the phrases in a `lowered` text; a few words may stand at each `…`."""
    return re.compile("|".join(map(_pattern, phrases)))


def lowered(text: str) -> str:
    """A text as the phrases are looked for in it. Accents stay: without them `quý` would be in every `quy định`."""
    return squeeze(tones_placed(clean(text)))


def comparable(text: str) -> str:
    """A name as names are compared: accents, case and blanks do not count."""
    return squeeze(fold(clean(text)))


def _pattern(phrase: str) -> str:
    pieces = [re.escape(lowered(piece)) for piece in phrase.split(_SOME_WORDS)]
    return rf"(?<!\w){_WITHIN.join(pieces)}(?!\w)"
