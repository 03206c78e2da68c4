"""How sure a reading is, from 0 to 1.

From 0.9 a reading may be entered unasked: of such readings the corpus test demands 98 in 100 right. Below
it a person looks; the lower steps order doubtful readings and are estimates.
"""

from __future__ import annotations

from collections.abc import Sequence

from gateway.model.page import TextSource

ASK_BELOW = 0.9
"""Below it a person is asked: what a reader gives less is never entered as a silent guess."""

SURE, LIKELY, DOUBTFUL, GUESS = 0.97, 0.85, 0.65, 0.45
SURE_ISSUER, SURE_ABSTRACT = 0.95, 0.94

# Below the step at which people are asked to compare: a misread letter looks like any other.
_OCR_LIMIT = 0.75
# A type's name is one of a closed list, and notation and heading name it independently.
_OCR_TYPE_LIMIT = 0.88
# As sure as what was recognised can be, however sure the recogniser is.
_OCR_SURE = 0.93
# How sure the recogniser must be of the least sure word of a field. Of the head two recognitions that differ are never
# surer than 0.5; a name has had one only. Estimates from labelled documents drawn as scans.
_LEAST = {"signer": 0.9, "capacity": 0.85, "recipients": 0.9}
_LEAST_OTHERWISE = 0.7


def limited(name: str, confidence: float, source: TextSource, read: Sequence[float | None] = ()) -> float:
    """The confidence of the field `name` where its page was had from `source`.

    `read` says how sure the recogniser is of each line that the field was read from, None where it does not say.
    """
    if source is not TextSource.OCR:
        return confidence
    least = min((0.0 if sure is None else sure for sure in read), default=0.0)
    if least >= _LEAST.get(name, _LEAST_OTHERWISE):
        return min(confidence, _OCR_SURE)
    return min(confidence, _OCR_TYPE_LIMIT if name == "document_type" and confidence >= SURE else _OCR_LIMIT)
