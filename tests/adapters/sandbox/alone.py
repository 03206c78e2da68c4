"""A process that shuts itself in as on a machine of the kind given, and tells what it got: python -m … KIND PORT."""

import platform
import socket
import sys

if __name__ == "__main__":
    platform.machine = lambda: sys.argv[1]
    from gateway.adapters.sandbox.isolation import isolate

    print(isolate(1, ()).network.value)
    try:
        socket.create_connection(("127.0.0.1", int(sys.argv[2])), timeout=10)
    except OSError as problem:
        print(type(problem).__name__)
    else:
        print("connected")
