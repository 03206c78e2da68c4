"""A few words from which what is understood is taken away, so that what is left shows whether all was."""

from __future__ import annotations

import re


class Phrase:
    """A phrase without accents in small letters; what was taken leaves a gap that nothing is read across."""

    _GAP = " | "

    def __init__(self, text: str) -> None:
        self._text = text

    def take(self, pattern: re.Pattern[str]) -> re.Match[str] | None:
        """The first place where `pattern` is found, taken away; None where there is none."""
        found = pattern.search(self._text)
        if found:
            self._text = self._text[: found.start()] + self._GAP + self._text[found.end() :]
        return found

    def words(self) -> set[str]:
        """The words and signs that are left; gaps, commas and brackets are none."""
        return set(re.sub(r"[|,()]", " ", self._text).split())
