"""The way to a relay: connected, encrypted with a certificate that proves its name, logged in."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import Callable
from enum import StrEnum
from pathlib import Path

import aiosmtplib

from gateway.adapters.smtp_out.connection import Connection
from gateway.adapters.smtp_out.faults import NotReadyError
from gateway.adapters.smtp_out.timeouts import RelayTimeouts
from gateway.errors import SettingsError


class RelayTls(StrEnum):
    """How the way to the relay is protected; with the last two the certificate is always verified."""

    NONE = "none"
    STARTTLS = "starttls"
    TLS = "tls"


class Door:
    """Opens connections to one relay. Raises SettingsError where the password would go in the clear."""

    def __init__(
        self,
        host: str,
        port: int,
        *,
        helo: str,
        tls: RelayTls,
        username: str | None,
        password: Callable[[], str] | str | None,
        ca_file: Path | None,
        timeouts: RelayTimeouts,
    ) -> None:
        self._host, self._port, self._helo, self._tls = host, port, helo, tls
        if username is not None and (password is None or tls is RelayTls.NONE):
            raise SettingsError("relay.username: đăng nhập cần relay.password và relay.tls là starttls hoặc tls")
        self._username = username
        self._password = password if callable(password) else lambda: password or ""
        self._context = None if tls is RelayTls.NONE else ssl.create_default_context(cafile=ca_file)
        self._timeouts = timeouts

    def __repr__(self) -> str:
        return f"{self._host}:{self._port}, {self._tls}"

    async def enter(self) -> Connection:
        """A new connection; raises NotReadyError."""
        client = aiosmtplib.SMTP(
            hostname=self._host,
            port=self._port,
            local_hostname=self._helo,
            timeout=self._timeouts.command,
            use_tls=self._tls is RelayTls.TLS,
            start_tls=False,
            tls_context=self._context,
        )
        ready = False
        try:
            async with asyncio.timeout(self._timeouts.connect):
                await self._greet(client)
            ready = True
        except TimeoutError as error:
            raise NotReadyError("Quá thời hạn khi nối tới máy chủ chuyển thư") from error
        except ssl.SSLCertVerificationError as error:
            raise NotReadyError(_untrusted(error)) from error
        except (aiosmtplib.SMTPException, OSError) as error:
            raise NotReadyError(_connection_failure(error)) from error
        finally:
            if not ready:
                client.close()
        return Connection(client)

    async def _greet(self, client: aiosmtplib.SMTP) -> None:
        await client.connect(timeout=self._timeouts.connect)
        try:
            await client.ehlo()
        except aiosmtplib.SMTPHeloError:
            if self._tls is not RelayTls.NONE or not client.is_connected:
                raise
            await client.helo()
        if self._tls is RelayTls.STARTTLS:
            if not client.supports_extension("starttls"):
                raise NotReadyError("Máy chủ chuyển thư không nhận STARTTLS; thư không được gửi đi khi chưa mã hóa")
            await client.starttls()
            await client.ehlo()
        if self._username is not None:
            await self._log_in(client, self._username)

    async def _log_in(self, client: aiosmtplib.SMTP, username: str) -> None:
        try:
            await client.login(username, self._password())
        except aiosmtplib.SMTPResponseException as error:
            raise NotReadyError(f"Máy chủ chuyển thư từ chối đăng nhập (mã {error.code})") from None
        except aiosmtplib.SMTPException as error:
            raise NotReadyError(f"Không đăng nhập được máy chủ chuyển thư ({type(error).__name__})") from None


def _untrusted(error: ssl.SSLCertVerificationError) -> str:
    return f"Chứng thư của máy chủ chuyển thư không đáng tin: {error.verify_message}"


def _connection_failure(error: Exception) -> str:
    cause = error.__cause__ if isinstance(error.__cause__, OSError) else error
    if isinstance(cause, ssl.SSLCertVerificationError):
        return _untrusted(cause)
    if isinstance(error, aiosmtplib.SMTPResponseException):
        return f"Máy chủ chuyển thư từ chối kết nối: {error.code} {error.message}"
    return f"Không nối được tới máy chủ chuyển thư ({type(cause).__name__})"
