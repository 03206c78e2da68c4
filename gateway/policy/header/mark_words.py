"""A piece of text that is a mark of secrecy or urgency by itself.

Forms by Luật 29/2018/QH14 Điều 8 with Thông tư 24/2020/TT-BCA, and Nghị định 30/2020/NĐ-CP Phụ lục I phần I mục III
khoản 2; how offices print them besides: framed, labelled, spaced, side by side, without accents.
"""

from __future__ import annotations

import re
import unicodedata
from difflib import get_close_matches

from gateway.model.facts import Secrecy, Urgency
from gateway.policy.header.seen import seen, spacing_closed
from gateway.policy.header.sign import Sign
from gateway.policy.header.text import fold, is_upper

LONGEST = 80
LIKENESS = 0.87

_TONES = {"\u0300", "\u0301", "\u0303", "\u0309", "\u0323"}
_EDGES = re.compile(r"^[\W_]+|[\W_]+$")
_NO_LETTERS = re.compile(r"[\W\d_]+")
_ENCLOSED = re.compile(r"\s*[(\[{<«“\"'*]+[^()\[\]{}<>«»“”\"*]+[)\]}>»”\"'*]+\s*")
_LABEL = re.compile(
    r"(?:(?:mức |cấp )?độ (?:bảo )?(?P<kind>mật|khẩn)|(?:mức|cấp|dấu) (?:độ )?(?P<other>mật|khẩn))(?: văn bản)?"
    r"\s*[:=\-–]\s*"
)
_LABEL_ALONE = re.compile(r"(?:(?:mức |cấp )?độ (?:bảo )?|(?:mức|cấp) )mật\s*[:=]?")
_TAIL = re.compile(r"(?<=\w)[\s,;.(\[/–-]*(?:bản (?:số|thứ)|số bản|thời hạn|từ ngày|\((?:[abc])\))(?!\w).*")
_SIDE_BY_SIDE = re.compile(r"\s*[-–/,;+&|•·]\s*|\s{2,}|\s+và\s+")
_PLAIN_LAST = ("mat", "mật", "mât", "mạt")

_SECRECY = {"mật": Secrecy.MAT, "tốimật": Secrecy.TOI_MAT, "tuyệtmật": Secrecy.TUYET_MAT}
_URGENCY = {
    "khẩn": Urgency.KHAN,
    "thượngkhẩn": Urgency.THUONG_KHAN,
    "hỏatốc": Urgency.HOA_TOC,
    "hỏatốchẹngiờ": Urgency.HOA_TOC,
}
_MARKS: dict[str, Secrecy | Urgency] = {**_SECRECY, **_URGENCY}
# As TCVN3 and VNI letters look where too little text stands around them to be converted.
_UNCONVERTED = {
    **dict.fromkeys(("mët", "maät"), Secrecy.MAT),
    **dict.fromkeys(("tèimët", "tóaimaät"), Secrecy.TOI_MAT),
    **dict.fromkeys(("tuyötmët", "tuyeätmaät"), Secrecy.TUYET_MAT),
}
_UNACCENTED = {"toi": Secrecy.TOI_MAT, "tuyet": Secrecy.TUYET_MAT}
_MISREAD_SHORT: dict[str, Secrecy | Urgency] = {
    **dict.fromkeys(("mat", "mạt", "mât"), Secrecy.MAT),
    **dict.fromkeys(("khan", "khân", "khản"), Urgency.KHAN),
}
_FRAME_READ = re.compile(r"[il1jt|!]?(?P<mark>mật)[il1j|!]?")
_MISREAD_LONG: dict[str, Secrecy | Urgency] = {
    "toi mat": Secrecy.TOI_MAT,
    "tuyet mat": Secrecy.TUYET_MAT,
    "thuong khan": Urgency.THUONG_KHAN,
    "hoa toc": Urgency.HOA_TOC,
    "hoa toc hen gio": Urgency.HOA_TOC,
}
_MISREAD_DIGITS = str.maketrans("01", "oi")
_TOI_MAT = re.compile(r"[trl]?[trl]o[iltj1]{1,2}mat")
_NEARLY = re.compile(r"[^\W\d_]{0,2}ật|mậ[^\W\d_]?")
_OTHER_WORDS = frozenset({"vật", "nhật", "bật", "lật", "phật", "thật", "chật", "giật", "mập", "mận"})
_DOUBTFUL = frozenset({"mặt", "mất", "mắt", "mát"})


