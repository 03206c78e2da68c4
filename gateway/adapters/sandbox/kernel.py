"""The few calls to the kernel that Python does not offer."""

from __future__ import annotations

import ctypes
import os

PR_SET_PDEATHSIG = 1
PR_SET_SECCOMP = 22
PR_SET_CHILD_SUBREAPER = 36
PR_SET_NO_NEW_PRIVS = 38

_libc = ctypes.CDLL(None, use_errno=True)
_libc.prctl.argtypes = [ctypes.c_int, *[ctypes.c_ulong] * 4]
_libc.unshare.argtypes = [ctypes.c_int]
_libc.syscall.restype = ctypes.c_long


def prctl(option: int, value: int, more: int = 0) -> None:
    """Set a property of this process; raises OSError."""
    if _libc.prctl(option, value, more, 0, 0):
        raise _error("prctl")


def unshare(flags: int) -> None:
    """Leave the namespaces named; raises OSError."""
    if _libc.unshare(flags):
        raise _error("unshare")


def call(number: int, *arguments: int | bytes) -> int:
    """A system call by its number, bytes being passed by their address; raises OSError."""
    passed = (ctypes.c_char_p(each) if isinstance(each, bytes) else ctypes.c_long(each) for each in arguments)
    result: int = _libc.syscall(ctypes.c_long(number), *passed)
    if result < 0:
        raise _error(f"system call {number}")
    return result


def _error(what: str) -> OSError:
    number = ctypes.get_errno()
    return OSError(number, os.strerror(number), what)
