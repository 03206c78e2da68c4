"""Text recognition through the `tesseract` program (Debian: tesseract-ocr, tesseract-ocr-vie).

The program is used rather than a binding because its table output gives the place of every word.
It runs as a child of the sandboxed worker and so under the worker's own limits.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from statistics import median
from typing import NamedTuple

from gateway.adapters.text.layout import Word
from gateway.errors import GatewayError

LANGUAGE = "vie"
MIN_CONFIDENCE = 15.0
UNAVAILABLE = "không có bộ nhận dạng chữ (OCR)"
FAILED = "không nhận dạng được ảnh"
NO_WORD = "nhận dạng chữ không thấy chữ nào"
TOO_LONG = "nhận dạng chữ quá thời gian cho phép"
_WORD_LEVEL = "5"
_COLUMNS = 12
_ORIENTATION, _WHOLE_PAGE, _ONE_BLOCK, _ONE_LINE, _SCATTERED = "0", "3", "6", "7", "11"
_ROTATE = re.compile(rb"^Rotate: (90|180|270)$", re.MULTILINE)
_TABLE, _PDF = "tessedit_create_tsv=1", "tessedit_create_pdf=1"


class _Read(NamedTuple):
    """A row of the program's table: a word, its place, and how sure the program is of it."""

    left: float
    top: float
    right: float
    bottom: float
    sure: float
    text: str


class OcrUnavailable(GatewayError):
    """The program or its Vietnamese data is not installed. The cause is Vietnamese."""


class OcrFailed(GatewayError):
    """The program gave up on this picture or ran out of time. The cause is Vietnamese."""


def recognise_file(path: Path, seconds: float) -> tuple[list[Word], float, float]:
    """Words in pixels with width and height of a picture file, of its first frame only.

    Raises OcrUnavailable, or OcrFailed where the picture cannot be read or `seconds` are over.
    """
    return _parse(_run(str(path), seconds, None, _WHOLE_PAGE, _TABLE))


def recognise_pixels(grey: bytes, width: int, height: int, dpi: int, seconds: float) -> list[Word]:
    """Words in pixels of an 8-bit grey picture, row by row without padding; raises as `recognise_file`."""
    picture = b"P5 %d %d 255\n" % (width, height) + grey
    return _parse(_run("stdin", seconds, picture, _WHOLE_PAGE, _TABLE, "--dpi", str(dpi)))[0]


def recognise_block(grey: bytes, width: int, height: int, dpi: int, seconds: float) -> list[Word]:
    """The same of a picture that is one small block of text, such as a stamp."""
    picture = b"P5 %d %d 255\n" % (width, height) + grey
    return _parse(_run("stdin", seconds, picture, _ONE_BLOCK, _TABLE, "--dpi", str(dpi)))[0]


def recognise_scattered(grey: bytes, width: int, height: int, dpi: int, seconds: float) -> list[Word]:
    """The same of a picture whose lines need not form blocks, such as a signature with its seal."""
    picture = b"P5 %d %d 255\n" % (width, height) + grey
    return _parse(_run("stdin", seconds, picture, _SCATTERED, _TABLE, "--dpi", str(dpi)))[0]


def recognise_turn(grey: bytes, width: int, height: int, dpi: int, seconds: float) -> int:
    """By how many degrees clockwise the picture is to be turned to be upright, 0 where that cannot be told.

    Raises OcrUnavailable.
    """
    picture = b"P5 %d %d 255\n" % (width, height) + grey
    try:
        told = _run("stdin", seconds, picture, _ORIENTATION, "tessedit_create_txt=1", "--dpi", str(dpi), language="osd")
    except OcrFailed:
        return 0
    found = _ROTATE.search(told)
    return int(found[1]) if found else 0


def picture_as_pdf(path: Path, seconds: float) -> bytes:
    """A PDF of one page that is the first frame of a picture file; raises as `recognise_file`.

    The program opens every format and refuses damaged files. What it recognises on the way, taking the
    page for one line, is the least it can be asked for and is not used.
    """
    return _run(str(path), seconds, None, _ONE_LINE, _PDF)


@cache
def find_program() -> str:
    """Where the program is, looked up once a process; raises OcrUnavailable."""
    program = shutil.which("tesseract")
    if program is None:
        raise OcrUnavailable(UNAVAILABLE)
    listed = subprocess.run([program, "--list-langs"], capture_output=True, timeout=10, check=False, env=_environment())
    if LANGUAGE not in (listed.stdout + listed.stderr).decode("utf-8", "replace").split():
        raise OcrUnavailable(UNAVAILABLE)
    return program


def _environment() -> dict[str, str]:
    return {**os.environ, "OMP_THREAD_LIMIT": "1", "LC_ALL": "C.UTF-8"}


def _run(
    source: str,
    seconds: float,
    picture: bytes | None,
    segmentation: str,
    output: str,
    *options: str,
    language: str = LANGUAGE,
) -> bytes:
    command = [find_program(), source, "stdout", *options, "-l", language, "--psm", segmentation]
    command += ["-c", "tessedit_page_number=0", "-c", output]
    try:
        done = subprocess.run(
            command,
            input=picture,
            stdin=subprocess.DEVNULL if picture is None else None,
            capture_output=True,
            timeout=seconds,
            check=False,
            env=_environment(),
        )
    except subprocess.TimeoutExpired:
        raise OcrFailed(TOO_LONG) from None
    if done.returncode != 0:
        raise OcrFailed(FAILED)
    return done.stdout


def _parse(table: bytes) -> tuple[list[Word], float, float]:
    """Read the program's table: level page block par line word left top width height conf text.

    Raises OcrFailed where no page is in it, as with a TIFF whose first frame is damaged.
    """
    width = height = 0.0
    lines: dict[tuple[str, ...], list[_Read]] = {}
    for row in table.decode("utf-8", "replace").splitlines():
        cells = row.split("\t", _COLUMNS - 1)
        if len(cells) != _COLUMNS or not cells[6].isdigit():
            continue
        left, top, wide, high = (float(cell) for cell in cells[6:10])
        if cells[0] == "1":
            width, height = wide, high
        if cells[0] == _WORD_LEVEL and cells[11].strip() and float(cells[10]) >= MIN_CONFIDENCE:
            read = _Read(left, top, left + wide, top + high, float(cells[10]) / 100, cells[11].strip())
            lines.setdefault(tuple(cells[1:5]), []).append(read)
    if not width or not height:
        raise OcrFailed(FAILED)
    return list(_words(lines.values())), width, height


def _words(lines: Iterable[list[_Read]]) -> Iterable[Word]:
    """Give every word the baseline and size of its line, each line apart from the next in the stream."""
    order = 0
    for line in lines:
        baseline = median(word.bottom for word in line)
        size = median(word.bottom - word.top for word in line)
        for word in line:
            place = word.left, word.top, word.right, word.bottom
            yield Word(word.text, *place, baseline, size, order=order, sure=word.sure)
            order += 2
