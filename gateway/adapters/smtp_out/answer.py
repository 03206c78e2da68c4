"""What a relay says, and what that means for the mail."""

from __future__ import annotations

import re
from dataclasses import dataclass

from gateway.model.notice import DeliveryOutcome, DeliveryResult

RESPONSE_LIMIT = 500
CLOSING = 421
GO_AHEAD = 354
_OF_THE_SESSION = frozenset({503, 530, 534, 535, 538})
_PARAMETERS_REFUSED = frozenset({501, 504, 555})
_BY_FIRST_DIGIT = {2: DeliveryOutcome.SENT, 5: DeliveryOutcome.PERMANENT}
_CONTROL = re.compile(r"[\x00-\x1f\x7f]+")


@dataclass(frozen=True, slots=True)
class Answer:
    """One reply (RFC 5321 section 4.2).

    503 speaks of the order of our commands and 530 to 538 of our login; neither condemns the mail.
    """

    code: int
    text: str

    @property
    def outcome(self) -> DeliveryOutcome:
        """2xx SENT, 5xx PERMANENT, everything else TEMPORARY."""
        if self.code in _OF_THE_SESSION:
            return DeliveryOutcome.TEMPORARY
        return _BY_FIRST_DIGIT.get(self.code // 100, DeliveryOutcome.TEMPORARY)

    @property
    def good(self) -> bool:
        """Whether the relay agreed."""
        return self.outcome is DeliveryOutcome.SENT

    @property
    def refuses_parameters(self) -> bool:
        """Whether this may be meant for a parameter and not for the address beside it (RFC 5321 section 4.1.1.11)."""
        return self.code in _PARAMETERS_REFUSED

    def result(self, *, reports: bool = False) -> DeliveryResult:
        """The end of an attempt by this answer; `reports` counts only where the mail was taken."""
        return DeliveryResult(self.outcome, one_line(f"{self.code} {self.text}"), reports and self.good)


def temporary(text: str) -> DeliveryResult:
    """An attempt that failed for a reason of ours or of the line."""
    return DeliveryResult(DeliveryOutcome.TEMPORARY, one_line(text))


def one_line(text: str) -> str:
    """At most `RESPONSE_LIMIT` letters, none of them a control character."""
    printable = text.encode("utf-8", "replace").decode("utf-8")
    return _CONTROL.sub(" ", printable).strip()[:RESPONSE_LIMIT]
