"""The daemon's log: one JSON object a line for the journal, readable lines on a terminal, no secret in either."""

import asyncio
import io
import json
import logging
import warnings
from collections.abc import Callable, Iterator

import pytest
import structlog

from gateway import log

Configure = Callable[..., io.StringIO]


@pytest.fixture
def configured() -> Iterator[Configure]:
    """Configure onto a stream of the test's own, and leave no trace of it."""
    root = logging.getLogger()
    before = root.handlers[:], root.level

    def configure(level: str = "info", **options: object) -> io.StringIO:
        stream = io.StringIO()
        log.configure(level, stream=stream, **options)  # type: ignore[arg-type]
        return stream

    yield configure
    root.handlers[:], root.level = before
    logging.captureWarnings(capture=False)
    structlog.reset_defaults()
    structlog.contextvars.clear_contextvars()


def objects(stream: io.StringIO) -> list[dict[str, object]]:
    return [json.loads(line) for line in stream.getvalue().splitlines()]


def test_every_line_is_an_object_with_event_time_and_level(configured: Configure) -> None:
    stream = configured()
    log.logger("gateway.app").info("mail accepted", size=3)
    (line,) = objects(stream)
    assert (line["event"], line["level"], line["size"], line["logger"]) == ("mail accepted", "info", 3, "gateway.app")
    assert str(line["time"]).endswith("Z")


async def test_ids_stand_on_every_line_of_a_task_and_of_no_other(configured: Configure) -> None:
    stream = configured()

    async def work(mail: str) -> None:
        with log.about(mail=mail):
            await asyncio.sleep(0)
            with log.about(document="D1"):
                log.logger("x").info("registered")
            await asyncio.to_thread(logging.getLogger("library").warning, "from a thread")

    await asyncio.gather(work("M1"), work("M2"))
    log.logger("x").info("after")
    lines = objects(stream)
    assert {(line["event"], line.get("mail"), line.get("document")) for line in lines} == {
        ("registered", "M1", "D1"),
        ("registered", "M2", "D1"),
        ("from a thread", "M1", None),
        ("from a thread", "M2", None),
        ("after", None, None),
    }


def test_libraries_and_warnings_go_the_same_way(configured: Configure) -> None:
    stream = configured()
    logging.getLogger("a.library").info("Started server process [%d]", 12)
    with warnings.catch_warnings():
        warnings.simplefilter("always")
        warnings.warn("soon gone", DeprecationWarning, stacklevel=1)
    started, warned = objects(stream)
    assert started["event"] == "Started server process [12]"
    assert (warned["logger"], warned["level"]) == ("py.warnings", "warning")


def test_talkative_libraries_are_heard_only_from_warning_on(configured: Configure) -> None:
    stream = configured("debug")
    for name in ("mail.log", "sqlalchemy.engine", "aiosqlite"):
        logging.getLogger(name).info("chatter")
        logging.getLogger(name).warning("trouble")
    assert [line["event"] for line in objects(stream)] == ["trouble"] * 3


@pytest.mark.parametrize("terminal", [True, False])
def test_no_secret_reaches_a_line(configured: Configure, *, terminal: bool) -> None:
    secret = 'Bí"mật\\42'
    stream = configured(terminal=terminal, hidden=[secret, ""])
    logger = log.logger("x")
    logger.info(f"login with {secret}", password="letmein", relay_password="letmein", token="letmein")
    logger.info("database", url="postgresql://vanthu:letmein@db/vanthu", other=[secret])
    try:
        int(secret)
    except ValueError:
        logger.exception("surprise")
    logging.getLogger("library").error("said %s", secret)
    written = stream.getvalue()
    assert "letmein" not in written
    assert "mật\\" not in written
    assert log.MASK in written
    assert "vanthu" in written, "the rest of an address stays"


def test_a_terminal_gets_readable_lines(configured: Configure) -> None:
    stream = configured(terminal=True)
    with log.about(notice="N3"):
        log.logger("x").warning("relay refused", code=550)
    assert "relay refused" in stream.getvalue()
    assert not stream.getvalue().startswith("{")


def test_configuring_again_replaces_and_never_doubles(configured: Configure) -> None:
    configured()
    stream = configured("warning")
    log.logger("x").info("unheard")
    log.logger("x").warning("heard once")
    assert [line["event"] for line in objects(stream)] == ["heard once"]
