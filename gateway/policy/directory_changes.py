"""What a new directory of agencies, units, people and absences changes in the one before."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from gateway.model.directory import Absence, Directory, Party
from gateway.model.wording import PARTY_WORDS, ROLE_WORDS


class ChangeKind(StrEnum):
    """What becomes of a party."""

    ADDED = "added"
    CHANGED = "changed"
    REMOVED = "removed"


@dataclass(frozen=True, slots=True)
class Change:
    """One party that a new directory adds, changes or removes. `text` says it whole, in Vietnamese, on one line."""

    kind: ChangeKind
    code: str
    text: str


def changes(before: Directory, after: Directory) -> tuple[Change, ...]:
    """What makes `after` of `before`, by code; the order of addresses, domains, networks and roles is no difference.

    Absences are told with the one who is away.
    """
    old, new = ({party.code: party for party in each.parties} for each in (before, after))
    found = []
    for code in sorted(old.keys() | new.keys()):
        was, will = old.get(code), new.get(code)
        away, later = ([absence for absence in each.absences if absence.person == code] for each in (before, after))
        if was is None and will is not None:
            text = "; ".join([f"thêm {_described(will)}", *_absences([], later)])
            found.append(Change(ChangeKind.ADDED, code, text))
        elif will is None and was is not None:
            found.append(Change(ChangeKind.REMOVED, code, f"bỏ {_described(was)}"))
        elif was and will and (different := [*_differences(was, will), *_absences(away, later)]):
            text = f"sửa {PARTY_WORDS[was.kind]} {code} ({was.name}): {'; '.join(different)}"
            found.append(Change(ChangeKind.CHANGED, code, text))
    return tuple(found)


def _described(party: Party) -> str:
    known_by = [*party.addresses, *party.domains, *party.networks]
    unit = f", thuộc {party.parent}" if party.parent else ""
    called = f", gọi tắt {party.short_name}" if party.short_name else ""
    roles = f", vai trò {', '.join(ROLE_WORDS[role] for role in party.roles)}" if party.roles else ""
    told = f"{PARTY_WORDS[party.kind]} {party.code} ({party.name}){unit}{called}{roles}"
    return f"{told}: {', '.join(known_by) or 'không có địa chỉ'}"


def _differences(was: Party, will: Party) -> list[str]:
    told = []
    if was.kind is not will.kind:
        told.append(f"từ {PARTY_WORDS[was.kind]} thành {PARTY_WORDS[will.kind]}")
    if was.name != will.name:
        told.append(f"đổi tên thành {will.name}")
    if was.short_name != will.short_name:
        told.append(f"gọi tắt {will.short_name}" if will.short_name else f"bỏ tên gọi tắt {was.short_name}")
    if was.parent != will.parent:
        told.append(f"chuyển sang đơn vị {will.parent}" if will.parent else f"không còn thuộc {was.parent}")
    for word, old, new in (
        ("vai trò", [ROLE_WORDS[role] for role in was.roles], [ROLE_WORDS[role] for role in will.roles]),
        ("địa chỉ", was.addresses, will.addresses),
        ("tên miền", was.domains, will.domains),
        ("mạng", was.networks, will.networks),
    ):
        told += [f"thêm {word} {value}" for value in sorted(set(new) - set(old))]
        told += [f"bỏ {word} {value}" for value in sorted(set(old) - set(new))]
    return told


def _absences(was: list[Absence], will: list[Absence]) -> list[str]:
    told = [f"thêm {_away(absence)}" for absence in sorted(set(will) - set(was), key=lambda each: each.since)]
    return told + [f"bỏ {_away(absence)}" for absence in sorted(set(was) - set(will), key=lambda each: each.since)]


def _away(absence: Absence) -> str:
    return f"vắng mặt từ {absence.since:%d/%m/%Y} đến hết {absence.until:%d/%m/%Y}, {absence.deputy} thay"
