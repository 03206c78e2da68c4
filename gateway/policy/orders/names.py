"""Which unit or person a name written by hand means; several are a choice, never a pick."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from gateway.model.act import Share
from gateway.policy.header.text import fold
from gateway.policy.orders.letters import key, tidy, word_agrees

MAX_LENGTH = 200
MAX_CHOICES = 8

_WORDS = re.compile(r"[^\W_]+")
_TITLES = frozenset(
    {
        *("anh", "chi", "em", "ong", "ba", "co", "chu", "bac", "thay", "d", "dc", "c", "a", "dong", "mr", "mrs", "ms"),
        *("giam", "doc", "pho", "gd", "pgd", "truong", "phong", "tp", "ptp", "cv", "chuyen", "vien"),
    }
)
_SHORT_HEADS = {"p": "phong", "vp": "van phong", "bql": "ban quan ly", "tt": "trung tam", "cc": "chi cuc"}
_HEADS = ("phong", "van phong", "ban quan ly", "ban", "trung tam", "chi cuc", "doi", "so", "thanh tra")
_POLITE = frozenset({"ạ", "nhé"})
"""With their accents only: without, the last word may be the name."""
_LINKING = frozenset({"va", "cua"})
_BETWEEN = re.compile(r"\s*[,;&]\s*|\sva\s")
_SHORTEST_INITIALS = 2
_SHORTEST_PIECE = 4
_NEARNESS = 0.6
_LONGEST_JOIN = 4

_Words = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Named:
    """A unit or person that may be meant."""

    code: str
    name: str
    short_name: str | None = None


@dataclass(frozen=True, slots=True)
class Match:
    """The one `found`; else the `choices`: those that all fit, or where `near` is true those that are merely alike."""

    found: Named | None
    choices: tuple[Named, ...] = ()
    near: bool = False


def match_name(written: str, among: Sequence[Named]) -> Match:
    """The unit or person of `among` that `written` means, by code, short name, name, initials or part of the name.

    The first of these ways that fits anybody decides. Accents may be missing, not different; letters of other scripts
    match nothing.
    """
    if len(written) > MAX_LENGTH:
        return Match(None)
    for words in _readings(_words(written)):
        for way in (_is_code, _is_name, _is_initials, _is_end, _is_within):
            fitting = tuple(one for one in among if way(words, one))
            if len(fitting) == 1:
                return Match(fitting[0])
            if fitting:
                return Match(None, fitting[:MAX_CHOICES])
    alike = _alike(written, among)
    return Match(None, alike, near=bool(alike))


def match_shares(shares: Sequence[Share], among: Sequence[Named]) -> tuple[tuple[Share, Match], ...]:
    """The shares of one order, each with who is meant; cut and joined anew where a name has a comma or `và` in it."""
    matched: list[tuple[Share, Match]] = []
    place = 0
    while place < len(shares):
        taken, found = _joined(shares[place : place + _LONGEST_JOIN], among)
        matched.extend(found or _cut(shares[place], among))
        place += taken
    return tuple(matched)


def _joined(shares: Sequence[Share], among: Sequence[Named]) -> tuple[int, list[tuple[Share, Match]]]:
    """How many of the first shares are one name together, and that share; as they are where they are none."""
    for count in range(len(shares), 1, -1):
        if any(share.deadline for share in shares[: count - 1]):
            continue
        whole = Share(", ".join(share.unit for share in shares[:count]), shares[count - 1].deadline)
        match = match_name(whole.unit, among)
        if match.found:
            return count, [(whole, match)]
    return 1, []


def _cut(share: Share, among: Sequence[Named]) -> list[tuple[Share, Match]]:
    """A share as the one name that it is, or as the several names that all of its pieces are."""
    whole = [(share, match_name(share.unit, among))]
    if whole[0][1].found:
        return whole
    pieces, start = [], 0
    for found in _BETWEEN.finditer(fold(tidy(share.unit))):
        pieces.append(tidy(share.unit)[start : found.start()])
        start = found.end()
    pieces.append(tidy(share.unit)[start:])
    parts = [(Share(piece), match_name(piece, among)) for piece in pieces]
    if len(parts) == 1 or not all(match.found for _, match in parts):
        return whole
    parts[-1] = (replace(parts[-1][0], deadline=share.deadline), parts[-1][1])
    return parts


@lru_cache(maxsize=2048)
def _words(text: str) -> _Words:
    """The words of a name in small letters, those left out that only link others."""
    return tuple(word for word in _WORDS.findall(tidy(text).lower()) if fold(word) not in _LINKING)


def _readings(written: _Words) -> Iterator[_Words]:
    """The words as they are, with the head spelt out, and without what only politeness puts before or behind a name."""
    if not written:
        return
    yield written
    if len(written) > 1 and written[-1] in _POLITE:
        yield from _readings(written[:-1])
        return
    head = _SHORT_HEADS.get(written[0])
    if head:
        yield (*head.split(), *written[1:])
    untitled = written
    while len(untitled) > 1 and fold(untitled[0]) in _TITLES:
        untitled = untitled[1:]
        yield untitled


def _heads(words: _Words) -> list[int]:
    """How many of the first words may be left out because they only say what kind of unit it is."""
    plain = " ".join(map(fold, words))
    return [0, *(len(head.split()) for head in _HEADS if plain.startswith(f"{head} "))]


def _pairs(words: _Words, name: _Words) -> Iterator[tuple[_Words, _Words]]:
    """What to compare: the name whole or without its head, and what was written without that same head."""
    for length in _heads(name):
        yield words, name[length:]
        if length and len(words) > length and _agree(words[:length], name[:length]):
            yield words[length:], name[length:]


def _is_code(words: _Words, one: Named) -> bool:
    forms = {"".join(form) for form, _ in _pairs(words, _words(one.name))}
    short = _words(one.short_name or "")
    codes = {"".join(_words(one.code)), "".join(short)}
    if len(short) > 1 and fold(short[0]) in _SHORT_HEADS:
        codes.add("".join(short[1:]))
    return any(code and word_agrees(form, code) for form in forms for code in codes)


def _is_name(words: _Words, one: Named) -> bool:
    return any(_agree(form, name) for form, name in _pairs(words, _words(one.name)))


def _is_initials(words: _Words, one: Named) -> bool:
    return any(
        len(name) >= _SHORTEST_INITIALS and word_agrees("".join(form), "".join(word[0] for word in name))
        for form, name in _pairs(words, _words(one.name))
    )


def _is_end(words: _Words, one: Named) -> bool:
    """Whether the name begins with these words, the last of which may be cut short, or ends with them."""
    name = _words(one.name)
    return any(_begins(form, rest) for form, rest in _pairs(words, name)) or _agree(words, name[-len(words) :])


def _is_within(words: _Words, one: Named) -> bool:
    name = _words(one.name)
    return any(_agree(words, name[place : place + len(words)]) for place in range(len(name)))


def _begins(words: _Words, name: _Words) -> bool:
    if len(words) > len(name) or not _agree(words[:-1], name[: len(words) - 1]):
        return False
    last, other = words[-1], name[len(words) - 1]
    long_enough = len(words) > 1 or len(last) >= _SHORTEST_PIECE
    return word_agrees(last, other) or (long_enough and word_agrees(last, other[: len(last)]))


def _agree(words: _Words, name: _Words) -> bool:
    return len(words) == len(name) and all(map(word_agrees, words, name))


def _alike(written: str, among: Sequence[Named]) -> tuple[Named, ...]:
    matcher = difflib.SequenceMatcher(None, "", key(written))
    likeness: list[tuple[float, Named]] = []
    for one in among:
        best = 0.0
        for name in (one.name, one.code):
            matcher.set_seq1(key(name))
            if matcher.quick_ratio() >= _NEARNESS:
                best = max(best, matcher.ratio())
        if best >= _NEARNESS:
            likeness.append((best, one))
    return tuple(one for _, one in sorted(likeness, key=lambda found: -found[0])[:MAX_CHOICES])
