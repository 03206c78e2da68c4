"""What is new in the lines of one body, and whether that is certain."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from gateway.adapters.mime.authored.boundary import Boundary, find_boundary, holds_separator, is_rule
from gateway.adapters.mime.authored.line import Line
from gateway.adapters.mime.plain import plain

WEAK = "Không phân biệt được chắc chắn nội dung mới với phần trích dẫn, do có dòng trông như mở đầu một thư được trích"
AMONG = "Có nội dung viết xen vào hoặc viết dưới phần trích dẫn nên không phân biệt được chắc chắn với nội dung cũ"
BELOW = "Phía trên phần trích dẫn không có nội dung mới, còn nội dung phía dưới không phân biệt được với phần trích dẫn"

_DELIMITER = "--"
_DEVICE = re.compile(
    r"(?:sent|duoc gui|da gui|gui) (?:from|tu|with|by|bang|qua) .{0,40}"
    r"(?:iphone|ipad|ios|android|samsung|galaxy|xiaomi|redmi|oppo|huawei|nokia|vivo|mail|outlook|gmail|blackberry|"
    r"windows|smartphone|dien thoai|mobile|zalo|phone|tablet|may tinh bang)[^:]{0,80}|"
    r"(?:get|tai|lay) outlook (?:for|danh cho|cho) \w.{0,100}|"
    r"(?:yahoo (?:mail|thu)|mail) .{0,60}(?:android|iphone).{0,60}"
)
_CLOSING = re.compile(
    r"(?:tran trong(?: kinh chao| cam on)?|kinh thu|kinh chao|than ai|than men|(?:xin )?(?:chan thanh )?cam on|"
    r"best|(?:best|kind|warm) regards|regards|sincerely|thanks|thank you|cheers|br|thanks and regards)"
    r"(?: va .{0,30})?[ ,.!]{0,3}"
)
_DISCLAIMER = re.compile(
    r"confidential|intended (?:recipient|only|solely|for)|disclaimer|unauthori[sz]ed|privileged|"
    r"received this .{0,40}error|virus|avast|avg\.com|unsubscribe|mailing list|google groups|think before you print|"
    r"consider the environment|"
    r"bao mat|mien tru trach nhiem|nguoi nhan (?:duoc )?(?:chi dinh|du kien|hop le)|khong phai la nguoi nhan|"
    r"nhan nham|nhan duoc (?:thu|email|e-mail) nay do nham|bi mat|truoc khi in|bao ve moi truong|huy dang ky|"
    r"(?:luu y|canh bao|khuyen cao)\b.{0,80}(?:thu|e-?mail)|thu nay (?:co the|chi|duoc)|noi dung (?:thu|email) nay"
)
_LONG_ENOUGH_TO_WRAP = 45
_LONGEST_WRAPPED = 100
_MOST_OVERFLOW = 2


@dataclass(frozen=True, slots=True)
class Separated:
    """`new` are the lines newly written, `signed` the same with the signature; `doubt` is "" where this is certain."""

    new: tuple[str, ...]
    signed: tuple[str, ...]
    doubt: str = ""
    quotes: bool = False
    forwards: bool = False


def separate(lines: Sequence[Line], *, forwarded: bool = False) -> Separated:
    """Tell new lines from old; `forwarded` says that the subject speaks of a mail passed on."""
    boundary = find_boundary(lines)
    if boundary is None:
        return _of(lines, "", quotes=False, forwards=False)
    above = _without_rules(lines[: boundary.at])
    forwards = forwarded or boundary.forwards
    if not boundary.sure:
        return _of(above, WEAK, quotes=True, forwards=forwards)
    if any(_unsigned(above)):
        mixed = boundary.marked and not forwards and _is_mixed(lines, boundary)
        return _of(above, AMONG if mixed else "", quotes=True, forwards=forwards)
    if forwards:
        return _of(above, "", quotes=True, forwards=True)
    if not boundary.marked:
        left = any(line.text for line in lines[boundary.body :])
        return _of(above, BELOW if left else "", quotes=True, forwards=False)
    return _written_below(lines, boundary)


def _of(lines: Sequence[Line], doubt: str, *, quotes: bool, forwards: bool) -> Separated:
    return Separated(
        tuple(_unsigned(lines)),
        tuple(line.text for line in lines if line.text),
        doubt,
        quotes=quotes,
        forwards=forwards,
    )


def _unsigned(lines: Sequence[Line]) -> Iterator[str]:
    """Texts up to the delimiter of a signature, without signature elements and what telephones add."""
    for line in lines:
        if line.text == _DELIMITER:
            return
        if line.signature or _is_device(line.text):
            continue
        yield line.text


def _is_device(text: str) -> bool:
    return _DEVICE.fullmatch(plain(text[:200]).rstrip(" .")) is not None


def _without_rules(lines: Sequence[Line]) -> Sequence[Line]:
    """Without the blank and drawn lines at the end, which belong to what follows."""
    end = len(lines)
    while end and (not lines[end - 1].text or is_rule(lines[end - 1].text)):
        end -= 1
    return lines[:end]


def _is_mixed(lines: Sequence[Line], boundary: Boundary) -> bool:
    """Whether a person wrote something among or below the lines of a marked quote."""
    for begin, end in _loose(lines, boundary.body):
        rest = lines[_after_overflow(lines, begin, end) : end]
        left = [line for line in rest if line.text and not holds_separator(line.text)]
        if left and (end < len(lines) or not _is_tail(lines[begin:end])):
            return True
    return False


def _written_below(lines: Sequence[Line], boundary: Boundary) -> Separated:
    """What stands below one whole quote with nothing new above it."""
    runs = list(_loose(lines, boundary.body))
    begin, end = runs[-1] if runs else (len(lines), len(lines))
    below = lines[begin:end]
    if len(runs) > 1 or end < len(lines):
        return _of((), AMONG, quotes=True, forwards=False)
    if _is_tail(below):
        return _of((), "", quotes=True, forwards=False)
    if _after_overflow(lines, begin, end) > begin or find_boundary(below) is not None:
        return _of((), AMONG, quotes=True, forwards=False)
    return _of(below, "", quotes=True, forwards=False)


def _loose(lines: Sequence[Line], begin: int) -> Iterator[tuple[int, int]]:
    """The runs of unquoted lines with any text, from the first text of each up to the next quoted line."""
    first = -1
    for at in range(begin, len(lines)):
        if lines[at].quoted and first >= 0:
            yield first, at
            first = -1
        elif lines[at].text and not lines[at].quoted and first < 0:
            first = at
    if first >= 0:
        yield first, len(lines)


def _after_overflow(lines: Sequence[Line], begin: int, end: int) -> int:
    """Past what may be the rest of a long quoted line that was wrapped and lost its mark; `begin` where none is."""
    before = lines[begin - 1]
    if not before.prefixed or len(before.text) < _LONG_ENOUGH_TO_WRAP:
        return begin
    at = begin
    while at < end and lines[at].text:
        at += 1
    return at if at - begin <= _MOST_OVERFLOW else begin


def _is_tail(lines: Sequence[Line]) -> bool:
    """Whether nothing but a signature, a closing, a disclaimer or the footer of a list or scanner stands here."""
    for paragraph in _paragraphs(_unsigned(lines)):
        if is_rule(paragraph[0]) or _CLOSING.fullmatch(plain(paragraph[0][:100])):
            return True
        if not _is_disclaimer(paragraph):
            return False
    return True


def _paragraphs(texts: Iterable[str]) -> Iterator[list[str]]:
    paragraph: list[str] = []
    for text in (*texts, ""):
        if text:
            paragraph.append(text)
        elif paragraph:
            yield paragraph
            paragraph = []


def _is_disclaimer(paragraph: Sequence[str]) -> bool:
    """Every line speaks as disclaimers do, or is wrapped into by one that does."""
    if not _DISCLAIMER.search(plain(" ".join(paragraph)[:2000])):
        return False
    wraps = True
    for text in paragraph:
        if not wraps and not _DISCLAIMER.search(plain(text[:2000])):
            return False
        wraps = _LONG_ENOUGH_TO_WRAP <= len(text) <= _LONGEST_WRAPPED
    return len(paragraph[0]) >= _LONG_ENOUGH_TO_WRAP or _DISCLAIMER.search(plain(paragraph[0])) is not None
