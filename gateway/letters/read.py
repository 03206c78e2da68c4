"""A text in Unicode, whatever codes its stretches are in, and what was found on the way.

First all text set in fonts of one kind is weighed together, then each paragraph by itself: one file may hold TCVN3 and
Unicode side by side, a font may be named that nothing is set in, and a few words are too few to tell.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import groupby

from gateway.letters.codes import CODES, Code
from gateway.letters.convert import convert, loses_horn
from gateway.letters.fonts import Hint, hint_of
from gateway.letters.tell import Evidence, signs_of, speakers, weigh, words_of
from gateway.model.page import TextEncoding

NAMES = {TextEncoding.TCVN3: "TCVN3 (ABC)", TextEncoding.VNI: "VNI", TextEncoding.VPS: "VPS"}
COMBINING = "chữ Việt viết bằng dấu tổ hợp (không dựng sẵn), đã chuyển về dạng dựng sẵn"
MIXED = "tệp vừa có chữ Unicode vừa có chữ theo bảng mã {name}"
DOUBTFUL = "khi chuyển từ bảng mã {name} sang Unicode có {count} từ không chắc đúng"
HORN_LOST = "chữ “ư” của bảng mã TCVN3 bị mất khi lưu tệp, đã phục hồi phần đoán được"
ENOUGH, STRONG, SIGNS = 2, 3, 2
# One word in so many looks like another code by chance.
CHANCE = 50
SAMPLE = 400_000
MAX_BLOCKS = 20_000
_MARKS = re.compile("[\u0300-\u0303\u0306\u0309\u031b\u0323]")
_VIETNAMESE = re.compile("[ĂăĐđĨĩŨũƠơƯưẠ-ỹ]")
_LETTER = re.compile(r"[^\W\d_]")
# Control characters that are letters of VPS.
_CONTROL = re.compile("[\x02-\x06\x10-\x15\x19\x1c\x1d]")


@dataclass(frozen=True, slots=True)
class Run:
    """Text set in one font, by its name; "" where that is not known."""

    text: str
    font: str = ""


@dataclass(frozen=True, slots=True)
class Reading:
    """`paragraphs` as they were given, in Unicode and NFC; what code the file has; notes in Vietnamese."""

    paragraphs: tuple[str, ...]
    encoding: TextEncoding
    notes: tuple[str, ...] = ()

    @property
    def text(self) -> str:
        """The paragraphs as lines."""
        return "\n".join(self.paragraphs)


@dataclass(slots=True)
class _Stretch:
    """Neighbouring runs of one paragraph whose fonts hint at the same; `code` once that is decided."""

    shown: str
    hint: Hint
    plain: bool
    code: Code | None = None


@dataclass(slots=True)
class _Kind:
    """All stretches of which the fonts hint at one code: what they are in as a whole, and what some of them may be."""

    hinted: Code | None
    stretches: list[_Stretch]
    main: Code | None = None
    some: list[Code] = field(default_factory=list)
    horn_lost: bool = False


def read_letters(text: str) -> Reading:
    """`read_runs` for text of which no font is known; its paragraphs are lines, some together where they are many."""
    lines = text.split("\n")
    many = len(lines) // MAX_BLOCKS + 1
    return read_runs([(Run("\n".join(lines[place : place + many])),) for place in range(0, len(lines), many)])


def read_runs(paragraphs: Iterable[Sequence[Run]]) -> Reading:
    """Paragraphs in Unicode and NFC. What is no Vietnamese in a legacy code is given back as it is."""
    parted = [_stretches(paragraph) for paragraph in paragraphs]
    combining = any(_composed(stretch) for paragraph in parted for stretch in paragraph)
    kinds = _kinds(parted)
    for kind in kinds.values():
        _decide(kind)
    doubtful: Counter[Code] = Counter()
    texts = tuple(_paragraph(paragraph, kinds, doubtful) for paragraph in parted)
    encoding = _encoding(parted, texts)
    return Reading(texts, encoding, tuple(_notes(parted, kinds, doubtful, encoding, combining=combining)))


def _stretches(paragraph: Sequence[Run]) -> list[_Stretch]:
    stretches = []
    for hint, runs in groupby(paragraph, key=lambda run: hint_of(run.font)):
        shown = "".join(run.text for run in runs)
        stretches.append(_Stretch(shown, hint, shown.isascii() and not _CONTROL.search(shown)))
    return stretches


def _composed(stretch: _Stretch) -> bool:
    """Put the stretch into NFC; whether it had marks after their letters."""
    marks = not stretch.plain and _MARKS.search(stretch.shown) is not None
    stretch.shown = unicodedata.normalize("NFC", stretch.shown)
    return marks


def _kinds(parted: list[list[_Stretch]]) -> dict[Code | None, _Kind]:
    kinds: dict[Code | None, _Kind] = {}
    for paragraph in parted:
        for stretch in paragraph:
            kinds.setdefault(stretch.hint.code, _Kind(stretch.hint.code, [])).stretches.append(stretch)
    for kind in kinds.values():
        _weigh(kind)
    seen = [kind.main for kind in kinds.values() if kind.main is not None]
    for kind in kinds.values():
        if kind.main is None and kind.hinted in seen:
            kind.main = kind.hinted
        kind.some.extend(code for code in dict.fromkeys(seen) if code is not kind.main and code not in kind.some)
    return kinds


def _weigh(kind: _Kind) -> None:
    """Find what code the stretches are in as a whole, and what others a part of them may be in."""
    sample = _sample(kind.stretches)
    candidates: dict[Code, set[str]] = {}
    best = 0
    for code in CODES if sample else ():
        words = words_of(sample, code)
        evidence, speaking = weigh(words, code), speakers(words, code)
        own = code is kind.hinted
        enough = evidence.speak_for >= ENOUGH and signs_of(speaking) >= SIGNS and evidence.balance > 0
        lead = evidence.speak_for - evidence.against
        if lead > best and (own or enough):
            best, kind.main, kind.horn_lost = lead, code, loses_horn(words, code)
        candidates[code] = speaking
    explained = candidates.pop(kind.main) if kind.main is not None else set()
    least = max(STRONG, len(explained) // CHANCE)
    kind.some = [code for code, speaking in candidates.items() if len(speaking - explained) >= least]


def _sample(stretches: list[_Stretch]) -> str:
    """Not more than about SAMPLE characters of the stretches that may be in any legacy code, from all over."""
    shown = [stretch.shown for stretch in stretches if not stretch.plain]
    step = sum(map(len, shown)) // SAMPLE + 1
    picked = shown[::step]
    return "\n".join(text[: max(SAMPLE // len(picked), SAMPLE // MAX_BLOCKS)] for text in picked)


def _decide(kind: _Kind) -> None:
    """Decide for each stretch; what is too short to be sure of follows where others of its kind were sure."""
    if kind.main is None and not kind.some:
        return
    weak: list[tuple[_Stretch, Code]] = []
    for stretch in kind.stretches:
        if stretch.plain:
            continue
        best = 0
        for code in (*([kind.main] if kind.main else []), *kind.some):
            words = words_of(stretch.shown, code)
            evidence = weigh(words, code)
            lead = evidence.speak_for - evidence.against
            if code is kind.main:
                stretch.code, best = (code, lead) if lead >= 0 else (None, 0)
            elif lead > 2 * best and _sure(words, code, evidence):
                stretch.code, best = code, lead
            elif evidence.speak_for and not evidence.against and not evidence.foreign:
                weak.append((stretch, code))
    sure = {stretch.code for stretch in kind.stretches}
    for stretch, code in weak:
        if stretch.code is None and code in sure:
            stretch.code = code


def _sure(words: set[str], code: Code, evidence: Evidence) -> bool:
    """Whether a stretch by itself is enough to tell that it is in another code than its kind."""
    many = evidence.speak_for >= max(STRONG, 2 * evidence.against) and evidence.balance > 0
    return many and signs_of(speakers(words, code)) >= SIGNS


def _paragraph(paragraph: list[_Stretch], kinds: dict[Code | None, _Kind], doubtful: Counter[Code]) -> str:
    pieces = []
    for stretch in paragraph:
        kind = kinds[stretch.hint.code]
        text = stretch.shown
        if stretch.code is not None:
            converted = convert(text, stretch.code, horn_lost=kind.horn_lost)
            text = converted.text
            doubtful[stretch.code] += converted.doubtful
        drawn = stretch.code is not None or stretch.plain
        pieces.append(text.upper() if stretch.hint.capitals and kind.main is not None and drawn else text)
    return unicodedata.normalize("NFC", "".join(pieces))


def _encoding(parted: list[list[_Stretch]], texts: tuple[str, ...]) -> TextEncoding:
    sizes: Counter[TextEncoding] = Counter()
    for paragraph in parted:
        for stretch in paragraph:
            if stretch.code is not None:
                sizes[stretch.code.encoding] += len(stretch.shown)
    if sizes:
        return sizes.most_common(1)[0][0]
    return TextEncoding.UNICODE if any(_LETTER.search(text) for text in texts) else TextEncoding.NONE


def _notes(
    parted: list[list[_Stretch]],
    kinds: dict[Code | None, _Kind],
    doubtful: Counter[Code],
    encoding: TextEncoding,
    *,
    combining: bool,
) -> Iterable[str]:
    if combining:
        yield COMBINING
    if encoding not in NAMES:
        return
    name = NAMES[encoding]
    if any(stretch.code is None and _VIETNAMESE.search(stretch.shown) for paragraph in parted for stretch in paragraph):
        yield MIXED.format(name=name)
    if any(kind.horn_lost for kind in kinds.values()):
        yield HORN_LOST
    if doubtful.total():
        yield DOUBTFUL.format(name=name, count=doubtful.total())
