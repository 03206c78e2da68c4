"""Values as people write them in the configuration: durations, sizes, addresses, places.

Every parser takes what TOML gave and raises ValueError with a Vietnamese sentence that says
what the value should be; the text of the value itself is added by `problems`.
"""

from __future__ import annotations

import ipaddress
import re
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Annotated
from urllib.parse import urlsplit

from pydantic import BeforeValidator, Field, StrictInt, StrictStr, StringConstraints, ValidationInfo

_UNITS_OF_TIME = {
    "ms": timedelta(milliseconds=1),
    "s": timedelta(seconds=1),
    "giây": timedelta(seconds=1),
    "min": timedelta(minutes=1),
    "phút": timedelta(minutes=1),
    "h": timedelta(hours=1),
    "giờ": timedelta(hours=1),
    "day": timedelta(days=1),
    "days": timedelta(days=1),
    "ngày": timedelta(days=1),
}
_LONGEST = timedelta(days=3650)
_UNITS_OF_SIZE = {"B": 1, "KB": 1024, "MB": 1024**2, "GB": 1024**3, "TB": 1024**4}
_QUANTITY = re.compile(r"([0-9]{1,9}) ([^\W\d_]+)")
_LABEL = r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
_DOMAIN = re.compile(rf"{_LABEL}(?:\.{_LABEL})*")
_LOCAL_PART = re.compile(r"[A-Za-z0-9!#$%&'*/=?^_`{|}~+-]+(?:\.[A-Za-z0-9!#$%&'*/=?^_`{|}~+-]+)*")
_LONGEST_DOMAIN = 253
_LONGEST_LOCAL_PART = 64
_TOKEN_LENGTH = 20
_LAST_PORT = 65535

LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})
"""Hosts that are this machine itself."""


def parse_duration(value: object) -> timedelta:
    """`30 s`, `5 min`, `2 h`, `2 days` (or `30 giây`, `5 phút`, `2 giờ`, `2 ngày`); more than nothing."""
    if isinstance(value, timedelta):
        return value
    found = _QUANTITY.fullmatch(value) if isinstance(value, str) else None
    unit = _UNITS_OF_TIME.get(found[2]) if found else None
    if found is None or unit is None:
        raise ValueError("phải là khoảng thời gian: số, một dấu cách, đơn vị ms, s, min, h hoặc days")
    if int(found[1]) == 0:
        raise ValueError("phải là khoảng thời gian lớn hơn 0")
    if int(found[1]) > _LONGEST / unit:
        raise ValueError("khoảng thời gian quá dài (nhiều nhất 3650 days)")
    return int(found[1]) * unit


def parse_size(value: object) -> int:
    """`500 KB`, `50 MB`, `1 GB` in bytes, 1 KB being 1024 B; more than nothing."""
    if type(value) is int:
        raise ValueError("phải ghi kèm đơn vị B, KB, MB hoặc GB, trong dấu nháy")
    found = _QUANTITY.fullmatch(value) if isinstance(value, str) else None
    if found is None or found[2] not in _UNITS_OF_SIZE:
        raise ValueError("phải là dung lượng: số, một dấu cách, đơn vị B, KB, MB hoặc GB")
    if int(found[1]) == 0:
        raise ValueError("phải là dung lượng lớn hơn 0")
    return int(found[1]) * _UNITS_OF_SIZE[found[2]]


def parse_domain(value: object) -> str:
    """A host name in ASCII letters (RFC 1035), lower-cased."""
    if not isinstance(value, str) or len(value) > _LONGEST_DOMAIN or not _DOMAIN.fullmatch(value):
        raise ValueError("phải là tên miền bằng chữ không dấu")
    return value.lower()


def parse_address(value: object) -> str:
    """A plain mail address, `local@domain` (RFC 5321 section 4.1.2 without quoting), lower-cased."""
    local, at, domain = value.rpartition("@") if isinstance(value, str) else ("", "", "")
    if not at or len(local) > _LONGEST_LOCAL_PART or not _LOCAL_PART.fullmatch(local):
        raise ValueError("phải là một địa chỉ thư, chỉ địa chỉ, không kèm tên hiển thị")
    try:
        return f"{local.lower()}@{parse_domain(domain)}"
    except ValueError:
        raise ValueError("phải là một địa chỉ thư, phần sau @ là tên miền bằng chữ không dấu") from None


def parse_path(value: object, info: ValidationInfo) -> Path:
    """A path, relative ones counted from the folder of the configuration file."""
    if isinstance(value, Path):
        return value
    if not isinstance(value, str) or not value.strip() or "\0" in value:
        raise ValueError("phải là đường dẫn trong dấu nháy")
    return folder_of(info) / value


def folder_of(info: ValidationInfo) -> Path:
    """The folder that relative paths are counted from."""
    folder = (info.context or {}).get("folder")
    if not isinstance(folder, Path):
        raise TypeError("settings are validated with a folder")
    return folder


@dataclass(frozen=True, slots=True)
class TcpPlace:
    """A host and port. As a listening place port 0 means any free one."""

    host: str
    port: int

    def __str__(self) -> str:
        return f"[{self.host}]:{self.port}" if ":" in self.host else f"{self.host}:{self.port}"


@dataclass(frozen=True, slots=True)
class UnixPlace:
    """A Unix socket."""

    path: Path

    def __str__(self) -> str:
        return f"unix:{self.path}"


