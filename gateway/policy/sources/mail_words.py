"""Which documents the sender's own words name: `Gửi văn bản số 955/QĐ-SGTVT ngày 07/9/2017`.

Only what he newly wrote and the subject are read. A number that merely is referred to confirms a reading as well as
any other, but only one that the mail says it sends can contradict one.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from gateway.model.part import ParsedMail
from gateway.policy.header.text import clean, fold, plain_punctuation, squeeze

MOST = 50
_LONGEST_LINE = 1_000
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
    r"\b(?:v ?/ ?v|ve viec|theo|can cu|thuc hien|trien khai|tra loi|phuc dap|lien quan|thay the|sua doi|bo sung|huy bo|"
    r"bai bo|tiep theo|tiep tuc|tai|nhu|yeu cau|de nghi|bao cao ket qua|gop y|lay y kien|ngay nhan|da nhan|nhan duoc)\b"
)
_SENDS = re.compile(r"\b(?:gui|chuyen|dinh kem|kem theo|ban hanh|gom|gui kem)\b")
_LISTED = re.compile(r"\W{0,6}(?:(?:re|fw|fwd)\W{1,3}){0,3}(?:\d{1,2}[.)]\W{0,3})?(?:[a-z]{1,12}\W{1,3}){0,5}")
_ENDS = re.compile(r"\s{0,3}(?:$|[,;:.()\-–]|v ?/ ?v\b|ve viec\b|gom\b|cua\b|\(?\d{1,3} trang)")
_CAPITALS = 2
# Roads and number plates are written like numbers of documents: `Km 5/QL24B`, `12/ĐT.622C`.
_ROAD = re.compile(r"[^\W\d_]{1,3}\.?\d[^\W_]*")


@dataclass(frozen=True, slots=True)
class Named:
    """A number and notation in the mail's words; `sent` where they say that the mail brings this very document."""

    number: str
    notation: str
    issued_on: date | None
    sent: bool
    words: str


def named_in(parsed: ParsedMail) -> tuple[Named, ...]:
    """Every document named in the subject and in what was newly written, at most `MOST`."""
    found: list[Named] = []
    for line, subject in ((parsed.subject, True), *((line, False) for line in parsed.authored.text.splitlines())):
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
    folded = fold(sentence)
    for found in IDENTIFIER.finditer(sentence):
        notation = found["notation"]
        if sum(letter.isupper() for letter in notation) < _CAPITALS or _ROAD.fullmatch(notation):
            continue
        dated = _DATED.match(folded, found.end())
        end = dated.end() if dated else found.end()
        sent = _is_sent(folded[: found.start()], folded[end:], subject=subject)
        yield Named(found["number"], notation, _day(dated), sent, squeeze(sentence)[:300])


def _is_sent(before: str, after: str, *, subject: bool) -> bool:
    if _REFERS.search(before):
        return False
    listed = _LISTED.fullmatch(before) is not None and (subject or _ENDS.match(after) is not None)
    return listed or _SENDS.search(before) is not None


def _day(dated: re.Match[str] | None) -> date | None:
    if dated is None:
        return None
    day, month, year = (int(figure) for figure in dated.groups() if figure is not None)
    try:
        return date(year, month, day)
    except ValueError:
        return None
