"""winmail.dat of Outlook and Exchange taken apart (MS-OXTNEF, MS-OXCDATA property values).

A reader of our own: tnefparse copies the rest of the stream for every attribute, which is quadratic on hostile
input, and one damaged property there loses all attachments.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass, field

from gateway.adapters.mime.charset import decode

SIGNATURE = b"\x78\x9f\x3e\x22"

_ATTACHMENT_DATA = 0x800F
_ATTACHMENT_TITLE = 0x8010
_ATTACHMENT_START = 0x9002
_MESSAGE_PROPERTIES = 0x9003
_ATTACHMENT_PROPERTIES = 0x9005
_OEM_CODEPAGE = 0x9007
_MESSAGE_BODY = 0x800C

_BODY, _RTF, _HTML = 0x1000, 0x1009, 0x1013
_DATA, _LONG_NAME, _SHORT_NAME, _DISPLAY_NAME = 0x3701, 0x3707, 0x3704, 0x3001
_MIME_TYPE, _CONTENT_ID = 0x370E, 0x3712
_INTERNET_CODEPAGE = 0x3FDE

_NUMBER = struct.Struct("<I")
_FIRST_NAMED = 0x8000
_STRING8, _UNICODE, _BINARY, _OBJECT = 0x1E, 0x1F, 0x102, 0x0D
_FIXED = {0x02: 4, 0x03: 4, 0x04: 4, 0x05: 8, 0x06: 8, 0x07: 8, 0x0A: 4, 0x0B: 4, 0x14: 8, 0x40: 8, 0x48: 16}
_IID_MESSAGE = bytes.fromhex("0703020000000000c000000000000046")


@dataclass(slots=True)
class TnefAttachment:
    """One attachment. `embedded` is true where `content` is itself a TNEF stream (an attached message)."""

    name: str = ""
    media_type: str = ""
    content_id: str = ""
    content: bytes = b""
    embedded: bool = False


@dataclass(slots=True)
class Tnef:
    """What a stream carries. `rtf` is still compressed.

    `whole` is false where anything in the stream is damaged, `cut` is true where it ends too soon or a damaged
    property took the content of an attachment, so that files are missing.
    """

    attachments: list[TnefAttachment] = field(default_factory=list)
    text: str = ""
    html: bytes = b""
    rtf: bytes = b""
    codepage: str = "cp1252"
    internet_codepage: str = ""
    whole: bool = True
    cut: bool = False


def read_tnef(content: bytes) -> Tnef:
    """Read a stream as far as it is sound; never raises."""
    tnef = Tnef(whole=content.startswith(SIGNATURE))
    position = 6
    while position + 11 <= len(content):
        _, tag, _, length = struct.unpack_from("<BHHI", content, position)
        start = position + 9
        if start + length + 2 > len(content):
            tnef.cut = True
        _attribute(tnef, tag, content[start : start + length])
        position = start + length + 2
    if content[position:].strip(b"\r\n\t \x00"):
        tnef.cut = True
    damaged = not tnef.whole and any(not attachment.content for attachment in tnef.attachments)
    tnef.cut = tnef.cut or damaged
    tnef.whole = tnef.whole and not tnef.cut and position == len(content)
    return tnef


def _attribute(tnef: Tnef, tag: int, value: bytes) -> None:
    if tag == _OEM_CODEPAGE and len(value) >= _NUMBER.size:
        tnef.codepage = f"cp{_NUMBER.unpack_from(value)[0]}"
    elif tag == _MESSAGE_BODY:
        tnef.text = tnef.text or _text(value, _STRING8, tnef.codepage)
    elif tag == _MESSAGE_PROPERTIES:
        for number, kind, found in _properties(tnef, value):
            _message_property(tnef, number, kind, found)
    elif tag == _ATTACHMENT_START:
        tnef.attachments.append(TnefAttachment())
    elif tag in {_ATTACHMENT_DATA, _ATTACHMENT_TITLE, _ATTACHMENT_PROPERTIES}:
        if not tnef.attachments:
            tnef.attachments.append(TnefAttachment())
        _attachment(tnef, tnef.attachments[-1], tag, value)


def _attachment(tnef: Tnef, attachment: TnefAttachment, tag: int, value: bytes) -> None:
    if tag == _ATTACHMENT_DATA:
        attachment.content = attachment.content or value
        return
    if tag == _ATTACHMENT_TITLE:
        attachment.name = attachment.name or _text(value, _STRING8, tnef.codepage)
        return
    names: dict[int, str] = {}
    for number, kind, found in _properties(tnef, value):
        if number == _DATA and kind in {_OBJECT, _BINARY}:
            attachment.embedded = kind == _OBJECT and found.startswith(_IID_MESSAGE)
            attachment.content = found[16:] if kind == _OBJECT else found
        elif number in {_LONG_NAME, _SHORT_NAME, _DISPLAY_NAME}:
            names[number] = _text(found, kind, tnef.codepage)
        elif number == _MIME_TYPE:
            attachment.media_type = _text(found, kind, tnef.codepage)
        elif number == _CONTENT_ID:
            attachment.content_id = _text(found, kind, tnef.codepage)
    # The title is an 8.3 name in the sender's OEM code page; the long name is the true one.
    attachment.name = (
        names.get(_LONG_NAME) or attachment.name or names.get(_SHORT_NAME) or names.get(_DISPLAY_NAME) or ""
    )


def _message_property(tnef: Tnef, number: int, kind: int, value: bytes) -> None:
    if number == _BODY:
        tnef.text = _text(value, kind, tnef.codepage)
    elif number == _HTML:
        tnef.html = value if kind == _BINARY else _text(value, kind, tnef.codepage).encode()
    elif number == _RTF and kind == _BINARY:
        tnef.rtf = value
    elif number == _INTERNET_CODEPAGE and len(value) >= _NUMBER.size:
        tnef.internet_codepage = f"cp{_NUMBER.unpack_from(value)[0]}"


def _text(value: bytes, kind: int, codepage: str) -> str:
    if kind == _UNICODE:
        return value.decode("utf-16-le", "replace").rstrip("\x00")
    return decode(value.rstrip(b"\x00"), codepage)[0]


def _properties(tnef: Tnef, content: bytes) -> Iterator[tuple[int, int, bytes]]:
    """(property id, type, value) of each single-valued property; stops at damage, which is remembered."""
    try:
        yield from _sound_properties(content)
    except struct.error:
        tnef.whole = False


def _sound_properties(content: bytes) -> Iterator[tuple[int, int, bytes]]:
    (count,) = struct.unpack_from("<I", content)
    position = 4
    for _ in range(count):
        kind, number = struct.unpack_from("<HH", content, position)
        position += 4
        if number >= _FIRST_NAMED:
            position = _past_name(content, position)
        several, kind = bool(kind & 0x1000), kind & 0xEFFF
        values = 1
        sized = kind in {_STRING8, _UNICODE, _BINARY, _OBJECT}
        if several or sized:
            (values,) = struct.unpack_from("<I", content, position)
            position += 4
        for _ in range(values):
            if sized:
                (length,) = struct.unpack_from("<I", content, position)
                position += 4
            elif kind in _FIXED:
                length = _FIXED[kind]
            else:
                raise struct.error("unknown property type")
            if position + length > len(content):
                raise struct.error("value past the end")
            if not several:
                yield number, kind, content[position : position + length]
            position += length + -length % 4


def _past_name(content: bytes, position: int) -> int:
    (named,) = struct.unpack_from("<I", content, position + 16)
    if not named:
        return position + 24
    (length,) = struct.unpack_from("<I", content, position + 20)
    return position + 24 + int(length) + -int(length) % 4
