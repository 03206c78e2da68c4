"""What remains of a mail whose content was destroyed: the fact of its seal, and what is still to be removed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from gateway.model.facts import Secrecy
from gateway.model.mail import StoredBlob


@dataclass(frozen=True, slots=True)
class Sealing:
    """One encryption: the SHA-256 of what was encrypted, and of whose certificate (fingerprint, name of the holder).

    `key_at_hand` is true where the private key still lies on this machine, so that whoever has the machine can open it.
    """

    content_sha256: str
    certificate: str
    holder: str
    key_at_hand: bool


@dataclass(frozen=True, slots=True)
class Seal:
    """A sealed mail beside its own row. `author` is who sent it, empty where nobody knows; `proved` whether he could
    prove it.

    `level` is the highest mark that was seen. `sealed` is the encrypted mail (CMS, RFC 5652). `opened_at` and
    `opened_by` are there where a person found that it is no secret.
    """

    mail_id: int
    sealed_at: datetime
    level: Secrecy | None
    author: str
    proved: bool
    sealed: StoredBlob
    certificate: str
    holder: str
    opened_at: datetime | None = None
    opened_by: str = ""


class DestructionCause(StrEnum):
    """Why a mail's content was destroyed: it is sealed and an encrypted copy remains, or purged and nothing does.

    Of a RECALLED one a document went back to its sender; other documents that it brought keep their files.
    """

    SEALED = "sealed"
    PURGED = "purged"
    RECALLED = "recalled"


class Trace(StrEnum):
    """Where a trace of destroyed content lies: a blob by SHA-256, the files of a table, a mailbox by transport id."""

    BLOB = "blob"
    TABLE = "table"
    MAILBOX = "mailbox"


@dataclass(frozen=True, slots=True)
class Remainder:
    """One trace that is still to be removed. `sha256` and `size` are those of the raw mail."""

    id: int
    mail_id: int
    trace: Trace
    name: str
    sha256: str
    size: int
    since: datetime
    attempts: int
    last_error: str | None = None
