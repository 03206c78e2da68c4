"""A PDF written page after page (ISO 32000-1): of a page that is written nothing is kept but where it stands.

Libraries that draw PDF keep every page until the last: a register of a million entries has a hundred thousand.
"""

from __future__ import annotations

import zlib
from array import array
from collections.abc import Mapping
from typing import IO

from gateway.adapters.registers_out.pdf_font import PdfFont

_KIDS = 200
"""Pages under one node of the page tree."""
_BIG_ENDIAN = b"\xfe\xff"
_CATALOG, _ROOT, _INFO, _RESOURCES = 1, 2, 3, 4


class PdfFile:
    """Pages of one size and the same fonts, whose names in a page's content are the keys of `fonts`."""

    def __init__(self, out: IO[bytes], fonts: Mapping[str, PdfFont], *, width: float, height: float) -> None:
        self._out = out
        self._fonts = fonts
        self._box = f"{width:.2f} {height:.2f}"
        self._at = 0
        self._offsets = array("Q", [0] * (_RESOURCES + 1))
        self._front: list[int] = []
        self._nodes: list[int] = []
        self._counts: list[int] = []
        self._kids: list[int] = []
        self._node = 0
        self._write(b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n")
        self._front_node = self._reserve()

    def add_page(self, content: str) -> None:
        """A page after those there are."""
        if not self._kids:
            self._node = self._reserve()
        self._kids.append(self._page(content, self._node))
        if len(self._kids) == _KIDS:
            self._end_node()

    def add_front(self, content: str) -> None:
        """A page before all others, however late it is written."""
        self._front.append(self._page(content, self._front_node))

    def close(self, title: str, author: str) -> None:
        """Write the fonts, the page tree and the table of objects; the file under it stays open."""
        self._end_node()
        self._object(self._front_node, _pages(self._front, len(self._front), _ROOT))
        nodes, total = [self._front_node, *self._nodes], len(self._front) + sum(self._counts)
        self._object(_ROOT, f"<< /Type /Pages /Kids [{_references(nodes)}] /Count {total} >>")
        fonts = " ".join(f"/{name} {self._embed(font)} 0 R" for name, font in self._fonts.items())
        self._object(_RESOURCES, f"<< /Font << {fonts} >> >>")
        self._object(
            _CATALOG,
            f"<< /Type /Catalog /Pages {_ROOT} 0 R /Lang (vi) /ViewerPreferences << /DisplayDocTitle true >> >>",
        )
        self._object(_INFO, f"<< /Title {_text(title)} /Author {_text(author)} >>")
        start, count = self._at, len(self._offsets)
        self._write(f"xref\n0 {count}\n0000000000 65535 f \n".encode())
        for offset in self._offsets[1:]:
            self._write(b"%010d 00000 n \n" % offset)
        trailer = f"trailer\n<< /Size {count} /Root {_CATALOG} 0 R /Info {_INFO} 0 R >>\nstartxref\n{start}\n%%EOF\n"
        self._write(trailer.encode())

    def _page(self, content: str, node: int) -> int:
        stream = self._stream(zlib.compress(content.encode("ascii"), 6), "/Filter /FlateDecode")
        page = self._reserve()
        self._object(
            page,
            f"<< /Type /Page /Parent {node} 0 R /MediaBox [0 0 {self._box}] /Resources {_RESOURCES} 0 R "
            f"/Contents {stream} 0 R >>",
        )
        return page

    def _end_node(self) -> None:
        if self._kids:
            self._object(self._node, _pages(self._kids, len(self._kids), _ROOT))
            self._nodes.append(self._node)
            self._counts.append(len(self._kids))
            self._kids = []

    def _embed(self, font: PdfFont) -> int:
        entries, content = font.embedded()
        descriptor = self._new(font.descriptor(self._stream(content, entries)))
        descendant = self._new(font.descendant(descriptor))
        letters = self._stream(zlib.compress(font.to_unicode()), "/Filter /FlateDecode")
        return self._new(font.composite(descendant, letters))

    def _reserve(self) -> int:
        """The number of an object that is written later."""
        self._offsets.append(0)
        return len(self._offsets) - 1

    def _new(self, content: str) -> int:
        number = self._reserve()
        self._object(number, content)
        return number

    def _object(self, number: int, content: str) -> None:
        self._offsets[number] = self._at
        self._write(f"{number} 0 obj\n{content}\nendobj\n".encode("ascii"))

    def _stream(self, content: bytes, entries: str) -> int:
        number = self._reserve()
        self._offsets[number] = self._at
        head = f"{number} 0 obj\n<< {entries} /Length {len(content)} >>\nstream\n"
        self._write(b"".join((head.encode("ascii"), content, b"\nendstream\nendobj\n")))
        return number

    def _write(self, content: bytes) -> None:
        self._out.write(content)
        self._at += len(content)


def _pages(kids: list[int], count: int, parent: int) -> str:
    return f"<< /Type /Pages /Parent {parent} 0 R /Kids [{_references(kids)}] /Count {count} >>"


def _references(numbers: list[int]) -> str:
    return " ".join(f"{number} 0 R" for number in numbers)


def _text(words: str) -> str:
    return f"<{(_BIG_ENDIAN + words.encode('utf-16-be')).hex().upper()}>"
