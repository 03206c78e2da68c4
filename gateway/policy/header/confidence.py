"""How sure a reading is, from 0 to 1.

From 0.9 a reading may be entered unasked: of such readings the corpus test demands 98 in 100 right. Below
it a person looks; the lower steps order doubtful readings and are estimates.
"""

from __future__ import annotations

from gateway.model.page import TextSource

SURE, LIKELY, DOUBTFUL, GUESS = 0.97, 0.85, 0.65, 0.45
SURE_ISSUER, SURE_ABSTRACT = 0.95, 0.94

_OCR_LIMIT = 0.88
# Figures are often stamped or written by hand.
_OCR_FIGURES_LIMIT = 0.75
_FIGURES = frozenset({"number", "issued_on"})


def limit(name: str, source: TextSource) -> float:
    """The most that the field `name` may have when its page was had from `source`."""
    if source is not TextSource.OCR:
        return 1.0
    return _OCR_FIGURES_LIMIT if name in _FIGURES else _OCR_LIMIT
