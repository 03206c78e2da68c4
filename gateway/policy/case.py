"""Everything the regulation is applied to: one mail with the facts of its parts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from gateway.model.authentication import Authentication
from gateway.model.directory import Party
from gateway.model.document import Entry, LinkKind
from gateway.model.exchange import ExchangeBusiness
from gateway.model.facts import FileFacts, Scan
from gateway.model.mail import StoredBlob
from gateway.model.part import ParsedMail, Part
from gateway.policy.content import ContentRules
from gateway.policy.sources.claim import Difference, Disagreement


@dataclass(frozen=True, slots=True)
class Examined:
    """A part that carries content of a document, with its facts and its scan."""

    part: Part
    facts: FileFacts
    scan: Scan

    @property
    def label(self) -> str:
        """What people call it."""
        return self.part.name or f"phần {self.part.path} không có tên"


@dataclass(frozen=True, slots=True)
class Candidate:
    """An entry that could be made, and the labels of what the register already has.

    `repeats` is the id of a document that has all its files already. `clash` says in Vietnamese in
    what it is the same and in what another as a document known before, None where there is none.
    `known` names that document, for the records office. `links` are the older documents it stands to in some way.
    `disagreements` are what other sources say otherwise than page 1; `business` is what the message of exchange that
    brought it does with it, None where none did.
    """

    entry: Entry
    repeats: int | None = None
    clash: str | None = None
    known: str = ""
    links: tuple[tuple[int, LinkKind], ...] = ()
    disagreements: tuple[Disagreement, ...] = ()
    business: ExchangeBusiness | None = None


@dataclass(frozen=True, slots=True)
class Case:
    """One mail before its verdict.

    `scans` holds the scan of every other part and of the raw mail, by the name to call it.
    `in_known_thread` is true where the mail answers one of our notices, `to_report_address` where it came to the
    reverse-path of one, `null_path` where its envelope has no sender; `waived` names the rules that a person has taken
    on himself to waive. `authentication` is None where there is no mail but only a file; `sender` is whom From names by
    the directory, `names_us` true where it names an address of our own or of the office, `accept_unknown` where proved
    senders need not be in the directory. `gives_orders` is true of a reply by which one of the staff, or who was given
    a token, may act on a document: what it brings is filed with that document, not registered.
    `returned` are the files that a report returns; they are read for marks of secrecy alone. `carriers` are
    the parts that hold signatures of others or of the whole mail. `agencies` are the names,
    by code, of the agencies that the configuration gives seals to. `differences` are between what the sender declares
    of documents, files and pages and what came.
    """

    parsed: ParsedMail
    raw: StoredBlob
    files: tuple[Examined, ...]
    scans: tuple[tuple[str, Scan], ...]
    candidates: tuple[Candidate, ...]
    content: ContentRules
    in_known_thread: bool = False
    waived: frozenset[str] = frozenset()
    to_report_address: bool = False
    null_path: bool = False
    authentication: Authentication | None = None
    sender: Party | None = None
    names_us: bool = False
    accept_unknown: bool = False
    gives_orders: bool = False
    returned: tuple[Examined, ...] = ()
    carriers: tuple[Examined, ...] = ()
    agencies: Mapping[str, str] = field(default_factory=dict)
    differences: tuple[Difference, ...] = ()
