"""What clamd's answers mean."""

from __future__ import annotations

import re
import time
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime

from gateway.adapters.clamd.connection import NoAnswer, NotReady
from gateway.model.facts import Scan, ScanVerdict

ANSWER = re.compile(r"stream: (?:(?P<clean>OK)|(?P<name>\S.*) FOUND)")
NOT_A_VIRUS = re.compile(r"(?:Heuristics\.)?(?P<what>Encrypted|Limits\.Exceeded)\b", re.IGNORECASE)
NAMELESS = "(null)"
"""What clamd finds where it found something and lost its name: no verdict."""
TOO_LARGE = "size limit exceeded"
MACHINE_TROUBLE = re.compile(r"database|CVD|temporary (?:file|directory)", re.IGNORECASE)
"""Errors of clamd that say something about its machine and nothing about the content: signatures, full disk."""


@dataclass(frozen=True, slots=True)
class ScannerVersion:
    """What VERSION tells. The signatures' number and time are None where clamd has no official database.

    clamd prints that time in its machine's zone without naming it; it is read as this machine's.
    """

    engine: str
    signature_version: int | None
    signature_time: datetime | None


def judge(answer: str, by: ScannerVersion) -> Scan:
    """The verdict in clamd's answer to a stream; raises NotReady, and NoAnswer where it holds no verdict."""
    found = ANSWER.fullmatch(answer)
    if found is None or found["name"] == NAMELESS:
        if TOO_LARGE in answer:
            return not_scanned(by, "tệp vượt giới hạn StreamMaxLength của máy quét", transient=False)
        if not answer.endswith("ERROR"):
            raise NoAnswer("máy quét trả lời không hiểu được")
        if MACHINE_TROUBLE.search(answer):
            raise NotReady("máy quét báo lỗi mẫu mã độc hoặc đĩa của máy quét")
        raise NoAnswer("máy quét báo lỗi")
    if found["clean"]:
        return Scan(ScanVerdict.CLEAN, by.engine, signatures=by.signature_version)
    name = found["name"]
    if limit := NOT_A_VIRUS.match(name):
        why = "nội dung được mã hóa" if limit["what"].lower() == "encrypted" else "nội dung vượt giới hạn của máy quét"
        return not_scanned(by, f"{why} ({name})", transient=False)
    return Scan(ScanVerdict.INFECTED, by.engine, name, signatures=by.signature_version)


def read_version(answer: str) -> ScannerVersion:
    """`ClamAV 1.4.3/27800/Thu Oct 23 09:42:11 2025`, or the first part alone; raises NoAnswer."""
    product, *database = answer.split("/")
    if not product.startswith("ClamAV ") or not answer.isprintable():
        raise NoAnswer("máy quét trả lời không hiểu được")
    number, moment = None, None
    with suppress(ValueError, OverflowError):
        number = int(database[0]) if database else None
        local = time.strptime(database[1], "%a %b %d %H:%M:%S %Y") if len(database) > 1 else None
        moment = datetime.fromtimestamp(time.mktime(local), UTC) if local else None
    return ScannerVersion(answer, number, moment)


def not_scanned(by: ScannerVersion, reason: str, *, transient: bool) -> Scan:
    """The third verdict, with its reason in Vietnamese."""
    return Scan(ScanVerdict.NOT_SCANNED, by.engine, reason, transient, by.signature_version)
