"""`python -m bench [names…]`: one JSON line for each measurement, what goes on meanwhile to stderr.

`--sizes 1000,100000,1000000` is how many documents `growth` fills the register with.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import partial

from bench import acceptance, end_to_end, growth, latency, memory, signatures

Lines = Iterable[Mapping[str, object]]


def benches(sizes: Sequence[int]) -> Mapping[str, Callable[[], Lines]]:
    """All measurements, by name."""
    return {
        "accept": lambda: [acceptance.measure()],
        "memory": lambda: [memory.measure()],
        "latency": lambda: [latency.measure()],
        "end_to_end": lambda: [end_to_end.measure()],
        "signatures": lambda: [signatures.measure()],
        "growth": partial(growth.measure, sizes),
    }


def main(arguments: list[str]) -> int:
    """Run the named measurements, or all; the exit code."""
    parser = argparse.ArgumentParser(prog="bench")
    parser.add_argument("names", nargs="*")
    parser.add_argument("--sizes", type=_sizes, default=growth.SIZES)
    given = parser.parse_args(arguments)
    known = benches(given.sizes)
    unknown = [name for name in given.names if name not in known]
    if unknown:
        print(f"no such bench: {', '.join(unknown)}; there are {', '.join(known)}", file=sys.stderr)
        return 2
    for name in given.names or list(known):
        print(f"{name} …", file=sys.stderr)
        began = time.monotonic()
        for line in known[name]():
            print(json.dumps(line, ensure_ascii=False), flush=True)
        print(f"{name} took {time.monotonic() - began:.0f} s", file=sys.stderr)
    return 0


def _sizes(written: str) -> tuple[int, ...]:
    return tuple(map(int, written.split(",")))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
