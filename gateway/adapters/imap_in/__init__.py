"""Fetching mail from IMAP mailboxes (RFC 3501): IDLE, pieces, and nothing finished before it is durable and entered.

aioimaplib 2.0.3 brings the commands, their order and the connection's states; what `wire` replaces of it stands there.
"""

from gateway.adapters.imap_in.mailbox import Mailbox
from gateway.adapters.imap_in.options import Backoff, Deadlines, Login, MailboxOptions, Tls
from gateway.adapters.imap_in.receiver import Receiver

__all__ = ["Backoff", "Deadlines", "Login", "Mailbox", "MailboxOptions", "Receiver", "Tls"]
