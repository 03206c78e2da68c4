"""The daemon from start to stop: listeners, the loop, the web, and what the service manager is told."""

from __future__ import annotations

import asyncio
import fcntl
import os
import signal
import socket
import ssl
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path

from gateway.adapters.smtp_in import Listener, Options
from gateway.adapters.smtp_in import start as start_listener
from gateway.adapters.systemd import Notifier, listen_sockets, watchdog_interval
from gateway.app import Office, open_office
from gateway.clock import Clock, SystemClock
from gateway.errors import GatewayError, SettingsError, TemporaryError
from gateway.log import logger
from gateway.mailboxes import fetching
from gateway.model.document import Document
from gateway.model.facts import ScanVerdict
from gateway.model.mail import Envelope, StoredBlob, Transport
from gateway.observe import Metrics, Wellbeing
from gateway.ports import Scanner
from gateway.scanning import proving_scanners, watching_scanner
from gateway.sealing import officers_certificate
from gateway.settings import Settings
from gateway.settings.values import UnixPlace
from gateway.shipped import shipped
from gateway.store import migrations
from gateway.trusting import watching_trust
from gateway.web.app import build_app
from gateway.web.server import WebServer, start_web
from handlers.desk import Desk
from handlers.forward import acknowledge, seen
from handlers.ingest import ingest
from handlers.outgoing import kept_back
from handlers.runner import Runner, RunnerOptions

log = logger(__name__)

_DRAIN_SECONDS = 25.0
_REFRESH_SECONDS = 15.0
_SMTP_NAME, _LMTP_NAME, _WEB_NAME = "smtp", "lmtp", "web"


@dataclass(frozen=True, slots=True)
class Running:
    """A gateway at work. `smtp` and `lmtp` are where it listens, each `host:port` or a socket's path."""

    office: Office
    runner: Runner
    smtp: tuple[str, ...]
    lmtp: tuple[str, ...]
    web: str


async def prepare_database(settings: Settings) -> None:
    """Make the tables of an empty database; raises SettingsError where an older one awaits `vanthu migrate`."""
    url = settings.store.url()
    if isinstance(settings.store.database, Path):
        settings.store.database.parent.mkdir(parents=True, exist_ok=True)
    revision = await migrations.current(url)
    if revision is None:
        await migrations.migrate(url)
    elif revision != migrations.newest():
        raise SettingsError(
            f"store.database: cấu trúc đang ở bản {revision}, phần mềm cần bản {migrations.newest()}; "
            "hãy sao lưu rồi chạy vanthu migrate."
        )


async def _await_database(settings: Settings) -> None:
    """A server that starts beside us may take its time; raises TemporaryError where it never comes."""
    for wait in (1, 2, 5, 10, 20, 20):
        try:
            return await prepare_database(settings)
        except TemporaryError as error:
            log.warning("database not there yet", cause=str(error))
            await asyncio.sleep(wait)
    raise TemporaryError("database", "store.database: không kết nối được sau một phút")


@contextmanager
def sole_node(settings: Settings) -> Iterator[str]:
    """This machine's name among the nodes; raises SettingsError while another daemon here uses the same blobs.

    Only so may a restarted daemon take over the leases that its killed predecessor left.
    """
    node = socket.gethostname()
    settings.store.blobs.mkdir(parents=True, exist_ok=True)
    path = settings.store.blobs / f"node-{node}.lock"
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise SettingsError(
                f"store.blobs: một tiến trình vanthu serve khác đang dùng {settings.store.blobs}; "
                "hãy dừng tiến trình ấy trước."
            ) from None
        yield node
    finally:
        os.close(descriptor)


