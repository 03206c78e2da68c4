"""The sections of the configuration and every key in them, with what a section by itself can contradict.

No key has a default here: config/gateway.toml holds the defaults, so that what it documents is what runs.
"""

from __future__ import annotations

from datetime import time
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Literal, Self
from urllib.parse import quote, urlsplit, urlunsplit

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    StrictBool,
    StrictInt,
    ValidationInfo,
    model_validator,
)

from gateway.model.agency import Agency
from gateway.settings.secret import ExternalFile, ExternalSecret
from gateway.settings.values import (
    Address,
    Count,
    Day,
    Domain,
    Duration,
    EmptyIsNone,
    FilePath,
    Listen,
    Place,
    Port,
    PublicUrl,
    Size,
    Text,
    UnixPlace,
    parse_path,
)


class Section(BaseModel):
    """A table of the configuration: frozen, and knowing all its keys."""

    model_config = ConfigDict(frozen=True, extra="forbid", validate_default=True)


class AgencySection(Section):
    """[agency]: who runs the gateway."""

    name: Text
    short_name: Text
    superior: Text
    place: Text
    mailbox: Address
    records_office: Text
    phones: Annotated[tuple[Text, ...], Field(min_length=1)]
    regulation: Text

    def record(self) -> Agency:
        """The agency as notices and pages name it."""
        return Agency(
            name=self.name,
            short_name=self.short_name,
            superior=self.superior,
            mailbox=self.mailbox,
            records_office=self.records_office,
            phones=self.phones,
            place=self.place,
            regulation=self.regulation,
        )


class MailSection(Section):
    """[mail]: which mail is ours, and what our own mail looks like. Sizes are bytes."""

    recipients: Annotated[tuple[Address, ...], Field(min_length=1)]
    max_message: Size
    clerks: Annotated[tuple[Address, ...], Field(min_length=1)]
    from_address: Address
    from_name: Text
    domain: Domain
    attach_up_to: Size

    def accepts(self, address: str) -> bool:
        """True where `address` is one of the recipients, with or without a plus part (`sgtvt+b-token@`)."""
        local, _, domain = address.lower().rpartition("@")
        return f"{local.partition('+')[0]}@{domain}" in self.recipients or f"{local}@{domain}" in self.recipients

    @model_validator(mode="after")
    def _answers_come_back(self) -> Self:
        if not self.accepts(self.from_address):
            raise ValueError(
                "from_address phải nằm trong recipients, để thư trả lời thông báo về được cổng; "
                "hãy thêm địa chỉ ấy vào recipients"
            )
        ours = [address for address in self.clerks if self.accepts(address)]
        if ours:
            raise ValueError(
                f"clerks có {ours[0]} là địa chỉ cổng tự nhận, thông báo sẽ quay vòng; "
                "hãy ghi hộp thư riêng của văn thư"
            )
        return self


class SmtpSection(Section):
    """[smtp]: receiving from other servers."""

    enabled: StrictBool
    listen: Listen
    hostname: Domain
    tls_certificate: Annotated[ExternalFile | None, EmptyIsNone]
    tls_key: Annotated[ExternalFile | None, EmptyIsNone]
    command_timeout: Duration
    data_timeout: Duration
    mail_timeout: Duration
    connections: Count
    connections_per_address: Count
    max_recipients: Count

    @model_validator(mode="after")
    def _fits_together(self) -> Self:
        if (self.tls_certificate is None) != (self.tls_key is None):
            raise ValueError("tls_certificate và tls_key đi đôi; hãy ghi đủ cả hai, hoặc để trống cả hai")
        if self.connections_per_address > self.connections:
            raise ValueError(
                "connections_per_address không được lớn hơn connections; hãy giảm số trước hoặc tăng số sau"
            )
        return self


class LmtpSection(Section):
    """[lmtp]: receiving from a mail server on the same machine."""

    enabled: StrictBool
    listen: Place