def parse_tcp_place(value: object) -> TcpPlace:
    """`host:port`, IPv6 hosts in brackets."""
    if isinstance(value, TcpPlace):
        return value
    host, colon, port = value.rpartition(":") if isinstance(value, str) else ("", "", "")
    if host.startswith("[") and host.endswith("]"):
        host = host[1:-1]
    elif ":" in host:
        host = ""
    if not host or not colon or not port.isascii() or not port.isdigit() or any(c.isspace() for c in host):
        raise ValueError("phải là máy:cổng (địa chỉ IPv6 đặt trong ngoặc vuông)")
    if int(port) > _LAST_PORT:
        raise ValueError("cổng phải từ 0 đến 65535")
    return TcpPlace(host, int(port))


def parse_place(value: object, info: ValidationInfo) -> TcpPlace | UnixPlace:
    """`host:port` or `unix:/path`."""
    if isinstance(value, UnixPlace):
        return value
    if isinstance(value, str) and value.startswith("unix:"):
        if not value.removeprefix("unix:"):
            raise ValueError("sau unix: phải có đường dẫn")
        return UnixPlace(folder_of(info) / value.removeprefix("unix:"))
    try:
        return parse_tcp_place(value)
    except ValueError as error:
        raise ValueError(f"{error}, hoặc unix:/đường/dẫn") from None


def parse_public_url(value: object) -> str:
    """`https://host/path` without query, fragment or user; a closing slash is dropped."""
    try:
        parts = urlsplit(value if isinstance(value, str) else "")
        sound = parts.scheme in {"http", "https"} and bool(parts.hostname) and parts.port != 0
    except ValueError:
        sound = False
    if not isinstance(value, str) or not sound or re.search(r"[\s?#@\\]", value):
        raise ValueError("phải là địa chỉ trang web bắt đầu bằng https://, không có dấu ? # @")
    return value.rstrip("/")


def parse_date(value: object) -> date:
    """A TOML local date."""
    if type(value) is not date:
        raise ValueError("phải là ngày dạng năm-tháng-ngày, không có dấu nháy")
    return value


def parse_return_path(value: object) -> str:
    """A mail address, or `+part` to be put before the @ of mail.from_address; one `*` in it at most, for a token."""
    text = value.lower() if isinstance(value, str) else ""
    local, _, domain = text.partition("@")
    if local.count("*") > 1 or "*" in domain:
        raise ValueError("chỉ được có một dấu *, đặt trước @")
    filled = text.replace("*", "x" * _TOKEN_LENGTH)
    try:
        parse_address(f"x{filled}@x.vn" if text.startswith("+") else filled)
    except ValueError:
        raise ValueError('phải là phần cộng như "+b-*", hoặc trọn một địa chỉ thư') from None
    return text


def parse_nameserver(value: object) -> str:
    """An IP address, or one with a port (`192.0.2.1:53`, `[2001:db8::1]:53`)."""
    text = value if isinstance(value, str) else ""
    try:
        return str(ipaddress.ip_address(text))
    except ValueError:
        pass
    try:
        place = parse_tcp_place(text)
        ipaddress.ip_address(place.host)
    except ValueError:
        raise ValueError("phải là địa chỉ IP của máy chủ DNS, hoặc địa chỉ:cổng") from None
    return str(place)


def parse_network(value: object) -> str:
    """An IP network or address (`192.0.2.0/24`, `2001:db8::1`)."""
    try:
        return str(ipaddress.ip_network(value if isinstance(value, str) else ""))
    except ValueError:
        raise ValueError('phải là địa chỉ IP hoặc mạng, như "192.0.2.7" hoặc "192.0.2.0/24"') from None


def parse_fetch_host(value: object) -> tuple[str, str]:
    """`named -> reached`: a host, and the `host` or `host:port` where it is reached instead, both lower-cased."""
    named, _, reached = (value if isinstance(value, str) else "").lower().partition("->")
    try:
        return parse_domain(named.strip()), _host_or_place(reached.strip())
    except ValueError:
        raise ValueError('phải là "máy trong chứng thư -> máy hỏi thay", hoặc "… -> máy:cổng", chỉ tên máy') from None


def _host_or_place(text: str) -> str:
    try:
        return str(parse_tcp_place(text))
    except ValueError:
        return parse_domain(text)


def _none_if_empty(value: object) -> object:
    return None if value == "" else value


Text = Annotated[StrictStr, StringConstraints(strip_whitespace=True, min_length=1, pattern=r"^[^\r\n]*$")]
Count = Annotated[StrictInt, Field(ge=1, le=100_000)]
Port = Annotated[StrictInt, Field(ge=1, le=_LAST_PORT)]
Duration = Annotated[timedelta, BeforeValidator(parse_duration)]
Size = Annotated[int, BeforeValidator(parse_size)]
Domain = Annotated[str, BeforeValidator(parse_domain)]
Address = Annotated[str, BeforeValidator(parse_address)]
ReturnPath = Annotated[str, BeforeValidator(parse_return_path)]
Network = Annotated[str, BeforeValidator(parse_network)]
Nameserver = Annotated[str, BeforeValidator(parse_nameserver)]
FetchHost = Annotated[tuple[str, str], BeforeValidator(parse_fetch_host)]
FilePath = Annotated[Path, BeforeValidator(parse_path)]
Listen = Annotated[TcpPlace, BeforeValidator(parse_tcp_place)]
Place = Annotated[TcpPlace | UnixPlace, BeforeValidator(parse_place)]
PublicUrl = Annotated[str, BeforeValidator(parse_public_url)]
Day = Annotated[date, BeforeValidator(parse_date)]
EmptyIsNone = BeforeValidator(_none_if_empty)
