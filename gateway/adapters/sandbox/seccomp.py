"""A filter of system calls (seccomp, BPF) that this process and all its threads and children to come live under."""

from __future__ import annotations

import ctypes
import errno
import platform
import struct
import sys
from collections.abc import Iterator

from gateway.adapters.sandbox.calls import MACHINES, NEWEST, NOT_THERE, Condition, Machine, Test, conditions
from gateway.adapters.sandbox.kernel import PR_SET_SECCOMP, prctl

_MODE_FILTER = 2
_LOAD, _IF_EQUAL, _IF_GREATER, _IF_ANY_BIT, _RETURN = 0x20, 0x15, 0x25, 0x45, 0x06
_NUMBER, _AUDIT, _ARGUMENTS = 0, 4, 16
_ALLOW, _KILL, _ERROR = 0x7FFF_0000, 0x8000_0000, 0x0005_0000
_INSTRUCTION = struct.Struct("HBBI")
_JUMPS = {
    Test.IS: (_IF_EQUAL, 0, 1),
    Test.IS_NOT: (_IF_EQUAL, 1, 0),
    Test.HAS_ANY_OF: (_IF_ANY_BIT, 0, 1),
    Test.HAS_NONE_OF: (_IF_ANY_BIT, 1, 0),
}


class _Program(ctypes.Structure):
    """`struct sock_fprog`."""

    _fields_ = (("length", ctypes.c_ushort), ("instructions", ctypes.c_char_p))


def filter_calls(daemon: int) -> None:
    """Deny from now on what `calls` lists; for good, no_new_privs being set before.

    Raises OSError where the kernel has no filters or the machine is none of those listed.
    """
    machine = MACHINES.get(platform.machine())
    if machine is None or sys.maxsize < 2**32 or sys.byteorder != "little":
        raise OSError(errno.ENOSYS, "no list of system calls for this machine")
    code = b"".join(_INSTRUCTION.pack(*instruction) for instruction in _code(machine, daemon))
    program = _Program(len(code) // _INSTRUCTION.size, code)
    prctl(PR_SET_SECCOMP, _MODE_FILTER, ctypes.addressof(program))


def _code(machine: Machine, daemon: int) -> Iterator[tuple[int, int, int, int]]:
    """Instructions as (operation, jump if true, jump if false, value); the last answer is yes."""
    yield _LOAD, 0, 0, _AUDIT
    yield _IF_EQUAL, 1, 0, machine.audit
    yield _RETURN, 0, 0, _KILL  # numbers of another machine, by which this list could be gone round
    yield _LOAD, 0, 0, _NUMBER
    yield _IF_GREATER, 0, 1, NEWEST
    yield _RETURN, 0, 0, _ERROR | errno.ENOSYS
    for name, number in machine.denied.items():
        yield _IF_EQUAL, 0, 1, number
        yield _RETURN, 0, 0, _ERROR | (errno.ENOSYS if name in NOT_THERE else errno.EPERM)
    for condition in conditions(daemon):
        yield from _in_part(condition, machine.numbers[condition.call])
    yield _RETURN, 0, 0, _ALLOW


def _in_part(condition: Condition, number: int) -> Iterator[tuple[int, int, int, int]]:
    operation, if_true, if_false = _JUMPS[condition.test]
    yield _LOAD, 0, 0, _NUMBER
    yield _IF_EQUAL, 0, 3, number
    yield _LOAD, 0, 0, _ARGUMENTS + 8 * condition.argument
    yield operation, if_true, if_false, condition.value
    yield _RETURN, 0, 0, _ERROR | errno.EPERM
