"""Body hashes of DKIM (RFC 6376 section 3.4), read from a file in pieces and in linear time.

dkimpy holds the body several times over and strips white space with an expression that takes quadratic time on long
runs of blanks: a mail of 50 MB could keep a worker busy until it is killed.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from pathlib import Path

PIECE = 1024 * 1024
LINE_END = b"\r\n"


@dataclass(frozen=True, slots=True)
class BodyHashes:
    """SHA-256 of the canonical body by the octets hashed (l=); `size` is all of it."""

    size: int
    by_length: dict[int, bytes]

    @property
    def whole(self) -> bytes:
        """The hash of the whole body."""
        return self.by_length[self.size]


def hash_body(mail: Path, start: int, *, relaxed: bool, lengths: Collection[int] = ()) -> BodyHashes:
    """Hashes of the body that begins at `start`, of its first `lengths` octets too where it is that long."""
    digest, size, by_length = hashlib.sha256(), 0, {}
    wanted = sorted(set(lengths))
    for piece in canonical_body(mail, start, relaxed=relaxed):
        while wanted and wanted[0] <= size + len(piece):
            part = digest.copy()
            part.update(piece[: wanted[0] - size])
            by_length[wanted.pop(0)] = part.digest()
        digest.update(piece)
        size += len(piece)
    by_length |= {length: digest.digest() for length in wanted if length == size}
    by_length[size] = digest.digest()
    return BodyHashes(size, by_length)


def canonical_body(mail: Path, start: int, *, relaxed: bool) -> Iterator[bytes]:
    """The body as the signer hashed it; a line end may be LF alone, as in a mail that was kept as a file."""
    empty_lines, anything = 0, False
    for piece in _whole_lines(mail, start):
        text = piece.replace(LINE_END, b"\n").replace(b"\n", LINE_END)
        if relaxed:
            text = _single_blanks(text).replace(b" \r\n", LINE_END)
        end = _without_empty_lines(text)
        if end:
            yield from _repeated(LINE_END, empty_lines)
            yield text[:end]
            anything, empty_lines = True, 0
        empty_lines += (len(text) - end) // 2
    if anything or not relaxed:
        yield LINE_END


def _whole_lines(mail: Path, start: int) -> Iterator[bytes]:
    """Pieces that end with a line end; the last one gets one where it has none."""
    rest: list[bytes] = []
    with mail.open("rb") as file:
        file.seek(start)
        while block := file.read(PIECE):
            cut = block.rfind(b"\n") + 1
            if cut:
                yield b"".join((*rest, block[:cut]))
                rest = []
            rest.append(block[cut:])
    last = b"".join(rest)
    if last:
        yield last + LINE_END


def _single_blanks(text: bytes) -> bytes:
    """Every run of blanks and tabs as one blank; each round halves the runs, and nothing is made a run at a time."""
    text = text.replace(b"\t", b" ")
    while b"  " in text:
        text = text.replace(b"  ", b" ")
    return text


def _without_empty_lines(text: bytes) -> int:
    """Where the line ends begin that close `text`; those that end its last line count among them."""
    tail = len(text.rstrip(LINE_END))
    closing = text[tail:].replace(LINE_END, b"\n\n")
    return tail + closing.rfind(b"\r") + 1


def _repeated(line_end: bytes, count: int) -> Iterator[bytes]:
    at_once = PIECE // len(line_end)
    for _ in range(count // at_once):
        yield line_end * at_once
    yield line_end * (count % at_once)
