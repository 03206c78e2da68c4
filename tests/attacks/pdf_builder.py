"""PDF files written by hand, so that every byte of them is the test's."""

from __future__ import annotations

import zlib
from collections.abc import Mapping, Sequence

PAGE = (
    b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Resources << /Font << /F1 5 0 R >> >> /Contents 4 0 R %s >>"
)
CONTENT = b"BT /F1 14 Tf 72 770 Td (SO GIAO THONG VAN TAI) Tj 0 -24 Td (So: 955/SGTVT-VP) Tj ET"


def stream(content: bytes, dictionary: str = "") -> bytes:
    """A stream object with its length."""
    return f"<< {dictionary} /Length {len(content)} >>\nstream\n".encode("latin-1") + content + b"\nendstream"


def pdf(
    catalog: str = "",
    objects: Sequence[bytes | str] = (),
    *,
    page: str = "",
    packed: Sequence[bytes | str] = (),
    head: bytes = b"",
    damaged: bool = False,
) -> bytes:
    """A PDF of one page; `catalog` and `page` are more entries, `objects` are numbered from 6, `packed` after them.

    `packed` objects stand in an object stream, which makes the cross-reference a stream too. `damaged` spoils it.
    """
    numbered: dict[int, bytes] = {
        1: f"<< /Type /Catalog /Pages 2 0 R {catalog} >>".encode("latin-1"),
        2: b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        3: PAGE % page.encode("latin-1"),
        4: stream(CONTENT),
        5: b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
    }
    numbered |= {number: _bytes(each) for number, each in enumerate(objects, 6)}
    if packed:
        return _with_packed(numbered, [_bytes(each) for each in packed], head)
    out, places = _objects(numbered, head)
    start = len(out) if not damaged else 7
    rows = b"".join(b"%010d 00000 n \n" % places[number] for number in sorted(numbered))
    size = len(numbered) + 1
    return out + b"xref\n0 %d\n0000000000 65535 f \n%strailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (
        *(size, rows, size, start),
    )


def updated(base: bytes, objects: Mapping[int, bytes | str], root: int = 1) -> bytes:
    """An incremental update of `base` with these objects."""
    previous = int(base.rpartition(b"startxref\n")[2].split()[0])
    out, table = bytearray(base), b""
    for number, each in sorted(objects.items()):
        table += b"%d 1\n%010d 00000 n \n" % (number, len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, _bytes(each))
    size = max([*objects, 20]) + 1
    end = b"xref\n%strailer\n<< /Size %d /Root %d 0 R /Prev %d >>\nstartxref\n%d\n%%%%EOF\n"
    return bytes(out) + end % (table, size, root, previous, len(out))


def _objects(numbered: Mapping[int, bytes], head: bytes) -> tuple[bytes, dict[int, int]]:
    out, places = bytearray(head + b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n"), {}
    for number, each in sorted(numbered.items()):
        places[number] = len(out)
        out += b"%d 0 obj\n%s\nendobj\n" % (number, each)
    return bytes(out), places


def _with_packed(numbered: dict[int, bytes], packed: Sequence[bytes], head: bytes) -> bytes:
    first = max(numbered) + 1
    offsets, body = [], b""
    for number, each in enumerate(packed, first):
        offsets.append(b"%d %d" % (number, len(body)))
        body += each + b"\n"
    index = b" ".join(offsets) + b"\n"
    holder, table = first + len(packed), first + len(packed) + 1
    content = zlib.compress(index + body)
    numbered[holder] = stream(content, f"/Type /ObjStm /N {len(packed)} /First {len(index)} /Filter /FlateDecode")
    out, places = _objects(numbered, head)
    rows = bytearray(b"\x00\x00\x00\x00\xff")
    for number in range(1, table + 1):
        if first <= number < holder:
            rows += b"\x02" + holder.to_bytes(3) + bytes([number - first])
        else:
            rows += b"\x01" + places.get(number, len(out)).to_bytes(3) + b"\x00"
    packed_rows = zlib.compress(bytes(rows))
    cross = stream(packed_rows, f"/Type /XRef /Size {table + 1} /W [1 3 1] /Root 1 0 R /Filter /FlateDecode")
    return out + b"%d 0 obj\n%s\nendobj\nstartxref\n%d\n%%%%EOF\n" % (table, cross, len(out))


def _bytes(each: bytes | str) -> bytes:
    return each if isinstance(each, bytes) else each.encode("latin-1")
