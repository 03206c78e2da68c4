"""Where in the lines of a body the mail begins that is answered or passed on."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from gateway.adapters.mime.authored.line import Line, Opening
from gateway.adapters.mime.plain import plain
from gateway.model.wording import SEPARATOR

_LONGEST = 500
_COLONS = (":", "：")
_DASHES = re.compile("[\u2010-\u2015\u2500]")
_RULE_OF_SEPARATOR = SEPARATOR.split()[0]
_WORDS_OF_SEPARATOR = tuple(plain(part).strip("=- ").replace(" ", "") for part in SEPARATOR.split("/"))

_FORWARD_WORDS = (
    r"forwarded (?:message|mail|e-?mail)|(?:thu|tin nhan|e-?mail|tin) (?:da |duoc |da duoc )?chuyen tiep|"
    r"chuyen tiep (?:thu|tin nhan|e-?mail)|(?:thu|tin nhan) da (?:duoc )?chuyen|"
    r"message transfere|weitergeleitete nachricht|mensaje reenviado"
)
_ORIGINAL_WORDS = (
    r"original (?:message|mail|e-?mail|appointment)|(?:thu|tin nhan|tin|e-?mail|noi dung|thong diep) (?:goc|ban dau)|"
    r"reply message|replied message|(?:thu|tin nhan) (?:da )?(?:duoc )?tra loi|"
    r"message d'origine|message original|ursprungliche nachricht|mensaje original"
)
_DELIMITER = re.compile(r"[-_=*]{3,} ?(?P<words>[^-_=*].{1,120}?)(?: ?[-_=*]{2,})? ?:?")
_BETWEEN_DASHES = re.compile(r"-{3,} ?[^-].{1,120}[^-] ?-{3,}")
_FORWARD = re.compile(_FORWARD_WORDS)
_ORIGINAL = re.compile(_ORIGINAL_WORDS)
_BEGINS_FORWARD = re.compile(
    rf"(?:begin(?:ning of)?|bat dau) (?:cua )?(?:{_FORWARD_WORDS}) ?:|inicio del mensaje reenviado ?:|"
    r"debut du message (?:transfere|reexpedie) ?:"
)
_RULE = re.compile(r"[_=*~#\u2010-\u2015\u2500-]{5,}")

_FIRST_LABEL = re.compile(r"(?:tu|from|nguoi gui) ?:")
_LABELS = {
    "from": re.compile(r"(?:tu|from|nguoi gui|de|von|expediteur|van) ?:"),
    "date": re.compile(
        r"(?:da gui(?: luc)?|sent(?: on| at)?|ngay(?: gui)?|date|ngay gio|thoi gian(?: gui)?|gui luc|luc|gui(?: ngay)?|"
        r"envoye|gesendet|datum|enviado) ?:"
    ),
    "to": re.compile(r"(?:toi|den|to|gui toi|gui den|nguoi nhan|kinh gui|a|an|para) ?:"),
    "copy": re.compile(r"(?:cc|bcc|dong gui|sao gui|dong kinh gui|ban sao|kopie) ?:"),
    "subject": re.compile(r"(?:chu de|tieu de|subject|v/v|objet|betreff|asunto) ?:"),
    "reply": re.compile(
        r"(?:reply-to|tra loi(?: cho| toi)?|importance|muc do quan trong|attachments?|tep dinh kem) ?:"
    ),
}
_ANY_LABEL = re.compile(r"[^\W\d_][\w ./-]{0,30} ?: ?\S")
_MOST_HEADER_LINES = 14
_ENOUGH_LABELS = 3
_DECORATION = re.compile(r"^[*_ ]+|[*_]+(?=\s*:)|(?<=:)[*_]+")

_SAID = (
    r"(?:wrote|writes|said|da viet|viet|da gui|a ecrit|schrieb(?: am .{0,60})?|escribio|ha scritto|napisal|"
    r"\u043f\u0438\u0448\u0435\u0442|\u043d\u0430\u043f\u0438\u0441\u0430\u043b\w*|\u5199\u9053|\u5beb\u9053)"
)
_ATTRIBUTION = re.compile(
    rf"(?:.{{0,300}}\W)?{_SAID}(?: (?:vao|luc|ngay|nhu sau|on|at)\b.{{0,80}})? ?[:\uff1a]|"
    rf"(?:on|vao|ngay|luc|le|am|el|il|em|hom)\b.{{5,300}}\W{_SAID} ?"
)
_STARTS_ATTRIBUTION = re.compile(r"(?:on|vao|ngay|luc|le|am|el|il|em|hom|trong|at|theo)\b|\d{1,4}[-/. :]|.*@")
_ADDRESS = re.compile(r"[^\s@<>]@[^\s@<>]")
_DATE = re.compile(r"\b(?:19|20)\d\d\b|\b\d{1,2}[-/.]\d{1,2}\b|\bthang \d|\bthg \d")
_TIME = re.compile(r"\b\d{1,2}(?::|h| gio )\d{0,2}")
_MOST_ATTRIBUTION_LINES = 5


@dataclass(frozen=True, slots=True)
class Boundary:
    """`at` is the first line that is not new, `body` the line after what introduces the quote.

    `marked` is true where the quote is marked line by line or by an element, so that it can be told what stands below
    it. `sure` is false where the lines could as well be the sender's own words.
    """

    at: int
    body: int
    marked: bool
    sure: bool
    forwards: bool = False


def holds_separator(text: str) -> bool:
    """Whether our own line stands in it, whatever its blanks became."""
    return _RULE_OF_SEPARATOR in "".join(text.split()) or _has_words_of_separator(plain(text[: 4 * _LONGEST]))


def is_rule(text: str) -> bool:
    """A line drawn with characters."""
    return _RULE.fullmatch(text.replace(" ", "")) is not None


def find_boundary(lines: Sequence[Line]) -> Boundary | None:
    """The first thing that opens a quote, None where nothing does."""
    return _Finder(lines).find()


class _Finder:
    def __init__(self, lines: Sequence[Line]) -> None:
        self._lines = lines
        self._known: dict[int, str] = {}
        self._labelled: dict[int, str] = {}

    def find(self) -> Boundary | None:
        for at, line in enumerate(self._lines):
            found = self._opened(at) if line.opening is not None else None
            if found is None and line.quoted:
                found = self._quote(at)
            elif found is None and line.text:
                found = self._separator(at) or self._delimiter(at) or self._header(at) or self._attribution(at)
            if found is not None:
                return found
        return None

    def _words(self, at: int) -> str:
        """A line as patterns are compared with it."""
        if at not in self._known:
            self._known[at] = _DASHES.sub("-", plain(self._lines[at].text[:_LONGEST]))
        return self._known[at]

    def _label(self, at: int) -> str:
        """Which field of a header a line begins with, "" where with none."""
        if at not in self._labelled:
            words = _undecorated(self._words(at))
            self._labelled[at] = next((name for name, pattern in _LABELS.items() if pattern.match(words)), "")
        return self._labelled[at]

    def _opened(self, at: int) -> Boundary | None:
        match self._lines[at].opening:
            case Opening.PASSED_ON:
                return Boundary(at, at + 1, marked=False, sure=True, forwards=True)
            case Opening.ANSWERED:
                return Boundary(at, at + 1, marked=False, sure=True, forwards=self._forwards(at))
            case Opening.PERHAPS if any(line.text for line in self._lines[at:]):
                return Boundary(at, at + 1, marked=False, sure=self._quotes_from(at + 1))
            case Opening.RULE if self._any_header(at + 1):
                return Boundary(at, at + 1, marked=False, sure=True)
            case _:
                return None

    def _quote(self, at: int) -> Boundary:
        forwards = self._forwards(at)
        begun = self._introduction(at)
        told = begun < at or forwards or not self._lines[at].doubtful
        sure = told or self._introduces_itself(at) or self._quotes_from(at, doubtful=False)
        return Boundary(begun, at, marked=not forwards, sure=sure, forwards=forwards)

    def _introduces_itself(self, at: int) -> bool:
        """Whether the quote at `at` begins with a header or an attribution of its own."""
        near = [each for each in range(at, min(at + 10, len(self._lines))) if self._lines[each].text]
        if not near:
            return False
        if len(self._labels(near[0])) >= _ENOUGH_LABELS:
            return True
        return any(_is_attribution(" ".join(map(self._words, near[:count]))) for count in (1, 2, 3))

    def _introduction(self, at: int) -> int:
        """Where the words begin that introduce the quote at `at`, in a language we do not know; `at` where none do."""
        last = at - 1
        while last >= max(at - _MOST_ATTRIBUTION_LINES, 0) and not self._lines[last].text:
            last -= 1
        if last < max(at - _MOST_ATTRIBUTION_LINES, 0) or not self._lines[last].text.endswith(_COLONS):
            return at
        joined = ""
        for begun in range(last, max(last - 3, -1), -1):
            if not self._lines[begun].text:
                break
            joined = f"{self._words(begun)} {joined}"
            addressed = _ADDRESS.search(joined) is not None
            dated = _DATE.search(joined) and _STARTS_ATTRIBUTION.match(joined)
            if (addressed and begun == last) or (dated and (addressed or _TIME.search(joined))):
                return begun
        return at

    def _separator(self, at: int) -> Boundary | None:
        if not holds_separator(self._lines[at].text):
            return None
        before = self._words(at).partition(_RULE_OF_SEPARATOR)[0].strip(" >|*_-=")
        alone = not before or _has_words_of_separator(before) or _is_attribution(before)
        worded = any(_has_words_of_separator(self._words(near)) for near in range(at, min(at + 3, len(self._lines))))
        return Boundary(at, at + 1, marked=False, sure=alone and (worded or self._quotes_from(at + 1)))

    def _delimiter(self, at: int) -> Boundary | None:
        words = self._words(at)
        if _is_forward(words):
            return Boundary(at, at + 1, marked=False, sure=True, forwards=True)
        if _is_original(words):
            return Boundary(at, at + 1, marked=False, sure=True)
        if _BETWEEN_DASHES.fullmatch(words) and any(letter.isalpha() for letter in words):
            return Boundary(at, at + 1, marked=False, sure=self._quotes_from(at + 1))
        return None

    def _forwards(self, at: int) -> bool:
        near = range(at, min(at + 10, len(self._lines)))
        return next((_is_forward(self._words(each)) for each in near if self._lines[each].text), False)

    def _header(self, at: int) -> Boundary | None:
        """The header of a mail as Outlook and others print it above what they quote, in whatever order."""
        if self._is_header(at):
            return Boundary(at, at + 1, marked=False, sure=True)
        if not _FIRST_LABEL.match(_undecorated(self._words(at))):
            return None
        addressed = _ADDRESS.search(self._words(at)) is not None and len(self._labels(at)) > 1
        return Boundary(at, at + 1, marked=False, sure=addressed or self._quotes_from(at + 1))

    def _is_header(self, at: int) -> bool:
        labels = self._labels(at)
        return "from" in labels and len(labels) >= _ENOUGH_LABELS

    def _labels(self, at: int) -> set[str]:
        """The different labels of the lines from `at` on; one line without a label may stand between two."""
        found = {self._label(at)} - {""}
        if not found:
            return found
        between = 0
        for each in range(at + 1, min(at + _MOST_HEADER_LINES, len(self._lines))):
            if self._lines[each].quoted and not self._lines[at].quoted:
                break
            if not self._lines[each].text:
                continue
            label = self._label(each)
            between = 0 if label else between + 1
            if between > 1:
                break
            if label:
                found.add(label)
        return found

    def _any_header(self, at: int) -> bool:
        """Three lines `Label: value` after a drawn line, one with an author or an address: any language's header."""
        near = range(at, min(at + _MOST_HEADER_LINES, len(self._lines)))
        head = [each for each in near if self._lines[each].text][:_ENOUGH_LABELS]
        if len(head) < _ENOUGH_LABELS or not all(_ANY_LABEL.match(_undecorated(self._words(each))) for each in head):
            return False
        return any(self._label(each) == "from" or _ADDRESS.search(self._words(each)) for each in head)

    def _attribution(self, at: int) -> Boundary | None:
        """`On … X wrote:` and the like, wrapped or not."""
        joined = ""
        for end in range(at, min(at + _MOST_ATTRIBUTION_LINES, len(self._lines))):
            line = self._lines[end]
            wrapped = end > at
            if not line.text or line.quoted or (wrapped and not _STARTS_ATTRIBUTION.match(joined)):
                return None
            joined = f"{joined} {self._words(end)}".strip()
            if _is_attribution(joined):
                return self._attributed(at, end + 1, joined)
        return None

    def _attributed(self, at: int, body: int, words: str) -> Boundary | None:
        following = next((line for line in self._lines[body : body + 10] if line.text or line.quoted), None)
        if following is not None and following.quoted:
            return Boundary(at, body, marked=True, sure=True)
        told = _DATE.search(words) and (_ADDRESS.search(words) or _TIME.search(words))
        if not told and not words.endswith(_COLONS):
            return None
        return Boundary(at, body, marked=False, sure=bool(told) or self._quotes_from(body))

    def _quotes_from(self, at: int, *, doubtful: bool = True) -> bool:
        """Whether anything from `at` on looks like a mail that is answered."""
        return any(self._is_evidence(each, doubtful=doubtful) for each in range(at, len(self._lines)))

    def _is_evidence(self, at: int, *, doubtful: bool) -> bool:
        line = self._lines[at]
        if line.quoted and (doubtful or not line.doubtful):
            return True
        if line.opening in {Opening.ANSWERED, Opening.PASSED_ON}:
            return True
        words = self._words(at)
        return _has_words_of_separator(words) or _is_original(words) or _is_forward(words) or self._is_header(at)


def _has_words_of_separator(words: str) -> bool:
    packed = "".join(words.split())
    return any(part in packed for part in _WORDS_OF_SEPARATOR)


def _is_original(words: str) -> bool:
    found = _DELIMITER.fullmatch(words)
    return found is not None and _ORIGINAL.search(found["words"]) is not None


def _is_forward(words: str) -> bool:
    if _BEGINS_FORWARD.fullmatch(words.strip("-* ")):
        return True
    found = _DELIMITER.fullmatch(words)
    return found is not None and _FORWARD.search(found["words"]) is not None


def _undecorated(words: str) -> str:
    return _DECORATION.sub("", words)


def _is_attribution(words: str) -> bool:
    if len(words) > _LONGEST:
        return False
    if _ATTRIBUTION.fullmatch(words):
        return True
    return words.endswith(_COLONS) and _DATE.search(words) is not None and _ADDRESS.search(words) is not None
