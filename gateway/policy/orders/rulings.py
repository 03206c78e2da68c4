"""The grammar of decisions by mail about a mail that was set aside: `Chấp nhận: lý do`, accents or not."""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import islice

from gateway.model.quarantine import Ruling, RulingKind
from gateway.model.wording import one_line
from gateway.policy.header.text import fold
from gateway.policy.orders.drafts import Fault
from gateway.policy.orders.keywords import KEYWORDS, KeywordRow, Slot, Takes
from gateway.policy.orders.letters import key, tidy
from gateway.policy.orders.lines import MAX_LINE, Kind, ReadLine, lines_of, vocabulary_of

_RELEASE = KeywordRow(
    "Chấp nhận",
    Slot.ORDER,
    Takes.TEXT,
    None,
    "Chấp nhận: đã gọi điện đối chiếu",
    "bỏ qua các quy tắc đã giữ thư và xét lại",
    ("Tiếp nhận", "Đồng ý tiếp nhận", "Cho tiếp nhận", "Đồng ý chấp nhận", "Accept", "Release"),
)
_NAMED = KeywordRow(
    "Bỏ qua",
    Slot.SUPPORTING,
    Takes.TEXT,
    None,
    "Bỏ qua: nghi mạo nhận nơi gửi",
    "quy tắc phải ghi đích danh mới được bỏ qua; ghi cùng thư với Chấp nhận",
    ("Bỏ qua quy tắc", "Waive"),
)
KEYWORDS_OF_RULINGS: Mapping[RulingKind, KeywordRow] = {
    RulingKind.RELEASE: _RELEASE,
    RulingKind.REFUSE: KeywordRow(
        "Không tiếp nhận",
        Slot.ORDER,
        Takes.TEXT,
        None,
        "Không tiếp nhận: văn bản gửi nhầm",
        "kết thúc thư và báo nơi gửi kèm lý do",
        ("Không chấp nhận", "Ko tiếp nhận", "Ko chấp nhận", "Từ chối", "Từ chối tiếp nhận", "Refuse", "Reject"),
    ),
    RulingKind.REPLAY: KeywordRow(
        "Xử lý lại",
        Slot.ORDER,
        Takes.NOTE,
        None,
        "Xử lý lại",
        "thử lại thư xử lý không thành công, từ bước đã hỏng",
        ("Xử lí lại", "Thử lại", "Chạy lại", "Retry", "Replay"),
    ),
    RulingKind.PURGE: KeywordRow(
        "Tiêu hủy",
        Slot.ORDER,
        Takes.TEXT,
        None,
        "Tiêu hủy: thư rác",
        "xóa hẳn nội dung thư, chỉ giữ lại việc đã nhận",
        ("Tiêu huỷ", "Tiêu hủy thư", "Xóa hẳn", "Destroy", "Purge"),
    ),
    RulingKind.CONFIRM: replace(next(row for row in KEYWORDS if row.keyword == "Xác nhận"), takes=Takes.NOTHING),
}
"""The words that decisions begin with."""

_BESIDE = tuple(row for row in KEYWORDS if row.slot in {Slot.REASON, Slot.STOP})
_VOCABULARY = vocabulary_of((*KEYWORDS_OF_RULINGS.values(), _NAMED, *_BESIDE))
_KINDS = {row.keyword: kind for kind, row in KEYWORDS_OF_RULINGS.items()}
_WITH_REASON = frozenset({RulingKind.RELEASE, RulingKind.REFUSE, RulingKind.PURGE})
_IN_BRACKETS = re.compile(r"\s*[(\[]\s*bo qua\b\s*:?\s*(?P<named>[^()\[\]]*)[)\]]")
_OPENED = re.compile(r"[(\[]\s*bo qua\b[^()\[\]]*$")
_MARKS = re.compile(r"^[\W\d_]+")
_QUOTED = re.compile(r"\s*[>|│¦]")
_MOST_WRAPPED = 3
_MOST_SAID = 20
_LONGEST_REASON = 500
_LONGEST_SHOWN = 300
_OPEN_END = " .…"


@dataclass(frozen=True, slots=True)
class RulingReading:
    """What a reply decides: one ruling, or none; `faults` are the lines seemingly meant as one."""

    ruling: Ruling | None
    faults: tuple[Fault, ...]


@dataclass(frozen=True, slots=True)
class _Said:
    """One line with those that continue it."""

    row: KeywordRow
    value: str
    named: str
    written: str
    fault: str = ""


def named_so(title: str) -> str:
    """The keyword of a release that sets this rule aside by name, without its reason."""
    return f"{_RELEASE.keyword} (bỏ qua: {title})"


