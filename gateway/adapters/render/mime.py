"""MIME parts as lists of byte pieces, joined once at the end: 20 MB of attachments are copied as seldom as can be."""

from __future__ import annotations

from binascii import b2a_base64, b2a_qp
from collections.abc import Iterable, Iterator

from gateway.adapters.render import headers

Part = list[bytes]

_LINE = 57
_LINES_AT_ONCE = 512


def text(subtype: str, body: str) -> Part:
    """A text part in UTF-8, quoted-printable or base64, whichever is shorter (RFC 2045 section 6)."""
    octets = "\r\n".join(body.splitlines()).encode() + b"\r\n"
    quoted, base64 = b2a_qp(octets, istext=True), b"".join(_base64(octets))
    coding, coded = ("quoted-printable", quoted) if len(quoted) <= len(base64) else ("base64", base64)
    head = f"Content-Type: text/{subtype}; charset=utf-8\r\nContent-Transfer-Encoding: {coding}\r\n\r\n"
    return [head.encode("ascii"), coded]


def attachment(name: str, media_type: str, octets: bytes) -> Part:
    """A file for the receiver to save."""
    head = headers.content(headers.media_type(media_type), "attachment", headers.file_name(name))
    return [head, b"Content-Transfer-Encoding: base64\r\n\r\n", *_base64(octets)]


def inline_image(name: str, content_id: str, png: bytes) -> Part:
    """A PNG that the HTML beside it shows by `cid:` (RFC 2392)."""
    head = headers.content("image/png", "inline", name) + headers.plain("Content-ID", f"<{content_id}>")
    return [head, b"Content-Transfer-Encoding: base64\r\n\r\n", *_base64(png)]


def multipart(kind: str, boundary: str, parts: Iterable[Part], *, start: str | None = None) -> Part:
    """Parts under one roof; `start` is the media type of the root of `multipart/related` (RFC 2387).

    Every part is base64 or quoted-printable, neither of which can hold `=_`, with which boundaries begin.
    """
    mark = f"=_{boundary}"
    related = f'; type="{start}"' if start else ""
    pieces = [f'Content-Type: multipart/{kind}{related};\r\n boundary="{mark}"\r\n\r\n'.encode("ascii")]
    for part in parts:
        pieces += [f"--{mark}\r\n".encode("ascii"), *part, b"\r\n"]
    pieces.append(f"--{mark}--\r\n".encode("ascii"))
    return pieces


def _base64(octets: bytes) -> Iterator[bytes]:
    """Lines of 76 characters; encoded in small strides, so that other threads get their turn."""
    stride = _LINE * _LINES_AT_ONCE
    for at in range(0, len(octets), stride):
        coded = b2a_base64(octets[at : at + stride], newline=False)
        yield b"\r\n".join([coded[line : line + 76] for line in range(0, len(coded), 76)]) + b"\r\n"
