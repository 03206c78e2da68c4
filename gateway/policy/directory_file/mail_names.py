"""Addresses, domains and networks of the entries of a directory file."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Collection, Mapping

from gateway.model.directory import address_key
from gateway.model.domain_name import host_name
from gateway.policy.directory_file.problems import Problems

_LOCAL_PART = re.compile(r"[a-z0-9!#$%&'*/=?^_`{|}~+-]+(?:\.[a-z0-9!#$%&'*/=?^_`{|}~+-]+)*")
_LONGEST_LOCAL_PART = 64
_WIDEST = {4: 8, 6: 32}

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


class MailNames:
    """Reads them, and knows in which entry each address and domain stands: in one of the whole file.

    `own` are the gateway's own mailboxes, which are nobody's.
    """

    def __init__(self, own: Collection[str], problems: Problems) -> None:
        self._own = own
        self._problems = problems
        self._addresses: dict[str, str] = {}
        self._domains: dict[str, str] = {}

    def addresses(self, entry: str, row: Mapping[str, object]) -> tuple[str, ...]:
        """The addresses of `entry` in lower case, their domains as A-labels (RFC 5890)."""
        values = self._problems.listed(f"{entry}.addresses", row)
        return tuple(sorted(filter(None, (self._address(at, value, entry) for at, value in values))))

    def domains(self, entry: str, row: Mapping[str, object]) -> tuple[str, ...]:
        """The domains of `entry` as A-labels, with the leading dot of those that stand for their subdomains."""
        values = self._problems.listed(f"{entry}.domains", row)
        return tuple(sorted(filter(None, (self._domain(at, value, entry) for at, value in values))))

    def networks(self, entry: str, row: Mapping[str, object]) -> tuple[str, ...]:
        """The networks of `entry`, each once."""
        values = self._problems.listed(f"{entry}.networks", row)
        return tuple(sorted(set(filter(None, (self._network(at, value) for at, value in values)))))

    def _address(self, place: str, value: object, entry: str) -> str:
        local, _, domain = address_key(value).rpartition("@") if isinstance(value, str) else ("", "", "")
        name = host_name(domain)
        if not name or len(local) > _LONGEST_LOCAL_PART or not _LOCAL_PART.fullmatch(local):
            self._problems.say(
                place, value, 'phải là một địa chỉ thư như "vanthu@example.gov.vn", không kèm tên hiển thị'
            )
            return ""
        address = f"{local}@{name}"
        if address in self._own or f"{local.partition('+')[0]}@{name}" in self._own:
            self._problems.say(place, value, "là hộp thư của chính cổng, không ai được gửi bằng địa chỉ ấy; hãy bỏ đi")
            return ""
        return self._once(self._addresses, place, value, address, entry)

    def _domain(self, place: str, value: object, entry: str) -> str:
        text = value.strip().lower() if isinstance(value, str) else ""
        name = host_name(text.removeprefix("."))
        if not name:
            self._problems.say(
                place, value, 'phải là tên miền như "example.gov.vn", hoặc ".example.gov.vn" cho tên miền con'
            )
            return ""
        if "." not in name or name in _ABOVE_EVERYBODY:
            self._problems.say(place, value, "là tên miền chung của nhiều cơ quan; hãy ghi tên miền riêng của nơi này")
            return ""
        if any(f".{name}".endswith(f".{provider}") for provider in _OF_EVERYBODY):
            self._problems.say(
                place, value, "là tên miền thư công cộng, ai cũng có địa chỉ ở đó; hãy ghi từng địa chỉ vào addresses"
            )
            return ""
        return self._once(self._domains, place, value, f".{name}" if text.startswith(".") else name, entry)

    def _once(self, taken: dict[str, str], place: str, value: object, key: str, entry: str) -> str:
        if key in taken:
            where = "chính mục này" if taken[key] == entry else taken[key]
            self._problems.say(place, value, f"đã ghi ở {where}; hãy bỏ một chỗ")
            return ""
        taken[key] = entry
        return key

    def _network(self, place: str, value: object) -> str:
        try:
            network = ipaddress.ip_network(value.strip() if isinstance(value, str) else "")
        except ValueError:
            self._problems.say(place, value, 'phải là mạng như "192.0.2.0/24", "2001:db8::/48", hoặc một địa chỉ IP')
            return ""
        if network.prefixlen < _WIDEST[network.version]:
            self._problems.say(
                place, value, "rộng quá, gồm cả máy của nơi khác; hãy ghi mạng của riêng máy chủ thư nơi này"
            )
            return ""
        return str(network)
