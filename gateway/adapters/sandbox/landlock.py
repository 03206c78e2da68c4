"""Landlock: this process and its children to come write in given folders only, and signal only one another."""

from __future__ import annotations

import os
import struct
from collections.abc import Iterable
from pathlib import Path

from gateway.adapters.sandbox.kernel import call

_CREATE_RULESET, _ADD_RULE, _RESTRICT_SELF = 444, 445, 446
_TELL_VERSION = 1
_PATH_BENEATH = 1

_WRITE_FILE, _REMOVE_FOLDER, _REMOVE_FILE = 1 << 1, 1 << 4, 1 << 5
_MAKE_DEVICE, _MAKE_FOLDER, _MAKE_FILE = 1 << 6 | 1 << 11, 1 << 7, 1 << 8
_MAKE_SOCKET, _MAKE_PIPE, _MAKE_LINK = 1 << 9, 1 << 10, 1 << 12
_TRUNCATE, _USE_DEVICE = 1 << 14, 1 << 15
_TCP = 0b11
_ABSTRACT_SOCKETS_AND_SIGNALS = 0b11

_EVER = _WRITE_FILE | _REMOVE_FOLDER | _REMOVE_FILE | _MAKE_FOLDER | _MAKE_FILE
_HANDLED = (
    (1, _EVER | _MAKE_DEVICE | _MAKE_SOCKET | _MAKE_PIPE | _MAKE_LINK),
    (3, _TRUNCATE),
    (5, _USE_DEVICE),
)
_TCP_SINCE, _SCOPES_SINCE = 4, 6
"""Versions of Landlock's interface (Linux 5.13 has 1, 6.1 has 2, 6.12 has 6)."""


def abi() -> int:
    """The version of Landlock's interface in this kernel, 0 where there is none."""
    try:
        return call(_CREATE_RULESET, 0, 0, _TELL_VERSION)
    except OSError:
        return 0


def confine(writable: Iterable[Path]) -> int:
    """Forbid writing outside the `writable` folders, TCP and signals to strangers, as far as the kernel can.

    Returns the version of the interface, 0 where there is none and nothing was forbidden. Threads that run already
    are not bound. Raises OSError where a folder is missing.
    """
    version = abi()
    if not version:
        return 0
    handled = sum(rights for since, rights in _HANDLED if version >= since)
    tcp = _TCP if version >= _TCP_SINCE else 0
    scopes = _ABSTRACT_SOCKETS_AND_SIGNALS if version >= _SCOPES_SINCE else 0
    attributes = struct.pack("QQQ", handled, tcp, scopes)
    known = 24 if scopes else 16 if tcp else 8
    ruleset = call(_CREATE_RULESET, attributes, known, 0)
    try:
        for folder in writable:
            _allow(ruleset, folder, handled & (_EVER | _TRUNCATE))
        _allow(ruleset, Path(os.devnull), handled & (_WRITE_FILE | _TRUNCATE | _USE_DEVICE))
        call(_RESTRICT_SELF, ruleset, 0)
    finally:
        os.close(ruleset)
    return version


def _allow(ruleset: int, place: Path, rights: int) -> None:
    descriptor = os.open(place, os.O_PATH | os.O_CLOEXEC)
    try:
        call(_ADD_RULE, ruleset, _PATH_BENEATH, struct.pack("=Qi", rights, descriptor), 0)
    finally:
        os.close(descriptor)
