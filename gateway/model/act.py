"""What people do to a document in the register, and the order by which they ask for it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum


class Act(StrEnum):
    """The acts, the same by reply, page, command line and timer. Each stands in gateway/policy/acts with who may do it.

    STATUS and HELP only ask. CONFIRM says that doubtful fields of the register are right; in answer to an order that
    was put back to be confirmed it repeats that one.
    """

    PRESENT = "present"
    ASSIGN = "assign"
    TRANSFER = "transfer"
    ACCEPT = "accept"
    DELEGATE = "delegate"
    PROGRESS = "progress"
    FINISH = "finish"
    RETURN = "return"
    CORRECT = "correct"
    EXTEND = "extend"
    RECALL = "recall"
    VOID = "void"
    SUBMIT = "submit"
    FORWARD = "forward"
    APPROVE = "approve"
    DECLINE = "decline"
    ACKNOWLEDGE = "acknowledge"
    CONFIRM = "confirm"
    STATUS = "status"
    HELP = "help"

    @property
    def only_asks(self) -> bool:
        """True where nothing changes."""
        return self in _ASKS


_ASKS = frozenset({Act.STATUS, Act.HELP})


@dataclass(frozen=True, slots=True)
class Deadline:
    """A moment by which something is due: `at` as understood, in working time, `written` as the person wrote it."""

    at: datetime
    written: str


@dataclass(frozen=True, slots=True)
class Share:
    """A unit's part as written: its name, code or short name, and the deadline it has of its own."""

    unit: str
    deadline: Deadline | None = None


@dataclass(frozen=True, slots=True)
class Correction:
    """New values of register fields by the names in FIELD_WORDS (gateway/model/wording.py); None empties a field.

    `issued_on` and `reply_by` are dates, `urgency` a value of Urgency, `copies` figures. `reason` is why, `same_as` the
    label of the document that may bear the same number besides this one.
    """

    values: Mapping[str, str | date | None]
    reason: str = ""
    same_as: str = ""


@dataclass(frozen=True, slots=True)
class Order:
    """One order, read from a reply or given on the page or the command line.

    `written` are the lines it was read from, for the transcript. `lead` and `supporting` belong to ASSIGN, and to a
    TRANSFER that names its receivers; an ASSIGN without `lead` only adds units, a deadline or an opinion. `deadline`
    belongs to ASSIGN, TRANSFER, DELEGATE and EXTEND, `person` to PRESENT and DELEGATE (both as written), `correction`
    to CORRECT. `text` is the opinion, reason or note. `answer` names the answering document of FINISH by number and
    notation (`123/SGTVT-VP`). `again` is true of a FORWARD that is meant to repeat one. `fields` are those that CONFIRM
    is about, all that are asked where there are none.
    """

    act: Act
    written: tuple[str, ...] = ()
    lead: Share | None = None
    supporting: tuple[Share, ...] = ()
    deadline: Deadline | None = None
    person: str | None = None
    text: str = ""
    answer: str | None = None
    correction: Correction = field(default_factory=lambda: Correction({}))
    again: bool = False
    fields: tuple[str, ...] = ()