@asynccontextmanager
async def running(
    settings: Settings, *, scanner: Scanner | None = None, clock: Clock | None = None
) -> AsyncIterator[Running]:
    """A whole gateway: open while the block lasts, drained on leaving. Raises SettingsError, OSError."""
    inherited = listen_sockets()
    await asyncio.to_thread(officers_certificate, settings, (clock or SystemClock()).now())
    async with AsyncExitStack() as opened:
        node = opened.enter_context(sole_node(settings))
        proof = await opened.enter_async_context(proving_scanners(settings)) if scanner is None else None
        await _await_database(settings)
        office = await opened.enter_async_context(open_office(settings, scanner=scanner, clock=clock))
        await office.sandbox.warm()
        if proof is not None:
            await proof
        await office.desk.store.free_leases(node)
        options = RunnerOptions(node, settings.runner.workers, settings.runner.lease, settings.runner.poll)
        runner = Runner(office.desk, options, office.bell)
        metrics = Metrics()
        loop = asyncio.create_task(runner.run(), name="runner")
        opened.push_async_callback(_stop_runner, runner, loop)
        listeners = await _listen(settings, office, metrics, inherited)
        opened.push_async_callback(_drain, [listener for each in listeners.values() for listener in each])
        mailboxes = await opened.enter_async_context(fetching(settings, office, metrics))
        metrics.watch(mailboxes)
        await opened.enter_async_context(watching_scanner(office, node))
        await opened.enter_async_context(watching_trust(office, node))
        web = await _serve_web(settings, Wellbeing(office, runner, mailboxes), office, metrics, inherited)
        opened.push_async_callback(web.stop)
        refreshing = asyncio.create_task(_refresh_metrics(metrics, office), name="metrics")
        opened.callback(refreshing.cancel)
        yield Running(
            office,
            runner,
            _addresses(listeners.get(_SMTP_NAME, [])),
            _addresses(listeners.get(_LMTP_NAME, [])),
            web.address,
        )


def _addresses(listeners: list[Listener]) -> tuple[str, ...]:
    return tuple(address for listener in listeners for address in listener.addresses)


async def serve(settings: Settings) -> None:
    """Run until SIGTERM or SIGINT, then drain. Raises SettingsError before anything is opened to the world."""
    notifier, interval = Notifier(), watchdog_interval()
    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    async with running(settings) as gateway:
        log.info("ready", smtp=gateway.smtp, lmtp=gateway.lmtp, web=gateway.web)
        notifier.ready(f"SMTP {', '.join(gateway.smtp)}; web {gateway.web}")
        watching = asyncio.create_task(_feed_watchdog(notifier, interval, gateway), name="watchdog")
        await stop.wait()
        log.info("stopping")
        notifier.stopping("đang xử lý nốt thư dở")
        watching.cancel()


async def _stop_runner(runner: Runner, loop: asyncio.Task[None]) -> None:
    """Let what is in hand finish; what takes too long is left at its stage, where a restart finds it."""
    runner.stop()
    await asyncio.wait((loop,), timeout=_DRAIN_SECONDS)
    loop.cancel()
    await asyncio.gather(loop, return_exceptions=True)


async def _drain(listeners: list[Listener]) -> None:
    await asyncio.gather(*(listener.drain(_DRAIN_SECONDS) for listener in listeners))


