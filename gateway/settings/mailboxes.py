"""The section [imap] and its mailboxes."""

from __future__ import annotations

from datetime import timedelta
from enum import StrEnum
from typing import Annotated, Self

from pydantic import Field, model_validator

from gateway.settings.secret import ExternalFile, ExternalSecret
from gateway.settings.sections import Section
from gateway.settings.values import LOOPBACK, Address, Duration, EmptyIsNone, Port, Text

_LONGEST_IDLE = timedelta(minutes=29)


class MailboxTls(StrEnum):
    """How the way to an IMAP server is encrypted."""

    NONE = "none"
    STARTTLS = "starttls"
    TLS = "tls"


class MailboxLogin(StrEnum):
    """How an IMAP server is told who we are."""

    PASSWORD = "password"  # noqa: S105 - the name of a method
    XOAUTH2 = "xoauth2"


class MailboxSection(Section):
    """[[imap.mailboxes]]: one mailbox on another server."""

    name: Annotated[Text, Field(pattern=r"^[a-z0-9-]{1,20}$")]
    host: Text
    port: Port
    tls: MailboxTls
    ca_file: Annotated[ExternalFile | None, EmptyIsNone]
    username: Text
    login: MailboxLogin
    secret: ExternalSecret
    address: Address
    folder: Text
    done_folder: Annotated[Text | None, EmptyIsNone]
    done_flag: Annotated[Text, Field(pattern=r"^(?:\$?[A-Za-z0-9]{1,32}|\\(?:Seen|Flagged|Answered))$")]

    @model_validator(mode="after")
    def _keeps_its_secret(self) -> Self:
        if self.tls is MailboxTls.NONE and self.host not in LOOPBACK:
            raise ValueError("không gửi mật khẩu qua đường không mã hóa; hãy đặt tls là tls hoặc starttls")
        if self.done_folder is not None and _folder_name(self.done_folder) == _folder_name(self.folder):
            raise ValueError("done_folder trùng folder, thư đã nhận sẽ không rời hộp thư; hãy ghi thư mục khác")
        return self


def _folder_name(name: str) -> str:
    """INBOX alone is the same in any letters (RFC 9051 section 5.1)."""
    return name.upper() if name.upper() == "INBOX" else name


class ImapSection(Section):
    """[imap]: fetching from mailboxes on other servers."""

    poll: Duration
    connect_timeout: Duration
    command_timeout: Duration
    stale_after: Duration
    mailboxes: tuple[MailboxSection, ...]

    @model_validator(mode="after")
    def _fits_together(self) -> Self:
        names = [mailbox.name for mailbox in self.mailboxes]
        twice = next((name for name in names if names.count(name) > 1), None)
        if twice is not None:
            raise ValueError(f'hai mục mailboxes cùng có name là "{twice}"; hãy đặt mỗi hộp thư một tên')
        if self.poll > _LONGEST_IDLE:
            raise ValueError("poll không được quá 29 phút (RFC 2177); hãy giảm poll")
        if self.stale_after <= self.poll:
            raise ValueError("stale_after phải dài hơn poll; hãy tăng stale_after")
        return self
