"""Raw mail taken apart: every part decoded, told by content, and decided with a reason.

Runs inside a sandboxed worker process, so it is synchronous. It reads bytes itself rather than through the standard
library's parser, which builds one text object a line (memory), recurses without a limit, keeps no trace of what it
could not read, and leaves names and containers as broken as they were sent.
"""

from gateway.adapters.mime.parse import parse_mail

__all__ = ["parse_mail"]
