"""A small mail, and one attempt to send it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from gateway.adapters.smtp_out import RelaySender, RelayTimeouts
from gateway.model.notice import DeliveryOutcome, DeliveryResult, Outgoing

UNREACHABLE = DeliveryOutcome.UNREACHABLE
SENT, TEMPORARY, PERMANENT = DeliveryOutcome.SENT, DeliveryOutcome.TEMPORARY, DeliveryOutcome.PERMANENT
MAIL = b"From: sgtvt@quangngai.example\r\nMessage-ID: <1@quangngai.example>\r\n\r\nNoi dung\r\n"
TO = "vanthu@moduc.example"
TOKEN = "k3v9q0x7m2c8t5z1w6ha"
VERP = f"sgtvt+b-{TOKEN}@quangngai.example"
QUICK = RelayTimeouts(connect=0.3, command=0.3, content=0.3, attempt=2.0, idle=30.0)

MakeRelay = Callable[..., RelaySender]


async def send(
    sender: RelaySender, content: bytes = MAIL, to: str = TO, mail_from: str = "", token: str = ""
) -> DeliveryResult:
    """One attempt, which ends within ten seconds or fails the test."""
    return await asyncio.wait_for(sender.send(Outgoing(mail_from, to, content, token)), 10)
