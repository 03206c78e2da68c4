"""The story of a mail as one JSON object. Fields may be added, never renamed."""

from __future__ import annotations

from typing import Any

from gateway.cli.account import Account
from gateway.cli.output import entry_json, facts_json, finding_json, parsed_json
from gateway.cli.work_story import work_json
from gateway.model.authentication import Authentication
from gateway.model.directory import Party
from gateway.model.facts import Scan, ScanVerdict
from gateway.model.journal import Event
from gateway.model.notice import Notice
from gateway.store.story import NoticeReport, Story

_UNSCANNED = Scan(ScanVerdict.NOT_SCANNED, "")


def story_json(account: Account) -> dict[str, Any]:
    """The whole story, as `explain` and `ingest` print it."""
    story, parsed, verdict = account.story, account.parsed, account.verdict
    mail, scans = story.mail, account.scans
    names = {part.sha256: part.name for part in parsed.parts if part.sha256} if parsed else {}
    return {
        "id": mail.label,
        "stage": mail.stage.value,
        "received_at": mail.received_at.isoformat(),
        "from": mail.envelope.mail_from,
        "recipients": list(mail.envelope.recipients),
        "transport": mail.envelope.transport.value,
        "sha256": mail.raw.sha256,
        "same_bytes_as": [f"M{number}" for number in story.same_bytes],
        "copies": story.copies,
        "waiting_for": mail.waiting_for,
        "failed_stage": mail.failed_stage.value if mail.failed_stage else None,
        "last_error": mail.last_error,
        "mail": parsed_json(mail.label, parsed) if parsed else None,
        "authentication": _authentication_json(account.authentication, account.sender),
        "facts": [facts_json(names[key], fact, scans.get(key, _UNSCANNED), ()) for key, fact in account.facts.items()],
        "disposition": verdict.disposition.value if verdict else None,
        "findings": [finding_json(finding) for finding in verdict.findings] if verdict else [],
        "documents": [entry_json(document) for document in story.documents],
        "repeats": [entry_json(document) for document in story.repeats],
        "work": [work_json(work) for work in account.works],
        "events": [_event_json(event) for event in story.events],
        "notices": [_notice_json(notice, story) for notice in story.notices],
        "filed_on": [f"N{notice_id}" for notice_id in story.filed_on],
        "filed": list(dict.fromkeys(each.label for each in story.filed)),
    }


def _authentication_json(found: Authentication | None, sender: Party | None) -> dict[str, Any] | None:
    if found is None:
        return None
    spf, dmarc = found.spf, found.dmarc
    return {
        "judge": found.judge.value,
        "author": found.author,
        "reverse_path": found.reverse_path,
        "reverse_path_proved": found.reverse_path_proved,
        "aligned": found.aligned,
        "spf": {"result": spf.result.value, "domain": spf.domain, "detail": spf.detail},
        "dkim": [
            {
                "result": signature.result.value,
                "domain": signature.domain,
                "selector": signature.selector,
                "detail": signature.detail,
            }
            for signature in found.dkim
        ],
        "dmarc": {
            "result": dmarc.result.value,
            "domain": dmarc.domain,
            "policy": dmarc.policy,
            "detail": dmarc.detail,
        },
        "authserv_id": found.authserv_id,
        "sender": sender.code if sender else None,
    }


def _event_json(event: Event) -> dict[str, Any]:
    return {
        "sequence": event.sequence,
        "at": event.at.isoformat(),
        "kind": event.event.kind,
        "actor": event.event.actor,
        "source": event.event.source,
        "data": dict(event.event.data or {}),
    }


def _notice_json(notice: Notice, story: Story) -> dict[str, Any]:
    return {
        "id": notice.label,
        "kind": notice.owed.kind.value,
        "to": notice.owed.recipient,
        "message_id": notice.owed.message_id,
        "stage": notice.stage.value,
        "delivery": notice.delivery.value if notice.delivery else None,
        "attempts": [
            {"at": each.at.isoformat(), "outcome": each.outcome, "response": each.response}
            for each in story.deliveries
            if each.notice_id == notice.id
        ],
        "reports": [_report_json(each) for each in story.reports if each.notice_id == notice.id],
    }


def _report_json(report: NoticeReport) -> dict[str, Any]:
    reported = report.reported
    return {
        "at": report.at.isoformat(),
        "mail": f"M{report.mail_id}",
        "action": reported.action.value,
        "status": reported.status,
        "recipient": reported.final_recipient or reported.original_recipient,
        "diagnostic": reported.diagnostic,
        "guessed": reported.guessed,
    }
