"""Recognising a page that is a picture; the head of page 1 gets a second look.

A page is drawn, turned straight and recognised, below its head without coloured ink: seals are pressed over titles and
names. The head is drawn once more, enlarged, red ink dark and frames taken out: a secrecy mark that is missed would be
sent on (Luật 29/2018/QH14), and what both looks read alike is surer than either.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import groupby

import pypdfium2 as pdfium
from PIL import Image, ImageChops

from gateway.adapters.text.arrival import arrival_stamps
from gateway.adapters.text.frames import Rule, without_frames
from gateway.adapters.text.layout import Region, Word
from gateway.adapters.text.ocr import OcrFailed, recognise_pixels, recognise_scattered, recognise_turn
from gateway.adapters.text.second_look import weighed
from gateway.adapters.text.signature_page import SIGNATURE_HEIGHT, SIGNATURE_LEFT, SIGNATURE_SHARE, signature_top
from gateway.adapters.text.specks import without_specks
from gateway.adapters.text.upright import degrees_askew, turned_point

MAX_PIXELS = 12_000_000
HEAD_SHARE = 0.45
HEAD_DPI = 300
HEAD_PIXELS = 6_000_000
FIRST_SECONDS = 25.0
HEAD_SECONDS = 15.0
LAST_SECONDS = 10.0
TURN_SECONDS = 8.0
MARK_WORDS = 4
# A page that lies on its side gives few words of which the program is sure.
READABLE_SURE = 0.6
READABLE_SHARE = 0.5
FEWEST_WORDS = 8
SIGNATURE_SECONDS = 8.0
ADDED_SURE = 0.8
_INCH = 72
_RED, _GREEN, _BLUE = 0, 1, 2
_REACH = 1.2


@dataclass(frozen=True, slots=True)
class Recognised:
    """The words of a page in points, as they lie once the page is turned by `degrees` anticlockwise.

    `arrivals` are where arrival stamps then lie.
    """

    words: list[Word]
    degrees: float
    arrivals: tuple[Region, ...] = ()

    def straightened(self, written: Sequence[Word], width: float, height: float) -> list[Word]:
        """What is written over the picture, where it then lies."""
        if not self.degrees:
            return list(written)
        return [_moved(word, self.degrees, (width / 2, height / 2)) for word in written]


def recognise_page(page: pdfium.PdfPage, scale: float) -> Recognised:
    """Words of a page drawn at `scale` pixels a point; raises OcrUnavailable and OcrFailed."""
    return _whole(page, scale, LAST_SECONDS, coloured_until=0.0)


def recognise_first(page: pdfium.PdfPage, scale: float, head_scale: float) -> Recognised:
    """The same of page 1 with its marks, its head drawn once more at `head_scale`.

    A page that cannot be read as it lies is turned upright first, and stays so.
    """
    found = _whole(page, scale, FIRST_SECONDS, coloured_until=HEAD_SHARE)
    if not _readable(found.words) and _set_upright(page, scale):
        found = _whole(page, scale, FIRST_SECONDS, coloured_until=HEAD_SHARE)
    head, rules = _head(page, head_scale, found.degrees)
    until = HEAD_SHARE * page.get_height()
    above, below = ([word for word in found.words if (word.bottom <= until) is upper] for upper in (True, False))
    words = merged(weighed(above, head) + below, _surely_new(head))
    width, height = page.get_size()
    arrivals = (_moved_region(each, found.degrees, (width / 2, height / 2)) for each in arrival_stamps(page))
    return Recognised(_completed(words, head, rules), found.degrees, tuple(arrivals))


def scale_for(page: pdfium.PdfPage, dpi: float, pixels: int, share: float = 1.0) -> float:
    """Pixels a point for `dpi`, less where `share` of the page would take more than `pixels`."""
    width, height = page.get_size()
    return min(dpi / _INCH, math.sqrt(pixels / max(width * height * share, 1.0)))


def merged(written: list[Word], recognised: list[Word]) -> list[Word]:
    """Written words, and the recognised ones that do not lie on any of them, numbered after them."""
    after = max((word.order for word in written), default=0) + 10
    free = [word for word in recognised if not any(_on(word, other) for other in written)]
    return written + [replace(word, order=word.order + after) for word in free]


def _whole(page: pdfium.PdfPage, scale: float, seconds: float, coloured_until: float) -> Recognised:
    """The page recognised; its upper part, down to that share, with all inks."""
    drawn = _drawn(page, scale)
    grey = drawn.convert("L")
    below = round(coloured_until * drawn.height)
    grey.paste(_without_colours(drawn).crop((0, below, drawn.width, drawn.height)), (0, below))
    degrees = degrees_askew(grey)
    grey = _straight(grey, degrees, (0.0, 0.0), page, scale)
    clean = without_specks(grey, scale * _INCH)
    found = recognise_pixels(clean.tobytes(), clean.width, clean.height, round(scale * _INCH), seconds)
    words = [_scaled(word, 1 / scale) for word in found]
    return Recognised(_with_signature(page, words, degrees), degrees)


def _with_signature(page: pdfium.PdfPage, words: list[Word], degrees: float) -> list[Word]:
    """The words with a second look at where the page is signed, for what seal and pen left of it."""
    width, height = page.get_size()
    top = signature_top(words)
    if top is None:
        return words
    scale = scale_for(page, HEAD_DPI, HEAD_PIXELS, SIGNATURE_SHARE)
    crop = (SIGNATURE_LEFT * width, max(height - top - SIGNATURE_HEIGHT * height, 0.0), 0.0, top)
    drawn = _straight(_without_colours(_drawn(page, scale, crop)), degrees, (crop[0], top), page, scale)
    clean = without_specks(drawn, scale * _INCH)
    try:
        found = recognise_scattered(clean.tobytes(), clean.width, clean.height, HEAD_DPI, SIGNATURE_SECONDS)
    except OcrFailed:
        return words
    seen = [_shifted(_scaled(word, 1 / scale), crop[0], top) for word in found]
    within = [word for word in words if word.left >= crop[0] and top <= word.top <= top + SIGNATURE_HEIGHT * height]
    known = weighed(within, seen)
    rest = [word for word in words if word not in within]
    return merged(rest + known, _surely_new(seen))


def _surely_new(seen: Sequence[Word]) -> list[Word]:
    """What a second look may add where the first saw nothing."""
    telling = (word for word in seen if sum(map(str.isalnum, word.text)) > 1)
    return [word for word in telling if (word.sure or 0.0) >= ADDED_SURE]


def _without_colours(drawn: Image.Image) -> Image.Image:
    """Grey without the red of seals and the blue of signatures, which are light in one of these."""
    return ImageChops.lighter(drawn.getchannel(_RED), drawn.getchannel(_BLUE))


def _readable(words: Sequence[Word]) -> bool:
    """Whether enough of the words are sure; a page with next to none may be empty as well as on its side."""
    sure = [word for word in words if (word.sure or 0.0) >= READABLE_SURE and len(word.text) > 1]
    return len(sure) >= max(READABLE_SHARE * len(words), FEWEST_WORDS)


def _set_upright(page: pdfium.PdfPage, scale: float) -> bool:
    """Turn the page by quarters where it lies on its side or head; false where it lies as it should."""
    grey = _drawn(page, scale).convert("L")
    turn = recognise_turn(grey.tobytes(), grey.width, grey.height, round(scale * _INCH), TURN_SECONDS)
    if turn:
        page.set_rotation((page.get_rotation() + turn) % 360)
    return turn != 0


def _head(page: pdfium.PdfPage, scale: float, degrees: float) -> tuple[list[Word], list[tuple[float, float, float]]]:
    """Words of the head, and its horizontal rules as left, right, y; all in points."""
    drawn = _drawn(page, scale, crop=(0, (1 - HEAD_SHARE) * page.get_height(), 0, 0))
    # Red and blue ink are both dark in green light.
    green = without_specks(_straight(drawn.getchannel(_GREEN), degrees, (0.0, 0.0), page, scale), scale * _INCH)
    clear, rules = without_frames(green.tobytes(), green.width, green.height, HEAD_DPI)
    found = recognise_pixels(clear, green.width, green.height, HEAD_DPI, HEAD_SECONDS)
    return [_scaled(word, 1 / scale) for word in found], [_in_points(rule, scale) for rule in rules]


def _straight(
    drawn: Image.Image, degrees: float, corner: tuple[float, float], page: pdfium.PdfPage, scale: float
) -> Image.Image:
    """A piece of the page, its upper left `corner` in points, turned about the middle of the page."""
    if not degrees:
        return drawn
    width, height = page.get_size()
    middle = (width / 2 - corner[0]) * scale, (height / 2 - corner[1]) * scale
    return drawn.rotate(degrees, Image.Resampling.BICUBIC, center=middle, fillcolor=255)


def _drawn(page: pdfium.PdfPage, scale: float, crop: tuple[float, float, float, float] = (0, 0, 0, 0)) -> Image.Image:
    """The page in colour, with what its forms and annotations show."""
    bitmap = page.render(scale=scale, crop=crop, prefer_bgrx=False)
    try:
        drawn: Image.Image = bitmap.to_pil().convert("RGB")
        return drawn
    finally:
        bitmap.close()


def _completed(words: list[Word], head: list[Word], rules: list[tuple[float, float, float]]) -> list[Word]:
    """Words with those of the head that stand in a frame, in place of what was recognised there."""
    result = words
    for line in _lines(head):
        if len(line) > MARK_WORDS or not _framed(line, rules):
            continue
        left, right = min(word.left for word in line), max(word.right for word in line)
        top, bottom = min(word.top for word in line), max(word.bottom for word in line)
        frame = replace(line[0], left=left - line[0].size, right=right + line[0].size, top=top, bottom=bottom)
        result = merged(line, [word for word in result if not _on(word, frame)])
    return result


def _lines(words: Iterable[Word]) -> Iterable[list[Word]]:
    """Words of one line have one baseline and size, and follow one another."""
    return (list(line) for _, line in groupby(words, key=lambda word: (word.baseline, word.size)))


def _framed(line: list[Word], rules: list[tuple[float, float, float]]) -> bool:
    left, right = min(word.left for word in line), max(word.right for word in line)
    top, bottom = min(word.top for word in line), max(word.bottom for word in line)
    reach = _REACH * line[0].size
    covering = [y for start, end, y in rules if start <= left + reach / 2 and end >= right - reach / 2]
    above = any(top - reach <= y <= (top + bottom) / 2 for y in covering)
    return above and any((top + bottom) / 2 <= y <= bottom + reach for y in covering)


def _in_points(rule: Rule, scale: float) -> tuple[float, float, float]:
    return rule.left / scale, rule.right / scale, rule.row / scale


def _scaled(word: Word, by: float) -> Word:
    return replace(
        word,
        left=word.left * by,
        top=word.top * by,
        right=word.right * by,
        bottom=word.bottom * by,
        baseline=word.baseline * by,
        size=word.size * by,
    )


def _shifted(word: Word, across: float, down: float) -> Word:
    return replace(
        word,
        left=word.left + across,
        right=word.right + across,
        top=word.top + down,
        bottom=word.bottom + down,
        baseline=word.baseline + down,
    )


def _moved(word: Word, degrees: float, centre: tuple[float, float]) -> Word:
    middle = (word.left + word.right) / 2, (word.top + word.bottom) / 2
    x, y = turned_point(*middle, degrees, centre)
    return _shifted(word, x - middle[0], y - middle[1])


def _moved_region(region: Region, degrees: float, centre: tuple[float, float]) -> Region:
    middle = (region.left + region.right) / 2, (region.top + region.bottom) / 2
    x, y = turned_point(*middle, degrees, centre)
    across, down = x - middle[0], y - middle[1]
    return Region(region.left + across, region.top + down, region.right + across, region.bottom + down)


def _on(word: Word, other: Word) -> bool:
    across = min(word.right, other.right) - max(word.left, other.left)
    down = min(word.bottom, other.bottom) - max(word.top, other.top)
    if across <= 0 or down <= 0:
        return False
    return across * down > 0.3 * (word.right - word.left) * (word.bottom - word.top)
