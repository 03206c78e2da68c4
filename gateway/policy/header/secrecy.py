"""Marks of secrecy on the pages of a file.

A mark stands in the head of a document: on page 1, or wherever in a file another document begins; or alone at the top
or foot of a page. Elsewhere the same words are text: registers list them, regulations define them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from gateway.model.facts import Secrecy
from gateway.model.page import Line, Page, TextSource
from gateway.policy.header import words
from gateway.policy.header.layout import Cell, cells_of
from gateway.policy.header.mark_words import (
    is_label,
    mark_in,
    marks_in,
    nearly_read,
    perhaps_misread,
    recognised_mark,
    unaccented,
)
from gateway.policy.header.seen import seen, spacing_closed
from gateway.policy.header.sign import Sign, strongest
from gateway.policy.header.text import fold, is_upper, plain_punctuation

MAX_CELLS = 60
MAX_HEADS = 200

_TOP = 0.45
_READ = 200
_LINES_ABOVE, _LINES_BELOW = 6, 15
_MARGIN_CELLS = 3
_SAME_ROW = 0.008
_CLOSE_TO_NUMBER = 6
_ALL_LEVELS = len(Secrecy)
_NUMBER = re.compile(r"so ?[:.;]? ?[\w.… ]{0,12}/ ?\w|so ?: ?\d|so \d{1,5} ?- ?[a-z]{2}")
_LETTERHEAD = re.compile(rf"{words.SLOGAN.pattern}|\bngay\b.*\bthang\b|{words.RULE.pattern}|^viet nam$")
_TABLE = re.compile(r"(?:stt|tt|so tt|so thu tu)(?: .*)?")
_SAMPLE = re.compile(
    r"\b(?:mau (?:con )?dau|hinh dau|khuon dau|dau chi (?:cac )?(?:do|muc)|vi du|minh hoa|mau 0?2\b|mau so 0?2\b)"
)
_PLACEHOLDER = re.compile(r"\bten (?:co quan|cq|don vi)\b|\bco quan chu quan\b|\(\d\)$")
_ABOVE_SAMPLE = 5
_ORDINARY = "thuong"
_OTHER_DEGREES = re.compile(r"(?:thuong|binh thuong|khong|khong mat|cong khai)")
_NO_LONGER = re.compile(r"\W*(?:da )?giai mat\b.{0,60}")
_ENVELOPE = re.compile(r"\W*chi nguoi co ten moi duoc boc bi\W*")
_RETURNED = re.compile(
    r"\W*(?:tai lieu thu hoi\b.{0,60}|thoi han bao ve (?:bi mat nha nuoc|bmnn) ?: ?(?:den |tu )?.{0,8}\d.{0,60})"
)
_KIND = r"(?:tai lieu|van ban|ho so|cong van|ban|dien|cong dien|bao cao)"
_NAMED = re.compile(rf"\W*{_KIND} (?P<level>(?:toi |tuyet )?mat)\W*")
_NAMED_LEVELS = {"mat": Secrecy.MAT, "toi mat": Secrecy.TOI_MAT, "tuyet mat": Secrecy.TUYET_MAT}
_HEADINGS = (
    r"(?:QUYẾT ĐỊNH|CÔNG VĂN|CÔNG ĐIỆN|BÁO CÁO|KẾ HOẠCH|TỜ TRÌNH|THÔNG BÁO|CHỈ THỊ|NGHỊ QUYẾT|BIÊN BẢN|PHỤ LỤC"
    r"|PHƯƠNG ÁN|ĐỀ ÁN|CHƯƠNG TRÌNH|HƯỚNG DẪN|KẾT LUẬN|GIẤY MỜI|DANH SÁCH|Kính gửi|V/v)"
)
_RUN_TOGETHER = re.compile(
    rf"(?:Số ?:? ?[\w.… ]{{0,12}}/ ?[\w&.-]{{1,30}}\W{{1,4}}(?P<after>(?:TỐI |TUYỆT )?MẬT)\W*"
    rf"|\W*(?P<before>(?:TỐI |TUYỆT )?MẬT)\W+(?:[^\W\d_][\w .-]{{1,40}}, ?ngày\b|{_HEADINGS}).*)"
)
# Words that "MẬT" ends in the middle of a wrapped heading: bí mật, bảo mật, cơ mật.
_BEFORE_SECRET = frozenset({"bi", "bao", "co", "than", "va", "do", "muc"})
_AFTER_SECRET = re.compile(r"(?:nha nuoc|khau|ma\b|do (?!khan|mat)|ong\b|thu\b|vu\b|kinh doanh)")
_BEFORE_NAMED = frozenset({"quan ly", "bao ve", "so", "ky", "theo doi", "ve", "cac", "voi", "doi voi"})


def secrecy_on(pages: Sequence[Page], margins: Sequence[str] = (), stamps: Sequence[str] = ()) -> Sign | None:
    """The strongest sign on `pages` (in order, page 1 first), in `margins` and `stamps`: see `FileText`."""
    signs = [sign for text in margins for sign in _in_margin(text)]
    signs += _in_stamps(stamps)
    for page in pages:
        if page is pages[0] or _may_bear_one(page):
            signs.extend(_on_page(page, first=page is pages[0]))
    return strongest(signs)


def part_of_a_sentence(cells: Sequence[Cell], place: int) -> bool:
    """Whether the line above runs on into this one: `… BẢO VỆ BÍ` / `MẬT NHÀ NƯỚC`."""
    if not place or cells[place].gap:
        return False
    before = plain_punctuation(fold(cells[place - 1].text)).split()
    return bool(before) and (before[-1] in _BEFORE_SECRET or " ".join(before[-2:]) in _BEFORE_SECRET)


def head_places(cells: Sequence[Cell]) -> list[int]:
    """Cells above the text proper; where positions are known, also stamps placed at the top but read late."""
    end = next((place for place, cell in enumerate(cells) if _text_begins(cell)), len(cells))
    head = range(min(end, MAX_CELLS))
    late = (place for place in range(len(head), len(cells)) if (top := cells[place].top) is not None and top < _TOP)
    return [*head, *late]


def split_mark(cells: Sequence[Cell], place: int) -> str | None:
    """The text of this cell with the next where a mark may be broken over both: `TUYỆT` / `MẬT`."""
    if place + 1 >= len(cells):
        return None
    first, second = spacing_closed(cells[place].text), spacing_closed(cells[place + 1].text)
    if len(first) > len("THƯỢNG..") or len(second) > len("TỐC HẸN GIỜ."):
        return None
    return f"{first} {second}"


def letters_joined(cells: Sequence[Cell]) -> list[Cell]:
    """The cells with a word whose letters stand in cells of their own as one cell: `M` / `Ậ` / `T`."""
    joined: list[Cell] = []
    run: list[Cell] = []
    for cell in [*cells, Cell("")]:
        if len(cell.text) == 1 and cell.text.isalpha():
            run.append(cell)
            continue
        if len(run) > len("AB"):
            joined.append(Cell("".join(one.text for one in run), run[0].gap, run[0].centre, run[0].top))
        else:
            joined.extend(run)
        run = []
        joined.append(cell)
    return joined[:-1]


def _may_bear_one(page: Page) -> bool:
    letters = "".join(filter(str.isalpha, fold(seen(page.text))))
    return "mat" in letters or "bocbi" in letters or "thuhoi" in letters


def _on_page(page: Page, *, first: bool) -> Iterator[Sign]:
    """Signs in every head on the page, and in what stands alone at its top and foot."""
    recognised = page.source is TextSource.OCR
    cells = letters_joined(cells_of(page))
    if first:
        yield from _in_head(cells, head_places(cells), recognised=recognised)
    else:
        yield from _at_the_edge(cells, recognised=recognised)
    for start, end in _other_heads(page, first=first):
        window = letters_joined(cells_of(Page(page.number, page.lines[start:end], page.source)))
        yield from _in_head(window, _places_around(window), recognised=recognised)


def _places_around(cells: Sequence[Cell]) -> list[int]:
    """The places of a window from the end of the document before to where the text proper of the next begins."""
    opens = next((place for place, cell in enumerate(cells) if _opens_head(cell.folded)), 0)
    return [*range(opens), *(opens + place for place in head_places(cells[opens:]))]


def _opens_head(folded: str) -> bool:
    return words.MOTTO_START in folded or words.PARTY_MOTTO in folded


def _other_heads(page: Page, *, first: bool) -> Iterator[tuple[int, int]]:
    """Where on the page, by lines, a document's head may be that is not the head of page 1."""
    found = 0
    for place, line in enumerate(page.lines):
        if first and not place:
            continue
        if _opens_head(fold(line.text[:_READ])):
            yield max(place - _LINES_ABOVE, 0), place + _LINES_BELOW
            found += 1
            if found == MAX_HEADS:
                return


