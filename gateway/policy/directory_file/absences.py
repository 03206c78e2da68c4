"""Who is away when, in a directory file, and who acts for him."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date

from gateway.model.directory import Absence, PartyKind
from gateway.model.wording import PARTY_WORDS
from gateway.policy.directory_file.problems import Problems

_KEYS = {
    "person": 'mã người vắng mặt, như person = "ltkcuc-sogtvt"',
    "since": "ngày đầu vắng mặt, như since = 2026-11-24",
    "until": "ngày cuối còn vắng mặt, như until = 2026-11-28",
    "deputy": 'mã người thay, như deputy = "nvhung-sogtvt"',
}


def read_absences(
    entries: Iterable[tuple[str, Mapping[str, object]]], kinds: Mapping[str, PartyKind], problems: Problems
) -> list[Absence]:
    """The absences at their places. `kinds` is what each code of the file stands for."""
    reading = _Reading(kinds, problems)
    for place, row in entries:
        reading.read(place, row)
    return [absence for _, absence in reading.found]


class _Reading:
    def __init__(self, kinds: Mapping[str, PartyKind], problems: Problems) -> None:
        self.found: list[tuple[str, Absence]] = []
        self._kinds = kinds
        self._problems = problems

    def read(self, place: str, row: Mapping[str, object]) -> None:
        whose = row.get("person")
        place = f"{place} ({whose})" if isinstance(whose, str) and whose in self._kinds else place
        row = self._problems.known_keys(place, row, _KEYS)
        person, deputy = (self._person(f"{place}.{key}", row.get(key)) for key in ("person", "deputy"))
        since, until = (self._day(f"{place}.{key}", row.get(key)) for key in ("since", "until"))
        if person and person == deputy:
            self._problems.say(f"{place}.deputy", deputy, "là chính người vắng mặt; hãy ghi mã của người khác")
        if since and until and until < since:
            self._problems.say(f"{place}.until", until, f"trước ngày since {since}; hãy sửa một trong hai ngày")
        elif person and deputy and since and until:
            self._enter(place, Absence(person, since, until, deputy))

    def _person(self, place: str, value: object) -> str:
        if value is None:
            return ""
        kind = self._kinds.get(value) if isinstance(value, str) else None
        if kind is PartyKind.PERSON:
            return str(value)
        if kind is None:
            self._problems.say(place, value, "không có [[person]] nào mang mã này; hãy thêm người ấy hoặc sửa mã")
        else:
            self._problems.say(place, value, f"là mã của {PARTY_WORDS[kind]}; hãy ghi mã của một [[person]]")
        return ""

    def _day(self, place: str, value: object) -> date | None:
        if value is None or type(value) is date:
            return value
        self._problems.say(place, value, "phải là ngày ghi năm-tháng-ngày, không giờ, không ngoặc kép, như 2026-11-24")
        return None

    def _enter(self, place: str, absence: Absence) -> None:
        for other_place, other in self.found:
            if other.person == absence.person and other.since <= absence.until and absence.since <= other.until:
                what = f"trùng những ngày đã ghi ở {other_place}; hãy gộp lại, hoặc sửa cho nối tiếp nhau"
                self._problems.say(f"{place}.since", absence.since, what)
                return
        self.found.append((place, absence))
