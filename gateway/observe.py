"""How the daemon is: counters for Prometheus, and the answer to "are you well?"."""

from __future__ import annotations

import asyncio
import shutil
from datetime import timedelta

from prometheus_client import CollectorRegistry, Counter, Gauge, generate_latest

from gateway.app import Office
from gateway.errors import GatewayError
from gateway.model.health import Health, HealthCheck
from gateway.model.mail import MailStage
from gateway.model.notice import NoticeStage
from handlers.runner import Runner

_STALLED_AFTER = timedelta(minutes=2)
_LEAST_FREE_MAILS = 20


class Metrics:
    """The numbers of /metrics. Gauges are read from the database by `refresh`, so that all nodes agree."""

    def __init__(self) -> None:
        self._registry = CollectorRegistry()
        self.accepted = Counter(
            "vanthu_mails_accepted", "Mails answered 250 by this process", ["transport"], registry=self._registry
        )
        self._mails = Gauge("vanthu_mails", "Mails at each stage", ["stage"], registry=self._registry)
        self._notices = Gauge("vanthu_notices", "Notices at each stage", ["stage"], registry=self._registry)
        self._free = Gauge("vanthu_disk_free_bytes", "Room left for mails", registry=self._registry)

    def render(self) -> bytes:
        """The text format of Prometheus."""
        return generate_latest(self._registry)

    async def refresh(self, office: Office) -> None:
        """Read the gauges anew."""
        counts = await office.queries.counts()
        for stage in MailStage:
            self._mails.labels(stage.value).set(counts.get(("mail", stage.value), 0))
        for notice_stage in NoticeStage:
            self._notices.labels(notice_stage.value).set(counts.get(("notice", notice_stage.value), 0))
        self._free.set(await asyncio.to_thread(_free_bytes, office))


class Wellbeing:
    """Implements ports.HealthSource: ill as soon as mail could not be taken or would not move."""

    def __init__(self, office: Office, runner: Runner) -> None:
        self._office = office
        self._runner = runner

    async def health(self) -> Health:
        """Look at the database, the loop and the disk; a scanner that is waited for is told, but is not our illness."""
        checks = (await self._database(), self._loop(), await self._disk())
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
        return HealthCheck("waiting", ok=not waiting, detail_vi=f"{len(waiting)} thư đang chờ máy quét hoặc ổ đĩa.")


def _free_bytes(office: Office) -> int:
    return shutil.disk_usage(office.settings.store.blobs).free
