"""Two recognitions of one place, drawn differently, against each other: what both read alike is rarely wrong."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from gateway.adapters.text.layout import Word

SAME_PLACE = 0.5
DIFFERENT = 0.5
_AROUND = ".,;:'\"`‘’“”-–—_ "


def weighed(words: Sequence[Word], others: Sequence[Word]) -> list[Word]:
    """`words` with what `others`, which were read at the same place, say of them.

    Where both are alike, the surer says how sure; where not, the surer is believed, but no more than DIFFERENT.
    """
    return [_weighed(word, others) for word in words]


def _weighed(word: Word, others: Sequence[Word]) -> Word:
    other = next((each for each in others if _same_place(word, each)), None)
    first = word.sure or 0.0
    if other is None or other.sure is None:
        return replace(word, sure=min(first, DIFFERENT))
    if other.text.strip(_AROUND) == word.text.strip(_AROUND):
        return replace(word, sure=max(first, other.sure))
    believed = word if first >= other.sure else other
    return replace(word, text=believed.text, sure=min(believed.sure or 0.0, DIFFERENT))


def _same_place(word: Word, other: Word) -> bool:
    across = min(word.right, other.right) - max(word.left, other.left)
    down = min(word.bottom, other.bottom) - max(word.top, other.top)
    if across <= 0 or down <= 0:
        return False
    covered = across * down
    larger = max(_area(word), _area(other))
    return covered >= SAME_PLACE * larger


def _area(word: Word) -> float:
    return (word.right - word.left) * (word.bottom - word.top)
