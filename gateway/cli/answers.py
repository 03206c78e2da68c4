"""`vanthu answers`: the catalogue of what senders and clerks are told."""

from __future__ import annotations

from gateway.cli.output import say
from gateway.cli.session import Config, settings_of
from gateway.policy.catalogue import as_markdown


def answers(config: Config = None) -> None:
    """In mọi câu trả lời từ chối, tạm giữ, lưu ý: theo điều khoản nào, sửa cách nào (dạng Markdown)."""
    say(as_markdown(settings_of(config).content))
