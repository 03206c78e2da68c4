"""From findings to the one disposition of a mail."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from gateway.model.finding import Finding, Outcome
from gateway.model.mail import MailKind
from gateway.model.verdict import Disposition, JudgedEntry, Verdict
from gateway.policy.case import Case
from gateway.policy.rules import OF_ORDERS, RULES
from gateway.policy.rules.automatic import by_machine
from gateway.policy.rules.exchange import RECALL, only_reports_status, told_status
from gateway.policy.rules.secrecy import PERHAPS_SECRET, state_secret
from gateway.policy.sender import SENDER_RULES, Reception, reception

_TO_LOOK_AT = SENDER_RULES | {PERHAPS_SECRET.rule, RECALL.rule}
"""Rules whose holding comes before what other rules refuse: a person has to look at the mail."""
_WAIVABLE = frozenset({Outcome.HOLD, Outcome.SEAL})
_ANSWERS = {MailKind.AUTOMATIC, MailKind.STATUS}


def judge(case: Case) -> Verdict:
    """Apply every rule; the strictest outcome wins.

    Sealing comes before everything, then the sender's own, and what a person has to look at, as a perhaps secret or a
    recall. What machines send is filed: it never registers, nor is it refused. Only where it brings a document does the
    clerk decide, except for what answers something, as a responder does with its owner's logo.
    """
    secrets = [_waived(finding, case) for finding in state_secret(case)]
    if sealing := tuple(finding for finding in secrets if finding.outcome is Outcome.SEAL):
        # What else is found would tell of the content.
        return Verdict(Disposition.SEAL, sealing)
    orders = case.gives_orders and by_machine(case) is None
    if _is_only_filed(case, orders=orders):
        perhaps = tuple(finding for finding in secrets if finding.outcome is Outcome.HOLD)
        return Verdict(Disposition.HOLD, perhaps) if perhaps else Verdict(Disposition.NOTE, (_filed(case),))
    rules = (rule for rule in RULES if rule.key in OF_ORDERS) if orders else RULES
    findings = tuple(_waived(finding, case) for rule in rules for finding in rule.check(case))
    disposition = _disposition(findings) or (Disposition.APPLY if orders else Disposition.REGISTER)
    if disposition is not Disposition.REGISTER:
        return Verdict(disposition, findings)
    if not case.candidates:
        # A recall that the clerk has seen to: what it brings is no document to be entered.
        return Verdict(Disposition.NOTE, findings)
    entries = tuple(JudgedEntry(candidate.entry, candidate.repeats, candidate.links) for candidate in case.candidates)
    return Verdict(disposition, findings, entries)


def _is_only_filed(case: Case, *, orders: bool) -> bool:
    kind = case.parsed.kind
    honest = reception(case) is not Reception.SUSPECT
    replies = kind is MailKind.REPLY and case.in_known_thread and not orders and honest
    filed = kind is MailKind.REPORT or replies or by_machine(case) is not None or only_reports_status(case)
    return kind in _ANSWERS or (not case.files and filed)


def _disposition(findings: Sequence[Finding]) -> Disposition | None:
    """What findings demand, None where nothing speaks against the mail."""
    outcomes = {finding.outcome for finding in findings}
    if any(finding.outcome is Outcome.HOLD and finding.rule in _TO_LOOK_AT for finding in findings):
        return Disposition.HOLD
    if Outcome.REFUSE in outcomes:
        return Disposition.REFUSE
    return Disposition.HOLD if Outcome.HOLD in outcomes else None


def _filed(case: Case) -> Finding:
    reason = by_machine(case) or told_status(case) or f"Thư thuộc loại {_KIND_NAMES[case.parsed.kind]}"
    return Finding(
        "filed", "Điều 3 khoản 6", Outcome.OK, f"Lưu hồ sơ, không vào sổ và không trả lời. {reason.rstrip('.')}."
    )


_KIND_NAMES = {
    MailKind.REPORT: "báo cáo chuyển phát",
    MailKind.AUTOMATIC: "thư tự động",
    MailKind.STATUS: "thông báo trạng thái",
    MailKind.REPLY: "thư trả lời thông báo của hệ thống",
}


def _waived(finding: Finding, case: Case) -> Finding:
    if finding.outcome in _WAIVABLE and finding.rule in case.waived:
        return replace(finding, outcome=Outcome.WARN, text=f"{finding.text} Văn thư đã xem xét và chấp nhận.")
    return finding
