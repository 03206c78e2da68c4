"""What units and people are called for short: one name must not stand for two of them."""

from __future__ import annotations

from collections.abc import Iterable

from gateway.model.directory import Party, PartyKind
from gateway.policy.directory_file.problems import Problems
from gateway.policy.header.text import clean, fold


def short_key(name: str) -> str:
    """How short names and codes are compared: letters and digits only, in lower case, without marks."""
    return "".join(letter for letter in fold(clean(name)) if letter.isalnum())


def check_short_names(parties: Iterable[tuple[str, Party]], problems: Problems) -> None:
    """Tell where the short name of an entry is another's code, or that of a unit another unit's."""
    parties = list(parties)
    codes: dict[str, list[str]] = {}
    for _, party in parties:
        if party.code:
            codes.setdefault(short_key(party.code), []).append(party.code)
    units: dict[str, str] = {}
    for place, party in parties:
        key = short_key(party.short_name or "")
        if not key:
            continue
        others = [code for code in codes.get(key, []) if code != party.code]
        if others:
            what = f"là mã của mục {others[0]}; hãy đặt tên gọi tắt khác"
        elif party.kind is PartyKind.UNIT and key in units:
            what = f"đã là tên gọi tắt ở {units[key]} (không phân biệt dấu, chữ hoa); hãy đặt tên gọi tắt khác"
        else:
            if party.kind is PartyKind.UNIT:
                units[key] = place
            continue
        problems.say(f"{place}.short_name", party.short_name, what)