def _in_head(cells: Sequence[Cell], places: Sequence[int], *, recognised: bool) -> Iterator[Sign]:
    """The signs of one head. Levels in a list, as in forms and tables, are none, or doubtful below a number."""
    end = next((place for place in places if _TABLE.fullmatch(cells[place].folded)), len(cells))
    found = [
        (place, sign)
        for place in places
        if place < end and (sign := _sign_at(cells, place, recognised=recognised)) and not _is_sample(cells, place)
    ]
    listed = len({sign.level for _, sign in found}) == _ALL_LEVELS
    lifted = any(_NO_LONGER.fullmatch(cells[place].folded) and is_upper(cells[place].text) for place in places)
    for place, sign in found:
        if not listed and not _among_degrees(cells, place):
            yield Sign(sign.level, certain=sign.certain and not lifted)
        elif _below_number(cells, place):
            yield Sign(sign.level, certain=False)


def _sign_at(cells: Sequence[Cell], place: int, *, recognised: bool) -> Sign | None:
    if part_of_a_sentence(cells, place) or _runs_on(cells, place):
        return None
    text, folded = cells[place].text, cells[place].folded
    if len(text) > 2 * MAX_CELLS:
        return None
    both = split_mark(cells, place)
    for shown in (text, both, _labelled(cells, place)):
        marks = marks_in(shown) if shown else ()
        level = next((mark for mark in marks if isinstance(mark, Secrecy)), None)
        if level is not None:
            return Sign(level)
    if recognised:
        misread = recognised_mark(text) or (recognised_mark(both) if both else None)
        if isinstance(misread, Secrecy):
            return Sign(misread)
    return _worded(text, folded) or _by_place(cells, place, recognised=recognised)


