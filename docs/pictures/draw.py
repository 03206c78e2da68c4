"""Draw the pictures of the documents: `.venv/bin/python -m docs.pictures.draw`, from the top; with `pages` only those.

Most are of a real demonstration. The pages of a submission and of a personal link show the record of the tests instead.
"""

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

from gateway.adapters.maildir_out import MaildirSender
from gateway.demo.cast import CLERK, DIRECTOR, HEAD, PROVINCE, SENDER
from gateway.web.page import Pages
from tests.adapters.render.look import page
from tests.servers.chromium import screenshot
from tests.web import records

HERE = Path(__file__).resolve().parent
COLUMNS = 150
PHONE = 390
COLOURS = 48
FIRST_LINK = "Trang theo dõi của văn bản:"
LAST_LINE = "Tình trạng cổng"
MAILS = {
    "receipt.png": (SENDER, "receipt.", 1150),
    "task.png": (DIRECTOR, "task.d2.", 1150),
    "transcript.png": (HEAD, "transcript.d2.", 1150),
    "confirm.png": (CLERK, "confirm.d3.", 1150),
    "cover.png": (PROVINCE, "submission.d3.", 1175),
}
"""Pictures of the first mail to somebody whose Message-ID begins so, and how much of it is shown, in pixels."""


def main() -> None:
    """Write the pictures beside this file."""
    if sys.argv[1:] != ["pages"]:
        demonstration()
    sample_pages()


def sample_pages() -> None:
    """submission.png, acknowledge.png and files.png: the way of a submission, its receiver's page, a personal link."""
    pages = Pages(records.TEMPLATES, records.AGENCY)
    draw(pages.tracking(records.ANSWERED, records.NOW), HERE / "submission.png", width=PHONE, height=1370)
    draw(pages.forwarding(records.RECEIVED, records.NOW), HERE / "acknowledge.png", width=PHONE, height=1150)
    draw(pages.files(records.PERSONAL, records.FILES_TOKEN), HERE / "files.png", width=PHONE, height=1150)


def demonstration() -> None:
    """demo.png, the tables; tracking.png, of the document that was assigned; and the mails of MAILS."""
    command = [sys.executable, "-c", "from gateway.cli import main; main()", "demo"]
    demo = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=os.environ | {"COLUMNS": str(COLUMNS)})
    try:
        shown = _until_links(demo)
        tables = shown[: shown.index(FIRST_LINK)]
        draw(_terminal(tables), HERE / "demo.png", width=8 * COLUMNS + 32, height=17 * (len(tables) + 1) + 32)
        text = "\n".join(shown)
        folder = re.search(r"trong (\S+);", text)
        links = re.findall(r"http://\S+/t/\S+", text)
        if folder is None or not links:
            raise RuntimeError("the demonstration printed no links")
        for picture, (reader, message_id, height) in MAILS.items():
            mail = _first(MaildirSender(Path(folder[1]) / "maildir").folder(reader) / "new", message_id)
            draw(page(mail), HERE / picture, width=PHONE, height=height)
        with urllib.request.urlopen(links[1]) as answer:  # noqa: S310 - the demonstration's own address
            draw(answer.read().decode(), HERE / "tracking.png", width=PHONE, height=1150)
    finally:
        demo.send_signal(signal.SIGINT)
        demo.communicate(timeout=60)


def _first(arrived: Path, message_id: str) -> bytes:
    wanted = f"\nMessage-ID: <{message_id}".encode()
    mails = sorted(arrived.iterdir(), key=lambda path: path.stat().st_mtime_ns)
    return next(content for content in (path.read_bytes() for path in mails) if wanted in content)


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
