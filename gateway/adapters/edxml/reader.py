"""A message as a whole: its header, and its files as far as they can be had."""

from __future__ import annotations

from gateway.adapters.edxml.files import files_of
from gateway.adapters.edxml.header import message_of
from gateway.adapters.edxml.tree import local, tree_of
from gateway.errors import Unopened
from gateway.model.exchange import OpenedExchange


def read_exchange(content: bytes) -> OpenedExchange:
    """Read a message; raises Unopened, the cause in Vietnamese, where it is none or is damaged."""
    root, problems = tree_of(content)
    if local(root) != "edXML":
        raise Unopened("phần tử gốc không phải edXML")
    files, lost = files_of(root)
    return OpenedExchange(message_of(root), tuple(files), (*problems, *lost), whole=not lost)
