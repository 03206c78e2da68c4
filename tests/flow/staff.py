"""The people of a small agency, and what passes between their mailboxes and the office."""

from __future__ import annotations

import itertools
from dataclasses import replace
from datetime import timedelta

from gateway.model.directory import Directory, Party, PartyKind, Role
from gateway.model.mail import Mail
from handlers.import_directory import import_directory
from tests.flow.conftest import AGENCY, Bench
from tests.flow.reading import CLERK, read
from tests.replies import reply

DOMAIN = "quangngai.gov.vn"
OUTSIDE = "192.0.2.7"
"""From where the people of the agency deliver: their domain says so in SPF, no directory entry does."""


def _address(code: str) -> str:
    return f"{code}@{DOMAIN}"


def _person(code: str, name: str, unit: str, *roles: Role) -> Party:
    return Party(code, PartyKind.PERSON, name, (_address(code),), parent=unit, roles=roles)


DIRECTOR = _address("hvphuong-sogtvt")
HEAD = _address("ltkcuc-sogtvt")
SPECIALIST = _address("nvnam-sogtvt")
OTHER_HEAD = _address("tvbinh-sogtvt")
PROVINCE = "ubnd@quangngai.gov.vn"

UNITS = (
    Party("van-phong", PartyKind.UNIT, "Văn phòng Sở", (), short_name="VP"),
    Party("khtc", PartyKind.UNIT, "Phòng Kế hoạch - Tài chính", (_address("khtc-sogtvt"),), short_name="P. KHTC"),
    Party("vtai", PartyKind.UNIT, "Phòng Quản lý vận tải", (), short_name="P. Vận tải"),
)
PEOPLE = (
    _person("hvphuong-sogtvt", "Hoàng Việt Phương", "van-phong", Role.LEADER),
    _person("ltkcuc-sogtvt", "Lê Thị Kim Cúc", "khtc", Role.UNIT_HEAD),
    _person("nvnam-sogtvt", "Nguyễn Văn Nam", "khtc", Role.SPECIALIST),
    _person("tvbinh-sogtvt", "Trần Văn Bình", "vtai", Role.UNIT_HEAD),
)
COMMITTEE = Party("ubnd", PartyKind.AGENCY, "Ủy ban nhân dân tỉnh", (PROVINCE,), networks=("198.51.100.9/32",))
DIRECTORY = Directory((AGENCY, COMMITTEE, *UNITS, *PEOPLE))

_numbers = itertools.count(1)


async def staffed(bench: Bench) -> Bench:
    """The same office with its people in the directory."""
    await import_directory(DIRECTORY, actor="test", desk=bench.office.desk)
    return bench


def last(bench: Bench, recipient: str) -> bytes:
    """The newest notice that reached somebody."""
    return bench.delivered(recipient)[-1]


async def answer(
    bench: Bench,
    author: str,
    notice: bytes,
    text: str,
    *,
    client: str = "gmail",
    language: str = "vi",
    recipient: str | None = None,
    mail_from: str | None = None,
    peer: str = OUTSIDE,
    message_id: str | None = None,
) -> Mail:
    """Somebody replies to a notice from his own mail program; the mail at its end, a minute later."""
    bench.clock.pass_(timedelta(minutes=1))
    raw = reply(
        client,
        to=notice,
        text=text,
        author=author,
        language=language,
        date=bench.clock.now(),
        message_id=message_id or f"<tra-loi-{next(_numbers)}@may-tinh.example>",
    )
    to = str(read(raw)["To"]) if recipient is None else recipient
    return await bench.end_of(
        raw, mail_from=mail_from or author, recipient=to.strip("<>").rpartition("<")[2], peer=peer
    )


def without(directory: Directory, code: str) -> Directory:
    """The directory after somebody left."""
    return replace(directory, parties=tuple(party for party in directory.parties if party.code != code))


__all__ = ["CLERK", "DIRECTOR", "HEAD", "OTHER_HEAD", "PROVINCE", "SPECIALIST", "answer", "last", "staffed", "without"]
