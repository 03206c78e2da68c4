"""From findings to the one disposition of a mail."""

from __future__ import annotations

from dataclasses import replace

from gateway.model.finding import Finding, Outcome
from gateway.model.mail import MailKind
from gateway.model.verdict import Disposition, JudgedEntry, Verdict
from gateway.policy.case import Case
from gateway.policy.rules import OF_ORDERS, RULES, by_machine
from gateway.policy.sender import SENDER_RULES, Reception, reception

_ANSWERS = {MailKind.AUTOMATIC, MailKind.STATUS}


def judge(case: Case) -> Verdict:
    """Apply every rule; the strictest outcome wins, and the sender's own come before all others.

    What machines send is filed: it never registers, nor is it refused. Only where it brings a document does the
    clerk decide, except for what answers something, as a responder does with its owner's logo.
    """
    kind = case.parsed.kind
    orders = case.gives_orders and by_machine(case) is None
    honest = reception(case) is not Reception.SUSPECT
    replies = kind is MailKind.REPLY and case.in_known_thread and not orders and honest
    if kind in _ANSWERS or (not case.files and (kind is MailKind.REPORT or replies or by_machine(case))):
        return Verdict(Disposition.NOTE, (_filed(case),))
    rules = (rule for rule in RULES if rule.key in OF_ORDERS) if orders else RULES
    findings = tuple(_waived(finding, case) for rule in rules for finding in rule.check(case))
    outcomes = {finding.outcome for finding in findings}
    if any(finding.outcome is Outcome.HOLD and finding.rule in SENDER_RULES for finding in findings):
        return Verdict(Disposition.HOLD, findings)
    if Outcome.REFUSE in outcomes:
        return Verdict(Disposition.REFUSE, findings)
    if Outcome.HOLD in outcomes:
        return Verdict(Disposition.HOLD, findings)
    if orders:
        return Verdict(Disposition.APPLY, findings)
    entries = tuple(JudgedEntry(candidate.entry, candidate.repeats) for candidate in case.candidates)
    return Verdict(Disposition.REGISTER, findings, entries)


def _filed(case: Case) -> Finding:
    reason = by_machine(case) or f"Thư thuộc loại {_KIND_NAMES[case.parsed.kind]}"
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
    if finding.outcome is Outcome.HOLD and finding.rule in case.waived:
        return replace(finding, outcome=Outcome.WARN, text=f"{finding.text} Văn thư đã xem xét và chấp nhận.")
    return finding
