"""The account that a person gets for his name (Điều 4 khoản 2 điểm a), and the next one where that is taken."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from gateway.model.directory import Directory, Party, PartyKind, address_key
from gateway.model.wording import PARTY_WORDS

_LONGEST = 40
"""A code of the directory has no more characters."""

_APOSTROPHES = "'’‘ʼʻ′`´"
_HYPHENS = "-‐‑–"
_SILENT = frozenset(f"{_APOSTROPHES}{_HYPHENS}.")
_WITH_STROKE = {"đ": "d", "ð": "d", "ɖ": "d", "ƀ": "b"}
"""Small Đ, the two letters whose capitals print like it, and one of Ê Đê and Gia Rai."""
_FOREIGN = {"ø": "o", "ł": "l", "ß": "ss", "æ": "ae", "œ": "oe", "þ": "th", "ı": "i", "ħ": "h", "ŋ": "n"}

_FORMS_OF_ADDRESS = "ông|bà|anh|chị|cô|chú|bác|thầy|cụ"
_TITLES = (
    r"đồng chí|đ/c|mr|mrs|ms|dr|(?:gs|pgs|tskh|ts|ths|cn|kts|ks|bs|ckii?|ds|ls|cvcc|cvc|cv|gvc|gv|ncs)"
    r"|(?:phó )?(?:tổng )?giám đốc|(?:phó )?(?:trưởng phòng|chánh văn phòng|thủ trưởng|chủ tịch)|chuyên viên"
)
_FIRST_TITLE = re.compile(rf"(?:(?P<form>{_FORMS_OF_ADDRESS})|{_TITLES})(?:[.:]\s*|\s+)(?=\S)", re.IGNORECASE)
_BEFORE_THE_NAME = frozenset({"a", "y", "h", "k"})
"""Among Xơ Đăng, Ba Na, Ê Đê and others these stand before the given name, and a family name may stand last."""


@dataclass(frozen=True, slots=True)
class AccountName:
    """What the rule makes of a name: `base` without the suffix of the agency, `name` as it was understood.

    `notes` are what a person should look at, one Vietnamese sentence each.
    """

    base: str
    name: str
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Account:
    """A free account and its mail address; `clashes` are the accounts before it that were taken."""

    account: str
    address: str
    name: str
    notes: tuple[str, ...]
    clashes: tuple[str, ...]


def account_name(full_name: str) -> AccountName:
    """The first letters of family and middle names, then the given name whole: small letters, no marks, no blanks.

    Raises ValueError, in Vietnamese, where what is written is no full name.
    """
    text = _visible(full_name)
    name, notes = _without_titles(text)
    words = re.sub(r"\.(?=[^\s.])", ". ", name).split()
    if not words:
        raise ValueError("chưa có họ tên; hãy ghi đủ họ, chữ đệm và tên, như “Lê Thị Kim Cúc”")
    if words[-1].endswith("."):
        raise ValueError(f"“{words[-1]}” là tên viết tắt; quy chế lấy tên viết đầy đủ, hãy ghi đủ tên")
    letters = [_letters(word) for word in words]
    if len(words) == 1:
        notes.append("họ tên chỉ có một chữ: tài khoản là chữ ấy, không có chữ cái đầu của họ và chữ đệm")
    elif letters[0] in _BEFORE_THE_NAME or any(mark in words[0] for mark in _APOSTROPHES):
        notes.append(f"chữ cuối “{words[-1]}” được lấy làm tên; nếu đó là họ thì hãy ghi lại cho tên đứng cuối")
    foreign = sorted({letter for letter in name.lower() if letter in _FOREIGN})
    if foreign:
        notes.append(f"chữ {', '.join(foreign)} không phải chữ Việt; hãy xem họ tên có sai bảng mã không")
    return AccountName("".join(word[0] for word in letters[:-1]) + letters[-1], " ".join(words), tuple(notes))


def _visible(text: str) -> str:
    """Composed letters, without what is not seen, single blanks."""
    seen = "".join(letter for letter in text if letter.isspace() or not unicodedata.category(letter).startswith("C"))
    return unicodedata.normalize("NFC", " ".join(seen.split()))


def _without_titles(text: str) -> tuple[str, list[str]]:
    """The name after all titles, and what is to be noted of them: some are family names too."""
    dropped, form_before = [], ""
    while found := _FIRST_TITLE.match(text):
        dropped.append(found[0].strip())
        form_before = text if found["form"] else form_before
        text = text[found.end() :]
    if not dropped:
        return text, []
    note = f"đã bỏ “{' '.join(dropped)}” đứng trước họ tên"
    if form_before:
        words = form_before.split()
        note += f"; nếu “{words[0]}” là họ thì tài khoản bắt đầu bằng “{_letters(words[0])[0]}”, hãy tự đặt"
    return text, [note]


def _letters(word: str) -> str:
    """The letters of a word, small and without marks; raises ValueError for what is none."""
    made = []
    for letter in unicodedata.normalize("NFD", word.lower()):
        plain = _WITH_STROKE.get(letter) or _FOREIGN.get(letter) or letter
        if plain.isascii() and plain.isalpha():
            made.append(plain)
        elif letter not in _SILENT and not unicodedata.combining(letter):
            raise ValueError(
                f"“{word}” có “{letter}” không phải chữ cái Latinh; hãy chỉ ghi họ, chữ đệm và tên, "
                "không chức vụ, số, dấu, gõ bằng Unicode"
            )
    if not made:
        raise ValueError(f"“{word}” không phải là chữ; hãy chỉ ghi họ, chữ đệm và tên")
    return "".join(made)


class Accounts:
    """Gives accounts one after another, none that is a code or an address in the directory, none twice.

    Where the account of the rule is taken, the base is followed by 2, 3 and so on. `suffix` is what the agency puts
    after it, `domain` that of its addresses, `mailboxes` are addresses that are nobody's to have.
    """

    def __init__(self, directory: Directory, *, suffix: str, domain: str, mailboxes: Iterable[str] = ()) -> None:
        self._suffix = suffix
        self._domain = domain
        self._owners: dict[str, str] = {}
        for address in mailboxes:
            self._take(address_key(address), "hộp thư chung của cơ quan")
        for party in directory.parties:
            for key in (self._address(party.code), *map(address_key, party.addresses)):
                self._take(key, _owner(party))

    def give(self, full_name: str) -> Account:
        """The account for this name; raises ValueError, in Vietnamese, where there can be none."""
        made = account_name(full_name)
        clashes: list[str] = []
        notes = list(made.notes)
        for account in _numbered(made.base, self._suffix):
            if len(account) > _LONGEST:
                raise ValueError(f"tài khoản {account} dài quá {_LONGEST} chữ; hãy ghi họ tên ngắn hơn")
            address = self._address(account)
            owner = self._owners.get(address)
            if owner is None:
                self._take(address, f"vừa đặt cho {made.name}")
                return Account(account, address, made.name, tuple(notes), tuple(clashes))
            clashes.append(account)
            notes.append(f"{account} đã dùng: {owner}; nếu là cùng một người thì giữ tài khoản ấy, không đặt mới")
        raise AssertionError("numbers do not end")

    def _address(self, account: str) -> str:
        return f"{account}@{self._domain}"

    def _take(self, address: str, owner: str) -> None:
        self._owners.setdefault(address, owner)


def unlike_the_rule(directory: Directory, suffix: str) -> tuple[str, ...]:
    """People whose code is not the account that the rule gives for their name, one Vietnamese line each."""
    return tuple(
        f"{_owner(party)}: {told}"
        for party in directory.parties
        if party.kind is PartyKind.PERSON and (told := _unlike(party, suffix))
    )


def _unlike(party: Party, suffix: str) -> str:
    try:
        base = account_name(party.name).base
    except ValueError as error:
        return f"không đặt được tài khoản theo Điều 4 khoản 2 điểm a: {error}."
    if re.fullmatch(rf"{base}(?:[2-9]|[1-9][0-9]+)?{re.escape(suffix)}", party.code):
        return ""
    return f"mã không phải là tài khoản theo Điều 4 khoản 2 điểm a ({base}{suffix})."


def _numbered(base: str, suffix: str) -> Iterator[str]:
    yield f"{base}{suffix}"
    number = 2
    while True:
        yield f"{base}{number}{suffix}"
        number += 1


def _owner(party: Party) -> str:
    unit = f", {party.parent}" if party.parent else ""
    return f"{PARTY_WORDS[party.kind]} {party.code} ({party.name}{unit})"
