"""Orders in the making: what the lines of a reply say, before it is known whether it fits together."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

from gateway.model.act import Act, Correction, Deadline, Order, Share
from gateway.policy.header.text import fold
from gateway.policy.orders.keywords import KeywordRow, Slot


@dataclass(frozen=True, slots=True)
class Fault:
    """A line that is no order though it seems meant as one: the line as written, and in Vietnamese how to write it."""

    line: str
    text: str


@dataclass(frozen=True, slots=True)
class Said:
    """What one command line with those that continue it says; with a `fault` it says nothing but that it was meant.

    `place` is where it stands among all that is said. `left_open` is true of a fault that is none beside other lines of
    the order: a line of a ready-made reply that was not filled in.
    """

    place: int
    row: KeywordRow
    written: tuple[str, ...]
    fault: str = ""
    left_open: bool = False
    shares: tuple[Share, ...] = ()
    deadline: Deadline | None = None
    person: str | None = None
    text: str = ""
    answer: str | None = None
    correction: Correction | None = None
    fields: tuple[str, ...] = ()


@dataclass(slots=True)
class Draft:
    """One order with everything said for it, in the order of the lines."""

    act: Act
    again: bool = False
    said: list[Said] = field(default_factory=list)
    faults: dict[int, str] = field(default_factory=dict)

    @property
    def place(self) -> int:
        """Where its first line stands."""
        return min(said.place for said in self.said)

    def blame(self, said: list[Said], text: str) -> None:
        """These lines cannot be followed."""
        for one in said:
            self.faults.setdefault(one.place, text)

    def order(self) -> Order:
        """The order, once nothing is to blame."""
        lead = next((said.shares[0] for said in self._of(Slot.LEAD)), None)
        supporting = _once([share for said in self._of(Slot.SUPPORTING) for share in said.shares])
        if self.act is Act.TRANSFER:
            units = [share for said in self.said for share in said.shares]
            lead, supporting = (units[0], tuple(units[1:])) if units else (None, ())
        corrections = [said.correction for said in self.said if said.correction]
        return Order(
            self.act,
            written=tuple(line for said in self.said for line in said.written),
            lead=lead,
            supporting=supporting,
            deadline=next((said.deadline for said in self.said if said.deadline), None),
            person=next((said.person for said in self.said if said.person), None),
            text="\n".join(said.text for said in self.said if said.text),
            answer=next((said.answer for said in self.said if said.answer), None),
            correction=Correction(
                {key: value for one in corrections for key, value in one.values.items()},
                next((one.reason for one in corrections if one.reason), ""),
                next((one.same_as for one in corrections if one.same_as), ""),
            ),
            again=self.again,
            fields=next((said.fields for said in self.said if said.fields), ()),
        )

    def check(self) -> None:
        """Blame the lines that contradict each other, and those that lack what they need."""
        filled = any(not said.left_open for said in self.said)
        for said in self.said:
            if said.fault and not (said.left_open and filled):
                self.blame([said], said.fault)
        self._one("Thư có hai thời hạn khác nhau; hãy ghi một.", lambda said: said.deadline and said.deadline.at)
        self._one(
            "Thư có hai đơn vị chủ trì; hãy ghi một.",
            lambda said: fold(said.shares[0].unit) if said.row.slot is Slot.LEAD and said.shares else None,
        )
        self._one("Thư ghi hai văn bản trả lời; hãy ghi một.", lambda said: said.answer)
        self._one_value_for_each_field()
        self._one_deadline_for_each_unit()
        for said in self.said:
            if said.row.slot is Slot.ORDER and said.row.takes.required and not said.fault and self._lacks_reason(said):
                self.blame([said], f"Lệnh “{said.row.keyword}” phải nêu lý do; hãy viết như “{said.row.example}”.")

    def _of(self, slot: Slot) -> list[Said]:
        return [said for said in self.said if said.row.slot is slot]

    def _lacks_reason(self, said: Said) -> bool:
        return said.row.takes.prose and not any(one.text for one in self.said if one.row.slot is not Slot.OPINION)

    def _one(self, text: str, value: Callable[[Said], object]) -> None:
        given = [said for said in self.said if value(said)]
        if len({value(said) for said in given}) > 1:
            self.blame(given, text)

    def _one_value_for_each_field(self) -> None:
        corrections = [said for said in self.said if said.correction]
        for said in corrections:
            values = said.correction.values if said.correction else {}
            clash = [
                one
                for one in corrections
                if one.correction and any(one.correction.values.get(name, new) != new for name, new in values.items())
            ]
            self.blame(clash, "Thư sửa một trường thành hai giá trị khác nhau; hãy ghi một.")

    def _one_deadline_for_each_unit(self) -> None:
        supporting = [said for said in self._of(Slot.SUPPORTING) if said.shares]
        seen: dict[str, datetime | None] = {}
        for share in (share for said in supporting for share in said.shares):
            name, at = fold(share.unit), share.deadline.at if share.deadline else None
            if seen.setdefault(name, at) != at:
                self.blame(supporting, f"Đơn vị “{share.unit}” được ghi hai lần với thời hạn khác nhau; hãy ghi một.")


def _once(shares: list[Share]) -> tuple[Share, ...]:
    return tuple({fold(share.unit): share for share in shares}.values())
