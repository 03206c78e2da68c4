"""What the header of a message says (QCVN 102:2016, MessageHeader, TraceHeaderList and the manifest)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

from lxml import etree

from gateway.adapters.edxml.tree import at, children, words
from gateway.model.exchange import ExchangeBusiness, ExchangeMessage, ExchangeReference

_MOST = 200
_YEAR_FIRST = re.compile(r"(\d{4})[/.-](\d{1,2})[/.-](\d{1,2})(?:\D|$)")
_DAY_FIRST = re.compile(r"(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})(?:\D|$)")


def message_of(root: etree._Element) -> ExchangeMessage:
    """The header as a record; what is missing or unreadable stays empty."""
    envelope = at(root, "edXMLEnvelope")
    head = at(envelope, "edXMLHeader", "MessageHeader")
    sender, other = at(head, "From"), at(head, "OtherInfo")
    business = at(envelope, "edXMLHeader", "TraceHeaderList", "Bussiness")
    return ExchangeMessage(
        document_id=words(head, "DocumentId"),
        number=words(head, "Code", "CodeNumber"),
        notation=words(head, "Code", "CodeNotation"),
        place=words(head, "PromulgationInfo", "Place"),
        issued_on=_day(words(head, "PromulgationInfo", "PromulgationDate")),
        type_name=words(head, "DocumentType", "TypeName"),
        subject=words(head, "Subject"),
        content=words(head, "Content"),
        organ_id=words(sender, "OrganId"),
        organ=words(sender, "OrganName"),
        superior=words(sender, "OrganizationInCharge"),
        competence=words(head, "SignerInfo", "Competence"),
        position=words(head, "SignerInfo", "Position"),
        signer=words(head, "SignerInfo", "FullName"),
        due_on=_day(words(head, "DueDate")),
        to_places=tuple(_each(at(head, "ToPlaces"), "Place")),
        priority=_count(words(other, "Priority")),
        pages=_count(words(other, "PageAmount")),
        copies=_count(words(other, "PromulgationAmount")),
        business=_business(words(business, "BussinessDocType")),
        reason=words(business, "BussinessDocReason"),
        replaces=tuple(
            found
            for info in _first(at(business, "ReplacementInfoList"), "ReplacementInfo")
            if (found := words(info, "DocumentId"))
        ),
        response_for=tuple(_references(head, other)),
        status=words(head, "StatusCode") or None,
        description=words(head, "Description"),
        listed=tuple(
            name
            for reference in _first(at(envelope, "edXMLBody", "edXMLManifest"), "Reference")
            if (name := words(reference, "AttachmentName"))
        ),
    )


def _first(element: etree._Element | None, name: str) -> Iterator[etree._Element]:
    yield from (child for child, _ in zip(children(element, name), range(_MOST), strict=False))


def _each(element: etree._Element | None, name: str) -> Iterator[str]:
    yield from (text for child in _first(element, name) if (text := words(child)))


def _references(head: etree._Element | None, other: etree._Element | None) -> Iterator[ExchangeReference]:
    """What is answered; an empty element says nothing. Older programs list it under OtherInfo."""
    for element in (*_first(head, "ResponseFor"), *_first(at(other, "ReplyFors"), "ReplyFor")):
        number, notation = words(element, "Code", "CodeNumber"), words(element, "Code", "CodeNotation")
        reference = ExchangeReference(
            organ_id=words(element, "OrganId"),
            document_id=words(element, "DocumentId"),
            code=f"{number}/{notation}" if number and notation else words(element, "Code"),
            issued_on=_day(words(element, "PromulgationDate")),
        )
        if reference != ExchangeReference():
            yield reference


def _business(text: str) -> ExchangeBusiness | None:
    return ExchangeBusiness(text) if text in set(ExchangeBusiness) else None


def _count(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) <= 6 else None  # noqa: PLR2004


def _day(text: str) -> date | None:
    found = _YEAR_FIRST.match(text)
    year_first = found is not None
    found = found or _DAY_FIRST.match(text)
    if found is None:
        return None
    first, month, last = (int(figure) for figure in found.groups())
    try:
        return date(first, month, last) if year_first else date(last, month, first)
    except ValueError:
        return None
