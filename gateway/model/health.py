"""Whether the gateway is well, for /healthz, the watchdog and the operator."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class HealthCheck:
    """One thing looked at. `detail_vi` is one Vietnamese line without secrets or addresses of persons."""

    name: str
    ok: bool
    detail_vi: str


@dataclass(frozen=True, slots=True)
class Health:
    """`ok` is false as soon as the gateway cannot keep its promises, whatever single checks say."""

    ok: bool
    checks: tuple[HealthCheck, ...]