def _database(value: object, info: ValidationInfo) -> Path | str:
    if not isinstance(value, str) or "://" not in value:
        path = parse_path(value, info)
        if "?" in str(path):
            raise ValueError("đường dẫn tệp SQLite không được có dấu ?")
        return path
    parts = urlsplit(value)
    if parts.scheme != "postgresql" or not parts.path.strip("/"):
        raise ValueError("phải là đường dẫn tệp SQLite, hoặc postgresql://người-dùng@máy/tên-cơ-sở-dữ-liệu")
    if parts.password is not None:
        raise ValueError("không ghi mật khẩu vào địa chỉ; hãy bỏ phần mật khẩu ở đây và ghi khóa database_password")
    return value


class StoreSection(Section):
    """[store]: where mails, register and journal are kept. `database` is a Path for SQLite, a URL for PostgreSQL."""

    database: Annotated[Path | str, BeforeValidator(_database)]
    database_password: Annotated[ExternalSecret | None, EmptyIsNone]
    blobs: FilePath

    @property
    def is_embedded(self) -> bool:
        """True for SQLite."""
        return isinstance(self.database, Path)

    def url(self) -> str:
        """`sqlite:///path` or `postgresql://…`, as the store takes it. Holds the password: never log it.

        Raises SettingsError where the password cannot be read.
        """
        if isinstance(self.database, Path):
            return f"sqlite:///{self.database}"
        parts = urlsplit(self.database)
        place = parts.netloc
        if self.database_password is not None:
            user, _, host = place.rpartition("@")
            place = f"{user}:{quote(self.database_password.reveal(), safe='')}@{host}"
        return urlunsplit(("postgresql", place, parts.path, parts.query, ""))

    @model_validator(mode="after")
    def _fits_together(self) -> Self:
        if self.database_password is not None and (isinstance(self.database, Path) or "@" not in self.database):
            raise ValueError(
                "database_password chỉ dùng với postgresql://người-dùng@…; "
                "hãy để trống, hoặc ghi người dùng trong database"
            )
        return self


class ScannerSection(Section):
    """[scanner]: the virus scanner."""

    clamd: Annotated[tuple[Place, ...], Field(min_length=1)]
    timeout: Duration
    max_signature_age: Duration

    def addresses(self) -> list[str]:
        """The scanners as their adapter takes them: `unix:/path` or `tcp:host:port`."""
        return [str(place) if isinstance(place, UnixPlace) else f"tcp:{place}" for place in self.clamd]


class SandboxSection(Section):
    """[sandbox]: the worker processes that open foreign files. `memory` is bytes for each."""

    workers: Count
    memory: Size
    timeout: Duration
    tasks_per_worker: Count


class SignaturesSection(Section):
    """[signatures]: certificates that signatures are traced to; None means the shipped ones."""

    anchors: Annotated[FilePath | None, EmptyIsNone]


class RelayTls(StrEnum):
    """How the way to the relay is encrypted."""

    NONE = "none"
    STARTTLS = "starttls"
    TLS = "tls"


class RelaySection(Section):
    """[relay]: who takes our mail away: the server at `host`, or a program that empties the folder `maildir`."""

    host: Annotated[Text | None, EmptyIsNone]
    port: Port
    tls: RelayTls
    username: Annotated[Text | None, EmptyIsNone]
    password: Annotated[ExternalSecret | None, EmptyIsNone]
    ca_file: Annotated[ExternalFile | None, EmptyIsNone]
    connections: Count
    maildir: Annotated[FilePath | None, EmptyIsNone]
    timeout: Duration
    retry: Annotated[tuple[Duration, ...], Field(min_length=1)]
    give_up_after: Duration

    @model_validator(mode="after")
    def _fits_together(self) -> Self:
        if (self.host is None) == (self.maildir is None):
            raise ValueError("phải có đúng một trong hai khóa host và maildir; hãy ghi một, khóa kia để trống")
        if (self.username is None) != (self.password is None):
            raise ValueError("username và password đi đôi; hãy ghi đủ cả hai, hoặc để trống cả hai")
        if self.username and self.tls is RelayTls.NONE:
            raise ValueError("không gửi mật khẩu qua đường không mã hóa; hãy đặt tls là starttls hoặc tls")
        if self.give_up_after <= self.retry[0]:
            raise ValueError("give_up_after phải dài hơn khoảng đầu của retry; hãy tăng give_up_after")
        return self


