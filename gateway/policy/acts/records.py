"""What is asked of the table of acts, and what it answers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from gateway.model.act import Act
from gateway.model.docket import Docket
from gateway.model.document import Document
from gateway.model.notice import NoticeKind
from gateway.model.timer import Timer, TimerKind
from gateway.policy.calendar import Calendar
from gateway.policy.header.types import DocumentTypes
from gateway.policy.signing import Standing
from gateway.policy.staff import Actor, Staff

_VIETNAM = ZoneInfo("Asia/Ho_Chi_Minh")


@dataclass(frozen=True, slots=True)
class WorkRules:
    """The agency's own settings of the work. All lengths are working time.

    A document is transferred `handle_within` its receipt, people are reminded `remind_before` a moment is due, the
    province acknowledges a submission `acknowledge_within` its forwarding to `submissions_to`. `approval_required` is
    false where the Director is only told of submissions. `types` are those that a document may be of.
    """

    handle_within: timedelta
    remind_before: timedelta
    acknowledge_within: timedelta
    submissions_to: str
    approval_required: bool
    types: DocumentTypes


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What a decision looks at beside the document: who is who today, the calendar, the present (aware), the rules."""

    staff: Staff
    calendar: Calendar
    now: datetime
    rules: WorkRules

    @property
    def today(self) -> date:
        """The local day."""
        return self.now.astimezone(_VIETNAM).date()


@dataclass(frozen=True, slots=True)
class CorrectionFacts:
    """What a correction is judged by beside its document.

    `others` are the other documents that bear the number it gives, `standing` what signatures are compared with.
    """

    others: tuple[Document, ...] = ()
    standing: Standing | None = None


NO_FACTS = CorrectionFacts()


@dataclass(frozen=True, slots=True)
class Asker:
    """Who asks, as proved elsewhere.

    `actor` is there for our own people, `is_sender` true of the agency that brought the document, `is_receiver_of` the
    number of the forwarding that he received, `machine` true of the gateway's own rules, `operator` of who
    minds the machine and types a command for the records office.
    """

    address: str
    actor: Actor | None = None
    is_sender: bool = False
    is_receiver_of: int | None = None
    machine: bool = False
    operator: bool = False


@dataclass(frozen=True, slots=True)
class Told:
    """One notice to one address. `step` names its text, `subject` the question that an answer to it is bound to.

    `facts` are Vietnamese words for that text: `text` (what happened), `reason`, `deadline`, `status` (a national
    code), `for_whom` (the name of the absent person in whose place he is told).
    """

    kind: NoticeKind
    address: str
    step: str
    subject: str = ""
    facts: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ForwardOrder:
    """A submission is to be sent to the province, for the `number`-th time; `reason` says why it is sent again."""

    number: int
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Choice:
    """One way to mend a refused order: what a button says, and the reply that it writes."""

    label: str
    reply: str


@dataclass(frozen=True, slots=True)
class Decision:
    """An order that stands. `docket` is the document's work after it.

    `result` is the line of the transcript, `public` what the sender may read of it (empty where it is internal),
    `journal` plain facts for the event. `cancel` are kinds of timers with a subject, None standing for every subject.
    """

    act: Act
    docket: Docket
    result: str
    journal: Mapping[str, object] = field(default_factory=dict)
    public: str = ""
    told: tuple[Told, ...] = ()
    set_timers: tuple[Timer, ...] = ()
    cancel: tuple[tuple[tuple[TimerKind, ...], str | None], ...] = ()
    forward: ForwardOrder | None = None
    irreversible: bool = False


@dataclass(frozen=True, slots=True)
class Refusal:
    """An order that does not stand: `code` for programs, `text` for people: what was wrong and how to mend it."""

    code: str
    text: str
    clause: str = ""
    choices: tuple[Choice, ...] = ()


@dataclass(frozen=True, slots=True)
class TimerDecision:
    """What follows from a moment that has come: nothing where the matter is settled."""

    told: tuple[Told, ...] = ()
    set_timers: tuple[Timer, ...] = ()
