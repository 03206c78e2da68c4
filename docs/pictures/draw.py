"""Draw the pictures of the README from a real demonstration: `.venv/bin/python -m docs.pictures.draw`, from the top."""

from __future__ import annotations

import html
import os
import re
import signal
import subprocess
import sys
import urllib.request
from pathlib import Path

from PIL import Image

from tests.adapters.render.look import page
from tests.servers.chromium import screenshot

HERE = Path(__file__).resolve().parent
COLUMNS = 150
PHONE = 390
COLOURS = 48
LAST_LINE = "Tình trạng cổng"


def main() -> None:
    """Write demo.png, receipt.png and tracking.png beside this file."""
    command = [sys.executable, "-c", "from gateway.cli import main; main()", "demo"]
    demo = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=os.environ | {"COLUMNS": str(COLUMNS)})
    try:
        shown = _until_links(demo)
        draw(_terminal(shown), HERE / "demo.png", width=8 * COLUMNS + 32, height=17 * (len(shown) + 1) + 32)
        text = "\n".join(shown)
        folder = re.search(r"trong (\S+);", text)
        link = re.search(r"http://\S+/t/\S+", text)
        if folder is None or link is None:
            raise RuntimeError("the demonstration printed no links")
        mails = sorted(Path(folder[1]).glob("maildir/*/new/*"), key=lambda path: path.stat().st_mtime_ns)
        receipt = next(mail for mail in mails if b"\nMessage-ID: <receipt." in mail.read_bytes())
        draw(page(receipt.read_bytes()), HERE / "receipt.png", width=PHONE, height=1150)
        with urllib.request.urlopen(link[0]) as answer:  # noqa: S310 - the demonstration's own address
            draw(answer.read().decode(), HERE / "tracking.png", width=PHONE, height=1150)
    finally:
        demo.send_signal(signal.SIGINT)
        demo.communicate(timeout=60)


def _until_links(demo: subprocess.Popen[str]) -> list[str]:
    lines: list[str] = []
    for line in demo.stdout or ():
        lines.append(line.rstrip())
        if line.startswith(LAST_LINE):
            break
    return lines


def _terminal(lines: list[str]) -> str:
    text = html.escape("\n".join(["$ make demo", *lines]))
    style = "margin:0;padding:16px;background:#10151c;color:#dbe2ea;font:13.3px/17px 'Noto Mono',monospace"
    return f'<!doctype html><meta charset="utf-8"><body style="margin:0"><pre style="{style}">{text}</pre>'


def draw(shown: str, png: Path, *, width: int, height: int) -> None:
    """Draw a page, with few colours so that the file stays small."""
    screenshot(shown, png, width=width, height=height)
    with Image.open(png) as drawn:
        small = drawn.convert("RGB").crop((0, 0, width, height)).quantize(COLOURS, dither=Image.Dither.NONE)
    small.save(png, optimize=True)


if __name__ == "__main__":
    main()
