"""The command line `vanthu`."""

from gateway.cli.main import main

__all__ = ["main"]
