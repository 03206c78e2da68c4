"""`python -m bench [names…]`: one JSON line for each measurement, what goes on meanwhile to stderr."""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable, Mapping

from bench import acceptance, end_to_end, latency, memory, signatures

BENCHES: Mapping[str, Callable[[], dict[str, object]]] = {
    "accept": acceptance.measure,
    "memory": memory.measure,
    "latency": latency.measure,
    "end_to_end": end_to_end.measure,
    "signatures": signatures.measure,
}


def main(names: list[str]) -> int:
    """Run the named measurements, or all; the exit code."""
    unknown = [name for name in names if name not in BENCHES]
    if unknown:
        print(f"no such bench: {', '.join(unknown)}; there are {', '.join(BENCHES)}", file=sys.stderr)
        return 2
    for name in names or list(BENCHES):
        print(f"{name} …", file=sys.stderr)
        began = time.monotonic()
        result = BENCHES[name]()
        print(f"{name} took {time.monotonic() - began:.0f} s", file=sys.stderr)
        print(json.dumps(result, ensure_ascii=False), flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