class WebSection(Section):
    """[web]: the tracking pages."""

    listen: Listen
    public_url: PublicUrl


class BookSection(Section):
    """[book]: the book of incoming documents."""

    code: Annotated[Text, Field(pattern=r"^[a-z0-9-]{1,20}$")]
    name: Text
    first_year: Annotated[StrictInt, Field(ge=2000, le=2999)]
    first_number: Count

    def first_numbers(self) -> dict[tuple[str, int], int]:
        """Where numbering of (book, year) does not begin at 1."""
        return {(self.code, self.first_year): self.first_number}


WEEKDAYS = ("T2", "T3", "T4", "T5", "T6", "T7", "CN")


def _weekdays(value: object) -> tuple[int, ...]:
    known = isinstance(value, list) and bool(value) and all(day in WEEKDAYS for day in value)
    if not isinstance(value, list) or not known or len(set(value)) != len(value):
        raise ValueError("phải là danh sách các thứ, không lặp, trong T2 T3 T4 T5 T6 T7 CN")
    return tuple(sorted(WEEKDAYS.index(day) for day in value))


def _shift(value: object) -> tuple[time, time]:
    start, dash, end = value.partition("-") if isinstance(value, str) else ("", "", "")
    try:
        hours = time.fromisoformat(start), time.fromisoformat(end)
    except ValueError:
        hours = time.min, time.min
    if not dash or len(start) != len("07:00") or len(end) != len("07:00") or hours[0] >= hours[1]:
        raise ValueError('phải là ca làm việc "giờ:phút-giờ:phút", giờ đầu trước giờ cuối')
    return hours


class HoursRow(Section):
    """One row of the dated schedule: `days` as 0 = Monday, `shifts` as pairs of local times, in order."""

    since: Day
    days: Annotated[tuple[int, ...], BeforeValidator(_weekdays)]
    shifts: Annotated[tuple[Annotated[tuple[time, time], BeforeValidator(_shift)], ...], Field(min_length=1)]

    @model_validator(mode="after")
    def _shifts_follow_each_other(self) -> Self:
        for (_, end), (start, _) in zip(self.shifts, self.shifts[1:], strict=False):
            if start < end:
                raise ValueError(
                    f"ca bắt đầu lúc {start:%H:%M} chồng lên ca trước, kết thúc lúc {end:%H:%M}; "
                    "hãy sửa giờ, ca sớm ghi trước"
                )
        return self


class HoursSection(Section):
    """[hours]: working time, each row in force from its day until the next row's."""

    schedule: Annotated[tuple[HoursRow, ...], Field(min_length=1)]

    @model_validator(mode="after")
    def _rows_follow_each_other(self) -> Self:
        days = [row.since for row in self.schedule]
        if days != sorted(set(days)):
            raise ValueError("các dòng schedule phải có since khác nhau, ngày sớm ghi trước; hãy xếp lại")
        return self


class RunnerSection(Section):
    """[runner]: the loop that takes mails from stage to stage."""

    workers: Count
    lease: Duration
    poll: Duration


class PolicySection(Section):
    """[policy]: the folder of the regulation's tables; None means the shipped ones."""

    tables: Annotated[FilePath | None, EmptyIsNone]


class LogSection(Section):
    """[log]: how much the daemon tells."""

    level: Literal["debug", "info", "warning", "error"]
