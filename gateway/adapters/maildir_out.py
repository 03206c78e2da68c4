"""Mail out into Maildirs, one a recipient: for the demonstration and for agencies whose mailboxes are local."""

from __future__ import annotations

import asyncio
import errno
import hashlib
import secrets
import unicodedata
from email.parser import BytesHeaderParser
from pathlib import Path
from urllib.parse import quote

import structlog

from gateway.durable import sync_folder, write_synced
from gateway.model.notice import DeliveryOutcome, DeliveryResult, Outgoing

log = structlog.get_logger(__name__)

_NAME_LIMIT = 200


class MaildirSender:
    """Delivers durably into `root/<recipient>/new`; implements `gateway.ports.Sender`.

    The file is named after the Message-ID, so that a repeat of a mail replaces the copy in
    `new`, and leaves alone a copy that its reader has moved to `cur`. The content follows a
    Return-Path line unchanged (RFC 5321 section 4.4).
    """

    def __init__(self, root: Path) -> None:
        self._root = root

    async def send(self, outgoing: Outgoing) -> DeliveryResult:
        """One delivery, on the disk when it returns SENT: nothing is left to report. Never raises.

        A failing disk is TEMPORARY.
        """
        for address in (outgoing.reverse_path, outgoing.recipient):
            if any(unicodedata.category(letter) == "Cc" for letter in address):
                return DeliveryResult(DeliveryOutcome.PERMANENT, "5.1.3 Địa chỉ thư không hợp lệ")
        if not outgoing.recipient:
            return DeliveryResult(DeliveryOutcome.PERMANENT, "5.1.3 Thiếu địa chỉ người nhận")
        try:
            name = await asyncio.to_thread(_deliver, self.folder(outgoing.recipient), outgoing)
        except OSError as error:
            cause = errno.errorcode.get(error.errno or 0, "OSError")
            return DeliveryResult(DeliveryOutcome.TEMPORARY, f"Không ghi được vào hộp thư ({cause})")
        except Exception as error:
            log.exception("maildir.surprise")
            return DeliveryResult(DeliveryOutcome.TEMPORARY, f"Lỗi ngoài dự kiến ({type(error).__name__})")
        return DeliveryResult(DeliveryOutcome.SENT, f"250 2.0.0 {name}")

    def folder(self, recipient: str) -> Path:
        """The recipient's Maildir; letters of a name that could leave `root` are percent-encoded."""
        folded = unicodedata.normalize("NFC", recipient).lower()
        name = quote(folded, safe="@+=")
        if name.startswith("."):
            name = "%2E" + name[1:]
        if len(name) > _NAME_LIMIT:
            name = f"{name[: _NAME_LIMIT - 65]}-{hashlib.sha256(folded.encode()).hexdigest()}"
        return self._root / name


def _deliver(maildir: Path, outgoing: Outgoing) -> str:
    _make(maildir)
    name = _file_name(outgoing.content)
    if any((maildir / "cur").glob(f"{name}*")):
        return name
    temporary = maildir / "tmp" / f"{name}.{secrets.token_hex(8)}"
    try:
        write_synced(temporary, f"Return-Path: <{outgoing.reverse_path}>\r\n".encode() + outgoing.content)
        temporary.rename(maildir / "new" / name)
    finally:
        temporary.unlink(missing_ok=True)
    sync_folder(maildir / "new")
    return name


def _make(maildir: Path) -> None:
    """Create the folders, each entry durable before a mail lies in it."""
    if (maildir / "new").is_dir() and (maildir / "cur").is_dir() and (maildir / "tmp").is_dir():
        return
    maildir.mkdir(mode=0o700, parents=True, exist_ok=True)
    for name in ("tmp", "cur", "new"):
        (maildir / name).mkdir(mode=0o700, exist_ok=True)
    for folder in (maildir, maildir.parent, maildir.parent.parent):
        sync_folder(folder)


def _file_name(content: bytes) -> str:
    header = content.partition(b"\r\n\r\n")[0]
    message_id = BytesHeaderParser().parsebytes(header).get("Message-ID")
    key = str(message_id).strip().encode("utf-8", "replace") if message_id else content
    return f"{hashlib.sha256(key).hexdigest()}.vanthu"
