"""The lines of a reply told apart: orders, attempts at one, and everything else."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from gateway.model.act import Act
from gateway.policy.header.text import fold
from gateway.policy.orders.keywords import KEYWORDS, NAMESAKES, QUESTIONS, KeywordRow, Slot, Takes
from gateway.policy.orders.letters import agrees, key, tidy

MAX_LINE = 4000
MAX_ON_A_LINE = 8

_QUOTE = re.compile(r"\s*[>|│¦]")
_BULLETS = re.compile(r"(?:(?:[-–—•·▪◦●○+]|\*(?=\s)|\(?\d{1,2}[.)](?!\d)|[a-zđA-ZĐ]\))\s*){0,2}")
_BOLD = re.compile(r"[*_]{0,3}")
_SEPARATOR = re.compile(r"[*_]{0,3} ?(?:[:=]|[–—](?= ?\S)|(?<= )-(?= ))[*_]{0,3} ?")
_WRONG_SEPARATOR = re.compile(r" ?[;>] ?(?=\S)")
_POLITE = r"(?:a|nhe|nha|(?:(?:em|toi) )?(?:xin )?(?:cam on|tran trong)|thanks|thank you|tks|please)"
_THANKS = re.compile(
    rf"[*_]{{0,3}}(?:[ .,!…;]{{0,9}}(?<!\w){_POLITE}(?: (?:cac )?(?:anh|chi|em|ban))?(?!\w)){{0,3}}"
    "[ .,!…;*_\U0001f44d\U0001f44c\U0001f64f\u2705\ufe0f]*"
)
_ASKING = re.compile(r"(?<!\w)[àáÀÁ](?!\w)")
_CLOSING = re.compile(
    r"[\W_]*(?:tran trong|kinh thu|kinh bao|xin (?:tran trong )?cam on|(?:xin )?cam on|chan thanh cam on|thanks"
    r"|thank you|best|regards|kind regards|best regards|sent from|gui tu|duoc gui tu|than men)(?!\w)"
)
_SIGNATURE = re.compile(r"--\s?")
_RULE = re.compile(r"[-_=*~.\s]{3,}")
_HEAD = re.compile(r"(?P<head>[^:;=]{4,40}?) ?[*_]{0,3} ?[:;=]")
_MIN_MISSPELT = 6


class Kind(StrEnum):
    """What a line is. CLOSING are the polite words after which comes the signature."""

    COMMAND = "command"
    ATTEMPT = "attempt"
    PROSE = "prose"
    BLANK = "blank"
    QUOTE = "quote"
    CLOSING = "closing"


@dataclass(frozen=True, slots=True)
class ReadLine:
    """One line: `row` and `value` of a COMMAND, `row` and `fault` of an ATTEMPT; `text` is the line without bullets.

    `alone` is true of a command without a separator. `bulleted` says that there was a bullet or a number before it.
    """

    kind: Kind
    written: str
    text: str = ""
    row: KeywordRow | None = None
    value: str = ""
    fault: str = ""
    alone: bool = False
    bulleted: bool = False


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """The keywords of one kind of reply, made ready for reading.

    `rows` has each form of each keyword, folded, with the form as it is written; `near` each form, whole and with one
    letter gone, with what it may have been; `inline` finds the keywords that may stand behind another on its line.
    """

    rows: Mapping[str, tuple[str, KeywordRow]]
    most_words: int
    near: Mapping[str, Sequence[str]]
    inline: re.Pattern[str]


def vocabulary_of(table: Iterable[KeywordRow]) -> Vocabulary:
    """The vocabulary of a table of keywords."""
    rows = {key(form): (form, row) for row in table for form in (row.keyword, *row.also)}
    near: dict[str, list[str]] = {}
    for folded in rows:
        if len(folded) >= _MIN_MISSPELT:
            for one in {folded, *_shortened(folded)}:
                near.setdefault(one, []).append(folded)
    behind = [folded for folded, (_, row) in sorted(rows.items(), key=lambda one: -len(one[0])) if row.slot in _BEHIND]
    inline = re.compile(rf"[ ;,.|] ?(?=(?:{'|'.join(map(re.escape, behind))}) ?:)") if behind else _NOWHERE
    return Vocabulary(rows, max(len(folded.split()) for folded in rows), near, inline)


def _shortened(word: str) -> set[str]:
    return {word[:place] + word[place + 1 :] for place in range(len(word))}


_BEHIND = frozenset({Slot.LEAD, Slot.SUPPORTING, Slot.DEADLINE, Slot.OPINION, Slot.ANSWER})
_NOWHERE = re.compile(r"(?!)")
ORDERS = vocabulary_of(KEYWORDS)
"""The words of orders about a document."""
_ENDED = re.compile(r"[;.|]")
_INLINE_DEADLINE = re.compile(r"(?:thoi )?han(?: \w{1,6}){0,2} ?:")


def lines_of(text: str, vocabulary: Vocabulary = ORDERS) -> Iterator[ReadLine]:
    """The lines of a reply up to a signature's mark (RFC 3676 section 4.3); nothing but a line feed ends a line."""
    for raw in text.replace("\r\n", "\n").split("\n"):
        if _SIGNATURE.fullmatch(raw):
            return
        yield from read_line(raw, vocabulary)


