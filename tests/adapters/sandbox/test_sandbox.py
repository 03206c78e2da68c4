"""A job on foreign bytes can cost itself, and nothing else."""

import asyncio
import contextlib
import os
import resource
import signal
import subprocess
import sys
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest

from gateway.adapters.sandbox import Sandbox
from gateway.adapters.sandbox.limits import LARGEST_ANSWER, LARGEST_FILE, OPEN_FILES
from gateway.adapters.sandbox.worker import FRAME
from gateway.errors import SandboxFailure, TemporaryError
from gateway.model.facts import Scan, ScanVerdict
from tests.adapters.sandbox import jobs

MEMORY = 128 * 1024 * 1024
SECONDS = 30.0
ROOT = Path(__file__).parents[3]


async def _gone(*pids: int) -> None:
    """Return once none of the processes lives."""
    for pid in pids:
        try:
            descriptor = os.pidfd_open(pid)
        except ProcessLookupError:
            continue
        dead = asyncio.Event()
        asyncio.get_running_loop().add_reader(descriptor, dead.set)
        try:
            async with asyncio.timeout(10):
                await dead.wait()
        finally:
            asyncio.get_running_loop().remove_reader(descriptor)
            os.close(descriptor)


def _in_session(leader: int) -> list[int]:
    """The processes of a session that still live."""
    found = []
    for process in Path("/proc").iterdir():
        if process.name.isdecimal():
            with contextlib.suppress(ProcessLookupError):
                found += [int(process.name)] if os.getsid(int(process.name)) == leader else []
    return found


@pytest.fixture
def note(tmp_path: Path) -> Path:
    """A pipe by which a job tells the process numbers it knows."""
    os.mkfifo(tmp_path / "note")
    return tmp_path / "note"


@pytest.fixture
async def sandbox(tmp_path: Path) -> AsyncIterator[Sandbox]:
    sandbox = Sandbox(1, MEMORY, SECONDS, 100, prepare=jobs.prepare, prepare_args=("anchors",), writable=(tmp_path,))
    yield sandbox
    await sandbox.close()


async def test_a_job_gives_its_result(sandbox: Sandbox) -> None:
    assert await sandbox.run(jobs.add, 1, 2) == 3


async def test_records_of_the_model_come_back_as_such(sandbox: Sandbox) -> None:
    assert await sandbox.run(jobs.record) == Scan(ScanVerdict.CLEAN, "engine")


async def test_a_large_result_comes_back_whole(sandbox: Sandbox) -> None:
    assert len(await sandbox.run(jobs.large, 20_000_000)) == 20_000_000


async def test_a_worker_is_prepared_before_its_first_job(sandbox: Sandbox) -> None:
    await sandbox.warm()
    assert await sandbox.run(jobs.seen_preparation) == "anchors"


async def test_a_worker_that_cannot_be_prepared_is_an_outage_with_its_cause() -> None:
    sandbox = Sandbox(1, MEMORY, SECONDS, 100, prepare=jobs.prepare_badly)
    try:
        with pytest.raises(TemporaryError, match="no anchors"):
            await sandbox.warm()
    finally:
        await sandbox.close()


@pytest.mark.parametrize(
    ("job", "cause"),
    [
        (jobs.eat_memory, "quá bộ nhớ"),
        (jobs.exit_at_once, "dừng đột ngột"),
        (jobs.segfault, "dừng đột ngột"),
        (jobs.kill_own_process, "dừng đột ngột"),
        (jobs.raise_foreign_text, "gặp lỗi (ValueError)"),
        (jobs.fork_for_ever, "gặp lỗi (PermissionError)"),
        (jobs.start_threads_for_ever, "gặp lỗi (RuntimeError)"),
        (jobs.close_the_channel_and_hang, "dừng đột ngột"),
    ],
)
async def test_whatever_a_job_does_costs_that_job_alone(
    sandbox: Sandbox, job: Callable[[], object], cause: str
) -> None:
    with pytest.raises(SandboxFailure) as failure:
        await sandbox.run(job)
    assert cause in str(failure.value)
    assert "stranger" not in str(failure.value)
    assert await sandbox.run(jobs.add, 1, 2) == 3


