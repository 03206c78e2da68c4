"""The way into a mailbox: connected, greeted, encrypted with a certificate that proves the server's name, logged in."""

from __future__ import annotations

import asyncio
import socket
import ssl
from base64 import b64encode

from aioimaplib import AUTH, Response

from gateway.adapters.imap_in import folder_names, replies
from gateway.adapters.imap_in.options import Login, MailboxOptions, Tls
from gateway.adapters.imap_in.problems import LoginRefused, MailboxProblem
from gateway.adapters.imap_in.wire import Wire

_NOT_NOW = frozenset({"UNAVAILABLE", "INUSE", "LIMIT", "SERVERBUG"})
"""Codes of a login that was refused for no fault of ours (RFC 5530 section 3)."""


async def enter(wire: Wire, options: MailboxOptions) -> None:
    """Bring a new wire to where it takes commands on folders.

    Raises LoginRefused, MailboxProblem, AioImapException and OSError; the wire may be open then.
    """
    async with asyncio.timeout(options.deadlines.connect):
        context = await _context(options) if options.tls is Tls.TLS else None
        await wire.loop.create_connection(lambda: wire, options.host, options.port, ssl=context)
        _keep_alive(wire)
        await _greeted(wire, options)
    await _log_in(wire, options)


async def _greeted(wire: Wire, options: MailboxOptions) -> None:
    await wire.greeted.wait()
    wire.check()
    if wire.preauthenticated and options.tls is Tls.STARTTLS:
        raise MailboxProblem("Máy chủ thư bỏ qua STARTTLS (PREAUTH); không dùng kết nối chưa mã hóa")
    await wire.read_capabilities()
    if options.tls is Tls.STARTTLS:
        await wire.start_tls(await _context(options), options.host)
        await wire.read_capabilities()


async def _log_in(wire: Wire, options: MailboxOptions) -> None:
    seconds = options.deadlines.command
    if wire.state != AUTH:
        response = await wire.within(seconds, _credentials(wire, options))
        if response.result != "OK":
            locks = options.login is Login.PASSWORD and replies.code(response) not in _NOT_NOW
            kind = LoginRefused if locks else MailboxProblem
            refused = f"Máy chủ thư từ chối đăng nhập bằng tài khoản {options.username}"
            raise kind(replies.with_code(refused, response))
    await wire.within(seconds, wire.read_capabilities())


async def _credentials(wire: Wire, options: MailboxOptions) -> Response:
    try:
        secret = options.secret()
    except Exception as error:  # noqa: BLE001 whoever keeps the secret may fail in any way; its text could hold a piece of it
        kind = type(error).__name__
        raise MailboxProblem(f"Không đọc được mật khẩu hoặc mã truy cập của hộp thư ({kind})") from None
    if options.login is Login.XOAUTH2:
        if "AUTH=XOAUTH2" not in wire.capabilities:
            raise LoginRefused("Máy chủ thư không nhận đăng nhập bằng XOAUTH2")
        message = f"user={options.username}\1auth=Bearer {secret}\1\1"
        return await wire.authenticate("XOAUTH2", b64encode(message.encode()))
    if "AUTH=PLAIN" in wire.capabilities:
        return await wire.authenticate("PLAIN", b64encode(f"\0{options.username}\0{secret}".encode()))
    if "LOGINDISABLED" in wire.capabilities:
        raise LoginRefused("Máy chủ thư không nhận đăng nhập bằng mật khẩu trên kết nối này")
    try:
        name = folder_names.quoted(options.username)
        folder_names.quoted(secret)
    except ValueError:
        raise LoginRefused("Máy chủ thư chỉ nhận LOGIN, nên tài khoản và mật khẩu phải là ký tự ASCII") from None
    return await wire.login(name, secret)


async def _context(options: MailboxOptions) -> ssl.SSLContext:
    """Made at each connect, so that a renewed CA file counts."""
    return await asyncio.to_thread(ssl.create_default_context, cafile=options.ca_file)


def _keep_alive(wire: Wire) -> None:
    raw = wire.transport.get_extra_info("socket")
    if raw is not None:
        raw.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