def read_line(raw: str, vocabulary: Vocabulary = ORDERS) -> Iterator[ReadLine]:
    """What one line is; several where orders stand behind each other on it."""
    if len(raw) > MAX_LINE:
        yield _too_long(_first(raw[:MAX_LINE], vocabulary))
        return
    rest, count = raw, 0
    while rest and count < MAX_ON_A_LINE:
        line, rest = _apart(_first(rest, vocabulary), vocabulary)
        count += 1
        yield line
    if rest:
        yield replace(
            _first(rest, vocabulary),
            kind=Kind.ATTEMPT,
            fault="Quá nhiều lệnh trên một dòng; hãy viết mỗi lệnh một dòng.",
        )
    if not raw:
        yield ReadLine(Kind.BLANK, raw)


def _first(raw: str, vocabulary: Vocabulary) -> ReadLine:
    """The line by its beginning."""
    written = raw.strip()
    line = tidy(written)
    if _QUOTE.match(line):
        return ReadLine(Kind.QUOTE, written)
    if not line or _RULE.fullmatch(line):
        return ReadLine(Kind.BLANK, written)
    bullets = _BULLETS.match(line)
    text = line[bullets.end() :] if bullets else line
    bulleted = text != line
    found = _command(text, written, vocabulary, bulleted=bulleted)
    if found is None:
        closing = _CLOSING.match(fold(text))
        return ReadLine(Kind.CLOSING if closing else Kind.PROSE, written, text, bulleted=bulleted)
    return found


def _too_long(line: ReadLine) -> ReadLine:
    if line.row is None:
        return line
    fault = f"Dòng dài quá {MAX_LINE} chữ; hãy rút gọn hoặc gửi thành tệp đính kèm."
    return replace(line, kind=Kind.ATTEMPT, fault=fault)


def _apart(line: ReadLine, vocabulary: Vocabulary) -> tuple[ReadLine, str]:
    """`Chủ trì: A; Phối hợp: B` as its first order and the rest of the line; in free text a keyword is only a word."""
    row = line.row
    if line.kind is not Kind.COMMAND or row is None or row.takes.prose or row.takes is Takes.FIELDS:
        return line, ""
    folded = fold(line.value)
    for found in vocabulary.inline.finditer(folded):
        if not _INLINE_DEADLINE.match(folded, found.end()) or _ENDED.match(found.group()):
            return replace(line, value=line.value[: found.start()].strip(" ;,.")), line.value[found.end() :]
    return line, ""


def _command(text: str, written: str, vocabulary: Vocabulary, *, bulleted: bool) -> ReadLine | None:
    bold = _BOLD.match(text)
    opened = bold.end() if bold else 0
    body = text[opened:]
    folded = fold(body)
    for end in reversed(_word_ends(folded, vocabulary.most_words)):
        known = vocabulary.rows.get(folded[:end].rstrip(".,"))
        if known is None:
            continue
        form, row = known
        found = _after_keyword(body, folded, end, row, form)
        if found is None:
            return None
        kind, value, fault, alone = found
        if kind is Kind.COMMAND and not agrees(body[:end], form):
            kind, fault = Kind.ATTEMPT, f"Không rõ lệnh “{body[:end]}”; nếu là “{form}”, hãy viết đúng chữ ấy."
        if opened:
            value = value.rstrip("*_ ")
        return ReadLine(kind, written, text, row, value, fault, alone, bulleted)
    return _misspelt(body, folded, written, vocabulary, bulleted=bulleted)


def _word_ends(folded: str, most: int) -> list[int]:
    """Where the first words end, so many of them."""
    ends = [found.end() for found in re.finditer(r"[^\W_]+", folded[:60])][:most]
    return [end for end in ends if end == len(folded) or not folded[end].isalnum()]


