"""Write the golden files anew: `python -m tests.adapters.render.regenerate`, then read the difference."""

from __future__ import annotations

import asyncio
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path

from tests.adapters.render.all_records import contexts
from tests.adapters.render.records import renderer

GOLDEN = Path(__file__).resolve().parent / "golden"


def bodies(mail: bytes) -> dict[str, str]:
    """What is kept of a mail: its headers and text as `txt`, its HTML as `html`."""
    message = message_from_bytes(mail, policy=policy.default)
    assert isinstance(message, EmailMessage)
    text, shown = message.get_body(("plain",)), message.get_body(("html",))
    assert text is not None
    assert shown is not None
    headers = "".join(f"{name}: {' '.join(value.split())}\n" for name, value in message.items())
    found = {"txt": f"{headers}\n{text.get_content()}", "html": shown.get_content()}
    return {suffix: content.replace("\r\n", "\n") for suffix, content in found.items()}


async def main() -> None:
    GOLDEN.mkdir(exist_ok=True)
    for name, context in contexts().items():
        for suffix, text in bodies(await renderer().render(context)).items():
            (GOLDEN / f"{name}.{suffix}").write_text(text, encoding="utf-8")


if __name__ == "__main__":
    asyncio.run(main())
