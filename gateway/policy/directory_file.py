"""The directory of agencies, units and people as it is read from the rows of its file, with every fault told."""

from __future__ import annotations

import difflib
import ipaddress
import json
import re
import unicodedata
from collections.abc import Collection, Iterable, Mapping

from gateway.model.directory import Party, PartyKind
from gateway.model.domain_name import host_name
from gateway.model.wording import PARTY_WORDS

_KEYS: Mapping[PartyKind, tuple[str, ...]] = {
    PartyKind.AGENCY: ("code", "name", "addresses", "domains", "networks"),
    PartyKind.UNIT: ("code", "name", "addresses"),
    PartyKind.PERSON: ("code", "name", "unit", "addresses"),
}
_CODE = re.compile(r"[a-z0-9][a-z0-9-]{0,39}")
_LOCAL_PART = re.compile(r"[a-z0-9!#$%&'*/=?^_`{|}~+-]+(?:\.[a-z0-9!#$%&'*/=?^_`{|}~+-]+)*")
_BARE_KEY = re.compile(r"[A-Za-z0-9_-]+")
_LONGEST_LOCAL_PART = 64
_WIDEST = {4: 8, 6: 32}
_LONGEST_SHOWN = 80

_OF_EVERYBODY = frozenset(
    {
        "gmail.com",
        "googlemail.com",
        "yahoo.com",
        "yahoo.com.vn",
        "ymail.com",
        "outlook.com",
        "outlook.com.vn",
        "hotmail.com",
        "live.com",
        "msn.com",
        "icloud.com",
        "me.com",
        "aol.com",
        "proton.me",
        "protonmail.com",
        "gmx.com",
        "gmx.net",
        "mail.com",
        "mail.ru",
        "yandex.com",
        "zoho.com",
        "qq.com",
        "vnn.vn",
        "fpt.vn",
    }
)
"""Domains of public mail services: whoever likes has an address there, so they are no agency's."""
_ABOVE_EVERYBODY = frozenset(
    {
        "ac.vn",
        "biz.vn",
        "com.vn",
        "edu.vn",
        "gov.vn",
        "health.vn",
        "info.vn",
        "int.vn",
        "mil.vn",
        "name.vn",
        "net.vn",
        "org.vn",
        "pro.vn",
    }
)
"""Domains under which agencies and companies have theirs: as an agency's own they would stand for all of them."""


def from_rows(rows: Mapping[str, object], *, own_addresses: Collection[str] = ()) -> tuple[Party, ...]:
    """The parties of a directory file, by code, addresses and domains in lower case and A-labels (RFC 5890).

    `own_addresses` are the gateway's own mailboxes, which are nobody's. Raises ValueError with every problem found, one
    Vietnamese line each that names entry and key.
    """
    reading = _Reading(frozenset(own_addresses))
    reading.read(rows)
    if reading.problems:
        raise ValueError("\n".join(reading.problems))
    return tuple(sorted(reading.parties, key=lambda party: party.code))


def doubts(parties: Iterable[Party]) -> tuple[str, ...]:
    """What is allowed but hardly meant: agencies of which no mail will ever be recognised."""
    return tuple(
        f"{PARTY_WORDS[party.kind]} {party.code} ({party.name}) không có addresses và domains: "
        "cổng sẽ không nhận ra thư nào của nơi này."
        for party in parties
        if party.kind is PartyKind.AGENCY and not (party.addresses or party.domains)
    )


