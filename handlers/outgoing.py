"""No file leaves that the signatures of now do not call clean, unless a person took it on himself."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from gateway.model.docket import Docket
from gateway.model.facts import Scan, ScanVerdict
from gateway.model.journal import NewEvent
from gateway.model.notice import Notice, NoticeKind, NoticeStage
from gateway.model.report import DeliveryState
from gateway.policy.rules.scanned import NOT_SCANNED
from handlers.alarm import tell_of_infected
from handlers.desk import Desk
from handlers.forward import followed
from handlers.scan import renewed

_KEPT_BACK = "Hệ thống không chuyển tệp vì phần mềm diệt vi-rút không xác nhận tệp sạch: {cause}."


async def kept_back(contents: Sequence[str], dockets: Sequence[Docket], desk: Desk) -> Mapping[str, Scan]:
    """Which of these may not leave, with their scans; raises TemporaryError while there is no scanner.

    What could not be scanned leaves where a person waived that for the mail that brought it.
    """
    if not contents:
        return {}
    scans = (await renewed(contents, desk)).scans
    unclean = {content: scans[content] for content in contents if scans[content].verdict is not ScanVerdict.CLEAN}
    if unclean and await _waived(dockets, desk):
        return {content: scan for content, scan in unclean.items() if scan.verdict is ScanVerdict.INFECTED}
    return unclean


async def _waived(dockets: Sequence[Docket], desk: Desk) -> bool:
    mails = {docket.document.mail_id for docket in dockets}
    # What came by no mail was waived by nobody.
    return bool(mails) and all(
        [mail_id is not None and NOT_SCANNED.rule in await desk.store.waived(mail_id) for mail_id in mails]
    )


async def keep_back(notice: Notice, unclean: Mapping[str, Scan], dockets: Sequence[Docket], desk: Desk) -> Notice:
    """A notice to our own people is made anew without these files; a submission without them would be none."""
    now = desk.clock.now()
    if notice.owed.kind is not NoticeKind.SUBMISSION:
        async with desk.store.begin() as unit:
            return await unit.notice_unmade(notice, now)
    cause = "; ".join(sorted({scan.name or scan.verdict.value for scan in unclean.values()}))
    words = _KEPT_BACK.format(cause=cause)
    async with desk.store.begin() as unit:
        await unit.notice_failed(notice, words)
        for docket in dockets:
            for content in _worth_telling(docket, unclean):
                await tell_of_infected(docket.document, content, unclean[content], unit, desk)
        await followed(notice, DeliveryState.FAILED_HARD, words, unit, desk)
        data = {"notice": notice.owed.kind.value, "to": notice.owed.recipient, "reason": words}
        event = NewEvent(f"notice.{NoticeStage.FAILED.value}", "gateway", "scanner", notice.owed.mail_id, data=data)
        await unit.record(event, now)
    return notice.at_stage(NoticeStage.FAILED)


def _worth_telling(docket: Docket, unclean: Mapping[str, Scan]) -> list[str]:
    """The infected files; the mail that brought them only where it is infected and they are not."""
    infected = [content for content, scan in unclean.items() if scan.verdict is ScanVerdict.INFECTED]
    files = {file.sha256 for file in docket.document.files}
    return [content for content in infected if content in files] or infected
