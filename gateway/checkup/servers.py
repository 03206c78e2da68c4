"""The servers the gateway talks to, and the address it gives to the public."""

from __future__ import annotations

import asyncio
import ssl
from contextlib import closing, suppress
from datetime import datetime
from urllib.parse import urlsplit

import aiosmtplib

from gateway.adapters.clamd import ClamdScanner
from gateway.app import MAIL_OVERHEAD
from gateway.checkup.machine import write_durably
from gateway.checkup.result import REMEDIES, CheckResult, Task, fail, ok, warn
from gateway.clock import local
from gateway.errors import TemporaryError
from gateway.settings import LOOPBACK, RelayTls, Settings

OVERHEAD_OF_MAIL = 1.4
"""Base64 with line ends makes 1.37 bytes of one; the rest is for the text of the notice."""

_SAMPLE = "kiemtra"
_GOOD, _BAD, _FINAL = 200, 300, 500

UNPACKED = 3
"""clamd counts an archive, what it holds and what that holds against MaxScanSize."""


async def scanner(task: Task) -> list[CheckResult]:
    """Every scanner answers, knows fresh signatures, and searches mail of the largest size to its end."""
    results: list[CheckResult] = []
    for address in task.settings.scanner.addresses():
        try:
            results += await _one_scanner(task, address)
        except TemporaryError as error:
            results.append(fail("scanner", f"{address}: {error}", REMEDIES["scanner"]))
    return results


async def _one_scanner(task: Task, address: str) -> list[CheckResult]:
    with closing(_asking(task.settings, address)) as scanner:
        version = await scanner.version()
        alerts = await _alerts(scanner, address)
        return [
            age_of_signatures(task, address, version.engine, version.signature_time),
            *await _limits(scanner, address, task.settings.mail.max_message),
            *(alerts or await _announcement(scanner, address)),
        ]


async def weaknesses(settings: Settings, address: str) -> list[CheckResult]:
    """What this scanner would not search to its end, or keep silent about; raises TemporaryError where it is away."""
    with closing(_asking(settings, address)) as scanner:
        alerts, limits, announcement = await asyncio.gather(
            _alerts(scanner, address),
            _limits(scanner, address, settings.mail.max_message),
            _announcement(scanner, address),
        )
        return [*limits, *(alerts or announcement)]


def _asking(settings: Settings, address: str) -> ClamdScanner:
    return ClamdScanner([address], settings.scanner.timeout.total_seconds(), settings.mail.max_message)


async def _alerts(scanner: ClamdScanner, address: str) -> list[CheckResult]:
    return [
        fail("scanner", f"{address}: thiếu {setting}", f"Hãy thêm dòng “{setting}” vào clamd.conf rồi chạy lại.")
        for setting in await scanner.missing_alerts()
    ]


async def _limits(scanner: ClamdScanner, address: str, largest: int) -> list[CheckResult]:
    """The largest mail, and the largest file our own bound lets pass inside an archive, are searched to their ends."""
    results = []
    if not await scanner.accepts_stream_of(largest):
        size = _megabytes(largest)
        results.append(
            fail(
                "scanner",
                f"{address}: không quét hết tệp {size} MB, bằng mail.max_message",
                f"Trong clamd.conf hãy đặt StreamMaxLength từ {size + 1}M, MaxFileSize và MaxScanSize "
                f"từ {UNPACKED * size + 1}M trở lên; hoặc giảm mail.max_message.",
            )
        )
    member = MAIL_OVERHEAD * largest
    if not await scanner.searches_member_of(member):
        size = _megabytes(member)
        results.append(
            fail(
                "scanner",
                f"{address}: không quét hết tệp {size} MB nằm trong tệp nén hoặc tệp văn phòng",
                f"Trong clamd.conf hãy đặt MaxFileSize và MaxScanSize từ {UNPACKED * size + 1}M trở lên; "
                "hoặc giảm mail.max_message.",
            )
        )
    return results


async def _announcement(scanner: ClamdScanner, address: str) -> list[CheckResult]:
    if await scanner.announces_every_limit():
        return []
    return [
        fail(
            "scanner",
            f"{address}: coi là sạch tệp nén có nội dung lớn quá giới hạn mà nó bỏ qua",
            "Trong clamd.conf hãy đặt MaxFileSize bằng MaxScanSize, dưới 2000M.",
        )
    ]


