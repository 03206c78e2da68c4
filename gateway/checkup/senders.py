"""What senders are judged by: DNS, the word of the server in front of us, and the directory."""

from __future__ import annotations

import asyncio
from pathlib import Path

import dns.exception

from gateway.adapters.mail_auth import DnsFailure, Resolver
from gateway.checkup.result import REMEDIES, CheckResult, Task, fail, ok, warn
from gateway.model.directory import Party
from gateway.model.domain_name import address_domain
from gateway.model.wording import PARTY_WORDS
from gateway.settings import Settings
from gateway.store import migrations
from gateway.store.database import Database
from gateway.store.sqlstore import SqlStore


def resolver_of(settings: Settings) -> Resolver:
    """The way to DNS that senders are judged by."""
    return Resolver(settings.senders.nameservers, settings.senders.dns_timeout.total_seconds())


def reason_of(failure: DnsFailure) -> str:
    """Why DNS gave no answer, in Vietnamese."""
    if isinstance(failure.__cause__, dns.exception.Timeout):
        return "không trả lời trong thời hạn senders.dns_timeout"
    if isinstance(failure.__cause__, dns.exception.DNSException):
        return "từ chối hoặc báo lỗi"
    return "không nối được, hoặc máy này chưa khai báo máy chủ DNS"


async def nameservers(task: Task) -> list[CheckResult]:
    """Every name server answers for our own domain; where none does, every mail waits and is then held."""
    section = task.settings.senders
    domain = address_domain(task.settings.mail.from_address)
    chosen = [(server, [server]) for server in section.nameservers] or [("máy chủ DNS của hệ thống", [])]
    seconds = section.dns_timeout.total_seconds()
    reasons = await asyncio.gather(*(_asked(Resolver(servers, seconds), domain) for _, servers in chosen))
    judge = fail if all(reasons) else warn
    return [
        judge("dns", f"{name}, hỏi {domain}: {reason}", REMEDIES["dns"]) if reason else ok("dns", f"{name}: trả lời")
        for (name, _), reason in zip(chosen, reasons, strict=True)
    ]


async def _asked(resolver: Resolver, domain: str) -> str:
    """Why there was no answer; empty where there was one."""
    try:
        await resolver.txt(domain)
    except DnsFailure as failure:
        return reason_of(failure)
    return ""


async def trusted_servers(task: Task) -> list[CheckResult]:
    """Where mail comes through another server, that server's word on SPF is the only one."""
    settings = task.settings
    ways = [way for way, used in (("LMTP", settings.lmtp.enabled), ("IMAP", settings.imap.mailboxes)) if used]
    if not ways:
        return [ok("senders", "cổng tự xác thực nơi gửi")]
    if settings.senders.trusted_authserv:
        return [ok("senders", f"tin kết quả xác thực của {', '.join(settings.senders.trusted_authserv)}")]
    return [
        warn(
            "senders",
            f"thư nhận qua {', '.join(ways)} chỉ xác thực được bằng DKIM; thư không có chữ ký ấy đều bị giữ lại",
            "Hãy ghi vào senders.trusted_authserv tên đứng đầu dòng Authentication-Results của máy chủ thư đứng trước.",
        )
    ]


async def directory(task: Task) -> list[CheckResult]:
    """Somebody is known."""
    store = task.settings.store
    parties: tuple[Party, ...] = ()
    if not isinstance(store.database, Path) or await asyncio.to_thread(store.database.exists):
        revision = await migrations.current(store.url())
        if revision not in {None, migrations.newest()}:
            return [warn("directory", "chưa xem được danh bạ: cơ sở dữ liệu ở cấu trúc cũ", REMEDIES["database"])]
        parties = await _parties(store.url()) if revision else ()
    if parties:
        kinds = [party.kind for party in parties]
        return [ok("directory", ", ".join(f"{kinds.count(kind)} {word}" for kind, word in PARTY_WORDS.items()))]
    consequence = (
        "mọi văn bản nhận được đều chờ văn thư quyết định"
        if task.settings.senders.unknown == "hold"
        else "thư không xác thực được nơi gửi đều chờ văn thư quyết định"
    )
    return [warn("directory", f"danh bạ trống, {consequence}", REMEDIES["directory"])]


async def _parties(url: str) -> tuple[Party, ...]:
    database = Database(url)
    try:
        return (await SqlStore(database, {}).directory()).parties
    finally:
        await database.close()
