"""The public door: one raw mail in, envelope headers and a decision for every part out."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from gateway.adapters.mime.authored import read_authored
from gateway.adapters.mime.beside import read_beside
from gateway.adapters.mime.body import body_text
from gateway.adapters.mime.claims import read_claims
from gateway.adapters.mime.decide import decide_all
from gateway.adapters.mime.envelope import (
    Author,
    read_addressed,
    read_authors,
    read_date,
    read_message_id,
    read_references,
)
from gateway.adapters.mime.headers import Headers
from gateway.adapters.mime.kind import nature
from gateway.adapters.mime.limits import LIMITS
from gateway.adapters.mime.node import Node, Problems
from gateway.adapters.mime.report import read_report
from gateway.adapters.mime.walk import Archives, Walker
from gateway.adapters.mime.whole import Loss
from gateway.adapters.mime.words import clean, decode_words
from gateway.model.exchange import ExchangeMessage, OpenedExchange
from gateway.model.mail import MailKind
from gateway.model.part import ParsedMail, Part, PartDecision


def parse_mail(
    raw: Path,
    scratch: Path,
    sniff: Callable[[Path], str],
    *,
    own_instance: str = "",
    archives: Archives | None = None,
    read_exchange: Callable[[bytes], OpenedExchange] | None = None,
    holds_more: Callable[[Path, str], bool] = lambda _content, _media_type: False,
) -> ParsedMail:
    """Take a raw mail (RFC 5322, MIME) apart; any bytes at all give a result.

    The decoded content of every part that has one is written as `scratch/<sha256>`. `sniff` tells the media type of
    a file by its content. `own_instance` is the name that this gateway writes into X-Vanthu-Instance of what it sends
    and by which a mail of its own is known; another gateway's name there says nothing of how to take a mail.
    `archives` opens those archives whose files are judged as if they were attached; without it none is opened.
    `read_exchange` opens messages of the exchange between systems (edXML), raising Unopened where it cannot; without it
    they are files like all others. `holds_more` says of a picture, by content and true type, whether something else is
    hidden in it.
    Raises OSError only, where `raw` cannot be read or `scratch` not be written.
    """
    content = raw.read_bytes()
    if b"\n" not in content:
        content = content.replace(b"\r", b"\n")
    walker = Walker(scratch, sniff, archives, read_exchange)
    headers = walker.mail(content)
    del content
    nodes, problems = walker.nodes, walker.problems
    if not headers.fields:
        problems.add("Thư không có phần tiêu đề đọc được.")
    decide_all(nodes, walker.shown_ids, problems, holds_more)
    author = _author(headers, problems)
    subject = clean(decode_words(headers.text("subject") or ""), LIMITS.subject)
    references = read_references(headers)
    claims = read_claims(headers)
    judged = nature(
        headers,
        nodes,
        sender=author.address,
        return_path=claims.return_path,
        subject=subject,
        replies=bool(references),
        own_instance=own_instance,
    )
    if judged.kind is MailKind.REPORT:
        _pass_over_returned(nodes)
        _name_documents(nodes, problems)
    lost = _name_losses(nodes, judged.kind, problems)
    text = body_text(nodes, problems)
    beside = read_beside(nodes, walker.subjects, subject, text, problems)
    return ParsedMail(
        message_id=read_message_id(headers.text("message-id") or ""),
        sender=author.address,
        sender_name=author.name,
        subject=subject,
        date=_date(headers, problems),
        kind=judged.kind,
        automatic=judged.automatic,
        in_reply_to=references,
        body_text=text,
        parts=tuple(_part(node) for node in nodes),
        problems=problems.texts(),
        incomplete=walker.incomplete or lost,
        addressed=read_addressed(headers),
        claims=claims,
        report=read_report(headers, nodes, text) if judged.kind is MailKind.REPORT else None,
        authored=read_authored(nodes, subject),
        name_tricks={node.path: node.name_trick for node in nodes if node.name_trick},
        attached_subjects=(*beside.subjects, *_said_in(walker.exchanges)),
        attached_texts=beside.attached,
        other_texts=beside.own,
        packed_names=beside.packed,
        exchanges=tuple(walker.exchanges),
    )


def _said_in(exchanges: list[ExchangeMessage]) -> list[str]:
    """The subjects that messages of exchange give their documents, which may bear a mark of secrecy."""
    subjects = (text for message in exchanges for text in (message.subject, message.content) if text)
    return list(dict.fromkeys(subjects))[: LIMITS.attached_subjects]


def _author(headers: Headers, problems: Problems) -> Author:
    fields = headers.texts("from")
    authors = [author for value in fields for author in read_authors(value)]
    if not authors:
        missing = "Thư không có người gửi (thiếu From)." if not any(fields) else "Không đọc được địa chỉ người gửi."
        problems.add(missing)
        return Author("", clean(decode_words(fields[0]), 300) if fields else "")
    if len(fields) > 1 or len({author.address for author in authors}) > 1:
        problems.add(f"Thư ghi nhiều người gửi, lấy người thứ nhất: {authors[0].address}.")
    return authors[0]


def _date(headers: Headers, problems: Problems) -> datetime | None:
    value = headers.text("date")
    found = read_date(value) if value else None
    if value and found is None:
        problems.add("Không đọc được ngày gửi (Date).")
    return found


def _pass_over_returned(nodes: list[Node]) -> None:
    """What a report gives back is our own or somebody's earlier mail, not a document sent to us."""
    for node in nodes:
        if node.nested and node.decision is PartDecision.DOCUMENT:
            node.decide(PartDecision.RETURNED, "Thuộc thư gốc được trả lại trong báo cáo phát thư")


def _name_documents(nodes: list[Node], problems: Problems) -> None:
    """A report is filed unread, so a file that came beside what it returns is told to people."""
    for node in nodes:
        if node.decision is PartDecision.DOCUMENT and not node.declared.startswith("message/"):
            problems.add(f"Báo cáo phát thư có kèm tệp không thuộc thư gốc được trả lại, chưa vào sổ: {node.label}.")


def _name_losses(nodes: list[Node], kind: MailKind, problems: Problems) -> bool:
    """Whether bytes of a document, or documents, are known to be missing; what a report returns is never whole."""
    own = [node for node in nodes if not (kind is MailKind.REPORT and node.nested)]
    documents = [node for node in own if node.decision is PartDecision.DOCUMENT and node.loss is not Loss.NONE]
    opened = [node for node in own if node.decision is PartDecision.CONTAINER and node.loss in {Loss.BYTES, Loss.REST}]
    for node in documents:
        if node.loss is Loss.UNPROVEN:
            problems.add(f"Thư thiếu phần kết thúc, không biết tệp đã nhận đủ hay chưa: {node.label}.")
        else:
            problems.add(f"Thư bị cắt hoặc hỏng khi truyền, tệp nhận được không đủ: {node.label}.")
    for node in opened:
        if not documents:
            problems.add(f"Thư bị cắt hoặc hỏng khi truyền, có thể thiếu tệp: {node.label}.")
    return bool(documents or opened)


def _part(node: Node) -> Part:
    if node.decision is None:
        raise AssertionError(f"no decision for part {node.path}")
    return Part(
        path=node.path,
        name=node.name,
        declared_type=node.declared,
        type=node.type,
        size=node.size,
        sha256=node.sha256,
        decision=node.decision,
        reason=node.reason,
    )
