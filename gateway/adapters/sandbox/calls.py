"""The system calls that a worker is denied, by their numbers on each machine we know.

Not a list of what is allowed: the parsers are large foreign libraries whose every release may need another harmless
call. Denied is what reaches the network, other processes, other users, the machine's settings, or memory that no limit
counts; calls younger than this list are unknown to a worker (see `NEWEST`).
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

NEWEST = 450
"""The last call that all machines had when this list was made (Linux 5.17, `set_mempolicy_home_node`)."""

_X86_64 = """
    socket 41, connect 42, accept 43, sendmsg 46, bind 49, listen 50, accept4 288, recvmmsg 299, sendmmsg 307,
    ptrace 101, process_vm_readv 310, process_vm_writev 311, kcmp 312,
    rt_sigqueueinfo 129, tkill 200, rt_tgsigqueueinfo 297,
    sched_setparam 142, sched_setscheduler 144, setpriority 141, ioprio_set 251, migrate_pages 256, move_pages 279,
    sched_setattr 314, fork 57, setpgid 109, setsid 112,
    pivot_root 155, chroot 161, mount 165, umount2 166, swapon 167, swapoff 168, quotactl 179, unshare 272,
    fanotify_init 300, fanotify_mark 301, name_to_handle_at 303, open_by_handle_at 304, setns 308,
    add_key 248, request_key 249, keyctl 250, perf_event_open 298, bpf 321, userfaultfd 323,
    syslog 103, personality 135, vhangup 153, modify_ldt 154, adjtimex 159, acct 163, settimeofday 164, reboot 169,
    sethostname 170, setdomainname 171, iopl 172, ioperm 173, init_module 175, delete_module 176, clock_settime 227,
    kexec_load 246, clock_adjtime 305, finit_module 313, kexec_file_load 320,
    setuid 105, setgid 106, setreuid 113, setregid 114, setgroups 116, setresuid 117, setresgid 119, setfsuid 122,
    setfsgid 123, capset 126,
    chmod 90, fchmod 91, chown 92, fchown 93, lchown 94, utime 132, mknod 133, setxattr 188, lsetxattr 189,
    fsetxattr 190, removexattr 197, lremovexattr 198, fremovexattr 199, utimes 235, mknodat 259, fchownat 260,
    futimesat 261, fchmodat 268, utimensat 280,
    shmget 29, shmat 30, semget 64, msgget 68, mq_open 240, memfd_create 319,
    socketpair 53, clone 56, kill 62, prctl 157, sched_setaffinity 203, tgkill 234, prlimit64 302
"""

_AARCH64 = """
    socket 198, bind 200, listen 201, accept 202, connect 203, sendmsg 211, accept4 242, recvmmsg 243, sendmmsg 269,
    ptrace 117, process_vm_readv 270, process_vm_writev 271, kcmp 272,
    tkill 130, rt_sigqueueinfo 138, rt_tgsigqueueinfo 240,
    ioprio_set 30, sched_setparam 118, sched_setscheduler 119, setpriority 140, migrate_pages 238, move_pages 239,
    sched_setattr 274, setpgid 154, setsid 157,
    umount2 39, mount 40, pivot_root 41, chroot 51, quotactl 60, unshare 97, swapon 224, swapoff 225,
    fanotify_init 262, fanotify_mark 263, name_to_handle_at 264, open_by_handle_at 265, setns 268,
    add_key 217, request_key 218, keyctl 219, perf_event_open 241, bpf 280, userfaultfd 282,
    vhangup 58, acct 89, personality 92, kexec_load 104, init_module 105, delete_module 106, clock_settime 112,
    syslog 116, reboot 142, sethostname 161, setdomainname 162, settimeofday 170, adjtimex 171, clock_adjtime 266,
    finit_module 273, kexec_file_load 294,
    capset 91, setregid 143, setgid 144, setreuid 145, setuid 146, setresuid 147, setresgid 149, setfsuid 151,
    setfsgid 152, setgroups 159,
    setxattr 5, lsetxattr 6, fsetxattr 7, removexattr 14, lremovexattr 15, fremovexattr 16, mknodat 33, fchmod 52,
    fchmodat 53, fchownat 54, fchown 55, utimensat 88,
    mq_open 180, msgget 186, semget 190, shmget 194, shmat 196, memfd_create 279,
    kill 129, tgkill 131, sched_setaffinity 122, prctl 167, socketpair 199, clone 220, prlimit64 261
