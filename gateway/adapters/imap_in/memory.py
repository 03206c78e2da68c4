"""What is known of a folder's mails from one visit to the next."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from gateway.adapters.imap_in.connection import Announced


@dataclass(slots=True)
class Memory:
    """What stays true of a folder's mails from visit to visit, under one UIDVALIDITY."""

    uidvalidity: int
    announced: dict[int, Announced] = field(default_factory=dict)
    told: set[tuple[int, str]] = field(default_factory=set)
    admitted: set[int] = field(default_factory=set)
    """Mails that were counted as taken: one whose fetch failed then is not counted again."""
    tried: dict[int, int] = field(default_factory=dict)
    """How often we began to read a mail without coming to its end: such mails come last and alone."""
    again_at: dict[int, float] = field(default_factory=dict)
    """When a mail that was given up may be tried again, in the seconds of the event loop."""
    doubtful: set[int] = field(default_factory=set)
    """Mails whose last attempt failed when nothing else could be read: it may not have been their fault."""
    copied: set[int] = field(default_factory=set)
    """Mails with a copy in the folder for finished ones, which are to be deleted here."""
    finishing_fails: bool = False
    """Whether the last visit could not finish what was entered."""

    def forget_all_but(self, uids: Sequence[int]) -> None:
        """Mails that are finished or gone need no place."""
        present = set(uids)
        self.announced = {uid: mail for uid, mail in self.announced.items() if uid in present}
        self.tried = {uid: times for uid, times in self.tried.items() if uid in present}
        self.again_at = {uid: moment for uid, moment in self.again_at.items() if uid in present}
        self.told = {(uid, reason) for uid, reason in self.told if uid in present}
        self.admitted &= present
        self.doubtful &= present
        self.copied &= present

    def was_read(self, uid: int) -> None:
        """What was asked of a mail came: earlier attempts do not count any more."""
        self.tried.pop(uid, None)
        self.again_at.pop(uid, None)
        self.doubtful.discard(uid)
