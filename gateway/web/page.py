"""From records to the words and shapes of their pages."""

from __future__ import annotations

import hashlib
from base64 import b64encode
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup, escape

from gateway.clock import local
from gateway.model import wording
from gateway.model.agency import Agency
from gateway.model.docket import DocumentState
from gateway.model.document import Document, Status
from gateway.model.facts import ScanVerdict
from gateway.model.signature import Coverage, SignatureVerdict
from gateway.model.tracking import PersonalFiles, TrackedDocument
from gateway.web.form import LONGEST_NAME, SHORTEST_NAME, Acknowledgement
from gateway.web.journey import journey

STATUS_NOTES: Mapping[Status, str] = {
    Status.ARRIVED: "Văn bản đã đến hệ thống và đang chờ văn thư tiếp nhận.",
    Status.REFUSED: "Văn bản không được tiếp nhận; lý do đã được thông báo đến nơi gửi.",
    Status.RECEIVED: "Văn bản đã được vào sổ và đang chờ phân công xử lý.",
    Status.ASSIGNED: "Văn bản đã được phân công cho đơn vị, cá nhân xử lý.",
    Status.IN_PROGRESS: "Đơn vị, cá nhân được phân công đang xử lý văn bản.",
    Status.FINISHED: "Việc xử lý văn bản đã hoàn thành.",
    Status.RECALLED: "Nơi gửi đã đề nghị lấy lại văn bản.",
    Status.AGREED: "Đề nghị lấy lại hoặc cập nhật văn bản đã được đồng ý.",
    Status.DISAGREED: "Đề nghị lấy lại hoặc cập nhật văn bản không được đồng ý.",
}
"""One sentence for each status of Quyết định 28/2018/QĐ-TTg."""

STATE_NOTES: Mapping[DocumentState, str] = {
    DocumentState.FORWARDED: "Hồ sơ trình đã được chuyển đi; đường đi của hồ sơ ghi bên dưới.",
    DocumentState.RETURNED: "Văn bản đã được trả lại nơi gửi.",
    DocumentState.ISSUED: "Văn bản đã được phát hành.",
    DocumentState.VOIDED: "Số vào sổ của văn bản đã hủy; lý do ghi bên dưới.",
    DocumentState.RECALLED: "Văn bản đã được lấy lại theo đề nghị của nơi gửi; nội dung và tệp không còn hiển thị.",
}
"""A better sentence where the state says more than the status."""

GOOD, OPEN, CAUTION, BAD = "good", "open", "caution", "bad"
"""Tones: each has a colour and a sign of its own, so that colour alone never carries a meaning."""

_STATUS_TONES: Mapping[Status, str] = {
    Status.ARRIVED: OPEN,
    Status.REFUSED: BAD,
    Status.RECEIVED: GOOD,
    Status.ASSIGNED: OPEN,
    Status.IN_PROGRESS: OPEN,
    Status.FINISHED: GOOD,
    Status.RECALLED: CAUTION,
    Status.AGREED: GOOD,
    Status.DISAGREED: BAD,
}
_SCAN_TONES: Mapping[ScanVerdict, str] = {
    ScanVerdict.CLEAN: GOOD,
    ScanVerdict.INFECTED: BAD,
    ScanVerdict.NOT_SCANNED: CAUTION,
}
_SIGNATURE_TONES: Mapping[SignatureVerdict, str] = {
    SignatureVerdict.VALID: GOOD,
    SignatureVerdict.VALID_WEAK: CAUTION,
    SignatureVerdict.UNTRUSTED: CAUTION,
    SignatureVerdict.INVALID: BAD,
    SignatureVerdict.UNKNOWN: CAUTION,
}
_DIGITS_TOGETHER = 8
_LETTERS_WITH_LAST = 4


