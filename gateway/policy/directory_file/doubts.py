"""What is allowed in a directory but hardly meant: one Vietnamese line each."""

from __future__ import annotations

from collections.abc import Iterator

from gateway.model.directory import Absence, Directory, Party, PartyKind, Role
from gateway.model.wording import PARTY_WORDS, ROLE_WORDS
from gateway.policy.directory_file.short_names import short_key

_LONG = 366
"""Days."""
_RECEIVING = {Role.UNIT_HEAD, Role.UNIT_CLERK, Role.LEADER}
"""Who gets what is given to his unit; nothing is given to that of the leaders, who give it."""


def doubts(directory: Directory) -> tuple[str, ...]:
    """Agencies that no mail will be recognised of, work that would reach nobody, names that stand for two."""
    people = [party for party in directory.parties if party.kind is PartyKind.PERSON]
    units = [party for party in directory.parties if party.kind is PartyKind.UNIT]
    by_code = {person.code: person for person in people}
    return (
        *_silent_agencies(directory.parties),
        *_unheld_roles(people),
        *_unreached(people),
        *_units(units, people),
        *_shared_short_names([*units, *people]),
        *(line for absence in directory.absences for line in _absence(absence, directory.absences, by_code)),
    )


def _silent_agencies(parties: tuple[Party, ...]) -> Iterator[str]:
    for party in parties:
        if party.kind is PartyKind.AGENCY and not (party.addresses or party.domains):
            yield f"{_named(party)} không có addresses và domains: cổng sẽ không nhận ra thư nào của nơi này."


def _unheld_roles(people: list[Party]) -> Iterator[str]:
    held = {role for person in people for role in person.roles}
    for role, consequence in (
        (Role.CLERK, "chỉ các hộp thư ở mail.clerks làm được việc của văn thư Sở"),
        (Role.LEADER, "không ai phân công được văn bản"),
    ):
        if people and role not in held:
            yield f"không cá nhân nào có vai trò {role} ({ROLE_WORDS[role]}): {consequence}."


def _unreached(people: list[Party]) -> Iterator[str]:
    for person in people:
        if person.roles and not person.addresses:
            roles = ", ".join(ROLE_WORDS[role] for role in person.roles)
            yield (
                f"{_named(person)} có vai trò {roles} nhưng không có addresses: "
                "người này không nhận được việc và không làm việc qua thư được."
            )


def _units(units: list[Party], people: list[Party]) -> Iterator[str]:
    for unit in units:
        members = [person for person in people if person.parent == unit.code]
        heads = [person.code for person in members if Role.UNIT_HEAD in person.roles]
        if len(heads) > 1:
            yield f"{_named(unit)} có {len(heads)} người mang vai trò {Role.UNIT_HEAD}: {', '.join(heads)}."
        receiving = [person for person in members if _RECEIVING & set(person.roles)]
        if people and not (unit.addresses or any(person.addresses for person in receiving)):
            yield (
                f"{_named(unit)} không có addresses, cũng không có ai mang vai trò {Role.UNIT_HEAD} hay "
                f"{Role.UNIT_CLERK} mà có địa chỉ: văn bản giao cho đơn vị này không tới ai."
            )


def _shared_short_names(parties: list[Party]) -> Iterator[str]:
    known: dict[str, Party] = {}
    for party in parties:
        if not party.short_name:
            continue
        other = known.setdefault(short_key(party.short_name), party)
        if other is not party:
            yield (
                f"{_named(party)} và {_named(other)} cùng tên gọi tắt {party.short_name} "
                "(không phân biệt dấu, chữ hoa): trong thư phải gọi bằng mã."
            )


def _absence(absence: Absence, absences: tuple[Absence, ...], people: dict[str, Party]) -> Iterator[str]:
    away = f"{absence.person} vắng mặt từ {absence.since:%d/%m/%Y} đến hết {absence.until:%d/%m/%Y}"
    deputy = people.get(absence.deputy)
    if deputy is not None and not deputy.addresses:
        yield f"{away}: người thay {absence.deputy} không có addresses, việc vẫn gửi tới người vắng mặt."
    for other in absences:
        if other.person == absence.deputy and other.since <= absence.until and absence.since <= other.until:
            yield (
                f"{away}: người thay {absence.deputy} cũng vắng mặt từ {other.since:%d/%m/%Y} đến hết "
                f"{other.until:%d/%m/%Y}, và người thay của người ấy không làm thay việc này."
            )
    if (absence.until - absence.since).days >= _LONG:
        yield f"{away}: hơn một năm, hãy xem lại năm đã ghi."


def _named(party: Party) -> str:
    return f"{PARTY_WORDS[party.kind]} {party.code} ({party.name})"
