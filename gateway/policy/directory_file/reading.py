"""One pass over the rows of a directory file: agencies, units and people, then what they say of each other."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Mapping
from operator import attrgetter

from gateway.model.directory import Directory, Party, PartyKind
from gateway.model.wording import PARTY_WORDS
from gateway.policy.directory_file.absences import read_absences
from gateway.policy.directory_file.mail_names import MailNames
from gateway.policy.directory_file.problems import Problems, instead, key_name
from gateway.policy.directory_file.roles import read_roles
from gateway.policy.directory_file.short_names import check_short_names, short_key

_CODE = re.compile(r"[a-z0-9][a-z0-9-]{0,39}")
_CODE_AND_NAME = {
    "code": 'mã ngắn, đặt một lần, như code = "ubnd"',
    "name": 'tên đầy đủ, như name = "Ủy ban nhân dân tỉnh"',
}
_KEYS: Mapping[PartyKind, Mapping[str, str]] = {
    PartyKind.AGENCY: _CODE_AND_NAME | {"addresses": "", "domains": "", "networks": ""},
    PartyKind.UNIT: _CODE_AND_NAME | {"short_name": "", "addresses": ""},
    PartyKind.PERSON: _CODE_AND_NAME
    | {"short_name": "", "unit": 'mã đơn vị của người này, như unit = "van-phong"', "roles": "", "addresses": ""},
}
_ABSENCE = "absence"
_SECTIONS = (*(kind.value for kind in PartyKind), _ABSENCE)


def from_rows(rows: Mapping[str, object], *, own_addresses: Collection[str] = ()) -> Directory:
    """The directory of a file: parties by code, absences by person and day, addresses as they are looked up.

    `own_addresses` are the gateway's own mailboxes, which are nobody's. Raises ValueError with every problem found, one
    Vietnamese line each that names entry and key.
    """
    reading = _Reading(frozenset(own_addresses))
    found = reading.read(rows)
    if reading.problems.lines:
        raise ValueError("\n".join(reading.problems.lines))
    return found


class _Reading:
    """What could be read, what is wrong, and where each code stands."""

    def __init__(self, own_addresses: frozenset[str]) -> None:
        self.problems = Problems()
        self._mail_names = MailNames(own_addresses, self.problems)
        self._parties: list[tuple[str, Party]] = []
        self._kinds: dict[str, PartyKind] = {}
        self._places: dict[str, str] = {}

    def read(self, rows: Mapping[str, object]) -> Directory:
        for name in rows:
            if name not in _SECTIONS:
                told = instead(name, [f"[[{each}]]" for each in _SECTIONS])
                self.problems.lines.append(f"{key_name(name)}: không có phần này; {told}")
        for kind in PartyKind:
            for place, row in self._entries(kind.value, rows):
                self._party(kind, place, row)
        for place, party in self._parties:
            if party.parent is not None:
                self._check_unit(f"{place}.unit", party.parent)
        check_short_names(self._parties, self.problems)
        absences = read_absences(self._entries(_ABSENCE, rows), self._kinds, self.problems)
        if not self._parties and not self.problems.lines:
            self.problems.lines.append("danh bạ không có mục [[agency]], [[unit]] hay [[person]] nào.")
        parties = sorted((party for _, party in self._parties), key=attrgetter("code"))
        return Directory(tuple(parties), tuple(sorted(absences, key=attrgetter("person", "since"))))

    def _entries(self, section: str, rows: Mapping[str, object]) -> list[tuple[str, Mapping[str, object]]]:
        entries = rows.get(section, [])
        if not isinstance(entries, list):
            self.problems.lines.append(f"{section}: phải ghi mỗi mục thành [[{section}]], hai dấu ngoặc vuông.")
            return []
        found = []
        for number, row in enumerate(entries, 1):
            if isinstance(row, Mapping):
                found.append((f"{section}[{number}]", row))
            else:
                self.problems.say(f"{section}[{number}]", row, f"phải ghi thành [[{section}]] với các khóa của nó")
        return found

    def _party(self, kind: PartyKind, place: str, row: Mapping[str, object]) -> None:
        code = self._code(kind, place, row.get("code"))
        place = f"{place} ({code})" if code else place
        row = self.problems.known_keys(place, row, _KEYS[kind])
        party = Party(
            code=code,
            kind=kind,
            addresses=self._mail_names.addresses(place, row),
            domains=self._mail_names.domains(place, row),
            networks=self._mail_names.networks(place, row),
            name=self._name(f"{place}.name", row["name"]) if "name" in row else "",
            short_name=self._short_name(f"{place}.short_name", row["short_name"]) if "short_name" in row else None,
            parent=self._unit(f"{place}.unit", row["unit"]) if "unit" in row else None,
            roles=read_roles(self.problems.listed(f"{place}.roles", row), self.problems),
        )
        self._parties.append((place, party))

    def _code(self, kind: PartyKind, place: str, value: object) -> str:
        if value is None:
            return ""
        if not isinstance(value, str) or not _CODE.fullmatch(value):
            what = "phải là mã gồm chữ thường không dấu, số, gạch nối, nhiều nhất 40 ký tự"
            self.problems.say(f"{place}.code", value, what)
            return ""
        if value in self._places:
            self.problems.say(f"{place}.code", value, f"đã dùng ở {self._places[value]}; hãy đặt mỗi mục một mã")
            return ""
        self._kinds[value], self._places[value] = kind, place
        return value

    def _name(self, place: str, value: object) -> str:
        name = unicodedata.normalize("NFC", " ".join(value.split())) if isinstance(value, str) else ""
        if not name or not name.isprintable():
            self.problems.say(place, value, "phải là tên, chữ in được, không để trống")
        return name

    def _short_name(self, place: str, value: object) -> str | None:
        """None where it is empty: such a key is as good as none."""
        if value == "":
            return None
        name = self._name(place, value)
        if name and not short_key(name):
            self.problems.say(place, value, "phải có chữ hoặc số, để ghi được trong thư")
        return name

    def _unit(self, place: str, value: object) -> str | None:
        if isinstance(value, str):
            return value
        self._check_unit(place, value)
        return None

    def _check_unit(self, place: str, value: object) -> None:
        kind = self._kinds.get(value) if isinstance(value, str) else None
        if kind is None:
            self.problems.say(place, value, "không có [[unit]] nào mang mã này; hãy thêm đơn vị ấy hoặc sửa mã")
        elif kind is not PartyKind.UNIT:
            what = f"là mã của {PARTY_WORDS[kind]} ở {self._places[str(value)]}; hãy ghi mã của một [[unit]]"
            self.problems.say(place, value, what)
