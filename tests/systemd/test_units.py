"""The units we ship: accepted by systemd itself, tight, and explained line by line."""

from __future__ import annotations

import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from gateway.adapters.systemd import SOCKET_NAMES

UNITS = Path(__file__).parents[2] / "systemd"
PROGRAM = "/opt/vanthu/.venv/bin/vanthu"
HIGHEST_EXPOSURE = 2.0


def run(program: str, *arguments: str | Path) -> subprocess.CompletedProcess[str]:
    path = shutil.which(program)
    if path is None:
        pytest.fail(f"{program} is missing: install the Debian package systemd")
    return subprocess.run([path, *arguments], capture_output=True, text=True, timeout=60, check=False)


@pytest.fixture
def installed(tmp_path: Path) -> Path:
    """The units in a folder, with a program that exists in place of the installation."""
    program = tmp_path / "vanthu"
    program.write_text("#!/bin/sh\n", encoding="ascii")
    program.chmod(0o755)
    for unit in [*UNITS.glob("*.service"), *UNITS.glob("*.socket")]:
        text = unit.read_text(encoding="utf-8").replace(PROGRAM, str(program))
        (tmp_path / unit.name).write_text(text, encoding="utf-8")
    return tmp_path


def settings(unit: Path) -> Iterator[tuple[str, str]]:
    for line in unit.read_text(encoding="utf-8").splitlines():
        key, equals, value = line.partition("=")
        if equals and not line.startswith("#"):
            yield key, value


def test_nothing_else_is_shipped() -> None:
    assert sorted(path.name for path in UNITS.iterdir()) == [
        "gateway-lmtp.socket",
        "gateway.service",
        "gateway.socket",
        "vanthu.sysusers",
    ]


@pytest.mark.parametrize("unit", ["gateway.service", "gateway.socket", "gateway-lmtp.socket"])
def test_systemd_finds_nothing_wrong(installed: Path, unit: str) -> None:
    result = run("systemd-analyze", "verify", "--man=no", installed / unit)
    assert (result.returncode, result.stdout, result.stderr) == (0, "", "")


def test_the_service_is_little_exposed(installed: Path) -> None:
    threshold = f"--threshold={int(HIGHEST_EXPOSURE * 10)}"
    result = run(
        "systemd-analyze", "security", "--offline=true", "--no-pager", threshold, installed / "gateway.service"
    )
    exposure = re.search(r"Overall exposure level for gateway\.service: ([\d.]+)", result.stdout)
    assert exposure is not None, result.stderr
    assert float(exposure[1]) <= HIGHEST_EXPOSURE
    assert result.returncode == 0


def test_the_account_can_be_made() -> None:
    result = run("systemd-sysusers", "--dry-run", UNITS / "vanthu.sysusers")
    assert result.returncode == 0, result.stderr
    assert "vanthu" in result.stdout + result.stderr


def test_every_socket_has_a_name_the_gateway_knows() -> None:
    for unit in UNITS.glob("*.socket"):
        found = dict(settings(unit))
        assert found["FileDescriptorName"] in SOCKET_NAMES
        assert found["Service"] == "gateway.service"
        assert found["Accept"] == "no"


def test_wrong_configuration_is_not_tried_for_ever() -> None:
    found = dict(settings(UNITS / "gateway.service"))
    assert found["Type"] == "notify"
    assert found["RestartPreventExitStatus"] == "78"
    assert found["OOMPolicy"] == "continue"
    assert found["StartLimitIntervalSec"] == "0"


def test_worker_processes_may_limit_themselves() -> None:
    """Without these calls a worker could not start, or write where it likes: it sets limits and walls on itself."""
    filters = [value for key, value in settings(UNITS / "gateway.service") if key == "SystemCallFilter"]
    assert filters[1].startswith("~")
    landlock = {"landlock_create_ruleset", "landlock_add_rule", "landlock_restrict_self"}
    assert {"setrlimit", "prlimit64", "setpriority"} | landlock == set(filters[2].split())


@pytest.mark.parametrize("unit", sorted(UNITS.iterdir()), ids=lambda unit: unit.name)
def test_every_line_is_explained(unit: Path) -> None:
    """A setting belongs to the comment above it, in one block without a blank line between."""
    lines = unit.read_text(encoding="utf-8").splitlines()
    hardening = next((number for number, line in enumerate(lines) if "Hardening" in line), 0)
    for number, line in enumerate(lines[hardening:], start=hardening):
        if not line or line.startswith(("#", "[", "Description=", "WantedBy=", "Service=")):
            continue
        above = number
        while lines[above] and not lines[above].startswith(("#", "[")):
            above -= 1
        assert lines[above].startswith("# "), f"{unit.name}: {line} is not explained"
        assert not lines[above].startswith("# ---"), f"{unit.name}: {line} is not explained"
