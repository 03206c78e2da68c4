"""Headless Chromium, so that tests and people can see HTML as a reader of mail does."""

from __future__ import annotations

import base64
import html
import re
import shutil
import subprocess
import tempfile
from collections.abc import Sequence
from pathlib import Path

_TIME_LIMIT = 60
_NARROWEST_WINDOW = 500
_FLAGS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--hide-scrollbars",
)


def screenshot(page: str, png: Path, *, width: int, height: int, dark: bool = False) -> None:
    """Draw `page` (HTML text, or a URL) `width` times `height` CSS pixels large into the file `png`.

    The page stands in a frame of that width, for Chromium's own windows are never narrower than 500 pixels.
    """
    with tempfile.TemporaryDirectory() as folder:
        address = _as_url(page)
        frame = Path(folder) / "frame.html"
        scheme = "dark" if dark else "light"
        frame.write_text(
            f'<!doctype html><html style="color-scheme:{scheme}"><body style="margin:0">'
            f'<iframe src="{html.escape(address)}" style="border:0;display:block" width={width} height={height}>'
            "</iframe></body></html>",
            encoding="utf-8",
        )
        window = max(width, _NARROWEST_WINDOW)
        wish = ("--blink-settings=preferredColorScheme=0",) if dark else ()
        _run(Path(folder), *wish, f"--window-size={window},{height}", f"--screenshot={png}", frame.as_uri())


def widths(pages: Sequence[str], *, width: int) -> list[int]:
    """How wide each HTML page becomes in a frame of `width` CSS pixels: more than that, and it scrolls sideways."""
    frames = "".join(
        f'<iframe srcdoc="{html.escape(page)}" style="border:0" width={width} height=600></iframe>' for page in pages
    )
    script = (
        "onload=()=>{document.body.textContent='widths '+[...document.querySelectorAll('iframe')]"
        ".map(f=>f.contentDocument.documentElement.scrollWidth).join(' ')+' end'}"
    )
    with tempfile.TemporaryDirectory() as folder:
        page = Path(folder) / "frames.html"
        page.write_text(
            f"<!doctype html><meta charset=utf-8><body>{frames}</body><script>{script}</script>", encoding="utf-8"
        )
        shown = _run(Path(folder), "--dump-dom", page.as_uri())
    found = re.search(r"widths ([\d ]+) end", shown)
    if found is None:
        raise RuntimeError(f"Chromium measured nothing: {shown[:200]}")
    return [int(number) for number in found[1].split()]


def _as_url(page: str) -> str:
    if re.match(r"(https?|file|data):", page):
        return page
    return "data:text/html;charset=utf-8;base64," + base64.b64encode(page.encode()).decode()


def _run(folder: Path, *arguments: str) -> str:
    program = shutil.which("chromium")
    if program is None:
        raise RuntimeError("Chromium is missing: apt-get install chromium")
    done = subprocess.run(
        [program, *_FLAGS, f"--user-data-dir={folder / 'profile'}", *arguments],
        capture_output=True,
        text=True,
        timeout=_TIME_LIMIT,
        check=False,
    )
    if done.returncode != 0:
        raise RuntimeError(f"Chromium failed: {done.stderr[-500:]}")
    return done.stdout
