"""What a new directory of agencies, units and people changes in the one before."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from gateway.model.directory import Party
from gateway.model.wording import PARTY_WORDS


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


def changes(before: Iterable[Party], after: Iterable[Party]) -> tuple[Change, ...]:
    """What makes `after` of `before`, by code; the order of addresses, domains and networks is no difference."""
    old, new = {party.code: party for party in before}, {party.code: party for party in after}
    found = []
    for code in sorted(old.keys() | new.keys()):
        was, will = old.get(code), new.get(code)
        if was is None and will is not None:
            found.append(Change(ChangeKind.ADDED, code, f"thêm {_described(will)}"))
        elif will is None and was is not None:
            found.append(Change(ChangeKind.REMOVED, code, f"bỏ {_described(was)}"))
        elif was is not None and will is not None and (different := _differences(was, will)):
            text = f"sửa {PARTY_WORDS[was.kind]} {code} ({was.name}): {'; '.join(different)}"
            found.append(Change(ChangeKind.CHANGED, code, text))
    return tuple(found)


def _described(party: Party) -> str:
    known_by = [*party.addresses, *party.domains, *party.networks]
    unit = f", thuộc {party.parent}" if party.parent else ""
    return f"{PARTY_WORDS[party.kind]} {party.code} ({party.name}){unit}: {', '.join(known_by) or 'không có địa chỉ'}"


def _differences(was: Party, will: Party) -> list[str]:
    told = []
    if was.kind is not will.kind:
        told.append(f"từ {PARTY_WORDS[was.kind]} thành {PARTY_WORDS[will.kind]}")
    if was.name != will.name:
        told.append(f"đổi tên thành {will.name}")
    if was.parent != will.parent:
        told.append(f"chuyển sang đơn vị {will.parent}" if will.parent else f"không còn thuộc {was.parent}")
    for word, old, new in (
        ("địa chỉ", was.addresses, will.addresses),
        ("tên miền", was.domains, will.domains),
        ("mạng", was.networks, will.networks),
    ):
        told += [f"thêm {word} {value}" for value in sorted(set(new) - set(old))]
        told += [f"bỏ {word} {value}" for value in sorted(set(old) - set(new))]
    return told
