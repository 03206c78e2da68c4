"""All that is known of one mail, gathered to be told."""

from __future__ import annotations

from dataclasses import dataclass

from gateway.cli.session import Records, looking_for
from gateway.model.asked import AskedField
from gateway.model.authentication import Authentication
from gateway.model.directory import Party
from gateway.model.facts import FileFacts, Scan
from gateway.model.part import ParsedMail
from gateway.model.verdict import Verdict
from gateway.policy.header.asking import asked_fields
from gateway.store.story import Story, Work


@dataclass(frozen=True, slots=True)
class Account:
    """A mail with everything that was found out about it; facts and scans by SHA-256.

    `sender` is whose address the author has by today's directory, `asked` the fields of each document, by its id, that
    wait for a person's word.
    """

    story: Story
    parsed: ParsedMail | None
    authentication: Authentication | None
    sender: Party | None
    verdict: Verdict | None
    facts: dict[str, FileFacts]
    scans: dict[str, Scan]
    works: tuple[Work, ...]
    asked: dict[int, tuple[AskedField, ...]]


async def account_of(mail_id: int, records: Records) -> Account:
    """Gather it; ends the program where there is no such mail."""
    with looking_for(f"M{mail_id}"):
        story = await records.queries.story(mail_id)
    store = records.store
    parsed, authentication = await store.parsed(mail_id), await store.authentication(mail_id)
    contents = [part.sha256 for part in parsed.parts if part.sha256] if parsed else []
    return Account(
        story=story,
        parsed=parsed,
        authentication=authentication,
        sender=await store.party_of(authentication.author) if authentication and authentication.author else None,
        verdict=await store.verdict(mail_id),
        facts=await store.facts(contents),
        scans=await store.scans([story.mail.raw.sha256, *contents]),
        works=tuple([await records.queries.work(document.id) for document in story.documents]),
        asked={document.id: asked_fields(document, await store.evidence(document.id)) for document in story.documents},
    )
