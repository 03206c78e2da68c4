"""A real Chromium that a test can use as a person does, over the DevTools protocol on two pipes."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from pathlib import Path
from types import TracebackType
from typing import Any

_FLAGS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--remote-debugging-pipe",
)


class Browser:
    """One window. It is closed with the block."""

    def __init__(self, folder: Path, *, agent: str = "") -> None:
        """`agent` is what it calls itself instead of a headless Chromium."""
        program = shutil.which("chromium")
        if program is None:
            raise RuntimeError("Chromium is missing: install the Debian package chromium")
        # Chromium takes commands on descriptor 3 and answers on 4.
        ours, theirs = os.pipe(), os.pipe()
        script = f'exec "$@" 3<&{ours[0]} 4>&{theirs[1]}'
        called = (f"--user-agent={agent}",) if agent else ()
        command = ["bash", "-c", script, "bash", program, *_FLAGS, *called, f"--user-data-dir={folder / 'profile'}"]
        self._process = subprocess.Popen(
            command, pass_fds=(ours[0], theirs[1]), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        os.close(ours[0])
        os.close(theirs[1])
        self._commands = os.fdopen(ours[1], "wb", buffering=0)
        self._answers = os.fdopen(theirs[0], "rb")
        self._number = 0
        self._session: str | None = None
        self._seen: list[dict[str, Any]] = []
        target = self._call("Target.createTarget", url="about:blank")["targetId"]
        self._session = self._call("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        self._call("Page.enable")

    def __enter__(self) -> Browser:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._commands.close()
        try:
            self._process.wait(timeout=10)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._answers.close()

    def open(self, address: str) -> None:
        """As typed into the address bar; returns when the page is there."""
        self._seen.clear()
        self._call("Page.navigate", url=address, transitionType="typed")
        self._until_loaded()

    def follow(self, script: str) -> None:
        """What the script does leads to another page; returns when that is there."""
        self._seen.clear()
        self.run(script)
        self._until_loaded()

    def run(self, script: str) -> None:
        """As a person's hand: with user activation."""
        self._call("Runtime.evaluate", expression=script, userGesture=True)

    def ask(self, script: str) -> str:
        """The value of an expression."""
        return str(self._call("Runtime.evaluate", expression=script, returnByValue=True)["result"]["value"])

    def _until_loaded(self) -> None:
        while not any(message.get("method") == "Page.loadEventFired" for message in self._seen):
            self._seen.append(self._next())

    def _call(self, method: str, **parameters: object) -> dict[str, Any]:
        self._number += 1
        message: dict[str, Any] = {"id": self._number, "method": method, "params": parameters}
        if self._session is not None:
            message["sessionId"] = self._session
        self._commands.write(json.dumps(message).encode() + b"\0")
        while (answer := self._next()).get("id") != self._number:
            self._seen.append(answer)
        if "error" in answer:
            raise RuntimeError(f"{method}: {answer['error']}")
        result: dict[str, Any] = answer["result"]
        return result

    def _next(self) -> dict[str, Any]:
        text = bytearray()
        while (octet := self._answers.read(1)) != b"\0":
            if not octet:
                raise RuntimeError("Chromium has gone")
            text += octet
        message: dict[str, Any] = json.loads(text)
        return message