async def _listen(
    settings: Settings, office: Office, metrics: Metrics, inherited: dict[str, list[socket.socket]]
) -> dict[str, list[Listener]]:
    async def accept(envelope: Envelope, raw: StoredBlob) -> str:
        mail = await ingest(envelope, raw, office.desk)
        metrics.accepted.labels(envelope.transport.value).inc()
        return mail.label

    def admitting(transport: Transport) -> Callable[[str, str, int], float]:
        def admit(sender: str, address: str, size: int) -> float:
            wait = office.desk.admission.wait(sender, address, size, office.desk.clock.now()).total_seconds()
            if wait > 0:
                metrics.put_off.labels(transport.value).inc()
            return wait

        return admit

    smtp, mail = settings.smtp, settings.mail
    common = Options(
        hostname=smtp.hostname,
        recipients=frozenset(mail.recipients),
        max_message_bytes=mail.max_message,
        host=smtp.listen.host,
        port=smtp.listen.port,
        tls=_tls(settings),
        command_timeout=smtp.command_timeout.total_seconds(),
        data_timeout=smtp.data_timeout.total_seconds(),
        data_total_timeout=smtp.mail_timeout.total_seconds(),
        connections_per_address=smtp.connections_per_address,
        connections_total=smtp.connections,
        max_recipients=smtp.max_recipients,
        admit=admitting(Transport.SMTP),
    )
    wanted = {}
    if smtp.enabled or _SMTP_NAME in inherited:
        wanted[_SMTP_NAME] = common
    if settings.lmtp.enabled or _LMTP_NAME in inherited:
        wanted[_LMTP_NAME] = replace(_lmtp(common, settings), admit=admitting(Transport.LMTP))
    found: dict[str, list[Listener]] = {name: [] for name in wanted}
    for name, options in wanted.items():
        try:
            # systemd may hand over one socket for each address of gateway.socket: all are served.
            sockets: list[socket.socket | None] = [*inherited.get(name, ())] or [None]
            for sock in sockets:
                found[name].append(await start_listener(options, office.blobs, accept, sock=sock))
        except OSError as error:
            raise SettingsError(
                f"{name}.listen: không mở được cổng lắng nghe ({error.strerror}); "
                "hãy xem cổng có ai dùng chưa, hoặc dùng gateway.socket cho cổng dưới 1024."
            ) from error
    return found


def _lmtp(common: Options, settings: Settings) -> Options:
    place = settings.lmtp.listen
    where = {"unix_path": place.path} if isinstance(place, UnixPlace) else {"host": place.host, "port": place.port}
    return replace(common, lmtp=True, **where)


def _tls(settings: Settings) -> ssl.SSLContext | None:
    certificate, key = settings.smtp.tls_certificate, settings.smtp.tls_key
    if certificate is None or key is None:
        return None
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    try:
        context.load_cert_chain(certificate.path(), key.path())
    except (OSError, ssl.SSLError) as error:
        raise SettingsError(
            f"smtp.tls_certificate, smtp.tls_key: không dùng được ({type(error).__name__}); "
            "hãy ghi chứng thư và khóa riêng cùng cặp, dạng PEM, khóa không có mật khẩu."
        ) from error
    return context


async def _serve_web(
    settings: Settings,
    wellbeing: Wellbeing,
    office: Office,
    metrics: Metrics,
    inherited: dict[str, list[socket.socket]],
) -> WebServer:
    app = build_app(
        office.queries,
        wellbeing,
        settings.agency.record(),
        shipped("templates"),
        metrics.render,
        office.desk.clock,
        counter=DeskCounter(office.desk),
        blobs=office.blobs,
    )
    sock = next(iter(inherited.get(_WEB_NAME, ())), None)
    return await start_web(app, settings.web.listen.host, settings.web.listen.port, sock=sock)


class DeskCounter:
    """Implements ports.Counter by the same handlers as replies."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    async def acknowledge(self, token: str, name: str) -> bool:
        """See ports.Counter."""
        return await acknowledge(token, name, self._desk)

    async def seen(self, token: str, *, by_person: bool) -> None:
        """See ports.Counter."""
        await seen(token, self._desk, by_person=by_person)

    async def kept_back(self, sha256: str, document: Document) -> ScanVerdict | None:
        """See ports.Counter."""
        unclean = await kept_back([sha256], [await self._desk.store.docket(document.id)], self._desk)
        return unclean[sha256].verdict if unclean else None


async def _refresh_metrics(metrics: Metrics, office: Office) -> None:
    """Whatever one reading meets, the next ones go on."""
    while True:
        try:
            await metrics.refresh(office)
        except GatewayError as error:
            log.warning("metrics not refreshed", cause=str(error))
        except Exception:
            log.exception("metrics not refreshed")
        await asyncio.sleep(_REFRESH_SECONDS)


async def _feed_watchdog(notifier: Notifier, interval: float | None, gateway: Running) -> None:
    """A sign of life only while the loop turns: one that hangs is restarted."""
    if interval is None:
        return
    while True:
        still = gateway.office.desk.clock.now() - gateway.runner.turned_at
        if still < timedelta(seconds=interval):
            notifier.watchdog()
        await asyncio.sleep(interval / 2)
