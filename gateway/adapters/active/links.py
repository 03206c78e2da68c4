"""Where a link leads: into the file, to this machine, out to another, or to a program."""

from __future__ import annotations

import re
from enum import StrEnum
from urllib.parse import unquote

_PROGRAM = re.compile(
    r"(?:ms-msdt|ms-officecmd|ms-appinstaller|ms-cxh|search-ms|search|shell|javascript|vbscript|mk|ms-its|its|res|jar"
    r"|script|hcp|wscript|cmd|powershell|x-apple\S*):",
    re.IGNORECASE,
)
_FROM_WEB = re.compile(
    r"(?:https?|ftps?|mhtml|webdavs?|davs?|smb|ldaps?|tftp|gopher|nfs|feed|view-source):", re.IGNORECASE
)
_FILE = re.compile(r"file:/*", re.IGNORECASE)
_DRIVE = re.compile(r"/*\\*[a-z][:|]", re.IGNORECASE)
_THIS_MACHINE = frozenset({"", "localhost", "127.0.0.1", "."})


class Reach(StrEnum):
    """How far a link goes. REMOTE leaves the machine (web, share), PROGRAM starts something when followed."""

    LOCAL = "local"
    REMOTE = "remote"
    PROGRAM = "program"


def reach_of(target: str) -> Reach:
    """How far `target` goes, however it is written: escaped, with mixed slashes, `mhtml:` before an address."""
    plain = unquote("".join(char for char in target if char > " ")).strip("'\"!")
    if _PROGRAM.match(plain):
        return Reach.PROGRAM
    if _FROM_WEB.match(plain):
        return Reach.REMOTE
    slashed = plain.replace("\\", "/")
    if _FILE.match(slashed):
        return _of_file(slashed[len("file:") :])
    return _of_file(slashed) if slashed.startswith("//") else Reach.LOCAL


def _of_file(path: str) -> Reach:
    """A path after `file:`: three slashes or a drive are this machine, five or a host are another's share."""
    slashes = len(path) - len(path.lstrip("/"))
    rest = path[slashes:]
    if _DRIVE.match(rest) or rest.startswith(("?/", "./")):
        return Reach.REMOTE if rest.lower().startswith("?/unc") else Reach.LOCAL
    host = rest.partition("/")[0].lower()
    if slashes in (0, 1, 3) or host in _THIS_MACHINE:
        return Reach.LOCAL
    return Reach.REMOTE
