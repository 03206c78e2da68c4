"""Files and mails as the sources are asked about them, without bytes."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

from gateway.model.exchange import ExchangeMessage
from gateway.model.facts import FileFacts
from gateway.model.header import Evidence, EvidenceSource, HeaderFields
from gateway.model.part import Authored, ParsedMail, Part, PartDecision
from gateway.policy.case import Examined
from gateway.policy.grouping import group
from gateway.policy.sources.confront import Confronted, confront
from tests.records import CLEAN, parsed, sha256

PDF = "application/pdf"
RAW = sha256("thư")
TODAY = date(2026, 11, 23)


def file(
    name: str,
    number: str | None = None,
    notation: str | None = "SXD-KT",
    *,
    sure: float = 0.97,
    path: str = "",
    pages: int | None = 2,
    kind: str = PDF,
    **fields: Any,
) -> Examined:
    """A file on whose page 1 these fields stand; without a number only those given."""
    values = {"number": number, "notation": notation if number else None, **fields}
    known = {key: value for key, value in values.items() if value is not None}
    facts = FileFacts(
        sha256(name),
        9,
        kind,
        pages=pages,
        header=HeaderFields(
            **known,
            confidence=dict.fromkeys(known, sure),
            evidence={key: Evidence(EvidenceSource.TEXT, str(value), 1) for key, value in known.items()},
        ),
    )
    part = Part(path or name, name, kind, kind, 9, facts.sha256, PartDecision.DOCUMENT, "Tệp")
    return Examined(part, facts, CLEAN)


def written(
    *files: Examined, subject: str = "Gửi văn bản", text: str = "", exchanges: tuple[ExchangeMessage, ...] = ()
) -> ParsedMail:
    """A mail with these files, its subject and what was newly written in it."""
    parts = tuple(each.part for each in files)
    around = tuple(
        Part(each.path, "v.edxml", "", "application/edxml+xml", 9, sha256(each.path), PartDecision.CONTAINER, "")
        for each in exchanges
    )
    return replace(
        parsed(), subject=subject, parts=(*around, *parts), authored=Authored(text=text), exchanges=exchanges
    )


def heard(*files: Examined, **mail: Any) -> tuple[Confronted, ...]:
    """The documents of such a mail with all that speaks of them."""
    sent = written(*files, **mail)
    return confront(group(files, sent.exchanges), sent, RAW, TODAY)


MESSAGE = ExchangeMessage(
    path="2",
    document_id="H48.12,2026/11/20,123/SXD-KT",
    number="123",
    notation="SXD-KT",
    issued_on=date(2026, 11, 20),
    type_name="Công văn",
    subject="Về việc thẩm định thiết kế",
    organ="Sở Xây dựng",
    superior="UBND tỉnh Quảng Ngãi",
    signer="Lê Văn Bốn",
)