def _megabytes(size: int) -> int:
    return -(-size // 1024**2)


def age_of_signatures(task: Task, address: str, engine: str, made_at: datetime | None) -> CheckResult:
    """What signatures made at that moment are worth now; `made_at` None is not known."""
    remedy = "Hãy xem dịch vụ clamav-freshclam có chạy và có ra được mạng không."
    longest = task.settings.scanner.max_signature_age
    if made_at is None:
        return warn("scanner", f"{address}: {engine}, không rõ ngày của mẫu mã độc", remedy)
    told = f"{address}: {engine}, mẫu ngày {local(made_at):%d/%m/%Y}"
    if task.now - made_at > longest:
        return fail("scanner", f"{told}, cũ hơn {longest.total_seconds() / 86400:g} ngày", remedy)
    return ok("scanner", told)


async def relay(task: Task) -> list[CheckResult]:
    """The relay takes our login, our envelope and mail of our size, or the Maildir can be written."""
    relay = task.settings.relay
    if relay.maildir is not None:
        await asyncio.to_thread(write_durably, relay.maildir)
        return [ok("relay", f"ghi được vào {relay.maildir}")]
    place = f"{relay.host}:{relay.port}"
    context = None
    if relay.tls is not RelayTls.NONE:
        context = ssl.create_default_context(cafile=relay.ca_file.path() if relay.ca_file else None)
    client = aiosmtplib.SMTP(
        hostname=relay.host,
        port=relay.port,
        local_hostname=task.settings.smtp.hostname,
        use_tls=relay.tls is RelayTls.TLS,
        start_tls=False,
        tls_context=context,
    )
    try:
        await client.connect()
        await client.ehlo()
        if relay.tls is RelayTls.STARTTLS:
            await client.starttls()
            await client.ehlo()
        if relay.username is not None and relay.password is not None:
            await client.login(relay.username, relay.password.reveal())
        return [
            _size_at_relay(task, place, client.esmtp_extensions.get("size", "")),
            *_offers_at_relay(task, place, client),
            *await _envelope_at_relay(task, place, client),
        ]
    except ssl.SSLError as error:
        return [fail("relay", f"{place}: TLS hỏng ({error.reason or type(error).__name__})", REMEDIES["relay"])]
    except aiosmtplib.SMTPResponseException as error:
        # The relay's words on a login may repeat what was sent; the code alone says enough.
        return [fail("relay", f"{place}: máy chủ trả lời {error.code}", REMEDIES["relay"])]
    except aiosmtplib.SMTPException as error:
        return [fail("relay", f"{place}: không nói chuyện được ({type(error).__name__})", REMEDIES["relay"])]
    finally:
        with suppress(aiosmtplib.SMTPException, OSError):
            await client.quit()
        client.close()


def _size_at_relay(task: Task, place: str, told: str) -> CheckResult:
    """RFC 1870: SIZE without a number, or 0, names no limit."""
    needed = int(task.settings.mail.attach_up_to * OVERHEAD_OF_MAIL)
    limit = int(told) if told.isdigit() else 0
    if 0 < limit < needed:
        return fail(
            "relay",
            f"{place}: chỉ nhận thư tới {limit} byte, thông báo kèm tệp có thể tới {needed} byte",
            "Hãy giảm mail.attach_up_to, hoặc tăng giới hạn ở máy chủ (Postfix: message_size_limit).",
        )
    return ok("relay", f"{place}: sẵn sàng nhận thư")


def _offers_at_relay(task: Task, place: str, client: aiosmtplib.SMTP) -> list[CheckResult]:
    results = []
    if not client.supports_extension("dsn"):
        results.append(
            warn(
                "relay",
                f"{place}: không có DSN (RFC 3461), chỉ biết thông báo bị trả lại, không biết thông báo đã tới nơi",
                "Hãy đề nghị người quản trị máy chủ chuyển thư bật DSN cho máy này "
                "(Postfix: smtpd_discard_ehlo_keywords không có dsn).",
            )
        )
    if task.settings.relay.tls is RelayTls.NONE and task.settings.relay.host not in LOOPBACK:
        offered = client.supports_extension("starttls")
        results.append(
            warn(
                "relay",
                f"{place}: thông báo đi qua mạng không mã hóa" + (", dù máy chủ có STARTTLS" if offered else ""),
                'Hãy đặt relay.tls = "starttls".'
                if offered
                else "Hãy đề nghị người quản trị máy chủ chuyển thư bật STARTTLS.",
            )
        )
    return results


async def _envelope_at_relay(task: Task, place: str, client: aiosmtplib.SMTP) -> list[CheckResult]:
    """The relay takes our envelope; RCPT as well, because many servers judge MAIL only then. No mail is sent."""
    mail = task.settings.mail
    path, clerk = mail.reverse_path.replace("*", _SAMPLE), mail.clerks[0]
    for command in (f"MAIL FROM:<{path}>", f"RCPT TO:<{clerk}>"):
        answer = await client.execute_command(*command.encode().split(b" "))
        if not _GOOD <= answer.code < _BAD:
            judge = warn if answer.code < _FINAL else fail
            return [
                judge(
                    "relay",
                    f"{place}: trả lời {answer.code} khi cổng gửi từ <{path}> tới <{clerk}>",
                    "Hãy đề nghị người quản trị máy chủ chuyển thư cho máy này gửi thư với địa chỉ ấy, "
                    "hoặc sửa mail.return_path, mail.clerks.",
                )
            ]
    return []


async def web(task: Task) -> list[CheckResult]:
    """Tracking links are encrypted."""
    url = task.settings.web.public_url
    if url.startswith("http://") and urlsplit(url).hostname not in LOOPBACK:
        return [warn("web", f"liên kết theo dõi không mã hóa: {url}", "Hãy đặt web.public_url bắt đầu bằng https://.")]
    return [ok("web", f"liên kết theo dõi đứng ở {url}")]
