"""Formulas of Equation Editor 3.0: whether one has the form that the editor wrote (MTEF 3), and no other.

The editor overflows on long font names, on large matrices and on records that are cut; a formula is ordinary only
where all of it reads as records with none of these.
"""

from __future__ import annotations

import struct

_HEADER = struct.Struct("<HIHI16x")
_HEADER_SIZE, _HEADER_VERSION = 28, 0x00020000
_MTEF = (3, (0, 1), (0, 1))
_END, _LINE, _CHAR, _TEMPLATE, _PILE, _MATRIX, _EMBELLISHMENT, _RULER, _FONT, _SIZE = range(10)
_LAST_TAG = 14
_HEADS = {_CHAR: 3, _TEMPLATE: 3, _PILE: 2, _EMBELLISHMENT: 1}
_MOVED, _SPACED, _RULED, _NULL, _EMBELLISHED = 0x8, 0x4, 0x2, 0x1, 0x2
_AT_REST = b"\x80\x80"
_LONGEST_NAME = 31
_LARGEST_MATRIX = 20
_DEEPEST = 40
_EXPLICIT, _LARGE = 101, 100


class _Unusual(Exception):
    """The formula is not one that the editor writes."""


def ordinary_equation(stream: bytes) -> bool:
    """Whether the stream `Equation Native` holds nothing but a formula."""
    if len(stream) < _HEADER.size:
        return False
    size, version, _, length = _HEADER.unpack_from(stream)
    formula = stream[_HEADER_SIZE : _HEADER_SIZE + length]
    if (size, version) != (_HEADER_SIZE, _HEADER_VERSION) or len(formula) != length or length < len("header"):
        return False
    if formula[0] != _MTEF[0] or formula[1] not in _MTEF[1] or formula[2] not in _MTEF[2]:
        return False
    try:
        _Records(formula, 5).objects(0)
    except (_Unusual, IndexError):
        return False
    return True


class _Records:
    def __init__(self, formula: bytes, place: int) -> None:
        self._formula = formula
        self._place = place

    def objects(self, depth: int) -> None:
        """Records up to the end of their list; the outermost list may end with the formula."""
        if depth > _DEEPEST:
            raise _Unusual
        while depth or self._place < len(self._formula):
            tag = self._byte()
            kind, options = tag & 0xF, tag >> 4
            if kind == _END:
                return
            if kind > _LAST_TAG:
                raise _Unusual
            if kind <= _EMBELLISHMENT and options & _MOVED:
                self._nudge()
            self._record(kind, options, depth)

    def _record(self, kind: int, options: int, depth: int) -> None:
        if kind == _LINE:
            self._skip(1 if options & _SPACED else 0)
        elif kind in _HEADS:
            self._skip(_HEADS[kind])
        elif kind == _MATRIX:
            self._matrix()
        elif kind == _RULER:
            self._skip(3 * self._byte())
        elif kind == _FONT:
            self._font()
        elif kind == _SIZE:
            self._size()
        if kind in (_LINE, _PILE) and options & _RULED:
            self._ruler()
        below = kind in (_TEMPLATE, _PILE, _MATRIX) or (kind == _LINE and not options & _NULL)
        if below or (kind == _CHAR and options & _EMBELLISHED):
            self.objects(depth + 1)

    def _matrix(self) -> None:
        self._skip(3)
        rows, columns = self._byte(), self._byte()
        if max(rows, columns) > _LARGEST_MATRIX:
            raise _Unusual
        self._skip((2 * (rows + 1) + 7) // 8 + (2 * (columns + 1) + 7) // 8)

    def _font(self) -> None:
        self._skip(2)
        end = self._formula.index(0, self._place) if 0 in self._formula[self._place :] else len(self._formula)
        name = self._formula[self._place : end]
        if len(name) > _LONGEST_NAME or not name.isascii():
            raise _Unusual
        self._place = end + 1

    def _size(self) -> None:
        size = self._byte()
        self._skip(2 if size == _EXPLICIT else 3 if size == _LARGE else 1)

    def _ruler(self) -> None:
        if self._byte() & 0xF != _RULER:
            raise _Unusual
        self._skip(3 * self._byte())

    def _nudge(self) -> None:
        small = self._formula[self._place : self._place + 2]
        self._skip(6 if small == _AT_REST else 2)

    def _byte(self) -> int:
        self._skip(1)
        return self._formula[self._place - 1]

    def _skip(self, count: int) -> None:
        self._place += count
        if self._place > len(self._formula):
            raise _Unusual
