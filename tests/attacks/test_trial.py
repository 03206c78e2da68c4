"""Some files of every family by mail through a whole gateway; `make attacks` sends all of them."""

from __future__ import annotations

from collections import defaultdict

from tests.attacks.attack import Attack, Clean
from tests.attacks.trial import hostile, ordinary, run

EVERY = 12


def some() -> list[Attack]:
    """The first, the last and one between of each family."""
    families: dict[str, list[Attack]] = defaultdict(list)
    for attack in hostile():
        families[attack.family].append(attack)
    return [those[at] for those in families.values() for at in sorted({0, len(those) // 2, len(those) - 1})]


def plain() -> list[Clean]:
    """One file of each format at least."""
    formats: dict[str, Clean] = {}
    for file in ordinary():
        formats.setdefault(file.file_name.rpartition(".")[2].casefold(), file)
    return list({file.name: file for file in (*ordinary()[::EVERY], *formats.values())}.values())


async def test_what_is_hostile_stays_out_and_what_is_ordinary_gets_in() -> None:
    met = await run([*some(), *plain()])
    assert [each for each in met if not each.right] == []


def test_no_two_files_have_one_name_and_there_are_as_many_as_are_told_of() -> None:
    attacks, clean = hostile(), ordinary()
    assert len({attack.name for attack in attacks}) == len(attacks)
    assert len({file.name for file in clean}) == len(clean)
    assert len(attacks) >= 150
    assert len(clean) >= 200
