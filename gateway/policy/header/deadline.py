"""The day until which a document asks for an answer (hạn trả lời; Phụ lục VI phần II, DueDate)."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import accumulate

from gateway.model.page import Line, Page
from gateway.policy.header.layout import Cell
from gateway.policy.header.text import clean, fold, plain_punctuation, squeeze

MAX_PAGES = 20
MAX_TEXT = 60_000
LONGEST_WAIT = timedelta(days=400)

_LONGEST_WITHOUT_YEAR = timedelta(days=180)
_LINE_LENGTH = 4000
_REACH = 400
_HOUR = r"(?:\d{1,2} ?(?:gio|h|g|:) ?(?:\d{1,2})?(?: ?phut|')?,? ?)?"
_WEEKDAY = r"(?:thu (?:hai|ba|tu|nam|sau|bay|\d)|chu nhat)"
_DAY = (
    r"(?P<day>\d{1,2})(?: ?[/.-] ?(?P<month>\d{1,2})(?: ?[/.-] ?(?P<year>\d{4}))?"
    r"| ?thang ?(?P<month_named>\d{1,2})(?:,? ?nam ?(?P<year_named>\d{4}))?)(?![\d/])"
)
_UNTIL = re.compile(
    r"(?<!\w)(?P<until>truoc|cham nhat|muon nhat|tre nhat|han (?:cuoi|chot)(?: \w{1,10}){0,4}|den het|het ngay"
    r"|khong qua|khong muon hon"
    r"|trong ngay|thoi (?:han|gian)(?: \w{1,10}){0,6} ?:"
    r"|han (?:gui|nop|tra loi|bao cao|gop y|dang ky)(?: \w{1,10}){0,4} ?:?)"
    rf"(?: (?:la|den|vao|truoc|luc|hoi|trong|cuoi|het|sau|muon nhat|cham nhat)){{0,3}} ?:? ?{_HOUR}"
    rf"(?:cung ngay )?(?:ngay )?(?:{_WEEKDAY},? ?)?(?:\( ?{_WEEKDAY} ?\) ?)?(?:ngay ?)?{_DAY}"
)
_ASKED = re.compile(
    r"(?<!\w)(?:gui|goi|tra loi|phuc dap|phan hoi|gop y|y kien|bao cao|dang ky|cung cap|nop|de xuat"
    r"|thong bao (?:ve|cho)|ra soat|tong hop|cu (?:can bo|cong chuc|dai dien|nguoi|thanh vien)|hoan thanh|xac nhan"
    r"|tham gia)(?!\w)"
)
_PLAINLY = re.compile(
    r"(?<!\w)(?:de nghi|yeu cau|kinh mong|giao|gui (?:ve|y kien|bao cao|van ban|ho so|danh sach|ket qua|lai)"
    r"|goi ve|tra loi|phuc dap|bao cao (?:ve|ket qua|so|uy ban|ubnd)|dang ky tham|y kien gop y"
    r"|(?:han|gian) (?:gui|nop|bao cao|tra loi|gop y))(?!\w)"
)
_ANSWERED = re.compile(
    r"(?<!\w)(?:gui|goi|tra loi|phuc dap|phan hoi|gop y|y kien|bao cao|dang ky|cung cap|nop|de xuat|xac nhan)(?!\w)"
)
_REPEATED = re.compile(r"\W{0,3}(?:hang|moi) (?:nam|thang|quy|tuan)|\W{0,3}cua (?:nam|thang|quy) (?:sau|tiep)")
_PERIODIC = re.compile(r"(?:dinh ky|hang (?:nam|thang|quy|tuan)|moi (?:nam|thang|quy))(?!\w)")
_SINCE = re.compile(r"(?<!\w)(?:tu|tinh)(?!\w)[^.;]{0,60}$")
_RECIPIENTS = re.compile(r"noi nhan ?(?::|$)")
_SENTENCE_END = re.compile(r"(?<=[\w)][\w)])[.;](?= )|\./\.|:(?= [-+])")
_NEXT_SENTENCE = 40


@dataclass(frozen=True, slots=True)
class DeadlineRead:
    """The first day; `certain` says that it is the only one, with its year, and that an answer is plainly asked for.

    `cells` are the sentence it stands in, line by line.
    """

    on: date
    certain: bool
    cells: tuple[Cell, ...]


def deadline_in(pages: Sequence[Page], issued_on: date | None, last: tuple[int, int] | None) -> DeadlineRead | None:
    """The day that the text names for answering; None where it names none, or only a term that counts from receipt.

    `issued_on` tells the year where it is left out, and days that are past or more than 400 days off from deadlines;
    without it only full dates count. `last` is the page and line of the signature: what follows it is an appendix.
    """
    found: list[DeadlineRead] = []
    left = MAX_TEXT
    for page in pages[:MAX_PAGES]:
        if left <= 0 or (last is not None and page.number > last[0]):
            break
        until = last[1] if last is not None and page.number == last[0] else len(page.lines)
        text = _Text.of(page.number, page.lines[:until], left)
        left -= len(text.folded)
        found.extend(_deadlines(text, issued_on))
    if not found:
        return None
    first = min(found, key=lambda one: one.on)
    several = len({one.on for one in found}) > 1
    return DeadlineRead(first.on, first.certain and not several, first.cells)


@dataclass(frozen=True, slots=True)
class _Text:
    """The lines of a page as one text, and where in it each begins."""

    page: int
    lines: tuple[Line, ...]
    words: str
    folded: str
    starts: tuple[int, ...]

    @classmethod
    def of(cls, page: int, lines: Sequence[Line], limit: int) -> _Text:
        cleaned: list[str] = []
        for line in lines:
            text = squeeze(clean(line.text[:_LINE_LENGTH]))
            if limit <= 0 or _RECIPIENTS.match(fold(text[:_NEXT_SENTENCE])):
                break
            cleaned.append(text[:limit])
            limit -= len(text) + 1
        starts = (0, *accumulate(len(text) + 1 for text in cleaned))
        joined = " ".join(cleaned)
        return cls(page, tuple(lines[: len(cleaned)]), joined, fold(plain_punctuation(joined)), starts)

    def cells(self, start: int, end: int) -> tuple[Cell, ...]:
        """The part of each line between two places."""
        first, last = bisect_right(self.starts, start) - 1, bisect_right(self.starts, max(start, end - 1)) - 1
        found: list[Cell] = []
        for at in range(first, min(last + 1, len(self.lines))):
            begin, stop = max(start, self.starts[at]), min(end, self.starts[at + 1])
            piece = self.words[begin:stop].strip()
            if piece:
                found.append(Cell(piece, page=self.page, line=at, box=self.lines[at].box))
        return tuple(found)


def _deadlines(text: _Text, issued_on: date | None) -> list[DeadlineRead]:
    found: list[DeadlineRead] = []
    for one in _UNTIL.finditer(text.folded):
        on = _day(one, issued_on)
        if on is None or not _may_wait(on, issued_on):
            continue
        start, end = _sentence(text.folded, one)
        said = text.folded[start:end]
        if not _ASKED.search(said) or _PERIODIC.search(said) or _REPEATED.match(text.folded, one.end()):
            continue
        if one["until"] in {"den het", "het ngay", "trong ngay"} and _SINCE.search(text.folded[start : one.start()]):
            continue
        dated = one["year"] is not None or one["year_named"] is not None
        plain = _PLAINLY.search(said) is not None and _ANSWERED.search(said) is not None
        certain = dated and issued_on is not None and plain
        found.append(DeadlineRead(on, certain, text.cells(start, end)))
    return found


def _sentence(folded: str, found: re.Match[str]) -> tuple[int, int]:
    """The sentence around a date. One in brackets or a short one alone (`Thời hạn: …`) takes the sentence before."""
    low, high = max(0, found.start() - _REACH), min(len(folded), found.end() + _REACH // 4)
    ends = [low, *(low + one.end() for one in _SENTENCE_END.finditer(folded[low : found.start()]))]
    start = ends[-1]
    if len(ends) > 1 and found.start() - start <= _NEXT_SENTENCE and not _ASKED.search(folded, start, found.end()):
        start = ends[-2]
    close = _SENTENCE_END.search(folded, found.end(), high)
    end = close.start() if close else high
    while start < end and folded[start] in " .;:/":
        start += 1
    return start, end


def _day(found: re.Match[str], issued_on: date | None) -> date | None:
    month = found["month"] or found["month_named"]
    year = found["year"] or found["year_named"]
    if year is None and issued_on is None:
        return None
    try:
        day = date(int(year) if year else (issued_on or date.min).year, int(month), int(found["day"]))
    except ValueError:
        return None
    if year is None and issued_on is not None:
        if day < issued_on and (day.month, day.day) != (2, 29):
            day = day.replace(year=day.year + 1)
        return day if day - issued_on <= _LONGEST_WITHOUT_YEAR else None
    return day


def _may_wait(on: date, issued_on: date | None) -> bool:
    return issued_on is None or issued_on <= on <= issued_on + LONGEST_WAIT