def _worded(text: str, folded: str) -> Sign | None:
    """Stamps of other words than the level, and a mark run together with the words beside it."""
    together = _RUN_TOGETHER.fullmatch(seen(text))
    if together is not None:
        level = mark_in(together["after"] or together["before"])
        return Sign(level) if isinstance(level, Secrecy) else None
    if not is_upper(text):
        return None
    if _ENVELOPE.fullmatch(folded):
        return Sign(Secrecy.TUYET_MAT)
    if _RETURNED.fullmatch(folded):
        return Sign(Secrecy.MAT, certain=False)
    return None


def _by_place(cells: Sequence[Cell], place: int, *, recognised: bool) -> Sign | None:
    """What only a stamp's place makes one: right below the number, or first on the page."""
    text = cells[place].text
    plain = unaccented(text)
    if plain is not None and plain.certain:
        return plain
    below_number = _below_number(cells, place)
    named = _NAMED.fullmatch(cells[place].folded)
    if named and is_upper(text) and (below_number or not place):
        return Sign(_NAMED_LEVELS[named["level"]], certain="mật" in seen(text).lower())
    if place and _NUMBER.match(cells[place - 1].folded):
        level = next((mark for mark in marks_in(text, any_case=True) if isinstance(mark, Secrecy)), None)
        if level is not None:
            return Sign(level, certain=level is not Secrecy.MAT or text[:1].isupper())
    if plain is not None and (below_number or not place):
        return plain if any(not cell.text.isascii() for cell in cells) else Sign(plain.level)
    if recognised and below_number and perhaps_misread(text):
        return Sign(Secrecy.MAT, certain=False)
    return None


def _below_number(cells: Sequence[Cell], place: int) -> bool:
    """Whether nothing but the rest of the letterhead stands between this cell and the number above it."""
    for cell in reversed(cells[max(0, place - _CLOSE_TO_NUMBER) : place]):
        if _NUMBER.match(cell.folded):
            return True
        if not (_LETTERHEAD.search(cell.folded) or _opens_head(cell.folded) or marks_in(cell.text)):
            return False
    return False