"""

_BOTH = """
    pidfd_send_signal 424, io_uring_setup 425, io_uring_enter 426, io_uring_register 427, open_tree 428, move_mount 429,
    fsopen 430, fsconfig 431, fsmount 432, fspick 433, pidfd_open 434, clone3 435, pidfd_getfd 438,
    process_madvise 440, mount_setattr 442, quotactl_fd 443, memfd_secret 447, process_mrelease 448
"""

NOT_THERE = frozenset({"clone3", "io_uring_setup", "io_uring_enter", "io_uring_register", "memfd_create"})
"""Denied as if the kernel had none, so that libraries take an older way: clone for threads, whose flags can be seen."""

_IN_PART = frozenset({"socketpair", "clone", "kill", "tgkill", "prctl", "prlimit64", "sched_setaffinity"})


class Test(Enum):
    """How an argument of a call shows that the call is to be denied."""

    IS = "is"
    IS_NOT = "is not"
    HAS_ANY_OF = "has any of these bits"
    HAS_NONE_OF = "has none of these bits"


@dataclass(frozen=True, slots=True)
class Condition:
    """The call is denied where the lower half of its `argument`, counted from 0, passes the test."""

    call: str
    argument: int
    test: Test
    value: int


@dataclass(frozen=True, slots=True)
class Machine:
    """A machine's mark in the kernel's audit, and its numbers of the calls denied altogether or in part."""

    audit: int
    numbers: dict[str, int]

    @property
    def denied(self) -> dict[str, int]:
        """Those denied whatever their arguments are."""
        return {name: number for name, number in self.numbers.items() if name not in _IN_PART}


def _numbers(table: str) -> dict[str, int]:
    pairs = (entry.split() for entry in f"{table.rstrip()}, {_BOTH}".split(","))
    return {name: int(number) for name, number in pairs}


MACHINES = {
    "x86_64": Machine(0xC000003E, _numbers(_X86_64)),
    "aarch64": Machine(0xC00000B7, _numbers(_AARCH64)),
}

_AF_UNIX = 1
_NOT_A_STREAM = 0b1110
_NEW_NAMESPACE = 0x7E02_0000
_THREAD_OR_VFORK = 0x0001_4000
_NEGATIVE = 0x8000_0000
_PR_SET_PDEATHSIG, _PR_SET_CHILD_SUBREAPER = 1, 36


def conditions(daemon: int) -> tuple[Condition, ...]:
    """What is denied in part to a worker of the process `daemon`.

    Left to it are: pairs of connected sockets within itself (asyncio needs one), threads, children that run another
    program at once (text recognition), signals to single processes other than the daemon, its own limits.
    """
    return (
        Condition("socketpair", 0, Test.IS_NOT, _AF_UNIX),
        Condition("socketpair", 1, Test.HAS_ANY_OF, _NOT_A_STREAM),
        Condition("clone", 0, Test.HAS_ANY_OF, _NEW_NAMESPACE),
        Condition("clone", 0, Test.HAS_NONE_OF, _THREAD_OR_VFORK),
        Condition("kill", 0, Test.HAS_ANY_OF, _NEGATIVE),
        Condition("kill", 0, Test.IS, daemon),
        Condition("tgkill", 0, Test.IS, daemon),
        Condition("prlimit64", 0, Test.IS_NOT, 0),
        Condition("sched_setaffinity", 0, Test.IS_NOT, 0),
        Condition("prctl", 0, Test.IS, _PR_SET_PDEATHSIG),
        Condition("prctl", 0, Test.IS, _PR_SET_CHILD_SUBREAPER),
    )