def marks_in(text: str, *, any_case: bool = False) -> tuple[Secrecy | Urgency, ...]:
    """The marks that are all of `text`, frame, label `Độ mật:` and copy number aside; none where it has other words.

    Small letters count only behind a label or in brackets, or with `any_case`.
    """
    unconverted = _UNCONVERTED.get(_NO_LETTERS.sub("", tones_placed(text[:LONGEST])))
    if unconverted is not None:
        return (unconverted,)
    shown = spacing_closed(seen(text[:LONGEST]))
    bare = _EDGES.sub("", shown)
    placed = tones_placed(bare)
    label = _LABEL.match(placed)
    if label is not None:
        kind = Secrecy if "mật" in label.group("kind", "other") else Urgency
        found = _all_of(_without_tail(placed[label.end() :]))
        return found if len(found) == 1 and isinstance(found[0], kind) else ()
    value = _without_tail(placed)
    stamped = is_upper(bare[: len(value)]) or (bare[:1].isupper() and len(value.split()) > 1)
    if not (stamped or any_case or _ENCLOSED.fullmatch(shown)):
        return ()
    found = _all_of(value)
    return found if sum(isinstance(mark, Secrecy) for mark in found) <= 1 else ()


def mark_in(text: str) -> Secrecy | Urgency | None:
    """The mark that is all of `text`, that of secrecy where both stand there, or None."""
    found = marks_in(text)
    return next((mark for mark in found if isinstance(mark, Secrecy)), found[0] if found else None)


def unaccented(text: str) -> Sign | None:
    """The level that capitals without their accents spell; `MAT` alone is no certain one."""
    bare = _EDGES.sub("", spacing_closed(seen(text[:LONGEST])))
    if not is_upper(bare):
        return None
    letters = _NO_LETTERS.sub("", _without_tail(bare.lower()))
    if letters == "mat":
        return Sign(Secrecy.MAT, certain=False)
    level = _UNACCENTED.get(fold(letters[:-3])) if letters.endswith(_PLAIN_LAST) else None
    return Sign(level) if level else None


def recognised_mark(text: str) -> Secrecy | Urgency | None:
    """The mark in capitals that `text` most likely was before it was recognised, or None."""
    bare = _EDGES.sub("", seen(text[:LONGEST]))
    if not is_upper(bare):
        return None
    small = tones_placed(bare)
    folded = re.sub(r"[\s\-]+", " ", fold(small).translate(_MISREAD_DIGITS))
    if _FRAME_READ.fullmatch(small):
        return Secrecy.MAT
    if _TOI_MAT.fullmatch(_NO_LETTERS.sub("", folded)):
        return Secrecy.TOI_MAT
    likely = get_close_matches(folded, _MISREAD_LONG, n=1, cutoff=LIKENESS)
    return _MISREAD_SHORT.get(small) or mark_in(bare) or (_MISREAD_LONG[likely[0]] if likely else None)


def perhaps_misread(text: str) -> bool:
    """Whether `text` is another word in capitals that a recogniser makes of MẬT."""
    bare = _EDGES.sub("", seen(text[:LONGEST]))
    return is_upper(bare) and bare.lower() in _DOUBTFUL


def nearly_read(text: str) -> bool:
    """Whether `text`, which is all of a stamp, is MẬT but for a letter misread: XẬT, MẬI; VẬT and NHẬT are words."""
    small = _EDGES.sub("", seen(text[:LONGEST])).lower()
    return bool(_NEARLY.fullmatch(small)) and small not in _OTHER_WORDS


def is_label(text: str) -> bool:
    """Whether `text` is a label only, `Độ mật:`, whose value stands in the next cell."""
    return bool(_LABEL_ALONE.fullmatch(tones_placed(text.strip())))


def tones_placed(text: str) -> str:
    """Small letters with the tone of `oa`, `oe`, `uy` on the first vowel, so that HOẢ TỐC equals HỎA TỐC."""
    letters = unicodedata.normalize("NFD", text.lower())
    moved: list[str] = []
    for letter in letters:
        if letter in _TONES and len(moved) > 1 and moved[-2:] in (["o", "a"], ["o", "e"], ["u", "y"]):
            moved.insert(-1, letter)
        else:
            moved.append(letter)
    return unicodedata.normalize("NFC", "".join(moved))


def _without_tail(value: str) -> str:
    """The value without what TT 24/2020 puts beside it: copy number, term, envelope letter."""
    return _TAIL.sub("", value, count=1)


def _all_of(value: str) -> tuple[Secrecy | Urgency, ...]:
    whole = _MARKS.get(_NO_LETTERS.sub("", value))
    if whole is not None:
        return (whole,)
    pieces = [_MARKS.get(_NO_LETTERS.sub("", piece)) for piece in _SIDE_BY_SIDE.split(value)]
    return tuple(piece for piece in pieces if piece) if all(pieces) else ()