def _labelled(cells: Sequence[Cell], place: int) -> str | None:
    if is_label(cells[place].text) and place + 1 < len(cells):
        return f"{cells[place].text.rstrip(' :=')}: {cells[place + 1].text}"
    return None


def _runs_on(cells: Sequence[Cell], place: int) -> bool:
    """Whether the next line goes on with this one in capitals: `BẢO VỆ BÍ MẬT` / `NHÀ NƯỚC`."""
    following = cells[place + 1] if place + 1 < len(cells) else None
    return following is not None and not following.gap and bool(_AFTER_SECRET.match(following.folded))


def _is_sample(cells: Sequence[Cell], place: int) -> bool:
    """Whether a mark is shown and not borne: in a table of stamps, or on a form with nobody's name yet."""
    above = cells[max(0, place - _ABOVE_SAMPLE) : place]
    if any(_SAMPLE.search(cell.folded) for cell in above):
        return True
    return any(_PLACEHOLDER.search(cell.folded) for cell in cells[:place])


def _among_degrees(cells: Sequence[Cell], place: int) -> bool:
    """Whether the cells around offer degrees to choose from: three of them, or one beside `Thường`."""
    first = last = place
    while first and _degree(cells[first - 1]):
        first -= 1
    while last + 1 < len(cells) and _degree(cells[last + 1]):
        last += 1
    degrees = {_degree(cell) for cell in cells[first : last + 1]}
    return len(degrees) >= _ALL_LEVELS or _ORDINARY in degrees


def _degree(cell: Cell) -> str:
    """The degree of secrecy that a cell is, `thuong` for none at all, "" for other words."""
    if _OTHER_DEGREES.fullmatch(cell.folded):
        return _ORDINARY
    return next((mark.value for mark in marks_in(cell.text, any_case=True) if isinstance(mark, Secrecy)), "")


def _at_the_edge(cells: Sequence[Cell], *, recognised: bool) -> Iterator[Sign]:
    """What stands alone in one of the first or last rows of a page that begins no document."""
    placed = bool(cells) and cells[0].top is not None
    edges = list(range(min(_MARGIN_CELLS if placed else 2, len(cells))))
    edges += [place for place in range(max(len(edges), len(cells) - 2), len(cells)) if placed]
    for place in edges:
        if _has_neighbour(cells, place) or (not placed and place and not cells[0].text.strip(" -–").isdigit()):
            continue
        sign = _sign_at(cells[: place + 2], place, recognised=recognised)
        if sign is not None and not _is_sample(cells, place) and not _among_degrees(cells, place):
            yield sign


def _has_neighbour(cells: Sequence[Cell], place: int) -> bool:
    top = cells[place].top
    if top is None:
        return False
    return any(
        other is not cells[place] and other.top is not None and abs(other.top - top) < _SAME_ROW
        for other in cells[max(0, place - _MARGIN_CELLS) : place + _MARGIN_CELLS + 1]
        if not other.text.strip(" -–").isdigit()
    )


def _in_stamps(lines: Sequence[str]) -> Iterator[Sign]:
    """Signs in what was recognised in stamps; none in a table of all of them."""
    found = [sign for line in lines if (sign := _in_stamp(line)) is not None]
    if len({sign.level for sign in found}) < _ALL_LEVELS:
        yield from found


def _in_stamp(line: str) -> Sign | None:
    level = next((mark for mark in marks_in(line) if isinstance(mark, Secrecy)), None) or recognised_mark(line)
    if isinstance(level, Secrecy):
        return Sign(level)
    if perhaps_misread(line) or nearly_read(line):
        return Sign(Secrecy.MAT, certain=False)
    return _worded(line, fold(plain_punctuation(line)))


def _in_margin(text: str) -> Iterator[Sign]:
    """Signs in one line of a page's header or footer, or of a picture of words behind its text."""
    cells = letters_joined(cells_of(Page(1, (Line(text),))))
    for place in range(len(cells)):
        sign = _sign_at(cells, place, recognised=False)
        if sign is not None:
            yield Sign(sign.level, certain=sign.certain and not (sign.level is Secrecy.MAT and text.isascii()))


def _text_begins(cell: Cell) -> bool:
    return bool(words.LEGAL_BASIS.match(cell.folded)) and not is_upper(cell.text)
