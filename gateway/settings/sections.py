"""The sections of the configuration and every key in them, with what a section by itself can contradict.

No key has a default here: config/gateway.toml holds the defaults, so that what it documents is what runs.
"""

from __future__ import annotations

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
    StrictStr,
    ValidationInfo,
    model_validator,
)

from gateway.model.agency import Agency
from gateway.model.document import Direction
from gateway.policy.books import Book
from gateway.settings.secret import ExternalFile, ExternalSecret
from gateway.settings.values import (
    Address,
    Count,
    Domain,
    Duration,
    EmptyIsNone,
    FetchHost,
    FilePath,
    Listen,
    Nameserver,
    Network,
    Place,
    Port,
    PublicUrl,
    ReturnPath,
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


_TOKEN = 20
_REPLY_TOKEN = 26
_LONGEST_LOCAL_PART = 64


def _overlap(one: str, other: str) -> bool:
    """Whether an address could be read by both patterns."""
    (before, _, _), (after, _, _) = one.partition("*"), other.partition("*")
    return "*" in other and (before.startswith(after) or after.startswith(before))


class MailSection(Section):
    """[mail]: which mail is ours, and what our own mail looks like. Sizes are bytes."""

    recipients: Annotated[tuple[Address, ...], Field(min_length=1)]
    max_message: Size
    clerks: Annotated[tuple[Address, ...], Field(min_length=1)]
    it: tuple[Address, ...]
    from_address: Address
    from_name: Text
    domain: Domain
    return_path: Annotated[ReturnPath | None, EmptyIsNone]
    reply_address: ReturnPath
    answers_per_day: Count
    attach_up_to: Size

    def accepts(self, address: str) -> bool:
        """True where `address` is one of the recipients, with or without a plus part (`sgtvt+b-token@`)."""
        local, _, domain = address.lower().rpartition("@")
        return f"{local.partition('+')[0]}@{domain}" in self.recipients or f"{local}@{domain}" in self.recipients

    @property
    def it_staff(self) -> tuple[str, ...]:
        """Who hears of what only IT can mend: the clerks, where nobody else is named."""
        return self.it or self.clerks

    @property
    def reverse_path(self) -> str:
        """The envelope sender of our own mail, `*` standing for the token of each; empty for the null one."""
        return self._at_our_address(self.return_path or "")

    @property
    def reply_to(self) -> str:
        """Where replies go, `*` standing for the token of each; without one where the server takes no plus part."""
        return self._at_our_address(self.reply_address)

    def _at_our_address(self, pattern: str) -> str:
        """A plus part set into from_address; a whole address as it is."""
        local, _, domain = self.from_address.rpartition("@")
        return f"{local}{pattern}@{domain}" if pattern.startswith("+") else pattern

    @model_validator(mode="after")
    def _answers_come_back(self) -> Self:
        if not self.accepts(self.from_address):
            raise ValueError(
                "from_address phải nằm trong recipients, để thư trả lời thông báo về được cổng; "
                "hãy thêm địa chỉ ấy vào recipients"
            )
        for key, addresses in (("clerks", self.clerks), ("it", self.it)):
            ours = [address for address in addresses if self.accepts(address)]
            if ours:
                raise ValueError(
                    f"{key} có {ours[0]} là địa chỉ cổng tự nhận, thông báo sẽ quay vòng; hãy ghi hộp thư riêng"
                )
        if len(self.reply_to.replace("*", "x" * _REPLY_TOKEN).rpartition("@")[0]) > _LONGEST_LOCAL_PART:
            raise ValueError(
                "reply_address cùng mã 26 chữ dài quá 64 chữ trước @, máy chủ khác không nhận; "
                "hãy ghi phần cộng ngắn hơn, hoặc ghi trọn một địa chỉ ngắn"
            )
        if not self.accepts(self.reply_to.replace("*", "x")):
            raise ValueError(
                f"reply_address thành {self.reply_to}, không nằm trong recipients, thư trả lời sẽ không về được cổng; "
                "hãy ghi một địa chỉ trong recipients, thêm +r-* trước @ nếu máy chủ hiểu phần cộng"
            )
        if "*" in self.reply_to and _overlap(self.reply_to, self.reverse_path):
            raise ValueError(
                "reply_address và return_path không phân biệt được với nhau, thư trả lời sẽ bị coi là báo cáo chuyển "
                "phát; hãy ghi hai phần cộng khác nhau, như +r-* và +b-*"
            )
        if len(self.reverse_path.replace("*", "x" * _TOKEN).rpartition("@")[0]) > _LONGEST_LOCAL_PART:
            raise ValueError(
                "return_path cùng mã 20 chữ dài quá 64 chữ trước @, máy chủ khác không nhận; "
                "hãy ghi phần cộng ngắn hơn, hoặc ghi trọn một địa chỉ ngắn"
            )
        if self.reverse_path and not self.accepts(self.reverse_path.replace("*", "x")):
            raise ValueError(
                f"return_path thành {self.reverse_path}, không nằm trong recipients, báo cáo chuyển phát sẽ không về "
                "được cổng; hãy ghi một địa chỉ trong recipients, thêm +b-* trước @ nếu máy chủ hiểu phần cộng, "
                "hoặc để trống"
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


class SendersSection(Section):
    """[senders]: who may send, and how far it must be proved. `nameservers` are `address` or `address:port`,
    `front_servers` networks.
    """

    trusted_authserv: tuple[Text, ...]
    front_servers: tuple[Network, ...]
    unknown: Literal["hold", "accept"]
    patience: Duration
    nameservers: tuple[Nameserver, ...]
    dns_timeout: Duration
    directory: Annotated[FilePath | None, EmptyIsNone]


class AccountsSection(Section):
    """[accounts]: what the agency puts after the account of a person (Điều 4 khoản 2 điểm a); may be empty."""

    suffix: Annotated[StrictStr, Field(pattern=r"^(?:-[a-z0-9-]{0,18}[a-z0-9])?$")]


class WorkSection(Section):
    """[work]: how documents are worked on by reply. `handle_within` and `remind_before` are working time."""

    handle_within: Duration
    remind_before: Duration
    token_valid: Duration
    fresh: Duration
    confirm_valid: Duration
    links_valid: Duration
    digest_after: Count

    @model_validator(mode="after")
    def _fits_together(self) -> Self:
        if self.fresh > self.token_valid:
            raise ValueError("fresh không được dài hơn token_valid; hãy giảm fresh hoặc tăng token_valid")
        if self.remind_before >= self.handle_within:
            raise ValueError(
                "remind_before phải ngắn hơn handle_within, nếu không văn thư bị nhắc ngay khi nhận; "
                "hãy giảm remind_before"
            )
        return self


class SubmissionsSection(Section):
    """[submissions]: forwarding to the province. `acknowledge_within` is working time, `attach_up_to` bytes."""

    recipient: Address
    approval: StrictBool
    acknowledge_within: Duration
    attach_up_to: Size


class LimitsSection(Section):
    """[limits]: what may arrive within an hour. Sizes are bytes."""

    sender_mails: Count
    sender_bytes: Size
    total_mails: Count
    total_bytes: Size

    @model_validator(mode="after")
    def _fits_together(self) -> Self:
        for kind, of_one, of_all in (
            ("mails", self.sender_mails, self.total_mails),
            ("bytes", self.sender_bytes, self.total_bytes),
        ):
            if of_one > of_all:
                raise ValueError(f"sender_{kind} không được lớn hơn total_{kind}; hãy giảm số trước hoặc tăng số sau")
        return self


class DkimSection(Section):
    """[dkim]: the signature on our own mail; None as key means none."""

    domain: Domain
    selector: Domain
    key: Annotated[ExternalSecret | None, EmptyIsNone]


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
    warn_after: Duration

    def addresses(self) -> list[str]:
        """The scanners as their adapter takes them: `unix:/path` or `tcp:host:port`."""
        return [str(place) if isinstance(place, UnixPlace) else f"tcp:{place}" for place in self.clamd]


class SandboxSection(Section):
    """[sandbox]: the worker processes that open foreign files. `memory` is bytes for each."""

    workers: Count
    memory: Size
    timeout: Duration
    tasks_per_worker: Count


class SealRow(Section):
    """A row of signatures.seals: a certificate, by CN or serial number, and the code of the agency whose seal it is."""

    certificate: Text
    agency: Text


class SignaturesSection(Section):
    """[signatures]: certificates that signatures are traced to, and what authorities say of those they have issued.

    None as `anchors` or `pins` means the shipped ones. `fetch_timeout` is for each question; `fetch_hosts` are pairs:
    a host named in certificates, and where it is reached instead, as `host` or `host:port`.
    """

    anchors: Annotated[FilePath | None, EmptyIsNone]
    seals: tuple[SealRow, ...]
    pins: Annotated[FilePath | None, EmptyIsNone]
    fetch_revocation: StrictBool
    fetch_timeout: Duration
    revocation_cache: Annotated[FilePath | None, EmptyIsNone]
    fetch_hosts: tuple[FetchHost, ...]

    @model_validator(mode="after")
    def _fits_together(self) -> Self:
        if self.fetch_revocation and self.revocation_cache is None:
            raise ValueError("fetch_revocation cần revocation_cache; hãy ghi thư mục ấy, hoặc tắt fetch_revocation")
        return self


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
    warn_after: Duration
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
    """[book]: the main book of incoming documents; others stand in policy/books.toml."""

    code: Annotated[Text, Field(pattern=r"^[a-z0-9-]{1,20}$")]
    name: Text
    first_year: Annotated[StrictInt, Field(ge=2000, le=2999)]
    first_number: Count

    def record(self) -> Book:
        """The main incoming book."""
        return Book(self.code, self.name, Direction.IN, self.first_year, self.first_number)


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
