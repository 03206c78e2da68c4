"""Notices of sealed mail: the fact alone, also where the renderer is given all that the mail said."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from gateway.model.mail import MailStage
from gateway.model.notice import NoticeKind
from gateway.ports import NoticeContext
from tests.adapters.render import records

_FACTS: dict[str, Any] = {
    "author": "bql@trabong.example",
    "proved": True,
    "level": "toi_mat",
    "holder": "Lê Văn Bảo Mật",
    "certificate": "5f2c" * 16,
    "told": True,
}


def sealed_contexts() -> dict[str, NoticeContext]:
    """One for each reader, one of the mails whose sender is not proved, and of what a person sealed."""
    by_hand = {"by_hand": True}
    unproved = _FACTS | {"proved": False, "level": None, "told": False, "first": True}
    return {
        "sealed_sender": _sealed("bql@trabong.example", {"reader": "sender"}),
        "sealed_officer": _sealed("baomat@quangngai.example", _FACTS | {"reader": "officer"}),
        "sealed_clerk": _sealed("vanthu@quangngai.example", _FACTS | {"reader": "clerk"}),
        "sealed_clerk_unproved": _sealed("vanthu@quangngai.example", unproved | {"reader": "clerk"}),
        "sealed_sender_by_hand": _sealed("bql@trabong.example", {"reader": "sender"} | by_hand),
        "sealed_clerk_by_hand": _sealed("vanthu@quangngai.example", _FACTS | {"reader": "clerk"} | by_hand),
    }


def _sealed(recipient: str, facts: dict[str, Any]) -> NoticeContext:
    owed = records.notice(NoticeKind.SEALED, recipient)
    return NoticeContext(
        notice=replace(owed, owed=replace(owed.owed, facts=facts)),
        mail=records.mail(MailStage.SEALED),
        parsed=None,
        verdict=None,
        documents=(),
    )
