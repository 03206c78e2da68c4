"""Mails that were set aside: who may decide what about them and when, and how they stand against the two hours."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from gateway.model.finding import ONLY_BY_NAME, Finding, Outcome
from gateway.model.mail import MailStage
from gateway.model.quarantine import Ruling, RulingKind
from gateway.model.wording import STAGE_WORDS
from gateway.policy.calendar import Calendar, standing, worked
from gateway.policy.header.text import fold
from gateway.policy.orders.rulings import KEYWORDS_OF_RULINGS, named_so
from gateway.policy.rules import RULES

STAGES: Mapping[RulingKind, frozenset[MailStage]] = {
    RulingKind.RELEASE: frozenset({MailStage.HELD}),
    RulingKind.REFUSE: frozenset({MailStage.HELD, MailStage.DEAD}),
    RulingKind.REPLAY: frozenset({MailStage.DEAD}),
    RulingKind.PURGE: frozenset({MailStage.HELD, MailStage.REFUSED, MailStage.DEAD, MailStage.SEALED}),
}
"""Where a mail must stand for each ruling."""
OPEN = frozenset({MailStage.HELD, MailStage.DEAD})
"""Where a mail waits for a person of the records office."""
NOT_TOLD = "not_told"
"""The cause where a mail is held for other reasons than who decides was told."""

_TITLES = {rule.key: rule.title for rule in RULES}
_NOT_TOLD = (
    "Thư nay bị giữ vì lý do khác với thông báo được trả lời: {titles}. Chưa thực hiện; hệ thống đã gửi thông báo mới, "
    "đề nghị xem xét và quyết định từ thông báo ấy."
)
_ONLY_A_CLERK = "Chỉ văn thư Sở được quyết định về thư tạm giữ. Không có việc nào được thực hiện."


@dataclass(frozen=True, slots=True)
class Held:
    """How long a mail was held, in working time, since its durable receipt; `due` is when the two hours end."""

    worked: timedelta
    due: datetime
    overdue: bool
    words: str


@dataclass(frozen=True, slots=True)
class Permitted:
    """A ruling that may be carried out, with the rules to waive.

    `is_final` is true of what cannot be taken back: content destroyed, or given to people who trust the register.
    """

    kind: RulingKind
    waived: frozenset[str] = frozenset()
    is_final: bool = False


@dataclass(frozen=True, slots=True)
class Forbidden:
    """One that may not: a short cause for the journal, and in Vietnamese why."""

    code: str
    text: str


def held(received_at: datetime, now: datetime, calendar: Calendar, allowance: timedelta) -> Held:
    """The clock of a mail that waits (Điều 3 khoản 4); `allowance` is in working time."""
    due, spent = calendar.add(received_at, allowance), calendar.between(received_at, now)
    return Held(spent, due, now > due, f"đã giữ {worked(spent)} làm việc; {standing(due, now, calendar)}")


def holding_rules(findings: Sequence[Finding]) -> tuple[str, ...]:
    """The keys of the rules that hold a mail, each once, as they were applied."""
    return tuple(dict.fromkeys(finding.rule for finding in findings if finding.outcome is Outcome.HOLD))


def title_of(rule: str) -> str:
    """The Vietnamese title of a rule."""
    return _TITLES.get(rule, rule)


def rule_on(
    ruling: Ruling, stage: MailStage, rules: Collection[str], *, is_clerk: bool, told: Collection[str] | None
) -> Permitted | Forbidden:
    """Whether a ruling may be carried out on a mail at `stage` that `rules` hold.

    By mail, a release waives no rules but those he who decides was `told` of, and those he names; None is by command.
    What is sealed is purged by command alone: its fact is not the records office's to decide.
    """
    if not is_clerk:
        return Forbidden("not_clerk", _ONLY_A_CLERK)
    fitting = STAGES.get(ruling.kind, frozenset()) - ({MailStage.SEALED} if told is not None else set())
    if stage not in fitting:
        word = KEYWORDS_OF_RULINGS[ruling.kind].keyword
        return Forbidden("stage", f"Không làm được “{word}” với thư ở trạng thái “{STAGE_WORDS[stage]}”.")
    if ruling.kind is not RulingKind.RELEASE:
        return Permitted(ruling.kind, is_final=ruling.kind is RulingKind.PURGE)
    return _on_release(ruling, rules, told)


def _on_release(ruling: Ruling, rules: Collection[str], told: Collection[str] | None) -> Permitted | Forbidden:
    named = {rule for piece in ruling.named for rule in _rules_named(piece)}
    if unknown := [piece for piece in ruling.named if not _rules_named(piece)]:
        return Forbidden("unknown_rule", f"Không có quy tắc “{unknown[0]}”. {_write_so(rules)}".rstrip())
    if told is not None and (unseen := [rule for rule in rules if rule not in named.union(told)]):
        return Forbidden(NOT_TOLD, _NOT_TOLD.format(titles="; ".join(map(title_of, unseen))))
    if set(rules) & ONLY_BY_NAME - named:
        return Forbidden("not_named", f"Thư bị giữ theo quy tắc chỉ được bỏ qua khi ghi đích danh. {_write_so(rules)}")
    return Permitted(ruling.kind, frozenset(rules), is_final=bool(set(rules) & ONLY_BY_NAME))


def offers(stage: MailStage, rules: Collection[str]) -> tuple[tuple[str, str], ...]:
    """The buttons of a mail for a clerk: label, and the line of the reply that it opens, its reason left open."""
    words = {kind: row.keyword for kind, row in KEYWORDS_OF_RULINGS.items()}
    release = _release_of(rules)
    ending = [(words[kind], f"{words[kind]}:") for kind in (RulingKind.REFUSE, RulingKind.PURGE)]
    match stage:
        case MailStage.HELD:
            return ((release, f"{release}:"), *ending)
        case MailStage.DEAD:
            return ((words[RulingKind.REPLAY], words[RulingKind.REPLAY]), *ending)
        case _:
            return ()


def _release_of(rules: Collection[str]) -> str:
    """The keyword of a release, with the rules that must be named."""
    only_by_name = [title_of(rule) for rule in rules if rule in ONLY_BY_NAME]
    return named_so("; ".join(only_by_name)) if only_by_name else KEYWORDS_OF_RULINGS[RulingKind.RELEASE].keyword


def _write_so(rules: Collection[str]) -> str:
    return f"Nếu đã xem xét và chắc chắn, hãy viết: “{_release_of(rules)}: lý do”."


def _rules_named(piece: str) -> frozenset[str]:
    """The rules that these words name, by key or title: all of them, or several with commas between."""
    whole = _rule_named(piece)
    if whole:
        return frozenset({whole})
    parts = [_rule_named(part) for part in piece.split(",")]
    return frozenset(part for part in parts if part) if all(parts) else frozenset()


def _rule_named(words: str) -> str | None:
    wanted = fold(words.strip(" “”\"'."))
    return next((key for key, title in _TITLES.items() if wanted in {key, fold(title)}), None)
