"""What tests look at in an office and in its mailboxes."""

from __future__ import annotations

import email
import email.policy
from email.message import EmailMessage

from gateway.model.mail import Mail
from gateway.model.notice import NoticeKind
from tests.flow.conftest import Bench

CLERK = "vanthu-sogtvt@quangngai.gov.vn"
IT = "cntt-sogtvt@quangngai.gov.vn"


def read(raw: bytes) -> EmailMessage:
    message = email.message_from_bytes(raw, policy=email.policy.default)
    assert isinstance(message, EmailMessage)
    return message


def text_of(raw: bytes) -> str:
    body = read(raw).get_body(("plain",))
    assert body is not None
    return str(body.get_content())


async def kinds(bench: Bench, found: Mail) -> list[NoticeKind]:
    return [notice.owed.kind for notice in (await bench.office.queries.story(found.id)).notices]


async def numbers(bench: Bench) -> list[int]:
    return [document.arrival_number for document in await bench.office.queries.register()]
