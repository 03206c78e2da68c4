"""Streams of a PDF that grow beyond reason when they are unpacked."""

from __future__ import annotations

from typing import Any

import pikepdf

from gateway.adapters.active.finds import Finds
from gateway.adapters.active.package import inflate, inflated_size
from gateway.adapters.active.pictures import Size, examine_picture, too_large
from gateway.model.facts import ActiveKind

MOST_FILTERS = 4
MOST_UNPACKED = 128_000_000
MOST_OF_A_LAYER = 64_000_000
BOMB_RATIO = 200
SMALLEST_BOMB = 250_000
SMALLEST_NESTED = 200
_GROWING = frozenset({"/FlateDecode", "/Fl", "/LZWDecode", "/LZW", "/RunLengthDecode", "/RL"})
_FLATE = frozenset({"/FlateDecode", "/Fl"})
_PICTURES = frozenset({"/DCTDecode", "/JPXDecode", "/DCT"})


def examine_stream(stream: Any, place: str, finds: Finds) -> None:
    """Judge one stream by its dictionary, and by unpacking as much as it takes to know that it is no bomb."""
    filters = filters_of(stream)
    if len(filters) > MOST_FILTERS:
        finds.add(ActiveKind.BOMB, place, f"luồng PDF nén {len(filters)} lớp")
        return
    picture = stream.get("/Subtype") == "/Image"
    if picture and _huge(stream, place, finds):
        return
    if picture and filters[-1:] and filters[-1] in _PICTURES and len(filters) == 1:
        examine_picture(stream.read_raw_bytes(), place or "hình trong PDF", finds)
        return
    growing = sum(each in _GROWING for each in filters)
    if growing == 1 and picture:
        return
    if growing and filters[0] in _FLATE:
        _unpack(stream.read_raw_bytes(), filters, growing, place, finds)


def filters_of(stream: Any) -> list[str]:
    """The names of the filters that unpack a stream, in their order."""
    filters = stream.get("/Filter")
    if isinstance(filters, pikepdf.Array):
        return [str(each) for each in filters]
    return [] if filters is None else [str(filters)]


def _unpack(raw: bytes, filters: list[str], growing: int, place: str, finds: Finds) -> None:
    """Unpack layer by layer for as long as the layers are deflated."""
    if len(raw) < (SMALLEST_BOMB if growing == 1 else SMALLEST_NESTED):
        return
    content, grown = raw, 0
    for layer, each in enumerate(filters, 1):
        if each not in _FLATE:
            break
        if layer == len(filters):
            grown = inflated_size(content, MOST_UNPACKED)
        else:
            content = inflate(content, MOST_OF_A_LAYER).content
            grown = len(content) if len(content) <= MOST_OF_A_LAYER else MOST_UNPACKED + 1
        if grown > MOST_UNPACKED and grown > BOMB_RATIO * len(raw):
            finds.add(ActiveKind.BOMB, place, "luồng PDF bung ra quá lớn")
            return


def _huge(stream: Any, place: str, finds: Finds) -> bool:
    width, height, bits = (_number(stream.get(key)) for key in ("/Width", "/Height", "/BitsPerComponent"))
    bits = 1 if stream.get("/ImageMask") is True else bits
    if too_large(Size(width, height, 24 if bits != 1 else 1), _number(stream.get("/Length"))):
        finds.add(ActiveKind.BOMB, place or "hình trong PDF", f"hình {width} x {height} điểm ảnh")
        return True
    return False


def _number(value: Any) -> int:
    return int(value) if isinstance(value, int) else 0
