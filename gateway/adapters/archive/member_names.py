"""Names of members: what code their letters are in, and whether they point anywhere."""

from __future__ import annotations

import binascii
import re
import struct
import unicodedata
import zipfile

_UTF8_FLAG = 0x800
_UNICODE_PATH = 0x7075
_DRIVE = re.compile(r"[A-Za-z]:")


def member_name(info: zipfile.ZipInfo) -> str:
    """The name of a ZIP member: by its Unicode path field, its flag, or a guess (APPNOTE 4.6.9 and appendix D)."""
    if info.flag_bits & _UTF8_FLAG:
        return info.orig_filename
    raw = info.orig_filename.encode("cp437", "replace")
    return _unicode_path(info.extra, raw) or decoded(raw)


def decoded(raw: bytes) -> str:
    """Bytes of a name in UTF-8, or in the code page of Vietnamese Windows, or of DOS."""
    for encoding in ("utf-8", "cp1258"):
        try:
            return unicodedata.normalize("NFC", raw.decode(encoding))
        except UnicodeDecodeError:
            continue
    return raw.decode("cp437")


def _unicode_path(extra: bytes, raw: bytes) -> str:
    """The Info-ZIP Unicode path, "" where there is none or it was made for another name."""
    while len(extra) >= 4:  # noqa: PLR2004  tag and length
        tag, length = struct.unpack_from("<HH", extra)
        field, extra = extra[4 : 4 + length], extra[4 + length :]
        if tag == _UNICODE_PATH and field[:1] == b"\x01" and field[1:5] == struct.pack("<I", binascii.crc32(raw)):
            return field[5:].decode("utf-8", "replace")
    return ""


def points_outside(name: str) -> bool:
    """Whether an unpacker that trusts the name would write outside its folder, or to a place of the name's choosing."""
    pieces = name.replace("\\", "/").split("/")
    return name[:1] in ("/", "\\") or _DRIVE.match(name) is not None or ".." in pieces or "\x00" in name
