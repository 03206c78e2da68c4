"""The catalogue of answers: every text that a rule can say, as one page in Vietnamese."""

from __future__ import annotations

from collections.abc import Iterator

from gateway.model.finding import Outcome
from gateway.model.wording import OUTCOME_WORDS
from gateway.policy.answers import Answer
from gateway.policy.content import ContentRules
from gateway.policy.rules import RULES

_TOLD = (Outcome.SEAL, Outcome.REFUSE, Outcome.HOLD, Outcome.WARN)


def as_markdown(content: ContentRules) -> str:
    """The page, with examples for facts, and the tables of formats and active content as they are configured."""
    return "\n".join((*_rules(), *_formats(content), *_active(content))) + "\n"


def _rules() -> Iterator[str]:
    for rule in RULES:
        answers = [answer for answer in rule.answers if answer.outcome in _TOLD]
        if not answers:
            continue
        yield from (f"### {rule.title[:1].upper()}{rule.title[1:]} (`{rule.key}`)", "")
        for answer in answers:
            yield from _answer(answer)


def _answer(answer: Answer) -> Iterator[str]:
    told = answer.finding(**answer.example)
    yield f"- **{OUTCOME_WORDS[told.outcome]}** ({told.clause}): {told.text}"
    if told.remedy:
        yield f"  - Cách khắc phục: {told.remedy}"
    if told.note:
        yield f"  - Ghi chú cho văn thư: {told.note}"
    yield ""


def _formats(content: ContentRules) -> Iterator[str]:
    for heading, rows in (
        ("Định dạng không nhận và cách sửa", content.formats.refused),
        ("Định dạng phải giữ lại và cách sửa", content.formats.held),
    ):
        yield from (f"### {heading} (`formats.toml`)", "")
        yield from ("| Định dạng | Đuôi tên tệp | Cách khắc phục |", "| --- | --- | --- |")
        for each in rows:
            extensions = ", ".join(f".{extension}" for extension in each.extensions)
            yield f"| {each.name} | {extensions} | {each.remedy} |"
        yield ""


def _active(content: ContentRules) -> Iterator[str]:
    yield from ("### Nội dung có thể tự chạy (`active.toml`)", "")
    yield from ("| Loại | Xử lý | Nội dung thông báo | Cách khắc phục |", "| --- | --- | --- | --- |")
    for kind, row in content.active.rows.items():
        told = row.found.format(place="…", detail="…")
        yield f"| `{kind}` | {OUTCOME_WORDS[row.outcome]} | {told} | {row.mend} |"
