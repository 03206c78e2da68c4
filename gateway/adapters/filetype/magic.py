"""Types with a signature at a fixed place in the file."""

from __future__ import annotations

import re
from collections.abc import Callable

PDF = "application/pdf"
_PDF_WINDOW = 1024
_PDF_HEADER = re.compile(rb"%PDF-[12]\.[0-9]")

_AT_START: tuple[tuple[bytes, str], ...] = (
    (b"%PDF-", PDF),
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"GIF87a", "image/gif"),
    (b"GIF89a", "image/gif"),
    (b"II*\x00", "image/tiff"),
    (b"MM\x00*", "image/tiff"),
    (b"II+\x00", "image/tiff"),
    (b"MM\x00+", "image/tiff"),
    (b"8BPS", "image/vnd.adobe.photoshop"),
    (b"\x00\x00\x00\x0cjP  \r\n\x87\n", "image/jp2"),
    (b"\xff\x4f\xff\x51\x00", "image/jp2"),
    (b"\xdb\xa5\x2d\x00", "application/msword"),
    (b"\x09\x00\x04\x00", "application/vnd.ms-excel"),
    (b"\x09\x02\x06\x00\x00\x00", "application/vnd.ms-excel"),
    (b"\x09\x04\x06\x00\x00\x00", "application/vnd.ms-excel"),
    (b"\x09\x08\x08\x00\x00\x05", "application/vnd.ms-excel"),
    (b"\x09\x08\x10\x00\x00\x06", "application/vnd.ms-excel"),
    (b"\x08\x09\xfe\x02", "image/vnd.dgn"),
    (b"\xc8\x09\xfe\x02", "image/vnd.dgn"),
    (b"AutoCAD Binary DXF\r\n\x1a\x00", "image/vnd.dxf"),
    (b"Rar!\x1a\x07", "application/x-rar-compressed"),
    (b"7z\xbc\xaf\x27\x1c", "application/x-7z-compressed"),
    (b"\x1f\x8b", "application/gzip"),
    (b"BZh", "application/x-bzip2"),
    (b"\xfd7zXZ\x00", "application/x-xz"),
    (b"\x28\xb5\x2f\xfd", "application/zstd"),
    (b"LZIP\x01", "application/x-lzip"),
    (b"\x04\x22\x4d\x18", "application/x-lz4"),
    (b"\x1f\x9d", "application/x-compress"),
    (b"\x60\xea", "application/x-arj"),
    (b"MSCF\x00\x00\x00\x00", "application/vnd.ms-cab-compressed"),
    (b"\x7fELF", "application/x-elf"),
    (b"\xca\xfe\xba\xbe", "application/x-mach-o-executable"),
    (b"\xca\xfe\xba\xbf", "application/x-mach-o-executable"),
    (b"\xfe\xed\xfa\xce", "application/x-mach-o-executable"),
    (b"\xfe\xed\xfa\xcf", "application/x-mach-o-executable"),
    (b"\xce\xfa\xed\xfe", "application/x-mach-o-executable"),
    (b"\xcf\xfa\xed\xfe", "application/x-mach-o-executable"),
    (b"L\x00\x00\x00\x01\x14\x02\x00\x00\x00\x00\x00\xc0\x00\x00\x00\x00\x00\x00F", "application/x-ms-shortcut"),
    (b"\x78\x9f\x3e\x22", "application/vnd.ms-tnef"),
    (b"{\\rtf", "application/rtf"),
    (b"\xe4\x52\x5c\x7b\x8c\xd8\xa7\x4d\xae\xb1\x53\x78\xd0\x29\x96\xd3", "application/onenote; format=one"),
    (b"\xa1\x2f\xff\x43\xd9\xef\x76\x4c\x9e\xe2\x10\xea\x57\x22\x76\x5f", "application/onenote; format=onetoc2"),
    (b"\xa3HK\xbe\x98lJ\xa9\x99LS\x0a\x86\xd6H}", "application/x-autoit"),
    (b"\x00asm\x01\x00\x00\x00", "application/wasm"),
    (b"dex\n03", "application/x-dex"),
    (b"Cr24", "application/x-chrome-extension"),
    (b"\xed\xab\xee\xdb", "application/x-rpm"),
    (b"!<arch>\n", "application/x-archive"),
    (b"age-encryption.org/v1", "application/x-age-encryption"),
    (b"Salted__", "application/x-openssl-encrypted"),
    (b"regf", "application/x-registry-hive"),
    (b"MSWIM\x00\x00\x00", "application/x-ms-wim"),
    (b"vhdxfile", "application/x-vhdx"),
    (b"conectix", "application/x-vhd"),
    (b"KDMV", "application/x-vmdk"),
    (b"QFI\xfb", "application/x-qcow2"),
    (b"\x00\x00\x27\x0a\xff\xff\xfe\x70", "application/vnd.shp"),
    (b"\x00\x00\x27\x0a" + bytes(20), "application/vnd.shp"),
    (b"SQLite format 3\x00", "application/vnd.sqlite3"),
    (b"OggS", "application/ogg"),
    (b"ID3", "audio/mpeg"),
    (b"ITSF\x03\x00\x00\x00", "application/vnd.ms-htmlhelp"),
)
_JAVA_CLASS_OLDEST = 43
# Versions of the drawing format from AutoCAD 1.2 to 2018 and later.
_DWG = re.compile(rb"(?:AC10\d\d|AC1\.[2-5]\d?|AC2\.[12]\d|MC0\.0)\x00")
_PGP_PACKETS = (0x84, 0x85, 0x8C, 0xC1, 0xC3)
_PGP_SHORTEST = 20
_PGP_LONG = 192
_PGP_CIPHERS = 13
_PGP_KEYS = (1, 2, 16, 18, 25, 26)
_SECTOR = 512
_VOLUMES = (b"CD001", b"BEA01", b"NSR02", b"NSR03")
_HEIF = frozenset({b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1"})
_SIGNED_DATA = bytes.fromhex("06092a864886f70d010702")
# Enveloped, signed and enveloped, encrypted (RFC 5652), authenticated and enveloped (RFC 5083).
_ENCRYPTED = tuple(
    bytes.fromhex(kind)
    for kind in (
        "06092a864886f70d010703",
        "06092a864886f70d010704",
        "06092a864886f70d010706",
        "060b2a864886f70d0109100117",
    )
)
_DATA = bytes.fromhex("06092a864886f70d010701")
_DER_WINDOW = 40


def by_signature(head: bytes, size: int) -> str | None:
    """The type that the first bytes of a file of `size` bytes name, None where none does."""
    if _DWG.match(head):
        return "image/vnd.dwg"
    if head.startswith(b"\xca\xfe\xba\xbe") and int.from_bytes(head[6:8]) >= _JAVA_CLASS_OLDEST:
        return "application/java-vm"
    for signature, media_type in _AT_START:
        if head.startswith(signature):
            return media_type
    return next((found for rule in _RULES if (found := rule(head, size))), None)


def late_pdf(head: bytes) -> bool:
    """Whether a PDF begins after some junk, as readers accept (ISO 32000-1 Annex H, note 13)."""
    return _PDF_HEADER.search(head, 0, _PDF_WINDOW) is not None


def _executable(head: bytes, size: int) -> str | None:
    """DOS, NE and PE programs; a text may begin with MZ too, but a program's header is longer."""
    return "application/x-msdownload" if head.startswith((b"MZ", b"ZM")) and b"\x00" in head[:64] and size else None


def _bitmap(head: bytes, size: int) -> str | None:
    headers = (12, 16, 40, 52, 56, 64, 108, 124)
    is_bitmap = head.startswith(b"BM") and size > len("BM") and int.from_bytes(head[14:18], "little") in headers
    return "image/bmp" if is_bitmap else None


def _boxed(head: bytes, size: int) -> str | None:
    """RIFF and ISO base media files, which name their kind in a second field."""
    if head.startswith(b"RIFF") and size:
        return {b"WEBP": "image/webp", b"WAVE": "audio/wav", b"AVI ": "video/x-msvideo"}.get(head[8:12])
    if head[4:8] == b"ftyp":
        brands = head[8 : int.from_bytes(head[:4])]
        if head[8:12] in (b"avif", b"avis") or (b"avif" in brands and b"heic" not in brands):
            return "image/avif"
        return "image/heic" if head[8:12] in _HEIF else "video/mp4"
    return None


def _pgp(head: bytes, size: int) -> str | None:
    """OpenPGP data for the holders of a key or of a password (RFC 9580 sections 5.1 and 5.3), not in letters."""
    if not head or head[0] not in _PGP_PACKETS or size < _PGP_SHORTEST:
        return None
    lengths = {0x84: 1, 0x85: 2, 0x8C: 1}.get(head[0], 1 if head[1] < _PGP_LONG else 2)
    body = head[1 + lengths : 4 + lengths]
    if head[0] in (0x8C, 0xC3):
        fits = body[0] in (4, 5, 6) and 1 <= body[1] <= _PGP_CIPHERS and body[2] in (0, 1, 3, 4)
    else:
        fits = body[0] in (3, 6) and head[1 + lengths + 9] in _PGP_KEYS
    return "application/pgp-encrypted" if fits else None


def _disk(head: bytes, size: int) -> str | None:
    """Images of optical and other disks, which Windows opens like folders."""
    if any(head[place + 1 : place + 6] in _VOLUMES for place in (0x8000, 0x8800, 0x9000)):
        return "application/x-iso9660-image"
    boots = len(head) >= _SECTOR and head[510:512] == b"\x55\xaa" and size > _SECTOR
    named = head[3:11] in (b"NTFS    ", b"EXFAT   ") or head[54:57] == b"FAT" or head[82:85] == b"FAT"
    partitioned = boots and all(head[place] in (0, 0x80) for place in range(446, 510, 16)) and head[450] != 0
    return "application/x-raw-disk-image" if boots and (named or partitioned) else None


def _archive(head: bytes, size: int) -> str | None:
    """tar, by its mark or, in the oldest form, by the checksum of its first header."""
    if head[257:262] == b"ustar":
        return "application/x-tar"
    header = head[:512]
    if len(header) < len("x") * 512 or size % 512 or not header[0]:
        return None
    written = header[148:156].strip(b" \x00")
    if not written or any(digit not in b"01234567" for digit in written):
        return None
    total = sum(header) - sum(header[148:156]) + 8 * ord(" ")
    return "application/x-tar" if total == int(written, 8) else None


def encrypted_cms(head: bytes) -> bool:
    """Whether this is CMS that only the holder of a key can open, in DER."""
    return head.startswith(b"\x30") and any(kind in head[:_DER_WINDOW] for kind in _ENCRYPTED)


def _cms(head: bytes, size: int) -> str | None:
    """CMS in DER (RFC 5652): detached signatures, messages within a signature, encrypted ones."""
    if not head.startswith(b"\x30") or not size:
        return None
    if encrypted_cms(head):
        return "application/pkcs7-mime"
    place = head[:_DER_WINDOW].find(_SIGNED_DATA)
    if place < 0:
        return None
    inner = head.find(_DATA, place, place + 400)
    # A detached signature names the type of what it signs and then goes straight on to certificates.
    content = head[inner + len(_DATA) : inner + len(_DATA) + 1]
    return (
        "application/pkcs7-mime"
        if inner >= 0 and content == b"\xa0" and _holds(head, inner)
        else ("application/pkcs7-signature")
    )


def _holds(head: bytes, inner: int) -> bool:
    """Whether the [0] after the inner type is its content (an OCTET STRING) and not the certificates."""
    start = inner + len(_DATA) + 1
    if start >= len(head):
        return False
    length = head[start]
    start += 1 + (length & 0x7F if length & 0x80 else 0)
    return head[start : start + 1] in (b"\x04", b"\x24")


def _dbase(head: bytes, size: int) -> str | None:
    """dBASE tables, which have no mark: version, date and sizes must all fit the file."""
    if len(head) < len("x") * 33 or head[0] not in (0x03, 0x83, 0x8B, 0x30, 0xF5):
        return None
    month, day = head[2], head[3]
    records, header, record = (
        int.from_bytes(head[4:8], "little"),
        int.from_bytes(head[8:10], "little"),
        int.from_bytes(head[10:12], "little"),
    )
    fits = header > len(head[:32]) and record > 0 and 0 <= size - header - records * record <= 1
    return "application/vnd.dbf" if 1 <= month <= 12 and 1 <= day <= 31 and fits else None  # noqa: PLR2004


_RULES: tuple[Callable[[bytes, int], str | None], ...] = (
    _executable,
    _bitmap,
    _boxed,
    _archive,
    _disk,
    _cms,
    _dbase,
    _pgp,
)
