"""Which page of a scan bears the signature, so that no more pages are recognised than needed.

Appendices follow the signature (Nghị định 30/2020 Phụ lục I phần I mục II khoản 7 và phần II): the last page need not
have it.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from enum import IntEnum
from itertools import pairwise

from gateway.adapters.text.layout import Word, build_lines
from gateway.model.page import Line

# Where the signature stands: right of this share of the width, over this share of the height.
SIGNATURE_LEFT = 0.42
SIGNATURE_HEIGHT = 0.3
SIGNATURE_SHARE = (1 - SIGNATURE_LEFT) * SIGNATURE_HEIGHT
_ABOVE = 3.0
_RECIPIENTS = re.compile(r"noi nhan\b")
_AUTHORITY = re.compile(r"(?:tm|kt|tl|tuq|q) ?\. ?[a-z]")
_TITLE = re.compile(
    r"(?:quyen )?(?:pho )?(?:tong )?(?:chu tich|chu tich quoc hoi|giam doc|bo truong|thu truong|thu tuong|thong doc"
    r"|cuc truong|chi cuc truong|chanh van phong|chanh thanh tra|truong ban|truong phong|hieu truong|vien truong)"
)
_FORM = re.compile(r"\( ?ky.{0,40}ghi ro")
_FOOT = 0.85
_SIGNED = re.compile(r"\( ?da ky ?\)")


class Signature(IntEnum):
    """What a page tells of where the signature is."""

    NOWHERE_NEAR = 0
    HERE_OR_NEXT = 1
    HERE = 2


def signature_on(words: Iterable[Word], width: float, height: float) -> Signature:
    """By the lines that begin with an authority to sign (`KT.`, `TL.` …) or `(đã ký)`, are a title, or `Nơi nhận`.

    At the foot of a page the name comes on the next. A form, which says how it is to be signed, is an appendix.
    """
    lines = build_lines(words, width, height)
    if any(_FORM.match(_folded(line.text)) for line in lines):
        return Signature.NOWHERE_NEAR
    return max((_told(line) for line in lines), default=Signature.NOWHERE_NEAR)


def signature_top(words: Sequence[Word]) -> float | None:
    """From where down the right half of a page may be signed, None where `Nơi nhận` is not to be seen."""
    pairs = pairwise(words)
    found = [word for word, after in pairs if _RECIPIENTS.match(_folded(f"{word.text} {after.text}"))]
    return max(found[-1].top - _ABOVE * found[-1].size, 0.0) if found else None


def _told(line: Line) -> Signature:
    folded = _folded(line.text)
    titled = line.text.isupper() and (_AUTHORITY.match(folded) or _TITLE.fullmatch(folded))
    if _SIGNED.match(folded) or titled:
        at_foot = line.box is not None and line.box.top > _FOOT
        return Signature.HERE_OR_NEXT if at_foot else Signature.HERE
    return Signature.HERE_OR_NEXT if _RECIPIENTS.match(folded) else Signature.NOWHERE_NEAR


def _folded(text: str) -> str:
    letters = unicodedata.normalize("NFD", text.casefold().replace("đ", "d"))
    return "".join(letter for letter in letters if not unicodedata.combining(letter)).strip()
