"""Mail out through a relay (RFC 5321), with a few connections kept for a burst.

Every mail is a transaction of its own with one recipient: the reverse-path bears a token that belongs to this one
delivery (VERP), and the relay's answer is then the answer for this recipient and nobody else.

At most one copy. Between the final dot and the relay's answer SMTP leaves a window (RFC 1047): a line that breaks there
does not tell whether the mail was taken. Such an attempt is TEMPORARY, says so in its text, and is never repeated at
once; the later attempt sends the same bytes with the same Message-ID, by which the receiver may tell the copies. The
window lasts until the caller has committed our side; it cannot be closed, only kept short and told.
"""

from gateway.adapters.smtp_out.answer import RESPONSE_LIMIT
from gateway.adapters.smtp_out.door import RelayTls
from gateway.adapters.smtp_out.sender import RelaySender
from gateway.adapters.smtp_out.timeouts import RelayTimeouts

__all__ = ["RESPONSE_LIMIT", "RelaySender", "RelayTimeouts", "RelayTls"]