def read_rulings(text: str) -> RulingReading:
    """The decision in the new text of a reply (quoted lines are passed over), and the faults of what is none.

    A mail decides once: where it says two things, neither counts.
    """
    said = list(dict.fromkeys(islice(_said(text), _MOST_SAID + 1)))
    faults = [Fault(one.written, one.fault) for one in said if one.fault]
    sound = [one for one in said if not one.fault]
    decided = [one for one in sound if one.row.keyword in _KINDS]
    if len(said) > _MOST_SAID or len({(one.row.keyword, one.value, one.named) for one in decided}) > 1:
        names = "”, “".join(dict.fromkeys(one.row.keyword for one in decided))
        text = f"Thư có nhiều quyết định khác nhau (“{names}”) nên không thực hiện; hãy ghi một."
        return RulingReading(None, (*faults, *(Fault(one.written, text) for one in decided)))
    if not decided:
        return RulingReading(None, tuple(faults))
    if faults:
        cause = "Chưa thực hiện, vì trong thư có dòng không rõ; hãy sửa rồi gửi lại."
        return RulingReading(None, (*faults, Fault(decided[0].written, cause)))
    return _ruling(decided[0], sound)


def _ruling(one: _Said, sound: Sequence[_Said]) -> RulingReading:
    kind = _KINDS[one.row.keyword]
    beside = next((other.value for other in sound if other.row.slot is Slot.REASON), "")
    reason = one_line(one.value.strip(_OPEN_END) or beside.strip(_OPEN_END), _LONGEST_REASON)
    if kind in _WITH_REASON and not reason:
        text = f"Quyết định “{one.row.keyword}” chưa có lý do; hãy viết như “{one.row.example}”."
        return RulingReading(None, (Fault(one.written, text),))
    named = [one.named, *(other.value for other in sound if other.row is _NAMED)]
    pieces = tuple(piece.strip(_OPEN_END) for each in named for piece in re.split(r"[;\n]", each))
    written = tuple(each.written for each in sound if each is one or each.row not in KEYWORDS_OF_RULINGS.values())
    return RulingReading(Ruling(kind, reason, tuple(filter(None, pieces)), written), ())


def _said(text: str) -> Iterator[_Said]:
    """What each line says, up to the line `Hết`. After the polite words of its end, only clear words count."""
    read = [(line, named) for raw, named in _whole_lines(text) for line in lines_of(raw, _VOCABULARY)]
    signed = False
    for place, (line, named) in enumerate(read):
        signed = signed or line.kind is Kind.CLOSING
        if line.row is None or (signed and line.kind is Kind.ATTEMPT):
            continue
        if line.row.slot is Slot.STOP and line.kind is Kind.COMMAND:
            return
        value = " ".join((line.value, *_continued(line, (after for after, _ in islice(read, place + 1, None)))))
        written = f"{line.written} [bỏ qua: {named}]" if named else line.written
        yield _Said(line.row, value.strip(), named, one_line(written, _LONGEST_SHOWN), line.fault)


def _continued(line: ReadLine, after: Iterable[ReadLine]) -> Iterator[str]:
    """The lines of prose right behind a reason that has begun."""
    goes_on = line.kind is Kind.COMMAND and line.row is not None and line.row.takes.prose
    for following in after:
        if not goes_on or not line.value or following.kind is not Kind.PROSE:
            return
        yield following.text


def _whole_lines(text: str) -> Iterator[tuple[str, str]]:
    """Each line up to a signature's mark, and the rules that it names in brackets, which are taken out of it.

    Mail programs may wrap what is in the brackets.
    """
    lines = deque(text.replace("\r\n", "\n").split("\n"))
    while lines:
        raw = lines.popleft()
        if raw.rstrip() == "--":
            return
        for _ in range(_MOST_WRAPPED):
            if not lines or _QUOTED.match(raw) or not _OPENED.search(key(raw[:MAX_LINE])):
                break
            raw = f"{raw} {lines.popleft()}"
        line = tidy(raw[:MAX_LINE])
        found = _IN_BRACKETS.search(fold(line))
        if found and not _QUOTED.match(raw) and _is_release(line[: found.start()]):
            yield line[: found.start()] + line[found.end() :], line[found.start("named") : found.end("named")].strip()
        else:
            yield raw, ""


def _is_release(head: str) -> bool:
    known = _VOCABULARY.rows.get(_MARKS.sub("", fold(head)).rstrip("*_ "))
    return known is not None and known[1] is _RELEASE
