"""What a recogniser made of names, written as it is: accents in capitals (`TĨNH QUANG NGAI`), stops that were dust.

Accents come back to names of closed lists only, of two words and more, whose letters without them are like no other's.
"""

from __future__ import annotations

import re
from dataclasses import replace

from gateway.model.page import Line, Page, TextSource
from gateway.policy.header.text import clean, fold, is_upper

_LINES = 20_000
_LONGEST = 200


def _listed(names: str) -> tuple[str, ...]:
    return tuple(" ".join(name.split()) for name in names.split(";"))


_PLACES = _listed(
    """
    AN GIANG; BÀ RỊA - VŨNG TÀU; BẠC LIÊU; BẮC GIANG; BẮC KẠN; BẮC NINH; BẾN TRE; BÌNH DƯƠNG; BÌNH ĐỊNH; BÌNH PHƯỚC;
    BÌNH THUẬN; CÀ MAU; CAO BẰNG; CẦN THƠ; ĐÀ NẴNG; ĐẮK LẮK; ĐẮK NÔNG; ĐIỆN BIÊN; ĐỒNG NAI; ĐỒNG THÁP; GIA LAI; HÀ
    GIANG; HÀ NAM; HÀ NỘI; HÀ TĨNH; HẢI DƯƠNG; HẢI PHÒNG; HẬU GIANG; HÒA BÌNH; HỒ CHÍ MINH; HUẾ; HƯNG YÊN; KHÁNH HÒA;
    KIÊN GIANG; KON TUM; LAI CHÂU; LẠNG SƠN; LÀO CAI; LÂM ĐỒNG; LONG AN; NAM ĐỊNH; NGHỆ AN; NINH BÌNH; NINH THUẬN; PHÚ
    THỌ; PHÚ YÊN; QUẢNG BÌNH; QUẢNG NAM; QUẢNG NGÃI; QUẢNG NINH; QUẢNG TRỊ; SÓC TRĂNG; SƠN LA; TÂY NINH; THÁI BÌNH;
    THÁI NGUYÊN; THANH HÓA; THỪA THIÊN HUẾ; TIỀN GIANG; TRÀ VINH; TUYÊN QUANG; VĨNH LONG; VĨNH PHÚC; YÊN BÁI
    """
)
_OFFICES = _listed(
    """
    ỦY BAN NHÂN DÂN; HỘI ĐỒNG NHÂN DÂN; PHÓ CHỦ TỊCH; CHỦ TỊCH; PHÓ CHÁNH VĂN PHÒNG; CHÁNH VĂN PHÒNG; PHÓ GIÁM ĐỐC;
    GIÁM ĐỐC; THỨ TRƯỞNG; BỘ TRƯỞNG; PHÓ THỦ TƯỚNG; THỦ TƯỚNG; THỦ TƯỚNG CHÍNH PHỦ; CỤC TRƯỞNG; PHÓ TRƯỞNG BAN; TRƯỞNG
    BAN; XÃ HỘI CHỦ NGHĨA VIỆT NAM; TỜ TRÌNH; CHỈ THỊ; QUYẾT ĐỊNH; THÔNG BÁO; KẾ HOẠCH; NGHỊ QUYẾT
    """
)
# A stop after a word in capitals ends no sentence; `KT.`, `TM.` and the like have theirs.
_STOP_OF_DUST = re.compile(r"(?<=[^\W\d_]{2})(?<!\bKT)(?<!\bTM)(?<!\bTL)(?<!\bTP)(?<!\bTUQ)[.'`]+(?=\s|$)")
_NAME_WITH_DUST = re.compile(r"((?:[^\W\d_]{1,10} ){1,4}[^\W\d_]{1,10}) ?[.:;,'`_-]{1,3}")
_NAMES = {fold(name): name for name in (*_PLACES, *_OFFICES, *(f"TỈNH {place}" for place in _PLACES)) if " " in name}
_ANY = re.compile(r"\b(?:" + "|".join(sorted(map(re.escape, _NAMES), key=len, reverse=True)) + r")\b")


def with_names_restored(page: Page) -> Page:
    """The page with names in capitals as the lists have them; a page that was not recognised comes back as it is."""
    if page.source is not TextSource.OCR:
        return page
    return replace(page, lines=tuple(_restored(line) for line in page.lines[:_LINES]) + page.lines[_LINES:])


def _restored(line: Line) -> Line:
    text = clean(line.text)
    if is_upper(text):
        text = _STOP_OF_DUST.sub("", text)
    elif (person := _NAME_WITH_DUST.fullmatch(text)) and person[1] == person[1].title():
        text = person[1]
    folded = fold(text)
    if len(text) > _LONGEST or len(folded) != len(text):
        return line
    for found in _ANY.finditer(folded):
        written = text[found.start() : found.end()]
        if is_upper(written) and _without_tone_place(written) != (name := _NAMES[found.group()]):
            text = text[: found.start()] + name + text[found.end() :]
    return line if text == line.text else replace(line, text=text)


def _without_tone_place(name: str) -> str:
    """The name with its tones where the lists have them: both `ỦY` and `UỶ`, `HÒA` and `HOÀ` are right."""
    return name.replace("UỶ", "ỦY").replace("OÀ", "ÒA").replace("OÁ", "ÓA")
