"""Header fields on the wire: 7-bit, folded, and nothing in them but what was meant (RFC 5322, 2047, 2231)."""

from __future__ import annotations

import re
from binascii import b2a_base64
from collections.abc import Sequence
from urllib.parse import quote

from gateway.model.wording import one_line, without_marks

_WIDTH = 64
_WORD_OCTETS = 39
_LONGEST_SUBJECT = 160
_LONGEST_NAME = 120
_LONGEST_SUFFIX = 10
_PIECE = 54
_MOST_REFERENCES = 20
_ADDRESS = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[A-Za-z0-9.:\[\]-]{1,255}")
_MESSAGE_ID = re.compile(r"<[!-;=?-~]{1,250}>")
_MEDIA_TYPE = re.compile(r"(?!message/|multipart/)[a-z0-9][a-z0-9!#$&^_.+-]{0,63}/[a-z0-9][a-z0-9!#$&^_.+-]{0,99}")


def subject(text: str) -> bytes:
    """The Subject, bounded, in encoded words where it must be."""
    line = one_line(text, _LONGEST_SUBJECT)
    return _field("Subject", _encoded(line) if _needs_encoding(line) else line)


def mailbox(name: str, display_name: str, address: str) -> bytes:
    """`From: display name <address>`; raises ValueError where the address is not plain ASCII."""
    if not _ADDRESS.fullmatch(address):
        raise ValueError(f"{name} is no plain mail address")
    phrase = one_line(display_name, _LONGEST_NAME)
    if _needs_encoding(phrase):
        return _field(name, f"{_encoded(phrase)}\r\n <{address}>")
    escaped = phrase.replace("\\", r"\\").replace('"', r"\"")
    return _field(name, f'"{escaped}"\r\n <{address}>')


def recipient(address: str) -> bytes:
    """The To field. An address that 7-bit headers cannot hold (RFC 6531) stays in the SMTP envelope alone."""
    local, at, domain = address.rpartition("@")
    if at and not domain.isascii():
        try:
            address = f"{local}@{domain.encode('idna').decode()}"
        except UnicodeError:
            address = ""
    return _field("To", f"<{address}>" if _ADDRESS.fullmatch(address) else "undisclosed-recipients:;")


def reply_to(address: str) -> bytes:
    """The Reply-To field; raises ValueError where the address is not plain ASCII."""
    if not _ADDRESS.fullmatch(address):
        raise ValueError("Reply-To is no plain mail address")
    return plain("Reply-To", f"<{address}>")


def references(message_ids: Sequence[str]) -> bytes:
    """The References field, one Message-ID on a line: the first and the last ones, where there are many."""
    many = len(message_ids) > _MOST_REFERENCES
    kept = (message_ids[0], *message_ids[1 - _MOST_REFERENCES :]) if many else message_ids
    return _field("References", "\r\n ".join(kept))


def message_id(text: str | None) -> str | None:
    """`text` as one Message-ID in angle brackets, None where it is none (RFC 5322 section 3.6.4)."""
    bare = (text or "").strip()
    bracketed = bare if bare.startswith("<") else f"<{bare}>"
    return bracketed if _MESSAGE_ID.fullmatch(bracketed) else None


def plain(name: str, value: str) -> bytes:
    """A field whose value is our own ASCII; raises ValueError otherwise, so that nothing can be injected."""
    if not value.isascii() or not value.isprintable():
        raise ValueError(f"{name} must be printable ASCII")
    return _field(name, value)


def media_type(text: str) -> str:
    """`text` if it is a media type that may be sent in base64, else `application/octet-stream`."""
    lower = text.lower()
    return lower if _MEDIA_TYPE.fullmatch(lower) else "application/octet-stream"


def file_name(text: str) -> str:
    """A name fit to be saved under: one line, no folder, bounded, its suffix kept."""
    name = one_line(re.sub(r'[\\/:*?"<>|]', "_", text)).lstrip(". ") or "tep-khong-ten"
    if len(name) <= _LONGEST_NAME:
        return name
    stem, dot, suffix = name.rpartition(".")
    if not dot or len(suffix) > _LONGEST_SUFFIX:
        return name[:_LONGEST_NAME]
    return f"{stem[: _LONGEST_NAME - len(suffix) - 1]}.{suffix}"


def content(media: str, disposition: str, name: str) -> bytes:
    """Content-Type with an ASCII `name` for old readers, Content-Disposition with the true one (RFC 2231)."""
    fallback = without_marks(name)
    lines = [f'Content-Type: {media};\r\n name="{fallback}"']
    if name == fallback:
        lines.append(f'Content-Disposition: {disposition};\r\n filename="{name}"')
    else:
        lines.append(";\r\n ".join([f"Content-Disposition: {disposition}", *_extended(name)]))
    return "".join(f"{line}\r\n" for line in lines).encode("ascii")


def _extended(name: str) -> list[str]:
    """RFC 2231 sections 3 and 4; no piece cuts a character in two, for many readers decode each by itself."""
    pieces = [""]
    for character in name:
        coded = quote(character, safe="")
        if len(pieces[-1]) + len(coded) > _PIECE:
            pieces.append("")
        pieces[-1] += coded
    if len(pieces) == 1:
        return [f"filename*=UTF-8''{pieces[0]}"]
    pieces[0] = f"UTF-8''{pieces[0]}"
    return [f"filename*{at}*={piece}" for at, piece in enumerate(pieces)]


def _encoded(line: str) -> str:
    """Encoded words (RFC 2047 section 2) that part between words, for some readers show the seam as a blank."""
    pieces = [b""]
    for word in re.findall(r"\S* ?", line):
        for unit in [word] if len(word.encode()) <= _WORD_OCTETS else word:
            octets = unit.encode()
            if len(pieces[-1]) + len(octets) > _WORD_OCTETS:
                pieces.append(b"")
            pieces[-1] += octets
    return "\r\n ".join(f"=?utf-8?b?{b2a_base64(piece, newline=False).decode()}?=" for piece in pieces)


def _needs_encoding(line: str) -> bool:
    return not line.isascii() or "=?" in line or len(line) > _WIDTH


def _field(name: str, value: str) -> bytes:
    return f"{name}: {value}\r\n".encode("ascii")