def _after_keyword(body: str, folded: str, end: int, row: KeywordRow, form: str) -> tuple[Kind, str, str, bool] | None:
    """What the words after a keyword make of the line: its kind, the value, the fault, and whether it stands alone."""
    separator = _SEPARATOR.match(body, end)
    if separator:
        value = body[separator.end() :].strip()
        named = row.act is Act.APPROVE and fold(value).startswith(QUESTIONS)
        if row.takes is Takes.NOTHING and not named and not _THANKS.fullmatch(fold(value)):
            return Kind.ATTEMPT, value, _stands_alone(row, form), False
        return Kind.COMMAND, "" if row.takes is Takes.NOTHING and not named else value, "", False
    if _THANKS.fullmatch(folded, end) and not _ASKING.search(body, end):
        if folded[:end] in NAMESAKES and not agrees(form, body[:end]):
            return Kind.ATTEMPT, "", f"Không rõ “{body[:end]}” là lệnh hay tên người; hãy viết “{form}:”.", True
        return Kind.COMMAND, "", "", True
    if _looks_meant(row, folded, end):
        return Kind.ATTEMPT, "", _write_so(row, form), True
    return None


def _looks_meant(row: KeywordRow, folded: str, end: int) -> bool:
    """Whether words without a colon are an order all the same, that must be neither done nor passed over."""
    rest = folded[end:].strip()
    if _WRONG_SEPARATOR.match(folded, end) and row.takes is not Takes.NOTHING:
        return True
    if row.act in {Act.APPROVE, Act.DECLINE}:
        return not rest.startswith("?")
    if row.slot is Slot.DEADLINE or row.takes is Takes.EXTENSION:
        return rest[:1].isdecimal() or rest.startswith(("ngay ", "thu ", "den ", "truoc "))
    if row.takes in {Takes.UNIT, Takes.UNITS, Takes.RECEIVERS}:
        return rest.startswith(("phong ", "p.", "p ", "vp", "van phong", "ban ", "trung tam ", "thanh tra", "chi cuc "))
    return row.takes is Takes.FIELDS and "=" in rest


def _stands_alone(row: KeywordRow, form: str) -> str:
    alone = f"Lệnh “{form}” phải đứng một mình trên dòng"
    if row.act is Act.APPROVE:
        return (
            f"{alone}, vì không được kèm điều kiện; hãy viết thành hai dòng: “{row.keyword}” và “Ý kiến: …”, "
            "hoặc “Không đồng ý: lý do”."
        )
    return f"{alone}; hãy viết “{row.keyword}”."


def _write_so(row: KeywordRow, form: str) -> str:
    if row.takes is Takes.NOTHING:
        return _stands_alone(row, form)
    return f"Thiếu dấu hai chấm sau “{form}”; hãy viết như “{row.example}”."


def _misspelt(body: str, folded: str, written: str, vocabulary: Vocabulary, *, bulleted: bool) -> ReadLine | None:
    """A keyword that is wrong by one letter, before a colon or alone on its line."""
    found = _HEAD.match(body)
    head = found["head"].strip("*_ ") if found else body.rstrip(" .!")
    if len(head) > 40 or len(head) < _MIN_MISSPELT - 1:  # noqa: PLR2004
        return None
    near = _near(fold(head), vocabulary)
    if near is None:
        return None
    form, row = vocabulary.rows[near]
    if found is None and row.takes.required:
        return None
    fault = f"Không rõ lệnh “{head}”; nếu là “{form}”, hãy viết như “{row.example}”."
    return ReadLine(Kind.ATTEMPT, written, body, row, fault=fault, bulleted=bulleted)


def _near(head: str, vocabulary: Vocabulary) -> str | None:
    """The keyword that `head` is but for one letter, or for two neighbours that changed places."""
    for one in (head, *sorted(_shortened(head))):
        for meant in vocabulary.near.get(one, ()):
            if _one_letter_off(head, meant):
                return meant
    return None


def _one_letter_off(one: str, other: str) -> bool:
    if abs(len(one) - len(other)) > 1:
        return False
    short, long = sorted((one, other), key=len)
    if len(short) < len(long):
        return short in _shortened(long)
    different = [place for place, (left, right) in enumerate(zip(one, other, strict=True)) if left != right]
    if len(different) == 1:
        return True
    first, last = (different[0], different[-1]) if different else (0, 0)
    return len(different) == 2 and last - first == 1 and one[first] == other[last] and one[last] == other[first]  # noqa: PLR2004
