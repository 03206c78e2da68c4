"""A process that ends at a chosen step of its work, as by kill -9: what it had not committed is gone."""

from __future__ import annotations

import asyncio
import inspect
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from typing import Any

from handlers.desk import Desk

_PARTS = ("store", "blobs", "parser", "authenticator", "inspector", "scanner", "sealer", "renderer", "sender")

_BESIDE = frozenset({"last_close", "first_event_at"})
"""What the loop asks about days to close, beside its work: it comes at no fixed place among the steps, and is none."""


class Killed(BaseException):
    """No handler catches it, as none would see the process end."""


@dataclass
class Life:
    """Names the steps of a process in turn, and ends it at the `ends_at`-th of them, or at the first called `at`."""

    ends_at: int | None = None
    at: str = ""
    steps: list[str] = field(default_factory=list)

    @property
    def is_over(self) -> bool:
        """From then on nothing that is tried has any effect."""
        return len(self.steps) == self.ends_at or self.at in self.steps

    def step(self, name: str) -> None:
        """Raises Killed where this is the end, or is past it."""
        if self.is_over:
            raise Killed(name)
        self.steps.append(name)
        if self.is_over:
            raise Killed(name)


class _Mortal:
    """Something that the office works with; each use of it is a step."""

    def __init__(self, what: Any, name: str, life: Life) -> None:
        self._what, self._name, self._life = what, name, life

    def __getattr__(self, name: str) -> Any:
        found = getattr(self._what, name)
        if name in _BESIDE or not inspect.iscoroutinefunction(found):
            return found
        return self._counted(found, f"{self._name}.{name}")

    def _counted(self, call: Callable[..., Awaitable[Any]], name: str) -> Callable[..., Awaitable[Any]]:
        async def counted(*args: Any, **more: Any) -> Any:
            self._life.step(name)
            return await call(*args, **more)

        return counted


class _MortalStore(_Mortal):
    """A store; its units may be abandoned at each of their steps, and right before and after they are committed."""

    @asynccontextmanager
    async def begin(self) -> AsyncIterator[Any]:
        """See ports.Store."""
        self._life.step("begin")
        async with self._what.begin() as unit:
            yield _Mortal(unit, "unit", self._life)
            self._life.step("commit")
        self._life.step("committed")


def mortal(desk: Desk, life: Life) -> Desk:
    """The same desk in a process that is to end."""
    asyncio.get_running_loop().set_exception_handler(_unless_killed)
    parts = {name: _Mortal(getattr(desk, name), name, life) for name in _PARTS if name != "store"}
    return replace(desk, store=_MortalStore(desk.store, "store", life), **parts)  # type: ignore[arg-type]


def _unless_killed(loop: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
    """Nobody is left to hear how the tasks of a killed process ended."""
    if not isinstance(context.get("exception"), Killed):
        loop.default_exception_handler(context)
