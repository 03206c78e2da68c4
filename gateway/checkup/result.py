"""What a check says, and what every check is given."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from gateway.settings import Settings


class CheckState(StrEnum):
    """FAIL keeps the gateway from its promises; WARN will."""

    OK = "ok"
    WARN = "warn"
    FAIL = "fail"


@dataclass(frozen=True, slots=True)
class CheckResult:
    """One thing tried. `name` is a stable key; `detail` and `remedy` are Vietnamese and hold no secret."""

    name: str
    state: CheckState
    detail: str
    remedy: str = ""


@dataclass(frozen=True, slots=True)
class Task:
    """What is checked, and the moment it is checked at."""

    settings: Settings
    now: datetime


REMEDIES = {
    "database": "Hãy xem store.database, quyền ghi của người dùng chạy dịch vụ, và chạy: vanthu migrate.",
    "blobs": "Hãy tạo thư mục store.blobs, cho người dùng chạy dịch vụ quyền ghi.",
    "scanner": "Hãy xem dịch vụ clamav-daemon có chạy, và khóa scanner.clamd.",
    "relay": "Hãy xem các khóa relay.host, relay.port, relay.tls, relay.username, relay.password, relay.maildir.",
    "imap": "Hãy xem các khóa host, port, tls, ca_file, username, login, secret, folder của hộp thư ấy.",
    "dns": "Hãy xem senders.nameservers, hoặc /etc/resolv.conf; không có DNS thì thư phải chờ rồi bị giữ lại.",
    "directory": "Hãy ghi cơ quan, đơn vị, cá nhân vào tệp danh bạ rồi chạy: vanthu directory import.",
    "dkim": "Hãy xem dkim.domain, dkim.selector, và tệp ghi ở dkim.key.",
    "templates": "Hãy cài lại gói vanthu.",
    "anchors": "Hãy xem vanthu trust list, thêm chứng thư gốc bằng vanthu trust add (nơi công bố: docs/trust.md).",
    "receipts": "Hãy xem receipts.certificate cùng receipts.key, hoặc receipts.module, token, label, pin.",
    "sandbox": "Hãy tăng sandbox.memory, sandbox.timeout, hoặc xem giới hạn MemoryMax, TasksMax của dịch vụ.",
    "isolation": "Hãy chạy trên nhân Linux từ 5.13 có seccomp và Landlock (Debian 12 có sẵn).",
    "archives": "Hãy chạy: apt-get install libarchive13.",
    "ocr": "Hãy chạy: apt-get install tesseract-ocr tesseract-ocr-vie.",
    "tls": "Hãy xem smtp.tls_certificate và smtp.tls_key: cùng một cặp, PEM, khóa không đặt mật khẩu.",
}
"""What mends a check that failed as a whole."""


def ok(name: str, detail: str) -> CheckResult:
    """All is well."""
    return CheckResult(name, CheckState.OK, detail)


def warn(name: str, detail: str, remedy: str) -> CheckResult:
    """It works, and somebody should look."""
    return CheckResult(name, CheckState.WARN, detail, remedy)


def fail(name: str, detail: str, remedy: str) -> CheckResult:
    """It does not work."""
    return CheckResult(name, CheckState.FAIL, detail, remedy)
