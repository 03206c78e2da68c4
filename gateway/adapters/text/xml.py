"""Events of a foreign XML text, with every way to make it grow or reach outside refused."""

from __future__ import annotations

import zipfile
from collections.abc import Callable, Mapping
from xml.parsers import expat

Attributes = Mapping[str, str]
MAX_DEPTH = 500
MAX_XML = 64_000_000


def parse(
    content: bytes,
    *,
    start: Callable[[str, Attributes], object],
    end: Callable[[str], object] | None = None,
    text: Callable[[str], object] | None = None,
) -> None:
    """Call `start`, `end` and `text` in document order; names read `namespace local`.

    Raises ExpatError where the XML is not well formed, ValueError where it declares entities or
    nests deeper than MAX_DEPTH.
    """
    parser = expat.ParserCreate(namespace_separator=" ")
    parser.buffer_text = True
    depth = 0

    def opened(name: str, attributes: dict[str, str]) -> None:
        nonlocal depth
        depth += 1
        if depth > MAX_DEPTH:
            raise ValueError("XML nested too deep")
        start(name, attributes)

    def closed(name: str) -> None:
        nonlocal depth
        depth -= 1
        if end is not None:
            end(name)

    parser.StartElementHandler = opened
    parser.EndElementHandler = closed
    if text is not None:
        parser.CharacterDataHandler = text
    parser.EntityDeclHandler = _refuse
    parser.Parse(content, True)


def part(archive: zipfile.ZipFile, name: str) -> bytes:
    """One part of a package; raises KeyError where there is none, ValueError where it is larger than MAX_XML."""
    with archive.open(name) as file:
        content = file.read(MAX_XML + 1)
    if len(content) > MAX_XML:
        raise ValueError("XML part larger than its limit")
    return content


def _refuse(*_: object) -> None:
    raise ValueError("XML declares entities")
