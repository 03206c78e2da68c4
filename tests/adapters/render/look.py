"""Draw every notice as phones and desks show it: `python -m tests.adapters.render.look FOLDER`."""

from __future__ import annotations

import asyncio
import base64
import sys
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path

from tests.adapters.render.all_records import contexts
from tests.adapters.render.records import renderer
from tests.servers.chromium import screenshot

_HEIGHT = 4400


def page(mail: bytes) -> str:
    """The HTML of a mail with its inline images in place."""
    message = message_from_bytes(mail, policy=policy.default)
    assert isinstance(message, EmailMessage)
    shown = message.get_body(("html",))
    assert shown is not None
    html: str = shown.get_content()
    for part in message.walk():
        if part["Content-ID"]:
            png = base64.b64encode(part.get_content()).decode()
            html = html.replace(f"cid:{part['Content-ID'].strip('<>')}", f"data:image/png;base64,{png}")
    return html


async def main(folder: Path) -> None:
    """Write `<notice>-390.png` and `<notice>-800.png`, and `<notice>-dark.png` for a phone at night."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, context in contexts().items():
        html = page(await renderer().render(context))
        for width in (390, 800):
            screenshot(html, folder / f"{name}-{width}.png", width=width, height=_HEIGHT)
        screenshot(html, folder / f"{name}-dark.png", width=390, height=_HEIGHT, dark=True)


if __name__ == "__main__":
    asyncio.run(main(Path(sys.argv[1])))
