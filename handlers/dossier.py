"""What is known of a mail while it is in hand, so that a stage need not read what the one before has just written."""

from __future__ import annotations

from collections.abc import Mapping

from gateway.model.authentication import Authentication
from gateway.model.directory import Party, address_key
from gateway.model.facts import FileFacts, Scan
from gateway.model.mail import Mail
from gateway.model.notice import Notice
from gateway.model.part import ParsedMail
from gateway.model.verdict import Verdict
from gateway.ports import Store

_MOST_AUTHORS = 20


class Dossier:
    """Reads from the store what an earlier process left, once. Set only to what has been committed."""

    def __init__(self, mail: Mail, store: Store) -> None:
        self.mail = mail
        self._store = store
        self._parsed: ParsedMail | None = None
        self._facts: Mapping[str, FileFacts] | None = None
        self.just_inspected = False
        """Whether the facts are of this mail's own inspection, not of whoever sent the same files last."""
        self._scans: Mapping[str, Scan] | None = None
        self._verdict: Verdict | None = None
        self._authentication: Authentication | None = None
        self._party: Party | None = None
        self._looked_for_party = False
        self._thread: tuple[Notice, ...] | None = None

    async def parsed(self) -> ParsedMail:
        """What parse found; raises LookupError before."""
        if self._parsed is None:
            self._parsed = await self._store.parsed(self.mail.id)
        if self._parsed is None:
            raise LookupError(f"{self.mail.label} has no parts on record")
        return self._parsed

    async def if_parsed(self) -> ParsedMail | None:
        """What parse found, None where it never came to an end."""
        try:
            return await self.parsed()
        except LookupError:
            return None

    async def if_judged(self) -> Verdict | None:
        """The verdict, None where there never was one."""
        try:
            return await self.verdict()
        except LookupError:
            return None

    async def contents(self) -> list[str]:
        """The SHA-256 of every part that has content."""
        return sorted({part.sha256 for part in (await self.parsed()).parts if part.sha256})

    async def facts(self) -> Mapping[str, FileFacts]:
        """The facts of the files, without their text."""
        if self._facts is None:
            self._facts = await self._store.facts(await self.contents())
        return self._facts

    async def scans(self) -> Mapping[str, Scan]:
        """The scans of the raw mail and of every content."""
        if self._scans is None:
            self._scans = await self._store.scans([self.mail.raw.sha256, *await self.contents()])
        return self._scans

    async def authentication(self) -> Authentication:
        """What was found out about the sender; raises LookupError before."""
        if self._authentication is None:
            self._authentication = await self._store.authentication(self.mail.id)
        if self._authentication is None:
            raise LookupError(f"{self.mail.label} has no sender on record")
        return self._authentication

    async def if_authenticated(self) -> Authentication | None:
        """What was found out about the sender, None where it never came to that."""
        try:
            return await self.authentication()
        except LookupError:
            return None

    async def party(self) -> Party | None:
        """Whom From names, by the directory; the first known one where it names several, as forgers do."""
        if not self._looked_for_party:
            for author in (await self.parsed()).claims.authors[:_MOST_AUTHORS]:
                self._party = await self._store.party_of(address_key(author))
                if self._party is not None:
                    break
            self._looked_for_party = True
        return self._party

    async def thread(self) -> tuple[Notice, ...]:
        """The notices of ours that the mail answers, by the Message-IDs that it names."""
        if self._thread is None:
            self._thread = tuple(await self._store.notices_with((await self.parsed()).in_reply_to))
        return self._thread

    async def verdict(self) -> Verdict:
        """The verdict; raises LookupError before."""
        if self._verdict is None:
            self._verdict = await self._store.verdict(self.mail.id)
        if self._verdict is None:
            raise LookupError(f"{self.mail.label} has no verdict on record")
        return self._verdict

    def forget(self) -> None:
        """The content was destroyed: what was read of it is known no more."""
        self._parsed = self._facts = self._scans = self._verdict = None
        self._authentication = self._party = self._thread = None
        self._looked_for_party = self.just_inspected = False

    def keep_parsed(self, parsed: ParsedMail) -> None:
        """Parse has committed this."""
        self._parsed = parsed

    def keep_inspected(
        self, facts: Mapping[str, FileFacts], scans: Mapping[str, Scan], authentication: Authentication
    ) -> None:
        """Inspect has committed these."""
        self._facts, self._scans, self._authentication = facts, scans, authentication
        self.just_inspected = True

    def keep_verdict(self, verdict: Verdict) -> None:
        """Judge has committed this."""
        self._verdict = verdict
