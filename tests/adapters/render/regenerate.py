"""Write the golden files anew: `python -m tests.adapters.render.regenerate`, then read the difference."""

from __future__ import annotations

import asyncio
from email import message_from_bytes, policy
from email.message import Message
from email.parser import BytesHeaderParser
from pathlib import Path

from tests.adapters.render.all_records import contexts
from tests.adapters.render.records import renderer

GOLDEN = Path(__file__).resolve().parent / "golden"


def bodies(mail: bytes) -> dict[str, str]:
    """What is kept of a mail: its headers and text as `txt`, its HTML as `html`."""
    headers = BytesHeaderParser(policy=policy.default).parsebytes(mail)
    lines = "".join(f"{name}: {' '.join(value.split())}\n" for name, value in headers.items())
    # Our own mails: which parts are the bodies needs no modern policy, under which each part takes ten times as long.
    parts = [part for part in message_from_bytes(mail).walk() if part.get_content_disposition() is None]
    text, shown = (
        next(_content(part) for part in parts if part.get_content_type() == kind)
        for kind in ("text/plain", "text/html")
    )
    return {"txt": f"{lines}\n{text}", "html": shown}


def _content(part: Message) -> str:
    octets = part.get_payload(decode=True)
    assert isinstance(octets, bytes)
    return octets.decode("utf-8").replace("\r\n", "\n")


async def main() -> None:
    GOLDEN.mkdir(exist_ok=True)
    for name, context in contexts().items():
        for suffix, text in bodies(await renderer().render(context)).items():
            (GOLDEN / f"{name}.{suffix}").write_text(text, encoding="utf-8")


if __name__ == "__main__":
    asyncio.run(main())
