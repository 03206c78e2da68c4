"""What goes wrong with a mailbox, in words for the operator."""

from __future__ import annotations

import ssl

from aioimaplib import AioImapException

from gateway.errors import StorageFull, TemporaryError


class MailboxProblem(Exception):
    """No usable mailbox for now; the text is Vietnamese and holds no secret."""


class LoginRefused(MailboxProblem):
    """The server does not let us in: trying again soon would only lock the account."""


class BrokenProtocol(MailboxProblem):
    """The server says what it must not say, or more than was asked."""

    def __init__(self, detail: str) -> None:
        """`detail` is one short line without anything of a mail."""
        super().__init__(f"Máy chủ thư trả lời sai giao thức IMAP ({detail})")


def describe(error: Exception) -> str:
    """One Vietnamese line for any failure of an attempt."""
    if isinstance(error, MailboxProblem):
        return str(error)
    for kind, text in _TEXTS:
        if isinstance(error, kind):
            return text.format(error=error, name=type(error).__name__)
    return f"Lỗi ngoài dự kiến khi lấy thư ({type(error).__name__})"


_TEXTS: tuple[tuple[type[Exception], str], ...] = (
    (StorageFull, "Ổ đĩa lưu thư đã đầy; thư vẫn ở trong hộp thư"),
    (TemporaryError, "Chưa ghi nhận được thư, đang chờ: {error.waiting_for}; thư vẫn ở trong hộp thư"),
    (ssl.SSLCertVerificationError, "Chứng thư của máy chủ thư không đáng tin: {error.verify_message}"),
    (ssl.SSLError, "Không thiết lập được kênh mã hóa TLS với máy chủ thư ({error.reason})"),
    (TimeoutError, "Máy chủ thư không trả lời trong thời hạn"),
    (AioImapException, "Máy chủ thư đã ngắt kết nối"),
    (OSError, "Mất kết nối hoặc không nối được tới máy chủ thư ({name})"),
)
"""The more particular kinds first."""