@pytest.mark.parametrize(
    ("said", "cause"),
    [
        (b"\xff" * 64, "không hợp lệ"),
        (FRAME.pack(LARGEST_ANSWER + 1), "không hợp lệ"),
        (FRAME.pack(3) + b"???", "không hợp lệ"),
        (FRAME.pack(8) + b'["done",', "không hợp lệ"),
        (FRAME.pack(LARGEST_ANSWER) + b"[", "quá thời gian"),
        (b"\0", "quá thời gian"),
    ],
    ids=["garbage", "too-long", "no-json", "half-a-json", "never-whole", "never-a-length"],
)
async def test_nonsense_from_a_worker_costs_that_job_alone(said: bytes, cause: str) -> None:
    sandbox = Sandbox(1, MEMORY, 0.5, 100)
    try:
        with pytest.raises(SandboxFailure, match=cause):
            await sandbox.run(jobs.say, said)
        assert await sandbox.run(jobs.add, 1, 2) == 3
    finally:
        await sandbox.close()


async def test_an_answer_beyond_the_limit_is_not_sent(sandbox: Sandbox) -> None:
    with pytest.raises(SandboxFailure, match="lớn quá mức"):
        await sandbox.run(jobs.large, LARGEST_ANSWER * 3 // 4)
    assert await sandbox.run(jobs.add, 1, 2) == 3


async def test_a_job_whose_worker_was_killed_is_done_again(sandbox: Sandbox, tmp_path: Path) -> None:
    assert await sandbox.run(jobs.die_the_first_time, str(tmp_path / "seen")) == "done"


async def test_children_left_behind_cost_the_job_and_are_ended(sandbox: Sandbox) -> None:
    worker = await sandbox.run(jobs.identity)
    with pytest.raises(SandboxFailure, match="để lại tiến trình con"):
        await sandbox.run(jobs.leave_children, 50)
    assert await sandbox.run(jobs.identity) != worker
    await _gone(*_in_session(worker))


async def test_a_child_whose_parent_is_gone_is_no_way_out(sandbox: Sandbox, tmp_path: Path) -> None:
    with pytest.raises(SandboxFailure, match="để lại tiến trình con"):
        await sandbox.run(jobs.leave_orphan, str(tmp_path / "orphan"))
    await _gone(int((tmp_path / "orphan").read_text()))


async def test_a_worker_stopped_while_idle_costs_one_job_at_most() -> None:
    sandbox = Sandbox(1, MEMORY, 0.5, 100)
    try:
        os.kill(await sandbox.run(jobs.identity), signal.SIGSTOP)
        with pytest.raises(SandboxFailure, match="quá thời gian"):
            await sandbox.run(jobs.add, 1, 2)
        assert await sandbox.run(jobs.add, 1, 2) == 3
    finally:
        await sandbox.close()


async def test_each_limit_is_set_for_good(sandbox: Sandbox) -> None:
    found = await sandbox.run(jobs.limits)
    assert found["NOFILE"] == (OPEN_FILES, OPEN_FILES)
    assert found["FSIZE"] == (LARGEST_FILE, LARGEST_FILE)
    assert found["CORE"] == (0, 0)
    assert found["NPROC"][0] == found["NPROC"][1] != resource.RLIM_INFINITY
    assert found["AS"][0] == found["AS"][1] < MEMORY + 2**31
    assert found["CPU"][0] < 3600


@pytest.mark.parametrize(
    "job", [jobs.hang, jobs.spin, jobs.hang_with_the_interpreter_locked, jobs.hang_deaf, jobs.stop_own_process]
)
async def test_a_job_past_its_time_is_ended(job: Callable[[], object]) -> None:
    sandbox = Sandbox(1, MEMORY, 0.5, 100)
    try:
        with pytest.raises(SandboxFailure, match="quá thời gian"):
            await sandbox.run(job)
        assert await sandbox.run(jobs.add, 1, 2) == 3
    finally:
        await sandbox.close()


async def test_a_file_beyond_the_limit_is_not_written(sandbox: Sandbox, tmp_path: Path) -> None:
    with pytest.raises(SandboxFailure, match="OSError"):
        await sandbox.run(jobs.fill_disk, str(tmp_path / "bomb"))
    assert (tmp_path / "bomb").stat().st_size <= LARGEST_FILE


async def test_a_program_started_by_a_job_has_no_more_memory_than_the_job(sandbox: Sandbox) -> None:
    assert await sandbox.run(jobs.eat_memory_in_another_program) == "MemoryError"


async def test_what_a_worker_put_down_for_a_while_goes_with_it(tmp_path: Path) -> None:
    sandbox = Sandbox(1, MEMORY, SECONDS, 2, writable=(tmp_path,))
    try:
        folder = Path(await sandbox.run(jobs.tell_temporary_folder))
        with pytest.raises(SandboxFailure, match="ValueError"):
            await sandbox.run(jobs.leave_temporary_file)
        assert folder.parent == tmp_path
    finally:
        await sandbox.close()
    assert list(tmp_path.iterdir()) == []


async def test_a_worker_killed_while_idle_is_replaced_unnoticed(sandbox: Sandbox) -> None:
    pid = await sandbox.run(jobs.identity)
    os.kill(pid, signal.SIGKILL)
    await _gone(pid)
    assert await sandbox.run(jobs.identity) != pid


async def test_other_workers_go_on_while_one_hangs() -> None:
    sandbox = Sandbox(2, MEMORY, 5, 100)
    try:
        hanging = asyncio.create_task(sandbox.run(jobs.hang))
        assert [await sandbox.run(jobs.add, n, n) for n in range(20)] == [2 * n for n in range(20)]
        assert not hanging.done()
        hanging.cancel()
        with pytest.raises(asyncio.CancelledError):
            await hanging
    finally:
        await sandbox.close()


async def test_cancelling_ends_the_job_and_all_it_started(sandbox: Sandbox, note: Path) -> None:
    job = asyncio.create_task(sandbox.run(jobs.hang_with_child, str(note)))
    pids = (await asyncio.to_thread(note.read_text)).split()
    job.cancel()
    with pytest.raises(asyncio.CancelledError):
        await job
    await _gone(*map(int, pids))
    assert await sandbox.run(jobs.add, 1, 2) == 3


async def test_a_worker_retires_after_its_share_of_jobs() -> None:
    sandbox = Sandbox(1, MEMORY, SECONDS, 3)
    try:
        pids = [await sandbox.run(jobs.identity) for _ in range(7)]
    finally:
        await sandbox.close()
    assert pids[0] == pids[1] == pids[2] != pids[3] == pids[4] == pids[5] != pids[6]
    await _gone(*pids)


async def test_a_worker_inherits_neither_sockets_nor_secrets(sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VANTHU_SECRET", "secret")
    assert "VANTHU_SECRET" not in await sandbox.run(jobs.environment)
    assert len(await sandbox.run(jobs.open_sockets)) == 1


async def test_a_relative_path_means_the_same_to_a_worker(
    sandbox: Sandbox, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").write_text("content")
    monkeypatch.chdir(tmp_path)
    assert await sandbox.run(jobs.read, "file") == "content"


async def test_a_worker_ignores_the_stop_signals_meant_for_the_daemon(sandbox: Sandbox) -> None:
    pid = await sandbox.run(jobs.identity)
    os.kill(pid, signal.SIGTERM)
    os.kill(pid, signal.SIGINT)
    assert await sandbox.run(jobs.identity) == pid


async def test_after_close_no_worker_lives_and_no_job_starts() -> None:
    sandbox = Sandbox(2, MEMORY, 30, 100)
    pid = await sandbox.run(jobs.identity)
    hanging = asyncio.create_task(sandbox.run(jobs.hang))
    await asyncio.sleep(0)
    await sandbox.close()
    with pytest.raises((SandboxFailure, TemporaryError)):
        await hanging
    with pytest.raises(TemporaryError, match="đã đóng"):
        await sandbox.run(jobs.identity)
    await _gone(pid)


async def test_a_killed_daemon_leaves_no_worker(note: Path) -> None:
    daemon = subprocess.Popen([sys.executable, "-m", "tests.adapters.sandbox.daemon", str(note)], cwd=ROOT)
    try:
        pid = int(await asyncio.to_thread(note.read_text))
    finally:
        daemon.kill()
        daemon.wait()
    await _gone(pid)
