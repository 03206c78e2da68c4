"""In what capacity somebody signs, read from the page beside the signature (Phụ lục I phần I mục II khoản 7)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import islice

from gateway.policy.header import words
from gateway.policy.header.text import clean, fold, squeeze
from gateway.policy.signing.names import same_person

_MOST_TEXT = 200_000
_MOST_LINES = 5000
_LINES_ABOVE = 14
_LONGEST_LINE = 200


class Authority(StrEnum):
    """For whom somebody signs: in the name of a collective, as acting head, for the head, by order, by warrant."""

    COLLECTIVE = "TM."
    ACTING = "Q."
    FOR = "KT."
    BY_ORDER = "TL."
    BY_WARRANT = "TUQ."


@dataclass(frozen=True, slots=True)
class Capacity:
    """The authorities above a name, as they stand, and the title right above it, as printed; both may be empty."""

    authorities: tuple[Authority, ...] = ()
    title: str = ""

    @property
    def shown(self) -> str:
        """`KT. PHÓ GIÁM ĐỐC`: for people to read; empty where nothing was read."""
        return " ".join((*(each.value for each in self.authorities), self.title)).strip()

    def lacks_authority(self, issuer: str) -> bool:
        """Whether the title is not that of the issuer's head and no authority says for whom it signs.

        A deputy signs KT.; the head of an office or a division signs TL. for the agency above it.
        """
        title = fold(self.title)
        if not title or _FOR_ANOTHER & set(self.authorities):
            return False
        if title.startswith("pho "):
            return True
        unit = next((unit for head, unit in _HEADS_OF.items() if title.startswith(head)), None)
        return bool(issuer) and unit is not None and unit not in fold(clean(issuer))


_FOR_ANOTHER = frozenset(Authority) - {Authority.ACTING}
_HEADS_OF = {"chanh van phong": "van phong", "truong phong": "phong", "chanh thanh tra": "thanh tra"}
_BY_LETTERS = {
    "TM": Authority.COLLECTIVE,
    "Q": Authority.ACTING,
    "KT": Authority.FOR,
    "TL": Authority.BY_ORDER,
    "TUQ": Authority.BY_WARRANT,
}
_AUTHORITY = re.compile(r"(?<![\w./])(?:(TM|KT|TL|TUQ|Q) ?\.|(T/M|K/T|T/L)\.?) ?(?=[^\W\d_])")


def capacity_of(signer: str, beside: str, page_text: str) -> Capacity:
    """From what stands beside the signature; where that tells nothing, from the lines above the signer's name.

    `page_text` is the text of the document, or "" where it is not at hand.
    """
    found = _read(_lines(beside))
    return found if found != Capacity() else _read(_above(signer, page_text))


def _lines(text: str) -> list[str]:
    lines = (line for line in clean(text[:_MOST_TEXT]).splitlines() if line.strip())
    return [squeeze(line[:_LONGEST_LINE]) for line in islice(lines, _MOST_LINES)]


def _above(signer: str, page_text: str) -> Sequence[str]:
    """The lines down to the last one that ends with the signer's name."""
    lines, length = _lines(page_text), len(signer.split())
    for place in range(len(lines) - 1, -1, -1):
        last = " ".join(lines[place].split()[-length:]) if length else ""
        if same_person(last, signer):
            return lines[max(0, place - _LINES_ABOVE) : place]
    return ()


def _read(lines: Sequence[str]) -> Capacity:
    """The signature's block is the lowest: what stands above another name belongs to another signer."""
    authorities: list[Authority] = []
    title = ""
    for line in lines:
        for found in _AUTHORITY.finditer(line):
            if line[found.end()].isupper():
                authorities.append(_BY_LETTERS[(found[1] or found[2]).replace("/", "")])
        title = ([title, *_titles(line)])[-1]
    return Capacity(tuple(dict.fromkeys(authorities)), title)


def _titles(line: str) -> Iterator[str]:
    """Titles in capitals, each with the capitals after it."""
    for found in words.TITLE.finditer(fold(line)):
        if (found.start() and line[found.start() - 1].isalnum()) or not line[found.start() : found.end()].isupper():
            continue
        capitals = [word for word in line[found.end() :].split(" ") if word]
        tail = next((place for place, word in enumerate(capitals) if not word.isupper()), len(capitals))
        whole = squeeze(" ".join((line[found.start() : found.end()], *capitals[:tail])))
        yield whole.removeprefix("Q.").strip(" .,;:")
