"""Which documents the sender's own words say they bring: `Gửi văn bản số 955/QĐ-SGTVT ngày 07/9/2017`.

Only what he newly wrote and the subject are read. Mails name more documents than they bring: those they answer, carry
out or report on. Which these are no list of words tells, so that a number is heard only in the few phrases that send.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from gateway.model.part import ParsedMail
from gateway.policy.header.text import clean, fold, plain_punctuation, squeeze

MOST = 50
_MOST_LINES, _LONGEST_LINE = 500, 1_000
_REACH = 250
"""How many letters before a number tell what it is."""
_SEGMENT = r"[^\W\d_][^\W_]{0,14}(?:[.&][^\W_]{1,10}){0,2}"
IDENTIFIER = re.compile(
    rf"(?<![\w/.,-])(?P<number>\d{{1,5}}[a-zđ]?) ?/ ?"
    rf"(?P<notation>(?:(?:19|20)\d\d/)?{_SEGMENT}(?:[-/]{_SEGMENT}){{0,6}})"
)
_DATED = re.compile(
    r"[\s,(]{0,3}(?:(?:de|duoc ban hanh|ban hanh|ky) )?ngay "
    r"(?:(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})|(\d{1,2}) thang (\d{1,2}) nam (\d{4}))(?!\d)"
)
_SENTENCES = re.compile(r"(?<=[.;!?])\s+(?=[^\W\d_a-z])|;")
# Words before a number by which it is not what is sent: what it is about, follows, answers or changes.
_REFERS = re.compile(
    r"\b(?:v ?/ ?v|ve viec|(?<!kem )theo|kem theo(?! day| thu nay)|can cu|"
    r"thuc hien|trien khai|tra loi|phuc dap|lien quan|thay the|sua doi|bo sung|huy bo|"
    r"bai bo|tiep tuc|nhu|yeu cau|de nghi|gop y|lay y kien|ngay nhan|da nhan|nhan duoc|chua|"
    r"truoc day|quy (?:so|co quan|don vi|ban|vi|phong|bo|ong|ba) (?:da |vua |co )?(?:gui|chuyen)|da (?:gui|chuyen))\b"
)
_SENDS = re.compile(r"\b(?:gui|chuyen|dinh kem)\b")
_TYPE = (
    r"(?:van ban|vb|cong van|cv|cong dien|cd|nghi quyet|nq|quyet dinh|qd|chi thi|ct|quy che|quy dinh|thong cao|"
    r"thong bao|tb|huong dan|hd|chuong trinh|ke hoach|kh|phuong an|de an|du an|bao cao|bc|bien ban|bb|to trinh|ttr|"
    r"hop dong|thong tu|nghi dinh|giay (?:moi|gioi thieu|uy quyen)|gm|phieu (?:chuyen|bao)|ket luan|kl)"
)
_NUMBERED = rf"(?:{_TYPE}\W{{1,2}})?(?:so\W{{1,3}})?"
"""What stands right before the number: `Công văn số `."""
# A line of a list, or a whole subject: nothing but marks before it. What begins with `Re:` is about the other's mail.
_LISTED = re.compile(
    rf"(?:\[[^\[\]]{{1,40}}\])?\W{{0,6}}(?:(?:fwd?|gui|chuyen)\W{{1,3}}){{0,3}}(?:\d{{1,2}}[.)]\W{{0,3}})?{_NUMBERED}"
)
_ENDS = re.compile(r"\s{0,3}(?:$|[,;:.()\-–]|v ?/ ?v\b|ve viec\b|gom\b|cua\b|\(?\d{1,3} trang)")
# To whom it is sent may stand between, but no other thing: `gửi báo cáo Chỉ thị …`, `gửi ý kiến về …`.
_NO_THING = (
    rf"(?!(?:{_TYPE}|y kien|ho so|phu luc|danh (?:sach|muc)|ket qua|noi dung|du thao|bieu|giai trinh|de cuong|tai lieu|"
    r"tham luan|bai|ban|ve|cua|doi voi|hoi|xin|lai)\b)"
)
_AFTER_SENDING = re.compile(rf"\W{{1,3}}(?:{_NO_THING}[a-z]+[ ,:]{{1,2}}){{0,12}}{_NUMBERED}")
_AFTER_ANOTHER = re.compile(rf"(?: ?\([^()]{{0,30}}\))?(?: ?[,;+&]| va| cung)\W{{0,3}}{_NUMBERED}")
_CAPITALS = 2
# Roads and number plates are written like numbers of documents: `Km 5/QL24B`, `12/ĐT.622C`.
_ROAD = re.compile(r"[^\W\d_]{1,3}\.?\d[^\W_]*")


@dataclass(frozen=True, slots=True)
class Named:
    """Number and notation, perhaps the day, of a document that the mail's words say it brings."""

    number: str
    notation: str
    issued_on: date | None
    words: str


def named_in(parsed: ParsedMail) -> tuple[Named, ...]:
    """What the subject and what was newly written say they bring, at most `MOST`."""
    found: list[Named] = []
    lines = parsed.authored.text.splitlines()[:_MOST_LINES]
    for line, subject in ((parsed.subject, True), *((line, False) for line in lines)):
        for sentence in _SENTENCES.split(plain_punctuation(clean(line[:_LONGEST_LINE]))):
            found.extend(_in_sentence(sentence or "", subject=subject))
            if len(found) >= MOST:
                return tuple(found[:MOST])
    return tuple(found)


def about_in(subject: str) -> str | None:
    """What a subject says its document is about (`V/v …`), None where it does not say so."""
    text = squeeze(plain_punctuation(clean(subject)))[:_LONGEST_LINE]
    found = re.search(r"(?:^|[\s:,.-])(?:v ?/ ?v|về việc)\W{1,3}(.{10,500})$", text, re.IGNORECASE)
    return f"Về việc {found[1].strip(' .')}" if found else None


def _in_sentence(sentence: str, *, subject: bool) -> Iterator[Named]:
    folded, sent, last = fold(sentence), False, 0
    for found in IDENTIFIER.finditer(sentence):
        notation = found["notation"]
        if sum(letter.isupper() for letter in notation) < _CAPITALS or _ROAD.fullmatch(notation):
            continue
        dated = _DATED.match(folded, found.end())
        end = dated.end() if dated else found.end()
        another = sent and _AFTER_ANOTHER.fullmatch(folded, last, found.start()) is not None
        sent = another or _is_sent(
            folded[max(found.start() - _REACH, 0) : found.start()], folded[end:], subject=subject
        )
        last = end
        if sent:
            yield Named(found["number"], notation, _day(dated), squeeze(sentence)[:300])


def _is_sent(before: str, after: str, *, subject: bool) -> bool:
    if _REFERS.search(before):
        return False
    if _LISTED.fullmatch(before):
        return subject or _ENDS.match(after) is not None
    return any(_AFTER_SENDING.fullmatch(before, sending.end()) for sending in _SENDS.finditer(before))


def _day(dated: re.Match[str] | None) -> date | None:
    if dated is None:
        return None
    day, month, year = (int(figure) for figure in dated.groups() if figure is not None)
    try:
        return date(year, month, day)
    except ValueError:
        return None