class _Reading:
    """One pass over the rows: what could be read, what is wrong, and where each code, address and domain stands."""

    def __init__(self, own_addresses: frozenset[str]) -> None:
        self.parties: list[Party] = []
        self.problems: list[str] = []
        self._own = own_addresses
        self._codes: dict[str, tuple[PartyKind, str]] = {}
        self._addresses: dict[str, str] = {}
        self._domains: dict[str, str] = {}

    def read(self, rows: Mapping[str, object]) -> None:
        known = [kind.value for kind in PartyKind]
        for name in rows:
            if name not in known:
                self.problems.append(
                    f"{_key(name)}: không có phần này; {_instead(name, [f'[[{each}]]' for each in known])}"
                )
        units: list[tuple[str, object]] = []
        for kind in PartyKind:
            entries = rows.get(kind.value, [])
            if not isinstance(entries, list):
                self.problems.append(f"{kind.value}: phải ghi mỗi mục thành [[{kind.value}]], hai dấu ngoặc vuông.")
                continue
            for number, row in enumerate(entries, 1):
                if isinstance(row, Mapping):
                    place = self._entry(kind, f"{kind.value}[{number}]", row)
                    if kind is PartyKind.PERSON and "unit" in row:
                        units.append((place, row["unit"]))
                else:
                    self._say(f"{kind.value}[{number}]", row, f"phải ghi thành [[{kind.value}]] với các khóa của nó")
        for place, unit in units:
            self._check_unit(f"{place}.unit", unit)
        if not self.parties and not self.problems:
            self.problems.append("danh bạ không có mục [[agency]], [[unit]] hay [[person]] nào.")

    def _entry(self, kind: PartyKind, place: str, row: Mapping[str, object]) -> str:
        code = self._code(kind, place, row.get("code"))
        place = f"{place} ({code})" if code else place
        keys = _KEYS[kind]
        for key in row:
            if key not in keys:
                self.problems.append(f"{place}.{_key(key)}: không có khóa này; {_instead(key, keys)}")
        for key in ("code", "name", "unit"):
            if key in keys and key not in row:
                self.problems.append(f"{place}.{key}: còn thiếu khóa này; hãy ghi thêm {_REQUIRED[key]}.")
        row = {key: value for key, value in row.items() if key in keys}
        addresses = [self._address(at, value, place) for at, value in self._list(f"{place}.addresses", row)]
        domains = [self._domain(at, value, place) for at, value in self._list(f"{place}.domains", row)]
        networks = [self._network(at, value) for at, value in self._list(f"{place}.networks", row)]
        unit = row.get("unit")
        self.parties.append(
            Party(
                code=code,
                kind=kind,
                name=self._name(f"{place}.name", row["name"]) if "name" in row else "",
                addresses=tuple(sorted(filter(None, addresses))),
                domains=tuple(sorted(filter(None, domains))),
                networks=tuple(sorted(set(filter(None, networks)))),
                parent=unit if isinstance(unit, str) else None,
            )
        )
        return place

    def _code(self, kind: PartyKind, place: str, value: object) -> str:
        if value is None:
            return ""
        if not isinstance(value, str) or not _CODE.fullmatch(value):
            self._say(f"{place}.code", value, "phải là mã gồm chữ thường không dấu, số, gạch nối, nhiều nhất 40 ký tự")
            return ""
        if value in self._codes:
            self._say(f"{place}.code", value, f"đã dùng ở {self._codes[value][1]}; hãy đặt mỗi mục một mã")
            return ""
        self._codes[value] = kind, place
        return value

    def _name(self, place: str, value: object) -> str:
        name = unicodedata.normalize("NFC", " ".join(value.split())) if isinstance(value, str) else ""
        if not name or not name.isprintable():
            self._say(place, value, "phải là tên, chữ in được, không để trống")
        return name

    def _list(self, place: str, row: Mapping[str, object]) -> list[tuple[str, object]]:
        """The values of the list at the key that ends `place`, each with its own place."""
        values = row.get(place.rpartition(".")[2], [])
        if isinstance(values, list):
            return [(f"{place}[{number}]", each) for number, each in enumerate(values, 1)]
        self._say(place, values, "phải là danh sách trong ngoặc vuông")
        return []

    def _address(self, place: str, value: object, entry: str) -> str:
        local, at, domain = value.strip().lower().rpartition("@") if isinstance(value, str) else ("", "", "")
        name = host_name(domain)
        if not at or not name or len(local) > _LONGEST_LOCAL_PART or not _LOCAL_PART.fullmatch(local):
            self._say(place, value, 'phải là một địa chỉ thư như "vanthu@example.gov.vn", không kèm tên hiển thị')
            return ""
        address = f"{local}@{name}"
        if address in self._own or f"{local.partition('+')[0]}@{name}" in self._own:
            self._say(place, value, "là hộp thư của chính cổng, không ai được gửi bằng địa chỉ ấy; hãy bỏ đi")
            return ""
        return self._once(self._addresses, place, value, address, entry)

    def _domain(self, place: str, value: object, entry: str) -> str:
        text = value.strip().lower() if isinstance(value, str) else ""
        name = host_name(text.removeprefix("."))
        if not name:
            self._say(place, value, 'phải là tên miền như "example.gov.vn", hoặc ".example.gov.vn" cho tên miền con')
            return ""
        if "." not in name or name in _ABOVE_EVERYBODY:
            self._say(place, value, "là tên miền chung của nhiều cơ quan; hãy ghi tên miền riêng của nơi này")
            return ""
        if any(f".{name}".endswith(f".{provider}") for provider in _OF_EVERYBODY):
            self._say(
                place, value, "là tên miền thư công cộng, ai cũng có địa chỉ ở đó; hãy ghi từng địa chỉ vào addresses"
            )
            return ""
        return self._once(self._domains, place, value, f".{name}" if text.startswith(".") else name, entry)

    def _once(self, taken: dict[str, str], place: str, value: object, key: str, entry: str) -> str:
        if key in taken:
            where = "chính mục này" if taken[key] == entry else taken[key]
            self._say(place, value, f"đã ghi ở {where}; hãy bỏ một chỗ")
            return ""
        taken[key] = entry
        return key

    def _network(self, place: str, value: object) -> str:
        try:
            network = ipaddress.ip_network(value.strip() if isinstance(value, str) else "")
        except ValueError:
            self._say(place, value, 'phải là mạng như "192.0.2.0/24", "2001:db8::/48", hoặc một địa chỉ IP')
            return ""
        if network.prefixlen < _WIDEST[network.version]:
            self._say(place, value, "rộng quá, gồm cả máy của nơi khác; hãy ghi mạng của riêng máy chủ thư nơi này")
            return ""
        return str(network)

    def _check_unit(self, place: str, value: object) -> None:
        kind, where = self._codes.get(value, (None, "")) if isinstance(value, str) else (None, "")
        if kind is None:
            self._say(place, value, "không có [[unit]] nào mang mã này; hãy thêm đơn vị ấy hoặc sửa mã")
        elif kind is not PartyKind.UNIT:
            self._say(place, value, f"là mã của {PARTY_WORDS[kind]} ở {where}; hãy ghi mã của một [[unit]]")

    def _say(self, place: str, value: object, what: str) -> None:
        shown = json.dumps(value, ensure_ascii=False, default=str)
        shown = shown if len(shown) <= _LONGEST_SHOWN else f"{shown[:_LONGEST_SHOWN]}…"
        self.problems.append(f"{place} = {shown}: {what}.")


_REQUIRED = {
    "code": 'mã ngắn, đặt một lần, như code = "ubnd"',
    "name": 'tên đầy đủ, như name = "Ủy ban nhân dân tỉnh"',
    "unit": 'mã đơn vị của người này, như unit = "van-phong"',
}


def _key(name: str) -> str:
    """A key as it stands in the file: TOML puts those of other letters into quotes."""
    return name if _BARE_KEY.fullmatch(name) else json.dumps(name, ensure_ascii=False)


def _instead(unknown: str, known: Iterable[str]) -> str:
    names = {each.strip("[]"): each for each in known}
    near = difflib.get_close_matches(unknown, names, n=1, cutoff=0.6)
    return f"có phải là {names[near[0]]}?" if near else f"hãy bỏ đi, hoặc chọn trong: {', '.join(names.values())}."
