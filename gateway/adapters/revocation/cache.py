"""The folder of what authorities have said: shared by processes, each file whole or not there."""

from __future__ import annotations

import json
import secrets
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from gateway.durable import sync_folder, write_synced

_UNFINISHED = ".moi"


@dataclass(frozen=True, slots=True)
class Note:
    """What is remembered of the last question: when it was asked, when to ask again, and what went wrong."""

    url: str
    asked_at: datetime
    again_at: datetime
    problem: str = ""

    def holds(self, now: datetime) -> bool:
        """Whether there is nothing to ask yet; a question of the future was asked by a clock since set back."""
        return self.asked_at <= now < self.again_at


class Cache:
    """Files by the name of what is wanted, each with a note beside it. All methods block; they raise OSError."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def note(self, name: str) -> Note | None:
        """The note, None where there is none that can be read, or what it speaks of is gone."""
        with suppress(OSError, ValueError, TypeError, KeyError):
            told = json.loads(self._note_of(name).read_text(encoding="utf-8"))
            asked_at, again_at = (datetime.fromisoformat(told[key]) for key in ("asked_at", "again_at"))
            note = Note(str(told["url"]), asked_at, again_at, str(told["problem"]))
            if asked_at.tzinfo and again_at.tzinfo and (note.problem or (self.folder / name).exists()):
                return note
        return None

    def take(self, name: str, content: bytes) -> Path:
        """Write what came under a name that nobody reads; it counts once it is kept."""
        self.folder.mkdir(parents=True, exist_ok=True)
        return self._unfinished(name, content)

    def keep(self, unfinished: Path, name: str, note: Note) -> None:
        """Let it count, with its note."""
        unfinished.replace(self.folder / name)
        self.remember(name, note)

    def remember(self, name: str, note: Note) -> None:
        """Put the note beside the file, or where the file would be."""
        self.folder.mkdir(parents=True, exist_ok=True)
        told = {
            "url": note.url,
            "asked_at": note.asked_at.isoformat(),
            "again_at": note.again_at.isoformat(),
            "problem": note.problem,
        }
        self._unfinished(name, json.dumps(told, ensure_ascii=False).encode()).replace(self._note_of(name))
        sync_folder(self.folder)

    def _note_of(self, name: str) -> Path:
        return self.folder / f"{name}.json"

    def _unfinished(self, name: str, content: bytes) -> Path:
        path = self.folder / f".{name}.{secrets.token_hex(8)}{_UNFINISHED}"
        write_synced(path, content)
        return path
