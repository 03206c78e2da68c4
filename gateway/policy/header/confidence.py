"""How sure a reading is, from 0 to 1.

From 0.9 a reading may be entered unasked: of such readings the corpus test demands 98 in 100 right. Below
it a person looks; the lower steps order doubtful readings and are estimates.
"""

from __future__ import annotations

from gateway.model.page import TextSource

ASK_BELOW = 0.9
"""Below it a person is asked: what a reader gives less is never entered as a silent guess."""

SURE, LIKELY, DOUBTFUL, GUESS = 0.97, 0.85, 0.65, 0.45
SURE_ISSUER, SURE_ABSTRACT = 0.95, 0.94

# Below the step at which people are asked to compare: a misread letter looks like any other.
_OCR_LIMIT = 0.75
# A type's name is one of a closed list, and notation and heading name it independently.
_OCR_TYPE_LIMIT = 0.88


def limited(name: str, confidence: float, source: TextSource) -> float:
    """The confidence of the field `name` where its page was had from `source`."""
    if source is not TextSource.OCR:
        return confidence
    return min(confidence, _OCR_TYPE_LIMIT if name == "document_type" and confidence >= SURE else _OCR_LIMIT)
