"""tests/install-debian-packages on a machine made of stand-ins: what it installs, and what it says where it may not."""

import subprocess
from pathlib import Path

import pytest

SCRIPT = Path(__file__).parent / "install-debian-packages"
LISTED = [line for line in (SCRIPT.parent / "debian-packages.txt").read_text().splitlines() if not line.startswith("#")]


class Machine:
    """A PATH with only the commands the script may use; apt-get writes down what it is asked."""

    def __init__(self, folder: Path, *, user: int, installed: list[str], has_apt: bool = True) -> None:
        self.bin, self.asked = folder / "bin", folder / "asked"
        self.bin.mkdir()
        for name in ("dirname", "grep", "env", "sh"):
            (self.bin / name).symlink_to(Path("/usr/bin") / name)
        self.command("id", f"echo {user}")
        tests = "|".join(installed) or "none"
        self.command("dpkg-query", f'for last; do :; done; case "$last" in {tests}) echo installed;; *) exit 1;; esac')
        if has_apt:
            self.command("apt-get", f'echo "$DEBIAN_FRONTEND $*" >> {self.asked}')

    def command(self, name: str, body: str) -> None:
        path = self.bin / name
        path.write_text(f"#!/bin/sh\n{body}\n")
        path.chmod(0o755)

    def run(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        # The script gives dpkg its own PATH; here everything is told to stay with the stand-ins.
        text = SCRIPT.read_text().replace("PATH=/usr/sbin:/usr/bin:/sbin:/bin", f"PATH={self.bin}")
        script = self.bin.parent / SCRIPT.name
        script.write_text(text)
        (self.bin.parent / "debian-packages.txt").write_text((SCRIPT.parent / "debian-packages.txt").read_text())
        return subprocess.run(
            ["/bin/sh", str(script), *arguments],
            env={"PATH": str(self.bin)},
            capture_output=True,
            text=True,
            check=False,
        )

    def apt_calls(self) -> list[str]:
        return self.asked.read_text().splitlines() if self.asked.exists() else []


def test_the_list_is_sorted_and_names_each_package_once() -> None:
    assert sorted(set(LISTED)) == LISTED


def test_nothing_is_touched_where_everything_is_installed(tmp_path: Path) -> None:
    machine = Machine(tmp_path, user=1000, installed=LISTED)
    done = machine.run()
    assert (done.returncode, done.stdout, done.stderr, machine.apt_calls()) == (0, "", "", [])


def test_root_installs_only_what_is_missing_and_is_asked_nothing(tmp_path: Path) -> None:
    machine = Machine(tmp_path, user=0, installed=[name for name in LISTED if name not in {"swaks", "postfix"}])
    assert machine.run().returncode == 0
    (call,) = machine.apt_calls()
    assert call == "noninteractive --quiet --yes install --no-install-recommends postfix swaks"


def test_lists_of_packages_are_fetched_where_the_first_try_fails(tmp_path: Path) -> None:
    machine = Machine(tmp_path, user=0, installed=[])
    machine.command("apt-get", f'echo "$*" >> {machine.asked}; grep -q update {machine.asked}')
    assert machine.run("swaks").returncode == 0
    assert [call.split()[2] for call in machine.apt_calls()] == ["install", "update", "install"]


def test_a_failing_installation_fails_the_command(tmp_path: Path) -> None:
    machine = Machine(tmp_path, user=0, installed=[])
    machine.command("apt-get", "exit 100")
    assert machine.run("swaks").returncode == 100


@pytest.mark.parametrize("sudo", [None, "exit 1"])
def test_others_are_told_the_one_command_to_run(tmp_path: Path, sudo: str | None) -> None:
    machine = Machine(tmp_path, user=1000, installed=LISTED[:-1])
    if sudo:
        machine.command("sudo", sudo)
    done = machine.run()
    assert done.returncode == 1
    assert f"apt-get install --no-install-recommends {LISTED[-1]}" in done.stderr
    assert machine.apt_calls() == []


def test_sudo_is_used_where_it_asks_for_no_password(tmp_path: Path) -> None:
    machine = Machine(tmp_path, user=1000, installed=[])
    machine.command("sudo", 'shift; "$@"')
    machine.command("true", "exit 0")
    assert machine.run("swaks").returncode == 0
    assert len(machine.apt_calls()) == 1


def test_another_system_is_told_what_is_missing(tmp_path: Path) -> None:
    done = Machine(tmp_path, user=0, installed=[], has_apt=False).run("swaks")
    assert done.returncode == 1
    assert "swaks" in done.stderr
