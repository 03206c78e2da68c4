"""Coverage-guided fuzzing of the MIME reader: `python -m tests.fuzz.mime_reader --seconds 600`.

A child process fuzzes with atheris (linux, x86_64) and keeps every input that breaks an invariant; this one starts it
again where it dies, runs the kept inputs without instrumentation and prints one line of JSON with the figures. The exit
status is 1 where a failure stands. Failing inputs stay in the folder that `--failures` names.
"""

from __future__ import annotations

import argparse
import hashlib
import importlib
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

_TARGETS = ["gateway.adapters.mime", "gateway.adapters.filetype"]
_INVARIANTS = "tests.fuzz.mime_invariants"
_LARGEST = 256 * 1024
_HANGS_SECONDS = 20
_MEMORY_MB = 2_048
_KEPT_FAILURES = 50
_EXECUTED = re.compile(r"stat::number_of_executed_units:\s*(\d+)|^#(\d+)\s", re.MULTILINE)


def main() -> int:
    """Fuzz for the seconds given and print the figures."""
    options = _options()
    if options.child:
        _fuzz(options.child, options.seconds)
        return 0
    folder = Path(tempfile.mkdtemp(prefix="fuzz-mime-"))
    try:
        failures = _run(folder, options.seconds)
        if options.failures and failures["failures"]:
            shutil.copytree(folder / "failures", options.failures, dirs_exist_ok=True)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    print(json.dumps(failures, ensure_ascii=False))
    return 1 if failures["failures"] else 0


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz.mime_reader")
    parser.add_argument("--seconds", type=int, default=60)
    parser.add_argument("--failures", type=Path, help="folder for the inputs that fail")
    parser.add_argument("--child", type=Path, help=argparse.SUPPRESS)
    return parser.parse_args()


def _run(folder: Path, seconds: int) -> dict[str, object]:
    from tests.fuzz.mime_seeds import DICTIONARY, corpus_seeds, seeds

    for name in ("corpus", "failures"):
        (folder / name).mkdir()
    for content in (*seeds(), *corpus_seeds()):
        (folder / "corpus" / hashlib.sha256(content).hexdigest()).write_bytes(content)
    words = ('"' + "".join(f"\\x{byte:02x}" for byte in word) + '"' for word in DICTIONARY)
    (folder / "dictionary").write_text("\n".join(words) + "\n")
    started = time.monotonic()
    executions, deaths = 0, 0
    while (left := round(seconds - (time.monotonic() - started))) > 0:
        command = [sys.executable, "-m", __spec__.name, "--child", str(folder), "--seconds", str(left)]
        with (folder / "log").open("w") as log:
            code = subprocess.run(command, stdout=log, stderr=log, check=False).returncode
        text = (folder / "log").read_text(errors="replace")
        executions += max((int(a or b) for a, b in _EXECUTED.findall(text)), default=0)
        if code == 0:
            break
        deaths += 1
        sys.stderr.write(text[-2_000:])
        if time.monotonic() - started < 2 * deaths:
            break
    return {
        "fuzz": "mime_reader",
        "seconds": round(time.monotonic() - started),
        "executions": executions,
        "corpus": len(list((folder / "corpus").iterdir())),
        "slowest_ms": _slowest(folder),
        "failures": _confirmed(folder),
    }


def _slowest(folder: Path) -> int:
    kept = folder / "slowest"
    return int(kept.read_text()) if kept.is_file() else 0


def _confirmed(folder: Path) -> list[str]:
    """What fails without instrumentation too; an input that killed its process is not run again."""
    from tests.fuzz.mime_invariants import Bench

    found = []
    with Bench() as bench:
        for path in sorted((folder / "failures").iterdir()):
            if path.name.startswith(("crash-", "oom-", "timeout-")):
                found.append(path.name)
                continue
            try:
                bench.check(path.read_bytes())
            except Exception as error:  # noqa: BLE001 - whatever it is, it is a failure
                found.append(f"{path.name}: {type(error).__name__}: {error}"[:300])
    return found


def _fuzz(folder: Path, seconds: int) -> None:
    """The child: never returns, libFuzzer ends the process."""
    atheris = importlib.import_module("atheris")
    with atheris.instrument_imports(include=_TARGETS):
        bench = importlib.import_module(_INVARIANTS).Bench(folder)
    failures, slowest = folder / "failures", folder / "slowest"
    seen: set[str] = set()
    known = _slowest(folder)

    def one(content: bytes) -> None:
        nonlocal known
        try:
            bench.check(content)
        except Exception as error:  # noqa: BLE001 - whatever it is, it is a failure, and fuzzing goes on
            where = _where(error)
            if where not in seen and len(seen) < _KEPT_FAILURES:
                seen.add(where)
                (failures / f"input-{hashlib.sha256(content).hexdigest()[:16]}").write_bytes(content)
        if bench.slowest * 1000 > known + 1:
            known = round(bench.slowest * 1000)
            slowest.write_text(str(known))

    atheris.Setup(
        [
            sys.argv[0],
            str(folder / "corpus"),
            f"-max_total_time={seconds}",
            f"-max_len={_LARGEST}",
            f"-timeout={_HANGS_SECONDS}",
            f"-rss_limit_mb={_MEMORY_MB}",
            f"-dict={folder / 'dictionary'}",
            f"-artifact_prefix={failures}{os.sep}",
            "-print_final_stats=1",
        ],
        one,
    )
    atheris.Fuzz()


def _where(error: Exception) -> str:
    """The place in the code where it was raised: one kept input for each."""
    trace = error.__traceback__
    while trace and trace.tb_next:
        trace = trace.tb_next
    return f"{type(error).__name__}:{trace.tb_lineno if trace else 0}:{error!s:.40}"


if __name__ == "__main__":
    sys.exit(main())