class Pages:
    """The HTML pages of one agency. All templates are read at once: a broken one stops the start, not a request."""

    def __init__(self, templates: Path, agency: Agency) -> None:
        folder = templates / "web"
        style = (folder / "page.css").read_text(encoding="utf-8")
        environment = Environment(
            loader=FileSystemLoader(folder),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
            auto_reload=False,
        )
        environment.filters.update(
            {
                "moment": _moment,
                "day": wording.day,
                "size": wording.size,
                "pages": wording.pages,
                "file_type": wording.file_type,
                "sentence": wording.sentence,
                "line": wording.one_line,
                "signer": wording.signer,
                "digits": _breakable,
                "iso": _iso,
                "masked": masked,
                "person": _person,
            }
        )
        environment.globals.update(agency=agency, style=Markup(style), wording=wording)  # noqa: S704 our own file
        environment.globals.update(
            status_notes=STATUS_NOTES,
            status_tones=_STATUS_TONES,
            scan_tones=_SCAN_TONES,
            signature_tones=_SIGNATURE_TONES,
            whole=Coverage.WHOLE,
            shortest_name=SHORTEST_NAME,
            longest_name=LONGEST_NAME,
        )
        self.style_hash = f"sha256-{b64encode(hashlib.sha256(style.encode()).digest()).decode()}"
        """What the Content-Security-Policy allows: this style sheet and nothing else."""
        self._agency = agency
        self._tracking = environment.get_template("tracking.html")
        self._forwarding = environment.get_template("forwarding.html")
        self._files = environment.get_template("files.html")
        self._message = environment.get_template("message.html")

    def tracking(self, tracked: TrackedDocument, at: datetime) -> str:
        """The page behind a sender's tracking link as of `at`; of a recalled document, what is left of it."""
        docket = tracked.docket
        steps = [step for step in tracked.timeline if not step.inside]
        note = STATUS_NOTES[docket.status]
        if docket.status is not Status.RECALLED:
            note = STATE_NOTES.get(docket.state, note)
        returned = docket.state in {DocumentState.RETURNED, DocumentState.VOIDED}
        reasons = [step.text for step in steps if returned and step.status is Status.REFUSED and step.text]
        return self._tracking.render(
            **_named(docket.document, whole=not is_recalled(tracked)),
            taken_back=is_recalled(tracked),
            status=docket.status,
            note=note,
            reason=reasons[-1] if reasons else "",
            answers=docket.answers,
            legs=journey(docket, self._agency),
            steps=steps,
            at=at,
        )

    def forwarding(self, tracked: TrackedDocument, at: datetime, posted: Acknowledgement | None = None) -> str:
        """The page of the receiver of a submission as of `at`; `posted` is a form that was not complete."""
        return self._forwarding.render(
            **_named(tracked.document, whole=not is_recalled(tracked)),
            taken_back=is_recalled(tracked),
            forwarding=tracked.forwarding,
            posted=posted is not None,
            form=posted or Acknowledgement(),
            at=at,
        )

    def files(self, files: PersonalFiles, token: str) -> str:
        """The page behind a personal link."""
        return self._files.render(
            **_named(files.document, whole=True), address=files.address, expires_at=files.expires_at, token=token
        )

    def message(self, heading: str, text: str, reference: str = "") -> str:
        """A page that only says something; `reference` is the id under which our log knows more."""
        return self._message.render(heading=heading, text=text, reference=reference)


def is_recalled(tracked: TrackedDocument) -> bool:
    """True where the sender took the document back, and only a tombstone is shown."""
    return tracked.docket.state is DocumentState.RECALLED


def may_be_acknowledged(tracked: TrackedDocument) -> bool:
    """True where the page bears the form."""
    forwarding = tracked.forwarding
    return forwarding is not None and forwarding.acknowledged_at is None and not is_recalled(tracked)


def _named(document: Document, *, whole: bool) -> dict[str, object]:
    """What every page calls a document; without `whole` its abstract does not stand in for a missing number."""
    header = document.header if whole else replace(document.header, abstract=None)
    title = wording.one_line(wording.title(header), 200)
    return {"document": document, "title": title, "heading": _unbroken(title, header.identifier)}


def _unbroken(title: str, identifier: str | None) -> Markup:
    """The title with its number and notation kept on one line where there is room."""
    before, found, after = title.partition(identifier or title)
    if identifier is None or not found:
        return escape(title)
    return Markup('{}<span class="whole">{}</span>{}').format(before, found, after)


def _breakable(digest: str) -> Markup:
    """A digest that may break over lines every few digits and is still copied whole."""
    pieces = [digest[start : start + _DIGITS_TOGETHER] for start in range(0, len(digest), _DIGITS_TOGETHER)]
    return Markup("<wbr>").join(pieces)


def _moment(at: datetime) -> str:
    """As in notices, with the date kept on one line."""
    return wording.moment(at).replace("ngày ", "ngày\N{NO-BREAK SPACE}")


def _iso(at: datetime) -> str:
    return local(at).isoformat(timespec="seconds")


def masked(address: str) -> str:
    """A mail address that its owner knows again and others do not: `l***c-sogtvt@…`."""
    local, _, _ = wording.one_line(address, 255).rpartition("@")
    person, dash, office = local.rpartition("-")
    if not dash:
        person, office = local, ""
    last = person[-1] if len(person) >= _LETTERS_WITH_LAST else ""
    return f"{person[:1]}***{last}{dash}{office}@…"


def _person(name: str) -> str:
    """A name as it was given; of somebody known by a mail address alone, that much."""
    return masked(name) if "@" in name else name
