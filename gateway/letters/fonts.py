"""What the name of a font says of the code of the letters set in it: a hint, for the text itself decides.

The families are `.VnTime` and its kin (TCVN3; an H at the end of the name draws small letters as capitals),
`VNI-Times`, `VPS Times` (its capitals are called Hoa). PDF files leave the dot out and put six letters before the name.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from gateway.letters.codes import TCVN3, VNI, VPS, Code

_SUBSET = re.compile(r"[A-Z]{6}\+")
_STYLE = re.compile(
    r"(?:[,\- ]*(?:Bold|Italic|Oblique|Regular|Roman|Normal|Tur|Cyr|CE|Greek|Baltic)|[,\-]?(?:MT|PS)|\d+)+$"
)
_TCVN3 = re.compile(r"\.[Vv][Nn](?![Ii]-)|Vn(?!Post|Pay|Express)[A-Z0-9]")
_VNI = re.compile(r"\.?VNI(?![a-z])", re.IGNORECASE)
_VPS = re.compile(r"\.?VPS(?![a-z])", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Hint:
    """The code that a font is made for, None where it is one of Unicode or not known; whether it has capitals only."""

    code: Code | None = None
    capitals: bool = False


@lru_cache(maxsize=1_000)
def hint_of(font: str) -> Hint:
    """What `font`, a name as files give it, hints at."""
    name = _SUBSET.sub("", font.strip(), count=1)
    family = _STYLE.sub("", name)
    if _TCVN3.match(name):
        return Hint(TCVN3, family.endswith("H"))
    if _VNI.match(name):
        return Hint(VNI)
    if _VPS.match(name):
        return Hint(VPS, family.casefold().endswith("hoa"))
    return Hint()


def is_legacy_font(font: str) -> bool:
    """Whether a font of this name is one for TCVN3, VNI or VPS."""
    return hint_of(font).code is not None
