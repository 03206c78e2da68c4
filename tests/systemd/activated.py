"""Started by systemd's own socket activation: takes one connection on a socket it was handed and tells what it sees."""

from __future__ import annotations

import json
import os
import sys

from gateway.adapters.systemd import listen_sockets
from gateway.errors import SettingsError


def main() -> None:
    """Answer the first caller of the socket named in the first argument with one JSON line."""
    try:
        sockets = listen_sockets()
    except SettingsError as error:
        print(f"refused: {error}", file=sys.stderr, flush=True)
        raise SystemExit(78) from error
    seen = {
        "ports": {name: [sock.getsockname()[1] for sock in found] for name, found in sockets.items()},
        "blocking": [sock.getblocking() for found in sockets.values() for sock in found],
        "inheritable": [sock.get_inheritable() for found in sockets.values() for sock in found],
        "left in the environment": sorted(name for name in os.environ if name.startswith("LISTEN_")),
        "a second look": list(listen_sockets()),
    }
    asked = sockets[sys.argv[1]][0]
    asked.setblocking(True)
    caller, _ = asked.accept()
    with caller:
        caller.sendall(json.dumps(seen).encode() + b"\n")


if __name__ == "__main__":
    main()
