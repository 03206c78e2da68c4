"""What the sender newly wrote, told apart from what is quoted, signed and hidden.

The way of a body: `plain.py` or `markup.py` makes lines that know whether they stand in a quote; `boundary.py` finds
where the mail that is answered begins; `separate.py` decides what is new and whether that is certain; `read.py` joins
the bodies of a mail and compares its alternatives. Everything is one pass of linear cost over hostile input.
"""

from gateway.adapters.mime.authored.read import read_authored

__all__ = ["read_authored"]
