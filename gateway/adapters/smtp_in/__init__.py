"""The way in for mail: an SMTP or LMTP listener that says 250 once a mail is durable and entered."""

from gateway.adapters.smtp_in.listener import Listener, start
from gateway.adapters.smtp_in.options import Options
from gateway.adapters.smtp_in.receipt import Accept

__all__ = ["Accept", "Listener", "Options", "start"]
