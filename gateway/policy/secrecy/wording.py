"""Whether a short text says of itself, or of what goes with it, that it is secret.

A subject, a file name or a line of a mail is not a page: no frame tells a mark from a word. A mark is set apart
(`[MẬT]`, `TỐI MẬT - …`), printed in capitals among small letters, or an attribute of a document with its number
(`công văn mật số 12`). Words about marks, and the many other words with the same letters, are none.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from gateway.model.facts import Secrecy
from gateway.policy.header.mark_words import tones_placed
from gateway.policy.header.sign import Sign, strongest
from gateway.policy.secrecy.tokens import Tokens, tokens_of

_STRONG = re.compile(r"[\[\](){}<>«»“”\"'‘’*#:;|–—!=~]|\s-+\s|\s-+$|^-+\s|--|\.\s")
_ENCLOSING = re.compile(r"[\[({<«*=~]")
_LIST = re.compile(r"[\s,;/&“”\"'‘’()+.-]*")
_LEVELS = {"toi": Secrecy.TOI_MAT, "tuyet": Secrecy.TUYET_MAT}
_ACCENTED = {"tối", "tuyệt"}
_URGENT = frozenset({"khẩn", "hỏa", "tốc", "thượng", "khan", "hoa", "toc", "thuong"})
_MENTIONED_AFTER = frozenset({"dấu", "độ", "mức", "cấp", "chữ", "từ", "chỉ", "loại"})
_BEFORE = frozenset(
    {"bí", "bảo", "cơ", "thân", "túi", "ống", "trăng", "cẩn", "nghiêm", "đường", "sỏi", "viêm", "dịch", "nước", "rỉ"}
    | {"gan", "chứa", "lấy", "kín", "giải", "lộ", "nuôi", "ong", "hoa", "không", "chưa", "là"}
)
_AFTER = frozenset(
    {"khẩu", "độ", "mã", "ong", "thư", "thiết", "vụ", "danh", "ngọt", "nghị", "hoa", "đàm", "báo", "thám", "phục"}
    | {"kế", "lệnh", "tông", "mía", "gấu", "hiệu", "ước", "dịch", "truyền", "chú", "cật", "trí"}
)
# Names of documents that begin like such a word: MẬT BÁO CÁO is no mật báo.
_DOCUMENTS_AFTER = frozenset(
    {
        ("báo", "cáo"),
        ("kế", tones_placed("hoạch")),
        ("danh", "sách"),
        ("danh", "mục"),
        ("nghị", "quyết"),
        ("nghị", "định"),
    }
    | {("thư", "mời"), ("chỉ", "thị")}
)
_DOCUMENT = re.compile(
    r"(?:^|\s)(?:van ban|cong van|tai lieu|ho so|bao cao|quyet dinh|ke hoach|to trinh|cong dien|thong bao|giay moi"
    r"|ban do|cv|vb|tl|qd|bc|dien)(?: do)?$"
)
_ABOUT = re.compile(
    r"\b(?:quy che|quy dinh|quan ly|huong dan|bao ve|so dang ky|so theo doi|so chuyen giao|mau|bieu mau|dang ky"
    r"|danh muc|thong ke|quy trinh|soan thao|tap huan|kiem tra|cong tac|che do|xu ly|luat|thong tu|nghi dinh"
    r"|tieu huy|lo lot|tinh hinh|chuyen giao|gui,? nhan|luu tru|sao chup|phan mem|nghiep vu|tuyen truyen|hoc tap"
    r"|pho bien|muc do|xac dinh|tiep nhan|ra soat|khai thac|thu hoi|so luong|han che|viec gui)\b"
)
_TOPIC = re.compile(r"\b(?:ve viec|v v)\b")
_NEGATED = re.compile(r"\b(?:khong|cam|nghiem cam|tranh|chua|dung)\b")
_ANSWERING = re.compile(
    r"\b(?:tra loi|phuc dap|theo|can cu|thuc hien|nhan duoc|da nhan|tham chieu|lien quan|neu tai)\b"
)
_SENDING = re.compile(r"\b(?:gui|chuyen|kem|dinh kem|nop|trinh)\b")
_HEADINGS = frozenset(
    {"quyết", "công", "báo", "kế", "tờ", "thông", "chỉ", "nghị", "biên", "phụ", "phương", "đề", "hướng", "kết", "giấy"}
    | {"danh", "văn", "tài", "hồ", "về", "v"}
)
_NUMBERED = frozenset({"số", "so", "ngày", "no"})
_LABELLED = re.compile(r"(?:^|\s)(?:(?:muc |cap )?do (?:bao )?mat|(?:muc|cap) mat)$")
# As our own notices call a mark.
_OUR_LABEL = "dau chi do mat"
_VALUE_FOLLOWS = re.compile(r"\s*[:=]")
_LONGEST_PHRASE = 60
_WORDS_IN_A_LIST = 3
_WORDS_OF_A_DOCUMENT = 2


@dataclass(frozen=True, slots=True)
class _Found:
    """Words `first` to `last` that name `level`; `exact` where all their accents are there."""

    first: int
    last: int
    level: Secrecy
    exact: bool


def sign_in(text: str, *, sends: bool = False) -> Sign | None:
    """The strongest sign in a subject or a file's name without its ending.

    With `sends` the text is a line that somebody wrote: what it says of documents counts only where it sends them.
    """
    tokens = tokens_of(text)
    found = _without_lists(tokens, list(_levels(tokens)))
    signs = (_judged(tokens, one, sends=sends) for one in found)
    return strongest(sign for sign in signs if sign is not None)


def _levels(tokens: Tokens) -> Iterator[_Found]:
    words = tokens.words
    for place, word in enumerate(words):
        if word.small not in {"mật", "mat"}:
            continue
        before = words[place - 1] if place and not _STRONG.search(word.before) else None
        level = _LEVELS.get(before.folded) if before is not None else None
        if before is not None and level is not None and (before.small in _ACCENTED or before.small.isascii()):
            exact = before.small in _ACCENTED and word.small == "mật"
            yield _Found(place - 1, place, level, exact)
        else:
            yield _Found(place, place, Secrecy.MAT, word.small == "mật")


def _without_lists(tokens: Tokens, found: list[_Found]) -> list[_Found]:
    """Without levels that are told one after the other: `Mật, Tối mật, Tuyệt mật`."""
    listed: set[_Found] = set()
    for one, other in pairwise(found):
        if one.level is not other.level and other.first - one.last <= _WORDS_IN_A_LIST and _joined(tokens, one, other):
            listed |= {one, other}
    return [one for one in found if one not in listed]


def _joined(tokens: Tokens, one: _Found, other: _Found) -> bool:
    between = tokens.words[one.last + 1 : other.first]
    marks = tokens.words[one.last + 1 : other.first + 1]
    return all(word.small in {"và", "hoặc", "hay", "đến", "độ", "va", "hoac"} for word in between) and all(
        _LIST.fullmatch(word.before) for word in marks
    )


def _judged(tokens: Tokens, found: _Found, *, sends: bool) -> Sign | None:
    words = tokens.words
    told = " ".join(word.folded for word in words[max(0, found.first - _LONGEST_PHRASE) : found.first])
    before = words[found.first - 1].small if found.first else ""
    if before == "độ" and found.level is Secrecy.MAT and _VALUE_FOLLOWS.match(tokens.after(found.last)):
        return None
    if told.endswith(_OUR_LABEL):
        return None
    if _LABELLED.search(told) and _VALUE_FOLLOWS.match(words[found.first].before):
        return Sign(found.level, certain=found.exact or found.level is not Secrecy.MAT)
    if _set_apart(tokens, found) and (before not in _MENTIONED_AFTER or before == "độ"):
        return _apart(tokens, found, sends=sends)
    if before in _MENTIONED_AFTER and not (before == "độ" and _DOCUMENT.search(told)):
        return Sign(found.level, certain=False) if _bears(told) else None
    return None if _is_compound(tokens, found) else _attribute(tokens, found, told, sends=sends)


def _bears(told: str) -> bool:
    """Whether the words before a mention are that somebody sends what has been stamped so."""
    stamped = _SENDING.search(told) and re.search(r"\b(?:dong|co|mang) dau$", told)
    return bool(stamped) and not (_ABOUT.search(told) or _NEGATED.search(told))


def _set_apart(tokens: Tokens, found: _Found) -> bool:
    """Whether brackets, dashes or the ends of the text stand on both sides, words of urgency and `độ` aside."""
    words = tokens.words
    first, last = found.first, found.last
    while first and words[first - 1].small in _URGENT | {"độ"} and _LIST.fullmatch(words[first].before):
        first -= 1
    while last + 1 < len(words) and words[last + 1].small in _URGENT and _LIST.fullmatch(tokens.after(last)):
        last += 1
    begins = not first or bool(_STRONG.search(words[first].before))
    ends = last == len(words) - 1 or bool(_STRONG.search(tokens.after(last)))
    return begins and ends


def _apart(tokens: Tokens, found: _Found, *, sends: bool) -> Sign | None:
    """A level that stands by itself; `mat` without its accent may be another word, in brackets hardly."""
    words = tokens.words
    enclosed = bool(_ENCLOSING.search(words[found.first].before))
    if sends and not enclosed and not _is_capital(tokens, found):
        return None
    if found.exact or found.level is not Secrecy.MAT or enclosed:
        return Sign(found.level)
    alone = len(words) == 1 or _capital_among_small(tokens, found) or _beside_figures(tokens, found)
    return Sign(found.level, certain=False) if alone else None


def _is_compound(tokens: Tokens, found: _Found) -> bool:
    """Whether the word belongs to another one: bí mật, mật khẩu, mật độ."""
    if found.level is not Secrecy.MAT:
        return False
    words = tokens.words
    before = words[found.first - 1].small if found.first and not _STRONG.search(words[found.first].before) else ""
    following = words[found.last + 1].small if found.last + 1 < len(words) else ""
    joined = not _STRONG.search(tokens.after(found.last))
    second = words[found.last + 2].small if found.last + 2 < len(words) else ""
    return before in _BEFORE or (joined and following in _AFTER and (following, second) not in _DOCUMENTS_AFTER)


def _attribute(tokens: Tokens, found: _Found, told: str, *, sends: bool) -> Sign | None:
    """What a level says within a phrase: of a document by its number, or printed in capitals, that it bears it."""
    if any(pattern.search(told) for pattern in (_ABOUT, _ANSWERING, _NEGATED)) or (sends and not _SENDING.search(told)):
        return None
    if _DOCUMENT.search(told):
        return _of_a_document(tokens, found, told, sends=sends)
    if sends:
        return None
    return _by_case(tokens, found) if found.exact else _unaccented(tokens, found)


def _of_a_document(tokens: Tokens, found: _Found, told: str, *, sends: bool) -> Sign | None:
    following = tokens.words[found.last + 1] if found.last + 1 < len(tokens.words) else None
    numbered = following is not None and (following.small in _NUMBERED or following.text.isdigit())
    capital = _is_capital(tokens, found)
    if found.level is not Secrecy.MAT:
        return Sign(found.level, certain=capital or found.exact or found.level is Secrecy.TUYET_MAT)
    if not found.exact:
        return Sign(found.level, certain=False) if numbered or following is None else None
    if numbered or capital:
        return Sign(found.level, certain=capital or not sends)
    if sends or _TOPIC.search(told):
        return None
    return Sign(found.level, certain=_heads(tokens, found))


def _heads(tokens: Tokens, found: _Found) -> bool:
    """Whether a phrase `tài liệu mật` is in brackets, or the heading of what follows."""
    words = tokens.words
    opens = max(found.first - _WORDS_OF_A_DOCUMENT, 0)
    begins = not opens or _STRONG.search(words[opens].before)
    return bool(begins and found.last + 1 < len(words) and _STRONG.search(tokens.after(found.last)))


def _by_case(tokens: Tokens, found: _Found) -> Sign | None:
    """Capitals among small letters, and a level that the text begins or ends with."""
    words = tokens.words
    capital = _is_capital(tokens, found)
    ends = found.last == len(words) - 1
    following = None if ends else words[found.last + 1]
    if _capital_among_small(tokens, found) and not _capital_before(tokens, found):
        return Sign(found.level)
    if capital and (_underlined(words[found.first].before) or _underlined(tokens.after(found.last))):
        return Sign(found.level)
    if not found.first and capital and following is not None and following.small in _HEADINGS:
        return Sign(found.level)
    if found.level is not Secrecy.MAT and (not found.first or ends):
        return Sign(found.level, certain=capital or found.level is Secrecy.TUYET_MAT)
    return Sign(found.level) if _beside_figures(tokens, found) else None


def _unaccented(tokens: Tokens, found: _Found) -> Sign | None:
    """`mat` is a dozen words: it counts beside a number, or in capitals at the beginning or end, and never surely."""
    if found.level is Secrecy.TUYET_MAT:
        return Sign(found.level)
    ends = found.last == len(tokens.words) - 1
    if found.level is Secrecy.TOI_MAT:
        return Sign(found.level, certain=_is_capital(tokens, found) or ends)
    distinct = _capital_among_small(tokens, found) and (ends or not found.first)
    return Sign(found.level, certain=False) if distinct or _beside_figures(tokens, found) else None


def _is_capital(tokens: Tokens, found: _Found) -> bool:
    return all(word.capital for word in tokens.words[found.first : found.last + 1])


def _capital_among_small(tokens: Tokens, found: _Found) -> bool:
    """Whether the level is in capitals and neither the text nor the next word is."""
    others = [word for place, word in enumerate(tokens.words) if not found.first <= place <= found.last]
    following = tokens.words[found.last + 1] if found.last + 1 < len(tokens.words) else None
    runs_on = following is not None and following.capital and not _STRONG.search(following.before)
    small = any(not word.capital for word in others if word.text.isalpha())
    return _is_capital(tokens, found) and small and not runs_on


def _beside_figures(tokens: Tokens, found: _Found) -> bool:
    """Whether the level follows a number at the end, or a number follows it at the beginning."""
    words = tokens.words
    if found.last == len(words) - 1:
        return bool(found.first) and words[found.first - 1].text.isdigit()
    return not found.first and words[found.last + 1].text.isdigit()


def _underlined(between: str) -> bool:
    return "_" in between


def _capital_before(tokens: Tokens, found: _Found) -> bool:
    """Whether the word before is in capitals too and part of the same phrase: `BẢO MẬT`, not `UBND - MẬT`."""
    if not found.first or _STRONG.search(tokens.words[found.first].before):
        return False
    before = tokens.words[found.first - 1]
    return before.capital and len(before.text) > 1 and not before.text.isdigit()
