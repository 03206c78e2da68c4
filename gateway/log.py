"""The daemon's log: one JSON object a line for the journal, readable lines on a terminal.

It tells how the machine runs; what was done to documents stands in the store's journal. Every
library's log goes the same way. No secret reaches it: what names itself a secret is masked,
passwords in addresses are cut out, and so is every text in `hidden`.
"""

from __future__ import annotations

import json
import logging
import re
import sys
from collections.abc import Collection, Iterator, MutableMapping
from contextlib import contextmanager
from typing import Any, TextIO

import structlog
from structlog.typing import EventDict, Processor, WrappedLogger

MASK = "(không hiện)"
_SECRET_NAME = re.compile(r"pass(word|wd)?$|secret|token|authorization|cookie|api_?key|private_?key", re.IGNORECASE)
_PASSWORD_IN_URL = re.compile(r"(?<=://)([^\s/:@]*):[^\s/@]+@")
_TALKATIVE = ("alembic", "mail.log", "sqlalchemy", "aiosqlite", "asyncio", "uvicorn.access", "pyhanko", "PIL")


def configure(
    level: str = "info", *, stream: TextIO | None = None, terminal: bool | None = None, hidden: Collection[str] = ()
) -> None:
    """Set up structlog and the standard library's logging; a later call replaces an earlier one.

    `level` as in [log] level. `terminal` None looks at the stream (stderr by default). Servers
    that bring a logging configuration of their own (uvicorn) must be told not to use it.
    """
    stream = sys.stderr if stream is None else stream
    readable = stream.isatty() if terminal is None else terminal
    shared: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.stdlib.PositionalArgumentsFormatter(),
        structlog.stdlib.ExtraAdder(),
        structlog.processors.TimeStamper(
            fmt="%H:%M:%S" if readable else "iso", utc=not readable, key="timestamp" if readable else "time"
        ),
        structlog.processors.StackInfoRenderer(),
        _mask_named,
    ]
    finish: list[Processor] = [structlog.stdlib.ProcessorFormatter.remove_processors_meta]
    if readable:
        finish.append(structlog.dev.ConsoleRenderer(exception_formatter=structlog.dev.plain_traceback))
    else:
        finish += [structlog.processors.format_exc_info, structlog.processors.JSONRenderer(ensure_ascii=False)]
    finish.append(_Scrub(hidden))
    handler = logging.StreamHandler(stream)
    handler.setFormatter(structlog.stdlib.ProcessorFormatter(foreign_pre_chain=shared, processors=finish))
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level.upper())
    for name in _TALKATIVE:
        logging.getLogger(name).setLevel(max(logging.WARNING, root.level))
    logging.captureWarnings(capture=True)
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            *shared,
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=False,
    )


def logger(name: str) -> structlog.stdlib.BoundLogger:
    """A logger for one module; events are short English verbs such as `mail accepted`."""
    bound: structlog.stdlib.BoundLogger = structlog.stdlib.get_logger(name)
    return bound


@contextmanager
def about(*, mail: str | None = None, document: str | None = None, notice: str | None = None) -> Iterator[None]:
    """Put these ids (`M17`, `D17`, `N17`) on every line logged within, in this task and those it starts."""
    ids = {"mail": mail, "document": document, "notice": notice}
    with structlog.contextvars.bound_contextvars(**{name: id_ for name, id_ in ids.items() if id_ is not None}):
        yield


def _mask_named(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    return {name: MASK if _SECRET_NAME.search(name) else value for name, value in event.items()}


class _Scrub:
    """The last step: cuts secrets out of the finished line, wherever they came from."""

    def __init__(self, hidden: Collection[str]) -> None:
        forms = {
            form
            for text in hidden
            if text
            for form in (text, json.dumps(text, ensure_ascii=False)[1:-1], repr(text)[1:-1])
        }
        self._hidden = sorted(
            forms | {json.dumps(form, ensure_ascii=False)[1:-1] for form in forms}, key=len, reverse=True
        )

    def __call__(self, _logger: WrappedLogger, _method: str, line: MutableMapping[str, Any] | str) -> str:
        text = _PASSWORD_IN_URL.sub(rf"\1:{MASK}@", str(line))
        for secret in self._hidden:
            text = text.replace(secret, MASK)
        return text
