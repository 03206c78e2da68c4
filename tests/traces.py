"""Looking for what should be nowhere: words in every form that mail and databases give them, and windows of files."""

from __future__ import annotations

import base64
import email
import hashlib
import quopri
from collections.abc import Iterable, Iterator
from pathlib import Path

WINDOW = 64
_STEP = 1024


def forms(words: str) -> set[bytes]:
    """The words as UTF-8, UTF-16 both ways, base64 at every alignment, quoted-printable and escaped JSON."""
    plain = words.encode()
    found = {plain, words.encode("utf-16-le"), words.encode("utf-16-be"), quopri.encodestring(plain).rstrip(b"\n")}
    found.add(words.encode("unicode_escape"))
    for text in (plain, words.encode("utf-16-le")):
        for shift in range(3):
            encoded = base64.b64encode(bytes(shift) + text)
            # What touches other bytes at either end is encoded with them.
            found.add(encoded[4 if shift else 0 : len(encoded) // 4 * 4 - 4])
    return found


def windows(content: bytes) -> set[bytes]:
    """Pieces from all over a file, and the same as they stand in base64; pieces that say nothing are left out."""
    places = range(0, max(1, len(content) - WINDOW), max(_STEP, len(content) // 200) // 3 * 3 or 3)
    pieces = [content[place : place + WINDOW] for place in places]
    return {
        form
        for piece in pieces
        if len(set(piece)) > WINDOW // 4
        for form in (piece, base64.b64encode(piece[: WINDOW // 3 * 3]))
    }


def pieces_of(raw: bytes) -> set[bytes]:
    """Windows of each part of a mail, as it is and as it stands in the mail."""
    files = (part.get_payload(decode=True) for part in email.message_from_bytes(raw).walk())
    return set[bytes]().union(*(windows(file) for file in files if isinstance(file, bytes)))


def found_in(folders: Iterable[Path], needles: Iterable[bytes]) -> dict[str, list[bytes]]:
    """In which files any of the needles stands; links are not followed, folded lines are joined."""
    wanted = list(needles)
    hits: dict[str, list[bytes]] = {}
    known: dict[bytes, list[bytes]] = {}  # a server's databases are copies of each other, but for a few files
    for path in _files(folders):
        content = path.read_bytes()
        digest = hashlib.sha256(content).digest()
        if digest not in known:
            joined = _unfolded(content)
            # What has no line end itself stands in the joined lines wherever it stands in the file.
            known[digest] = [needle for needle in wanted if needle in (content if _folds(needle) else joined)]
        if known[digest]:
            hits[str(path)] = known[digest]
    return hits


def _folds(needle: bytes) -> bool:
    return b"\r" in needle or b"\n" in needle


def _unfolded(content: bytes) -> bytes:
    return content.replace(b"\r", b"").replace(b"\n", b"")


def _files(folders: Iterable[Path]) -> Iterator[Path]:
    for folder in folders:
        for path in [folder] if folder.is_file() else sorted(folder.rglob("*")):
            if path.is_file() and not path.is_symlink():
                yield path
