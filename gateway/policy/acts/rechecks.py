"""The rules of entry once more, for what a person puts into the register: what is refused, what he is told."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from gateway.model.act import Correction
from gateway.model.document import Direction, Document
from gateway.model.finding import Outcome
from gateway.model.header import HeaderFields
from gateway.model.wording import FIELD_WORDS, arrival, day, title
from gateway.policy.acts.entered import value_in
from gateway.policy.acts.matter import Matter, local_day
from gateway.policy.acts.records import Choice, Refusal
from gateway.policy.header.agreement import notation_fits_issuer
from gateway.policy.header.identity import identifier_key, identity_key, may_be_same
from gateway.policy.rules.signing import on_signing
from gateway.policy.secrecy.wording import sign_in

_SECRECY_CLAUSE = "Điều 8 khoản 2 điểm a"
_DUPLICATE_CLAUSE = "Điều 11 khoản 1 điểm b"
_FREE_TEXT = ("abstract", "note")
_SERIES_CLAUSE = "Nghị định 30/2020/NĐ-CP Điều 15"
_GIVEN_BY_BOOK = ("number", "notation", "issuer")


def known_by_another_name(before: Document, after: Document) -> bool:
    """Whether a correction changes by what the document is known again."""
    one, other = before.header, after.header
    return (identity_key(one), identifier_key(one)) != (identity_key(other), identifier_key(other))


def identifier_after(header: HeaderFields, correction: Correction) -> str | None:
    """The key of number and notation that a document has once it is corrected."""
    given = {name: value for name, value in correction.values.items() if name in {"number", "notation"}}
    texts = {name: value if isinstance(value, str) else None for name, value in given.items()}
    return identifier_key(replace(header, **texts))  # type: ignore[arg-type]


def keys_after(before: Document, after: Document, others: Sequence[Document]) -> tuple[str | None, str | None] | None:
    """The keys by which a corrected document is known again, None where they stay.

    Where one of `others` has the very same, this one keeps apart: the clerk has seen both.
    """
    if not known_by_another_name(before, after):
        return None
    identity = identity_key(after.header)
    if identity is not None and any(identity_key(other.header) == identity for other in others):
        identity = f"{identity}#{after.label}"
    return identity, identifier_key(after.header)


def refused_by_rules(matter: Matter, after: Document, changed: Sequence[str]) -> Refusal | None:
    """What would have sealed, held or refused the document at its entry."""
    for name in changed:
        if name in _FREE_TEXT and sign_in(str(value_in(after, name) or "")) is not None:
            text = (
                f"Mục {FIELD_WORDS[name]} có chỗ giống dấu chỉ độ mật nên không ghi vào sổ. Nếu văn bản là bí mật nhà "
                "nước, không chuyển tiếp và báo ngay người phụ trách bảo vệ bí mật nhà nước."
            )
            return Refusal("state_secret", text, _SECRECY_CLAUSE)
    return _out_of_series(after, changed) or _of_same_number(matter, after)


def _out_of_series(after: Document, changed: Sequence[str]) -> Refusal | None:
    """What is issued keeps the number of its place in the book, and the year of that number."""
    if after.direction is not Direction.OUT:
        return None
    given = [FIELD_WORDS[name] for name in _GIVEN_BY_BOOK if name in changed]
    if given:
        text = f"Mục {', '.join(given)} của văn bản đi do sổ cấp nên không sửa; ghi sai thì hủy số và vào sổ số mới."
        return Refusal("given_by_book", text, _SERIES_CLAUSE)
    issued_on = after.header.issued_on
    if "issued_on" in changed and (issued_on is None or issued_on.year != after.year):
        return Refusal("given_by_book", f"Ngày ban hành của văn bản đi phải trong năm {after.year}.", _SERIES_CLAUSE)
    return None


def _of_same_number(matter: Matter, after: Document) -> Refusal | None:
    """Nothing is numbered twice, unless somebody says of two documents that they are two."""
    same = [other for other in matter.facts.others if other.id != after.id and may_be_same(other.header, after.header)]
    named = matter.order.correction.same_as
    if not known_by_another_name(matter.docket.document, after) or not (same or named):
        return None
    if named in {other.label for other in same}:
        return None
    if not same:
        return Refusal("not_the_same", f"{named} không mang cùng số, ký hiệu với văn bản này.", _DUPLICATE_CLAUSE)
    known = "; ".join(f"{other.label}, số đến {arrival(other)}, {title(other.header)}" for other in same[:3])
    text = (
        f"Sổ đã có văn bản mang số, ký hiệu ấy: {known}. Đối chiếu hai văn bản: nếu là một, hủy số vào sổ thừa; nếu "
        f"đúng là hai văn bản khác nhau, ghi thêm “trùng với={same[0].label}”."
    )
    choice = Choice(f"Hai văn bản khác nhau ({same[0].label})", _again(matter, same[0]))
    return Refusal("already_registered", text, _DUPLICATE_CLAUSE, (choice,))


def _again(matter: Matter, other: Document) -> str:
    """The order as it was written, with the document that may bear the same number."""
    written = "\n".join(matter.order.written) or f"{matter.row.keyword}:"
    return f"{written}; trùng với={other.label}"


def _on_signing(matter: Matter, after: Document, changed: Sequence[str]) -> Iterator[str]:
    """What the signatures are worth beside an issuer or a signer that was named otherwise before."""
    standing, before = matter.facts.standing, matter.docket.document
    if standing is None or not {"issuer", "signer"} & set(changed):
        return
    known = {each.text for each in on_signing(before.files, replace(standing, header=before.header))}
    for finding in on_signing(after.files, replace(standing, header=after.header)):
        if finding.outcome is Outcome.WARN and finding.text not in known:
            yield f"Lưu ý: {finding.text} ({finding.clause})"


def remarks_on(matter: Matter, after: Document, changed: Sequence[str]) -> Iterator[str]:
    """What the clerk would have been told at entry: sentences that do not stand in the way."""
    header, types = after.header, matter.around.rules.types
    if header.notation and {"notation", "document_type", "issuer"} & set(changed):
        by_notation = types.by_notation(header.notation)
        named = types.named(header.document_type) if header.document_type else None
        if by_notation is not None and named is not None and named is not by_notation:
            types_named = f"{by_notation.name.lower()}, sổ ghi tên loại {named.name.lower()}"
            yield f"Lưu ý: ký hiệu {header.notation} là của {types_named}."
        if header.issuer and not notation_fits_issuer(header.notation, header.issuer, types):
            yield f"Lưu ý: ký hiệu {header.notation} không khớp tên cơ quan ban hành; đối chiếu lại với văn bản."
    yield from _on_signing(matter, after, changed)
    arrived = local_day(after.received_at)
    if "issued_on" in changed and header.issued_on and after.direction is Direction.IN and header.issued_on > arrived:
        yield f"Lưu ý: ngày ban hành {day(header.issued_on)} sau ngày đến {day(arrived)}."
    if "reply_by" in changed and header.reply_by:
        if header.reply_by < matter.around.today:
            yield f"Lưu ý: hạn trả lời {day(header.reply_by)} đã qua."
        elif header.issued_on and header.reply_by < header.issued_on:
            yield f"Lưu ý: hạn trả lời {day(header.reply_by)} trước ngày ban hành {day(header.issued_on)}."
