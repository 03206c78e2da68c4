"""File names as people may see and keep them."""

from __future__ import annotations

import re

from gateway.adapters.mime.words import clean

LONGEST_NAME = 255

# `955/QĐ-SGTVT.pdf` is a document number and notation, not a folder.
_NUMBER_AND_NOTATION = re.compile(r"\d{1,6}[a-zđ]?/[^/\\]*[A-ZĐ]", re.IGNORECASE)
_LONGEST_EXTENSION = 16


def file_name(sent: str) -> str:
    """The name of a file in NFC, without folders, control and bidirectional characters; "" where nothing is left."""
    name = clean(sent, 4 * LONGEST_NAME).strip("\"' ")
    if _NUMBER_AND_NOTATION.match(name):
        name = name.replace("/", "-")
    name = re.split(r"[/\\]", name)[-1].strip(" ")
    if not name.strip("."):
        return ""
    if len(name) <= LONGEST_NAME:
        return name
    stem, dot, extension = name.rpartition(".")
    if not dot or len(extension) > _LONGEST_EXTENSION:
        return name[:LONGEST_NAME]
    return f"{stem[: LONGEST_NAME - len(extension) - 1]}.{extension}"
