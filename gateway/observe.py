"""How the daemon is: counters for Prometheus, and the answer to "are you well?"."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import Sequence
from datetime import timedelta
from functools import partial
from typing import Protocol

from prometheus_client import CollectorRegistry, Counter, Gauge, generate_latest

from gateway.app import Office
from gateway.errors import GatewayError
from gateway.model.health import Health, HealthCheck
from gateway.model.mail import MailStage
from gateway.model.notice import NoticeStage
from gateway.model.report import DeliveryState
from handlers.runner import Runner

_STALLED_AFTER = timedelta(minutes=2)
_LEAST_FREE_MAILS = 20


class Watched(Protocol):
    """A mailbox as observers see it."""

    name: str
    stale_after: timedelta
    reason: str

    def age(self) -> timedelta:
        """How long ago it was last read to its end, or a reading that lasts brought something new."""
        ...


class Metrics:
    """The numbers of /metrics. Gauges are read from the database by `refresh`, so that all nodes agree."""

    def __init__(self) -> None:
        self._registry = CollectorRegistry()
        self.accepted = Counter(
            "vanthu_mails_accepted", "Mails answered 250 by this process", ["transport"], registry=self._registry
        )
        self.put_off = Counter(
            "vanthu_mails_put_off",
            "Answers of this process that a mail must come later, for the hourly limits",
            ["transport"],
            registry=self._registry,
        )
        self._mails = Gauge("vanthu_mails", "Mails at each stage", ["stage"], registry=self._registry)
        self._notices = Gauge("vanthu_notices", "Notices at each stage", ["stage"], registry=self._registry)
        self._deliveries = Gauge(
            "vanthu_notice_deliveries",
            "Notices that the relay took, by how far they are known to have come",
            ["state"],
            registry=self._registry,
        )
        self._mailbox_age = Gauge(
            "vanthu_mailbox_last_good_fetch_age_seconds",
            "Time since an IMAP mailbox was last read to its end, or a reading that lasts brought something new",
            ["mailbox"],
            registry=self._registry,
        )
        self._free = Gauge("vanthu_disk_free_bytes", "Room left for mails", registry=self._registry)

    def render(self) -> bytes:
        """The text format of Prometheus."""
        return generate_latest(self._registry)

    def watch(self, mailboxes: Sequence[Watched]) -> None:
        """Show the age of the last good fetch of each mailbox whenever the numbers are asked for."""
        for mailbox in mailboxes:
            self._mailbox_age.labels(mailbox.name).set_function(partial(_age_seconds, mailbox))

    async def refresh(self, office: Office) -> None:
        """Read the gauges anew."""
        counts = await office.queries.counts()
        for stage in MailStage:
            self._mails.labels(stage.value).set(counts.get(("mail", stage.value), 0))
        for notice_stage in NoticeStage:
            self._notices.labels(notice_stage.value).set(counts.get(("notice", notice_stage.value), 0))
        for state in DeliveryState:
            self._deliveries.labels(state.value).set(counts.get(("delivery", state.value), 0))
        self._free.set(await asyncio.to_thread(_free_bytes, office))


class Wellbeing:
    """Implements ports.HealthSource: ill as soon as mail could not be taken or would not move."""

    def __init__(self, office: Office, runner: Runner, mailboxes: Sequence[Watched]) -> None:
        self._office = office
        self._runner = runner
        self._mailboxes = mailboxes

    async def health(self) -> Health:
        """Look at the database, the loop and the disk; a scanner that is waited for is told, but is not our illness."""
        checks = (await self._database(), self._loop(), await self._disk(), *map(_fetched, self._mailboxes))
        return Health(all(check.ok for check in checks), (*checks, await self._waiting()))

    async def _database(self) -> HealthCheck:
        try:
            await self._office.queries.counts()
        except GatewayError as error:
            return HealthCheck(
                "database", ok=False, detail_vi=f"Không đọc được cơ sở dữ liệu ({type(error).__name__})."
            )
        return HealthCheck("database", ok=True, detail_vi="Đọc được cơ sở dữ liệu.")

    def _loop(self) -> HealthCheck:
        still = self._office.desk.clock.now() - self._runner.turned_at
        ok = still < _STALLED_AFTER
        return HealthCheck(
            "runner", ok=ok, detail_vi=f"Vòng xử lý chạy gần nhất {still.total_seconds():.0f} giây trước."
        )

    async def _disk(self) -> HealthCheck:
        free = await asyncio.to_thread(_free_bytes, self._office)
        ok = free >= _LEAST_FREE_MAILS * self._office.settings.mail.max_message
        return HealthCheck("disk", ok=ok, detail_vi=f"Kho nguyên bản còn trống {free // 2**20} MB.")

    async def _waiting(self) -> HealthCheck:
        try:
            waiting = [aside for aside in await self._office.queries.set_aside() if aside.mail.waiting_for]
        except GatewayError:
            waiting = []
        return HealthCheck(
            "waiting", ok=not waiting, detail_vi=f"{len(waiting)} thư đang chờ máy quét, DNS hoặc ổ đĩa."
        )


def _age_seconds(mailbox: Watched) -> float:
    return mailbox.age().total_seconds()


def _fetched(mailbox: Watched) -> HealthCheck:
    age = mailbox.age()
    seen = f"Hộp thư {mailbox.name} xem được gần nhất {age.total_seconds():.0f} giây trước"
    ok = age <= mailbox.stale_after
    return HealthCheck(f"imap:{mailbox.name}", ok=ok, detail_vi=f"{seen}." if ok else f"{seen}: {mailbox.reason}")


def _free_bytes(office: Office) -> int:
    return shutil.disk_usage(office.settings.store.blobs).free
